//! A resident's own page: the own cases, and who has read them.

use serde::Serialize;

use super::{Form, with_words};
use crate::look::parts::{Button, Call, Deadline, Fact, State};
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
    /// Where the reader asks for something to be erased; empty as above, and for whoever stands for a household.
    pub erase: String,
    /// What the reader's household has asked to be erased; None for whoever stands for none.
    pub erasure: Option<MyErasure>,
}

/// The household's wish for erasure.
#[derive(Clone, Serialize)]
pub struct MyErasure {
    /// Where it stands, in words; empty where nothing was asked.
    pub now: String,
    /// Why, in the county's words; may be empty.
    pub reason: String,
    /// Whether the household is only stored: there is nothing else to see then.
    pub stored: bool,
    /// What can be asked for now; None where the county's answer is waited for.
    pub ask: Option<Form>,
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

/// The form with one button that asks for `action`.
pub fn erasure_form(say: &Say<'_>, action: &str, label: &str) -> Form {
    let button = Button::submit("low", say.t(label)).named("action", action);
    Form::post("/my/erasure").button(button)
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
            erase: String::new(),
            erasure: None,
        };
        let bare =
            Self { lawyer: None, rows: Vec::new(), readings: Vec::new(), home: Some(unread), ..full.clone() };
        let staff = Self { home: None, correct: String::new(), ..bare.clone() };
        let alone = Self { erase: ask, ..bare.clone() };
        let mut all = vec![full, bare, staff, alone];
        all.extend(with_words(|say| {
            let asked = |now: &str, stored, ask| MyErasure {
                now: now.to_owned(),
                reason: "案卷依法还要保存".to_owned(),
                stored,
                ask,
            };
            let with = |erasure| Self { erasure: Some(erasure), ..all[1].clone() };
            let first = Some(erasure_form(say, "ask", "erase-my-ask"));
            let back = Some(erasure_form(say, "ask_lift", "erase-my-lift"));
            vec![
                with(asked("", false, first)),
                with(asked(&say.with("erase-my-asked", &[("day", "2026年3月2日")]), false, None)),
                Self { home: None, ..with(asked("只保存", true, back)) },
            ]
        }));
        all
    }
}

/// Views of a resident's own page.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<My>()]
}
