//! An import from upload to commit: uploaded, checked, staged in batches, revealed in one transaction.

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::HouseholdKind;
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::roster::{Finding, Mapping, RosterKind, SheetPreview, Workbook};
use falin_domain::words::{AccountId, BatchId, CountyId};
use falin_store::db::In;
use falin_store::import::{self, Batch, StoredFinding};
use falin_store::journal::Entry;
use falin_store::keys::Bound;
use falin_store::{Fault, Tx};
use sha2::{Digest, Sha256};

use super::apply::{self, Writer};
use super::compare::{Differences, Figures};
use super::listed::{in_reach, whose};
use super::{Checked, Source, check, check_book, headers, of_whole_county, read_book};
use crate::{App, Stop, booking};

/// Rows of one staging step: few enough that nobody waits long behind it, so many that the leaves of the indexes which
/// each step touches nearly all of are not written too often.
const STEP: usize = 2_000;
/// Write generations that an import reads and changes.
const NOUNS: [&str; 7] = ["division", "firm", "worker", "adviser", "room", "household", "holiday"];

/// Told how many of how many rows are staged.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

/// Checks a roster and puts it into effect as a whole.
///
/// # Errors
/// As [`check`]; `import.changed` where the county's rows changed meanwhile.
pub async fn commit(
    app: &App,
    visitor: &Visitor,
    source: &Source,
    progress: Progress<'_>,
) -> Result<(BatchId, Checked), Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Roster)?;
    let book = read_book(source).await?;
    commit_book(app, &scope, visitor.account, source, book, progress).await
}

pub(super) async fn commit_book(
    app: &App,
    scope: &Scope,
    account: Option<AccountId>,
    source: &Source,
    book: Workbook,
    progress: Progress<'_>,
) -> Result<(BatchId, Checked), Stop> {
    clear_cut_off(app, scope).await?;
    let generation = generation(app, scope).await?;
    let checked = check_book(app, scope, source, book).await?;
    let batch = new_batch(app, scope, account, source, &checked, "staging").await?;
    put_into_effect(app, scope, account, batch, &checked, generation, progress).await?;
    Ok((batch, checked))
}

async fn generation(app: &App, scope: &Scope) -> Result<i64, Stop> {
    let county = scope.county;
    app.db.read(In::County(county), move |tx| falin_store::generation::sum(tx, county, &NOUNS)).await
}

/// Removes what imports left behind that were cut off more than an hour ago.
async fn clear_cut_off(app: &App, scope: &Scope) -> Result<(), Stop> {
    let county = scope.county;
    let before = app.now().plus_seconds(-3600).millis();
    let work = move |tx: &mut Tx<'_>| {
        for mut batch in import::cut_off(tx, county, before)? {
            import::remove_households(tx, county, batch.id)?;
            batch.state = "failed".to_owned();
            batch.save(tx)?;
        }
        Ok(())
    };
    app.db.write(In::County(county), work).await
}

async fn put_into_effect(
    app: &App,
    scope: &Scope,
    account: Option<AccountId>,
    batch: BatchId,
    checked: &Checked,
    generation: i64,
    progress: Progress<'_>,
) -> Result<(), Stop> {
    let done = stage_and_reveal(app, scope, account, batch, checked, generation, progress).await;
    if done.is_err() {
        fail(app, scope.county, batch).await?;
    }
    done
}

/// Nothing of it stays but that it failed.
async fn fail(app: &App, county: CountyId, batch: BatchId) -> Result<(), Stop> {
    let undo = move |tx: &mut Tx<'_>| {
        import::remove_households(tx, county, batch)?;
        let mut row = Batch::by_id(tx, county, batch)?;
        row.state = "failed".to_owned();
        row.file_sealed = None;
        row.save(tx)
    };
    app.db.write(In::County(county), undo).await
}

