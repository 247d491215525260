//! The villages' scorecard: the list of villages with their numbers, and the county's lines.

use falin_app::settings::TypedLines;
use falin_domain::refusal::Refusal;
use falin_domain::statistics::scorecard::Line;
use serde::Serialize;

use super::statistics::Press;
use super::{Filters, Form, Link, key, with_words};
use crate::look::parts::{Button, Field, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list of villages.
#[derive(Clone, Serialize)]
pub struct VillageCards {
    /// Back to the figures.
    pub back: Link,
    /// The period in words.
    pub span: String,
    /// Usual periods, one press each.
    pub presses: Vec<Press>,
    /// Township and period.
    pub filters: Filters,
    /// Names of the columns.
    pub heads: Vec<String>,
    /// The rule of the county's lines; empty where none are drawn.
    pub basis: String,
    /// Whether lines are drawn.
    pub drawn: bool,
    /// How many of the villages asked for are sites; empty where the county has declared none.
    pub sites: String,
    /// Villages.
    pub rows: Vec<VillageRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Takes them out as a workbook; empty without the right.
    pub export: String,
    /// Where lines are drawn; empty without the right.
    pub lines: String,
    /// Whether something is kept back.
    pub kept_back: bool,
}

/// A village.
#[derive(Clone, Serialize)]
pub struct VillageRow {
    /// Its printed sheet.
    pub href: String,
    /// Name.
    pub name: String,
    /// The township above it.
    pub township: String,
    /// Since when it is a site, in words; empty where it is none.
    pub site: String,
    /// A cell a column.
    pub cells: Vec<CardCell>,
    /// How many of the lines it keeps to; None where none are drawn.
    pub state: Option<State>,
}

/// A number with what belongs to it.
#[derive(Clone, Serialize)]
pub struct CardCell {
    /// The number.
    pub value: String,
    /// A quieter line; may be empty.
    pub note: String,
}

/// The form of the lines.
#[derive(Clone, Serialize)]
pub struct VillageLines {
    /// Back to the villages.
    pub back: Link,
    /// The form.
    pub form: Form,
}

impl VillageLines {
    /// The form with what is drawn or was typed.
    pub fn new(say: &Say<'_>, version: &str, typed: &TypedLines, refusal: Option<&Refusal>) -> Self {
        let value = |line: Line| match line {
            Line::SettledShare => &typed.settled_share,
            Line::Unsettled => &typed.unsettled,
            Line::Lectures => &typed.lectures,
            Line::Visits => &typed.visits,
            Line::PairedShare => &typed.paired_share,
        };
        let mut form = Form::post("/desk/statistics/villages/lines").keep("version", version);
        for line in Line::ALL {
            let label = say.t(&key("village-line", line.code()));
            let field = Field::text(line.code(), label).value(value(line)).typing("off", "numeric").width(5);
            form = form.field(field.optional());
        }
        let form = form
            .field(
                Field::text("basis", "village-basis")
                    .value(&typed.basis)
                    .hint("village-basis-hint")
                    .optional(),
            )
            .field(
                Field::area("sites", "village-sites")
                    .value(&typed.sites)
                    .hint("village-sites-hint")
                    .optional(),
            )
            .button(Button::submit("primary", say.t("desk-save")))
            .maybe_refused(say, refusal);
        Self { back: Link::new("/desk/statistics/villages", say.t("village-card-title")), form }
    }
}

impl View for VillageCards {
    const TEMPLATE: &'static str = "pages/desk/statistics/villages";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("village-card-title")
    }

    fn samples() -> Vec<Self> {
        let cell = |value: &str, note: &str| CardCell { value: value.into(), note: note.into() };
        let row = |fill, word: &str| VillageRow {
            href: "/desk/statistics/villages/1".into(),
            name: "横沟村".into(),
            township: "新城镇".into(),
            site: "无讼村示范点，自2026年3月1日".into(),
            cells: vec![cell("12", "调成 11 · 没有调成 1"), cell("–", "")],
            state: Some(State { fill, word: word.into() }),
        };
        let full = Self {
            back: Link::new("/desk/statistics", "统计"),
            span: "2026年1月1日 至 2026年11月26日".into(),
            presses: vec![Press {
                href: "/desk/statistics/villages?from=2026-11-01".into(),
                label: "本月".into(),
                current: true,
            }],
            filters: Filters::new(
                "/desk/statistics/villages",
                vec![Field::input("date", "from", "stats-from")],
            ),
            heads: vec!["提出的纠纷".into(), "法律咨询".into()],
            basis: "嘉司发〔2026〕3号".into(),
            drawn: true,
            sites: "2".into(),
            rows: vec![row("done", "都达到"), row("half", "达到 3 / 4")],
            pager: Pager { back: String::new(), more: "/desk/statistics/villages?cursor=b2Zm".into() },
            export: "/desk/statistics/villages.xlsx".into(),
            lines: "/desk/statistics/villages/lines".into(),
            kept_back: true,
        };
        let undrawn = VillageRow { state: None, ..full.rows[0].clone() };
        let plain = Self {
            basis: String::new(),
            drawn: false,
            rows: vec![undrawn],
            export: String::new(),
            lines: String::new(),
            kept_back: false,
            ..full.clone()
        };
        let none = Self { rows: Vec::new(), pager: Pager::default(), ..plain.clone() };
        vec![full, plain, none]
    }
}

impl View for VillageLines {
    const TEMPLATE: &'static str = "pages/desk/statistics/lines";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("village-lines")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let wrong = Refusal::field("basis", "required");
            let typed = TypedLines { lectures: "4".into(), ..TypedLines::default() };
            vec![Self::new(say, "3", &typed, Some(&wrong)), Self::new(say, "3", &TypedLines::default(), None)]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<VillageCards>(), sampled::<VillageLines>()]
}
