//! A county's channels: gateway, mail server, quiet hours, and what goes by which.

use falin_domain::notice::KINDS;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Form, code_options, with_words};
use crate::look::parts::{Button, Field, FieldOption, Figure};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::notice::TypedChannels;

/// The page.
#[derive(Clone, Serialize)]
pub struct Channels {
    /// Messages by state.
    pub figures: Vec<Figure>,
    /// The form.
    pub form: Form,
}

/// What is kept already, so that empty secrets mean "as before".
#[derive(Clone, Copy, Default)]
pub struct Kept {
    /// A secret of the gateway.
    pub secret: bool,
    /// A password of the mail server.
    pub password: bool,
}

impl Channels {
    /// The page with what is set.
    pub fn new(
        say: &Say<'_>,
        figures: Vec<Figure>,
        (version, kept): (i64, Kept),
        typed: &TypedChannels,
        refusal: Option<&Refusal>,
    ) -> Self {
        let text = |name: &'static str, label, value: &str| Field::text(name, label).value(value).optional();
        let secret = |name: &'static str, label, kept| {
            let hint = if kept { "desk-channel-kept" } else { "desk-channel-not-kept" };
            Field::input("password", name, label).hint(hint).typing("new-password", "").optional()
        };
        let yes = |name: &'static str, label, current: &str| {
            Field::checks(name, label, vec![FieldOption::new("on", say.t("desk-channel-yes"), current)])
        };
        let time = |name: &'static str, label, value: &str| Field::text(name, label).value(value).width(5);
        let security =
            code_options(say, "desk-channel-security", &["tls", "starttls", "none"], &typed.security);
        let form = Form::post("/desk/channels")
            .keep("version", version.to_string())
            .field(text("gateway", "desk-channel-gateway", &typed.gateway).hint("desk-channel-gateway-hint"))
            .field(secret("secret", "desk-channel-secret", kept.secret))
            .field(yes("sms", "desk-channel-sms", &typed.sms))
            .field(yes("wechat", "desk-channel-wechat", &typed.wechat))
            .field(text("host", "desk-channel-host", &typed.host))
            .field(text("port", "desk-channel-port", &typed.port).typing("off", "numeric").width(5))
            .field(Field::radios("security", "desk-channel-security", security))
            .field(text("user", "desk-channel-user", &typed.user).typing("off", ""))
            .field(secret("password", "desk-channel-password", kept.password))
            .field(text("from", "desk-channel-from", &typed.from))
            .field(
                time("quiet_from", "desk-channel-quiet-from", &typed.quiet_from)
                    .hint("desk-channel-quiet-hint"),
            )
            .field(time("quiet_to", "desk-channel-quiet-to", &typed.quiet_to))
            .field(kinds(say, "mail_kinds", "desk-channel-mail-kinds", &typed.mail_kinds))
            .field(kinds(say, "sms_kinds", "desk-channel-sms-kinds", &typed.sms_kinds))
            .field(kinds(say, "wechat_kinds", "desk-channel-wechat-kinds", &typed.wechat_kinds))
            .button(Button::submit("primary", say.t("desk-save")))
            .maybe_refused(say, refusal);
        Self { figures, form }
    }
}

/// Tick boxes of every kind of message.
fn kinds(say: &Say<'_>, name: &'static str, label: &'static str, chosen: &str) -> Field {
    let option = |kind: &&str| FieldOption {
        value: (*kind).to_owned(),
        label: say.t(&format!("{kind}.name")),
        chosen: chosen.split(' ').any(|one| one == *kind),
    };
    Field::checks(name, label, KINDS.iter().map(option).collect())
}

impl View for Channels {
    const TEMPLATE: &'static str = "pages/desk/channel/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-channel-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let figure = |label, value: &str| Figure {
                label,
                value: value.into(),
                unit: "desk-unit-message",
                href: String::new(),
            };
            let figures = vec![figure("desk-channel-waiting", "3"), figure("desk-channel-failed", "1")];
            let typed = TypedChannels {
                gateway: "ftp://x".into(),
                sms: "on".into(),
                security: "tls".into(),
                quiet_from: "21:00".into(),
                quiet_to: "08:00".into(),
                sms_kinds: KINDS.join(" "),
                ..TypedChannels::default()
            };
            let wrong = Refusal::field("gateway", "address.invalid");
            let kept = Kept { secret: true, password: false };
            vec![
                Self::new(say, Vec::new(), (0, Kept::default()), &TypedChannels::default(), None),
                Self::new(say, figures, (2, kept), &typed, Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Channels>()]
}
