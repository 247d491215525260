//! Empty, full, barred and enormous counties, handovers and a person's last word.
#![allow(clippy::unwrap_used)]

use super::super::certificate::is_best;
use super::super::check::verify;
use super::super::handover::{Override, override_plan, propose};
use super::super::{Due, Plan, PlanInput, Provider, Reason, Rules, Village, sample, solve};
use crate::directory::{HouseholdKind, ProviderKind};

fn lawyer(capacity: u32, serves: &[u32]) -> Provider {
    Provider { kind: ProviderKind::Lawyer, capacity, held: 0, active: true, serves: serves.to_vec() }
}

fn due(village: u32, current: Option<u32>, conflicts: &[u32]) -> Due {
    Due { village, kind: HouseholdKind::Rural, current, conflicts: conflicts.into() }
}

fn county(providers: Vec<Provider>, households: Vec<Due>) -> PlanInput {
    let villages = vec![Village { township: 0 }, Village { township: 0 }, Village { township: 1 }];
    PlanInput { rules: Rules::default(), villages, providers, households }
}

fn rows(plan: &Plan) -> Vec<(u32, Reason, u32)> {
    plan.unplaced.iter().map(|row| (row.village, row.reason, row.households)).collect()
}

#[test]
fn nothing_and_nobody() {
    let empty = solve(&county(vec![lawyer(3, &[])], Vec::new()));
    assert_eq!(
        (empty.placed, empty.max_load_share, empty.balance.to_string().as_str()),
        (0, 0.0, "0.000000")
    );
    let alone = solve(&county(Vec::new(), vec![due(0, None, &[]), due(2, Some(4), &[9]), due(0, None, &[])]));
    assert_eq!(rows(&alone), [(0, Reason::NoProvider, 2), (2, Reason::NoProvider, 1)]);
    let mut firm = lawyer(5, &[0]);
    firm.kind = ProviderKind::Firm;
    assert_eq!(rows(&solve(&county(vec![firm], vec![due(0, None, &[])]))), [(0, Reason::NoProvider, 1)]);
}

#[test]
fn no_room_and_no_way() {
    let zero = solve(&county(vec![lawyer(0, &[0])], vec![due(0, Some(0), &[])]));
    assert_eq!((rows(&zero), zero.moved), (vec![(0, Reason::NoProvider, 1)], 1));
    let many = solve(&county(vec![lawyer(2, &[0])], vec![due(0, None, &[]); 5]));
    assert_eq!((many.placed, rows(&many)), (2, vec![(0, Reason::Capacity, 3)]));
    assert_eq!(many.assignment, [Some(0), Some(0), None, None, None]);
    let barred = solve(&county(vec![lawyer(9, &[0]), lawyer(1, &[])], vec![due(0, None, &[0]); 3]));
    assert_eq!((barred.placed, rows(&barred)), (1, vec![(0, Reason::Conflict, 2)]));
}

#[test]
fn huge_capacities_are_shared_evenly() {
    let plan =
        solve(&county(vec![lawyer(u32::MAX, &[0]), lawyer(u32::MAX, &[0])], vec![due(0, None, &[]); 101]));
    assert_eq!(plan.loads, [51, 50]);
    let large =
        solve(&county(vec![lawyer(u32::MAX, &[0]), lawyer(u32::MAX / 2, &[0])], vec![due(0, None, &[]); 99]));
    assert_eq!(large.loads, [66, 33]);
}

#[test]
fn an_overfull_provider_lets_the_last_go_and_keeps_the_first() {
    let input = county(vec![lawyer(2, &[0]), lawyer(5, &[1])], vec![due(0, Some(0), &[]); 4]);
    let plan = solve(&input);
    assert_eq!(plan.assignment, [Some(0), Some(0), Some(1), Some(1)]);
    assert_eq!((plan.moved, plan.place_cost, plan.by_place), (2, 2, [2, 2, 0]));
}

#[test]
fn a_household_out_of_a_valid_pairing_makes_way_only_for_more_placed() {
    // Household 1 can only go to provider 0, which household 0 has.
    let input =
        county(vec![lawyer(1, &[0]), lawyer(1, &[2])], vec![due(0, Some(0), &[]), due(0, None, &[1])]);
    let plan = solve(&input);
    assert_eq!((plan.assignment.as_slice(), plan.moved), (&[Some(1), Some(0)][..], 1));
    let poorer = county(vec![lawyer(1, &[0])], vec![due(0, None, &[]), due(2, Some(0), &[])]);
    assert_eq!(solve(&poorer).assignment, [None, Some(0)]);
}

