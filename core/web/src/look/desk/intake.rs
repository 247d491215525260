//! The window's quick entry: a number, who is calling, the question and its answer on one screen.

use serde::Serialize;

use super::{Filters, Form, Link};
use crate::look::parts::{Field, FieldOption, Notice};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The screen.
#[derive(Clone, Serialize)]
pub struct Intake {
    /// What was recorded last.
    pub done: Option<Notice>,
    /// The number that is calling; posted by itself.
    pub number: Form,
    /// The call; None until a number was looked up, or the clerk goes on without one.
    pub call: Option<Call>,
    /// Finds a case whose number was lost, by name and village.
    pub lost: Filters,
}

/// The call.
#[derive(Clone, Serialize)]
pub struct Call {
    /// The rest of the form; question and answer stand before it.
    pub form: Form,
    /// Who is calling: members of the households with this number, and somebody else.
    pub who: Field,
    /// What was asked.
    pub question: Field,
    /// What was answered; empty leads it to a lawyer.
    pub answer: Field,
    /// Cases of whoever calls, open ones first.
    pub before: Vec<Link>,
    /// Whether the number is in no household.
    pub unknown: bool,
    /// Whether anything below the answer was filled in or refused, so that it stands open.
    pub more: bool,
}

impl View for Intake {
    const TEMPLATE: &'static str = "pages/desk/intake/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-intake-title")
    }

    fn samples() -> Vec<Self> {
        let number =
            Form::post("/desk/intake/caller").field(Field::input("tel", "phone", "desk-intake-phone"));
        let lost = Filters::new("/desk/consultations", vec![Field::text("q", "desk-intake-name")]);
        let empty = Self { done: None, number, call: None, lost };
        let who = vec![
            FieldOption::new("1/0", "张建国 户主 · 新城镇 横沟村", "1/0"),
            FieldOption::new("else", "别人", "1/0"),
        ];
        let call = Call {
            form: Form::post("/desk/intake").keep("phone", "13912345678").field(Field::text("asker", "姓名")),
            who: Field::radios("caller", "desk-intake-who", who),
            question: Field::area("question", "desk-intake-question"),
            answer: Field::area("answer", "desk-intake-answer").error("没有写"),
            before: vec![Link::new("/desk/consultations/1", "咨询 咨〔2026〕12号 已答复")],
            unknown: false,
            more: true,
        };
        let bare = Call { before: Vec::new(), unknown: true, more: false, ..call.clone() };
        let done = Notice::new("done", "记下了：", "咨〔2026〕13号").link("/desk/consultations/1", "打开");
        vec![
            empty.clone(),
            Self { done: Some(done), ..empty.clone() },
            Self { call: Some(call), ..empty.clone() },
            Self { call: Some(bare), ..empty },
        ]
    }
}

/// Views of the quick entry.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Intake>()]
}
