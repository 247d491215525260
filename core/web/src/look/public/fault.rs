//! Every page that says no: what happened, and what to do next.

use falin_domain::refusal::{Kind, Refusal};
use serde::Serialize;

use crate::look::{Layout, Say, View};

/// A refusal or a failure in words.
#[derive(Debug, Serialize)]
pub struct Fault {
    /// What happened.
    pub title: String,
    /// What to do next.
    pub detail: String,
    /// Whether to offer the search and the way to the first page.
    pub find: bool,
    /// Where to sign in; empty for no such link.
    pub sign_in: String,
    /// Whether trying again may help.
    pub again: bool,
    /// Whether the way back leads to the own desk.
    pub desk: bool,
    /// What to tell the administrator (a request's number); may be empty.
    pub trace: String,
}

impl Fault {
    /// The page of a refusal; `sign_in` is offered where that is what helps.
    pub fn of(say: &Say<'_>, refusal: &Refusal, sign_in: &str) -> Self {
        let kind = refusal.kind();
        Self {
            title: say.refusal_title(refusal),
            detail: say.refusal_detail(refusal),
            find: kind == Kind::Absent,
            sign_in: if kind == Kind::Unauthenticated { sign_in.to_owned() } else { String::new() },
            again: matches!(kind, Kind::Unavailable | Kind::TooMany),
            desk: false,
            trace: String::new(),
        }
    }

    /// The page of a failure of ours (500); `trace` is the request's number in the log.
    pub fn broken(say: &Say<'_>, trace: &str) -> Self {
        Self {
            title: say.t("fault-broken"),
            detail: say.t("fault-broken.detail"),
            find: false,
            sign_in: String::new(),
            again: true,
            desk: false,
            trace: trace.to_owned(),
        }
    }
}

impl View for Fault {
    const TEMPLATE: &'static str = "pages/public/fault";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        let fault = |find, sign_in: &str, again, trace: &str| Self {
            title: "没有找到这一页".to_owned(),
            detail: "地址可能抄错了，也可能已经撤下。".to_owned(),
            find,
            sign_in: sign_in.to_owned(),
            again,
            desk: again,
            trace: trace.to_owned(),
        };
        vec![
            fault(true, "", false, ""),
            fault(false, "/zh/620200/sign-in", false, ""),
            fault(false, "", true, "0193a-7"),
        ]
    }
}
