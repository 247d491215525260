//! Draws the network of a plan: small, however many households there are.
//!
//! Households that are alike (village, kind, conflicts) share one *pool*. A pool reaches its village's own advisers
//! directly, other advisers of the township through a *hub* at cost 1 and everybody through a hub at cost 2; that
//! a near provider is also reachable the dear way does no harm, since no cheapest flow goes it. A pool with
//! conflicts reaches the complement of its conflicts through few nodes of a binary tree over the hub's providers.
//! A valid pairing begins at its provider, and an arc back to the pool lets it go at the cost of one move.
//! So everything that is at one node may go wherever the node leads, and any split of the flow is a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::flow::{Cost, Draft, ENDLESS};
use super::input::PlanInput;
use crate::directory::HouseholdKind;

/// The node at which everything ends.
pub(super) const SINK: u32 = 0;

/// The households of one village and kind with the same conflicts.
#[derive(Debug)]
pub(super) struct Pool {
    pub node: u32,
    /// Those without a valid pairing, as a range of [`Network::order`].
    pub free: Range<u32>,
    /// Those with one, per provider.
    pub keeps: Vec<Keep>,
    /// Arcs to providers and hubs.
    pub ways: Range<u32>,
}

/// Households of one pool that have the same valid pairing.
#[derive(Debug)]
pub(super) struct Keep {
    pub provider: u32,
    pub households: Range<u32>,
    /// The arc that lets them go.
    pub release: u32,
}

/// The drawn network and how households lie on it.
#[derive(Debug)]
pub(super) struct Network {
    pub draft: Draft,
    /// Households at their first node.
    pub excess: Vec<u32>,
    /// Household numbers, those alike together, in input order among themselves.
    pub order: Vec<u32>,
    pub pools: Vec<Pool>,
    /// Hubs and tree nodes with their arcs; a node comes after all that it leads to.
    pub hubs: Vec<(u32, Range<u32>)>,
    /// Each provider's arc to the sink.
    pub taken: Vec<u32>,
}

/// The node of a provider.
pub(super) fn provider_node(provider: u32) -> u32 {
    provider + 1
}

/// Draws the whole question.
pub(super) fn draw(input: &PlanInput) -> Network {
    let mut draft = Draft::default();
    draft.node();
    let mut taken = Vec::with_capacity(input.providers.len());
    for provider in &input.providers {
        let node = draft.node();
        taken.push(draft.arc(node, SINK, provider.room(), Cost::default()));
    }
    let net =
        Network { draft, excess: Vec::new(), order: Vec::new(), pools: Vec::new(), hubs: Vec::new(), taken };
    let mut drawing = Drawing { input, net, sets: Sets::default(), reach: Vec::new() };
    drawing.reach = [HouseholdKind::Rural, HouseholdKind::Urban].map(|kind| Reach::of(input, kind)).into();
    drawing.pools();
    drawing.net
}

/// Households alike: village, conflict set, current provider, then input order.
type Key = (u32, u32, u32, u32);
const NOBODY: u32 = u32::MAX;

struct Drawing<'a> {
    input: &'a PlanInput,
    net: Network,
    sets: Sets,
    reach: Vec<Reach>,
}

