//! The figures of a plan, kept with it as JSON: what a person decides by, and what undo needs to know.

use falin_domain::directory::HouseholdKind;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::pairing::{Plan as Solved, Reason};
use falin_domain::time::Date;
use falin_domain::words::{AdviserPostId, DivisionId, FirmId, HouseholdId};
use falin_store::{Fault, Stop};
use serde::{Deserialize, Serialize};

use super::question::Question;

/// A plan's figures.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Households that were due.
    pub households: u32,
    /// With the plan.
    pub plan: Figures,
    /// As things stood when it was made.
    pub today: Figures,
    /// Existing valid pairings that do not stay.
    pub moved: u32,
    /// Households that have somebody and get somebody else or nobody, valid or not before.
    pub changed: u32,
    /// Households that had nobody and get somebody.
    pub started: u32,
    /// Who stays without, by village, kind and reason.
    pub unplaced: Vec<Gap>,
    /// Everybody who has or gets households or could, in the order of the county's providers.
    pub loads: Vec<Load>,
    /// Households that a person placed, and what the plan had said of them.
    #[serde(default)]
    pub overridden: Vec<Overridden>,
    /// What else a leaver's handover does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaver: Option<Leaver>,
}

/// How good an assignment is.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Households with a provider.
    pub placed: u32,
    /// Of these with the village's own adviser, with one of the township, with one of the county.
    pub by_place: [u32; 3],
    /// Sum of place costs (contract.md "Pairing plan").
    pub place_cost: u64,
    /// Σ load² ÷ capacity over all providers, to six decimals.
    pub balance: f64,
    /// Largest load ÷ capacity.
    pub max_load_share: f64,
}

/// Households of a village that stay without.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gap {
    /// The village.
    pub village: DivisionId,
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// Why.
    pub reason: Reason,
    /// How many.
    pub households: u32,
    /// How many places free of conflict are missing for them.
    pub shortfall: u32,
}

/// A provider's load.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Load {
    /// Who.
    pub who: ProviderRef,
    /// Households when the plan was made.
    pub before: u32,
    /// Households with the plan.
    pub after: u32,
    /// Most households.
    pub capacity: u32,
    /// Whether they could be given any.
    pub active: bool,
}

/// A household that a person placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    /// The household.
    pub household: HouseholdId,
    /// Whom the plan had given it, so that the choice can be taken back.
    pub proposed: Option<ProviderRef>,
}

/// What a handover does besides moving households, with what undo restores.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Leaver {
    /// Whether the worker leaves for good, or is away for a while.
    pub why: Why,
    /// Whether the worker was active when it was planned, so that undo knows what to restore.
    pub was_active: bool,
    /// Adviser posts that end with it: their villages need a new adviser.
    pub posts: Vec<EndedPost>,
    /// Firms that have more households than their remaining lawyers can take.
    pub overfull: Vec<Overfull>,
}

/// Why somebody's households are handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// For good: the worker becomes inactive and the adviser posts end.
    Left,
    /// For a while: only the households move.
    Leave,
}

/// An adviser post that ends with its holder's leaving.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EndedPost {
    /// The post.
    pub id: AdviserPostId,
    /// Its village.
    pub division: DivisionId,
    /// Its last day as agreed; None while open.
    pub to_date: Option<Date>,
}

/// A firm beyond its capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Overfull {
    /// The firm.
    pub firm: FirmId,
    /// Its households.
    pub load: u32,
    /// Its capacity without the leaver.
    pub capacity: u32,
}

impl Figures {
    fn of(solved: &Solved) -> Self {
        Self {
            placed: solved.placed,
            by_place: solved.by_place,
            place_cost: solved.place_cost,
            // The exact sum's own six decimals, so that equal plans print equal figures.
            balance: solved.balance.to_string().parse().unwrap_or_else(|_| solved.balance.value()),
            max_load_share: solved.max_load_share,
        }
    }
}

impl Summary {
    /// The figures of an answer to a question.
    pub(crate) fn of(question: &Question, solved: &Solved) -> Self {
        let today = Solved::of(&question.input, question.today.clone());
        let (mut changed, mut started) = (0, 0);
        for (before, after) in question.today.iter().zip(&solved.assignment) {
            changed += u32::from(before.is_some() && before != after);
            started += u32::from(before.is_none() && after.is_some());
        }
        let gap = |gap: &falin_domain::pairing::Unplaced| Gap {
            village: question.villages[gap.village as usize],
            kind: gap.kind,
            reason: gap.reason,
            households: gap.households,
            shortfall: gap.shortfall,
        };
        Self {
            households: question.dues.len() as u32,
            plan: Figures::of(solved),
            today: Figures::of(&today),
            moved: solved.moved,
            changed,
            started,
            unplaced: solved.unplaced.iter().map(gap).collect(),
            loads: loads(question, solved),
            overridden: Vec::new(),
            leaver: None,
        }
    }

    /// As kept in the row.
    ///
    /// # Errors
    /// A fault where the row is not what this program writes.
    pub fn parse(text: &str) -> Result<Self, Stop> {
        serde_json::from_str(text).map_err(|error| Fault::new("plan", error.to_string()).into())
    }

    /// Into the row.
    pub(crate) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string(self).map_err(|error| Fault::new("plan", error.to_string()).into())
    }

    /// Households that stay without.
    pub fn without(&self) -> u32 {
        self.unplaced.iter().map(|gap| gap.households).sum()
    }
}

fn loads(question: &Question, solved: &Solved) -> Vec<Load> {
    let providers = question.providers.iter().zip(&question.input.providers).zip(&solved.loads);
    let load =
        |((known, provider), &after): ((&super::question::Known, &falin_domain::pairing::Provider), &u32)| {
            Load {
                who: known.who,
                before: known.before,
                after,
                capacity: provider.capacity,
                active: provider.active,
            }
        };
    providers.map(load).filter(|load| load.active || load.before > 0 || load.after > 0).collect()
}
