//! Plans put into effect and taken back, each by a few statements over all of their rows.

use diesel::prelude::*;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;

use crate::conn::{Conn, literal, run};
use crate::plan::Plan;
use crate::stop::Stop;
use crate::tx::Tx;

/// Puts a draft into effect: ends the spans that it replaces, also of households that nobody can take any
/// more, and begins its own. Returns how many ended and how many began.
///
/// # Errors
/// `plan.changed` where a span that it would end is no longer current; [`Stop::Rule`] where a household
/// has got another one since.
pub fn put_into_effect(tx: &mut Tx<'_>, plan: &Plan) -> Result<(usize, usize), Stop> {
    let sql = Sql::new(tx, plan);
    let replaced = format!(
        "SELECT old_pairing_id FROM plan_row WHERE {} AND old_pairing_id IS NOT NULL AND {CHANGES}",
        sql.rows
    );
    let expected = sql.count(tx, &format!("SELECT count(*) AS n FROM ({replaced}) replaced"))?;
    let ended = sql.end(tx, plan, &format!("id IN ({replaced})"), &plan.kind)?;
    if ended as i64 != expected {
        return Err(Refusal::new("plan.changed").into());
    }
    let begun = sql.begin(tx, plan, "pairing_id", "worker_id", "firm_id", BEGINS)?;
    Ok((ended, begun))
}

/// Takes a committed plan back: ends the pairings that it began and begins anew those that it had ended. Returns
/// how many began.
///
/// # Errors
/// `plan.used` where one of its households no longer has whom the plan gave it; [`Stop::Rule`] where one that it
/// had left without anybody has somebody now.
pub fn take_back(tx: &mut Tx<'_>, plan: &Plan) -> Result<usize, Stop> {
    let sql = Sql::new(tx, plan);
    let begun = format!("SELECT pairing_id FROM plan_row WHERE {} AND {BEGINS}", sql.rows);
    let expected = sql.count(tx, &format!("SELECT count(*) AS n FROM ({begun}) begun"))?;
    // Whom, not which span: a later plan that was undone has put a new span in the place of this plan's.
    let as_given = format!(
        "EXISTS (SELECT 1 FROM plan_row WHERE {} AND {BEGINS} AND plan_row.household_id = pairing.household_id \
         AND plan_row.worker_id IS NOT DISTINCT FROM pairing.worker_id \
         AND plan_row.firm_id IS NOT DISTINCT FROM pairing.firm_id)",
        sql.rows
    );
    let ended = sql.end(tx, plan, &as_given, "undo")?;
    if ended as i64 != expected {
        return Err(Refusal::new("plan.used").into());
    }
    let had = format!("plan_row.old_pairing_id IS NOT NULL AND {CHANGES}");
    sql.begin(tx, plan, "undo_pairing_id", "old_worker_id", "old_firm_id", &had)
}

/// Rows whose household gets somebody else, or nobody: a person may have chosen whom it has already.
const CHANGES: &str = "(plan_row.worker_id IS DISTINCT FROM plan_row.old_worker_id \
     OR plan_row.firm_id IS DISTINCT FROM plan_row.old_firm_id)";
/// Rows whose household gets somebody new.
const BEGINS: &str = "((plan_row.worker_id IS DISTINCT FROM plan_row.old_worker_id \
     OR plan_row.firm_id IS DISTINCT FROM plan_row.old_firm_id) \
     AND (plan_row.worker_id IS NOT NULL OR plan_row.firm_id IS NOT NULL))";

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
             WHERE county_id = {county} AND kind = '{kind}' AND to_date IS NULL AND {spans}",
            kind = crate::pairing::PRIMARY,
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
