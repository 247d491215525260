//! The deadlines board, the table of deadlines, and a county's own lengths.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, filter_options, with_words};
use crate::look::parts::{Button, Deadline, Field, FieldOption, Figure, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::deadline::TypedRule;

/// The board.
#[derive(Clone, Serialize)]
pub struct DeadlineList {
    /// How many match, in words.
    pub count: String,
    /// Overdue, soon, open.
    pub figures: Vec<Figure>,
    /// State, place, kind.
    pub filters: Filters,
    /// This page's rows, the most urgent first.
    pub rows: Vec<DeadlineRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One deadline.
#[derive(Clone, Serialize)]
pub struct DeadlineRow {
    /// The statutory date, told by its frame.
    pub deadline: Deadline,
    /// The case's page; empty where there is none for this reader.
    pub href: String,
    /// What is to be done.
    pub act: String,
    /// The case's number.
    pub label: String,
    /// Where it belongs; may be empty.
    pub place: String,
    /// Whose turn it is.
    pub whose: String,
    /// The article of law or the county's own text.
    pub article: String,
    /// The house's earlier date, in words; may be empty.
    pub internal: String,
    /// Reminded, urged or escalated, in words; may be empty.
    pub stage: String,
}

/// The table of deadlines as it counts here.
#[derive(Clone, Serialize)]
pub struct DeadlineRules {
    /// Its rows.
    pub rows: Vec<RuleRow>,
}

/// One row of the table.
#[derive(Clone, Serialize)]
pub struct RuleRow {
    /// The form; empty where the law sets the length, or without the right.
    pub href: String,
    /// What is to be done.
    pub act: String,
    /// What starts it.
    pub event: String,
    /// `7 日`.
    pub length: String,
    /// `5 日`; may be empty.
    pub internal: String,
    /// Article, or the county's own text.
    pub article: String,
    /// How sure, and whether it still counts; may be empty.
    pub note: String,
}

/// The form of a county's own length.
#[derive(Clone, Serialize)]
pub struct DeadlineRuleEdit {
    /// What is to be done.
    pub act: String,
    /// What starts it and what the table says.
    pub what: String,
    /// Back to the table.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// State, place and kind, with what was chosen.
pub fn filters(
    say: &Say<'_>,
    state: &str,
    place: &str,
    places: Vec<FieldOption>,
    kinds: Vec<FieldOption>,
) -> Filters {
    let mut all = vec![FieldOption::new("", say.t("desk-any"), place)];
    all.extend(places);
    let states = filter_options(say, "desk-deadline-state", &["open", "overdue", "soon", "met"], state);
    let fields = vec![
        Field::select("state", "desk-deadline-state", states),
        Field::select("place", "desk-deadline-place", all),
        Field::select("code", "desk-deadline-kind", kinds),
    ];
    Filters::new("/desk/deadlines", fields)
}

impl DeadlineRuleEdit {
    /// The form of the rule `code`.
    pub fn new(
        say: &Say<'_>,
        (code, act, what): (&str, &str, &str),
        version: i64,
        typed: &TypedRule,
        refusal: Option<&Refusal>,
    ) -> Self {
        let back = Link::new("/desk/deadlines/rules", say.t("desk-deadline-rules-title"));
        let number = |name, label, value: &str| {
            Field::text(name, label).value(value).typing("off", "numeric").width(5)
        };
        let form = Form::post(format!("/desk/deadlines/rules/{code}"))
            .keep("version", version.to_string())
            .field(
                number("length", "desk-deadline-length", &typed.length)
                    .hint("desk-deadline-length-hint")
                    .optional(),
            )
            .field(number("internal", "desk-deadline-internal", &typed.internal).optional())
            .field(
                Field::text("source", "desk-deadline-source")
                    .hint("desk-deadline-source-hint")
                    .value(&typed.source),
            )
            .button(Button::submit("primary", say.t("desk-save")))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { act: act.to_owned(), what: what.to_owned(), back, form }
    }
}

impl View for DeadlineList {
    const TEMPLATE: &'static str = "pages/desk/deadline/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-deadline-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |shape, text: &str, note: &str, act: &str, internal: &str, stage: &str| DeadlineRow {
                deadline: Deadline { shape, text: text.into(), note: note.into() },
                href: "/desk/legal-aid/1".into(),
                act: act.into(),
                label: "嘉援〔2026〕37号".into(),
                place: "新城镇 野麻湾村".into(),
                whose: "法律援助审查、指派人员".into(),
                article: "法律援助法第四十三条".into(),
                internal: internal.into(),
                stage: stage.into(),
            };
            let figure = |label, value: &str, href: &str| Figure {
                label,
                value: value.into(),
                unit: "desk-unit-item",
                href: href.into(),
            };
            let kinds = vec![FieldOption::new("", "不限", "")];
            let found = Self {
                count: "共 3 件".into(),
                figures: vec![
                    figure("desk-deadline-overdue", "1", "/desk/deadlines?state=overdue"),
                    figure("desk-deadline-soon", "4", "/desk/deadlines?state=soon"),
                    figure("desk-deadline-open", "37", "/desk/deadlines?state=open"),
                ],
                filters: filters(
                    say,
                    "overdue",
                    "",
                    vec![FieldOption::new("620201100", "新城镇", "")],
                    kinds.clone(),
                ),
                rows: vec![
                    row("overdue", "已过 1 天", "", "作出是否给予法律援助的决定", "11月20日", "督办"),
                    row("soon", "还有 2 天", "", "指派法律援助人员", "", ""),
                    row(
                        "provisional",
                        "约 1月5日",
                        "2027年放假安排还没公布",
                        "共同申请司法确认",
                        "12月28日",
                        "",
                    ),
                ],
                pager: Pager { back: String::new(), more: "/desk/deadlines?cursor=b2Zm".into() },
            };
            let none = Self {
                rows: Vec::new(),
                pager: Pager::default(),
                filters: filters(say, "", "", Vec::new(), kinds),
                ..found.clone()
            };
            vec![found, none]
        })
    }
}

impl View for DeadlineRules {
    const TEMPLATE: &'static str = "pages/desk/deadline/rules";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-deadline-rules-title")
    }

    fn samples() -> Vec<Self> {
        let row = |href: &str, act: &str, length: &str, note: &str| RuleRow {
            href: href.into(),
            act: act.into(),
            event: "收到咨询".into(),
            length: length.into(),
            internal: "12 小时".into(),
            article: "县（市、区）公共法律服务咨询服务指南".into(),
            note: note.into(),
        };
        vec![Self {
            rows: vec![
                row("/desk/deadlines/rules/consultation.answer", "答复咨询", "24 小时", "本地设定"),
                row("", "作出是否给予法律援助的决定", "7 日", ""),
            ],
        }]
    }
}

impl View for DeadlineRuleEdit {
    const TEMPLATE: &'static str = "pages/desk/deadline/rule";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-deadline-rule-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let typed = TypedRule { length: "48".into(), internal: "24".into(), source: String::new() };
            let wrong = Refusal::field("source", "required");
            let head = ("consultation.answer", "答复咨询", "收到咨询起 24 小时");
            vec![
                Self::new(say, head, 0, &TypedRule::default(), None),
                Self::new(say, head, 1, &typed, Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<DeadlineList>(), sampled::<DeadlineRules>(), sampled::<DeadlineRuleEdit>()]
}
