//! Households: lists in one's scope, one household with its traces, revealing with a reason, changes.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::{Category, HouseholdKind, codes};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, GridId, HouseholdId, IdNumber, PersonName, Phone};
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::household::{self, Clear, DatedCategory, Household};
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::pairing::{self, Pairing};
use falin_store::{Tx, firm, worker};

use crate::{App, Stop};

codes! {
    /// Why somebody needs to see sealed fields; the journal keeps the code.
    RevealReason {
        /// To call the household.
        Contact = "contact",
        /// To visit it.
        Visit = "visit",
        /// To check who stands at the window.
        Identity = "identity",
        /// To correct a field.
        Correction = "correction",
        /// For a case in hand.
        Case = "case",
    }
}

/// Who looks after a household, by name.
#[derive(Clone, PartialEq, Debug)]
pub struct Provider {
    /// Worker's or firm's id as text.
    pub id: String,
    /// `lawyer` or `firm`.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// Public telephone.
    pub phone: String,
}

/// A line of the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The household; sealed fields stay sealed.
    pub household: Household,
    /// Name of its village.
    pub village: String,
    /// Who looks after it.
    pub provider: Option<Provider>,
}

/// One household as its page shows it.
#[derive(Clone)]
pub struct View {
    /// The household; sealed fields stay sealed.
    pub household: Household,
    /// Village first, county last.
    pub place: Vec<Division>,
    /// Telephones, masked.
    pub phones: Vec<String>,
    /// ID number, masked.
    pub id_number: Option<String>,
    /// Whether an address is on file.
    pub has_address: bool,
    /// Categories with their dates, newest first.
    pub categories: Vec<DatedCategory>,
    /// Who looks after it.
    pub provider: Option<Provider>,
    /// Everybody who has looked after it, newest first.
    pub history: Vec<(Pairing, Option<Provider>)>,
}

/// What a form or a program says of a household; empty texts are absent values.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Form {
    /// `rural` or `urban`.
    pub kind: String,
    /// Village id.
    pub village: String,
    /// Grid id.
    pub grid: String,
    /// Name of the head.
    pub head_name: String,
    /// ID number of the head.
    pub id_number: String,
    /// Telephones, separated.
    pub phones: String,
    /// Address below the village.
    pub address: String,
    /// Remark.
    pub note: String,
    /// Category codes.
    pub categories: Vec<String>,
}

/// A page of households in the visitor's scope.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Line>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        let page = household_list::page(tx, &scope, &filter, &window)?;
        let ids: Vec<HouseholdId> = page.items.iter().map(|row| row.id).collect();
        let current = pairing::current_of(tx, scope.county, &ids)?;
        let mut items = Vec::with_capacity(page.items.len());
        for household in page.items {
            let village = Division::by_id(tx, scope.county, household.village_id)?.name;
            let provider = match current.get(&household.id) {
                Some(span) => provider(tx, span)?,
                None => None,
            };
            items.push(Line { household, village, provider });
        }
        Ok(Page { items, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many households a filter finds.
///
/// # Errors
/// `access.denied`.
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<i64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    app.db.read(In::County(visitor.county), move |tx| household_list::count(tx, &scope, &filter)).await
}

/// The provider of a span, by name; None where the span names one that is gone.
///
/// # Errors
/// The store's own.
pub fn provider(tx: &mut Tx<'_>, span: &Pairing) -> Result<Option<Provider>, Stop> {
    if let Some(id) = span.worker_id {
        let worker = worker::Worker::by_id(tx, span.county_id, id)?;
        return Ok(Some(Provider {
            id: id.to_string(),
            kind: "lawyer",
            name: worker.name,
            phone: worker.phone,
        }));
    }
    let Some(id) = span.firm_id else { return Ok(None) };
    let firm = firm::Firm::by_id(tx, span.county_id, id)?;
    Ok(Some(Provider { id: id.to_string(), kind: "firm", name: firm.name, phone: firm.phone }))
}

/// One household; that it was opened is journalled within a second.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub async fn one(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<View, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let inside = In::County(scope.county);
    let reading = scope.clone();
    let view = app.db.read(inside, move |tx| view(tx, &reading, id)).await?;
    let (county, account) = (scope.county, visitor.account);
    app.db.post(inside, move |tx| {
        tx.record(Entry {
            county,
            account,
            event: Event::HouseholdRead,
            reason: Reason::Person,
            subject: Some((household::NOUN, id.bytes())),
            details: serde_json::json!({}),
        })
    });
    Ok(view)
}