#[test]
fn a_whole_county_is_placed_and_a_second_plan_moves_nobody() {
    let input = sample::jiayuguan(1);
    let plan = solve(&input);
    assert_eq!((plan.placed, rows(&plan)), (11_570, vec![]));
    assert_eq!(verify(&input, &plan.assignment), []);
    assert!(is_best(&input, &plan.assignment));
    let again = solve(&sample::settled(input, &plan.assignment));
    assert_eq!((again.moved, again.assignment), (0, plan.assignment));
}

#[test]
fn a_whole_county_stays_best_through_leavers_and_cuts() {
    let first = sample::jiayuguan(2);
    let assignment = solve(&first).assignment;
    let mut input = sample::settled(first, &assignment);
    for (index, provider) in input.providers.iter_mut().enumerate() {
        provider.active = index % 19 != 3;
        provider.capacity -= provider.capacity / (8 + index as u32 % 5);
    }
    let plan = solve(&input);
    assert!(plan.moved > 0 && !plan.unplaced.is_empty());
    assert_eq!(verify(&input, &plan.assignment), []);
    assert!(is_best(&input, &plan.assignment));
    let mut worse = plan.assignment;
    let other = worse.iter().position(|p| *p != worse[0]).unwrap();
    worse.swap(0, other);
    assert!(!is_best(&input, &worse));
}

#[test]
fn a_handover_touches_only_the_leavers_households() {
    let first = sample::county(12, 600, 7, 5);
    let assignment = solve(&first).assignment;
    let mut input = sample::settled(first, &assignment);
    input.providers.iter_mut().for_each(|provider| provider.capacity += 9);
    let handover = propose(&input, 4);
    assert_eq!(handover.households.len(), assignment.iter().filter(|p| **p == Some(4)).count());
    assert!(handover.households.iter().all(|&h| assignment[h as usize] == Some(4)));
    assert_eq!(handover.plan.unplaced, []);
    let mut after = assignment.clone();
    for (&household, successor) in handover.households.iter().zip(&handover.plan.assignment) {
        assert!(successor.is_some() && *successor != Some(4));
        after[household as usize] = *successor;
    }
    assert_eq!(verify(&input, &after), []);
    let loads = Plan::of(&input, after).loads;
    assert_eq!(loads[4], 0);
    assert_eq!(loads[..4], handover.plan.loads[..4]);
}

#[test]
fn a_person_has_the_last_word_within_the_rules() {
    let mut providers = vec![lawyer(1, &[0]), lawyer(1, &[1]), lawyer(3, &[]), lawyer(3, &[])];
    providers[3].active = false;
    providers.push(Provider { kind: ProviderKind::Firm, ..lawyer(3, &[]) });
    let input = county(providers, vec![due(0, None, &[]), due(1, None, &[]), due(1, None, &[0])]);
    let plan = solve(&input);
    assert_eq!(plan.assignment, [Some(0), Some(1), Some(2)]);
    let choose = |choices: &[(u32, u32, &str)]| {
        let choice = |&(household, provider, reason): &(u32, u32, &str)| Override {
            household,
            provider,
            reason: reason.to_owned(),
        };
        let choices: Vec<Override> = choices.iter().map(choice).collect();
        override_plan(&input, &plan, &choices)
    };
    let swapped = choose(&[(0, 1, "same dialect"), (1, 0, "so that the other fits")]).unwrap();
    assert_eq!(swapped.assignment, [Some(1), Some(0), Some(2)]);
    assert_eq!((swapped.placed, swapped.place_cost), (3, 4));
    let code = |choices: &[(u32, u32, &str)]| choose(choices).unwrap_err().code();
    assert_eq!(code(&[(0, 1, "why not")]), "pairing.capacity");
    assert_eq!(code(&[(2, 0, "closer")]), "pairing.conflict");
    assert_eq!(code(&[(0, 3, "likes her")]), "pairing.not_active");
    assert_eq!(code(&[(0, 77, "who?")]), "pairing.not_active");
    assert_eq!(code(&[(0, 2, " \n")]), "plan.override_reason");
    assert_eq!(code(&[(9, 2, "nobody")]), "not_found");
    assert_eq!(code(&[(0, 4, "a firm")]), "form.invalid");
}
