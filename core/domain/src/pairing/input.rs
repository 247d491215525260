//! What a plan is made from: villages, providers and due households, by compact index.

use serde::{Deserialize, Serialize};

use crate::directory::{HouseholdKind, ProviderKind};

/// The county's rule: which kind of provider each kind of household is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rules {
    /// Who takes rural households.
    pub rural: ProviderKind,
    /// Who takes urban households.
    pub urban: ProviderKind,
}

impl Default for Rules {
    /// Rural households to lawyers, urban ones to firms.
    fn default() -> Self {
        Self { rural: HouseholdKind::Rural.usual_provider(), urban: HouseholdKind::Urban.usual_provider() }
    }
}

impl Rules {
    /// Whether a provider of this kind may take a household of that kind.
    pub fn allows(self, household: HouseholdKind, provider: ProviderKind) -> bool {
        provider
            == match household {
                HouseholdKind::Rural => self.rural,
                HouseholdKind::Urban => self.urban,
            }
    }
}

/// A village or community.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Village {
    /// Number of its township or street; equal numbers are one township.
    pub township: u32,
}

/// Somebody who can be given households.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provider {
    /// Lawyer or firm; a firm and its lawyers are apart, each with its own capacity.
    pub kind: ProviderKind,
    /// Most households at one time.
    pub capacity: u32,
    /// Households that it has and that this plan leaves alone; they count for capacity and balance.
    pub held: u32,
    /// False when inactive or expired: gets nothing.
    pub active: bool,
    /// Villages whose own adviser it is; for a firm those of its lawyers.
    pub serves: Vec<u32>,
}

impl Provider {
    /// How many households of this plan it can take.
    pub fn room(&self) -> u32 {
        if self.active { self.capacity.saturating_sub(self.held) } else { 0 }
    }
}

/// A household that is due a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// Its village.
    pub village: u32,
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// The provider that it has now.
    pub current: Option<u32>,
    /// Providers that must not get it, by reason of a conflict of interest. Rare, so usually empty.
    pub conflicts: Box<[u32]>,
}

/// A whole planning question. Every `village` of a household is an index into `villages`; other numbers that
/// point nowhere are ignored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanInput {
    /// The county's rule.
    pub rules: Rules,
    /// All villages and communities.
    pub villages: Vec<Village>,
    /// All providers.
    pub providers: Vec<Provider>,
    /// All households that are due, in the order that breaks ties.
    pub households: Vec<Due>,
}

impl PlanInput {
    /// Whether provider and household may be paired at all: active, of the right kind, no conflict.
    pub fn may(&self, household: &Due, provider: u32) -> bool {
        self.providers.get(provider as usize).is_some_and(|p| {
            p.active && self.rules.allows(household.kind, p.kind) && !household.conflicts.contains(&provider)
        })
    }

    /// The household's existing pairing where it is valid; moving it is what continuity counts.
    pub fn valid_current(&self, household: &Due) -> Option<u32> {
        household.current.filter(|&provider| self.may(household, provider))
    }

    /// 0 when the provider is the village's own adviser, 1 when it serves another village of the same township,
    /// 2 elsewhere in the county.
    pub fn place_cost(&self, village: u32, provider: u32) -> u8 {
        let serves = &self.providers[provider as usize].serves;
        let township = |v: u32| self.villages.get(v as usize).map(|place| place.township);
        if serves.contains(&village) {
            0
        } else if serves
            .iter()
            .any(|&other| township(other).is_some() && township(other) == township(village))
        {
            1
        } else {
            2
        }
    }
}
