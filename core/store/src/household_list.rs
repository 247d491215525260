//! Lists of households: one query builder behind list, search, count and export.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, FirmId, HouseholdId, WorkerId};

use crate::card::stale;
use crate::column::load;
use crate::conn::Conn;
use crate::gram::{self, Wanted};
use crate::household::{Household, NOUN};
use crate::said::one_of;
use crate::schema::{
    contact_card, division_path, household, household_category, household_member, household_phone, pairing,
    worker,
};
use crate::stop::Stop;
use crate::tx::Tx;

/// Which households a list shows.
#[derive(Clone, Default)]
pub struct Filter {
    /// Rural or urban.
    pub kind: Option<HouseholdKind>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Only paired ones, or only those without an adviser.
    pub paired: Option<bool>,
    /// Only with this category now.
    pub category: Option<Category>,
    /// Only those that this worker looks after now.
    pub worker: Option<WorkerId>,
    /// Only those that this firm looks after now.
    pub firm: Option<FirmId>,
    /// Only those still there, or only those gone.
    pub active: Option<bool>,
    /// Head's name or pinyin.
    pub wanted: Option<Wanted>,
    /// A whole telephone number, normalised.
    pub phone: Option<String>,
    /// Last four digits of a telephone.
    pub tail: Option<String>,
    /// Whole ID numbers, of the head or of a member: one of these.
    pub id_numbers: Vec<String>,
}

/// Whether a household that is joined with its pairing stands within a scope of places or of own rows; for counts of
/// what hangs on households.
macro_rules! within {
    ($scope:expr) => {{
        let places: Vec<Vec<u8>> = $scope.places.iter().flatten().map(|place| place.bytes()).collect();
        let me = $scope.mine.map(|me| me.bytes()).unwrap_or_default();
        let below = division_path::table
            .filter(division_path::county_id.eq($scope.county.bytes()))
            .filter(division_path::above_id.eq_any(places))
            .select(division_path::below_id);
        let my_firm = worker::table
            .filter(worker::county_id.eq($scope.county.bytes()))
            .filter(worker::id.eq(me.clone()))
            .select(worker::firm_id);
        household::village_id
            .eq_any(below)
            .or(pairing::worker_id.eq(Some(me)))
            .or(pairing::firm_id.eq_any(my_firm))
    }};
}
pub(crate) use within;

type Boxed = household::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

/// The rows that a scope lets through; every list, search and export begins here. What is only stored is in none.
fn visible(scope: &Scope) -> Boxed {
    let county = scope.county.bytes();
    let mut query = household::table
        .filter(household::county_id.eq(county.clone()))
        .filter(household::staged.eq(false))
        .filter(household::restricted_ms.is_null())
        .into_boxed();
    let below = |places: &[DivisionId]| {
        division_path::table
            .filter(division_path::county_id.eq(scope.county.bytes()))
            .filter(division_path::above_id.eq_any(places.iter().map(|p| p.bytes()).collect::<Vec<_>>()))
            .select(division_path::below_id)
    };
    match (&scope.places, scope.mine) {
        (None, _) => {}
        (Some(places), None) => query = query.filter(household::village_id.eq_any(below(places))),
        (Some(places), Some(me)) => {
            let mine = looked_after(scope.county, me);
            query = query.filter(household::village_id.eq_any(below(places)).or(household::id.eq_any(mine)));
        }
    }
    query
}

/// Households that a worker looks after now, in person or through the firm. The firm is a sub-query of its own, so that
/// either way has an index.
#[diesel::dsl::auto_type]
pub(crate) fn looked_after(county: CountyId, me: WorkerId) -> _ {
    let county_bytes: Vec<u8> = county.bytes();
    let county_again: Vec<u8> = county.bytes();
    let my_id: Vec<u8> = me.bytes();
    let my_id_again: Vec<u8> = me.bytes();
    let my_firm = worker::table
        .filter(worker::county_id.eq(county_again))
        .filter(worker::id.eq(my_id_again))
        .select(worker::firm_id);
    pairing::table
        .filter(pairing::county_id.eq(county_bytes))
        .filter(pairing::to_date.is_null())
        .filter(pairing::worker_id.eq(my_id).or(pairing::firm_id.eq_any(my_firm)))
        .select(pairing::household_id)
}

