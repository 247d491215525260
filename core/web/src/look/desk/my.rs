//! A resident's own page: the own cases, and who has read them.

use serde::Serialize;

use crate::look::parts::{Call, Deadline, Fact, State};
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
    /// What is kept of the reader's household; None where the account is tied to none.
    pub home: Option<MyHome>,
    /// Where the reader asks for a correction; empty for whoever is no resident.
    pub correct: String,
    /// Where the reader asks for something to be erased; empty as above.
    pub erase: String,
}

/// The reader's own household.
#[derive(Clone, Serialize)]
pub struct MyHome {
    /// What is kept, numbers masked.
    pub facts: Vec<Fact>,
    /// Who has read it, and why.
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
    /// Which case, or why.
    pub what: String,
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
            what: "咨〔2026〕12号".to_owned(),
        };
        let lawyer = MyLawyer {
            name: "蔡志生 律师".to_owned(),
            firm: "甘肃雄关律师事务所".to_owned(),
            call: Call::new("蔡志生", true, "17551056720"),
        };
        let looked = MyReading { what: "打电话联系".to_owned(), ..reading.clone() };
        let facts = vec![
            Fact::new("desk-household-head", "张建国"),
            Fact::new("desk-household-village", "新城镇 横沟村"),
            Fact::new("desk-household-phone", "139****5678"),
            Fact::new("desk-my-number", "620201********0012"),
            Fact::new("desk-my-member", "李秀英 配偶 2020年1月1日 起"),
            Fact::new("desk-my-category", "低保户 2024年3月1日 起"),
        ];
        let home = MyHome { facts, readings: vec![looked] };
        let unread = MyHome { readings: Vec::new(), ..home.clone() };
        let ask = "/desk/consultations/new?kind=complaint".to_owned();
        let full = Self {
            lawyer: Some(lawyer),
            rows: vec![row, calm],
            readings: vec![reading],
            home: Some(home),
            correct: ask.clone(),
            erase: ask,
        };
        let bare =
            Self { lawyer: None, rows: Vec::new(), readings: Vec::new(), home: Some(unread), ..full.clone() };
        let staff = Self { home: None, correct: String::new(), erase: String::new(), ..bare.clone() };
        vec![full, bare, staff]
    }
}

/// Views of a resident's own page.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<My>()]
}
