//! Figures: the table of a place, its chart, and tables as they were reported.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, with_words};
use crate::look::parts::{Button, Field, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The table of a place.
#[derive(Clone, Serialize)]
pub struct Figures {
    /// The place's name.
    pub place: String,
    /// The period in words.
    pub span: String,
    /// Up to the place above; None for the county.
    pub up: Option<Link>,
    /// Usual periods, one press each.
    pub presses: Vec<Press>,
    /// Period.
    pub filters: Filters,
    /// The villages' scorecard; empty on a workflow's page.
    pub villages: String,
    /// Names of the parts, each a link to its own table.
    pub parts: Vec<Link>,
    /// One row a figure.
    pub rows: Vec<FigureRow>,
    /// The chart of the figure that was chosen.
    pub chart: Option<Chart>,
    /// Takes the table out as a workbook.
    pub export: String,
    /// Reported tables.
    pub reports: String,
    /// Keeps the table as it is reported; None without the right.
    pub report: Option<Form>,
    /// Whether some cells are kept back.
    pub kept_back: bool,
    /// Figures of the county's own workflows.
    pub own: Vec<OwnFigures>,
    /// Back from a workflow's own page.
    pub back: Option<Link>,
    /// The workflow whose page it is; empty on the county's.
    pub name: String,
}

/// A link that chooses a period.
#[derive(Clone, Serialize)]
pub struct Press {
    /// Where it leads.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether it is the period that is shown.
    pub current: bool,
}

/// Figures of a workflow of the county's.
#[derive(Clone, Serialize)]
pub struct OwnFigures {
    /// What it is called.
    pub name: String,
    /// Its own page, with the splits.
    pub href: String,
    /// Its figures, and below each its splits.
    pub rows: Vec<FigureRow>,
}

/// A figure's row.
#[derive(Clone, Serialize)]
pub struct FigureRow {
    /// Its name.
    pub name: String,
    /// Unit in words.
    pub unit: String,
    /// What a rate divides, in words; empty for counts.
    pub of: String,
    /// For the place.
    pub value: String,
    /// The rows behind it; empty where there is no list of them.
    pub href: String,
    /// For each part.
    pub cells: Vec<String>,
    /// Shows its chart; empty where there is none.
    pub chart: String,
    /// Whether its chart is shown.
    pub charted: bool,
}

/// Bars of one figure, 100 units wide.
#[derive(Clone, Serialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Height of the drawing.
    pub height: u32,
}

/// A bar.
#[derive(Clone, Serialize)]
pub struct Bar {
    /// Place.
    pub name: String,
    /// Value in words.
    pub value: String,
    /// Length, 0–100.
    pub share: u8,
    /// Top of the bar.
    pub y: u32,
    /// Baseline of its text.
    pub text_y: u32,
}

