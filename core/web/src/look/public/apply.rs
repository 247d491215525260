//! Applying without an account: where, one question a page, the check, the number; and the eligibility helper.

use serde::Serialize;

use crate::look::desk::Form;
use crate::look::parts::{Button, Choice, Field, FieldOption};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Where the matter belongs.
#[derive(Clone, Serialize)]
pub struct Where {
    /// Legal aid; else mediation.
    pub aid: bool,
    /// The township that was chosen; empty at first.
    pub name: String,
    /// Townships or villages.
    pub places: Vec<Choice>,
    /// The eligibility helper.
    pub quiz: String,
}

/// One page of questions.
#[derive(Clone, Serialize)]
pub struct Ask {
    /// Legal aid; else mediation.
    pub aid: bool,
    /// Where.
    pub place: String,
    /// Which page, from 1.
    pub at: String,
    /// Of how many.
    pub of: String,
    /// The questions.
    pub form: Form,
}

/// Everything that was answered, to be checked.
#[derive(Clone, Serialize)]
pub struct Check {
    /// Legal aid; else mediation.
    pub aid: bool,
    /// Where.
    pub place: String,
    /// The answers.
    pub rows: Vec<CheckRow>,
    /// Carries them, and sends.
    pub form: Form,
}

/// An answer.
#[derive(Clone, Serialize)]
pub struct CheckRow {
    /// The question.
    pub label: String,
    /// What was answered.
    pub lines: Vec<String>,
    /// The button's value that leads back to it.
    pub page: String,
    /// The button's word.
    pub change: String,
}

/// It has arrived.
#[derive(Clone, Serialize)]
pub struct Applied {
    /// Legal aid; else mediation.
    pub aid: bool,
    /// Its number.
    pub number: String,
    /// The day by which it is decided; empty where the law names none.
    pub due: String,
    /// The article; may be empty.
    pub source: String,
    /// Where the progress is seen.
    pub progress: String,
}

/// The eligibility helper.
#[derive(Clone, Serialize)]
pub struct Quiz {
    /// The question.
    pub form: Form,
    /// Which one it is.
    pub at: String,
    /// Of how many.
    pub of: String,
    /// What the law says to the answers; None before they were given.
    pub advised: Option<Advised>,
    /// Where one applies.
    pub apply: String,
}

/// What the law says.
#[derive(Clone, Serialize)]
pub struct Advised {
    /// Whether it is likely.
    pub likely: bool,
    /// Why, each with its article.
    pub grounds: Vec<String>,
    /// Where the county's limit comes from; may be empty.
    pub source: String,
}

fn sample_form() -> Form {
    let options = vec![FieldOption::new("wages", "劳动报酬", ""), FieldOption::new("other", "其他", "")];
    Form::post("/zh/620200/legal-aid/apply")
        .keep("place", "620201100201")
        .field(Field::radios("matter", "申请事项", options))
        .button(Button::submit("primary", "下一步").named("go", "next"))
        .redrawn("page-1")
}

impl View for Where {
    const TEMPLATE: &'static str = "pages/public/apply-where";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.aid { "apply-aid-title" } else { "apply-mediation-title" })
    }

    fn samples() -> Vec<Self> {
        let places =
            vec![Choice::counted("/zh/620200/legal-aid/apply?in=620201100", "新城镇", "count-villages", 7)];
        let quiz = "/zh/620200/legal-aid/check".to_owned();
        let first = Self { aid: true, name: String::new(), places, quiz };
        vec![first.clone(), Self { aid: false, name: "新城镇".into(), ..first }]
    }
}

impl View for Ask {
    const TEMPLATE: &'static str = "pages/public/apply-ask";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.aid { "apply-aid-title" } else { "apply-mediation-title" })
    }

    fn redrawn_by(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn samples() -> Vec<Self> {
        let of =
            |aid, form| Self {
                aid, place: "新城镇 野麻湾村".into(), at: "1".into(), of: "8".into(), form
            };
        let mut wrong = sample_form();
        wrong.fields.iter_mut().for_each(|field| field.error = "请选一项".into());
        vec![of(true, sample_form()), of(false, wrong)]
    }
}

impl View for Check {
    const TEMPLATE: &'static str = "pages/public/apply-check";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("apply-check-title")
    }

    fn redrawn_by(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn samples() -> Vec<Self> {
        let row = |lines: &[&str]| CheckRow {
            label: "案情和请求".into(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            page: "page-1".into(),
            change: "改".into(),
        };
        let rows = vec![row(&["欠薪三个月", "想要回工资"]), row(&[])];
        vec![Self { aid: true, place: "新城镇 野麻湾村".into(), rows, form: sample_form() }]
    }
}

impl View for Applied {
    const TEMPLATE: &'static str = "pages/public/apply-done";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("apply-done-title")
    }

    fn samples() -> Vec<Self> {
        let done = Self {
            aid: true,
            number: "援申〔2026〕12号".into(),
            due: "2026年12月3日(周四)".into(),
            source: "法律援助法第四十三条".into(),
            progress: "/zh/620200/progress".into(),
        };
        vec![done.clone(), Self { aid: false, due: String::new(), source: String::new(), ..done }]
    }
}

impl View for Quiz {
    const TEMPLATE: &'static str = "pages/public/quiz";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("quiz-title")
    }

    fn redrawn_by(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn samples() -> Vec<Self> {
        let apply = "/zh/620200/legal-aid/apply".to_owned();
        let ask = Self { form: sample_form(), at: "1".into(), of: "6".into(), advised: None, apply };
        let advised = |likely, source: &str| Advised {
            likely,
            grounds: vec!["属于第31条列出的事项".into()],
            source: source.into(),
        };
        let told = |likely, source| Self { advised: Some(advised(likely, source)), ..ask.clone() };
        let later = Self { at: "2".into(), ..ask.clone() };
        vec![ask.clone(), later, told(true, "甘肃省法律援助条例"), told(false, "")]
    }
}

/// These views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Where>(), sampled::<Ask>(), sampled::<Check>(), sampled::<Applied>(), sampled::<Quiz>()]
}