async fn stage_and_reveal(
    app: &App,
    scope: &Scope,
    account: Option<AccountId>,
    batch: BatchId,
    checked: &Checked,
    generation: i64,
    progress: Progress<'_>,
) -> Result<(), Stop> {
    let county = scope.county;
    let total = checked.differences.rows.len();
    let mut at = 0;
    while at < total && checked.reading.kind == RosterKind::Households {
        let until = (at + STEP).min(total);
        let differences = Arc::clone(&checked.differences);
        let work = move |tx: &mut Tx<'_>| {
            apply::stage(tx, county, batch, &differences.rows[at..until])?;
            let mut row = Batch::by_id(tx, county, batch)?;
            row.staged_rows = count(until);
            row.save(tx)
        };
        app.db.write(In::County(county), work).await?;
        at = until;
        progress(at, total);
    }
    let differences = Arc::clone(&checked.differences);
    let kind = checked.reading.kind;
    let work = move |tx: &mut Tx<'_>| {
        if falin_store::generation::sum(tx, county, &NOUNS)? != generation {
            return Err(Refusal::new("import.changed").into());
        }
        reveal(tx, county, batch, &differences)?;
        if kind == RosterKind::Holidays {
            crate::deadline::recount(tx, county)?;
        }
        let mut row = Batch::by_id(tx, county, batch)?;
        row.state = "committed".to_owned();
        row.file_sealed = None;
        row.committed_ms = Some(tx.now.millis());
        row.save(tx)?;
        tx.record(Entry {
            county,
            account,
            event: if kind == RosterKind::Holidays { Event::HolidaysImported } else { Event::RosterImported },
            reason: Reason::Roster,
            subject: Some(("batch", batch.bytes())),
            details: serde_json::json!({
                "kind": kind.code(), "accepted": row.accepted, "new": row.new_rows, "changed": row.changed,
            }),
        })?;
        bump_for(tx, county, kind)
    };
    app.db.write(In::County(county), work).await.map_err(apply::stale)?;
    progress(total, total);
    Ok(())
}

fn reveal(tx: &mut Tx<'_>, county: CountyId, batch: BatchId, differences: &Differences) -> Result<(), Stop> {
    let mut writer = Writer::new(tx, county, batch)?;
    for difference in &differences.rows {
        writer.apply(difference)?;
    }
    import::reveal_staged(tx, county, batch)?;
    Ok(())
}

/// Tells cached pages and later imports what has changed.
pub(super) fn bump_for(tx: &mut Tx<'_>, county: CountyId, kind: RosterKind) -> Result<(), Stop> {
    let noun = match kind {
        RosterKind::Divisions => "division",
        RosterKind::Firms => "firm",
        RosterKind::Lawyers => "worker",
        RosterKind::Advisers => "adviser",
        RosterKind::Households => "household",
        RosterKind::Rooms => "room",
        RosterKind::Holidays => "holiday",
    };
    if matches!(kind, RosterKind::Lawyers | RosterKind::Rooms | RosterKind::Holidays) {
        let hand = booking::Hand { reason: Reason::Roster, ..booking::Hand::house(county) };
        booking::reexamine(tx, &hand, booking::Touched::All)?;
        falin_store::booking::bump(tx, county)?;
    }
    tx.bump(county, noun)
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn set_figures(row: &mut Batch, figures: Figures) {
    row.total_rows = count(figures.rows);
    row.accepted = count(figures.accepted);
    row.new_rows = count(figures.new);
    row.changed = count(figures.changed);
    row.unchanged = count(figures.unchanged);
    row.findings = count(figures.findings);
    row.errors = count(figures.errors);
}

fn store_findings(tx: &mut Tx<'_>, row: &Batch, findings: &[Finding]) -> Result<(), Stop> {
    let stored: Vec<StoredFinding> = findings
        .iter()
        .enumerate()
        .map(|(n, finding)| StoredFinding {
            county_id: row.county_id,
            batch_id: row.id,
            n: count(n + 1),
            sheet: finding.sheet.clone(),
            row_number: i32::try_from(finding.row).unwrap_or(i32::MAX),
            column_name: finding.column.clone(),
            code: finding.code.code().to_owned(),
            severity: finding.severity.code().to_owned(),
        })
        .collect();
    import::add_findings(tx, &stored)
}

fn empty_batch(tx: &mut Tx<'_>, scope: &Scope, account: Option<AccountId>, source: &Source) -> Batch {
    Batch {
        county_id: scope.county,
        id: tx.id(),
        kind: source.kind.code().to_owned(),
        household_kind: source.household_kind,
        file_name: source.name.clone(),
        file_hash: Sha256::digest(source.bytes.as_slice()).to_vec(),
        file_sealed: None,
        mapping: source.mapping.as_ref().and_then(|m| serde_json::to_string(m).ok()),
        state: "uploaded".to_owned(),
        total_rows: 0,
        accepted: 0,
        new_rows: 0,
        changed: 0,
        unchanged: 0,
        findings: 0,
        errors: 0,
        staged_rows: 0,
        account_id: account,
        created_ms: tx.now.millis(),
        committed_ms: None,
        undone_ms: None,
        version: 1,
    }
}

async fn new_batch(
    app: &App,
    scope: &Scope,
    account: Option<AccountId>,
    source: &Source,
    checked: &Checked,
    state: &'static str,
) -> Result<BatchId, Stop> {
    let (scope, source, county) = (scope.clone(), source.clone(), scope.county);
    let (figures, reading) = (checked.figures(), Arc::clone(&checked.reading));
    let work = move |tx: &mut Tx<'_>| {
        let mut row = empty_batch(tx, &scope, account, &source);
        row.state = state.to_owned();
        set_figures(&mut row, figures);
        row.insert(tx)?;
        store_findings(tx, &row, &reading.findings)?;
        Ok(row.id)
    };
    app.db.write(In::County(county), work).await
}

