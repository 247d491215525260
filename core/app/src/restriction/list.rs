//! Wishes for erasure as the county's administrator sees them.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::Relation;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::{RestrictionAct, RestrictionState, four_eyes, is_due};
use falin_domain::words::{AccountId, CountyId, PersonName, RestrictionId};
use falin_store::division::{self, Division};
use falin_store::household::Household;
use falin_store::restriction::{self, InUse, Restriction, Stored};
use falin_store::{In, Tx, account, member, resident};

use crate::{App, Stop};

/// Which wishes a list shows.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Filter {
    /// In this state.
    pub state: Option<RestrictionState>,
    /// Only what may be destroyed today.
    pub due: bool,
}

/// A wish with what it is about.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The row.
    pub row: Restriction,
    /// Head of the household, masked; empty once it is destroyed.
    pub head: String,
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Why, in the county's words; empty where it has said nothing.
    pub reason: String,
    /// Who restricted, proposed and approved; empty where nobody has, and for the operator.
    pub hands: [String; 3],
    /// Whether it may be destroyed today.
    pub due: bool,
    /// The household's cases, oldest first; none in a list.
    pub cases: Vec<Stored>,
    /// What still goes on, which must end before it is restricted; nothing in a list.
    pub in_use: InUse,
    /// Who asked at the own page, masked; None in a list, and where the wish came another way or the account is gone.
    pub asker: Option<Asker>,
    /// Cases about no household that bear its telephone and no ID number: they do not come along, and may be theirs.
    /// None in a list.
    pub by_phone: Vec<Stored>,
    /// What this visitor may do now.
    pub acts: Vec<RestrictionAct>,
}

/// Who asked at the own page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asker {
    /// Name, masked.
    pub name: String,
    /// Relation to the head; None for the head.
    pub relation: Option<Relation>,
    /// How many others belong to the household today.
    pub others: usize,
}

/// A page of wishes, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Shown>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Restriction)?.county;
    let who = visitor.clone();
    let look = move |tx: &mut Tx<'_>| {
        let due = filter.due.then(|| tx.now.date());
        let rows = restriction::page(tx, county, restriction::Filter { state: filter.state, due }, &window)?;
        Ok(Page { items: shown(tx, &who, rows.items)?, next: rows.next })
    };
    app.db.read(In::County(county), look).await
}

/// How many destructions are due in a county, for whoever looks after the house.
///
/// # Errors
/// The store's own.
pub fn due(tx: &mut Tx<'_>, county: CountyId) -> Result<i64, Stop> {
    let due = Some(tx.now.date());
    restriction::count(tx, county, restriction::Filter { state: None, due })
}

/// One wish, with the numbers of the cases that it takes along.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: RestrictionId) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Read, Noun::Restriction)?.county;
    let who = visitor.clone();
    let look = move |tx: &mut Tx<'_>| {
        let row = Restriction::by_id(tx, county, id)?;
        whole(tx, &who, row)
    };
    app.db.read(In::County(county), look).await
}

pub(super) fn whole(tx: &mut Tx<'_>, visitor: &Visitor, row: Restriction) -> Result<Shown, Stop> {
    let (county, household) = (row.county_id, row.household_id);
    let asker = asker(tx, &row)?;
    let shown = shown(tx, visitor, vec![row])?.pop().ok_or_else(Refusal::absent)?;
    Ok(Shown {
        cases: restriction::cases(tx, county, household)?,
        in_use: restriction::in_use(tx, county, household)?,
        by_phone: restriction::by_phone(tx, county, household)?,
        asker,
        ..shown
    })
}

fn asker(tx: &mut Tx<'_>, row: &Restriction) -> Result<Option<Asker>, Stop> {
    let Some(account) = row.asked_by else { return Ok(None) };
    let Some(tie) = resident::of_account(tx, row.county_id, account)? else { return Ok(None) };
    if tie.household_id != row.household_id {
        return Ok(None);
    }
    let today = tx.now.date();
    let members = member::of(tx, row.county_id, row.household_id)?;
    let here = members.iter().filter(|one| one.belongs(today)).count();
    let member = members.iter().find(|one| Some(one.id) == tie.member_id);
    let head = Household::by_id(tx, row.county_id, row.household_id)?.head_name;
    Ok(Some(Asker {
        name: masked(member.map_or(&head, |one| &one.name)),
        relation: member.map(|one| one.relation),
        // The head and the members, but for the one who asked.
        others: if member.is_some_and(|one| !one.belongs(today)) { here + 1 } else { here },
    }))
}

fn masked(name: &str) -> String {
    PersonName::parse(name).map(|name| name.masked()).unwrap_or_default()
}

/// The visitor's county's wishes, with what is said of each asked for at once.
fn shown(tx: &mut Tx<'_>, visitor: &Visitor, rows: Vec<Restriction>) -> Result<Vec<Shown>, Stop> {
    let (county, today) = (visitor.county, tx.now.date());
    let homes: Vec<_> = rows.iter().map(|row| row.household_id).collect();
    let homes = Household::by_ids(tx, county, &homes)?;
    let villages: Vec<_> = homes.values().map(|home| home.village_id).collect();
    let places = division::lines(tx, county, &villages)?;
    let hands = |row: &Restriction| [row.restricted_by, row.proposed_by, row.approved_by];
    let all: Vec<AccountId> = rows.iter().flat_map(hands).flatten().collect();
    let names = account::names(tx, &all)?;
    let name = |id: Option<AccountId>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let each = |row: Restriction| {
        let home = homes.get(&row.household_id).ok_or_else(Refusal::absent)?;
        let due = row.state.holds() && row.due_on.is_some_and(|due| is_due(due, today).is_ok());
        let may = |act: &RestrictionAct| allowed(visitor, &row, due, *act);
        Ok(Shown {
            head: masked(&home.head_name),
            place: places.get(&home.village_id).cloned().unwrap_or_default(),
            reason: row.reason(tx)?,
            hands: hands(&row).map(name),
            due,
            cases: Vec::new(),
            in_use: InUse::default(),
            asker: None,
            by_phone: Vec::new(),
            acts: RestrictionAct::ALL.iter().copied().filter(may).collect(),
            row,
        })
    };
    rows.into_iter().map(each).collect()
}

fn allowed(visitor: &Visitor, row: &Restriction, due: bool, act: RestrictionAct) -> bool {
    let now = row.state.after(act).is_some() && visitor.may(Act::Write, Noun::Restriction);
    now && match act {
        RestrictionAct::Propose => due && visitor.account.is_some(),
        RestrictionAct::Approve => due && four_eyes(row.proposed_by, visitor.account).is_ok(),
        _ => true,
    }
}
