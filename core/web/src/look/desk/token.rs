//! Tokens of programs: list, new, shown once.

use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::{Form, with_words};
use crate::look::parts::{Button, Field, FieldOption, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list, with the form of a new one.
#[derive(Clone, Serialize)]
pub struct TokenList {
    /// The token that was just issued, shown this once; empty otherwise.
    pub issued: String,
    /// The form of a new one.
    pub form: Form,
    /// This page's rows.
    pub rows: Vec<TokenRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One token; the token itself is never shown again.
#[derive(Clone, Serialize)]
pub struct TokenRow {
    /// What it is for.
    pub name: String,
    /// The account in whose name it acts.
    pub user: String,
    /// Issued and last used, in words.
    pub when: String,
    /// In use, expired, revoked; with the date.
    pub state: State,
    /// Where it is revoked; empty where it is no more in use.
    pub revoke: String,
}

/// What was typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenTyped {
    /// What it is for.
    pub purpose: String,
    /// The account's id.
    pub user: String,
    /// Days that it holds.
    pub days: String,
}

/// The form of a new token.
pub fn form(say: &Say<'_>, typed: &TokenTyped, users: Vec<FieldOption>, refusal: Option<&Refusal>) -> Form {
    Form::post("/desk/tokens")
        .field(
            Field::text("purpose", "desk-token-purpose")
                .hint("desk-token-purpose-hint")
                .value(&typed.purpose),
        )
        .field(Field::select("user", "desk-token-user", users).hint("desk-token-user-hint"))
        .field(Field::text("days", "desk-token-days").value(&typed.days).typing("off", "numeric").width(5))
        .button(Button::submit("outline", say.t("desk-token-issue")))
        .maybe_refused(say, refusal)
}

impl View for TokenList {
    const TEMPLATE: &'static str = "pages/desk/token/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-token-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let users = || vec![FieldOption::new("1", "市平台接口（zhpt）", "1")];
            let typed = TokenTyped { days: "90".into(), ..TokenTyped::default() };
            let row = |name: &str, fill: &'static str, word: &str, revoke: &str| TokenRow {
                name: name.into(),
                user: "市平台接口（zhpt）".into(),
                when: "6月1日发的，今天 3:00 用过".into(),
                state: State { fill, word: word.into() },
                revoke: revoke.into(),
            };
            let full = Self {
                issued: "fln_5d1c0f8e4b7a9326e8a1".into(),
                form: form(say, &typed, users(), None),
                rows: vec![
                    row("每晚往市平台送数", "done", "在用，到 2027年2月21日", "/desk/tokens/1/revoke"),
                    row("试接口", "stopped", "已作废", ""),
                ],
                pager: Pager::default(),
            };
            let wrong = Refusal::field("purpose", "required");
            let none = Self {
                issued: String::new(),
                form: form(say, &typed, users(), Some(&wrong)),
                rows: Vec::new(),
                pager: Pager::default(),
            };
            vec![full, none]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<TokenList>()]
}
