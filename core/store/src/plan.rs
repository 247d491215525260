//! Plans: staged row by row, put into effect and taken back by set-based statements.

use diesel::prelude::*;
use falin_domain::directory::HouseholdKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{
    AccountId, CountyId, DivisionId, FirmId, HouseholdId, Id, PairingId, PlanId, WorkerId,
};

use crate::column::{kept, load, noun};
use crate::conn::{Conn, literal, run};
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

/// Plans, newest first.
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
    let mut query = plan::table.filter(plan::county_id.eq(county.bytes())).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(plan::kind.eq(kind.to_owned()));
    }
    if let Some(state) = state {
        query = query.filter(plan::state.eq(state.to_owned()));
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(plan::created_ms.lt(ms).or(plan::created_ms.eq(ms).and(plan::id.lt(id))));
    }
    let query = query.order((plan::created_ms.desc(), plan::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Plan, query, tx)?;
    Ok(Page::cut(rows, window, |p| Mark { key: p.created_ms.to_string(), id: p.id.uuid() }))
}

/// Adds rows to a plan that is being staged; a row that is there already stays, so that staging can be
/// resumed.
///
/// # Errors
/// The database's own.
pub fn stage(tx: &mut Tx<'_>, rows: &[PlanRow]) -> Result<(), Stop> {
    for row in rows {
        let key =
            plan_row::table.find((row.county_id.bytes(), row.plan_id.bytes(), row.household_id.bytes()));
        let known: i64 = key.count().get_result(tx.conn)?;
        if known == 0 {
            diesel::insert_into(plan_row::table).values(row.values()).execute(tx.conn)?;
        }
    }
    Ok(())
}

/// Which rows of a plan a page shows.
#[derive(Clone, Default)]
pub struct RowFilter {
    /// Only of this village.
    pub village: Option<DivisionId>,
    /// Only to this person.
    pub worker: Option<WorkerId>,
    /// Only to this firm.
    pub firm: Option<FirmId>,
    /// Only those without a provider.
    pub unplaced: bool,
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
    if let Some(village) = filter.village {
        query = query.filter(plan_row::village_id.eq(village.bytes()));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(plan_row::worker_id.eq(worker.bytes()));
    }
    if let Some(firm) = filter.firm {
        query = query.filter(plan_row::firm_id.eq(firm.bytes()));
    }
    if filter.unplaced {
        query = query.filter(plan_row::unplaced_reason.is_not_null());
    }
    if let Some(after) = &window.after {
        query = query.filter(plan_row::household_id.gt(after.id.as_bytes().to_vec()));
    }
    let query = query.order(plan_row::household_id).limit(i64::from(window.limit) + 1);
    let rows = load!(PlanRow, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: String::new(), id: row.household_id.uuid() }))
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

/// Sets a row's provider by a person's decision.
///
/// # Errors
/// `not_found` where the plan has no such row.
pub fn set_provider(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: PlanId,
    household: HouseholdId,
    provider: (Option<WorkerId>, Option<FirmId>),
    reason: &str,
) -> Result<(), Stop> {
    let row = plan_row::table.find((county.bytes(), id.bytes(), household.bytes()));
    let set = (
        plan_row::worker_id.eq(provider.0.map(Id::bytes)),
        plan_row::firm_id.eq(provider.1.map(Id::bytes)),
        plan_row::unplaced_reason.eq(None::<String>),
        plan_row::override_reason.eq(reason),
    );
    match diesel::update(row).set(set).execute(tx.conn)? {
        0 => Err(Refusal::absent().into()),
        _ => Ok(()),
    }
}

