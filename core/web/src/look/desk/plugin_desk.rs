//! What a county makes of a workflow: its settings, who holds its posts, tables read into its cases.

use serde::Serialize;

use super::{Form, Link, with_words};
use crate::look::parts::{Button, ErrorSummary, Field, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The settings of a workflow.
#[derive(Clone, Serialize)]
pub struct PluginSettings {
    /// Back to the workflow.
    pub back: Link,
    /// Its name.
    pub name: String,
    /// What the county says; None where it declares nothing.
    pub form: Option<Form>,
}

/// The posts of a workflow.
#[derive(Clone, Serialize)]
pub struct PluginPosts {
    /// Back to the workflow.
    pub back: Link,
    /// Its name.
    pub name: String,
    /// What was refused.
    pub errors: Option<ErrorSummary>,
    /// Who holds them.
    pub rows: Vec<PostRow>,
    /// Gives one; None where it declares none, or without the right.
    pub form: Option<Form>,
}

/// A post that somebody holds.
#[derive(Clone, Serialize)]
pub struct PostRow {
    /// What it is called.
    pub post: String,
    /// Who holds it.
    pub who: String,
    /// Where.
    pub place: String,
    /// Since when.
    pub since: String,
    /// Takes it back; None without the right.
    pub withdraw: Option<Form>,
}

/// Tables that are read into the cases of a workflow.
#[derive(Clone, Serialize)]
pub struct PluginImports {
    /// Back to the cases.
    pub back: Link,
    /// The workflow's name.
    pub name: String,
    /// A form an import.
    pub imports: Vec<ImportForm>,
    /// Tables that were read, newest first.
    pub rows: Vec<BatchRow>,
}

/// A form that brings a table.
#[derive(Clone, Serialize)]
pub struct ImportForm {
    /// What it reads.
    pub name: String,
    /// The heads that it looks for.
    pub heads: String,
    /// The form.
    pub form: Form,
}

/// A table that was read.
#[derive(Clone, Serialize)]
pub struct BatchRow {
    /// Its page.
    pub href: String,
    /// The file's name.
    pub file: String,
    /// When.
    pub day: String,
    /// Rows that open a case, or opened one.
    pub accepted: String,
    /// Where it stands.
    pub state: State,
}

/// A table that was read, with what must be put right in it.
#[derive(Clone, Serialize)]
pub struct PluginBatch {
    /// Back to the imports.
    pub back: Link,
    /// The file's name.
    pub file: String,
    /// Where it stands.
    pub state: State,
    /// What was refused.
    pub errors: Option<ErrorSummary>,
    /// What it would do, or did, in a sentence.
    pub about: String,
    /// Where its columns are chosen and its findings are fetched.
    pub links: Vec<Link>,
    /// What must be put right.
    pub findings: Vec<FindingRow>,
    /// Puts it into cases, or takes it back.
    pub form: Option<Form>,
}

/// A fault in a table.
#[derive(Clone, Serialize)]
pub struct FindingRow {
    /// Sheet and row.
    pub at: String,
    /// Head of the column.
    pub column: String,
    /// What is wrong.
    pub text: String,
}

fn state() -> State {
    State { fill: "done", word: "已导入".into() }
}

impl View for PluginSettings {
    const TEMPLATE: &'static str = "pages/desk/plugin/settings";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} · {}", self.name, say.t("desk-plugin-settings"))
    }

    fn samples() -> Vec<Self> {
        let back = Link::new("/desk/plugins/1", "法治体检");
        let form = Form::post("/desk/plugins/1/settings")
            .field(Field::text("days", "复核天数").value("3"))
            .button(Button::submit("primary", "保存"));
        let full = Self { back, name: "法治体检".into(), form: Some(form) };
        vec![full.clone(), Self { form: None, ..full }]
    }
}

impl View for PluginPosts {
    const TEMPLATE: &'static str = "pages/desk/plugin/posts";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} · {}", self.name, say.t("desk-plugin-posts"))
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let withdraw =
                Form::post("/desk/plugins/1/posts/2/withdraw").button(Button::submit("low", "收回"));
            let row = PostRow {
                post: "分析员".into(),
                who: "王芳".into(),
                place: "新城镇".into(),
                since: "11月20日".into(),
                withdraw: Some(withdraw),
            };
            let refusal = falin_domain::refusal::Refusal::field("account", "post.role");
            let full = Self {
                back: Link::new("/desk/plugins/1", "法治体检"),
                name: "法治体检".into(),
                errors: Some(say.error_summary(&refusal)),
                rows: vec![row.clone(), PostRow { withdraw: None, ..row }],
                form: Some(Form::post("/desk/plugins/1/posts").button(Button::submit("primary", "给"))),
            };
            vec![full.clone(), Self { rows: Vec::new(), form: None, errors: None, ..full }]
        })
    }
}

impl View for PluginImports {
    const TEMPLATE: &'static str = "pages/desk/plugin/imports";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} · {}", self.name, say.t("desk-plugin-imports"))
    }

    fn samples() -> Vec<Self> {
        let form = Form::post("/desk/imports/stage/shops").uploading();
        let row = BatchRow {
            href: "/desk/import-batches/1".into(),
            file: "商户.xlsx".into(),
            day: "11月20日".into(),
            accepted: "12".into(),
            state: state(),
        };
        let full = Self {
            back: Link::new("/desk/workflows/stage/shop", "商户"),
            name: "法治体检".into(),
            imports: vec![ImportForm { name: "商户名册".into(), heads: "类型、店名".into(), form }],
            rows: vec![row],
        };
        vec![full.clone(), Self { rows: Vec::new(), ..full }]
    }
}

impl View for PluginBatch {
    const TEMPLATE: &'static str = "pages/desk/plugin/batch";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.file.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let finding =
                FindingRow {
                    at: "表1 第 4 行".into(), column: "人数".into(), text: "请填整数".into()
                };
            let full = Self {
                back: Link::new("/desk/imports/stage", "导入"),
                file: "商户.xlsx".into(),
                state: state(),
                errors: Some(say.error_summary(&falin_domain::refusal::Refusal::new("import.used"))),
                about: "14 行：可以新增 12 件，已有 1 行，有错 1 行。".into(),
                links: vec![Link::new("/desk/cutover/1/columns", "对一下列")],
                findings: vec![finding],
                form: Some(Form::post("/desk/import-batches/1").button(Button::submit("primary", "导入"))),
            };
            vec![
                full.clone(),
                Self { links: Vec::new(), findings: Vec::new(), form: None, errors: None, ..full },
            ]
        })
    }
}

/// These views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<PluginSettings>(),
        sampled::<PluginPosts>(),
        sampled::<PluginImports>(),
        sampled::<PluginBatch>(),
    ]
}
