//! County workflows for administrators: what the county has, what stands on the shelf, one of them, and bringing one.

use serde::Serialize;

use super::{Form, Link};
use crate::look::parts::{Button, ErrorSummary, Fact, Field, Notice, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What the county has, and what else is on the shelf.
#[derive(Clone, Serialize)]
pub struct PluginList {
    /// Where a package is brought; empty where the reader may not.
    pub new: String,
    /// What the county has.
    pub rows: Vec<PluginRow>,
    /// What stands on the shelf and not in the county.
    pub shelf: Vec<ShelfRow>,
    /// Cases of workflows that were taken out, for a while.
    pub kept: Vec<Link>,
}

/// A workflow that the county has.
#[derive(Clone, Serialize)]
pub struct PluginRow {
    /// Its page.
    pub href: String,
    /// Words.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Version in use, and the one that waits.
    pub version: String,
    /// Where it stands.
    pub state: State,
    /// Fits: yes, or no and why.
    pub fits: String,
    /// How many cases are open.
    pub open: i64,
    /// How much it could not do by itself; empty where there is nothing.
    pub waiting: String,
}

/// A workflow on the shelf.
#[derive(Clone, Serialize)]
pub struct ShelfRow {
    /// Words.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Its newest version.
    pub version: String,
    /// Whose key signed it.
    pub signer: String,
    /// Fits: yes, or no and why.
    pub fits: String,
    /// Takes it into the county; None where it does not fit.
    pub take: Option<Form>,
}

/// One workflow of the county.
#[derive(Clone, Serialize)]
pub struct PluginPage {
    /// The list.
    pub back: Link,
    /// Words.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Where it stands.
    pub state: State,
    /// What was refused.
    pub errors: Option<ErrorSummary>,
    /// What is worth knowing before anything else.
    pub notices: Vec<Notice>,
    /// Version, publisher, library, open cases, whether it fits.
    pub facts: Vec<Fact>,
    /// What it asks for.
    pub permissions: Vec<PermissionRow>,
    /// Its flows, as links where it is in use.
    pub flows: Vec<Link>,
    /// Settings, posts, figures.
    pub beside: Vec<Link>,
    /// What may be done; None where nothing.
    pub form: Option<Form>,
    /// What its hooks and jobs could not do.
    pub letters: Vec<LetterRow>,
}

/// What a hook or job could not do.
#[derive(Clone, Serialize)]
pub struct LetterRow {
    /// The job's code, or the step that the hook follows.
    pub what: String,
    /// The case or place.
    pub about: Link,
    /// Why not.
    pub said: String,
    /// When it was tried last.
    pub day: String,
    /// Tries again, or lays it aside; None for who may not.
    pub form: Option<Form>,
}

/// A permission.
#[derive(Clone, Serialize)]
pub struct PermissionRow {
    /// What it lets the workflow do, in words.
    pub what: String,
    /// Why it wants that, in the publisher's words.
    pub why: String,
    /// Granted, new, or not granted.
    pub state: State,
}

/// Bringing a package, and the keys that are trusted.
#[derive(Clone, Serialize)]
pub struct PluginUpload {
    /// The list.
    pub back: Link,
    /// The package's form.
    pub form: Form,
    /// The form of a key or a list of revocations; None for who may not.
    pub key_form: Option<Form>,
    /// Keys that were ever trusted.
    pub keys: Vec<KeyRow>,
}

/// A publisher's key.
#[derive(Clone, Serialize)]
pub struct KeyRow {
    /// Whose.
    pub name: String,
    /// To compare with the letter.
    pub fingerprint: String,
    /// Root, publisher, revoked.
    pub state: State,
}

/// The form of a package.
pub fn package_form(say: &Say<'_>) -> Form {
    Form::post("/desk/plugins")
        .uploading()
        .field(Field::input("file", "file", "desk-plugin-file").hint("desk-plugin-file-hint"))
        .button(Button::submit("primary", say.t("desk-plugin-bring")))
}

/// The form of a key.
pub fn key_form(say: &Say<'_>) -> Form {
    Form::post("/desk/plugins/keys")
        .uploading()
        .field(Field::input("file", "file", "desk-plugin-key-file").hint("desk-plugin-key-hint"))
        .button(Button::submit("outline", say.t("desk-plugin-key-trust")))
        .apart("key")
}

fn done(word: &str) -> State {
    State { fill: "done", word: word.into() }
}

impl View for PluginList {
    const TEMPLATE: &'static str = "pages/desk/plugin/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plugin-list-title")
    }

    fn samples() -> Vec<Self> {
        let row = PluginRow {
            href: "/desk/plugins/1".into(),
            name: "访调对接".into(),
            about: "信访窗口值班律师接待、解答、分流。".into(),
            version: "1.0.0 ⇡ 1.1.0".into(),
            state: done("使用中"),
            fits: "能用".into(),
            open: 3,
            waiting: "2 件没有自动办成".into(),
        };
        let form = Form::post("/desk/plugins/shelf")
            .keep("plugin", "court-link")
            .button(Button::submit("outline", "装到本县"));
        let shelf = ShelfRow {
            name: "诉调对接".into(),
            about: "委派委托调解和司法确认。".into(),
            version: "1.0.0".into(),
            signer: "某市司法局".into(),
            fits: "能用".into(),
            take: Some(form),
        };
        let not = ShelfRow { fits: "不能用：不是给本县用的".into(), take: None, ..shelf.clone() };
        vec![
            Self {
                new: "/desk/plugins/new".into(),
                rows: vec![row],
                shelf: vec![shelf, not],
                kept: vec![Link::new("/desk/plugin-exports/1", "petition：213 件，12月20日前可以取")],
            },
            Self { new: String::new(), rows: Vec::new(), shelf: Vec::new(), kept: Vec::new() },
        ]
    }
}

