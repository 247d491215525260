//! Calls that clerks make where no notice reaches.

use serde::Serialize;

use crate::look::desk::Tab;
use crate::look::parts::{Button, ErrorSummary, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list.
#[derive(Clone, Serialize)]
pub struct CallList {
    /// Waiting and done.
    pub tabs: Vec<Tab>,
    /// How many, in words.
    pub count: String,
    /// Why the last act was refused.
    pub errors: Option<ErrorSummary>,
    /// This page's rows, the longest waiting first.
    pub rows: Vec<CallRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One person to call.
#[derive(Clone, Default, Serialize)]
pub struct CallRow {
    /// The person.
    pub name: String,
    /// Number as it is dialled; empty where none is known.
    pub number: String,
    /// Number as it is read.
    pub spoken: String,
    /// All that is to be told.
    pub texts: Vec<String>,
    /// Why a call.
    pub why: String,
    /// Where and since when.
    pub place: String,
    /// How it ended; empty while it waits.
    pub outcome: String,
    /// Where the outcome is posted; empty once it ended, or without the right.
    pub action: String,
    /// The calls that one call makes, with the versions that were read.
    pub told: String,
    /// Reached, not reached, no longer needed.
    pub acts: Vec<Button>,
}

impl View for CallList {
    const TEMPLATE: &'static str = "pages/desk/call/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-call-list-title")
    }

    fn samples() -> Vec<Self> {
        let tab = |href, label, current| Tab { href, label, current };
        let row = |action: &str, outcome: &str, number: &str| CallRow {
            name: "张秀英".into(),
            number: number.into(),
            spoken: number.into(),
            texts: vec!["您在 12月3日 9:00 的调解改到 12月5日 9:00。".into(), "您的咨询已经答复。".into()],
            why: "没有同意收短信".into(),
            place: "野麻湾村 · 11月24日".into(),
            outcome: outcome.into(),
            action: action.into(),
            told: "1:1 2:1".into(),
            acts: vec![
                Button::submit("primary", "已告知").named("outcome", "reached"),
                Button::submit("outline", "没人接").named("outcome", "unreachable"),
                Button::submit("low", "不用打了").named("outcome", "cancelled"),
            ],
        };
        let found = Self {
            tabs: vec![
                tab("/desk/calls", "desk-call-open", true),
                tab("/desk/calls?done=yes", "desk-call-done", false),
            ],
            count: "共 2 个".into(),
            errors: None,
            rows: vec![row("/desk/calls/1", "", "13812345678"), row("", "已告知", "")],
            pager: Pager { back: String::new(), more: "/desk/calls?cursor=b2Zm".into() },
        };
        let errors = ErrorSummary {
            title: "别人刚记过了".into(),
            detail: "请看一下现在的结果。".into(),
            items: Vec::new(),
        };
        let none = Self { rows: Vec::new(), pager: Pager::default(), errors: Some(errors), ..found.clone() };
        vec![found, none]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<CallList>()]
}
