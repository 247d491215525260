//! Consent of both sides, where a county wants it: what waits, and one answer recorded.

use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::{Form, Link, with_words};
use crate::look::parts::{Button, Fact, Field, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Pairings that wait for an answer: a lawyer's own, or all of a place for a clerk.
#[derive(Clone, Serialize)]
pub struct ConsentList {
    /// How many, in words.
    pub count: String,
    /// This page's rows.
    pub rows: Vec<ConsentRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One pairing that waits.
#[derive(Clone, Serialize)]
pub struct ConsentRow {
    /// The household.
    pub household: Link,
    /// Village with its township.
    pub village: String,
    /// The lawyer or firm.
    pub provider: String,
    /// The provider's answer.
    pub theirs: State,
    /// What was said with it; may be empty.
    pub their_note: String,
    /// The household's answer.
    pub household_says: State,
    /// What was said with it; may be empty.
    pub household_note: String,
    /// Where the answer is recorded; empty where it is somebody else's turn.
    pub answer: String,
}

/// What was chosen and typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentTyped {
    /// `accept` or `decline`.
    pub answer: String,
    /// How the household said it: `paper`, `phone`, `visit`; for the household's answer only.
    pub how: String,
    /// Why declined.
    pub reason: String,
}

/// Whose answer is recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The lawyer or firm answers for itself.
    Provider,
    /// A clerk or the lawyer records what the household said.
    Household,
}

/// Recording one answer.
#[derive(Clone, Serialize)]
pub struct ConsentAnswer {
    /// Whether it is the household's answer.
    pub of_household: bool,
    /// The household and the provider.
    pub facts: Vec<Fact>,
    /// The form.
    pub form: Form,
}

impl ConsentAnswer {
    /// The form posted to `action`.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        side: Side,
        facts: Vec<Fact>,
        typed: &ConsentTyped,
        refusal: Option<&Refusal>,
    ) -> Self {
        let of_household = side == Side::Household;
        let (list, label) = match side {
            Side::Provider => ("desk-consent-provider", "desk-consent-provider"),
            Side::Household => ("desk-consent-household", "desk-consent-household"),
        };
        let answers = super::code_options(say, list, &["accept", "decline"], &typed.answer);
        let mut form = Form::post(action).field(Field::radios("answer", label, answers));
        if of_household {
            let hows = super::code_options(say, "desk-consent-how", &["paper", "phone", "visit"], &typed.how);
            form = form.field(Field::radios("how", "desk-consent-how", hows));
        }
        let reason = Field::text("reason", "desk-consent-reason")
            .hint("desk-consent-reason-hint")
            .value(&typed.reason);
        let form = form
            .field(reason.optional())
            .button(Button::submit("primary", say.t("desk-consent-record")))
            .button(Button::link("low", say.t("desk-cancel"), "/desk/consents"))
            .maybe_refused(say, refusal);
        Self { of_household, facts, form }
    }
}

impl View for ConsentList {
    const TEMPLATE: &'static str = "pages/desk/consent/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-consent-list-title")
    }

    fn samples() -> Vec<Self> {
        let said = |fill: &'static str, word: &str| State { fill, word: word.into() };
        let row = |head: &str, theirs: State, household_says: State, answer: &str| ConsentRow {
            household: Link::new("/desk/households/1", head),
            village: "新城镇 横沟村".into(),
            provider: "贾浩 律师".into(),
            their_note: if theirs.fill == "stopped" { "和对方是亲戚".into() } else { String::new() },
            theirs,
            household_says,
            household_note: String::new(),
            answer: answer.into(),
        };
        let full = Self {
            count: "共 3 户".into(),
            rows: vec![
                row("马建国", said("empty", "还没答应"), said("done", "已答应"), "/desk/consents/1"),
                row("曾玉兰", said("done", "已答应"), said("empty", "还没答应"), "/desk/consents/2"),
                row("李振华", said("stopped", "不同意"), said("done", "已答应"), ""),
            ],
            pager: Pager::default(),
        };
        let none = Self { count: String::new(), rows: Vec::new(), ..full.clone() };
        vec![full, none]
    }
}

impl View for ConsentAnswer {
    const TEMPLATE: &'static str = "pages/desk/consent/answer";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.of_household { "desk-consent-household" } else { "desk-consent-provider" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let facts = || {
                vec![
                    Fact::new("desk-household-head", "马建国").note("新城镇 横沟村"),
                    Fact::new("desk-household-provider", "贾浩 律师").note("甘肃嘉峪律师事务所"),
                ]
            };
            let typed = ConsentTyped { answer: "decline".into(), ..ConsentTyped::default() };
            let wrong = Refusal::field("reason", "reason.missing");
            let blank = ConsentTyped::default();
            vec![
                Self::new(say, "/desk/consents/1", Side::Provider, facts(), &blank, None),
                Self::new(say, "/desk/consents/1", Side::Household, facts(), &blank, None),
                Self::new(say, "/desk/consents/1", Side::Provider, facts(), &typed, Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<ConsentList>(), sampled::<ConsentAnswer>()]
}
