//! Adviser posts: who advises which village, with terms: list, form, end.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::worker::tabs;
use super::{Filters, Form, Link, Tab, filter_options, with_words};
use crate::look::parts::{Button, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::adviser::Typed as PostTyped;

/// The list.
#[derive(Clone, Serialize)]
pub struct PostList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// How many match, in words.
    pub count: String,
    /// Villages without an adviser; None where every one has one.
    pub gap: Option<Notice>,
    /// Search, place and state.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<PostRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may give one.
    pub may_write: bool,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct PostRow {
    /// The form's page; empty without the right.
    pub href: String,
    /// Village with its township.
    pub village: String,
    /// The adviser.
    pub worker: Link,
    /// The adviser's firm; may be empty.
    pub firm: String,
    /// Term in words.
    pub span: String,
    /// Hours in the village, as written; may be empty.
    pub hours: String,
    /// Current, ending soon, ended, not begun.
    pub state: State,
    /// Its papers; empty for whoever makes none.
    pub papers: String,
    /// Where it is ended; empty where it has ended or without the right.
    pub end: String,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct PostEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// The page that ends a post.
#[derive(Clone, Serialize)]
pub struct PostEnd {
    /// The village.
    pub village: String,
    /// The adviser.
    pub worker: String,
    /// The first day without the adviser.
    pub form: Form,
}

/// Search, place and state of the list, with what was chosen.
pub fn filters(say: &Say<'_>, find: &str, place: &str, state: &str, places: Vec<FieldOption>) -> Filters {
    let mut all = vec![FieldOption::new("", say.t("desk-any"), place)];
    all.extend(places);
    let states = ["current", "ending", "future", "ended"];
    let fields = vec![
        Field::input("search", "find", "desk-post-q").value(find),
        Field::select("place", "desk-post-place", all),
        Field::select("state", "desk-post-state", filter_options(say, "desk-post-state", &states, state)),
    ];
    Filters::new("/desk/posts", fields)
}

/// What there is to choose from in the form of a post.
pub struct PostChoices {
    /// Villages.
    pub villages: Vec<FieldOption>,
    /// Workers who may advise.
    pub workers: Vec<FieldOption>,
}

impl PostEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new post.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        version: &str,
        typed: &PostTyped,
        choices: PostChoices,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let back = Link::new("/desk/posts", say.t("desk-post-list-title"));
        let date =
            |name: &'static str, label, value: &str| Field::input("date", name, label).value(value).width(10);
        let mut form = Form::post(action);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = vec![
            Field::select("village", "desk-post-village", choices.villages),
            Field::select("worker", "desk-post-worker", choices.workers),
            date("from", "desk-post-from", &typed.from),
            date("to", "desk-post-to", &typed.to).hint("desk-post-to-hint").optional(),
            Field::text("hours", "desk-post-hours")
                .hint("desk-post-hours-hint")
                .value(&typed.hours)
                .optional(),
        ];
        let save = if new { "desk-post-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, form }
    }
}

impl PostEnd {
    /// The form posted to `action`, with the version that was read and the day typed (ISO).
    pub fn new(
        say: &Say<'_>,
        action: &str,
        version: &str,
        (village, worker): (&str, &str),
        day: &str,
        refusal: Option<&Refusal>,
    ) -> Self {
        let form = Form::post(action)
            .keep("version", version)
            .field(Field::input("date", "end_on", "desk-post-end-on").value(day).width(10))
            .button(Button::submit("refuse", say.t("desk-post-end")))
            .button(Button::link("low", say.t("desk-cancel"), "/desk/posts"))
            .maybe_refused(say, refusal);
        Self { village: village.into(), worker: worker.into(), form }
    }
}

impl View for PostList {
    const TEMPLATE: &'static str = "pages/desk/post/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-post-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |village: &str, worker: &str, span: &str, fill: &'static str, word: &str| PostRow {
                href: "/desk/posts/1/edit".into(),
                village: village.into(),
                worker: Link::new("/desk/workers/1", worker),
                firm: "甘肃雄关律师事务所".into(),
                span: span.into(),
                hours: "每月 15 日上午，村委会".into(),
                state: State { fill, word: word.into() },
                papers: "/desk/papers/kinds?noun=adviser&subject=1".into(),
                end: if word == "已结束" { String::new() } else { "/desk/posts/1/end".into() },
            };
            let year = "2026年1月1日 到 2026年12月31日";
            let places = || vec![FieldOption::new("620200102", "新城镇", "")];
            let found = Self {
                tabs: tabs("/desk/posts"),
                count: "共 48 个聘任".into(),
                gap: Some(
                    Notice::new("caution", "2 个村还没有法律顾问：", "河口村、塔湾村。")
                        .link("/desk/posts/new", "聘一位"),
                ),
                filters: filters(say, "", "", "", places()),
                rows: vec![
                    row("新城镇 野麻湾村", "蔡志生", year, "done", "在任"),
                    row("新城镇 横沟村", "贾浩", "2025年12月1日 到 2026年11月30日", "half", "快到期"),
                    row("雄关街道 福民社区", "宋平", "2027年1月1日 起", "empty", "还没开始"),
                    row("文殊镇 石桥村", "才让卓玛", "2025年1月1日 到 2025年12月31日", "stopped", "已结束"),
                ],
                pager: Pager { back: String::new(), more: "/desk/posts?cursor=b2Zm".into() },
                may_write: true,
            };
            let none = Self {
                gap: None,
                filters: filters(say, "", "", "", Vec::new()),
                rows: Vec::new(),
                pager: Pager::default(),
                may_write: false,
                ..found.clone()
            };
            vec![found, none]
        })
    }
}

impl View for PostEdit {
    const TEMPLATE: &'static str = "pages/desk/post/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-post-new-title" } else { "desk-post-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let choices = || PostChoices {
                villages: vec![FieldOption::new("620200102202", "新城镇 横沟村", "620200102202")],
                workers: vec![FieldOption::new("1", "贾浩（甘肃嘉峪律师事务所）", "1")],
            };
            let typed = PostTyped {
                from: "2026-12-01".into(),
                hours: "每月 15 日上午，村委会".into(),
                ..PostTyped::default()
            };
            let clash = Refusal::new("post.overlap");
            vec![
                Self::new(say, "/desk/posts", "", &PostTyped::default(), choices(), None),
                Self::new(say, "/desk/posts/1", "2", &typed, choices(), None),
                Self::new(say, "/desk/posts", "", &typed, choices(), Some(&clash)),
            ]
        })
    }
}

impl View for PostEnd {
    const TEMPLATE: &'static str = "pages/desk/post/end";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-post-end")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let who = ("横沟村", "贾浩");
            let wrong = Refusal::field("end_on", "date.order");
            vec![
                Self::new(say, "/desk/posts/1/end", "2", who, "2026-11-24", None),
                Self::new(say, "/desk/posts/1/end", "2", who, "2020-01-01", Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<PostList>(), sampled::<PostEdit>(), sampled::<PostEnd>()]
}
