//! Proves a plan best, or finds that it is not, without solving it again.
//!
//! A flow of convex cost is of least cost if and only if its residual network has no negative cycle (Ahuja, Magnanti,
//! Orlin: Network Flows, 1993, §3.5, §14.5). Here every such cycle is a chain of exchanges: one household of a
//! goes to b, one of b to c, and so on, back to a or ending at whoever has room. "Nobody" counts as one more
//! provider, with endless room. All cheapest chains come from Floyd and Warshall's method: providers cubed, so a
//! thousand providers take seconds; this is for tests and measurements, not for requests.

use std::collections::BTreeSet;

use super::input::{Due, PlanInput};

/// Longer than any chain's cost.
const NO_WAY: i64 = i64::MAX / 4;

/// Whether no assignment within the rules is better in the four aims; the given one must be within the rules.
pub fn is_best(input: &PlanInput, assignment: &[Option<u32>]) -> bool {
    let nobody = input.providers.len();
    let chains = cheapest_chains(exchanges(input, assignment));
    let mut loads: Vec<u32> = input.providers.iter().map(|p| p.held).collect();
    assignment.iter().flatten().for_each(|&provider| loads[provider as usize] += 1);
    let has_room =
        |p: usize| p == nobody || input.providers[p].active && loads[p] < input.providers[p].capacity;
    for (from, row) in chains.iter().enumerate() {
        for (to, &cost) in row.iter().enumerate() {
            let closes = from == to || has_room(to);
            if closes && (cost < 0 || cost == 0 && evens(input, &loads, from, to)) {
                return false;
            }
        }
    }
    true
}

/// Whether one household less at `from` and one more at `to` lowers Σ load²/capacity. A chain to or from nobody
/// always costs, so it is never a matter of balance.
fn evens(input: &PlanInput, loads: &[u32], from: usize, to: usize) -> bool {
    let (Some(giver), Some(taker)) = (input.providers.get(from), input.providers.get(to)) else {
        return false;
    };
    if from == to {
        return false;
    }
    let saved = (2 * u128::from(loads[from]) - 1) * u128::from(taker.capacity);
    saved > (2 * u128::from(loads[to]) + 1) * u128::from(giver.capacity)
}

/// For each pair of providers the least cost, in the first three aims, at which one household of the first can
/// directly go to the second; the last row and column are nobody.
fn exchanges(input: &PlanInput, assignment: &[Option<u32>]) -> Vec<Vec<i64>> {
    let nobody = input.providers.len();
    let mut costs = vec![vec![NO_WAY; nobody + 1]; nobody + 1];
    let alike = |(due, at): (&Due, &Option<u32>)| {
        (due.village, due.kind, input.valid_current(due), due.conflicts.clone(), *at)
    };
    let classes: BTreeSet<_> = input.households.iter().zip(assignment).map(alike).collect();
    for (village, kind, current, conflicts, at) in classes {
        let due = Due { village, kind, current, conflicts };
        let now = level_cost(input, &due, at);
        let row = &mut costs[at.map_or(nobody, |p| p as usize)];
        for to in (0..nobody as u32).map(Some).chain([None]) {
            if to.is_none_or(|provider| input.may(&due, provider)) {
                let place = &mut row[to.map_or(nobody, |p| p as usize)];
                *place = (*place).min(level_cost(input, &due, to) - now);
            }
        }
    }
    costs
}

/// The first three aims of one household in one number. A chain has at most one household per provider, so the
/// weights keep the aims apart.
fn level_cost(input: &PlanInput, due: &Due, at: Option<u32>) -> i64 {
    let weight = 4 * (input.providers.len() as i64 + 2);
    let moved = i64::from(due.current.is_some_and(|current| at != Some(current)));
    let place = at.map_or(0, |provider| i64::from(input.place_cost(due.village, provider)));
    i64::from(at.is_none()) * weight * weight + moved * weight + place
}

fn cheapest_chains(mut costs: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    for through in 0..costs.len() {
        let onward = costs[through].clone();
        for row in &mut costs {
            let first = row[through];
            if first >= NO_WAY {
                continue;
            }
            for (cost, second) in row.iter_mut().zip(&onward) {
                if *second < NO_WAY {
                    *cost = (*cost).min(first + second).max(-NO_WAY);
                }
            }
        }
    }
    costs
}
