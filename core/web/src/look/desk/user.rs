//! Accounts of others: list, one account; new ones and a whole roster's are in `user/make.rs`.

mod make;

use falin_domain::access::Role;
use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::{Filters, Form, code_options, filter_options, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
pub use make::{AccountProposal, RosterAccounts, UserNew, UserTyped};

/// The list.
#[derive(Clone, Serialize)]
pub struct UserList {
    /// How many match, in words.
    pub count: String,
    /// Search, role, state.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<UserRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may make accounts.
    pub may_write: bool,
    /// Whether the visitor may make the accounts of a whole roster.
    pub for_roster: bool,
}

/// One account in the list.
#[derive(Clone, Serialize)]
pub struct UserRow {
    /// Its page.
    pub href: String,
    /// The person's name.
    pub name: String,
    /// Login name.
    pub username: String,
    /// Roles with their places, in words.
    pub roles: String,
    /// Last sign-in, in words; may be empty.
    pub seen: String,
    /// In use, not activated, disabled.
    pub state: State,
}

/// One account.
#[derive(Clone, Serialize)]
pub struct UserPage {
    /// The person's name.
    pub name: String,
    /// In use, not activated, disabled.
    pub state: State,
    /// Login name, second factor, last sign-in, made by.
    pub facts: Vec<Fact>,
    /// A new activation slip to print; None for none.
    pub slip: Option<Notice>,
    /// Roles held.
    pub roles: Vec<UserRole>,
    /// The form that adds a role; None without the right.
    pub add: Option<Form>,
    /// Open sessions.
    pub sessions: Vec<Session>,
    /// Where a reset, disable, enable and the end of all sessions are posted, as `act`.
    pub action: String,
    /// The buttons of these acts; empty without the right.
    pub buttons: Vec<Button>,
}

/// A role held for a place.
#[derive(Clone, Serialize)]
pub struct UserRole {
    /// Text key of the role.
    pub role: String,
    /// The place in words.
    pub place: String,
    /// Where it is taken away; empty without the right, or for one's own.
    pub remove: String,
}

/// An open session.
#[derive(Clone, Serialize)]
pub struct Session {
    /// Device in words: 手机, Chrome; never an address.
    pub device: String,
    /// Begun and last seen, in words.
    pub when: String,
    /// Whether it is the one that reads this.
    pub own: bool,
    /// Where it is ended; empty for the own one.
    pub end: String,
}

/// A role with its place, as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleTyped {
    /// Role's code.
    pub role: String,
    /// Division code; the county's own for the whole county.
    pub place: String,
}

/// The two fields of a role.
pub(super) fn role_fields(say: &Say<'_>, typed: &RoleTyped, places: Vec<FieldOption>) -> Vec<Field> {
    let codes: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
    let mut roles = vec![FieldOption::new("", say.t("desk-choose"), &typed.role)];
    roles.extend(code_options(say, "role", &codes, &typed.role));
    vec![
        Field::select("role", "desk-user-role", roles).hint("desk-user-role-hint"),
        Field::select("place", "desk-user-place", places).hint("desk-user-place-hint"),
    ]
}

/// The form that gives a role, posted to `action`.
pub fn role_form(
    say: &Say<'_>,
    action: &str,
    typed: &RoleTyped,
    places: Vec<FieldOption>,
    refusal: Option<&Refusal>,
) -> Form {
    let mut form = Form::post(action);
    form.fields = role_fields(say, typed, places);
    form.button(Button::submit("outline", say.t("desk-user-role-add"))).maybe_refused(say, refusal)
}

/// Search, role and state of the list, with what was chosen.
pub fn filters(say: &Say<'_>, find: &str, role: &str, state: &str) -> Filters {
    let codes: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
    let states = ["active", "fresh", "disabled"];
    let fields = vec![
        Field::input("search", "find", "desk-user-q").value(find),
        Field::select("role", "desk-user-role", filter_options(say, "role", &codes, role)),
        Field::select("state", "desk-user-state", filter_options(say, "desk-user-state", &states, state)),
    ];
    Filters::new("/desk/users", fields)
}