/// One household, if the scope lets it through.
///
/// # Errors
/// `not_found` where it is not there or not for this scope: the two look the same.
pub fn one(tx: &mut Tx<'_>, scope: &Scope, id: HouseholdId) -> Result<Household, Stop> {
    let query = visible(scope).filter(household::id.eq(id.bytes()));
    let found = load!(Household, query, tx)?;
    found.into_iter().next().ok_or_else(|| Refusal::absent().into())
}

/// Those of these households that are in sight, in no order.
///
/// # Errors
/// The database's own.
pub fn among(tx: &mut Tx<'_>, scope: &Scope, ids: &[HouseholdId]) -> Result<Vec<Household>, Stop> {
    let query = visible(scope).filter(one_of(household::id, ids.iter().map(|id| id.bytes()).collect()));
    load!(Household, query, tx)
}

/// A page of households in pinyin order; of a search by name, in order of id.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Household>, Stop> {
    if let Some(wanted) = &filter.wanted {
        return search(tx, scope, filter, wanted, window);
    }
    let mut query = filtered(tx, scope, filter);
    if let Some(after) = &window.after {
        let (key, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        let later = household::sort_key.gt(key.clone()).or(household::id.gt(id));
        query = query.filter(household::sort_key.ge(key).and(later));
    }
    let query = query.order((household::sort_key, household::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Household, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.sort_key.clone(), id: row.id.uuid() }))
}

/// Walks the name index in order of id until the page is full, so that a name which thousands bear costs
/// no more than a rare one.
fn search(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    wanted: &Wanted,
    window: &Window,
) -> Result<Page<Household>, Stop> {
    const STEP: i64 = 400;
    let most = usize::from(window.limit) + 1;
    let mut after = window.after.as_ref().map(|mark| mark.id.as_bytes().to_vec());
    let mut rows: Vec<Household> = Vec::new();
    while rows.len() < most {
        let ids = gram::search(tx, scope.county, NOUN, wanted, after.as_deref(), STEP)?;
        let last = (ids.len() as i64) < STEP;
        after = ids.last().cloned();
        let query = filtered(tx, scope, filter).filter(household::id.eq_any(ids));
        let query = query.order(household::id).limit(most as i64);
        rows.extend(load!(Household, query, tx)?);
        if last {
            break;
        }
    }
    Ok(Page::cut(rows, window, |row| Mark { key: String::new(), id: row.id.uuid() }))
}

/// Every household of a county, staged ones left out, in order of id.
///
/// # Errors
/// The database's own.
pub fn every(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Household>, Stop> {
    let query = visible(&Scope::whole(county)).order(household::id);
    load!(Household, query, tx)
}

/// A page of the households that the filter finds, by village and pinyin; with `cards` only those whose printed card
/// names another provider than they have now.
///
/// # Errors
/// `page.cursor` for a mark of another list.
pub fn by_village(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    cards: bool,
    window: &Window,
) -> Result<Page<Household>, Stop> {
    let mut query = filtered(tx, scope, filter);
    if cards {
        query = query.filter(household::id.eq_any(stale!(scope.county).select(contact_card::household_id)));
    }
    if let Some(after) = &window.after {
        let (village, key) = after.key.split_once('/').ok_or_else(|| Refusal::new("page.cursor"))?;
        let village: DivisionId = village.parse().map_err(|_| Refusal::new("page.cursor"))?;
        let (key, id) = (key.to_owned(), after.id.as_bytes().to_vec());
        let later =
            household::sort_key.gt(key.clone()).or(household::sort_key.eq(key).and(household::id.gt(id)));
        let same = household::village_id.eq(village.bytes()).and(later);
        query = query.filter(household::village_id.gt(village.bytes()).or(same));
    }
    let order = (household::village_id, household::sort_key, household::id);
    let query = query.order(order).limit(i64::from(window.limit) + 1);
    let rows = load!(Household, query, tx)?;
    let mark =
        |row: &Household| Mark { key: format!("{}/{}", row.village_id, row.sort_key), id: row.id.uuid() };
    Ok(Page::cut(rows, window, mark))
}

/// The first households that the filter finds, by village and pinyin, at most `most`.
///
/// # Errors
/// The database's own.
pub fn first(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, most: usize) -> Result<Vec<Household>, Stop> {
    let order = (household::village_id, household::sort_key, household::id);
    let query = filtered(tx, scope, filter).order(order).limit(most as i64);
    load!(Household, query, tx)
}

/// How many households the filter finds.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter) -> Result<i64, Stop> {
    Ok(filtered(tx, scope, filter).count().get_result(tx.conn)?)
}