impl View for PluginPage {
    const TEMPLATE: &'static str = "pages/desk/plugin/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        super::with_words(|say| {
            let form = Form::post("/desk/plugins/1/actions")
                .keep("version", "3")
                .button(
                    Button::submit("primary", say.t("desk-plugin-move-upgrade")).named("action", "upgrade"),
                )
                .button(
                    Button::submit("refuse", say.t("desk-plugin-move-disable")).named("action", "disable"),
                );
            let permission = PermissionRow {
                what: say.t("plugin-permission-contact"),
                why: "用来告知结果。".into(),
                state: done("已授予"),
            };
            let refusal = falin_domain::refusal::Refusal::new("plugin.open_cases")
                .with("count", 2)
                .with("zh", "信访接待");
            let whole = Self {
                back: Link::new("/desk/plugins", say.t("desk-plugin-list-title")),
                name: "访调对接".into(),
                about: "信访窗口值班律师接待、解答、分流。".into(),
                state: done("使用中"),
                errors: Some(say.error_summary(&refusal)),
                notices: vec![Notice::new("caution", "", say.t("desk-plugin-quarantined"))],
                facts: vec![Fact::new("desk-plugin-version", "1.0.0")],
                permissions: vec![permission],
                beside: vec![Link::new("/desk/plugins/1/settings", "设置")],
                flows: vec![
                    Link::new("/desk/workflows/petition/visit", "信访接待"),
                    Link::new("", "积案会商"),
                ],
                form: Some(form),
                letters: vec![LetterRow {
                    what: "weekly".into(),
                    about: Link::new("/desk/workflows/screening/item/1", "排查〔2026〕1号"),
                    said: "这个编号已经登记过".into(),
                    day: "3月2日".into(),
                    form: Some(
                        Form::post("/desk/plugins/1/letters/1")
                            .keep("version", "1")
                            .button(Button::submit("outline", say.t("desk-plugin-letter-retry"))),
                    ),
                }],
            };
            let bare = Self {
                letters: Vec::new(),
                errors: None,
                notices: Vec::new(),
                permissions: Vec::new(),
                form: None,
                ..whole.clone()
            };
            vec![whole, bare]
        })
    }
}

impl View for PluginUpload {
    const TEMPLATE: &'static str = "pages/desk/plugin/new";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plugin-bring")
    }

    fn samples() -> Vec<Self> {
        super::with_words(|say| {
            let refusal = falin_domain::refusal::Refusal::new("package.unsigned");
            let key = KeyRow {
                name: "某省司法厅".into(),
                fingerprint: "0f3a 77b1 9c02 41de".into(),
                state: done("信任"),
            };
            let back = Link::new("/desk/plugins", say.t("desk-plugin-list-title"));
            vec![
                Self {
                    back: back.clone(),
                    form: package_form(say).refused(say, &refusal),
                    key_form: Some(key_form(say)),
                    keys: vec![key],
                },
                Self { back, form: package_form(say), key_form: None, keys: Vec::new() },
            ]
        })
    }
}

/// Views of this file.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<PluginList>(), sampled::<PluginPage>(), sampled::<PluginUpload>()]
}
