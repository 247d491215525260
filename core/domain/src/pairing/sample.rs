//! Counties out of a seed, for tests and measurements: the same seed gives the same county everywhere.

use super::input::{Due, PlanInput, Provider, Rules, Village};
use crate::directory::{HouseholdKind, ProviderKind};

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): enough for samples, never for secrets.
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `end` − 1; 0 when `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(end)) >> 64) as u32
    }

    /// True in `per_mille` of a thousand cases.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }
}

/// A rural county: villages of unequal size in townships of about six, each with an adviser, about 7 % more
/// places than households, one household in two hundred in conflict with somebody, nobody paired yet.
pub fn county(providers: u32, households: u32, villages: u32, seed: u64) -> PlanInput {
    let mut input = PlanInput {
        rules: Rules::default(),
        villages: Vec::new(),
        providers: Vec::new(),
        households: Vec::new(),
    };
    add(&mut input, ProviderKind::Lawyer, [providers, households, villages], &mut Seed::new(seed));
    input
}

/// A county of the size of Jiayuguan: 76 lawyers for 6,196 rural households in 17 villages and 14 firms for
/// 5,374 urban ones in 31 communities.
pub fn jiayuguan(seed: u64) -> PlanInput {
    let mut input = county(76, 6_196, 17, seed);
    add(&mut input, ProviderKind::Firm, [14, 5_374, 31], &mut Seed::new(seed ^ 1));
    input
}

/// The same county after the plan took effect: everybody has whom the plan gave them.
pub fn settled(mut input: PlanInput, assignment: &[Option<u32>]) -> PlanInput {
    for (due, provider) in input.households.iter_mut().zip(assignment) {
        due.current = *provider;
    }
    input
}

fn add(
    input: &mut PlanInput,
    kind: ProviderKind,
    [providers, households, villages]: [u32; 3],
    seed: &mut Seed,
) {
    let (first_village, first_provider) = (input.villages.len() as u32, input.providers.len() as u32);
    let township = input.villages.last().map_or(0, |last| last.township + 1);
    input.villages.extend((0..villages).map(|village| Village { township: township + village / 6 }));
    let each = households / providers.max(1) + 1;
    for _ in 0..providers {
        let capacity = each * (900 + seed.below(340)) / 1000 + 1;
        input.providers.push(Provider { kind, capacity, held: 0, active: true, serves: Vec::new() });
    }
    for village in 0..villages.max(providers) {
        let adviser = first_provider + if village < providers { village } else { seed.below(providers) };
        if let Some(adviser) = input.providers.get_mut(adviser as usize) {
            adviser.serves.push(first_village + village % villages.max(1));
        }
    }
    let household_kind = match kind {
        ProviderKind::Lawyer => HouseholdKind::Rural,
        ProviderKind::Firm => HouseholdKind::Urban,
    };
    for _ in 0..households {
        // The smaller of two draws makes the first villages the largest.
        let village = first_village + seed.below(villages).min(seed.below(villages));
        let conflicted = seed.chance(5);
        let conflicts =
            if conflicted { Box::from([first_provider + seed.below(providers)]) } else { Box::from([]) };
        input.households.push(Due { village, kind: household_kind, current: None, conflicts });
    }
}
