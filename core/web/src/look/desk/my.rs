//! A resident's own page: the own cases, and who has read them.

use serde::Serialize;

use super::case::CaseRow;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Own cases and their readings.
#[derive(Clone, Serialize)]
pub struct My {
    /// Own cases of every kind, newest first.
    pub rows: Vec<CaseRow>,
    /// Who has read them.
    pub readings: Vec<MyReading>,
}

/// A reading.
#[derive(Clone, Serialize)]
pub struct MyReading {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// Which case.
    pub number: String,
}

impl View for My {
    const TEMPLATE: &'static str = "pages/desk/my/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-my-title")
    }

    fn samples() -> Vec<Self> {
        let rows =
            super::case::CaseList::samples().into_iter().next().map(|list| list.rows).unwrap_or_default();
        let reading = MyReading {
            at: "11月20日 09:30".to_owned(),
            who: "蔡志生".to_owned(),
            number: "咨〔2026〕12号".to_owned(),
        };
        vec![Self { rows, readings: vec![reading] }, Self { rows: Vec::new(), readings: Vec::new() }]
    }
}

/// Views of a resident's own page.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<My>()]
}