impl Drawing<'_> {
    fn pools(&mut self) {
        let mut keys: Vec<Key> = Vec::with_capacity(self.input.households.len());
        for (index, due) in self.input.households.iter().enumerate() {
            let set = self.sets.number(due.kind, &due.conflicts, &self.reach[due.kind as usize]);
            let current = self.input.valid_current(due).unwrap_or(NOBODY);
            keys.push((due.village, set, current, index as u32));
        }
        keys.sort_unstable();
        self.net.order = keys.iter().map(|key| key.3).collect();
        let mut at = 0;
        for alike in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            self.pool(alike, at);
            at += alike.len() as u32;
        }
        self.net.excess.resize(self.net.draft.len(), 0);
    }

    fn pool(&mut self, alike: &[Key], start: u32) {
        let (village, set, ..) = alike[0];
        let node = self.net.draft.node();
        let mut pool = Pool { node, free: start..start, keeps: Vec::new(), ways: 0..0 };
        let mut at = start;
        for same in alike.chunk_by(|a, b| a.2 == b.2) {
            let households = at..at + same.len() as u32;
            at = households.end;
            let first = if same[0].2 == NOBODY { node } else { provider_node(same[0].2) };
            self.wait(first, same.len() as u32);
            if same[0].2 == NOBODY {
                pool.free = households;
            } else {
                pool.keeps.push(self.keep(same[0].2, village, node, households));
            }
        }
        pool.ways = self.ways(node, village, set);
        self.net.draft.arc(node, SINK, ENDLESS, Cost { unplaced: 1, ..Cost::default() });
        self.net.pools.push(pool);
    }

    fn wait(&mut self, node: u32, households: u32) {
        let excess = &mut self.net.excess;
        if excess.len() <= node as usize {
            excess.resize(node as usize + 1, 0);
        }
        excess[node as usize] += households;
    }

    /// Letting go saves the pairing's place cost, but the move outweighs it, so no arc costs less than nothing.
    fn keep(&mut self, provider: u32, village: u32, pool: u32, households: Range<u32>) -> Keep {
        let saved = self.input.place_cost(village, provider);
        let cost = Cost { unplaced: 0, moved: 1, place: -(saved as i8) };
        let room = households.len() as u32;
        let release = self.net.draft.arc(provider_node(provider), pool, room, cost);
        Keep { provider, households, release }
    }

    /// The arcs from a pool to whoever may take it.
    fn ways(&mut self, node: u32, village: u32, set: u32) -> Range<u32> {
        let (kind, excluded) = self.sets.get(set);
        let reach = &mut self.reach[kind as usize];
        let mut ways: Vec<(u32, i8)> = Vec::new();
        for &adviser in reach.advisers.get(village as usize).into_iter().flatten() {
            if !excluded.contains(&adviser) {
                ways.push((provider_node(adviser), 0));
            }
        }
        let township = self.input.villages[village as usize].township;
        if let Some(hub) = reach.townships.get_mut(&township) {
            hub.cover(&mut self.net, excluded, |node| ways.push((node, 1)));
        }
        reach.county.cover(&mut self.net, excluded, |node| ways.push((node, 2)));
        let start = self.net.draft.next_arc();
        for (to, place) in ways {
            self.net.draft.arc(node, to, ENDLESS, Cost { place, ..Cost::default() });
        }
        start..self.net.draft.next_arc()
    }
}

/// Numbered conflict sets; 0 and 1 are the empty ones of rural and urban households.
struct Sets {
    list: Vec<(HouseholdKind, Vec<u32>)>,
    numbers: BTreeMap<(HouseholdKind, Vec<u32>), u32>,
}

impl Default for Sets {
    fn default() -> Self {
        let list = vec![(HouseholdKind::Rural, Vec::new()), (HouseholdKind::Urban, Vec::new())];
        Self { list, numbers: BTreeMap::new() }
    }
}

impl Sets {
    /// The number of a set of conflicts, of which only those with room matter.
    fn number(&mut self, kind: HouseholdKind, conflicts: &[u32], reach: &Reach) -> u32 {
        let mut set: Vec<u32> =
            conflicts.iter().copied().filter(|p| reach.county.providers.binary_search(p).is_ok()).collect();
        if set.is_empty() {
            return kind as u32;
        }
        set.sort_unstable();
        set.dedup();
        let fresh = self.list.len() as u32;
        let key = (kind, set);
        if let Some(&known) = self.numbers.get(&key) {
            return known;
        }
        self.list.push(key.clone());
        self.numbers.insert(key, fresh);
        fresh
    }

