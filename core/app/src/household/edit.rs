//! Adding and changing a household from what a form or a program says of it.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::{Category, DivisionLevel, HouseholdKind};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::Window;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{
    AccountId, DivisionCode, DivisionId, GridId, HouseholdId, IdPaper, PersonName, Phone,
};
use falin_store::db::In;
use falin_store::household::{self, Clear};
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::{Tx, pairing};

use crate::{App, Stop, division};

/// Most characters of an address or a remark.
const LONGEST: usize = 500;

/// What somebody says of a household. None leaves a value as it is, an empty text takes it away.
#[derive(Clone, Default)]
pub struct Edit {
    /// `rural` or `urban`; of a new household otherwise as its village is.
    pub kind: Option<String>,
    /// Id or code of the village.
    pub village: Option<String>,
    /// Grid id.
    pub grid: Option<String>,
    /// Name of the head.
    pub head_name: Option<String>,
    /// ID number of the head.
    pub id_number: Option<String>,
    /// Telephones, separated.
    pub phones: Option<String>,
    /// Address below the village.
    pub address: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// Category codes.
    pub categories: Option<Vec<String>>,
}

/// Adds a household.
///
/// # Errors
/// `form.invalid` with the fields; `household.duplicate` where the ID number is on file.
pub async fn add(app: &App, visitor: &Visitor, edit: Edit) -> Result<HouseholdId, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let (account, today) = (visitor.account, app.today());
    let work = move |tx: &mut Tx<'_>| {
        let clear = parse(tx, &scope, &edit, None, today)?;
        unique(tx, &scope, &clear, None)?;
        let id = household::add(tx, scope.county, &clear, None)?;
        saved(tx, &scope, account, id)?;
        Ok(id)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Changes a household from the version that the form showed.
///
/// # Errors
/// As [`add`]; `state.changed` where it has moved on.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    version: i64,
    edit: Edit,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let (account, today) = (visitor.account, app.today());
    let work = move |tx: &mut Tx<'_>| {
        let mut row = household_list::one(tx, &scope, id)?;
        let before = household::open(tx, &row)?;
        let clear = parse(tx, &scope, &edit, Some(&before), today)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        unique(tx, &scope, &clear, Some(id))?;
        household::change(tx, &mut row, &clear)?;
        saved(tx, &scope, account, id)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Notes that a household has moved away or died out; its pairing ends the same day.
///
/// # Errors
/// `not_found`; `state.changed`; `action.not_allowed` where it has left already.
pub async fn leave(app: &App, visitor: &Visitor, id: HouseholdId, version: i64) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = household_list::one(tx, &scope, id)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if !row.active {
            return Err(Refusal::new("action.not_allowed").into());
        }
        (row.active, row.left_on) = (false, Some(tx.now.date()));
        row.save(tx)?;
        pairing::end(tx, scope.county, id, "moved")?;
        tx.bump(scope.county, pairing::NOUN)?;
        tx.bump(scope.county, household::NOUN)?;
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::HouseholdLeft,
            reason: Reason::Person,
            subject: Some((household::NOUN, id.bytes())),
            details: serde_json::json!({}),
        })
    };
    app.db.write(In::County(visitor.county), work).await
}

fn saved(tx: &mut Tx<'_>, scope: &Scope, account: Option<AccountId>, id: HouseholdId) -> Result<(), Stop> {
    tx.bump(scope.county, household::NOUN)?;
    tx.record(Entry {
        county: scope.county,
        account,
        event: Event::HouseholdSaved,
        reason: Reason::Person,
        subject: Some((household::NOUN, id.bytes())),
        details: serde_json::json!({}),
    })
}

fn unique(tx: &mut Tx<'_>, scope: &Scope, clear: &Clear, but: Option<HouseholdId>) -> Result<(), Stop> {
    let Some(number) = &clear.id_number else {
        // A household that is there already is not taken for a namesake of its village.
        return if but.is_none() { crate::restriction::home_free(tx, scope.county, clear) } else { Ok(()) };
    };
    crate::restriction::number_free(tx, scope.county, number, &clear.head_name)?;
    let filter = Filter { id_numbers: vec![number.clone()], active: Some(true), ..Filter::default() };
    let whole = Scope::whole(scope.county);
    let found = household_list::page(tx, &whole, &filter, &Window::default())?;
    match found.items.iter().any(|row| Some(row.id) != but) {
        true => Err(Refusal::new("household.duplicate").into()),
        false => Ok(()),
    }
}

