//! Who belongs to a household beside its head, and its categories with their dates: both are spans that a person
//! enters, corrects and ends, under the household's version.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::{Category, Relation};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CategoryId, HouseholdId, IdPaper, MemberId, PersonName};
use falin_store::db::In;
use falin_store::household::{self, DatedCategory, Household};
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::member::{self, Clear, Member};
use falin_store::{Tx, category};

use super::edit::Faults;
use crate::{App, Stop};

/// What somebody says of a member. None leaves a value as it is, an empty text takes it away.
#[derive(Clone, Default)]
pub struct MemberEdit {
    /// Name.
    pub name: Option<String>,
    /// Code of the relation to the head.
    pub relation: Option<String>,
    /// ID number.
    pub id_number: Option<String>,
    /// First day; of a new member otherwise today.
    pub from: Option<String>,
    /// First day on which the person no longer belongs to the household.
    pub to: Option<String>,
}

/// What somebody says of a category's dates.
#[derive(Clone, Default)]
pub struct CategoryEdit {
    /// First day; of a new one otherwise today.
    pub from: Option<String>,
    /// First day on which it no longer holds.
    pub to: Option<String>,
}

/// One change of a household's members or categories.
#[derive(Clone)]
pub enum Belonging {
    /// Somebody came.
    AddMember(MemberEdit),
    /// Something about a member is corrected.
    ChangeMember(MemberId, MemberEdit),
    /// A member left on this day; today where none is said.
    EndMember(MemberId, Option<String>),
    /// A member was entered by mistake.
    RemoveMember(MemberId),
    /// A category began; its code and dates.
    AddCategory(String, CategoryEdit),
    /// A category has other dates.
    ChangeCategory(CategoryId, CategoryEdit),
    /// A category was entered by mistake.
    RemoveCategory(CategoryId),
}

impl Belonging {
    fn event(&self) -> Event {
        match self {
            Self::AddMember(_) => Event::MemberAdded,
            Self::ChangeMember(..) => Event::MemberChanged,
            Self::EndMember(..) => Event::MemberEnded,
            Self::RemoveMember(_) => Event::MemberRemoved,
            Self::AddCategory(..) | Self::ChangeCategory(..) | Self::RemoveCategory(_) => {
                Event::CategoryDated
            }
        }
    }
}

/// Does one change of a household's members or categories, from the version that the form showed.
///
/// # Errors
/// `not_found` for a household, member or category that is not there; `form.invalid` with the fields;
/// `state.changed`; `action.not_allowed` once the household has left; `member.duplicate` where the ID number is on file
/// with a household already; `category.overlap`.
pub async fn belong(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    version: i64,
    change: Belonging,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = household_list::one(tx, &scope, id)?;
        let ready = Ready::parse(tx, &row, &change)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if !row.active {
            return Err(Refusal::new("action.not_allowed").into());
        }
        ready.check(tx, &scope, &row)?;
        row.save(tx)?;
        let subject = ready.apply(tx, &row)?;
        household::index_names(tx, &row)?;
        record(tx, &scope, account, id, change.event(), subject)
    };
    app.db.write(In::County(visitor.county), work).await
}

fn record(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    id: HouseholdId,
    event: Event,
    part: uuid::Uuid,
) -> Result<(), Stop> {
    tx.bump(scope.county, household::NOUN)?;
    tx.record(Entry {
        county: scope.county,
        account,
        event,
        reason: Reason::Person,
        subject: Some((household::NOUN, id.bytes())),
        details: serde_json::json!({ "part": part }),
    })
}

/// A change whose words have become types.
enum Ready {
    AddMember(Clear),
    ChangeMember(Member, Clear),
    RemoveMember(Member),
    AddCategory(Category, Date, Option<Date>),
    ChangeCategory(DatedCategory),
    RemoveCategory(CategoryId),
}

