//! What the components take: one plain struct each, named like its partial in `templates/components/`.
//!
//! `label`, `term`, `unit` and `hint` are text keys where they are `&'static str`, words where they are `String`.

use serde::Serialize;

pub use super::fields::{Field, FieldOption, Hidden};

/// `choices`: a cell of the choice grid, which takes a list.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Where it leads.
    pub href: String,
    /// Name in large letters.
    pub name: String,
    /// Text key of what is counted (`count-villages`), said with `n`; empty shows the note.
    pub unit: &'static str,
    /// The count.
    pub count: u64,
    /// Hint beneath in words; may be empty.
    pub note: String,
}

impl Choice {
    /// A cell with a counted line beneath.
    pub fn counted(href: impl Into<String>, name: impl Into<String>, unit: &'static str, count: u64) -> Self {
        Self { href: href.into(), name: name.into(), unit, count, note: String::new() }
    }

    /// A cell with words beneath, or with nothing.
    pub fn noted(href: impl Into<String>, name: impl Into<String>, note: impl Into<String>) -> Self {
        Self { href: href.into(), name: name.into(), unit: "", count: 0, note: note.into() }
    }
}

/// `goes`: a row of the go list, which takes a list.
#[derive(Clone, Debug, Serialize)]
pub struct Go {
    /// Where it leads.
    pub href: String,
    /// One character; empty leaves the tile out.
    pub tile: String,
    /// Verb phrase or name.
    pub title: String,
    /// One line of what happens; may be empty.
    pub note: String,
}

/// `call`: the green button that telephones.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Whom: 蔡志生; empty where the page already names it.
    pub name: String,
    /// Whether the title is 律师; others are called by name alone.
    pub lawyer: bool,
    /// Number as it is dialled (`tel:`).
    pub number: String,
    /// Number as it is read: `175 5105 6720`.
    pub spoken: String,
}

impl Call {
    /// The button for this number; None where there is none.
    pub fn new(name: &str, lawyer: bool, number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let spoken = super::format::phone(number);
        (!digits.is_empty()).then(|| Self { name: name.to_owned(), lawyer, number: digits, spoken })
    }
}

/// `facts`: a line of the fact list, which takes a list.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// Text key of the term.
    pub term: &'static str,
    /// The value.
    pub value: String,
    /// A second, quieter line; may be empty.
    pub note: String,
    /// Makes the value a link; empty for none.
    pub href: String,
}

impl Fact {
    /// A fact without note or link.
    pub fn new(term: &'static str, value: impl Into<String>) -> Self {
        Self { term, value: value.into(), note: String::new(), href: String::new() }
    }

    /// With a quieter second line.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// As a link.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
}

/// `figures`: one large number, of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Text key of what is counted.
    pub label: &'static str,
    /// The number as read: `6,190`.
    pub value: String,
    /// Text key of the unit (`unit-household`).
    pub unit: &'static str,
    /// The rows behind the number; empty for none.
    pub href: String,
}

/// `notice`: a message with a bar at its left.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// `plain`, `done`, `caution` or `danger`.
    pub tone: &'static str,
    /// The bold beginning; may be empty.
    pub strong: String,
    /// The sentence.
    pub text: String,
    /// A link after it; empty for none.
    pub href: String,
    /// The link's words.
    pub link: String,
}

impl Notice {
    /// A message without a link.
    pub fn new(tone: &'static str, strong: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, strong: strong.into(), text: text.into(), href: String::new(), link: String::new() }
    }

    /// With a link after it.
    pub fn link(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.href = href.into();
        self.link = words.into();
        self
    }
}

/// `button`: submits its form, or leads somewhere when `href` is given.
#[derive(Clone, Debug, Serialize)]
pub struct Button {
    /// Words.
    pub label: String,
    /// `primary` (one a page), `outline`, `refuse` or `low`.
    pub look: &'static str,
    /// Address of a link; empty for a submit button.
    pub href: String,
    /// Form control's name; empty for none.
    pub name: String,
    /// Form control's value.
    pub value: String,
}

impl Button {
    /// A link that looks like a button.
    pub fn link(look: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), look, href: href.into(), name: String::new(), value: String::new() }
    }

    /// A button that submits its form.
    pub fn submit(look: &'static str, label: impl Into<String>) -> Self {
        Self::link(look, label, "")
    }

    /// With a name and value that say which button it was.
    pub fn named(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = name.into();
        self.value = value.into();
        self
    }
}

/// `errors`: the summary at the top of a refused form.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorSummary {
    /// 有两处要改一下, or what was refused.
    pub title: String,
    /// What to do next; empty where fields say it.
    pub detail: String,
    /// Faults with links to their fields.
    pub items: Vec<ErrorItem>,
}

/// One line of the error summary.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorItem {
    /// `#name` of the field.
    pub href: String,
    /// What was wrong.
    pub text: String,
}

/// `deadline`: told by its frame.
#[derive(Clone, Debug, Serialize)]
pub struct Deadline {
    /// `overdue`, `today`, `soon`, `later` or `provisional`.
    pub shape: &'static str,
    /// 逾期 1 天, 今天到期, 还有 2 天, 12月3日, 约 1月5日.
    pub text: String,
    /// Both dates where it was shifted, or why it is provisional; may be empty.
    pub note: String,
}

/// `queue`: a row of the queue, which takes a list.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// When it is due by law.
    pub deadline: Deadline,
    /// The case.
    pub href: String,
    /// What is to be done.
    pub act: String,
    /// Number and matter.
    pub matter: String,
    /// Masked name and place.
    pub party: String,
    /// The article of law.
    pub article: String,
}

/// `state`: a small square, empty to full, with the word.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// `empty`, `half`, `full`, `done` or `stopped`.
    pub fill: &'static str,
    /// The word.
    pub word: String,
}

/// `loads`: a provider's row with its load bar, of a list. The bar is 100 units wide, full at capacity.
#[derive(Clone, Debug, Serialize)]
pub struct LoadRow {
    /// The provider's page.
    pub href: String,
    /// The provider.
    pub name: String,
    /// The firm or another quieter line; may be empty.
    pub note: String,
    /// Villages served.
    pub places: String,
    /// Filled share, 0–100.
    pub share: u8,
    /// Where the present load stands, 0–100 (drawn as a line).
    pub mark: u8,
    /// `88 / 95`.
    pub figures: String,
    /// `+8`, `−5`, `0`.
    pub change: String,
}

impl LoadRow {
    /// A row from counts of households; beyond capacity the bar is simply full.
    pub fn new(name: &str, href: &str, load: u32, capacity: u32, present: u32) -> Self {
        let percent = |n: u32| (n.min(capacity) * 100).checked_div(capacity).unwrap_or(100) as u8;
        let change = i64::from(load) - i64::from(present);
        let change = match change {
            0 => "0".to_owned(),
            n if n > 0 => format!("+{n}"),
            n => format!("−{}", -n),
        };
        Self {
            href: href.to_owned(),
            name: name.to_owned(),
            note: String::new(),
            places: String::new(),
            share: percent(load),
            mark: percent(present),
            figures: format!("{load} / {capacity}"),
            change,
        }
    }
}

/// `pager`: links to the neighbouring pages.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pager {
    /// The page before; empty for none.
    pub back: String,
    /// The page after; empty for none.
    pub more: String,
}
