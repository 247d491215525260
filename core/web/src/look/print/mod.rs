//! Paper: contact cards, a village's sheet, activation slips, the rota, an adviser's month.

pub mod cards;
pub mod qr;
pub mod rota;
pub mod slips;

use super::{Sampled, sampled};

/// Every print template.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<cards::CardSheets>(),
        sampled::<cards::HouseholdCard>(),
        sampled::<cards::VillageSheet>(),
        sampled::<slips::SlipSheets>(),
        sampled::<rota::Rota>(),
        sampled::<rota::MonthSheet>(),
    ]
}
