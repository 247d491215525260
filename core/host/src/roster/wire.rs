//! The bytes between the reader process and the server: a workbook or one reason, length-prefixed, bounded.
//!
//! The server does not trust what comes back: every count is paid for from the same limits before it is kept.

use std::io::{Read, Write};

use falin_domain::roster::{Cell, Merge, Sheet, SheetRow, Workbook};

use super::bounds::{Budget, Limits, ParseFailure, Reason};

const MAGIC: &[u8; 4] = b"FRW1";
const LONGEST_NAME: u32 = 4096;

/// Writes the reader's answer.
pub fn write(out: &mut impl Write, answer: &Result<Workbook, ParseFailure>) -> std::io::Result<()> {
    out.write_all(MAGIC)?;
    match answer {
        Err(failure) => out.write_all(&[1, failure.reason.number()])?,
        Ok(book) => {
            out.write_all(&[0])?;
            number(out, book.sheets.len())?;
            for sheet in &book.sheets {
                write_sheet(out, sheet)?;
            }
        }
    }
    out.flush()
}

fn write_sheet(out: &mut impl Write, sheet: &Sheet) -> std::io::Result<()> {
    text(out, &sheet.name)?;
    out.write_all(&[u8::from(sheet.hidden), u8::from(sheet.date_1904)])?;
    number(out, sheet.merges.len())?;
    for merge in &sheet.merges {
        for part in [merge.first_row, merge.first_col, merge.last_row, merge.last_col] {
            out.write_all(&part.to_le_bytes())?;
        }
    }
    number(out, sheet.rows.len())?;
    for row in &sheet.rows {
        out.write_all(&row.number.to_le_bytes())?;
        out.write_all(&[u8::from(row.hidden)])?;
        number(out, row.cells.len())?;
        for cell in &row.cells {
            write_cell(out, cell)?;
        }
    }
    Ok(())
}

fn write_cell(out: &mut impl Write, cell: &Cell) -> std::io::Result<()> {
    match cell {
        Cell::Empty => out.write_all(&[0]),
        Cell::Text(value) => {
            out.write_all(&[1])?;
            text(out, value)
        }
        Cell::Number(value) => {
            out.write_all(&[2])?;
            out.write_all(&value.to_le_bytes())
        }
        Cell::Bool(value) => out.write_all(&[3, u8::from(*value)]),
        Cell::Date(value) => {
            out.write_all(&[4])?;
            out.write_all(&value.to_le_bytes())
        }
        Cell::Error(kind) => {
            out.write_all(&[5])?;
            text(out, kind)
        }
    }
}

fn number(out: &mut impl Write, count: usize) -> std::io::Result<()> {
    out.write_all(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes())
}

fn text(out: &mut impl Write, value: &str) -> std::io::Result<()> {
    number(out, value.len())?;
    out.write_all(value.as_bytes())
}

/// Reads the reader's answer. A torn or absurd one is `Process`.
pub fn read(input: &mut impl Read, limits: &Limits) -> Result<Workbook, ParseFailure> {
    let mut wire = Wire { input, budget: Budget::new(limits) };
    if wire.bytes::<4>()? != *MAGIC {
        return Err(Reason::Process.into());
    }
    if wire.byte()? != 0 {
        return Err(Reason::from_number(wire.byte()?).unwrap_or(Reason::Process).into());
    }
    let count = wire.count(limits.sheets)?;
    let sheets = (0..count).map(|_| wire.sheet()).collect::<Result<_, _>>()?;
    Ok(Workbook { sheets })
}

struct Wire<'a, R> {
    input: &'a mut R,
    budget: Budget,
}

impl<R: Read> Wire<'_, R> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        let mut kept = [0; N];
        self.input.read_exact(&mut kept).map_err(|_| Reason::Process)?;
        Ok(kept)
    }

    fn byte(&mut self) -> Result<u8, Reason> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Result<u32, Reason> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, Reason> {
        self.bytes().map(f64::from_le_bytes)
    }

    fn count(&mut self, most: usize) -> Result<usize, Reason> {
        let count = self.u32()? as usize;
        if count > most { Err(Reason::Process) } else { Ok(count) }
    }

    fn text(&mut self, longest: u32) -> Result<String, Reason> {
        let len = self.u32()?;
        if len > longest {
            return Err(Reason::Process);
        }
        let mut kept = vec![0; len as usize];
        self.input.read_exact(&mut kept).map_err(|_| Reason::Process)?;
        String::from_utf8(kept).map_err(|_| Reason::Process)
    }

    fn sheet(&mut self) -> Result<Sheet, Reason> {
        let name = self.text(LONGEST_NAME)?;
        let [hidden, date_1904] = self.bytes()?;
        let (hidden, date_1904) = (hidden != 0, date_1904 != 0);
        let mut sheet = Sheet { name, hidden, date_1904, ..Sheet::default() };
        for _ in 0..self.count(self.budget.limits.merges)? {
            self.budget.merge()?;
            let [first_row, first_col] = [self.u32()?, self.u32()?];
            let [last_row, last_col] = [self.u32()?, self.u32()?];
            sheet.merges.push(Merge { first_row, first_col, last_row, last_col });
        }
        for _ in 0..self.count(self.budget.limits.rows as usize)? {
            self.row(&mut sheet)?;
        }
        Ok(sheet)
    }

    fn row(&mut self, sheet: &mut Sheet) -> Result<(), Reason> {
        let number = self.u32()?;
        let hidden = self.byte()? != 0;
        let index = number.checked_sub(1).ok_or(Reason::Process)?;
        for column in 0..self.count(self.budget.limits.columns as usize)? {
            let cell = self.cell()?;
            self.budget.put(sheet, (index, column as u32), cell)?;
        }
        if let Some(SheetRow { hidden: kept, .. }) = sheet.rows.last_mut().filter(|row| row.number == number)
        {
            *kept = hidden;
        }
        Ok(())
    }

    fn cell(&mut self) -> Result<Cell, Reason> {
        let longest = u32::try_from(self.budget.limits.cell_text).unwrap_or(u32::MAX);
        Ok(match self.byte()? {
            0 => Cell::Empty,
            1 => Cell::Text(self.text(longest)?),
            2 => Cell::Number(self.f64()?),
            3 => Cell::Bool(self.byte()? != 0),
            4 => Cell::Date(self.f64()?),
            5 => Cell::Error(self.text(LONGEST_NAME)?.into()),
            _ => return Err(Reason::Process),
        })
    }
}
