//! Cells of an xlsx workbook, streamed, after its package has been inspected.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use falin_domain::roster::{Cell, Sheet};

use super::bounds::{Budget, Reason};
use super::package::{SheetMarks, inspect};

/// The sheets of a workbook; hidden ones without their cells, charts left out.
pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, Reason> {
    let marks = inspect(bytes, budget)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| reason(&error))?;
    let date_1904 = book.has_1904_epoch();
    let listed = book.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for (at, listed) in listed.iter().enumerate().filter(|(_, listed)| listed.typ == SheetType::WorkSheet) {
        let hidden = listed.visible != SheetVisible::Visible;
        let mut sheet = Sheet { name: listed.name.clone(), hidden, date_1904, ..Sheet::default() };
        if !hidden {
            fill(&mut book, &mut sheet, budget)?;
            mark(&mut sheet, marks.get(at).cloned().unwrap_or_default());
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn fill(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), Reason> {
    let mut cells = match book.worksheet_cells_reader(&sheet.name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(error) => return Err(reason(&error)),
    };
    while let Some(cell) = cells.next_cell().map_err(|error| reason(&error))? {
        budget.put(sheet, cell.get_position(), value(cell.get_value()))?;
    }
    Ok(())
}

fn mark(sheet: &mut Sheet, marks: SheetMarks) {
    sheet.merges = marks.merges;
    for number in marks.hidden_rows {
        if let Ok(at) = sheet.rows.binary_search_by_key(&number, |row| row.number) {
            sheet.rows[at].hidden = true;
        }
    }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::from(text.as_str())
        }
        DataRef::SharedString(text) => Cell::from(*text),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(moment) => Cell::Date(moment.as_f64()),
        DataRef::Error(kind) => Cell::Error(kind.to_string().into()),
    }
}

fn reason(error: &XlsxError) -> Reason {
    match error {
        XlsxError::Password => Reason::Encrypted,
        _ => Reason::Damaged,
    }
}
