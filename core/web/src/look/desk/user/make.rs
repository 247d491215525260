//! Making accounts: one by a form, or all of a roster in one act with printed activation slips.

use falin_domain::refusal::{FieldError, Refusal};
use serde::{Deserialize, Serialize};

use super::{RoleTyped, role_fields};
use crate::look::desk::{Form, with_words};
use crate::look::parts::{Button, Field, FieldOption, Figure, Notice};
use crate::look::{Layout, Say, View};

/// What was typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserTyped {
    /// The person's name.
    pub name: String,
    /// Login name.
    pub username: String,
    /// Role's code.
    pub role: String,
    /// Division code of the place.
    pub place: String,
}

/// The form of a new account.
#[derive(Clone, Serialize)]
pub struct UserNew {
    /// The form.
    pub form: Form,
}

impl UserNew {
    /// The form with what was typed.
    pub fn new(
        say: &Say<'_>,
        typed: &UserTyped,
        places: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let role = RoleTyped { role: typed.role.clone(), place: typed.place.clone() };
        let mut form = Form::post("/desk/users")
            .field(Field::text("name", "desk-user-name").value(&typed.name).width(20))
            .field(
                Field::text("username", "desk-user-username")
                    .hint("desk-user-username-hint")
                    .value(&typed.username)
                    .typing("off", "")
                    .width(20),
            );
        form.fields.extend(role_fields(say, &role, places));
        let form = form
            .button(Button::submit("primary", say.t("desk-user-make")))
            .button(Button::link("low", say.t("desk-cancel"), "/desk/users"))
            .maybe_refused(say, refusal);
        Self { form }
    }
}

/// Accounts for every person of a roster: what would be made, or what was made.
#[derive(Clone, Serialize)]
pub struct RosterAccounts {
    /// People, with and without an account.
    pub figures: Vec<Figure>,
    /// That they were made and where the slips are printed; None before.
    pub made: Option<Notice>,
    /// Where it is posted.
    pub action: String,
    /// The button (its words name how many); empty where there is nothing to make.
    pub buttons: Vec<Button>,
    /// The first accounts that would be made.
    pub rows: Vec<AccountProposal>,
    /// How many more than shown, in words; may be empty.
    pub more: String,
}

/// One account that would be made.
#[derive(Clone, Serialize)]
pub struct AccountProposal {
    /// The person's name.
    pub name: String,
    /// The firm.
    pub unit: String,
    /// The login name.
    pub username: String,
    /// Role and place, in words.
    pub role: String,
}

impl View for UserNew {
    const TEMPLATE: &'static str = "pages/desk/user/new";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-user-new")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let places = || {
                vec![
                    FieldOption::new("620200", "嘉峪关市（全市）", "620200"),
                    FieldOption::new("620200102", "新城镇", "620200"),
                ]
            };
            let typed =
                UserTyped { name: "杨玲".into(), username: "yangling".into(), ..UserTyped::default() };
            let refusal = Refusal::form(vec![
                FieldError::new("username", "username.invalid"),
                FieldError::new("role", "required"),
            ]);
            let taken = Refusal::new("account.name_taken");
            vec![
                Self::new(say, &UserTyped::default(), places(), None),
                Self::new(say, &typed, places(), Some(&taken)),
                Self::new(say, &typed, places(), Some(&refusal)),
            ]
        })
    }
}

impl View for RosterAccounts {
    const TEMPLATE: &'static str = "pages/desk/user/roster";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-user-roster-title")
    }

    fn samples() -> Vec<Self> {
        let figure = |label: &'static str, value: &str| Figure {
            label,
            value: value.into(),
            unit: "desk-unit-person",
            href: String::new(),
        };
        let row = |name: &str, username: &str| AccountProposal {
            name: name.into(),
            unit: "甘肃雄关律师事务所".into(),
            username: username.into(),
            role: "法律服务人员（嘉峪关市）".into(),
        };
        let waiting = Self {
            figures: vec![
                figure("desk-user-roster-people", "76"),
                figure("desk-user-roster-have", "12"),
                figure("desk-user-roster-lack", "64"),
            ],
            made: None,
            action: "/desk/users/roster".into(),
            buttons: vec![Button::submit("primary", "开 64 个账号，打印激活条")],
            rows: vec![row("蔡志生", "caizhisheng"), row("贾浩", "jiahao"), row("单于文", "chanyuwen")],
            more: "还有 61 位".into(),
        };
        let made = Self {
            made: Some(
                Notice::new("done", "开好了 64 个账号。", "激活条只能打印这一次，剪开交给本人，7 天内有效。")
                    .link("/desk/users/roster/slips", "打印激活条"),
            ),
            buttons: Vec::new(),
            rows: Vec::new(),
            more: String::new(),
            ..waiting.clone()
        };
        let none = Self { made: None, ..made.clone() };
        vec![waiting, made, none]
    }
}
