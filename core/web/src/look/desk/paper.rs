//! Papers: the list, one paper, its form; the kinds with their templates.

mod ask;

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, renew, stands, with_words};
use crate::look::parts::{Button, ErrorItem, ErrorSummary, Fact, Field, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

pub use ask::Ask;

/// The list.
#[derive(Clone, Serialize)]
pub struct PaperList {
    /// Kind.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<PaperRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Where a new one of this case is made; empty without a case.
    pub new: String,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct PaperRow {
    /// Its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// Number; may be empty.
    pub number: String,
    /// What sort of case.
    pub noun: String,
    /// When it was issued.
    pub when: String,
    /// In force or void.
    pub state: State,
}

/// One paper.
#[derive(Clone, Serialize)]
pub struct PaperShow {
    /// Back to the list of its case.
    pub back: Link,
    /// Title.
    pub title: String,
    /// Void, or what is still blank.
    pub notice: Option<Notice>,
    /// Number, case, day.
    pub facts: Vec<Fact>,
    /// The page to print.
    pub print: String,
    /// The document.
    pub docx: String,
    /// Where it is corrected; empty where it is not.
    pub correct: String,
    /// Every version, the newest first.
    pub editions: Vec<EditionRow>,
    /// Declares it void; None where it is.
    pub void: Option<Form>,
}

/// One version of a paper.
#[derive(Clone, Serialize)]
pub struct EditionRow {
    /// From 1.
    pub n: String,
    /// When.
    pub when: String,
    /// The document's hash, shortened.
    pub hash: String,
    /// The page to print.
    pub print: String,
    /// The document.
    pub docx: String,
}

/// The form of a paper.
#[derive(Clone, Serialize)]
pub struct PaperEdit {
    /// Back.
    pub back: Link,
    /// The paper's title.
    pub title: String,
    /// What was wrong.
    pub errors: Option<ErrorSummary>,
    /// Where it is posted.
    pub action: String,
    /// Names and values that travel unseen.
    pub hidden: Vec<crate::look::parts::Hidden>,
    /// The fields, in the form's order.
    pub fields: Vec<Ask>,
    /// Its buttons.
    pub buttons: Vec<Button>,
}

impl PaperEdit {
    /// As [`Form::meanwhile`]; whether the rest is written by hand is nothing that stands in the paper.
    pub fn meanwhile(&mut self, say: &Say<'_>, now: Self) {
        for (ask, there) in
            self.fields.iter_mut().zip(now.fields).filter(|(ask, _)| ask.name != "leave_blank")
        {
            if ask.told() != there.told() {
                ask.error = stands(say, &there.told());
                let item = ErrorItem { href: format!("#{}", ask.name), text: ask.label.clone() };
                self.errors.iter_mut().for_each(|told| told.items.push(item.clone()));
            }
        }
        renew(&mut self.hidden, &now.hidden);
    }

    /// With what a refusal found wrong.
    pub fn maybe_refused(mut self, say: &Say<'_>, refusal: Option<&Refusal>) -> Self {
        let Some(refusal) = refusal else { return self };
        for fault in &refusal.fields {
            if let Some(ask) = self.fields.iter_mut().find(|ask| ask.name == fault.name) {
                ask.error = say.field_error(fault);
            }
        }
        self.errors = Some(say.error_summary(refusal));
        self
    }
}

/// The kinds, by what they are for.
#[derive(Clone, Serialize)]
pub struct PaperKinds {
    /// Groups with their kinds.
    pub groups: Vec<KindGroup>,
    /// Whether the visitor may set what papers print of the office.
    pub may_set: bool,
}

/// Kinds for one sort of case.
#[derive(Clone, Serialize)]
pub struct KindGroup {
    /// The sort, or the workflow that brings them, in words.
    pub name: String,
    /// Its kinds.
    pub rows: Vec<KindRow>,
}

/// One kind in the list.
#[derive(Clone, Serialize)]
pub struct KindRow {
    /// Its page; with a case in hand, the form of a new one.
    pub href: String,
    /// Title.
    pub title: String,
    /// The title's language.
    pub lang: &'static str,
    /// What it rests on.
    pub source: String,
    /// Whether the county's own template is in use.
    pub own: bool,
}

/// One kind.
#[derive(Clone, Serialize)]
pub struct PaperKind {
    /// Title.
    pub title: String,
    /// The title's language.
    pub lang: &'static str,
    /// A template that does not fit the kind any more.
    pub notice: Option<Notice>,
    /// Source, copies, number, template.
    pub facts: Vec<Fact>,
    /// Samples and outline: where each leads.
    pub links: Vec<Link>,
    /// Its fields.
    pub fields: Vec<KindField>,
    /// Puts a template in use; None without the right.
    pub upload: Option<Form>,
    /// Goes back to the built-in layout; None where it is in use.
    pub revert: Option<Form>,
}

/// A field of a kind: what a template may name.
#[derive(Clone, Serialize)]
pub struct KindField {
    /// Label.
    pub label: String,
    /// Placeholder.
    pub mark: String,
    /// Columns of a list; may be empty.
    pub columns: String,
}

/// The form that uploads a template.
pub fn upload_form(say: &Say<'_>, address: &str, refusal: Option<&Refusal>) -> Form {
    Form::post(format!("{address}/template"))
        .uploading()
        .field(Field::input("file", "file", "desk-paper-template-file").hint("desk-paper-template-hint"))
        .button(Button::submit("outline", say.t("desk-paper-template-use")))
        .maybe_refused(say, refusal)
}

/// The form that declares a paper void.
pub fn void_form(
    say: &Say<'_>,
    address: &str,
    version: i64,
    reason: &str,
    refusal: Option<&Refusal>,
) -> Form {
    Form::post(format!("{address}/void"))
        .keep("version", version.to_string())
        .field(Field::text("reason", "desk-paper-void-reason").value(reason).hint("desk-paper-void-hint"))
        .button(Button::submit("refuse", say.t("desk-paper-void")))
        .maybe_refused(say, refusal)
}

impl View for PaperList {
    const TEMPLATE: &'static str = "pages/desk/paper/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-paper-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = PaperRow {
                href: "/desk/papers/1".into(),
                title: "给予法律援助决定书".into(),
                number: "嘉峪关援决〔2026〕1号".into(),
                noun: say.t("desk-paper-group-aid"),
                when: "3月2日".into(),
                state: State { fill: "full", word: say.t("desk-paper-state-issued") },
            };
            let filters =
                Filters::new("/desk/papers", vec![Field::select("kind", "desk-paper-kind", Vec::new())]);
            let found = Self {
                filters,
                rows: vec![row.clone(), PaperRow { number: String::new(), ..row }],
                pager: Pager { back: String::new(), more: "/desk/papers?cursor=x".into() },
                new: "/desk/papers/kinds?noun=aid&subject=1".into(),
            };
            vec![Self { rows: Vec::new(), new: String::new(), ..found.clone() }, found]
        })
    }
}

