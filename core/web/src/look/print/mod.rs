//! Paper: contact cards, a village's sheet, activation slips, the rota, an adviser's month.
//! Paper: contact cards, a village's sheet, activation slips, official papers.

pub mod cards;
pub mod paper;
pub mod qr;
pub mod rota;
pub mod scorecard;
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
        sampled::<scorecard::VillageSheet>(),
        sampled::<paper::PaperPrint>(),
    ]
}