fn file_at(
    row: &Batch,
    key: &[u8],
    open: impl FnOnce(Bound<'_>) -> Result<Vec<u8>, Stop>,
) -> Result<Vec<u8>, Stop> {
    open(Bound { table: "import_batch", column: "file_sealed", row: key, county: row.county_id })
}

/// Keeps an uploaded file, sealed, until the import is decided.
///
/// # Errors
/// `access.denied`.
pub async fn upload(app: &App, visitor: &Visitor, source: &Source) -> Result<BatchId, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Roster)?;
    of_whole_county(&scope, source.kind)?;
    let (source, account, county) = (source.clone(), visitor.account, scope.county);
    let work = move |tx: &mut Tx<'_>| {
        let mut row = empty_batch(tx, &scope, account, &source);
        let key = row.id.bytes();
        row.file_sealed = Some(file_at(&row, &key, |at| tx.seal_bytes(at, &source.bytes))?);
        row.insert(tx)?;
        Ok(row.id)
    };
    app.db.write(In::County(county), work).await
}

/// The uploaded file again, with the columns chosen so far.
async fn uploaded(app: &App, visitor: &Visitor, scope: &Scope, id: BatchId) -> Result<Source, Stop> {
    let (county, by) = (scope.county, whose(scope, visitor));
    let work = move |tx: &mut Tx<'_>| {
        let row = in_reach(tx, county, by, id)?;
        let sealed = row.file_sealed.as_ref().ok_or_else(|| Refusal::new("import.undone"))?;
        let key = row.id.bytes();
        let bytes = file_at(&row, &key, |at| tx.keys().open_bytes(at, sealed))?;
        let strange = || Fault::new("import", "an unknown roster kind");
        Ok(Source {
            kind: RosterKind::from_code(&row.kind).ok_or_else(strange)?,
            household_kind: row.household_kind,
            name: row.file_name.clone(),
            bytes: Arc::new(bytes),
            mapping: row.mapping.as_deref().and_then(|text| serde_json::from_str::<Mapping>(text).ok()),
        })
    };
    app.db.read(In::County(county), work).await
}

/// Headers and first rows of an uploaded file, for mapping its columns.
///
/// # Errors
/// `not_found`, `import.undone` once the file is forgotten; the file's own refusals.
pub async fn preview(app: &App, visitor: &Visitor, id: BatchId) -> Result<Vec<SheetPreview>, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Roster)?;
    headers(&uploaded(app, visitor, &scope, id).await?).await
}

