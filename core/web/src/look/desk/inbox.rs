//! One's own inbox, and how one wants to be told outside it.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::notice::TypedReach;

/// The inbox.
#[derive(Clone, Serialize)]
pub struct Inbox {
    /// How many are unread, in words.
    pub count: String,
    /// Whether any are.
    pub unread: bool,
    /// This page's messages, newest first.
    pub rows: Vec<InboxRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One message.
#[derive(Clone, Serialize)]
pub struct InboxRow {
    /// What it speaks of; empty where it has no page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its sentence.
    pub text: String,
    /// When it came.
    pub when: String,
    /// Marks it as read; empty once it is.
    pub read: String,
}

/// How one wants to be told.
#[derive(Clone, Serialize)]
pub struct ReachEdit {
    /// Back to the inbox.
    pub back: Link,
    /// The form.
    pub form: Form,
}

impl ReachEdit {
    /// The form with what was said.
    pub fn new(say: &Say<'_>, version: i64, typed: &TypedReach, refusal: Option<&Refusal>) -> Self {
        let back = Link::new("/desk/inbox", say.t("desk-inbox-title"));
        let yes = |name: &'static str, label, key, current: &str| {
            Field::checks(name, label, vec![FieldOption::new("on", say.t(key), current)])
        };
        let form = Form::post("/desk/inbox/reach")
            .keep("version", version.to_string())
            .field(yes("mail_yes", "desk-reach-mail", "desk-reach-mail-yes", &typed.mail_yes))
            .field(
                Field::text("mail", "desk-reach-mail-to")
                    .value(&typed.mail)
                    .typing("email", "email")
                    .optional(),
            )
            .field(yes("sms_yes", "desk-reach-sms", "desk-reach-sms-yes", &typed.sms_yes))
            .field(
                Field::text("phone", "desk-reach-phone").value(&typed.phone).typing("tel", "tel").optional(),
            )
            .field(yes("wechat_yes", "desk-reach-wechat", "desk-reach-wechat-yes", &typed.wechat_yes))
            .field(
                Field::text("wechat", "desk-reach-wechat-to")
                    .hint("desk-reach-wechat-hint")
                    .value(&typed.wechat)
                    .optional(),
            )
            .button(Button::submit("primary", say.t("desk-save")))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { back, form }
    }
}

impl View for Inbox {
    const TEMPLATE: &'static str = "pages/desk/inbox/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-inbox-title")
    }

    fn samples() -> Vec<Self> {
        let row = |read: &str, href: &str| InboxRow {
            href: href.into(),
            title: "催办：作出是否给予法律援助的决定".into(),
            text: "嘉援〔2026〕37号 应在 2026-11-27 前办完。".into(),
            when: "11月24日 08:00".into(),
            read: read.into(),
        };
        let found = Self {
            count: "1 条没看过".into(),
            unread: true,
            rows: vec![row("/desk/inbox/1/read", "/desk/aid/1"), row("", "")],
            pager: Pager { back: String::new(), more: "/desk/inbox?cursor=b2Zm".into() },
        };
        let none = Self { rows: Vec::new(), unread: false, pager: Pager::default(), ..found.clone() };
        vec![found, none]
    }
}

impl View for ReachEdit {
    const TEMPLATE: &'static str = "pages/desk/inbox/reach";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-reach-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let typed = TypedReach { sms_yes: "on".into(), phone: "12".into(), ..TypedReach::default() };
            let wrong = Refusal::field("phone", "phone.invalid");
            vec![Self::new(say, 0, &TypedReach::default(), None), Self::new(say, 1, &typed, Some(&wrong))]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Inbox>(), sampled::<ReachEdit>()]
}
