//! A workbook as it comes from the reader process: cells with their kind, merges, hidden rows; no meaning yet.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One cell's value. Debug shows its kind and length, never the text: rosters hold personal data.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing typed.
    #[default]
    Empty,
    /// Text as typed, untrimmed.
    Text(String),
    /// A number; Excel keeps 15 significant digits.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// A number shown as a date: days since the sheet's epoch.
    Date(f64),
    /// A formula's error, such as `#N/A`.
    Error(Box<str>),
}

/// A merged rectangle, 0-based and inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Merge {
    /// Row of the upper left cell, which holds the value.
    pub first_row: u32,
    /// Column of the upper left cell.
    pub first_col: u32,
    /// Last row inside.
    pub last_row: u32,
    /// Last column inside.
    pub last_col: u32,
}

/// A row that holds at least one value.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SheetRow {
    /// Row number as the sheet shows it, from 1.
    pub number: u32,
    /// Hidden by hand or by a filter.
    pub hidden: bool,
    /// Cells from column A on; trailing empty ones are left out.
    pub cells: Vec<Cell>,
}

/// One sheet of a workbook, rows in ascending order.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// The sheet's own name; a csv file's stem.
    pub name: String,
    /// Hidden sheets are listed, never read.
    pub hidden: bool,
    /// Rows with values only.
    pub rows: Vec<SheetRow>,
    /// Merged rectangles in any order.
    pub merges: Vec<Merge>,
    /// Whether date numbers count from 1904-01-01 rather than from 1900.
    pub date_1904: bool,
}

/// A workbook; a csv file is one sheet.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Workbook {
    /// Sheets in the workbook's order.
    pub sheets: Vec<Sheet>,
}

static EMPTY: Cell = Cell::Empty;

impl SheetRow {
    /// The cell in `column` (from 0); empty beyond the last one.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }
}

impl Sheet {
    /// The row with this number (from 1), if it holds a value.
    pub fn row(&self, number: u32) -> Option<&SheetRow> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(at)
    }
}

impl Cell {
    /// The empty cell.
    pub fn empty() -> &'static Self {
        &EMPTY
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Text(text) => write!(f, "Text({} characters)", text.chars().count()),
            Self::Number(_) => f.write_str("Number"),
            Self::Bool(_) => f.write_str("Bool"),
            Self::Date(_) => f.write_str("Date"),
            Self::Error(kind) => write!(f, "Error({kind})"),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_cell_text() {
        let row = SheetRow { number: 4, hidden: false, cells: vec![Cell::from("张三")] };
        let shown = format!("{row:?}");
        assert!(!shown.contains('张') && shown.contains("2 characters"));
        assert_eq!(row.cell(7), &Cell::Empty);
    }
}
