//! The doors of staff: sign in, second factor, first activation, and back to an interrupted form.

use serde::Serialize;

use crate::look::parts::{ErrorSummary, Field, Hidden};
use crate::look::print::qr::Qr;
use crate::look::{Layout, Say, View};

/// Name and password. Also what an ended session shows: `expired` says that what was typed is kept.
#[derive(Debug, Serialize)]
pub struct SignIn {
    /// Where it is posted.
    pub action: String,
    /// Faults of the last attempt.
    pub errors: Option<ErrorSummary>,
    /// Whether a session ended.
    pub expired: bool,
    /// Whether the form that came then is lost, since a file came along.
    pub lost: bool,
    /// `username` (kept) and `password` (never kept), see [`SignIn::fields`].
    pub fields: Vec<Field>,
    /// `next`, a form kept through the sign-in, and the like.
    pub hidden: Vec<Hidden>,
}

impl SignIn {
    /// The two fields; `username` as it was typed.
    pub fn fields(username: &str) -> Vec<Field> {
        vec![
            Field::text("username", "door-username").value(username).typing("username", ""),
            Field::input("password", "password", "door-password").typing("current-password", ""),
        ]
    }
}

impl View for SignIn {
    const TEMPLATE: &'static str = "pages/public/sign-in";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("door-title")
    }

    fn samples() -> Vec<Self> {
        let errors = ErrorSummary {
            title: "登录名或密码不对".to_owned(),
            detail: "请再对一下，注意大小写。".to_owned(),
            items: Vec::new(),
        };
        let hidden = vec![Hidden::new("next", "/desk")];
        vec![
            Self {
                action: "/zh/sign-in".to_owned(),
                errors: None,
                expired: false,
                lost: false,
                fields: Self::fields(""),
                hidden: Vec::new(),
            },
            Self {
                action: "/zh/sign-in".to_owned(),
                errors: Some(errors),
                expired: true,
                lost: false,
                fields: Self::fields("zhoumin"),
                hidden: hidden.clone(),
            },
            Self {
                action: "/zh/sign-in".to_owned(),
                errors: None,
                expired: true,
                lost: true,
                fields: Self::fields(""),
                hidden,
            },
        ]
    }
}

/// The second factor: six digits of the authenticator.
#[derive(Debug, Serialize)]
pub struct Code {
    /// Where it is posted.
    pub action: String,
    /// Faults of the last attempt.
    pub errors: Option<ErrorSummary>,
    /// `code`, see [`Code::field`].
    pub field: Field,
    /// The half-open session and the like.
    pub hidden: Vec<Hidden>,
}

impl Code {
    /// The field of six digits; `error` may be empty.
    pub fn field(error: &str) -> Field {
        let field = Field::text("code", "door-code").hint("door-code-hint").error(error);
        field.typing("one-time-code", "numeric").width(10)
    }
}

impl View for Code {
    const TEMPLATE: &'static str = "pages/public/code";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("door-code-title")
    }

    fn samples() -> Vec<Self> {
        let hidden = vec![Hidden::new("next", "/desk")];
        vec![
            Self {
                action: "/zh/sign-in".to_owned(),
                errors: None,
                field: Self::field(""),
                hidden: Vec::new(),
            },
            Self {
                action: "/zh/sign-in".to_owned(), errors: None, field: Self::field("验证码不对"), hidden
            },
        ]
    }
}

/// The code of the printed activation slip.
#[derive(Debug, Serialize)]
pub struct Activate {
    /// Where it is posted.
    pub action: String,
    /// Faults of the last attempt.
    pub errors: Option<ErrorSummary>,
    /// `username` and `slip`, see [`Activate::fields`].
    pub fields: Vec<Field>,
    /// The form token where the browser is signed in already.
    pub hidden: Vec<Hidden>,
}

impl Activate {
    /// The two fields as they were typed.
    pub fn fields(username: &str, slip: &str) -> Vec<Field> {
        let slip = Field::text("slip", "door-slip").hint("door-slip-hint").value(slip).typing("off", "");
        let name = Field::text("username", "door-username").value(username).typing("username", "");
        vec![name, slip.width(20)]
    }
}

impl View for Activate {
    const TEMPLATE: &'static str = "pages/public/activate";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("activate-title")
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            action: "/zh/activate".to_owned(),
            errors: None,
            fields: Self::fields("", ""),
            hidden: Vec::new(),
        }]
    }
}

/// The first password of one's own.
#[derive(Debug, Serialize)]
pub struct Password {
    /// Where it is posted.
    pub action: String,
    /// The person's name, so that they see whose account it is.
    pub name: String,
    /// Faults of the last attempt.
    pub errors: Option<ErrorSummary>,
    /// `password` and `again`, see [`Password::fields`].
    pub fields: Vec<Field>,
    /// The half-open session and the like.
    pub hidden: Vec<Hidden>,
}

impl Password {
    /// The two fields, always empty.
    pub fn fields() -> Vec<Field> {
        let new = |name, label| Field::input("password", name, label).typing("new-password", "");
        vec![new("password", "door-new").hint("door-new-hint"), new("again", "door-again")]
    }
}

impl View for Password {
    const TEMPLATE: &'static str = "pages/public/password";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("password-title")
    }

    fn samples() -> Vec<Self> {
        let hidden = vec![Hidden::new("ticket", "x")];
        vec![Self {
            action: "/zh/activate".to_owned(),
            name: "周敏".to_owned(),
            errors: None,
            fields: Self::fields(),
            hidden,
        }]
    }
}

/// Pairing the authenticator with the account: code to scan, secret to type, six digits back.
#[derive(Debug, Serialize)]
pub struct Enrol {
    /// Where it is posted.
    pub action: String,
    /// The `otpauth://` address as a code.
    pub qr: Qr,
    /// The secret in groups of four, for typing.
    pub secret: String,
    /// Faults of the last attempt.
    pub errors: Option<ErrorSummary>,
    /// `code`, see [`Code::field`].
    pub field: Field,
    /// The half-open session and the like.
    pub hidden: Vec<Hidden>,
}

impl View for Enrol {
    const TEMPLATE: &'static str = "pages/public/enrol";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("enrol-title")
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            action: "/zh/sign-in".to_owned(),
            qr: Qr::of("otpauth://totp/Falin:zhoumin?secret=JBSWY3DPEHPK3PXP"),
            secret: "JBSW Y3DP EHPK 3PXP".to_owned(),
            errors: None,
            field: Code::field(""),
            hidden: vec![Hidden::new("ticket", "x")],
        }]
    }
}

/// After signing in again: the form that was being filled when the session ended, ready to be sent on.
#[derive(Debug, Serialize)]
pub struct Resumed {
    /// Where the form was being sent.
    pub action: String,
    /// What was typed, to be read over.
    pub typed: Vec<String>,
    /// All fields of the form with the new form token.
    pub hidden: Vec<Hidden>,
}

impl View for Resumed {
    const TEMPLATE: &'static str = "pages/public/resumed";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("resumed-title")
    }

    fn samples() -> Vec<Self> {
        let typed = vec!["张建国".to_owned(), "新城镇横沟村1组12号".to_owned()];
        let hidden = vec![Hidden::new("csrf", "x"), Hidden::new("name", "张建国")];
        let action = "/desk/households".to_owned();
        vec![
            Self { action: action.clone(), typed, hidden: hidden.clone() },
            Self { action, typed: Vec::new(), hidden },
        ]
    }
}
