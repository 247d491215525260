//! When somebody leaves: successors for their households, and a person's last word on any plan.

use super::check::{Violation, verify};
use super::input::PlanInput;
use super::plan::{Plan, solve};
use crate::refusal::Refusal;

/// A proposal of successors.
#[derive(Clone, PartialEq, Debug)]
pub struct Handover {
    /// The leaver's households, as numbers of the county's input; household i of `input` is `households[i]`.
    pub households: Vec<u32>,
    /// The question that was solved: these households only, everybody else's pairings held.
    pub input: PlanInput,
    /// The best answer.
    pub plan: Plan,
}

/// Proposes a successor for each household of `leaver`; nobody else's pairing is touched.
///
/// `county` is the whole county as it stands; each household that has a current provider counts for that
/// provider's load, whether or not the pairing is still valid.
pub fn propose(county: &PlanInput, leaver: u32) -> Handover {
    let mut input = PlanInput {
        rules: county.rules,
        villages: county.villages.clone(),
        providers: county.providers.clone(),
        households: Vec::new(),
    };
    let mut households = Vec::new();
    for (index, due) in county.households.iter().enumerate() {
        if due.current == Some(leaver) {
            households.push(index as u32);
            let mut due = due.clone();
            due.current = None;
            input.households.push(due);
        } else if let Some(other) = due.current.and_then(|other| input.providers.get_mut(other as usize)) {
            other.held += 1;
        }
    }
    if let Some(leaver) = input.providers.get_mut(leaver as usize) {
        leaver.active = false;
    }
    let plan = solve(&input);
    Handover { households, input, plan }
}

/// A person's choice against the plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Override {
    /// Which household.
    pub household: u32,
    /// Who is to get it.
    pub provider: u32,
    /// Why; must not be blank.
    pub reason: String,
}

/// The plan with these choices instead of its own; the last word on a household counts. They are judged
/// together, so that two households may change places at full providers.
///
/// Refuses as a whole: `plan.override_reason`, `not_found` for an unknown household, `pairing.not_active` also for
/// an unknown provider, `pairing.conflict`, `pairing.capacity`, and `form.invalid` (field `provider`, code
/// `provider.kind`) where the county's rule gives such households to another kind.
pub fn override_plan(input: &PlanInput, plan: &Plan, choices: &[Override]) -> Result<Plan, Refusal> {
    let mut assignment = plan.assignment.clone();
    for choice in choices {
        if choice.reason.trim().is_empty() {
            return Err(Refusal::new("plan.override_reason"));
        }
        let place = assignment.get_mut(choice.household as usize).ok_or_else(Refusal::absent)?;
        *place = Some(choice.provider);
    }
    match verify(input, &assignment).first() {
        None => Ok(Plan::of(input, assignment)),
        Some(Violation::Unknown { .. }) => Err(Refusal::new("pairing.not_active")),
        Some(Violation::Kind { .. }) => Err(Refusal::field("provider", "provider.kind")),
        Some(other) => Err(other.refusal()),
    }
}
