//! Writes any table as xlsx or csv, so that a spreadsheet shows what stands in it and runs none of it.

use falin_domain::time::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// Excel's own limits: rows of a sheet, and characters (UTF-16) of a cell.
const MOST_ROWS: usize = 1_048_576;
const LONGEST_CELL: usize = 32_767;

/// Why a table could not be written.
#[derive(Debug)]
pub enum SheetError {
    /// More rows than a sheet holds, the header included; csv has no such limit.
    TooManyRows,
    /// The writer refused.
    Writer(String),
}

impl std::fmt::Display for SheetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooManyRows => f.write_str("more rows than a sheet holds"),
            Self::Writer(why) => write!(f, "the table could not be written: {why}"),
        }
    }
}

impl std::error::Error for SheetError {}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self::Writer(error.to_string())
    }
}

impl From<csv::Error> for SheetError {
    fn from(error: csv::Error) -> Self {
        Self::Writer(error.to_string())
    }
}

/// A workbook of one sheet: a bold first row that stays in view, then `rows`, every cell a text.
///
/// Texts only, also for numbers: a sheet would cut an 18-digit number to 15 digits and take `=…` for a formula.
/// `today` dates the file.
///
/// # Errors
/// [`SheetError`].
pub fn write_xlsx(
    name: &str,
    headers: &[&str],
    rows: &[Vec<String>],
    today: Date,
) -> Result<Vec<u8>, SheetError> {
    write_figures(name, headers, rows, usize::MAX, today)
}

/// The same where the columns from `figures` on hold figures, with which a sheet can count: what is a number there
/// becomes one.
///
/// # Errors
/// [`SheetError`].
pub fn write_figures(
    name: &str,
    headers: &[&str],
    rows: &[Vec<String>],
    figures: usize,
    today: Date,
) -> Result<Vec<u8>, SheetError> {
    if rows.len() >= MOST_ROWS {
        return Err(SheetError::TooManyRows);
    }
    let mut book = Workbook::new();
    book.set_properties(&dated(today)?);
    let sheet = book.add_worksheet().set_name(sheet_name(name))?;
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (column, header) in (0u16..).zip(headers) {
        sheet.write_string_with_format(0, column, *header, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>().ok().filter(|n| n.is_finite() && usize::from(column) >= figures) {
                Some(number) => sheet.write_number(row, column, number)?,
                None => sheet.write_string_with_format(row, column, fitting(cell), &text)?,
            };
        }
    }
    Ok(book.save_to_buffer()?)
}

/// File properties dated `today`; without them the writer would ask the machine's clock.
///
/// # Errors
/// A year that the format does not know.
pub fn dated(today: Date) -> Result<DocProperties, XlsxError> {
    let (year, month, day) = today.parts();
    let created = ExcelDateTime::from_ymd(year.unsigned_abs(), month.unsigned_abs(), day.unsigned_abs())?;
    Ok(DocProperties::new().set_creation_datetime(&created))
}

/// A sheet name may not hold `[]:*?/\` nor more than 31 characters.
fn sheet_name(name: &str) -> String {
    let plain: String =
        name.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(31).collect();
    if plain.trim().is_empty() { "Sheet1".to_owned() } else { plain }
}

fn fitting(cell: &str) -> String {
    let mut units = 0;
    cell.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= LONGEST_CELL
        })
        .collect()
}

/// Comma-separated values in UTF-8 with CRLF; `bom` for Excel, which takes a file without it for GBK.
///
/// # Errors
/// [`SheetError::Writer`].
pub fn write_csv(headers: &[&str], rows: &[Vec<String>], bom: bool) -> Result<Vec<u8>, SheetError> {
    let start = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(start);
    writer.write_record(headers.iter().map(|header| neutral(header).into_owned()))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| neutral(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| SheetError::Writer(error.to_string()))
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
///
/// Tab and carriage return count too: some programs skip them before they look for the `=`. A number with its
/// sign is no danger, but telephone numbers with + and phrases after - look alike, so all are treated alike.
pub fn neutral(cell: &str) -> std::borrow::Cow<'_, str> {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}").into()
        }
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn today() -> Date {
        "2026-03-01".parse().unwrap()
    }

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        vec![
            row(&["=HYPERLINK(\"http://x\")", "620201198505150012", "张三,\"李四\""]),
            row(&["+86 1", "-1", "@SUM(A1)"]),
            row(&["\tx", "\rx", "普通"]),
        ]
    }

    #[test]
    fn csv_neutralises_what_looks_like_a_formula() {
        let bytes = write_csv(&["a", "=b", "c"], &rows(), true).unwrap();
        assert!(bytes.starts_with(&[0xef, 0xbb, 0xbf]));
        let text = String::from_utf8(bytes[3..].to_vec()).unwrap();
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        assert_eq!(&reader.headers().unwrap()[1], "'=b");
        let cells: Vec<String> = reader
            .records()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert_eq!(cells[0], "'=HYPERLINK(\"http://x\")");
        assert_eq!(cells[1], "620201198505150012");
        assert_eq!(cells[2], "张三,\"李四\"");
        assert_eq!(cells[3..8], ["'+86 1", "'-1", "'@SUM(A1)", "'\tx", "'\rx"]);
        assert_eq!(cells[8], "普通");
    }

    #[test]
    fn csv_without_the_mark_begins_with_the_header() {
        assert_eq!(write_csv(&["a", "b"], &[], false).unwrap(), b"a,b\r\n");
    }

    #[test]
    fn a_workbook_is_the_same_for_the_same_table() {
        let one = write_xlsx("户[1]", &["a", "b", "c"], &rows(), today()).unwrap();
        let two = write_xlsx("户[1]", &["a", "b", "c"], &rows(), today()).unwrap();
        assert!(one.starts_with(b"PK"));
        assert_eq!(one, two);
    }

    #[test]
    fn names_and_cells_are_cut_to_what_a_sheet_holds() {
        assert_eq!(sheet_name("a/b*c"), "abc");
        assert_eq!(sheet_name("[]"), "Sheet1");
        assert_eq!(sheet_name(&"户".repeat(40)).chars().count(), 31);
        assert_eq!(fitting(&"𠅤".repeat(20_000)).encode_utf16().count(), 32_766);
    }
}
