//! Plans against every other possible plan, against a textbook solver, and at the edges.

mod brute;
mod edges;
mod history;
mod textbook;

use super::sample::Seed;
use super::{Due, PlanInput, Provider, Rules, Village};
use crate::directory::{HouseholdKind, ProviderKind};

/// Upper ends of a random question's sizes.
#[derive(Clone, Copy)]
struct Sizes {
    villages: u32,
    townships: u32,
    providers: u32,
    households: u32,
    capacity: u32,
}

/// A random question with everything in it: both kinds, odd rules, conflicts, held households, inactive
/// providers, valid, invalid and meaningless current pairings, tight and loose capacity.
fn question(seed: &mut Seed, most: Sizes) -> PlanInput {
    let villages = 1 + seed.below(most.villages);
    let providers = seed.below(most.providers + 1);
    let mixed = seed.chance(400);
    let kind = |seed: &mut Seed| if mixed && seed.chance(400) { 1 } else { 0 };
    let firm_rules = Rules { rural: ProviderKind::Firm, urban: ProviderKind::Firm };
    let mut input = PlanInput {
        rules: if seed.chance(100) { firm_rules } else { Rules::default() },
        villages: (0..villages).map(|_| Village { township: seed.below(most.townships) }).collect(),
        providers: Vec::new(),
        households: Vec::new(),
    };
    for _ in 0..providers {
        let capacity = seed.below(most.capacity + 1);
        let served = seed.below(3);
        input.providers.push(Provider {
            kind: [ProviderKind::Lawyer, ProviderKind::Firm][kind(seed)],
            capacity,
            held: if seed.chance(200) { seed.below(capacity + 2) } else { 0 },
            active: !seed.chance(120),
            serves: (0..served).map(|_| seed.below(villages)).collect(),
        });
    }
    let paired = [0, 300, 900][seed.below(3) as usize];
    let barred = [0, 150, 500][seed.below(3) as usize];
    for _ in 0..1 + seed.below(most.households) {
        let village = seed.below(villages);
        let current = seed.chance(paired).then(|| seed.below(providers + 1));
        let conflicts = if seed.chance(barred) { 1 + seed.below(3) } else { 0 };
        input.households.push(Due {
            village,
            kind: [HouseholdKind::Rural, HouseholdKind::Urban][kind(seed)],
            current,
            conflicts: (0..conflicts).map(|_| seed.below(providers + 1)).collect(),
        });
    }
    input
}
