//! A table of an old system, whatever its columns are called there: its heads, what each stands for, the rows below.

use std::collections::{BTreeMap, BTreeSet};

use super::Words;
use crate::refusal::Refusal;
use crate::roster::{Cell, Sheet, SheetRow, Workbook, cell_text};
use crate::words::fold;

/// Rows in which the heads are looked for.
const HEAD_WITHIN: usize = 20;

/// What people chose: the code of the column that each head stands for; an empty one leaves the head out.
pub type Chosen = BTreeMap<String, String>;

/// A column that such a table can have.
#[derive(Clone, PartialEq, Debug)]
pub struct OldColumn {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: Words,
    /// Heads by which it is known, beside that name.
    pub names: Vec<String>,
    /// Whether the table cannot do without it.
    pub required: bool,
}

impl OldColumn {
    /// A column known by these heads, the first of which is its name in Chinese.
    pub fn new(code: &str, names: &[&str], en: &str, required: bool) -> Self {
        let zh = names.first().copied().unwrap_or_default().to_owned();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Self { code: code.to_owned(), name: Words { zh, en: en.to_owned() }, names, required }
    }

    fn is_called(&self, head: &str) -> bool {
        let head = fold(head);
        let called = |name: &str| fold(name) == head;
        called(&self.code)
            || called(&self.name.zh)
            || called(&self.name.en)
            || self.names.iter().any(|n| called(n))
    }
}

/// A table with its columns found.
#[derive(Clone, Debug)]
pub struct OldTable<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// The row of the heads.
    pub head: &'a SheetRow,
    /// Each head with the code of the column that it stands for; None for one that is left out.
    pub heads: Vec<(String, Option<String>)>,
}

/// The first visible sheet with its heads, by their names or as they were chosen.
///
/// # Errors
/// `form.invalid` at `file` where there is no row.
pub fn old_table<'a>(
    book: &'a Workbook,
    columns: &[OldColumn],
    chosen: &Chosen,
) -> Result<OldTable<'a>, Refusal> {
    let sheet = book.sheets.iter().find(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let sheet = sheet.ok_or_else(|| Refusal::field("file", "required"))?;
    let stands_for = |text: &str| match chosen.get(text) {
        Some(code) => columns.iter().find(|column| &column.code == code).map(|column| column.code.clone()),
        None => columns.iter().find(|column| column.is_called(text)).map(|column| column.code.clone()),
    };
    let known =
        |row: &&SheetRow| row.cells.iter().filter(|cell| stands_for(&cell_text(cell)).is_some()).count();
    let filled = |row: &&SheetRow| row.cells.iter().filter(|cell| !cell_text(cell).is_empty()).count() > 1;
    let first = sheet.rows.iter().take(HEAD_WITHIN);
    // Of equals the first: a title above says less than the heads, and a row below them repeats none.
    let best = first.clone().rev().max_by_key(known).filter(|row| known(row) > 0);
    let head = best.or_else(|| first.clone().find(filled)).or(sheet.rows.first());
    let head = head.ok_or_else(|| Refusal::field("file", "required"))?;
    let mut taken = BTreeSet::new();
    let heads = head.cells.iter().map(|cell| {
        let text = cell_text(cell);
        let code = stands_for(&text).filter(|code| taken.insert(code.clone()));
        (text, code)
    });
    Ok(OldTable { sheet, head, heads: heads.collect() })
}

impl<'a> OldTable<'a> {
    /// Rows below the heads.
    pub fn rows(&self) -> impl Iterator<Item = &'a SheetRow> + use<'a> {
        let head = self.head.number;
        self.sheet.rows.iter().filter(move |row| row.number > head)
    }

    /// A row's cell under a column; None where the table has no such column.
    pub fn cell<'r>(&self, row: &'r SheetRow, code: &str) -> Option<&'r Cell> {
        let at = self.heads.iter().position(|(_, known)| known.as_deref() == Some(code))?;
        Some(row.cell(at))
    }

    /// A row's text under a column; empty where there is none.
    pub fn text(&self, row: &SheetRow, code: &str) -> String {
        self.cell(row, code).map(cell_text).unwrap_or_default()
    }

    /// The head of a column, as the table has it; the code itself where it has none.
    pub fn head_of(&self, code: &str) -> String {
        let head = self.heads.iter().find(|(_, known)| known.as_deref() == Some(code));
        head.map_or_else(|| code.to_owned(), |(text, _)| text.clone())
    }

    /// Columns that are missing and cannot be.
    pub fn missing<'c>(&self, columns: &'c [OldColumn]) -> Vec<&'c OldColumn> {
        let there = |code: &str| self.heads.iter().any(|(_, known)| known.as_deref() == Some(code));
        columns.iter().filter(|column| column.required && !there(&column.code)).collect()
    }

    /// Heads that stand for nothing.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.heads
            .iter()
            .filter(|(text, code)| code.is_none() && !text.is_empty())
            .map(|(text, _)| text.as_str())
    }
}