impl View for PaperShow {
    const TEMPLATE: &'static str = "pages/desk/paper/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let edition = EditionRow {
                n: "1".into(),
                when: "3月2日".into(),
                hash: "9f2c…".into(),
                print: "/desk/papers/1/print?edition=1".into(),
                docx: "/desk/papers/1/document.docx?edition=1".into(),
            };
            let held = Self {
                back: Link::new("/desk/papers", say.t("desk-paper-list-title")),
                title: "给予法律援助决定书".into(),
                notice: Some(Notice::new("caution", say.t("desk-paper-blank"), "申请日期")),
                facts: vec![Fact::new("desk-paper-number", "嘉峪关援决〔2026〕1号")],
                print: "/desk/papers/1/print".into(),
                docx: "/desk/papers/1/document.docx".into(),
                correct: "/desk/papers/1/correct".into(),
                editions: vec![edition],
                void: Some(void_form(say, "/desk/papers/1", 1, "", None)),
            };
            let wrong = Refusal::field("reason", "required");
            let refused =
                Self { void: Some(void_form(say, "/desk/papers/1", 1, "", Some(&wrong))), ..held.clone() };
            vec![Self { void: None, correct: String::new(), notice: None, ..held.clone() }, held, refused]
        })
    }
}

impl View for PaperEdit {
    const TEMPLATE: &'static str = "pages/desk/paper/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let asks = |form: &falin_domain::paper::Paper| {
                form.fields.iter().map(|field| Ask::new(say, field, &["男".to_owned()])).collect()
            };
            let form = |code: &str| {
                falin_domain::paper::find(code).map(|form| Self {
                    back: Link::new("/desk/papers/kinds", say.t("desk-paper-kinds-title")),
                    title: form.title.clone(),
                    errors: None,
                    action: "/desk/papers".into(),
                    hidden: Vec::new(),
                    fields: asks(form),
                    buttons: vec![Button::submit("primary", say.t("desk-paper-issue"))],
                })
            };
            let wrong = Refusal::field("cause", "paper.kind");
            let plain = form("aid-apply").into_iter();
            plain.chain(form("aid-grant").map(|edit| edit.maybe_refused(say, Some(&wrong)))).collect()
        })
    }
}

impl View for PaperKinds {
    const TEMPLATE: &'static str = "pages/desk/paper/kinds";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-paper-kinds-title")
    }

    fn samples() -> Vec<Self> {
        let row = |own| KindRow {
            href: "/desk/papers/kinds/aid-grant".into(),
            title: "给予法律援助决定书".into(),
            lang: "zh-CN",
            source: "法律援助法第四十三条".into(),
            own,
        };
        vec![Self {
            groups: vec![KindGroup { name: "法律援助".into(), rows: vec![row(true), row(false)] }],
            may_set: true,
        }]
    }
}

impl View for PaperKind {
    const TEMPLATE: &'static str = "pages/desk/paper/kind";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let address = "/desk/papers/kinds/aid-grant";
            let wrong = Refusal::field("file", "template.macro");
            let field = |columns: &str| KindField {
                label: "受援人".into(),
                mark: "{{recipient.name}}".into(),
                columns: columns.into(),
            };
            let seen = Self {
                title: "给予法律援助决定书".into(),
                lang: "zh-CN",
                notice: None,
                facts: vec![Fact::new("desk-paper-source", "法律援助法第四十三条")],
                links: vec![Link::new(format!("{address}/print"), say.t("desk-paper-sample-print"))],
                fields: vec![field(""), field("序号 {{n}}")],
                upload: None,
                revert: None,
            };
            let kept = Self {
                notice: Some(Notice::new(
                    "caution",
                    say.t("desk-paper-unfit"),
                    say.t("desk-paper-unfit-why"),
                )),
                upload: Some(upload_form(say, address, Some(&wrong))),
                revert: Some(Form::post(format!("{address}/revert")).button(Button::submit("low", "换回"))),
                ..seen.clone()
            };
            vec![seen, kept]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<PaperList>(),
        sampled::<PaperShow>(),
        sampled::<PaperEdit>(),
        sampled::<PaperKinds>(),
        sampled::<PaperKind>(),
    ]
}
