//! A person's word against a plan: one household or a whole village placed otherwise, and taken back.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::pairing::handover::{Override, override_plan};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::pairing::{Plan as Solved, reason_of};
use falin_domain::refusal::Refusal;
use falin_domain::words::{HouseholdId, PlanId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::plan::{self, Plan, PlanRow};
use falin_store::{Entropy, Stop, Tx};

use super::recheck::{Standing, stand};
use super::stage::{blank, code, columns};
use super::summary::{Overridden, Summary};
use super::{Acted, draft, too_long};
use crate::App;

/// Most characters of a reason.
const REASON: usize = 500;
/// Most households of one choice.
const MOST: usize = 5_000;

/// What a person wants otherwise.
#[derive(Clone)]
pub struct Choice {
    /// Which households.
    pub households: Vec<HouseholdId>,
    /// Who is to get them; None takes an earlier choice back.
    pub provider: Option<ProviderRef>,
    /// Why; needed where somebody is chosen. Never journalled: it may speak of a person.
    pub reason: String,
}

/// Places households of a draft otherwise, from the version that the visitor saw (None: whichever it is).
///
/// # Errors
/// `not_found`; `state.changed`; `plan.committed`, `plan.undone`; `plan.override_reason`; `plan.changed`;
/// `pairing.not_active`, `pairing.conflict`, `pairing.capacity`; `form.invalid` at `provider` or `households`.
pub async fn choose(
    app: &App,
    visitor: &Visitor,
    id: PlanId,
    version: Option<i64>,
    choice: Choice,
) -> Result<Acted, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Plan)?;
    if choice.reason.chars().count() > REASON {
        return Err(too_long("reason", REASON).into());
    }
    if choice.households.is_empty() || choice.households.len() > MOST {
        return Err(Refusal::field("households", "required").into());
    }
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        let mut plan = draft(tx, &scope, id, version)?;
        let day = tx.now.date().max(plan.effective_on);
        let standing = stand(tx, &plan, day)?;
        let mut summary = Summary::parse(&plan.summary)?;
        let solved = replace(&standing, &summary, &choice)?;
        let random = tx.random();
        write_rows(tx, &plan, &standing, &solved, &choice, &mut Entropy::from_seed(random))?;
        note(&standing, &mut summary, &choice);
        let told = Summary::of(&standing.question, &solved);
        plan.summary = Summary { overridden: summary.overridden, leaver: summary.leaver, ..told }.text()?;
        plan.save(tx)?;
        tx.record(Entry {
            county: plan.county_id,
            account,
            event: Event::PlanOverridden,
            reason: Reason::Override,
            subject: Some(("plan", plan.id.bytes())),
            details: serde_json::json!({
                "households": choice.households.len(),
                "provider": choice.provider,
            }),
        })?;
        tx.bump(plan.county_id, "plan")?;
        Ok(Acted::of(&plan))
    };
    app.db.write(In::County(visitor.county), write).await
}

/// The plan with the choice in it, judged as a whole so that two households may change places.
fn replace(standing: &Standing, summary: &Summary, choice: &Choice) -> Result<Solved, Stop> {
    let question = &standing.question;
    let solved = Solved::of(&question.input, standing.assignment.clone());
    let number = |id: HouseholdId| question.household(id).ok_or_else(Refusal::absent);
    let Some(who) = choice.provider else {
        let mut assignment = standing.assignment.clone();
        for id in &choice.households {
            let earlier = summary.overridden.iter().find(|one| one.household == *id);
            let proposed = earlier.ok_or_else(Refusal::absent)?.proposed;
            assignment[number(*id)? as usize] = proposed.and_then(|who| question.provider(who));
        }
        // Taking back places nobody anew, but whoever was proposed may be full by now.
        return match falin_domain::pairing::check::verify(&question.input, &assignment).first() {
            None => Ok(Solved::of(&question.input, assignment)),
            Some(broken) => Err(broken.refusal().into()),
        };
    };
    let provider = question.provider(who).ok_or_else(|| Refusal::new("pairing.not_active"))?;
    let mut choices = Vec::with_capacity(choice.households.len());
    for id in &choice.households {
        choices.push(Override { household: number(*id)?, provider, reason: choice.reason.clone() });
    }
    Ok(override_plan(&question.input, &solved, &choices)?)
}

fn write_rows(
    tx: &mut Tx<'_>,
    plan: &Plan,
    standing: &Standing,
    solved: &Solved,
    choice: &Choice,
    entropy: &mut Entropy,
) -> Result<(), Stop> {
    let question = &standing.question;
    for id in &choice.households {
        let at = question.household(*id).ok_or_else(Refusal::absent)? as usize;
        let mut row = blank(&question.dues[at], plan.id, plan.county_id, tx.now, entropy);
        (row.worker_id, row.firm_id) = columns(question, solved.assignment[at]);
        if choice.provider.is_some() {
            row.override_reason = Some(choice.reason.trim().to_owned());
        }
        if solved.assignment[at].is_none() {
            let reason = reason_of(&question.input, &solved.loads, &question.input.households[at]);
            row.unplaced_reason = Some(code(reason).to_owned());
        }
        match choice.provider.is_none() && keeps(&row) {
            true => plan::drop_row(tx, plan.county_id, plan.id, *id)?,
            false => plan::put_row(tx, &row)?,
        }
    }
    Ok(())
}

/// Whether a row leaves its household with whom it has.
fn keeps(row: &PlanRow) -> bool {
    row.unplaced_reason.is_none() && (row.worker_id, row.firm_id) == (row.old_worker_id, row.old_firm_id)
}

/// Remembers what the plan itself had said, the first time that a person says otherwise.
fn note(standing: &Standing, summary: &mut Summary, choice: &Choice) {
    let question = &standing.question;
    for id in &choice.households {
        let known = summary.overridden.iter().position(|one| one.household == *id);
        match (known, choice.provider) {
            (Some(at), None) => {
                summary.overridden.remove(at);
            }
            (None, Some(_)) => {
                let before = question.household(*id).and_then(|at| standing.assignment[at as usize]);
                let proposed = before.map(|at| question.providers[at as usize].who);
                summary.overridden.push(Overridden { household: *id, proposed });
            }
            _ => {}
        }
    }
}
