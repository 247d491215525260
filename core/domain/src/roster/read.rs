//! Reading a whole roster: cells in, accepted rows and findings out, in one pass and without side effects.

use super::check::Faults;
use super::column::{Field, Mapping, RosterKind, columns, title};
use super::context::Context;
use super::finding::{Finding, FindingCode};
use super::header::{self, Header};
use super::households::{Seen, household};
use super::registers::{division, holiday, room};
use super::row::{FirmRow, Row};
use super::sheet::{Sheet, Workbook};
use super::walk::{Record, Step, Why, walk};
use super::workers::{adviser, firm, lawyer};

/// What a roster file yields.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is a list of.
    pub kind: RosterKind,
    /// Its sheets in order, with the header of each that has one.
    pub sheets: Vec<SheetReading>,
    /// Data rows, accepted or not.
    pub rows: usize,
    /// Accepted rows, in the file's order.
    pub accepted: Vec<Row>,
    /// What has to be put right, in the file's order.
    pub findings: Vec<Finding>,
    /// Rows and sheets that are no data; row 0 for a sheet.
    pub skipped: Vec<Skipped>,
    /// Cells that repeated the one above (同上) and were filled from it.
    pub copied: Vec<Copied>,
}

/// One sheet of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetReading {
    /// Its name.
    pub name: String,
    /// Its header; None for a sheet that was not read.
    pub header: Option<Header>,
}

/// A row or sheet that is no data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// Index of the sheet.
    pub sheet: usize,
    /// The sheet's own row number, 0 for the whole sheet.
    pub row: u32,
    /// Why.
    pub why: Why,
}

/// A cell filled from the one above because it said so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// Index of the sheet.
    pub sheet: usize,
    /// The sheet's own row number.
    pub row: u32,
    /// The roster's header of the column.
    pub column: String,
}

impl Reading {
    /// The reading of a file that could not be read at all, with the one finding that says so.
    pub fn refused(kind: RosterKind, code: FindingCode) -> Self {
        let mut reading = Self::empty(kind);
        let nowhere = (String::new(), 0, String::new());
        reading.findings.push(finding(nowhere, code));
        reading
    }

    fn empty(kind: RosterKind) -> Self {
        Self {
            kind,
            sheets: Vec::new(),
            rows: 0,
            accepted: Vec::new(),
            findings: Vec::new(),
            skipped: Vec::new(),
            copied: Vec::new(),
        }
    }

    fn report(&mut self, sheet: usize, row: u32, faults: &Faults) {
        for (field, code) in &faults.0 {
            let Some(known) = self.sheets.get(sheet) else { continue };
            let written = known.header.as_ref().and_then(|header| header.title(*field));
            let column = written.unwrap_or(title(self.kind, *field)).to_owned();
            self.findings.push(finding((known.name.clone(), row, column), *code));
        }
    }
}

/// Reads a roster. Sheets without the needed columns are listed and left alone unless no sheet has them,
/// which gives `header.missing`.
pub fn read(kind: RosterKind, book: &Workbook, mapping: Option<&Mapping>, context: &Context) -> Reading {
    let mut reading = Reading::empty(kind);
    let mut partial = None;
    for (index, sheet) in book.sheets.iter().enumerate() {
        let found = if sheet.hidden { None } else { header::find(kind, sheet, mapping) };
        let complete = found.as_ref().is_some_and(|header| header.missing(kind).is_none());
        if !complete && partial.is_none() && !sheet.hidden && !sheet.rows.is_empty() {
            partial = Some((sheet.name.clone(), found.clone()));
        }
        let why = if sheet.hidden { Why::HiddenSheet } else { Why::NoHeader };
        if sheet.hidden || !complete && !sheet.rows.is_empty() {
            reading.skipped.push(Skipped { sheet: index, row: 0, why });
        }
        let header = found.filter(|_| complete);
        reading.sheets.push(SheetReading { name: sheet.name.clone(), header });
    }
    if reading.sheets.iter().all(|sheet| sheet.header.is_none()) {
        let place = missing_header(kind, partial);
        reading.findings.push(finding(place, FindingCode::HeaderMissing));
        return reading;
    }
    let mut seen = Seen::new();
    for (index, sheet) in book.sheets.iter().enumerate() {
        read_sheet(&mut reading, index, sheet, context, &mut seen);
    }
    reading
}

fn read_sheet(reading: &mut Reading, index: usize, sheet: &Sheet, context: &Context, seen: &mut Seen) {
    let Some(header) = reading.sheets.get(index).and_then(|known| known.header.clone()) else { return };
    let kind = reading.kind;
    walk(kind, index, sheet, &header, |step| match step {
        Step::Skipped(row, why) => reading.skipped.push(Skipped { sheet: index, row, why }),
        Step::Copied(row, field) => {
            let column = header.title(field).unwrap_or_default().to_owned();
            reading.copied.push(Copied { sheet: index, row, column });
        }
        Step::Row(record) => {
            reading.rows += 1;
            let mut faults = Faults::default();
            let row = check(kind, &record, context, seen, &mut faults);
            reading.accepted.extend(row.filter(|row| is_first(row, seen, &mut faults)));
            reading.report(index, record.origin.row, &faults);
        }
    });
}

fn check(
    kind: RosterKind,
    record: &Record<'_>,
    context: &Context,
    seen: &mut Seen,
    faults: &mut Faults,
) -> Option<Row> {
    match kind {
        RosterKind::Divisions => division(record, faults).map(Row::Division),
        RosterKind::Firms => firm(record, faults).map(Row::Firm),
        RosterKind::Lawyers => lawyer(record, context, faults).map(Row::Lawyer),
        RosterKind::Advisers => adviser(record, context, faults).map(Row::Adviser),
        RosterKind::Households => household(record, context, seen, faults).map(Row::Household),
        RosterKind::Rooms => room(record, context, faults).map(Row::Room),
        RosterKind::Holidays => holiday(record, faults).map(Row::Holiday),
    }
}

/// Whether no earlier accepted row has the number by which the county knows such a thing: of two rows of one person
/// neither would know the other, and the whole roster would be refused for it.
fn is_first(row: &Row, seen: &mut Seen, faults: &mut Faults) -> bool {
    let (field, number) = match row {
        Row::Lawyer(row) => (Field::Licence, row.licence.as_str()),
        Row::Division(row) => (Field::Code, row.code.as_str()),
        Row::Firm(FirmRow { uscc: Some(uscc), .. }) => (Field::Uscc, uscc.as_str()),
        _ => return true,
    };
    let first = seen.insert(number.to_owned());
    if !first {
        faults.add(field, FindingCode::IdDuplicate);
    }
    first
}

/// Where a missing header is reported: at the best row of the first sheet with values, under the first
/// column that is wanted there.
fn missing_header(kind: RosterKind, partial: Option<(String, Option<Header>)>) -> (String, u32, String) {
    let (name, found) = partial.unwrap_or_default();
    let first = columns(kind).iter().find(|column| column.required);
    let wanted = found.as_ref().and_then(|header| header.missing(kind)).or(first);
    let column = wanted.and_then(|column| column.names.first().copied()).unwrap_or_default();
    (name, found.map_or(1, |header| header.row), column.to_owned())
}

fn finding((sheet, row, column): (String, u32, String), code: FindingCode) -> Finding {
    Finding { sheet, row, column, code, severity: code.severity() }
}
