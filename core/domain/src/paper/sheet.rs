//! A paper laid out and filled, before it is a document or a page: what both print from.

use serde::{Deserialize, Serialize};

/// The page that a paper is printed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// A4 as an official letter (GB/T 9704—2012): 三号 body, 22 lines of 28 characters, page numbers outside.
    Letter,
    /// A4 as a ruled form: 小四 inside.
    Form,
    /// A card of 90 × 54 mm.
    Card,
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Words.
    Text(String),
    /// Words that must not be broken over a line: numbers, telephones, amounts.
    Whole(String),
    /// Room to write by hand, so many characters wide.
    Blank(u8),
    /// A box to tick; true where ticked.
    Tick(bool),
}

/// A line's pieces.
pub type Spans = Vec<Span>;

/// How a paragraph begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Indent {
    /// At the margin.
    None,
    /// Two characters in.
    Two,
}

/// A line to sign on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sign {
    /// Who signs.
    pub label: String,
    /// Whether the day is written beside it.
    pub dated: bool,
}

/// A cell of a form's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cell {
    /// Width in 24ths of the table.
    pub units: u8,
    /// Whether it is a label or heading.
    pub label: bool,
    /// Its paragraphs.
    pub lines: Vec<Spans>,
}

/// A row of a form's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Row {
    /// Its cells, 24 units together.
    pub cells: Vec<Cell>,
    /// Least height in millimetres.
    pub height: u16,
    /// Whether it is repeated on each page that the table runs over.
    pub repeated: bool,
    /// Set for the row of a list that a template repeats: the list's name.
    pub each: Option<String>,
}

/// What is laid on the page, from top to bottom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum Laid {
    /// The issuing organ.
    Organ(Spans),
    /// The title.
    Title(Spans),
    /// The number.
    Number(Spans),
    /// The addressee.
    To(Spans),
    /// A paragraph.
    Para(Indent, Spans),
    /// A heading.
    Section(Spans),
    /// A ruled table.
    Table(Vec<Row>),
    /// Lines to sign on.
    Signs(Vec<Sign>),
    /// Issuer and date, with room for the seal over both.
    Seal(Spans, Spans),
    /// A small note.
    Note(Spans),
    /// A new page.
    NewPage,
    /// A line to cut along.
    Cut(Spans),
}

/// A whole paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sheet {
    /// Whether it is void, and printed as such.
    pub void: bool,
    /// Title, for the document's properties and the page's head.
    pub title: String,
    /// The page.
    pub page: Page,
    /// From top to bottom.
    pub laid: Vec<Laid>,
    /// Small line outside the text: which paper this is, and which version.
    pub foot: String,
}

impl Span {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
