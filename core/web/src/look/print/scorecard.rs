//! The sheet of one village for its wall: numbers of the place, the county's lines, room for two seals.

use serde::Serialize;

use crate::look::{Layout, Say, View};

/// The sheet of a village.
#[derive(Clone, Serialize)]
pub struct VillageSheet {
    /// Township and village.
    pub place: String,
    /// The period in words.
    pub span: String,
    /// Since when it is a site, in words; empty where it is none.
    pub site: String,
    /// Numbers.
    pub counts: Vec<SheetNumber>,
    /// The county's lines; empty where none are drawn.
    pub lines: Vec<SheetLine>,
    /// The rule of the lines.
    pub basis: String,
    /// Whether something is kept back.
    pub kept_back: bool,
    /// The day of printing.
    pub day: String,
}

/// A number.
#[derive(Clone, Serialize)]
pub struct SheetNumber {
    /// What is counted.
    pub item: String,
    /// The number.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// Whether it is part of the number above it.
    pub part: bool,
}

/// A line of the county's.
#[derive(Clone, Serialize)]
pub struct SheetLine {
    /// What it asks for.
    pub item: String,
    /// What it is drawn at.
    pub at: String,
    /// Reached or not, in words.
    pub held: String,
}

impl View for VillageSheet {
    const TEMPLATE: &'static str = "pages/print/scorecard";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} · {}", say.t("village-sheet"), self.place)
    }

    fn samples() -> Vec<Self> {
        let number = |item: &str, number: &str, unit: &str, part| SheetNumber {
            item: item.into(),
            number: number.into(),
            unit: unit.into(),
            part,
        };
        let full = Self {
            place: "新城镇 横沟村".into(),
            span: "2026年1月1日 至 2026年11月26日".into(),
            site: "无讼村示范点，自2026年3月1日起".into(),
            counts: vec![number("提出的纠纷", "12", "件", false), number("其中调成", "–", "件", true)],
            lines: vec![SheetLine {
                item: "法治讲座不少于（场次）".into(),
                at: "4".into(),
                held: "达到".into(),
            }],
            basis: "嘉司发〔2026〕3号".into(),
            kept_back: true,
            day: "2026年11月27日".into(),
        };
        let bare = Self {
            lines: Vec::new(),
            site: String::new(),
            basis: String::new(),
            kept_back: false,
            ..full.clone()
        };
        vec![full, bare]
    }
}
