//! When somebody leaves: successors for their households, and a person's last word on any plan.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::check::{Violation, verify};
use super::input::PlanInput;
use super::plan::{Plan, solve};
use crate::directory::HouseholdKind;
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

/// A plan that leaves each village with one successor wherever one has room for all of it, near before far, then the
/// least loaded; a village that nobody can take whole goes to as few as can be. Where that would leave more households
/// without anybody than the best plan does, the best plan stands.
pub fn together(input: &PlanInput) -> Plan {
    let mut seats = Seats::of(input);
    let mut groups: BTreeMap<(u32, HouseholdKind), Vec<u32>> = BTreeMap::new();
    for (index, due) in input.households.iter().enumerate() {
        groups.entry((due.village, due.kind)).or_default().push(index as u32);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // Large villages first: they fit nowhere once small ones have taken the room.
    groups.sort_by_key(|(place, households)| (Reverse(households.len()), *place));
    for ((village, _), mut rest) in groups {
        while let Some(provider) = seats.best(village, &rest) {
            rest.retain(|&household| !seats.take(household, provider));
        }
    }
    let (kept, best) = (Plan::of(input, seats.assignment), solve(input));
    if kept.placed < best.placed { best } else { kept }
}

/// Who has how many while villages are given out.
struct Seats<'a> {
    input: &'a PlanInput,
    loads: Vec<u32>,
    assignment: Vec<Option<u32>>,
}

impl<'a> Seats<'a> {
    fn of(input: &'a PlanInput) -> Self {
        let loads = input.providers.iter().map(|provider| provider.held).collect();
        Self { input, loads, assignment: vec![None; input.households.len()] }
    }

    fn room(&self, provider: u32) -> usize {
        let (at, whom) = (provider as usize, &self.input.providers[provider as usize]);
        if whom.active { whom.capacity.saturating_sub(self.loads[at]) as usize } else { 0 }
    }

    fn may(&self, household: u32, provider: u32) -> bool {
        self.input.may(&self.input.households[household as usize], provider)
    }

    /// Who takes the most of these households of a village; of those who take all of it the nearest, then the least
    /// loaded. None where nobody can take any.
    fn best(&self, village: u32, households: &[u32]) -> Option<u32> {
        let takes = |provider: u32| {
            let open = households.iter().filter(|&&household| self.may(household, provider)).count();
            open.min(self.room(provider))
        };
        let share = |provider: u32| {
            let capacity = u64::from(self.input.providers[provider as usize].capacity.max(1));
            (u64::from(self.loads[provider as usize]) + households.len() as u64) * 1_000 / capacity
        };
        let all = 0..self.input.providers.len() as u32;
        let able = all.map(|provider| (takes(provider), provider)).filter(|(takes, _)| *takes > 0);
        let near = |provider: u32| self.input.place_cost(village, provider);
        able.min_by_key(|&(takes, provider)| (Reverse(takes), near(provider), share(provider), provider))
            .map(|(_, provider)| provider)
    }

    /// Gives a household away; false where the provider may not take it, or is full.
    fn take(&mut self, household: u32, provider: u32) -> bool {
        let takes = self.room(provider) > 0 && self.may(household, provider);
        if takes {
            self.assignment[household as usize] = Some(provider);
            self.loads[provider as usize] += 1;
        }
        takes
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::ProviderKind;
    use crate::pairing::input::{Due, Provider, Rules, Village};

    fn question(rooms: &[u32], villages: &[usize]) -> PlanInput {
        let provider = |&capacity: &u32| Provider {
            kind: ProviderKind::Lawyer,
            capacity,
            held: 0,
            active: true,
            serves: Vec::new(),
        };
        let due = |village: usize| Due {
            village: village as u32,
            kind: HouseholdKind::Rural,
            current: None,
            conflicts: Box::default(),
        };
        PlanInput {
            rules: Rules::default(),
            villages: villages.iter().map(|_| Village { township: 0 }).collect(),
            providers: rooms.iter().map(provider).collect(),
            households: villages
                .iter()
                .enumerate()
                .flat_map(|(at, &n)| std::iter::repeat_n(at, n).map(due))
                .collect(),
        }
    }

    fn successors(input: &PlanInput, plan: &Plan, village: u32) -> usize {
        let given = input.households.iter().zip(&plan.assignment);
        let mut all: Vec<_> = given.filter(|(due, _)| due.village == village).map(|(_, to)| *to).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    }

    #[test]
    fn a_village_keeps_one_lawyer_where_one_has_room() {
        let input = question(&[60, 60, 60, 60], &[50, 40, 3]);
        let plan = together(&input);
        assert_eq!(plan.placed, 93);
        assert_eq!([0, 1, 2].map(|village| successors(&input, &plan, village)), [1, 1, 1]);
        assert!(verify(&input, &plan.assignment).is_empty());
    }

    #[test]
    fn a_village_too_large_for_one_goes_to_as_few_as_can_be_and_nobody_is_left_out() {
        let input = question(&[30, 30, 10, 10], &[55]);
        let plan = together(&input);
        assert_eq!((plan.placed, successors(&input, &plan, 0)), (55, 2));
        let full = question(&[5, 5], &[6, 4]);
        assert_eq!(together(&full).placed, 10);
    }

    #[test]
    fn the_best_plan_stands_where_keeping_together_would_leave_somebody_out() {
        let mut input = question(&[2, 2], &[2, 2]);
        // Village 1 can only go to the first lawyer, whom village 0 would take too.
        input.households[2].conflicts = Box::new([1]);
        input.households[3].conflicts = Box::new([1]);
        assert_eq!(together(&input).placed, 4);
    }
}