impl Ready {
    fn parse(tx: &mut Tx<'_>, row: &Household, change: &Belonging) -> Result<Self, Stop> {
        Ok(match change {
            Belonging::AddMember(edit) => Self::AddMember(read(tx, edit, None)?),
            Belonging::ChangeMember(id, edit) => {
                let member = one(tx, row, *id)?;
                let before = member::open(tx, &member)?;
                Self::ChangeMember(member, read(tx, edit, Some(&before))?)
            }
            Belonging::EndMember(id, on) => {
                let member = one(tx, row, *id)?;
                let before = member::open(tx, &member)?;
                let on = on.clone().unwrap_or_else(|| tx.now.date().to_string());
                let edit = MemberEdit { to: Some(on), ..MemberEdit::default() };
                Self::ChangeMember(member, read(tx, &edit, Some(&before))?)
            }
            Belonging::RemoveMember(id) => Self::RemoveMember(one(tx, row, *id)?),
            Belonging::AddCategory(code, edit) => {
                let mut faults = Faults::default();
                let category = faults.at("category", Category::from_code(code).ok_or("category.unknown"));
                let dates = dates(&edit.from, &edit.to, (tx.now.date(), None), &mut faults);
                match (category, dates, faults.done()) {
                    (Some(category), Some((from, to)), Ok(())) => Self::AddCategory(category, from, to),
                    (.., faults) => return Err(faults.err().unwrap_or_else(Refusal::absent).into()),
                }
            }
            Belonging::ChangeCategory(id, edit) => {
                let held = held(tx, row, *id)?;
                let mut faults = Faults::default();
                match dates(&edit.from, &edit.to, (held.from_date, held.to_date), &mut faults) {
                    Some((from_date, to_date)) => {
                        Self::ChangeCategory(DatedCategory { from_date, to_date, ..held })
                    }
                    None => return Err(faults.done().err().unwrap_or_else(Refusal::absent).into()),
                }
            }
            Belonging::RemoveCategory(id) => Self::RemoveCategory(held(tx, row, *id)?.id),
        })
    }

    /// What other rows have to say about it.
    fn check(&self, tx: &mut Tx<'_>, scope: &Scope, row: &Household) -> Result<(), Stop> {
        match self {
            Self::AddMember(clear) => alone(tx, scope, row, None, clear),
            Self::ChangeMember(member, clear) => alone(tx, scope, row, Some(member.id), clear),
            Self::AddCategory(category, from, to) => apart(tx, row, None, *category, (*from, *to)),
            Self::ChangeCategory(one) => {
                apart(tx, row, Some(one.id), one.category, (one.from_date, one.to_date))
            }
            Self::RemoveMember(_) | Self::RemoveCategory(_) => Ok(()),
        }
    }

    /// Does it; returns the id of what it was done to.
    fn apply(self, tx: &mut Tx<'_>, row: &Household) -> Result<uuid::Uuid, Stop> {
        Ok(match self {
            Self::AddMember(clear) => member::add(tx, row, &clear)?.uuid(),
            Self::ChangeMember(mut member, clear) => {
                member::change(tx, &mut member, &clear)?;
                member.id.uuid()
            }
            Self::RemoveMember(member) => {
                member::remove(tx, &member)?;
                member.id.uuid()
            }
            Self::AddCategory(category, from, to) => category::add(tx, row, category, from, to)?.uuid(),
            Self::ChangeCategory(one) => {
                category::redate(tx, row, &one)?;
                one.id.uuid()
            }
            Self::RemoveCategory(id) => {
                category::remove(tx, row, id)?;
                id.uuid()
            }
        })
    }
}

fn one(tx: &mut Tx<'_>, row: &Household, id: MemberId) -> Result<Member, Stop> {
    let found = member::of(tx, row.county_id, row.id)?.into_iter().find(|one| one.id == id);
    found.ok_or_else(|| Refusal::absent().into())
}

fn held(tx: &mut Tx<'_>, row: &Household, id: CategoryId) -> Result<DatedCategory, Stop> {
    let found = category::categories(tx, row)?.into_iter().find(|one| one.id == id);
    found.ok_or_else(|| Refusal::absent().into())
}

