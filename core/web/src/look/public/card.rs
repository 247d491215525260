//! What a household's contact card shows when it is scanned: its lawyer or firm, and nothing of the household.

use serde::Serialize;

use super::place::Adviser;
use crate::look::parts::Call;
use crate::look::{Layout, Say, View};

/// The household's own provider at this moment; an old card always shows the present one.
#[derive(Debug, Serialize)]
pub struct Card {
    /// The lawyer or firm; None while nobody is responsible.
    pub provider: Option<Adviser>,
    /// Whether the provider is a firm.
    pub firm: bool,
    /// The card's secret, which a question asked from here takes along.
    pub token: String,
}

impl View for Card {
    const TEMPLATE: &'static str = "pages/public/card";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("card-title")
    }

    fn samples() -> Vec<Self> {
        let firm = Adviser {
            name: "甘肃雄关律师事务所".to_owned(),
            title: "",
            firm: String::new(),
            call: Call::new("甘肃雄关律师事务所", false, "0937-6226123"),
            ..Adviser::bare()
        };
        vec![
            Self { provider: Some(Adviser::sample()), firm: false, token: String::new() },
            Self { provider: Some(firm), firm: true, token: "x".to_owned() },
            Self { provider: None, firm: false, token: String::new() },
        ]
    }
}

/// A card that was revoked or never existed: the same words for both.
#[derive(Debug, Serialize)]
pub struct Revoked {}

impl View for Revoked {
    const TEMPLATE: &'static str = "pages/public/revoked";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("refusal-card-revoked")
    }

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}