fn view(tx: &mut Tx<'_>, scope: &Scope, id: HouseholdId) -> Result<View, Stop> {
    let row = household_list::one(tx, scope, id)?;
    let clear = household::open(tx, &row)?;
    let mut history = Vec::new();
    for span in pairing::history(tx, scope.county, id)? {
        let provider = provider(tx, &span)?;
        history.push((span, provider));
    }
    let current = history.iter().find(|(span, _)| span.to_date.is_none());
    let mask = |text: &String| Phone::parse(text).map(|phone| phone.masked()).unwrap_or_default();
    Ok(View {
        place: falin_store::division::line(tx, scope.county, row.village_id)?,
        phones: clear.phones.iter().map(mask).collect(),
        id_number: clear.id_number.as_deref().map(mask_number),
        has_address: clear.address.is_some(),
        categories: household::categories(tx, &row)?,
        provider: current.and_then(|(_, provider)| provider.clone()),
        household: row,
        history,
    })
}

/// First six and last four characters stay: enough to compare with a card, too little to use.
fn mask_number(number: &str) -> String {
    let count = number.chars().count();
    number.chars().enumerate().map(|(i, c)| if i < 6 || i + 4 >= count { c } else { '*' }).collect()
}

/// Everything sealed about a household, in clear, after the journal has kept who asked and why.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn reveal(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    reason: RevealReason,
) -> Result<Clear, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Sealed)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let row = household_list::one(tx, &scope, id)?;
        let clear = household::open(tx, &row)?;
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::HouseholdRevealed,
            reason: Reason::Person,
            subject: Some((household::NOUN, id.bytes())),
            details: serde_json::json!({ "for": reason.code() }),
        })?;
        Ok(clear)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Adds a household.
///
/// # Errors
/// `form.invalid` with the fields; `household.duplicate` where the ID number is on file.
pub async fn add(app: &App, visitor: &Visitor, form: Form) -> Result<HouseholdId, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let clear = parse(&form, app.today())?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        placed(tx, &scope, &clear)?;
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
    form: Form,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let clear = parse(&form, app.today())?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = household_list::one(tx, &scope, id)?;
        placed(tx, &scope, &clear)?;
        unique(tx, &scope, &clear, Some(id))?;
        row.version = version;
        let mut wanted = clear.clone();
        wanted.provider_hint.clone_from(&row.provider_hint);
        household::change(tx, &mut row, &wanted)?;
        saved(tx, &scope, account, id)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Notes that a household has moved away or died out; its pairing ends the same day.
///
/// # Errors
/// `not_found`; `state.changed`.
pub async fn leave(app: &App, visitor: &Visitor, id: HouseholdId, version: i64) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = household_list::one(tx, &scope, id)?;
        row.version = version;
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