/// What the member shall be, with every fault at its field.
fn read(tx: &Tx<'_>, edit: &MemberEdit, before: Option<&Clear>) -> Result<Clear, Refusal> {
    let mut faults = Faults::default();
    let today = tx.now.date();
    let name = match edit.name.as_deref() {
        Some(text) => {
            let name = PersonName::parse(text).map_err(|error| error.code());
            faults.at("name", name).map(|name| name.as_str().to_owned())
        }
        None => faults.at("name", before.map(|known| known.name.clone()).ok_or("required")),
    };
    let relation = match edit.relation.as_deref() {
        // A household has one head, and that is not a member beside the head.
        Some(code) => {
            let known = Relation::from_code(code).filter(|one| *one != Relation::Head);
            faults.at("relation", known.ok_or("required"))
        }
        None => faults.at("relation", before.map(|known| known.relation).ok_or("required")),
    };
    let id_number = match edit.id_number.as_deref().map(str::trim) {
        None => before.and_then(|known| known.id_number.clone()),
        Some("") => None,
        Some(text) => {
            let number = IdPaper::parse(text, today).map_err(|error| error.code());
            faults.at("id_number", number).map(|number| number.as_str().to_owned())
        }
    };
    let known = before.map_or((today, None), |known| (known.from_date, known.to_date));
    let dates = dates(&edit.from, &edit.to, known, &mut faults);
    match (name, relation, dates, faults.done()) {
        (Some(name), Some(relation), Some((from_date, to_date)), Ok(())) => {
            Ok(Clear { name, relation, id_number, from_date, to_date })
        }
        (.., faults) => Err(faults.err().unwrap_or_else(Refusal::absent)),
    }
}

/// First day, and first day after the last; what is not said stays, an empty end is taken away.
fn dates(
    from: &Option<String>,
    to: &Option<String>,
    before: (Date, Option<Date>),
    faults: &mut Faults,
) -> Option<(Date, Option<Date>)> {
    let from = match from.as_deref().map(str::trim) {
        None | Some("") => Some(before.0),
        Some(text) => faults.at("from", text.parse().map_err(|_| "date.invalid")),
    };
    let to = match to.as_deref().map(str::trim) {
        None => Some(before.1),
        Some("") => Some(None),
        Some(text) => faults.at("to", text.parse().map(Some).map_err(|_| "date.invalid")),
    };
    let (from, to) = (from?, to?);
    if to.is_some_and(|to| to < from) {
        let _: Option<()> = faults.at("to", Err("date.order"));
        return None;
    }
    Some((from, to))
}

/// A person belongs to one household at a time: as its head or as a member.
fn alone(
    tx: &mut Tx<'_>,
    scope: &Scope,
    row: &Household,
    me: Option<MemberId>,
    clear: &Clear,
) -> Result<(), Stop> {
    let today = tx.now.date();
    let Some(number) = &clear.id_number else { return Ok(()) };
    if clear.to_date.is_some_and(|to| to <= today) {
        return Ok(());
    }
    crate::restriction::number_free(tx, scope.county, number, &clear.name)?;
    let filter = Filter { id_numbers: vec![number.clone()], active: Some(true), ..Filter::default() };
    let found = household_list::page(tx, &Scope::whole(scope.county), &filter, &Window::default())?;
    let index = Some(household::id_index(tx, scope.county, number));
    let elsewhere = found.items.iter().any(|other| other.id != row.id);
    let twice = |other: &Member| Some(other.id) != me && other.id_index == index && other.belongs(today);
    let here = row.id_index == index || member::of(tx, row.county_id, row.id)?.iter().any(twice);
    match elsewhere || here {
        true => Err(Refusal::new("member.duplicate").into()),
        false => Ok(()),
    }
}

/// Spans of one category never overlap.
fn apart(
    tx: &mut Tx<'_>,
    row: &Household,
    me: Option<CategoryId>,
    category: Category,
    (from, to): (Date, Option<Date>),
) -> Result<(), Stop> {
    let meets = |one: &DatedCategory| {
        one.to_date.is_none_or(|end| from < end) && to.is_none_or(|end| one.from_date < end)
    };
    let others = category::categories(tx, row)?;
    let mut others = others.iter().filter(|one| one.category == category && Some(one.id) != me);
    match others.any(meets) {
        true => Err(Refusal::new("category.overlap").into()),
        false => Ok(()),
    }
}
