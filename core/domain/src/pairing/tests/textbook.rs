//! The plan against successive shortest paths by Bellman and Ford on the network of single households, with one
//! arc per place at a provider and all four aims packed into one large integer (Ahuja, Magnanti, Orlin, §9.7).

use super::super::check::{objective, verify};
use super::super::sample::{self, Seed};
use super::super::{PlanInput, solve};
use super::{Sizes, question};

const MEDIUM: Sizes = Sizes { villages: 9, townships: 3, providers: 12, households: 60, capacity: 12 };

/// One household's cost of each aim at the weights below; a sum stays far below 2^127.
const BALANCE: i128 = 1 << 60;
const PLACE: i128 = 1 << 20;
const MOVED: i128 = 1 << 20;

struct Explicit {
    /// From, to, room, cost; an arc's reverse is its neighbour.
    arcs: Vec<(usize, usize, bool, i128)>,
    nodes: usize,
}

impl Explicit {
    fn arc(&mut self, from: usize, to: usize, cost: i128) {
        self.arcs.push((from, to, true, cost));
        self.arcs.push((to, from, false, -cost));
    }

    /// Sends one household after another on the cheapest path from node 0 to node 1.
    fn send(&mut self) {
        loop {
            let mut reached: Vec<Option<(i128, usize)>> = vec![None; self.nodes];
            reached[0] = Some((0, usize::MAX));
            let mut changed = true;
            while changed {
                changed = false;
                for (index, &(from, to, room, cost)) in self.arcs.iter().enumerate() {
                    let Some((distance, _)) = reached[from].filter(|_| room) else { continue };
                    if reached[to].is_none_or(|(known, _)| distance + cost < known) {
                        reached[to] = Some((distance + cost, index));
                        changed = true;
                    }
                }
            }
            let mut node = 1;
            if reached[node].is_none() {
                return;
            }
            while let Some((_, arc)) = reached[node].filter(|&(_, arc)| arc != usize::MAX) {
                self.arcs[arc].2 = false;
                self.arcs[arc ^ 1].2 = true;
                node = self.arcs[arc].0;
            }
        }
    }
}

fn multiple_of_all(input: &PlanInput) -> i128 {
    let divisor = |mut a: i128, mut b: i128| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let capacities = input.providers.iter().map(|provider| i128::from(provider.capacity.max(1)));
    capacities.fold(1, |all, capacity| all / divisor(all, capacity) * capacity)
}

fn place(input: &PlanInput, village: u32, provider: usize) -> i128 {
    let serves = &input.providers[provider].serves;
    let near = |v: &u32| input.villages[*v as usize].township == input.villages[village as usize].township;
    if serves.contains(&village) { 0 } else { if serves.iter().any(near) { 1 } else { 2 } }
}

/// The cheapest assignment; household h is node 2 + h, provider p follows all households.
fn textbook(input: &PlanInput) -> Vec<Option<u32>> {
    let households = input.households.len();
    let multiple = multiple_of_all(input);
    let mut net = Explicit { arcs: Vec::new(), nodes: 2 + households + input.providers.len() };
    for (index, due) in input.households.iter().enumerate() {
        net.arc(0, 2 + index, 0);
        let moves = input.valid_current(due);
        net.arc(2 + index, 1, BALANCE * PLACE * MOVED * 4096 + i128::from(moves.is_some()) * BALANCE * PLACE);
        for provider in (0..input.providers.len()).filter(|&p| input.may(due, p as u32)) {
            let move_cost =
                i128::from(moves.is_some_and(|current| current != provider as u32)) * BALANCE * PLACE;
            net.arc(
                2 + index,
                2 + households + provider,
                move_cost + BALANCE * place(input, due.village, provider),
            );
        }
    }
    for (index, provider) in input.providers.iter().enumerate() {
        for at in 0..provider.room() {
            let load = i128::from(provider.held + at);
            net.arc(2 + households + index, 1, (2 * load + 1) * (multiple / i128::from(provider.capacity)));
        }
    }
    net.send();
    let mut assignment = vec![None; households];
    for &(from, to, room, _) in net.arcs.iter().step_by(2).filter(|arc| arc.0 >= 2 && arc.1 >= 2 + households)
    {
        if !room {
            assignment[from - 2] = Some((to - 2 - households) as u32);
        }
    }
    assignment
}

#[test]
fn the_textbook_finds_nothing_better() {
    let mut seed = Seed::new(7);
    for case in 0..120 {
        let input = question(&mut seed, MEDIUM);
        let (plan, expected) = (solve(&input), textbook(&input));
        assert_eq!(verify(&input, &expected), []);
        assert_eq!(verify(&input, &plan.assignment), [], "case {case}");
        let (got, best) = (objective(&input, &plan.assignment), objective(&input, &expected));
        assert_eq!(got, best, "case {case}: {input:?}");
    }
}

#[test]
fn a_year_of_changes_stays_best() {
    let mut seed = Seed::new(11);
    let mut input = sample::county(8, 150, 5, 3);
    for year in 0..6 {
        let plan = solve(&input);
        let best = objective(&input, &textbook(&input));
        assert_eq!(objective(&input, &plan.assignment), best, "year {year}");
        input = sample::settled(input, &plan.assignment);
        for provider in &mut input.providers {
            provider.active = !seed.chance(150);
            provider.capacity = 12 + seed.below(14);
        }
        for due in &mut input.households {
            if seed.chance(100) {
                due.village = seed.below(5);
            }
        }
    }
}
