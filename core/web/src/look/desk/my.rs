//! A resident's own page: the own cases, and who has read them.

use serde::Serialize;

use super::case::CaseRow;
use crate::look::parts::Call;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Own lawyer, own cases and their readings.
#[derive(Clone, Serialize)]
pub struct My {
    /// Who looks after the reader's household; None where nobody does, or the account has no household.
    pub lawyer: Option<MyLawyer>,
    /// Own cases of every kind, newest first.
    pub rows: Vec<CaseRow>,
    /// Who has read them.
    pub readings: Vec<MyReading>,
}

/// Who looks after the reader's household.
#[derive(Clone, Serialize)]
pub struct MyLawyer {
    /// Name with title.
    pub name: String,
    /// The firm; empty for a firm itself.
    pub firm: String,
    /// The call button; None where no number is public.
    pub call: Option<Call>,
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
        let lawyer = MyLawyer {
            name: "蔡志生 律师".to_owned(),
            firm: "甘肃雄关律师事务所".to_owned(),
            call: Call::new("蔡志生", true, "17551056720"),
        };
        vec![
            Self { lawyer: Some(lawyer), rows, readings: vec![reading] },
            Self { lawyer: None, rows: Vec::new(), readings: Vec::new() },
        ]
    }
}

/// Views of a resident's own page.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<My>()]
}
