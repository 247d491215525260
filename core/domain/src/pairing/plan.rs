//! The best plan: who gets whom, the figures a person decides by, and what could not be placed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::balance::Balance;
use super::decode;
use super::flow::Graph;
use super::input::{Due, PlanInput};
use super::level::{Seat, level};
use super::network::{Network, SINK, draw, provider_node};
use crate::directory::HouseholdKind;

/// A whole assignment with its figures.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The provider of each household, by household number.
    pub assignment: Vec<Option<u32>>,
    /// Households per provider, with those it held already.
    pub loads: Vec<u32>,
    /// Households with a provider.
    pub placed: u32,
    /// Existing valid pairings that do not stay, whether the household goes elsewhere or nowhere.
    pub moved: u32,
    /// Placed households by place cost: with the village's own adviser, in the township, in the county.
    pub by_place: [u32; 3],
    /// Sum of place costs.
    pub place_cost: u64,
    /// Σ load² ÷ capacity.
    pub balance: Balance,
    /// Largest load ÷ capacity.
    pub max_load_share: f64,
    /// Who stays without, by village, kind and reason.
    pub unplaced: Vec<Unplaced>,
}

/// Why households stay without a provider.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody active with any room takes this kind of household.
    NoProvider,
    /// Everybody who may take them is full.
    Capacity,
    /// Whoever has room is in conflict with them.
    Conflict,
}

/// Households of a village that a plan could not place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unplaced {
    /// The village.
    pub village: u32,
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// Why.
    pub reason: Reason,
    /// How many households stay without.
    pub households: u32,
    /// How many places free of conflict would have to be added for them.
    pub shortfall: u32,
}

/// The best plan: most households placed; then fewest valid pairings moved; then least place cost; then least
/// Σ load² ÷ capacity. Exact and deterministic: equal input gives an equal plan.
///
/// Memory and time follow villages × conflicts and existing pairings that differ, not households × providers.
pub fn solve(input: &PlanInput) -> Plan {
    let mut net = draw(input);
    let mut graph = Graph::new(&net.draft);
    let potential = graph.send(&mut net.excess, SINK);
    let mut seats = seats(input, &net, &graph, &potential);
    level(&mut graph, &potential, &mut seats, SINK);
    Plan::of(input, decode::assign(&net, &graph, input.providers.len()))
}

/// The providers whose load may still change at no cost.
fn seats(input: &PlanInput, net: &Network, graph: &Graph, potential: &[i64]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for (index, provider) in input.providers.iter().enumerate() {
        let node = provider_node(index as u32);
        if provider.room() > 0 && graph.is_tight(potential, node, net.taken[index]) {
            seats.push(Seat {
                node,
                least: provider.held,
                most: provider.capacity,
                capacity: provider.capacity,
                load: provider.held + graph.flow(net.taken[index]),
            });
        }
    }
    seats
}

impl Plan {
    /// The figures of any assignment, such as one that a person changed; it must have one entry per household.
    pub fn of(input: &PlanInput, assignment: Vec<Option<u32>>) -> Self {
        let mut loads: Vec<u32> = input.providers.iter().map(|provider| provider.held).collect();
        let (mut moved, mut by_place) = (0, [0u32; 3]);
        for (due, &provider) in input.households.iter().zip(&assignment) {
            if let Some(provider) = provider {
                loads[provider as usize] += 1;
                by_place[usize::from(input.place_cost(due.village, provider))] += 1;
            }
            moved += u32::from(input.valid_current(due).is_some_and(|current| provider != Some(current)));
        }
        let shares = || loads.iter().zip(&input.providers).map(|(&load, provider)| (load, provider.capacity));
        Self {
            placed: by_place.iter().sum(),
            moved,
            by_place,
            place_cost: u64::from(by_place[1]) + 2 * u64::from(by_place[2]),
            balance: Balance::of(shares()),
            max_load_share: shares().map(|(load, most)| share(load, most)).fold(0.0, f64::max),
            unplaced: unplaced(input, &assignment, &loads),
            assignment,
            loads,
        }
    }
}

/// Load ÷ capacity; an overfull provider without capacity counts as full.
fn share(load: u32, capacity: u32) -> f64 {
    if load == 0 { 0.0 } else { f64::from(load) / f64::from(capacity.max(1)) }
}

fn unplaced(input: &PlanInput, assignment: &[Option<u32>], loads: &[u32]) -> Vec<Unplaced> {
    let mut reasons = Reasons { input, loads, seen: BTreeMap::new() };
    let mut rows: BTreeMap<(u32, HouseholdKind, Reason), u32> = BTreeMap::new();
    for (due, _) in input.households.iter().zip(assignment).filter(|(_, provider)| provider.is_none()) {
        *rows.entry((due.village, due.kind, reasons.of(due))).or_default() += 1;
    }
    let row = |((village, kind, reason), households)| Unplaced {
        village,
        kind,
        reason,
        households,
        shortfall: households,
    };
    rows.into_iter().map(row).collect()
}

/// Finds reasons, once per kind and conflicts.
struct Reasons<'a> {
    input: &'a PlanInput,
    loads: &'a [u32],
    seen: BTreeMap<(HouseholdKind, &'a [u32]), Reason>,
}

impl<'a> Reasons<'a> {
    fn of(&mut self, due: &'a Due) -> Reason {
        let (input, loads) = (self.input, self.loads);
        *self.seen.entry((due.kind, &due.conflicts)).or_insert_with(|| reason_of(input, loads, due))
    }
}

/// Why a household stays without in a plan with these loads.
///
/// In a best plan whoever is free of conflict is full, so any spare room is barred by a conflict.
pub fn reason_of(input: &PlanInput, loads: &[u32], due: &Due) -> Reason {
    let (mut barred, mut free, mut barred_room) = (false, false, false);
    for (index, provider) in input.providers.iter().enumerate() {
        if provider.room() == 0 || !input.rules.allows(due.kind, provider.kind) {
            continue;
        }
        if due.conflicts.contains(&(index as u32)) {
            barred = true;
            barred_room |= loads[index] < provider.capacity;
        } else {
            free = true;
        }
    }
    match (barred, free) {
        (false, false) => Reason::NoProvider,
        (true, false) => Reason::Conflict,
        _ if barred_room => Reason::Conflict,
        _ => Reason::Capacity,
    }
}
