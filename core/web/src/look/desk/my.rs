//! A resident's own page: the own cases, and who has read them.

use serde::Serialize;

use crate::look::parts::{Call, Deadline, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Own lawyer, own cases and their readings.
#[derive(Clone, Serialize)]
pub struct My {
    /// Who looks after the reader's household; None where nobody does, or the account has no household.
    pub lawyer: Option<MyLawyer>,
    /// Own cases of every kind: those that wait for the reader, then the open ones, then the rest, newest first.
    pub rows: Vec<MyCase>,
    /// Who has read them.
    pub readings: Vec<MyReading>,
}

/// An own case.
#[derive(Clone, Serialize)]
pub struct MyCase {
    /// The case.
    pub href: String,
    /// What it is about, else what kind it is.
    pub what: String,
    /// Kind and number.
    pub about: String,
    /// Where it stands.
    pub state: State,
    /// Whether it waits for the reader.
    pub mine: bool,
    /// By when something is to be done, while it is open.
    pub due: Option<Deadline>,
    /// Who leads it; may be empty.
    pub worker: String,
    /// The day it began.
    pub day: String,
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
        let row = MyCase {
            href: "/desk/legal-aid/1".to_owned(),
            what: "请求支付劳动报酬".to_owned(),
            about: "法律援助申请 援申〔2026〕12号".to_owned(),
            state: State { fill: "half", word: "待补材料".to_owned() },
            mine: true,
            due: Some(Deadline { shape: "soon", text: "还有 2 天".to_owned(), note: String::new() }),
            worker: "蔡志生".to_owned(),
            day: "11月20日".to_owned(),
        };
        let calm = MyCase { mine: false, due: None, worker: String::new(), ..row.clone() };
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
            Self { lawyer: Some(lawyer), rows: vec![row, calm], readings: vec![reading] },
            Self { lawyer: None, rows: Vec::new(), readings: Vec::new() },
        ]
    }
}

/// Views of a resident's own page.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<My>()]
}
