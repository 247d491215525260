//! Plans and their rows, staged in batches; `plan_effect` puts them into effect.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::directory::HouseholdKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Date;
use falin_domain::words::{
    AccountId, CountyId, DivisionId, FirmId, HouseholdId, Id, PairingId, PlanId, WorkerId,
};

use crate::column::{Column, kept, load, noun};
use crate::conn::Conn;
use crate::gram::{self, Wanted};
use crate::household;
use crate::schema::{plan, plan_row};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A pairing plan or a leaver's handover.
    Plan in plan {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PlanId,
        /// `pairing` or `handover`.
        kind: String,
        /// `staging`, `draft`, `committed` or `undone`.
        state: String,
        /// Only households of this place; None for the county.
        place_id: Option<DivisionId>,
        /// Who leaves, for a handover.
        leaver_id: Option<WorkerId>,
        /// Day on which it takes effect.
        effective_on: Date,
        /// JSON of its figures.
        summary: String,
        /// Hash of everything that it was made from.
        fingerprint: Vec<u8>,
        /// Who made it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it took effect.
        committed_ms: Option<i64>,
        /// When it was undone.
        undone_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Plan in plan by PlanId);

noun! {
    /// One household that the plan changes or cannot place.
    PlanRow in plan_row {
        /// County.
        county_id: CountyId,
        /// The plan.
        plan_id: PlanId,
        /// The household.
        household_id: HouseholdId,
        /// Rural or urban.
        household_kind: HouseholdKind,
        /// Its village.
        village_id: DivisionId,
        /// Its span when the plan was made.
        old_pairing_id: Option<PairingId>,
        /// Provider of that span, where it is a person.
        old_worker_id: Option<WorkerId>,
        /// Provider of that span, where it is a firm.
        old_firm_id: Option<FirmId>,
        /// New provider, where it is a person.
        worker_id: Option<WorkerId>,
        /// New provider, where it is a firm.
        firm_id: Option<FirmId>,
        /// Id of the span that commit will begin.
        pairing_id: PairingId,
        /// Id of the span that undo would begin.
        undo_pairing_id: PairingId,
        /// Why it has no provider.
        unplaced_reason: Option<String>,
        /// Why a person chose another provider.
        override_reason: Option<String>,
    }
}

/// The state of a plan of which not every row is there yet: nobody sees it.
pub const STAGING: &str = "staging";

/// Plans that are whole, newest first.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    kind: Option<&str>,
    state: Option<&str>,
    window: &Window,
) -> Result<Page<Plan>, Stop> {
    let mut query =
        plan::table.filter(plan::county_id.eq(county.bytes())).filter(plan::state.ne(STAGING)).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(plan::kind.eq(kind.to_owned()));
    }
    if let Some(state) = state {
        query = query.filter(plan::state.eq(state.to_owned()));
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(plan::created_ms.le(ms).and(plan::created_ms.lt(ms).or(plan::id.lt(id))));
    }
    let query = query.order((plan::created_ms.desc(), plan::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Plan, query, tx)?;
    Ok(Page::cut(rows, window, |p| Mark { key: p.created_ms.to_string(), id: p.id.uuid() }))
}

/// Which plan of its kind each of a county is, counted from its first; a county makes one for each that leaves, some
/// dozens in a year.
///
/// # Errors
/// The database's own.
pub fn numbers(tx: &mut Tx<'_>, county: CountyId) -> Result<HashMap<PlanId, i64>, Stop> {
    let all: Vec<(Vec<u8>, String)> = plan::table
        .filter(plan::county_id.eq(county.bytes()))
        .filter(plan::state.ne(STAGING))
        .order((plan::created_ms, plan::id))
        .select((plan::id, plan::kind))
        .load(tx.conn)?;
    let mut made = HashMap::<String, i64>::new();
    let each = |(id, kind): (Vec<u8>, String)| {
        let number = made.entry(kind).or_default();
        *number += 1;
        Ok((Id::back(id)?, *number))
    };
    all.into_iter().map(each).collect()
}