/// Tables as they were reported.
#[derive(Clone, Serialize)]
pub struct Reports {
    /// Back to the figures.
    pub back: Link,
    /// Rows.
    pub rows: Vec<ReportRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// A reported table.
#[derive(Clone, Serialize)]
pub struct ReportRow {
    /// Its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// Period.
    pub span: String,
    /// The day it was reported.
    pub day: String,
}

/// A reported table beside today's figures.
#[derive(Clone, Serialize)]
pub struct Reported {
    /// Back to the list.
    pub back: Link,
    /// Title.
    pub title: String,
    /// Place, period, day.
    pub about: String,
    /// Rows.
    pub rows: Vec<ReportedRow>,
}

/// A figure then and now.
#[derive(Clone, Serialize)]
pub struct ReportedRow {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// As reported.
    pub then: String,
    /// As it is counted today.
    pub now: String,
    /// Whether they differ.
    pub differs: bool,
}

/// The form that keeps a table, with what was refused.
pub fn report_form(say: &Say<'_>, kept: &[(&str, String)], title: &str, refusal: Option<&Refusal>) -> Form {
    let mut form = Form::post("/desk/statistics/reports");
    for (name, value) in kept {
        form = form.keep(name, value.clone());
    }
    form.field(Field::text("title", "stats-report-title").value(title))
        .button(Button::submit("outline", say.t("stats-report-keep")))
        .maybe_refused(say, refusal)
}

impl View for Figures {
    const TEMPLATE: &'static str = "pages/desk/statistics/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        if self.name.is_empty() { say.t("stats-title") } else { self.name.clone() }
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = FigureRow {
                name: "问题解答率".into(),
                unit: "%".into(),
                of: "已答复的咨询 ÷ 咨询".into(),
                value: "98.2".into(),
                href: "/desk/consultations".into(),
                cells: vec!["97.0".into(), "–".into()],
                chart: "/desk/statistics?figure=answering_rate".into(),
                charted: true,
            };
            let bar =
                |y| Bar { name: "新城镇".into(), value: "97.0".into(), share: 97, y, text_y: y + 14 };
            let full = Self {
                place: "嘉峪关市".into(),
                span: "2026年1月1日 至 2026年11月26日".into(),
                up: Some(Link::new("/desk/statistics", "嘉峪关市")),
                presses: vec![Press {
                    href: "/desk/statistics?from=2026-11-01".into(),
                    label: "本月".into(),
                    current: true,
                }],
                villages: "/desk/statistics/villages".into(),
                filters: Filters::new("/desk/statistics", vec![Field::input("date", "from", "stats-from")]),
                parts: vec![Link::new("/desk/statistics?place=620201100", "新城镇"), Link::new("", "文殊镇")],
                rows: vec![
                    row.clone(),
                    FigureRow { of: String::new(), href: String::new(), charted: false, ..row.clone() },
                ],
                chart: Some(Chart {
                    title: "问题解答率".into(), bars: vec![bar(0), bar(28)], height: 56
                }),
                export: "/desk/statistics.xlsx".into(),
                reports: "/desk/statistics/reports".into(),
                report: Some(report_form(say, &[("place", "620200".into())], "", None)),
                kept_back: true,
                own: vec![OwnFigures {
                    name: "访调对接".into(),
                    href: "/desk/figures/petition".into(),
                    rows: vec![
                        row.clone(),
                        FigureRow { name: "劳动报酬".into(), chart: String::new(), ..row.clone() },
                    ],
                }],
                back: None,
                name: String::new(),
            };
            let own = OwnFigures { href: String::new(), ..full.own[0].clone() };
            let back = Some(Link::new("/desk/statistics", "统计"));
            let one = Self {
                rows: Vec::new(),
                own: vec![own],
                name: "访调对接".into(),
                back,
                report: None,
                reports: String::new(),
                villages: String::new(),
                ..full.clone()
            };
            let bare = Self {
                up: None,
                chart: None,
                report: None,
                kept_back: false,
                own: Vec::new(),
                ..full.clone()
            };
            vec![full, one, bare]
        })
    }
}

impl View for Reports {
    const TEMPLATE: &'static str = "pages/desk/statistics/reports";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("stats-reports")
    }

    fn samples() -> Vec<Self> {
        let row = ReportRow {
            href: "/desk/statistics/reports/1".into(),
            title: "十月月报".into(),
            span: "2026年10月".into(),
            day: "11月2日".into(),
        };
        let full =
            Self { back: Link::new("/desk/statistics", "统计"), rows: vec![row], pager: Pager::default() };
        vec![full.clone(), Self { rows: Vec::new(), ..full }]
    }
}

impl View for Reported {
    const TEMPLATE: &'static str = "pages/desk/statistics/reported";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        let row = |differs| ReportedRow {
            name: "咨询".into(),
            unit: "件".into(),
            then: "310".into(),
            now: "312".into(),
            differs,
        };
        vec![Self {
            back: Link::new("/desk/statistics/reports", "上报过的表"),
            title: "十月月报".into(),
            about: "嘉峪关市".into(),
            rows: vec![row(true), row(false)],
        }]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Figures>(), sampled::<Reports>(), sampled::<Reported>()]
}
