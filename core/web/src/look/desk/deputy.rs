//! Deputies: who stands in for whom, and the form that names one.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::worker::tabs;
use super::{Form, Tab, with_words};
use crate::look::parts::{Button, Field, FieldOption, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list.
#[derive(Clone, Serialize)]
pub struct DeputyList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// Deputies that are on or to come.
    pub rows: Vec<DeputyRow>,
    /// Names one; None without the right.
    pub form: Option<Form>,
}

/// One deputy.
#[derive(Clone, Serialize)]
pub struct DeputyRow {
    /// Who is away.
    pub worker: String,
    /// Page of that worker.
    pub href: String,
    /// Who stands in.
    pub deputy: String,
    /// From when to when, in words.
    pub span: String,
    /// On or to come.
    pub state: State,
    /// Ends it; None without the right.
    pub end: Option<Form>,
}

/// What was typed.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct DeputyTyped {
    /// Id of who is away.
    pub worker: String,
    /// Id of who stands in.
    pub deputy: String,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO).
    pub to: String,
}

/// The form that names a deputy; `workers` and `deputies` are the same people with each one's choice.
pub fn deputy_form(
    say: &Say<'_>,
    typed: &DeputyTyped,
    (workers, deputies): (Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let date = |name: &'static str, label| Field::input("date", name, label).width(10);
    Form::post("/desk/deputies")
        .field(Field::select("worker", "desk-deputy-worker", workers))
        .field(Field::select("deputy", "desk-deputy-deputy", deputies).hint("desk-deputy-deputy-hint"))
        .field(date("from", "desk-leave-from").value(&typed.from))
        .field(date("to", "desk-leave-to").value(&typed.to))
        .button(Button::submit("primary", say.t("desk-deputy-act")))
        .maybe_refused(say, refusal)
}

impl View for DeputyList {
    const TEMPLATE: &'static str = "pages/desk/deputy/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-deputy-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let people = |current: &str| vec![FieldOption::new("1", "贾浩", current)];
            let form = |typed: &DeputyTyped, refusal: Option<&Refusal>| {
                deputy_form(say, typed, (people(&typed.worker), people(&typed.deputy)), refusal)
            };
            let row = DeputyRow {
                worker: "贾浩".into(),
                href: "/desk/workers/1".into(),
                deputy: "蔡志生".into(),
                span: "2026年11月24日 到 2027年4月30日".into(),
                state: State { fill: "half", word: "正在代班".into() },
                end: Some(
                    Form::post("/desk/deputies/1/end")
                        .button(Button::submit("low", say.t("desk-deputy-end"))),
                ),
            };
            let read = DeputyRow { end: None, ..row.clone() };
            let wrong = Refusal::field("to", "date.invalid");
            let typed = DeputyTyped { worker: "1".into(), ..DeputyTyped::default() };
            let tabs = tabs("/desk/deputies");
            vec![
                Self { tabs: tabs.clone(), rows: vec![row], form: Some(form(&DeputyTyped::default(), None)) },
                Self { tabs: tabs.clone(), rows: Vec::new(), form: Some(form(&typed, Some(&wrong))) },
                Self { tabs, rows: vec![read], form: None },
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<DeputyList>()]
}
