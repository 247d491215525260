//! The rota of a month for the wall, and an adviser's monthly sheet with room for a seal (form A2).

use serde::Serialize;

use crate::look::desk::month::{Day, Month};
use crate::look::desk::with_words;
use crate::look::parts::Fact;
use crate::look::{Layout, Say, View};

/// A month of shifts on paper.
#[derive(Serialize)]
pub struct Rota {
    /// The month in words.
    pub name: String,
    /// Names of the days, Monday first.
    pub names: Vec<String>,
    /// Weeks from Monday to Sunday.
    pub weeks: Vec<Vec<Day>>,
}

/// The month of an adviser's post on paper.
#[derive(Clone, Serialize)]
pub struct MonthSheet {
    /// Adviser, village, month.
    pub head: Vec<Fact>,
    /// What was counted.
    pub counts: Vec<SheetCount>,
    /// The fee by the county's rules; empty where it has none.
    pub fees: Vec<Paid>,
    /// The whole fee in words.
    pub total: String,
    /// The entries by day.
    pub entries: Vec<Entry>,
    /// What is still to be done, in words.
    pub open: Vec<String>,
    /// The same as a workbook.
    pub workbook: String,
    /// The month's paper (form A2); empty for whoever makes none.
    pub paper: String,
}

/// One counter.
#[derive(Clone, Serialize)]
pub struct SheetCount {
    /// What is counted, in words.
    pub item: String,
    /// The number.
    pub number: String,
    /// Its unit, in words; may be empty.
    pub unit: String,
    /// 人次; empty for none.
    pub people: String,
    /// A quieter line; may be empty.
    pub note: String,
}

/// One line of the fee.
#[derive(Clone, Serialize)]
pub struct Paid {
    /// What is paid.
    pub item: String,
    /// The amount.
    pub number: String,
}

/// One entry of the log.
#[derive(Clone, Serialize)]
pub struct Entry {
    /// The day.
    pub day: String,
    /// The kind in words.
    pub kind: String,
    /// Numbers and topic.
    pub what: String,
}

impl View for Rota {
    const TEMPLATE: &'static str = "pages/print/rota";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-duty-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let month = Month::sample(say);
            vec![Self { name: month.name, names: month.names, weeks: month.weeks }]
        })
    }
}

impl View for MonthSheet {
    const TEMPLATE: &'static str = "pages/print/month-sheet";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("sheet-title")
    }

    fn samples() -> Vec<Self> {
        let count = |item: &str, number: &str, unit: &str, people: &str, note: &str| SheetCount {
            item: item.into(),
            number: number.into(),
            unit: unit.into(),
            people: people.into(),
            note: note.into(),
        };
        let entry = |day: &str, kind: &str, what: &str| Entry {
            day: day.into(),
            kind: kind.into(),
            what: what.into(),
        };
        let full = Self {
            head: vec![
                Fact::new("desk-duty-worker", "蔡志生").note("甘肃雄关律师事务所"),
                Fact::new("desk-log-village", "新城镇 野麻湾村"),
            ],
            counts: vec![
                count("到村天数", "3", "天", "", ""),
                count("法律咨询", "9", "件", "11", ""),
                count("调解纠纷", "1", "件", "2", "成功 1 件"),
            ],
            fees: vec![Paid { item: "按月 300 元 × 1".into(), number: "300 元".into() }],
            total: "300 元".into(),
            entries: vec![
                entry("11月5日", "坐班", "1 次，180 分钟"),
                entry("11月19日", "法治讲座", "1 场次，46 人次 高价彩礼"),
            ],
            open: vec!["12月3日 代写文书".into()],
            workbook: "/desk/posts/1/sheet.xlsx?month=2026-11".into(),
            paper: "/desk/papers/new?kind=adviser-month".into(),
        };
        let empty = Self { fees: Vec::new(), entries: Vec::new(), open: Vec::new(), ..full.clone() };
        vec![full, empty]
    }
}
