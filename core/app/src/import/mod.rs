//! Rosters: read in a child process, checked, compared with what the county has, applied as a whole, undone.

mod apply;
mod batch;
mod compare;
mod context;
mod households;
#[cfg(test)]
mod tests;
mod undo;

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::HouseholdKind;
use falin_domain::refusal::Refusal;
use falin_domain::roster::{Finding, Mapping, Reading, RosterKind, Severity, SheetPreview, Workbook};
use falin_host::roster::{Limits, ParseFailure, parse_roster};
use falin_store::db::In;

use crate::{App, Stop};

pub use batch::{
    Progress, check_uploaded, commit, commit_uploaded, findings, forget, list, one, preview, upload,
};
pub use compare::{Differences, Figures};
pub use falin_store::import::{Batch, StoredFinding};
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
    let (bytes, name) = (Arc::clone(&source.bytes), source.name.clone());
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
    let (county, kind, household_kind) = (scope.county, source.kind, source.household_kind);
    let today = app.today();
    let (mapping, book) = (source.mapping.clone(), Arc::new(book));
    let work = move |tx: &mut falin_store::Tx<'_>| {
        let context = context::load(tx, county, today, household_kind)?;
        let reading = falin_domain::roster::read(kind, &book, mapping.as_ref(), &context);
        if let Some(code) = whole_file(&reading) {
            return Err(Refusal::new(code).into());
        }
        let differences = compare::compare(tx, county, &reading.accepted)?;
        Ok((reading, differences))
    };
    let (reading, differences) = app.db.read(In::County(county), work).await?;
    Ok(Checked { reading: Arc::new(reading), differences: Arc::new(differences) })
}

/// A file in which no sheet has the header that its kind needs is refused as a whole.
fn whole_file(reading: &Reading) -> Option<&'static str> {
    let none = reading.rows == 0 && reading.accepted.is_empty();
    let missing = reading.findings.iter().find(|f| f.code.code() == "header.missing");
    (none && missing.is_some()).then_some("header.missing")
}