/// Refuses what is no longer at the version that somebody saw (None: whichever it is), or in none of these states.
pub(super) fn stands(row: &Batch, version: Option<i64>, states: &[&str]) -> Result<(), Refusal> {
    if version.is_some_and(|seen| seen != row.version) {
        return Err(Refusal::new("state.changed"));
    }
    if states.contains(&row.state.as_str()) { Ok(()) } else { Err(Refusal::new("action.not_allowed")) }
}

/// Checks an uploaded file, at the version that the visitor saw (None: whichever it is), with the chosen columns and
/// keeps figures and findings.
///
/// # Errors
/// As [`check`]; `import.undone` once the file is forgotten; `state.changed`; `action.not_allowed` while it is being
/// taken.
pub async fn check_uploaded(
    app: &App,
    visitor: &Visitor,
    (id, version): (BatchId, Option<i64>),
    mapping: Option<Mapping>,
    household_kind: Option<HouseholdKind>,
) -> Result<Batch, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Roster)?;
    let mut source = uploaded(app, visitor, &scope, id).await?;
    source.mapping = mapping.or(source.mapping);
    source.household_kind = household_kind.or(source.household_kind);
    let checked = check(app, visitor, &source).await?;
    let (figures, reading, county) = (checked.figures(), Arc::clone(&checked.reading), scope.county);
    let work = move |tx: &mut Tx<'_>| {
        let mut row = Batch::by_id(tx, county, id)?;
        stands(&row, version, &["uploaded", "checked"])?;
        row.state = "checked".to_owned();
        row.household_kind = source.household_kind;
        row.mapping = source.mapping.as_ref().and_then(|m| serde_json::to_string(m).ok());
        set_figures(&mut row, figures);
        row.save(tx)?;
        import::clear_findings(tx, county, id)?;
        store_findings(tx, &row, &reading.findings)?;
        Ok(row)
    };
    app.db.write(In::County(county), work).await
}

/// Puts a checked upload into effect.
///
/// # Errors
/// `state.changed` where it is no longer at `version`, `action.not_allowed` where it is not checked;
/// `import.changed` where the county's rows changed meanwhile.
pub async fn commit_uploaded(
    app: &App,
    visitor: &Visitor,
    id: BatchId,
    version: i64,
    progress: Progress<'_>,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Roster)?;
    let source = uploaded(app, visitor, &scope, id).await?;
    let county = scope.county;
    let start = move |tx: &mut Tx<'_>| {
        let mut row = Batch::by_id(tx, county, id)?;
        stands(&row, Some(version), &["checked"])?;
        row.state = "staging".to_owned();
        row.save(tx)
    };
    app.db.write(In::County(county), start).await?;
    let checked = async {
        let generation = generation(app, &scope).await?;
        Ok((generation, check(app, visitor, &source).await?))
    };
    let (generation, checked) = match checked.await {
        Ok(checked) => checked,
        Err(stop) => {
            fail(app, county, id).await?;
            return Err(stop);
        }
    };
    put_into_effect(app, &scope, visitor.account, id, &checked, generation, progress).await
}

/// Forgets an uploaded file and its findings, with nothing imported.
///
/// # Errors
/// `state.changed` where it is no longer at `version` (None: whichever it is); `action.not_allowed` once it is
/// committed.
pub async fn forget(app: &App, visitor: &Visitor, id: BatchId, version: Option<i64>) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Roster)?;
    let (county, by) = (scope.county, whose(&scope, visitor));
    let work = move |tx: &mut Tx<'_>| {
        let mut row = in_reach(tx, county, by, id)?;
        stands(&row, version, &["uploaded", "checked", "failed"])?;
        row.state = "forgotten".to_owned();
        row.file_sealed = None;
        row.save(tx)?;
        import::clear_findings(tx, county, id)
    };
    app.db.write(In::County(county), work).await
}
