//! How much a roster file may hold, and what is said of one that holds more or cannot be read.

use std::fmt;
use std::time::Duration;

use falin_domain::roster::{Cell, FindingCode, Sheet, SheetRow};

/// Limits on one file and on the process that reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: usize,
    /// Bytes of all its parts after inflating.
    pub inflated_bytes: u64,
    /// Highest row number that may hold a value.
    pub rows: u32,
    /// Columns that may hold a value.
    pub columns: u32,
    /// Cells kept, empty ones to the left of a value included.
    pub cells: usize,
    /// Bytes of text in one cell.
    pub cell_text: usize,
    /// Bytes of text in all cells.
    pub text: usize,
    /// Merged rectangles, all sheets together.
    pub merges: usize,
    /// Sheets.
    pub sheets: usize,
    /// Time from start to last cell.
    pub wall: Duration,
    /// Processor time of the child, seconds.
    pub cpu_seconds: u64,
    /// Address space of the child, bytes.
    pub address_space: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1 << 20;
        Self {
            file_bytes: 32 * MIB,
            inflated_bytes: 256 << 20,
            rows: 200_000,
            columns: 256,
            // A county of 50,000 households in twenty columns; 24 bytes each in the server.
            cells: 1_000_000,
            cell_text: 32 << 10,
            text: 32 * MIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration::from_secs(20),
            cpu_seconds: 20,
            address_space: 1 << 30,
        }
    }
}

/// Why a file yields no workbook; its code is a finding of the whole file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The name's ending and the first bytes disagree, or neither is known.
    Kind,
    /// Protected by a password.
    Encrypted,
    /// Cut short or damaged.
    Damaged,
    /// No text in UTF-8, UTF-16 or GB 18030.
    Encoding,
    /// The reader process died or could not be started.
    Process,
    /// More bytes than accepted, as sent or after inflating.
    Bytes,
    /// A value in a row beyond the last one accepted.
    Rows,
    /// A value in a column beyond the last one accepted.
    Columns,
    /// More cells, sheets or merges than accepted.
    Cells,
    /// More text than accepted, in one cell or in all.
    Text,
    /// It took too long or too much memory to read.
    Effort,
}

impl Reason {
    const ALL: [Self; 11] = [
        Self::Kind,
        Self::Encrypted,
        Self::Damaged,
        Self::Encoding,
        Self::Process,
        Self::Bytes,
        Self::Rows,
        Self::Columns,
        Self::Cells,
        Self::Text,
        Self::Effort,
    ];

    /// The word that messages are keyed by.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Encoding => "encoding",
            Self::Process => "process",
            Self::Bytes => "bytes",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Cells => "cells",
            Self::Text => "text",
            Self::Effort => "effort",
        }
    }

    pub(super) fn number(self) -> u8 {
        Self::ALL.iter().position(|known| *known == self).map_or(0, |at| at as u8)
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// A file that yields no workbook.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseFailure {
    /// `file.unreadable` or `file.too_large`.
    pub code: FindingCode,
    /// Why, for the message.
    pub reason: Reason,
}

impl From<Reason> for ParseFailure {
    fn from(reason: Reason) -> Self {
        let code = match reason {
            Reason::Kind | Reason::Encrypted | Reason::Damaged | Reason::Encoding | Reason::Process => {
                FindingCode::FileUnreadable
            }
            _ => FindingCode::FileTooLarge,
        };
        Self { code, reason }
    }
}

impl fmt::Display for ParseFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code.code(), self.reason.code())
    }
}

impl std::error::Error for ParseFailure {}

/// What is left of the limits while a file is read; every cell is paid for before it is kept.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    pub limits: Limits,
    cells: usize,
    text: usize,
    merges: usize,
}

impl Budget {
    pub fn new(limits: &Limits) -> Self {
        Self { limits: *limits, cells: limits.cells, text: limits.text, merges: limits.merges }
    }

    /// Puts a value at a 0-based place; places must come in ascending rows.
    pub fn put(&mut self, sheet: &mut Sheet, (row, column): (u32, u32), cell: Cell) -> Result<(), Reason> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if row >= self.limits.rows {
            return Err(Reason::Rows);
        }
        if column >= self.limits.columns {
            return Err(Reason::Columns);
        }
        self.pay_text(&cell)?;
        let number = row + 1;
        match sheet.rows.last().map(|last| last.number) {
            Some(last) if last == number => {}
            Some(last) if last > number => return Err(Reason::Damaged),
            _ => sheet.rows.push(SheetRow { number, ..SheetRow::default() }),
        }
        let Some(kept) = sheet.rows.last_mut() else { return Err(Reason::Damaged) };
        let column = column as usize;
        if kept.cells.len() <= column {
            let more = column + 1 - kept.cells.len();
            self.cells = self.cells.checked_sub(more).ok_or(Reason::Cells)?;
            kept.cells.resize(column + 1, Cell::Empty);
        }
        kept.cells[column] = cell;
        Ok(())
    }

    /// Pays for one merged rectangle.
    pub fn merge(&mut self) -> Result<(), Reason> {
        self.merges = self.merges.checked_sub(1).ok_or(Reason::Cells)?;
        Ok(())
    }

    fn pay_text(&mut self, cell: &Cell) -> Result<(), Reason> {
        let Cell::Text(text) = cell else { return Ok(()) };
        if text.len() > self.limits.cell_text {
            return Err(Reason::Text);
        }
        self.text = self.text.checked_sub(text.len()).ok_or(Reason::Text)?;
        Ok(())
    }
}
