//! Writing a plan down: its rows in batches, invisible until the last one is there.

use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::journal::{Event, Reason as Trigger};
use falin_domain::pairing::{Plan as Solved, Reason, reason_of};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, DivisionId, FirmId, Id, PlanId, WorkerId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::plan::{self, Plan, PlanRow, STAGING};
use falin_store::{Entropy, Stop, Tx, pairing};

use super::question::Question;
use super::summary::Summary;
use crate::App;

/// Rows of one transaction: nobody waits behind a plan for longer than these take (design.md "Writes").
const BATCH: usize = 500;
/// A staging older than this was cut off by the end of its process, ms.
const CUT_OFF: i64 = 15 * 60 * 1000;

/// What is written besides the rows.
pub(crate) struct Draft {
    /// The place, or the leaver.
    pub place: Option<DivisionId>,
    /// Who leaves, for a handover.
    pub leaver: Option<WorkerId>,
    /// First day of the new pairings.
    pub day: Date,
    /// Its figures.
    pub summary: Summary,
}

/// Stages the answer to a question as a draft.
///
/// # Errors
/// The store's own; then nothing of the plan is ever seen.
pub(crate) async fn stage(
    app: &App,
    visitor: &Visitor,
    question: &Question,
    solved: &Solved,
    draft: Draft,
) -> Result<Plan, Stop> {
    let (county, now, mut entropy) = (visitor.county, app.now(), app.entropy());
    let plan = Plan {
        county_id: county,
        id: Id::from_parts(now, entropy.bytes()),
        kind: if draft.leaver.is_some() { "handover" } else { "pairing" }.to_owned(),
        state: STAGING.to_owned(),
        place_id: draft.place,
        leaver_id: draft.leaver,
        effective_on: draft.day,
        summary: draft.summary.text()?,
        fingerprint: question.fingerprint(),
        account_id: visitor.account,
        created_ms: now.millis(),
        committed_ms: None,
        undone_ms: None,
        version: 1,
    };
    let rows = Arc::new(rows(question, solved, plan.id, county, now, &mut entropy));
    let within = In::County(county);
    let first = plan.clone();
    app.db
        .write(within, move |tx: &mut Tx<'_>| {
            plan::drop_cut_off(tx, county, tx.now.millis() - CUT_OFF)?;
            first.insert(tx)
        })
        .await?;
    for from in (0..rows.len()).step_by(BATCH) {
        let rows = Arc::clone(&rows);
        let batch = from..rows.len().min(from + BATCH);
        app.db.write(within, move |tx: &mut Tx<'_>| plan::stage(tx, &rows[batch.clone()])).await?;
    }
    let details = serde_json::json!({ "rows": rows.len(), "unplaced": draft.summary.without() });
    let staged = plan.clone();
    let whole = move |tx: &mut Tx<'_>| {
        let mut plan = Plan { state: "draft".to_owned(), ..staged.clone() };
        plan.save(tx)?;
        tx.record(Entry {
            county,
            account: plan.account_id,
            event: Event::PlanMade,
            reason: trigger(plan.account_id.is_some()),
            subject: Some(("plan", plan.id.bytes())),
            details: details.clone(),
        })?;
        tx.bump(county, "plan")?;
        Ok(plan)
    };
    app.db.write(within, whole).await
}

/// Why something happened: a person's decision or an operator's command.
pub(crate) fn trigger(person: bool) -> Trigger {
    if person { Trigger::Person } else { Trigger::Operator }
}

/// One row for each household that changes or has nobody.
fn rows(
    question: &Question,
    solved: &Solved,
    plan: PlanId,
    county: CountyId,
    now: Instant,
    entropy: &mut Entropy,
) -> Vec<PlanRow> {
    let mut rows = Vec::new();
    for (at, due) in question.dues.iter().enumerate() {
        let (before, after) = (question.today[at], solved.assignment[at]);
        if before == after && after.is_some() {
            continue;
        }
        let mut row = blank(due, plan, county, now, entropy);
        (row.worker_id, row.firm_id) = columns(question, after);
        row.unplaced_reason = match after {
            None => {
                let reason = reason_of(&question.input, &solved.loads, &question.input.households[at]);
                Some(code(reason).to_owned())
            }
            Some(_) => None,
        };
        rows.push(row);
    }
    rows
}

/// The columns of a provider by the solver's number.
pub(crate) fn columns(question: &Question, provider: Option<u32>) -> (Option<WorkerId>, Option<FirmId>) {
    provider.map_or((None, None), |at| question.providers[at as usize].who.columns())
}

/// The row of a household before anybody is chosen.
pub(crate) fn blank(
    due: &pairing::Due,
    plan: PlanId,
    county: CountyId,
    now: Instant,
    entropy: &mut Entropy,
) -> PlanRow {
    let random: [u8; 20] = entropy.bytes();
    let half = |from: usize| std::array::from_fn(|at| random[from + at]);
    PlanRow {
        county_id: county,
        plan_id: plan,
        household_id: due.household,
        household_kind: due.kind,
        village_id: due.village,
        old_pairing_id: due.current.map(|(span, _, _)| span),
        old_worker_id: due.current.and_then(|(_, worker, _)| worker),
        old_firm_id: due.current.and_then(|(_, _, firm)| firm),
        worker_id: None,
        firm_id: None,
        pairing_id: Id::from_parts(now, half(0)),
        undo_pairing_id: Id::from_parts(now, half(10)),
        unplaced_reason: None,
        override_reason: None,
    }
}

/// The code of a reason as rows and JSON have it.
pub(crate) fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::NoProvider => "no_provider",
        Reason::Capacity => "capacity",
        Reason::Conflict => "conflict",
    }
}
