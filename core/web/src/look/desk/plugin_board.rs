//! A page of a workflow's own: its figures and lists as the house draws them, or what a template of its package makes.

use serde::Serialize;

use super::Form;
use crate::look::parts::{Button, Deadline, Field, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// A page of a workflow's own.
#[derive(Clone, Default, Serialize)]
pub struct PluginBoard {
    /// What it is called.
    pub name: String,
    /// A sentence below that; may be empty.
    pub note: String,
    /// What the library said to the form that was sent; empty where nothing was.
    pub said: String,
    /// Its figures.
    pub figures: Vec<BoardFigure>,
    /// Its lists.
    pub lists: Vec<BoardList>,
    /// Markup of a template, which has passed the lint, its values escaped; empty where the house draws the page.
    pub body: String,
    /// Forms that its library answers.
    pub forms: Vec<Form>,
}

/// A figure of the workflow.
#[derive(Clone, Serialize)]
pub struct BoardFigure {
    /// What it is called.
    pub name: String,
    /// As it is written.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// Where it is split.
    pub href: String,
}

/// A list of the workflow's cases.
#[derive(Clone, Serialize)]
pub struct BoardList {
    /// What stands above it.
    pub title: String,
    /// A sentence beneath that; may be empty.
    pub note: String,
    /// Heads of its columns between number and state.
    pub heads: Vec<String>,
    /// Whether a row has a deadline.
    pub due: bool,
    /// Whether there may be more than it shows.
    pub full: bool,
    /// The whole list.
    pub all: String,
    /// Its rows.
    pub rows: Vec<BoardRow>,
}

/// A case.
#[derive(Clone, Serialize)]
pub struct BoardRow {
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Whether it must not wait.
    pub urgent: bool,
    /// Where; may be empty.
    pub place: String,
    /// The deadline that it is reckoned by.
    pub deadline: Option<Deadline>,
    /// What stands in the columns.
    pub cells: Vec<BoardCell>,
    /// Where it stands.
    pub state: State,
}

/// What stands in a column.
#[derive(Clone, Serialize)]
pub struct BoardCell {
    /// The text; may be empty.
    pub text: String,
    /// Whether it stands on one line: a date, a word.
    pub short: bool,
}

impl View for PluginBoard {
    const TEMPLATE: &'static str = "pages/desk/plugin/board";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let form = Form::post("/desk/pages/stage/board")
            .keep("action", "call")
            .field(Field::text("window", "窗口"))
            .button(Button::submit("outline", "叫下一位"));
        let cell = |text: &str, short: bool| BoardCell { text: text.into(), short };
        let row = BoardRow {
            href: "/desk/workflows/stage/shop/1".into(),
            number: "体检〔2026〕3号".into(),
            urgent: true,
            place: "野麻湾村".into(),
            deadline: Some(Deadline { shape: "soon", text: "还有 2 天".into(), note: String::new() }),
            cells: vec![cell("饭店和小吃店，前店后家", false), cell("2", true)],
            state: State { fill: "half", word: "复核中".into() },
        };
        let list = BoardList {
            title: "等着复核的商户".into(),
            note: "先看急的。".into(),
            heads: vec!["类型".into(), "人数".into()],
            due: true,
            full: true,
            all: "/desk/workflows/stage/shop".into(),
            rows: vec![row.clone(), BoardRow { urgent: false, place: String::new(), deadline: None, ..row }],
        };
        let figure = BoardFigure {
            name: "已体检".into(),
            value: "1,204".into(),
            unit: "户".into(),
            href: "/desk/figures/stage?figure=shops".into(),
        };
        let none =
            BoardList { note: String::new(), due: false, full: false, rows: Vec::new(), ..list.clone() };
        let bare = Self { name: "体检看板".into(), ..Self::default() };
        vec![
            Self {
                note: "按户看，不公开。".into(),
                said: "已叫号".into(),
                figures: vec![figure],
                lists: vec![list, none],
                forms: vec![form],
                ..bare.clone()
            },
            Self { body: "<h2>等着复核的商户</h2>".into(), ..bare },
        ]
    }
}

/// These views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<PluginBoard>()]
}
