//! Rosters: read in a child process, checked, compared with what the county has, applied as a whole, undone.

mod apply;
mod batch;
mod columns;
mod compare;
mod context;
mod households;
mod listed;
#[cfg(test)]
mod tests;
mod undo;

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::HouseholdKind;
use falin_domain::refusal::Refusal;
use falin_domain::roster::{
    Finding, FindingCode, Mapping, Reading, RosterKind, Row, Severity, SheetPreview, Workbook,
};
use falin_host::roster::{Limits, ParseFailure, parse_roster};
use falin_store::db::In;

use crate::{App, Stop};

pub use batch::{Progress, check_uploaded, commit, commit_uploaded, forget, preview, upload};
pub use columns::{Columns, masked};
pub use compare::{Differences, Figures};
pub use falin_store::import::{Batch, StoredFinding};
pub(crate) use listed::whose;
pub use listed::{findings, list, one};
pub use undo::undo;

/// A roster file as somebody hands it in.
#[derive(Clone)]
pub struct Source {
    /// What it is a list of.
    pub kind: RosterKind,
    /// Rural or urban, where the importing person says so.
    pub household_kind: Option<HouseholdKind>,
    /// Its name, for its format and for people.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// Columns as a person chose them; None to find them by their headers.
    pub mapping: Option<Mapping>,
}

/// A roster that has been read and compared, with nothing changed yet.
pub struct Checked {
    /// What the file yields.
    pub reading: Arc<Reading>,
    /// What it would change.
    pub differences: Arc<Differences>,
}

impl Checked {
    /// The figures of a dry run.
    pub fn figures(&self) -> Figures {
        let errors = self.reading.findings.iter().filter(|f| f.severity == Severity::Error).count();
        let differences = &self.differences;
        Figures {
            rows: self.reading.rows,
            accepted: self.reading.accepted.len(),
            new: differences.new_count(),
            changed: differences.changed_count(),
            unchanged: differences.unchanged,
            findings: self.reading.findings.len(),
            errors,
        }
    }

    /// What has to be put right, in the file's order.
    pub fn findings(&self) -> &[Finding] {
        &self.reading.findings
    }
}

/// Reads and checks a roster without changing anything: the dry run.
///
/// # Errors
/// `access.denied`; `file.unreadable`, `file.too_large`, `header.missing` for the file as a whole.
pub async fn check(app: &App, visitor: &Visitor, source: &Source) -> Result<Checked, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Roster)?;
    let book = read_book(source).await?;
    check_book(app, &scope, source, book).await
}

/// Headers and first rows of each sheet, for the page on which a person maps the columns.
///
/// # Errors
/// `file.unreadable`, `file.too_large`.
pub async fn headers(source: &Source) -> Result<Vec<SheetPreview>, Stop> {
    let book = read_book(source).await?;
    Ok(falin_domain::roster::headers(&book))
}

/// The workbook's cells, read in the child process while this thread does other work.
pub(super) async fn read_book(source: &Source) -> Result<Workbook, Stop> {
    workbook(Arc::clone(&source.bytes), &source.name).await
}

/// The cells of any list that a county hands in.
///
/// # Errors
/// `file.unreadable`, `file.too_large`.
pub(crate) async fn workbook(bytes: Arc<Vec<u8>>, name: &str) -> Result<Workbook, Stop> {
    let name = name.to_owned();
    let read = move || parse_roster(&bytes, &name, &Limits::default());
    let read = tokio::task::spawn_blocking(read).await;
    let book = read.map_err(|e| crate::Fault::new("roster", e.to_string()))?;
    book.map_err(|failure| refuse(failure).into())
}

fn refuse(failure: ParseFailure) -> Refusal {
    Refusal::new(failure.code.code()).with("reason", failure.reason.code())
}

pub(crate) async fn check_book(
    app: &App,
    scope: &Scope,
    source: &Source,
    book: Workbook,
) -> Result<Checked, Stop> {
    of_whole_county(scope, source.kind)?;
    let (kind, household_kind, scope) = (source.kind, source.household_kind, scope.clone());
    let county = scope.county;
    let today = app.today();
    let (mapping, book) = (source.mapping.clone(), Arc::new(book));
    let work = move |tx: &mut falin_store::Tx<'_>| {
        let context = context::load(tx, &scope, today, household_kind)?;
        let reading = falin_domain::roster::read(kind, &book, mapping.as_ref(), &context);
        if let Some(missing) = headerless(&reading) {
            return Err(Refusal::new("header.missing").with("columns", &missing.column).into());
        }
        let differences = compare::compare(tx, county, &reading.accepted)?;
        Ok((reading, differences))
    };
    let (reading, differences) = app.db.read(In::County(county), work).await?;
    Ok(Checked { reading: Arc::new(reading), differences: Arc::new(differences) })
}

/// Registers of the whole county are for those who administer the whole of it; a township's administrator imports
/// what lies in the township.
pub(super) fn of_whole_county(scope: &Scope, kind: RosterKind) -> Result<(), Refusal> {
    let local = matches!(kind, RosterKind::Households | RosterKind::Advisers | RosterKind::Rooms);
    if local || scope.places.is_none() { Ok(()) } else { Err(Refusal::new("access.denied")) }
}

/// A file in which no sheet has the header that its kind needs is refused as a whole.
fn headerless(reading: &Reading) -> Option<&Finding> {
    let none = reading.rows == 0 && reading.accepted.is_empty();
    reading.findings.iter().find(|f| none && f.code == FindingCode::HeaderMissing)
}

/// Code and name of the county that a list of divisions is about (see [`falin_domain::roster::seat`]), or of the
/// node with `code` in it; None where the list does not say.
///
/// # Errors
/// `file.unreadable`, `file.too_large`.
pub async fn seat(app: &App, source: &Source, code: Option<&str>) -> Result<Option<(String, String)>, Stop> {
    let book = read_book(source).await?;
    let nobody = falin_domain::roster::Context::new(app.today(), [], [], []);
    let reading = falin_domain::roster::read(source.kind, &book, source.mapping.as_ref(), &nobody);
    let rows = reading.accepted.into_iter().filter_map(|row| match row {
        Row::Division(row) => Some(row),
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    let found = match code {
        Some(code) => rows.iter().find(|row| row.code.as_str() == code),
        None => falin_domain::roster::seat(&rows),
    };
    Ok(found.map(|row| (row.code.to_string(), row.name.clone())))
}

/// Most bytes of a roster file.
pub fn most_bytes() -> usize {
    Limits::default().file_bytes
}
