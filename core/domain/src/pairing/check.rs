//! Judges any assignment by the rules and by the four aims, knowing nothing of how it was made.

use std::cmp::{Ordering, Reverse};

use super::balance::Balance;
use super::input::PlanInput;
use crate::refusal::Refusal;

/// A rule that an assignment breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Violation {
    /// There is not exactly one entry per household.
    Length,
    /// The provider does not exist.
    Unknown { household: u32 },
    /// The provider is inactive or expired.
    Inactive { household: u32, provider: u32 },
    /// The county's rule gives such households to another kind of provider.
    Kind { household: u32, provider: u32 },
    /// Provider and household are in conflict of interest.
    Conflict { household: u32, provider: u32 },
    /// The provider would have more households than it can take.
    Capacity { provider: u32, load: u64, capacity: u32 },
}

impl Violation {
    /// The refusal that a commit answers with.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Length | Self::Unknown { .. } | Self::Kind { .. } => Refusal::new("plan.changed"),
            Self::Inactive { .. } => Refusal::new("pairing.not_active"),
            Self::Conflict { .. } => Refusal::new("pairing.conflict"),
            Self::Capacity { load, capacity, .. } => {
                Refusal::new("pairing.capacity").with("load", load).with("capacity", capacity)
            }
        }
    }
}

/// Every rule that the assignment breaks, by household, then by provider; empty for a plan that may take effect.
pub fn verify(input: &PlanInput, assignment: &[Option<u32>]) -> Vec<Violation> {
    if assignment.len() != input.households.len() {
        return vec![Violation::Length];
    }
    let mut broken = Vec::new();
    let mut loads: Vec<u64> = input.providers.iter().map(|p| u64::from(p.held)).collect();
    let mut given = vec![false; loads.len()];
    for (index, (due, chosen)) in input.households.iter().zip(assignment).enumerate() {
        let (household, Some(provider)) = (index as u32, *chosen) else { continue };
        let Some(whom) = input.providers.get(provider as usize) else {
            broken.push(Violation::Unknown { household });
            continue;
        };
        loads[provider as usize] += 1;
        given[provider as usize] = true;
        if !whom.active {
            broken.push(Violation::Inactive { household, provider });
        }
        if !input.rules.allows(due.kind, whom.kind) {
            broken.push(Violation::Kind { household, provider });
        }
        if due.conflicts.contains(&provider) {
            broken.push(Violation::Conflict { household, provider });
        }
    }
    for (provider, whom) in input.providers.iter().enumerate() {
        // What a provider held before is not this assignment's doing.
        if given[provider] && loads[provider] > u64::from(whom.capacity) {
            let (load, capacity) = (loads[provider], whom.capacity);
            broken.push(Violation::Capacity { provider: provider as u32, load, capacity });
        }
    }
    broken
}

/// The four aims of a plan; less is better, compared in this order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Objective {
    /// Households with a provider; more is better.
    pub placed: u64,
    /// Valid pairings that do not stay.
    pub moved: u64,
    /// Sum of place costs.
    pub place_cost: u64,
    /// Σ load² ÷ capacity.
    pub balance: Balance,
}

impl Ord for Objective {
    fn cmp(&self, other: &Self) -> Ordering {
        let counts = |o: &Self| (Reverse(o.placed), o.moved, o.place_cost);
        counts(self).cmp(&counts(other)).then_with(|| self.balance.cmp(&other.balance))
    }
}

impl PartialOrd for Objective {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How good an assignment is; its providers must exist.
pub fn objective(input: &PlanInput, assignment: &[Option<u32>]) -> Objective {
    let mut loads: Vec<u32> = input.providers.iter().map(|p| p.held).collect();
    let (mut placed, mut moved, mut place_cost) = (0, 0, 0);
    for (due, chosen) in input.households.iter().zip(assignment) {
        if let Some(current) = due.current {
            let valid = input.providers.get(current as usize).is_some_and(|whom| {
                whom.active
                    && input.rules.allows(due.kind, whom.kind)
                    && due.conflicts.iter().all(|&barred| barred != current)
            });
            moved += u64::from(valid && *chosen != Some(current));
        }
        let Some(provider) = *chosen else { continue };
        placed += 1;
        loads[provider as usize] += 1;
        let home = input.villages[due.village as usize].township;
        let nearest = input.providers[provider as usize].serves.iter().map(|&served| {
            let same = input.villages.get(served as usize).is_some_and(|place| place.township == home);
            if served == due.village { 0 } else { 2 - u64::from(same) }
        });
        place_cost += nearest.min().unwrap_or(2);
    }
    let balance = Balance::of(loads.iter().zip(&input.providers).map(|(&load, whom)| (load, whom.capacity)));
    Objective { placed, moved, place_cost, balance }
}
