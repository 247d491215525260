//! Reading workbook files away from the server: a child process of the same program, with limits on everything.
//!
//! The parent ([`parse_roster`]) feeds the file to the child and reads plain cells back; the child
//! ([`run_if_child`]) takes its limits before it looks at a byte. Neither knows what a column means.

mod bounds;
mod child;
mod csv_text;
mod format;
mod package;
mod parent;
mod scan;
#[cfg(test)]
mod tests;
mod wire;
mod xls;
mod xlsx;

pub use bounds::{Limits, ParseFailure, Reason};
pub use child::{SUBCOMMAND, run_if_child};
pub use parent::{parse_roster, parse_roster_with};

use bounds::Budget;
use falin_domain::roster::Workbook;
use format::Format;

/// Reads a workbook in this very process. The server never calls it: see [`parse_roster`].
///
/// # Errors
/// [`ParseFailure`] for a file that is damaged, of another kind than its name says, or too large.
pub fn read_bytes(bytes: &[u8], name: &str, limits: &Limits) -> Result<Workbook, ParseFailure> {
    let format = Format::of(bytes, name, limits)?;
    let mut book = read_format(bytes, format, limits)?;
    name_csv_sheet(&mut book, format, name);
    Ok(book)
}

fn read_format(bytes: &[u8], format: Format, limits: &Limits) -> Result<Workbook, ParseFailure> {
    let mut budget = Budget::new(limits);
    let sheets = match format {
        Format::Xlsx => xlsx::read(bytes, &mut budget)?,
        Format::Xls => xls::read(bytes, &mut budget)?,
        Format::Csv => vec![csv_text::read(bytes, &mut budget)?],
    };
    Ok(Workbook { sheets })
}

/// A csv file's only sheet is named as spreadsheet programs name it: by the file's stem.
fn name_csv_sheet(book: &mut Workbook, format: Format, name: &str) {
    if let (Format::Csv, [sheet]) = (format, book.sheets.as_mut_slice()) {
        sheet.name = format::stem(name).to_owned();
    }
}