fn filtered(tx: &Tx<'_>, scope: &Scope, filter: &Filter) -> Boxed {
    let county = || scope.county.bytes();
    let mut query = visible(scope);
    if let Some(kind) = filter.kind {
        query = query.filter(household::kind.eq(kind.code()));
    }
    if let Some(active) = filter.active {
        query = query.filter(household::active.eq(active));
    }
    if let Some(place) = filter.place {
        let below = division_path::table
            .filter(division_path::county_id.eq(county()))
            .filter(division_path::above_id.eq(place.bytes()))
            .select(division_path::below_id);
        query = query.filter(household::village_id.eq_any(below));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(household::id.eq_any(looked_after(scope.county, worker)));
    }
    if let Some(firm) = filter.firm {
        let by_firm = pairing::table
            .filter(pairing::county_id.eq(county()))
            .filter(pairing::to_date.is_null())
            .filter(pairing::firm_id.eq(firm.bytes()))
            .select(pairing::household_id);
        query = query.filter(household::id.eq_any(by_firm));
    }
    if let Some(paired) = filter.paired {
        let current = pairing::table
            .filter(pairing::county_id.eq(county()))
            .filter(pairing::to_date.is_null())
            .select(pairing::household_id);
        query = match paired {
            true => query.filter(household::id.eq_any(current)),
            false => query.filter(household::id.ne_all(current)),
        };
    }
    if let Some(category) = filter.category {
        let tag = tx.blind(scope.county, "category", category.code());
        let held = crate::category::holding(scope.county, tx.now.date())
            .filter(household_category::category_tag.eq(tag))
            .select(household_category::household_id);
        query = query.filter(household::id.eq_any(held));
    }
    by_number(tx, scope.county, filter, query)
}

/// Numbers are found through their blind indexes only.
fn by_number(tx: &Tx<'_>, county: CountyId, filter: &Filter, mut query: Boxed) -> Boxed {
    if !filter.id_numbers.is_empty() {
        let index = |number: &String| crate::household::id_index(tx, county, number);
        let indexes: Vec<Vec<u8>> = filter.id_numbers.iter().map(index).collect();
        let today = tx.now.date().to_string();
        let with = household_member::table
            .filter(household_member::county_id.eq(county.bytes()))
            .filter(household_member::id_index.eq_any(indexes.clone()))
            .filter(household_member::to_date.is_null().or(household_member::to_date.gt(today)))
            .select(household_member::household_id);
        query = query.filter(household::id_index.eq_any(indexes).or(household::id.eq_any(with)));
    }
    if let Some(phone) = &filter.phone {
        let with = household_phone::table
            .filter(household_phone::county_id.eq(county.bytes()))
            .filter(household_phone::phone_index.eq(tx.blind(county, "phone", phone)))
            .select(household_phone::household_id);
        query = query.filter(household::id.eq_any(with));
    }
    if let Some(tail) = &filter.tail {
        let with = household_phone::table
            .filter(household_phone::county_id.eq(county.bytes()))
            .filter(household_phone::tail_index.eq(tx.blind(county, "tail", tail)))
            .select(household_phone::household_id);
        query = query.filter(household::id.eq_any(with));
    }
    query
}

/// Households whose head's name holds `text`, found by looking at every name: what the name index is measured
/// against.
///
/// # Errors
/// The database's own.
pub fn scan_names(tx: &mut Tx<'_>, county: CountyId, text: &str, limit: i64) -> Result<usize, Stop> {
    let query = visible(&Scope::whole(county)).filter(household::head_name.like(format!("%{text}%")));
    let ids: Vec<Vec<u8>> = query.select(household::id).limit(limit).load(tx.conn)?;
    Ok(ids.len())
}
