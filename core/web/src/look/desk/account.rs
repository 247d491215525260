//! One's own account: password, second factor, sessions.

use falin_domain::refusal::{FieldError, Refusal};
use serde::Serialize;

use super::user::Session;
use super::{Form, with_words};
use crate::look::parts::{Button, Fact, Field};
use crate::look::print::qr::Qr;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The page of one's own account.
#[derive(Clone, Serialize)]
pub struct AccountPage {
    /// The person's name.
    pub name: String,
    /// Login name, roles, second factor.
    pub facts: Vec<Fact>,
    /// Text key of the link to enrol (`account-totp-enrol`, `account-totp-again`).
    pub totp: &'static str,
    /// The form that changes the password.
    pub password: Form,
    /// Open sessions.
    pub sessions: Vec<Session>,
    /// Where all other sessions are ended; empty where there is no other.
    pub end_others: String,
    /// The county in which the session acts now, in words; empty where the account has no other.
    pub county: String,
    /// Other counties in which the account holds a role.
    pub counties: Vec<OtherCounty>,
}

/// A county to which the session can move.
#[derive(Clone, Serialize)]
pub struct OtherCounty {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Enrolling a second factor.
#[derive(Clone, Serialize)]
pub struct AccountTotp {
    /// The code that the authenticator reads, drawn in place.
    pub qr: Qr,
    /// Address of the same code as PNG, which WeChat can read; drawn in place where empty.
    pub image: String,
    /// The secret in groups of four, to be typed where nothing can be scanned.
    pub secret: String,
    /// The form that asks for the first six digits.
    pub form: Form,
}

/// The form that changes the password; nothing typed is kept.
pub fn password_form(say: &Say<'_>, refusal: Option<&Refusal>) -> Form {
    let field = |name: &'static str, label, autocomplete| {
        Field::input("password", name, label).typing(autocomplete, "").width(20)
    };
    Form::post("/me/password")
        .field(field("current", "desk-account-password-current", "current-password"))
        .field(field("new", "desk-account-password-new", "new-password").hint("desk-account-password-hint"))
        .field(field("again", "desk-account-password-again", "new-password"))
        .button(Button::submit("outline", say.t("desk-account-password-change")))
        .maybe_refused(say, refusal)
}

/// The form that asks for the first six digits, and for the password: a session left open is not enough.
pub fn totp_form(say: &Say<'_>, refusal: Option<&Refusal>) -> Form {
    let password = Field::input("password", "current", "desk-account-password-current");
    Form::post("/me/totp")
        .field(Field::text("code", "desk-account-totp-code").typing("one-time-code", "numeric").width(10))
        .field(password.typing("current-password", "").width(20))
        .button(Button::submit("primary", say.t("desk-account-totp-done")))
        .button(Button::link("low", say.t("desk-cancel"), "/me"))
        .maybe_refused(say, refusal)
}

impl View for AccountPage {
    const TEMPLATE: &'static str = "pages/desk/account/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-account-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let session = |device: &str, when: &str, own: bool| Session {
                device: device.into(),
                when: when.into(),
                own,
                end: if own { String::new() } else { "/me/sessions/1/end".into() },
            };
            let full = Self {
                name: "周敏".into(),
                facts: vec![
                    Fact::new("desk-user-username", "zhoumin"),
                    Fact::new("desk-user-role", "本县管理员（嘉峪关市）").note("法律援助审查（嘉峪关市）"),
                    Fact::new("desk-user-totp", "已绑定").note("2026年6月1日(周一)"),
                ],
                totp: "desk-account-totp-renew",
                password: password_form(say, None),
                sessions: vec![
                    session("电脑，Chrome", "今天 9:01 登录", true),
                    session("手机，微信", "11月20日登录，昨天 16:20 用过", false),
                ],
                end_others: "/me/sessions/end".into(),
                county: "您现在在嘉峪关市办事。".into(),
                counties: vec![OtherCounty { code: "620921".into(), name: "金塔县".into() }],
            };
            let wrong = Refusal::form(vec![
                FieldError::new("current", "password.wrong"),
                FieldError::new("new", "password.short").with("min", 12),
                FieldError::new("again", "password.differs"),
            ]);
            let refused = Self {
                totp: "desk-account-totp-enrol",
                password: password_form(say, Some(&wrong)),
                end_others: String::new(),
                ..full.clone()
            };
            vec![full, refused]
        })
    }
}

impl View for AccountTotp {
    const TEMPLATE: &'static str = "pages/desk/account/totp";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-account-totp-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let secret = "JBSW Y3DP EHPK 3PXP";
            let fresh = Self {
                qr: Qr::of("otpauth://totp/falin:zhoumin?secret=JBSWY3DPEHPK3PXP&issuer=falin"),
                image: String::new(),
                secret: secret.into(),
                form: totp_form(say, None),
            };
            let wrong = Refusal::field("code", "code.invalid");
            let refused =
                Self { image: "/me/totp.png".into(), form: totp_form(say, Some(&wrong)), ..fresh.clone() };
            vec![fresh, refused]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<AccountPage>(), sampled::<AccountTotp>()]
}
