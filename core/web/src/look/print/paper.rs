//! A paper on its page: what was laid out, as flat pieces for the template.

use falin_domain::paper::{
    self, Cell, Fill, Indent, Laid, Page, Row, Sheet, Sign, Span, Values, compose, sample,
};
use serde::Serialize;

use crate::look::{Layout, Say, View};

/// Heights that the stylesheet has, in millimetres.
const HEIGHTS: [u16; 10] = [9, 14, 20, 26, 34, 46, 60, 80, 100, 140];
/// A cell of more characters begins at its top, and its row may run over a page.
const LONG: usize = 60;
const MAY_SPLIT: usize = 240;

/// A paper on its page.
#[derive(Serialize)]
pub struct PaperPrint {
    /// Title without its spacing.
    #[serde(skip)]
    title: String,
    /// Whether it is void.
    void: bool,
    /// `letter`, `form` or `cardpage`.
    page: &'static str,
    /// From top to bottom.
    blocks: Vec<PrintBlock>,
    /// Which paper it is, and which version.
    foot: String,
    /// One a column of a table.
    columns: [u8; 24],
}

#[derive(Default, Serialize)]
struct PrintBlock {
    kind: &'static str,
    spans: Vec<PrintSpan>,
    more: Vec<PrintSpan>,
    rows: Vec<PrintRow>,
    signs: Vec<Sign>,
}

#[derive(Serialize)]
struct PrintSpan {
    kind: &'static str,
    text: String,
}

#[derive(Serialize)]
struct PrintRow {
    height: String,
    loose: bool,
    cells: Vec<PrintCell>,
}

#[derive(Serialize)]
struct PrintCell {
    units: u8,
    class: &'static str,
    lines: Vec<Vec<PrintSpan>>,
}

impl PaperPrint {
    /// The page of a sheet.
    pub fn new(sheet: &Sheet) -> Self {
        let mut blocks: Vec<PrintBlock> = Vec::new();
        for laid in &sheet.laid {
            let mut block = block(laid);
            // A page has one heading; a second title on it only looks like one.
            if block.kind == "title" && blocks.iter().any(|before| before.kind == "title") {
                block.kind = "again";
            }
            blocks.push(block);
        }
        let page = match sheet.page {
            Page::Letter => "letter",
            Page::Form => "form",
            Page::Card => "cardpage",
        };
        Self {
            void: sheet.void,
            title: sheet.title.clone(),
            page,
            blocks,
            foot: sheet.foot.clone(),
            columns: [0; 24],
        }
    }
}

fn block(laid: &Laid) -> PrintBlock {
    let words =
        |kind, spans_of: &[Span]| PrintBlock { kind, spans: spans(spans_of), ..PrintBlock::default() };
    match laid {
        Laid::Organ(all) => words("organ", all),
        Laid::Title(all) => words("title", all),
        Laid::Number(all) => words("number", all),
        Laid::To(all) => words("to", all),
        Laid::Para(Indent::Two, all) => words("para", all),
        Laid::Para(Indent::None, all) => words("flush", all),
        Laid::Section(all) => words("section", all),
        Laid::Note(all) => words("note", all),
        Laid::Cut(all) => words("cut", all),
        Laid::NewPage => words("newpage", &[]),
        Laid::Seal(issuer, date) => PrintBlock { more: spans(date), ..words("seal", issuer) },
        Laid::Signs(signs) => PrintBlock { kind: "signs", signs: signs.clone(), ..PrintBlock::default() },
        Laid::Table(rows) => {
            PrintBlock { kind: "table", rows: rows.iter().map(row).collect(), ..PrintBlock::default() }
        }
    }
}

fn spans(all: &[Span]) -> Vec<PrintSpan> {
    let one = |span: &Span| match span {
        Span::Text(text) => PrintSpan { kind: "text", text: text.clone() },
        Span::Whole(text) => PrintSpan { kind: "whole", text: text.clone() },
        Span::Blank(width) => PrintSpan { kind: "blank", text: "\u{3000}".repeat(usize::from(*width)) },
        Span::Tick(true) => PrintSpan { kind: "ticked", text: String::new() },
        Span::Tick(false) => PrintSpan { kind: "open", text: String::new() },
    };
    all.iter().map(one).collect()
}

fn row(row: &Row) -> PrintRow {
    let height = HEIGHTS.iter().find(|known| **known >= row.height).unwrap_or(&HEIGHTS[HEIGHTS.len() - 1]);
    let cells = row.cells.iter().map(|one| cell(one, row.cells.len())).collect();
    PrintRow {
        height: format!("h{height}"),
        loose: row.cells.iter().any(|cell| letters(cell) > MAY_SPLIT),
        cells,
    }
}

fn letters(cell: &Cell) -> usize {
    let one = |span: &Span| if let Span::Text(text) = span { text.chars().count() } else { 1 };
    cell.lines.iter().flatten().map(one).sum()
}

fn cell(cell: &Cell, of: usize) -> PrintCell {
    let class = match (cell.label, of) {
        (true, 1) => "head",
        (true, _) => "label",
        (false, _) if letters(cell) > LONG => "long",
        (false, _) => "",
    };
    PrintCell { units: cell.units, class, lines: cell.lines.iter().map(|line| spans(line)).collect() }
}

impl View for PaperPrint {
    const TEMPLATE: &'static str = "pages/print/paper";
    const LAYOUT: Layout = Layout::Paper;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.replace([' ', '　'], "")
    }

    fn samples() -> Vec<Self> {
        // Every kind is rendered by the test below; these show every branch of the template.
        let shown = ["aid-grant", "aid-apply", "med-agreement", "aid-intro", "adviser-card"];
        shown.iter().filter_map(|code| paper::find(code)).flat_map(|form| full_and_empty(form)).collect()
    }
}

/// The empty one is void.
fn full_and_empty(form: &paper::Paper) -> [PaperPrint; 2] {
    let print = |values: Values| {
        let sheet = compose(form, Fill::Values(&values), "示 · 第1版");
        PaperPrint::new(&Sheet { void: values.is_empty(), ..sheet })
    };
    [print(sample(form)), print(Values::default())]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::look::{Frame, Lang, Look, Size};

    #[test]
    fn every_paper_renders_full_and_empty() {
        let look = Look::load(None).unwrap();
        let frame = Frame::public(Lang::Zh, Size::Normal, Some(("620200", "嘉峪关市")), "/");
        for form in paper::all() {
            for view in full_and_empty(form) {
                let html = look.render(&frame, &view).unwrap();
                let title = form.title.replace([' ', '\u{3000}'], "");
                assert!(html.contains(&title) && html.matches("<h1").count() == 1, "{}", form.code);
                assert!(!html.contains("{{") && !html.contains(" style="), "{}", form.code);
            }
        }
    }
}
