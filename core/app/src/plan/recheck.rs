//! A plan against the county as it is now: what it checked when it was made must still hold.

use falin_domain::pairing::check::{Violation, verify};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_store::plan::{self, Plan, PlanRow};
use falin_store::{Fault, Stop, Tx};

use super::question::{About, Question, read};

/// A draft beside the county as it is now.
pub(crate) struct Standing {
    /// The county as it is now.
    pub question: Question,
    /// Whom every household would have.
    pub assignment: Vec<Option<u32>>,
    /// The plan's rows.
    pub rows: Vec<PlanRow>,
}

/// What a plan is about.
pub(crate) fn about(plan: &Plan) -> Result<About, Stop> {
    match (plan.kind.as_str(), plan.leaver_id) {
        ("handover", Some(leaver)) => Ok(About::Leaver(leaver)),
        ("pairing", _) => Ok(About::Place(plan.place_id)),
        _ => Err(Fault::new("plan", "a handover without a leaver").into()),
    }
}

/// Builds a plan's assignment on the county as it is now, for `day`.
///
/// # Errors
/// `plan.changed`, saying what, where a provider, a rule, or a household of the plan is not as it was when the
/// plan was made, and where the plan would break a rule by what came in since.
pub(crate) fn stand(tx: &mut Tx<'_>, plan: &Plan, day: Date) -> Result<Standing, Stop> {
    let question = read(tx, plan.county_id, about(plan)?, day)?;
    if question.fingerprint() != plan.fingerprint {
        return Err(changed("providers"));
    }
    let rows = plan::all_rows(tx, plan.county_id, plan.id)?;
    let mut assignment = match about(plan)? {
        About::Place(_) => question.today.clone(),
        // Whoever the leaver got since the handover was planned has no row, and stays without a successor.
        About::Leaver(_) if rows.len() != question.dues.len() => return Err(changed("households")),
        About::Leaver(_) => vec![None; question.dues.len()],
    };
    for row in &rows {
        let at = question.household(row.household_id).ok_or_else(|| changed("households"))? as usize;
        let due = &question.dues[at];
        let had = (row.old_pairing_id, row.village_id, row.household_kind);
        if had != (due.current.map(|(span, _, _)| span), due.village, due.kind) {
            return Err(changed("households"));
        }
        assignment[at] = match ProviderRef::of(row.worker_id, row.firm_id) {
            Some(who) => Some(question.provider(who).ok_or_else(|| changed("providers"))?),
            None => None,
        };
    }
    match verify(&question.input, &assignment).first() {
        None => Ok(Standing { question, assignment, rows }),
        Some(Violation::Capacity { .. }) => Err(changed("capacity")),
        Some(Violation::Conflict { .. }) => Err(changed("conflicts")),
        Some(_) => Err(changed("providers")),
    }
}

/// The whole plan is refused; `what` is `providers`, `households`, `capacity` or `conflicts`.
pub(crate) fn changed(what: &str) -> Stop {
    Refusal::new("plan.changed").with("what", what).into()
}