fn saved(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<falin_domain::words::AccountId>,
    id: HouseholdId,
) -> Result<(), Stop> {
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

/// A household can only be put where the visitor may act.
fn placed(tx: &mut Tx<'_>, scope: &Scope, clear: &Clear) -> Result<(), Stop> {
    let village = Division::by_id(tx, scope.county, clear.village_id)
        .map_err(|_| Refusal::field("village", "village.unknown"))?;
    let Some(places) = &scope.places else { return Ok(()) };
    for place in places {
        if falin_store::division::below(tx, scope.county, *place)?.contains(&village.id) {
            return Ok(());
        }
    }
    Err(Refusal::field("village", "village.unknown").into())
}

fn unique(tx: &mut Tx<'_>, scope: &Scope, clear: &Clear, but: Option<HouseholdId>) -> Result<(), Stop> {
    let Some(number) = &clear.id_number else { return Ok(()) };
    let filter = Filter { id_number: Some(number.clone()), active: Some(true), ..Filter::default() };
    let whole = Scope::whole(scope.county);
    let found = household_list::page(tx, &whole, &filter, &Window::default())?;
    match found.items.iter().any(|row| Some(row.id) != but) {
        true => Err(Refusal::new("household.duplicate").into()),
        false => Ok(()),
    }
}

/// Parses the form into domain words, with every fault at its field.
fn parse(form: &Form, today: Date) -> Result<Clear, Refusal> {
    let mut faults = Vec::new();
    let kind = HouseholdKind::from_code(&form.kind);
    if kind.is_none() {
        faults.push(FieldError::new("kind", "required"));
    }
    let village = form.village.parse::<DivisionId>();
    if village.is_err() {
        faults.push(FieldError::new("village", "required"));
    }
    let head = PersonName::parse(&form.head_name);
    if let Err(error) = &head {
        faults.push(FieldError::new("head_name", error.code()));
    }
    let number = match form.id_number.trim() {
        "" => None,
        text => match IdNumber::parse(text, today) {
            Ok(number) => Some(number.as_str().to_owned()),
            Err(error) => {
                faults.push(FieldError::new("id_number", error.code()));
                None
            }
        },
    };
    let phones = Phone::parse_list(&form.phones).unwrap_or_else(|error| {
        faults.push(FieldError::new("phones", error.code()));
        Vec::new()
    });
    let mut categories = Vec::new();
    for code in form.categories.iter().filter(|code| !code.is_empty()) {
        match Category::from_code(code) {
            Some(category) => categories.push(category),
            None => faults.push(FieldError::new("categories", "category.unknown")),
        }
    }
    for (name, text) in [("address", &form.address), ("note", &form.note)] {
        if text.chars().count() > 500 {
            faults.push(FieldError::new(name, "too-long").with("max", 500));
        }
    }
    categories.sort_unstable();
    categories.dedup();
    match (kind, village, head) {
        (Some(kind), Ok(village_id), Ok(head)) if faults.is_empty() => Ok(Clear {
            kind,
            village_id,
            grid_id: form.grid.parse::<GridId>().ok(),
            head_name: head.as_str().to_owned(),
            id_number: number,
            phones: phones.iter().map(|phone| phone.as_str().to_owned()).collect(),
            address: filled(&form.address),
            note: filled(&form.note),
            provider_hint: None,
            categories,
        }),
        _ => Err(Refusal::form(faults)),
    }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Turns a search text into a filter: a name, pinyin, or the last four digits of a telephone.
///
/// # Errors
/// `search.digits` for longer numbers: those are searched by [`numbers`], never in a URL.
pub fn search_text(filter: &mut Filter, text: &str) -> Result<(), Refusal> {
    let text = falin_domain::words::half_width(text);
    let run = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if run > 4 {
        return Err(Refusal::new("search.digits"));
    }
    if text.len() == 4 && run == 4 {
        filter.tail = Some(text);
    } else {
        filter.wanted = falin_store::gram::wanted(&text);
    }
    Ok(())
}

/// Turns a whole telephone or ID number into a filter.
///
/// # Errors
/// `form.invalid` where it is neither.
pub fn numbers(filter: &mut Filter, text: &str, today: Date) -> Result<(), Refusal> {
    let text = falin_domain::words::half_width(text);
    if let Ok(number) = IdNumber::parse(&text, today) {
        filter.id_number = Some(number.as_str().to_owned());
    } else if let Ok(phone) = Phone::parse(&text) {
        filter.phone = Some(phone.as_str().to_owned());
    } else {
        return Err(Refusal::field("number", "number.invalid"));
    }
    Ok(())
}