/// The county of a plan, for a command that is given nothing but the plan's id.
///
/// # Errors
/// The database's own.
pub fn county_of(tx: &mut Tx<'_>, id: PlanId) -> Result<Option<CountyId>, Stop> {
    let row = plan::table.filter(plan::id.eq(id.bytes())).filter(plan::state.ne(STAGING));
    let found: Option<Vec<u8>> = row.select(plan::county_id).first(tx.conn).optional()?;
    found.map(Id::back).transpose()
}

/// Adds rows to a plan that is being staged, all of them new.
///
/// # Errors
/// [`Stop::Rule`] where the plan has a row of one of these households; else the database's own.
pub fn stage(tx: &mut Tx<'_>, rows: &[PlanRow]) -> Result<(), Stop> {
    let values: Vec<_> = rows.iter().map(PlanRow::values).collect();
    let insert = diesel::insert_into(plan_row::table).values(values);
    // A statement of many rows is only written for one database at a time.
    match tx.conn {
        Conn::Sqlite(conn) => insert.execute(conn)?,
        Conn::Postgres(conn) => insert.execute(conn)?,
    };
    Ok(())
}

/// Removes plans whose staging was cut off before `before_ms`, with their rows.
///
/// # Errors
/// The database's own.
pub fn drop_cut_off(tx: &mut Tx<'_>, county: CountyId, before_ms: i64) -> Result<usize, Stop> {
    let cut_off = plan::table
        .filter(plan::county_id.eq(county.bytes()))
        .filter(plan::state.eq(STAGING))
        .filter(plan::created_ms.lt(before_ms));
    let ids: Vec<Vec<u8>> = cut_off.select(plan::id).load(tx.conn)?;
    for id in &ids {
        let rows =
            plan_row::table.filter(plan_row::county_id.eq(county.bytes())).filter(plan_row::plan_id.eq(id));
        diesel::delete(rows).execute(tx.conn)?;
        diesel::delete(plan::table.find((county.bytes(), id))).execute(tx.conn)?;
    }
    Ok(ids.len())
}

/// Most names that a search within a plan looks through.
const MOST_FOUND: i64 = 2_000;

/// Which rows of a plan a page shows.
#[derive(Clone, Default)]
pub struct RowFilter {
    /// Only this household.
    pub household: Option<HouseholdId>,
    /// Only of this village.
    pub village: Option<DivisionId>,
    /// Only to this person.
    pub worker: Option<WorkerId>,
    /// Only to this firm.
    pub firm: Option<FirmId>,
    /// Only those with a new provider.
    pub placed: bool,
    /// Only those without a provider.
    pub unplaced: bool,
    /// Only those that a person placed.
    pub overridden: bool,
    /// Name of the head or its pinyin.
    pub wanted: Option<Wanted>,
}

/// Rows of a plan in order of household.
///
/// # Errors
/// The database's own.
pub fn rows(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: PlanId,
    filter: &RowFilter,
    window: &Window,
) -> Result<Page<PlanRow>, Stop> {
    let mut query = plan_row::table
        .filter(plan_row::county_id.eq(county.bytes()))
        .filter(plan_row::plan_id.eq(id.bytes()))
        .into_boxed();
    if let Some(household) = filter.household {
        query = query.filter(plan_row::household_id.eq(household.bytes()));
    }
    if let Some(village) = filter.village {
        query = query.filter(plan_row::village_id.eq(village.bytes()));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(plan_row::worker_id.eq(worker.bytes()));
    }
    if let Some(firm) = filter.firm {
        query = query.filter(plan_row::firm_id.eq(firm.bytes()));
    }
    if filter.placed {
        query = query.filter(plan_row::unplaced_reason.is_null());
    }
    if filter.unplaced {
        query = query.filter(plan_row::unplaced_reason.is_not_null());
    }
    if filter.overridden {
        query = query.filter(plan_row::override_reason.is_not_null());
    }
    if let Some(wanted) = &filter.wanted {
        let ids = gram::search(tx, county, household::NOUN, wanted, None, MOST_FOUND)?;
        query = query.filter(plan_row::household_id.eq_any(ids));
    }
    if let Some(after) = &window.after {
        query = query.filter(plan_row::household_id.gt(after.id.as_bytes().to_vec()));
    }
    let query = query.order(plan_row::household_id).limit(i64::from(window.limit) + 1);
    let rows = load!(PlanRow, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: String::new(), id: row.household_id.uuid() }))
}