/// Puts a draft into effect: ends the spans that it replaces and begins its own. Returns how many began.
///
/// # Errors
/// `plan.changed` where a span that it would end is no longer current; [`Stop::Rule`] where a household
/// has got another one since.
pub fn put_into_effect(tx: &mut Tx<'_>, plan: &Plan) -> Result<usize, Stop> {
    let sql = Sql::new(tx, plan);
    let replaced = format!(
        "SELECT old_pairing_id FROM plan_row WHERE {} AND old_pairing_id IS NOT NULL AND {PLACED}",
        sql.rows
    );
    let expected = sql.count(tx, &format!("SELECT count(*) AS n FROM ({replaced}) replaced"))?;
    let ended = sql.end(tx, plan, &replaced, &plan.kind)?;
    if ended as i64 != expected {
        return Err(Refusal::new("plan.changed").into());
    }
    sql.begin(tx, plan, "pairing_id", "worker_id", "firm_id", PLACED)
}

/// Takes a committed plan back: ends its spans and begins anew those that it had ended.
///
/// # Errors
/// `plan.used` where one of its spans has been changed since.
pub fn take_back(tx: &mut Tx<'_>, plan: &Plan) -> Result<usize, Stop> {
    let sql = Sql::new(tx, plan);
    let begun = format!("SELECT pairing_id FROM plan_row WHERE {} AND {PLACED}", sql.rows);
    let expected = sql.count(tx, &format!("SELECT count(*) AS n FROM ({begun}) begun"))?;
    let ended = sql.end(tx, plan, &begun, "undo")?;
    if ended as i64 != expected {
        return Err(Refusal::new("plan.used").into());
    }
    let had = format!("old_pairing_id IS NOT NULL AND {PLACED}");
    sql.begin(tx, plan, "undo_pairing_id", "old_worker_id", "old_firm_id", &had)
}

const PLACED: &str = "(worker_id IS NOT NULL OR firm_id IS NOT NULL)";

/// Statements over all rows of one plan; ids are spelt as literals of the dialect, dates and codes are ours.
struct Sql {
    county: String,
    id: String,
    rows: String,
    day: Date,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

impl Sql {
    fn new(tx: &Tx<'_>, plan: &Plan) -> Self {
        let county = literal(tx.conn, &plan.county_id.bytes());
        let id = literal(tx.conn, &plan.id.bytes());
        let rows = format!("plan_row.county_id = {county} AND plan_row.plan_id = {id}");
        Self { county, id, rows, day: tx.now.date().max(plan.effective_on) }
    }

    fn count(&self, tx: &mut Tx<'_>, sql: &str) -> Result<i64, Stop> {
        let count: Count = match tx.conn {
            Conn::Sqlite(c) => diesel::sql_query(sql).get_result(c)?,
            Conn::Postgres(c) => diesel::sql_query(sql).get_result(c)?,
        };
        Ok(count.n)
    }

    fn end(&self, tx: &mut Tx<'_>, plan: &Plan, spans: &str, reason: &str) -> Result<usize, Stop> {
        debug_assert!(["pairing", "handover", "undo"].contains(&reason));
        let reason = if reason == "pairing" { "plan" } else { reason };
        let sql = format!(
            "UPDATE pairing SET to_date = CASE WHEN from_date > '{day}' THEN from_date ELSE '{day}' END, \
             end_reason = '{reason}', end_plan_id = {id}, ended_ms = {now} \
             WHERE county_id = {county} AND to_date IS NULL AND id IN ({spans})",
            day = self.day,
            id = self.id,
            now = tx.now.millis(),
            county = literal(tx.conn, &plan.county_id.bytes()),
        );
        run(tx.conn, &sql)
    }

    fn begin(
        &self,
        tx: &mut Tx<'_>,
        plan: &Plan,
        span: &str,
        worker: &str,
        firm: &str,
        condition: &str,
    ) -> Result<usize, Stop> {
        let sql = format!(
            "INSERT INTO pairing (county_id, id, household_id, kind, worker_id, firm_id, from_date, plan_id, \
             created_ms) SELECT {county}, {span}, household_id, '{kind}', {worker}, {firm}, '{day}', {id}, {now} \
             FROM plan_row WHERE {rows} AND {condition}",
            county = self.county,
            kind = crate::pairing::PRIMARY,
            day = self.day,
            id = literal(tx.conn, &plan.id.bytes()),
            now = tx.now.millis(),
            rows = self.rows,
        );
        run(tx.conn, &sql)
    }
}
