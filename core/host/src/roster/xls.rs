//! Cells of an Excel 97–2003 workbook. That format says nothing here of hidden rows.

use std::io::Cursor;

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use falin_domain::roster::{Cell, Merge, Sheet};

use super::bounds::{Budget, Reason};

/// Largest file of this kind: the library spreads its cells over a dense table before we see them.
const LARGEST: usize = 16 << 20;

/// The sheets of a workbook; hidden ones without their cells, charts left out.
pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, Reason> {
    if bytes.len() > LARGEST {
        return Err(Reason::Bytes);
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| reason(&error))?;
    let date_1904 = book.has_1904_epoch();
    let listed = book.sheets_metadata().to_vec();
    if listed.len() > budget.limits.sheets {
        return Err(Reason::Cells);
    }
    let mut sheets = Vec::new();
    for listed in listed.iter().filter(|listed| listed.typ == SheetType::WorkSheet) {
        let hidden = listed.visible != SheetVisible::Visible;
        let mut sheet = Sheet { name: listed.name.clone(), hidden, date_1904, ..Sheet::default() };
        if !hidden {
            fill(&mut book, &mut sheet, budget)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn fill(book: &mut Xls<Cursor<&[u8]>>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), Reason> {
    let range = book.worksheet_range(&sheet.name).map_err(|error| reason(&error))?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let place = (top.saturating_add(row as u32), left.saturating_add(column as u32));
        budget.put(sheet, place, value(data))?;
    }
    for merged in book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default() {
        budget.merge()?;
        sheet.merges.push(Merge {
            first_row: merged.start.0,
            first_col: merged.start.1,
            last_row: merged.end.0,
            last_col: merged.end.1,
        });
    }
    Ok(())
}

fn value(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::from(text.as_str()),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(moment) => Cell::Date(moment.as_f64()),
        Data::Error(kind) => Cell::Error(kind.to_string().into()),
    }
}

fn reason(error: &XlsError) -> Reason {
    match error {
        XlsError::Password => Reason::Encrypted,
        _ => Reason::Damaged,
    }
}