/// Names of the heads of these households, but for those that are only stored.
///
/// # Errors
/// The database's own.
pub fn heads(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, String>, Stop> {
    use crate::schema::household as row;
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes()).collect();
    let query = row::table.filter(row::county_id.eq(county.bytes())).filter(row::id.eq_any(ids));
    let query = query.filter(row::restricted_ms.is_null());
    let found: Vec<(Vec<u8>, String)> = query.select((row::id, row::head_name)).load(tx.conn)?;
    found.into_iter().map(|(id, head)| Ok((Id::back(id)?, head))).collect()
}

/// Every row of a plan, in order of household, for the check before commit.
///
/// # Errors
/// The database's own.
pub fn all_rows(tx: &mut Tx<'_>, county: CountyId, id: PlanId) -> Result<Vec<PlanRow>, Stop> {
    let query = plan_row::table
        .filter(plan_row::county_id.eq(county.bytes()))
        .filter(plan_row::plan_id.eq(id.bytes()))
        .order(plan_row::household_id);
    load!(PlanRow, query, tx)
}

/// The row of one household.
///
/// # Errors
/// The database's own.
pub fn row_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: PlanId,
    household: HouseholdId,
) -> Result<Option<PlanRow>, Stop> {
    let query = plan_row::table.find((county.bytes(), id.bytes(), household.bytes()));
    let row = query.select(PlanRow::COLUMNS).first(tx.conn).optional()?;
    row.map(PlanRow::from_row).transpose()
}

/// Writes a row that a person changed, new or in place of the old one.
///
/// # Errors
/// The database's own.
pub fn put_row(tx: &mut Tx<'_>, row: &PlanRow) -> Result<(), Stop> {
    let place = plan_row::table.find((row.county_id.bytes(), row.plan_id.bytes(), row.household_id.bytes()));
    let set = (
        plan_row::worker_id.eq(row.worker_id.map(Id::bytes)),
        plan_row::firm_id.eq(row.firm_id.map(Id::bytes)),
        plan_row::unplaced_reason.eq(row.unplaced_reason.clone()),
        plan_row::override_reason.eq(row.override_reason.clone()),
    );
    if diesel::update(place).set(set).execute(tx.conn)? == 0 {
        diesel::insert_into(plan_row::table).values(row.values()).execute(tx.conn)?;
    }
    Ok(())
}

/// Takes a row out: the household keeps what it has.
///
/// # Errors
/// The database's own.
pub fn drop_row(tx: &mut Tx<'_>, county: CountyId, id: PlanId, household: HouseholdId) -> Result<(), Stop> {
    let place = plan_row::table.find((county.bytes(), id.bytes(), household.bytes()));
    diesel::delete(place).execute(tx.conn)?;
    Ok(())
}

/// Households of a village that go the same way in a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// The village.
    pub village: DivisionId,
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// To this person.
    pub worker: Option<WorkerId>,
    /// To this firm.
    pub firm: Option<FirmId>,
    /// Why to nobody.
    pub unplaced_reason: Option<String>,
    /// How many.
    pub households: i64,
}

/// A plan's rows counted by village, kind, new provider and reason.
///
/// # Errors
/// The database's own.
pub fn flows(tx: &mut Tx<'_>, county: CountyId, id: PlanId) -> Result<Vec<Flow>, Stop> {
    use plan_row as row;
    type Found = (Vec<u8>, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<String>, i64);
    let rows: Vec<Found> = row::table
        .filter(row::county_id.eq(county.bytes()))
        .filter(row::plan_id.eq(id.bytes()))
        .group_by((row::village_id, row::household_kind, row::worker_id, row::firm_id, row::unplaced_reason))
        .select((
            row::village_id,
            row::household_kind,
            row::worker_id,
            row::firm_id,
            row::unplaced_reason,
            diesel::dsl::count_star(),
        ))
        .load(tx.conn)?;
    let flow = |(village, kind, worker, firm, unplaced_reason, households): Found| {
        Ok(Flow {
            village: Id::back(village)?,
            kind: Column::back(kind)?,
            worker: Column::back(worker)?,
            firm: Column::back(firm)?,
            unplaced_reason,
            households,
        })
    };
    rows.into_iter().map(flow).collect()
}