impl View for UserList {
    const TEMPLATE: &'static str = "pages/desk/user/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-user-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row =
                |name: &str, username: &str, roles: &str, seen: &str, state: (&'static str, &str)| UserRow {
                    href: "/desk/users/1".into(),
                    name: name.into(),
                    username: username.into(),
                    roles: roles.into(),
                    seen: seen.into(),
                    state: State { fill: state.0, word: state.1.into() },
                };
            let active = ("done", "在用");
            let full = Self {
                count: "共 93 个".into(),
                filters: filters(say, "", "", ""),
                rows: vec![
                    row("周敏", "zhoumin", "本县管理员（嘉峪关市）", "今天 9:01", active),
                    row("杨玲", "yangling", "窗口（新城镇）、调解员（新城镇）", "昨天 16:20", active),
                    row("蔡志生", "caizhisheng", "法律服务人员（嘉峪关市）", "", ("empty", "还没激活")),
                    row("刘强", "liuqiang", "审计管理员（嘉峪关市）", "6月3日", ("stopped", "已停用")),
                ],
                pager: Pager { back: String::new(), more: "/desk/users?cursor=b2Zm".into() },
                may_write: true,
                for_roster: true,
            };
            let none = Self {
                filters: filters(say, "wu", "", ""),
                rows: Vec::new(),
                pager: Pager::default(),
                may_write: false,
                for_roster: false,
                ..full.clone()
            };
            vec![full, none]
        })
    }
}

impl View for UserPage {
    const TEMPLATE: &'static str = "pages/desk/user/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let places = || vec![FieldOption::new("620200", "嘉峪关市", "620200")];
            let role = |role: &str, place: &str| UserRole {
                role: format!("role-{role}"),
                place: place.into(),
                remove: "/desk/users/1/roles/1/remove".into(),
            };
            let full = Self {
                name: "杨玲".into(),
                state: State { fill: "done", word: "在用".into() },
                facts: vec![
                    Fact::new("desk-user-username", "yangling"),
                    Fact::new("desk-user-totp", "已绑定").note("2026年6月1日(周一)"),
                    Fact::new("desk-user-seen", "昨天 16:20"),
                    Fact::new("desk-user-made", "王芳").note("2026年5月30日(周六)"),
                ],
                slip: None,
                roles: vec![role("clerk", "新城镇"), role("mediator", "新城镇")],
                add: Some(role_form(say, "/desk/users/1/roles", &RoleTyped::default(), places(), None)),
                sessions: vec![Session {
                    device: "手机，微信".into(),
                    when: "11月20日登录，昨天 16:20 用过".into(),
                    own: false,
                    end: "/desk/users/1/sessions/1/end".into(),
                }],
                action: "/desk/users/1/actions".into(),
                buttons: vec![
                    Button::submit("outline", "重置密码，打印激活条").named("act", "reset"),
                    Button::submit("refuse", "停用").named("act", "disable"),
                ],
            };
            let typed = RoleTyped { role: "audit_admin".into(), place: "620200".into() };
            let exclude = Refusal::new("account.roles_exclude");
            let refused = Self {
                add: Some(role_form(say, "/desk/users/1/roles", &typed, places(), Some(&exclude))),
                slip: Some(
                    Notice::new("done", "密码已重置。", "把激活条打印出来交给本人，7 天内有效。")
                        .link("/desk/users/1/slip", "打印激活条"),
                ),
                ..full.clone()
            };
            let bare = Self {
                state: State { fill: "stopped", word: "已停用".into() },
                roles: Vec::new(),
                add: None,
                sessions: Vec::new(),
                buttons: Vec::new(),
                ..full.clone()
            };
            vec![full, refused, bare]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<UserList>(), sampled::<UserPage>(), sampled::<UserNew>(), sampled::<RosterAccounts>()]
}