    fn get(&self, number: u32) -> (HouseholdKind, &[u32]) {
        let (kind, set) = &self.list[number as usize];
        (*kind, set)
    }
}

/// Whom the households of one kind can reach.
struct Reach {
    /// Own advisers per village.
    advisers: Vec<Vec<u32>>,
    townships: BTreeMap<u32, Hub>,
    county: Hub,
}

impl Reach {
    fn of(input: &PlanInput, kind: HouseholdKind) -> Self {
        let mut advisers = vec![Vec::new(); input.villages.len()];
        let mut townships: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut county = Vec::new();
        for (index, provider) in input.providers.iter().enumerate() {
            if provider.room() == 0 || !input.rules.allows(kind, provider.kind) {
                continue;
            }
            county.push(index as u32);
            let serves: BTreeSet<u32> = provider.serves.iter().copied().collect();
            let mut near = BTreeSet::new();
            for village in serves {
                let Some(place) = input.villages.get(village as usize) else { continue };
                advisers[village as usize].push(index as u32);
                near.insert(place.township);
            }
            for township in near {
                townships.entry(township).or_default().push(index as u32);
            }
        }
        let townships = townships.into_iter().map(|(township, list)| (township, Hub::new(list))).collect();
        Self { advisers, townships, county: Hub::new(county) }
    }
}

/// Providers in index order behind one node, and behind nodes for parts of them; drawn when first needed.
struct Hub {
    providers: Vec<u32>,
    whole: Option<u32>,
    parts: BTreeMap<(usize, usize), u32>,
}

impl Hub {
    fn new(providers: Vec<u32>) -> Self {
        Self { providers, whole: None, parts: BTreeMap::new() }
    }

    /// Names few nodes that together lead to all but the excluded (sorted).
    fn cover(&mut self, net: &mut Network, excluded: &[u32], mut name: impl FnMut(u32)) {
        if self.providers.is_empty() {
            return;
        }
        let inside = |p: &&u32| self.providers.binary_search(p).is_ok();
        let holes: Vec<u32> = excluded.iter().filter(inside).copied().collect();
        if holes.is_empty() {
            name(self.whole(net));
        } else {
            self.cover_part(net, 0, self.providers.len(), &holes, &mut name);
        }
    }

    fn whole(&mut self, net: &mut Network) -> u32 {
        if let Some(node) = self.whole {
            return node;
        }
        let node = hub(net, self.providers.iter().map(|&p| provider_node(p)).collect());
        self.whole = Some(node);
        node
    }

    fn cover_part(
        &mut self,
        net: &mut Network,
        low: usize,
        high: usize,
        holes: &[u32],
        name: &mut impl FnMut(u32),
    ) {
        let from = holes.partition_point(|&hole| hole < self.providers[low]);
        let to = holes.partition_point(|&hole| hole <= self.providers[high - 1]);
        if from == to {
            name(self.part(net, low, high));
        } else if high - low > 1 {
            let middle = low.midpoint(high);
            self.cover_part(net, low, middle, &holes[from..to], name);
            self.cover_part(net, middle, high, &holes[from..to], name);
        }
    }

    fn part(&mut self, net: &mut Network, low: usize, high: usize) -> u32 {
        if high - low == 1 {
            return provider_node(self.providers[low]);
        }
        if let Some(&node) = self.parts.get(&(low, high)) {
            return node;
        }
        let middle = low.midpoint(high);
        let children = vec![self.part(net, low, middle), self.part(net, middle, high)];
        let node = hub(net, children);
        self.parts.insert((low, high), node);
        node
    }
}

/// A node that leads to `targets` at no cost.
fn hub(net: &mut Network, targets: Vec<u32>) -> u32 {
    let node = net.draft.node();
    let start = net.draft.next_arc();
    for to in targets {
        net.draft.arc(node, to, ENDLESS, Cost::default());
    }
    net.hubs.push((node, start..net.draft.next_arc()));
    node
}