/// What the household shall be, with every fault at its field.
fn parse(
    tx: &mut Tx<'_>,
    scope: &Scope,
    edit: &Edit,
    before: Option<&Clear>,
    today: Date,
) -> Result<Clear, Stop> {
    let mut faults = Faults::default();
    let village = village(tx, scope, edit, before, &mut faults)?;
    let kind = match edit.kind.as_deref() {
        Some(code) => faults.at("kind", HouseholdKind::from_code(code).ok_or("required")),
        None => before.map(|known| known.kind).or(village.map(|(_, kind)| kind)),
    };
    let head = match edit.head_name.as_deref() {
        Some(text) => {
            let name = PersonName::parse(text).map_err(|error| error.code());
            faults.at("head_name", name).map(|name| name.as_str().to_owned())
        }
        None => faults.at("head_name", before.map(|known| known.head_name.clone()).ok_or("required")),
    };
    let id_number = kept(&edit.id_number, before.and_then(|known| known.id_number.clone()), |text| {
        let number = IdPaper::parse(text, today).map_err(|error| error.code());
        faults.at("id_number", number).map(|number| number.as_str().to_owned())
    });
    let phones = match edit.phones.as_deref() {
        None => before.map(|known| known.phones.clone()).unwrap_or_default(),
        Some(text) => {
            let list = faults.at("phones", Phone::parse_list(text).map_err(|error| error.code()));
            list.unwrap_or_default().iter().map(|phone| phone.as_str().to_owned()).collect()
        }
    };
    let address = kept(&edit.address, before.and_then(|known| known.address.clone()), |text| {
        faults.short("address", text)
    });
    let note =
        kept(&edit.note, before.and_then(|known| known.note.clone()), |text| faults.short("note", text));
    let categories = categories(edit, before, &mut faults);
    let grid_id = match edit.grid.as_deref() {
        None => before.and_then(|known| known.grid_id),
        Some(text) => text.parse::<GridId>().ok(),
    };
    match (kind, village, head) {
        (Some(kind), Some((village_id, _)), Some(head_name)) if faults.0.is_empty() => Ok(Clear {
            kind,
            village_id,
            grid_id,
            head_name,
            id_number,
            phones,
            address,
            note,
            provider_hint: before.and_then(|known| known.provider_hint.clone()),
            categories,
        }),
        _ => Err(Refusal::form(faults.0).into()),
    }
}

/// The value as it was, taken away, or as the text says.
fn kept(
    text: &Option<String>,
    before: Option<String>,
    parse: impl FnOnce(&str) -> Option<String>,
) -> Option<String> {
    match text.as_deref().map(str::trim) {
        None => before,
        Some("") => None,
        Some(text) => parse(text),
    }
}

/// The village with the kind of household that lives there; only where the visitor may act.
fn village(
    tx: &mut Tx<'_>,
    scope: &Scope,
    edit: &Edit,
    before: Option<&Clear>,
    faults: &mut Faults,
) -> Result<Option<(DivisionId, HouseholdKind)>, Stop> {
    let Some(text) = edit.village.as_deref() else {
        let known = before.map(|known| (known.village_id, known.kind));
        return Ok(faults.at("village", known.ok_or("required")));
    };
    let found = division::find(tx, scope.county, text)?.filter(|found| found.level == DivisionLevel::Village);
    let Some(found) = found else {
        let code = if text.trim().is_empty() { "required" } else { "village.unknown" };
        return Ok(faults.at("village", Err(code)));
    };
    for place in scope.places.iter().flatten() {
        if falin_store::division::below(tx, scope.county, *place)?.contains(&found.id) {
            return Ok(Some((found.id, kind_of(&found))));
        }
    }
    let everywhere = scope.places.is_none();
    Ok(faults.at("village", everywhere.then(|| (found.id, kind_of(&found))).ok_or("village.unknown")))
}

fn kind_of(village: &falin_store::division::Division) -> HouseholdKind {
    let code = village.code.as_deref().and_then(|code| DivisionCode::parse(code).ok());
    let rural = code.map_or(village.name.ends_with('村'), |code| code.is_rural_village());
    if rural { HouseholdKind::Rural } else { HouseholdKind::Urban }
}

fn categories(edit: &Edit, before: Option<&Clear>, faults: &mut Faults) -> Vec<Category> {
    let Some(codes) = &edit.categories else {
        return before.map(|known| known.categories.clone()).unwrap_or_default();
    };
    let mut categories = Vec::new();
    for code in codes.iter().filter(|code| !code.is_empty()) {
        categories.extend(faults.at("categories", Category::from_code(code).ok_or("category.unknown")));
    }
    categories.sort_unstable();
    categories.dedup();
    categories
}

/// Faults found so far, in the form's order.
#[derive(Default)]
pub(super) struct Faults(Vec<FieldError>);

impl Faults {
    /// The value, or None with its fault noted.
    pub(super) fn at<T>(&mut self, field: &str, found: Result<T, &str>) -> Option<T> {
        found.map_err(|code| self.0.push(FieldError::new(field, code))).ok()
    }

    /// Refuses the form where there is any.
    pub(super) fn done(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::form(self.0)) }
    }

    fn short(&mut self, field: &str, text: &str) -> Option<String> {
        if text.chars().count() <= LONGEST {
            return Some(text.to_owned());
        }
        self.0.push(FieldError::new(field, "too_long").with("max", LONGEST));
        None
    }
}
