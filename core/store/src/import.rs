//! Imports of rosters: batches, findings, staged households, and the images that undo needs.

use diesel::prelude::*;
use falin_domain::directory::HouseholdKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{AccountId, BatchId, CountyId};

use crate::column::{kept, load, noun};
use crate::conn::{literal, run};
use crate::keys::Bound;
use crate::many::insert_many;
use crate::schema::{household, import_batch, import_change, import_finding, pairing};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// One roster on its way into the county.
    Batch in import_batch {
        /// County.
        county_id: CountyId,
        /// Id.
        id: BatchId,
        /// Roster kind.
        kind: String,
        /// Rural or urban, where the importing person said so.
        household_kind: Option<HouseholdKind>,
        /// Name of the file.
        file_name: String,
        /// SHA-256 of the file.
        file_hash: Vec<u8>,
        /// The file, sealed, until the import is decided.
        file_sealed: Option<Vec<u8>>,
        /// JSON of the chosen columns.
        mapping: Option<String>,
        /// `uploaded`, `checked`, `staging`, `committed`, `undone`, `failed`, `forgotten`.
        state: String,
        /// Data rows.
        total_rows: i32,
        /// Rows taken.
        accepted: i32,
        /// Rows that add something.
        new_rows: i32,
        /// Rows that change something.
        changed: i32,
        /// Rows that say what is known.
        unchanged: i32,
        /// Findings of any severity.
        findings: i32,
        /// Findings of severity error.
        errors: i32,
        /// Rows staged so far.
        staged_rows: i32,
        /// Who imports.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it took effect.
        committed_ms: Option<i64>,
        /// When it was undone.
        undone_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Batch in import_batch by BatchId);

noun! {
    /// One thing to put right, at one cell.
    StoredFinding in import_finding {
        /// County.
        county_id: CountyId,
        /// The import.
        batch_id: BatchId,
        /// Its place in the file's order.
        n: i32,
        /// Sheet.
        sheet: String,
        /// The sheet's own row number.
        row_number: i32,
        /// Header of the column.
        column_name: String,
        /// Finding code.
        code: String,
        /// `error` or `warning`.
        severity: String,
    }
}

/// What an import did to one row that is not a new household.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Noun of the row.
    pub noun: String,
    /// Its id.
    pub subject: Vec<u8>,
    /// JSON of the row as it was before; None where the import added it.
    pub before: Option<String>,
}

/// Imports, newest first; of one account, or of all.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    by: Option<Option<AccountId>>,
    window: &Window,
) -> Result<Page<Batch>, Stop> {
    let mut query = import_batch::table.filter(import_batch::county_id.eq(county.bytes())).into_boxed();
    if let Some(by) = by {
        query = match by {
            Some(by) => query.filter(import_batch::account_id.eq(by.bytes())),
            None => query.filter(import_batch::account_id.is_null()),
        };
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        let earlier = import_batch::created_ms.lt(ms).or(import_batch::id.lt(id));
        query = query.filter(import_batch::created_ms.le(ms).and(earlier));
    }
    let query = query
        .order((import_batch::created_ms.desc(), import_batch::id.desc()))
        .limit(i64::from(window.limit) + 1);
    let rows = load!(Batch, query, tx)?;
    Ok(Page::cut(rows, window, |b| Mark { key: b.created_ms.to_string(), id: b.id.uuid() }))
}

/// Adds findings to a batch.
///
/// # Errors
/// The database's own.
pub fn add_findings(tx: &mut Tx<'_>, findings: &[StoredFinding]) -> Result<(), Stop> {
    insert_many!(import_finding, 8, findings.iter().map(StoredFinding::values), tx);
    Ok(())
}

/// Removes a batch's findings, before it is checked anew.
///
/// # Errors
/// The database's own.
pub fn clear_findings(tx: &mut Tx<'_>, county: CountyId, batch: BatchId) -> Result<(), Stop> {
    let rows = import_finding::table
        .filter(import_finding::county_id.eq(county.bytes()))
        .filter(import_finding::batch_id.eq(batch.bytes()));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

/// Findings of a batch in the file's order, after the `after`th; at most `limit`.
///
/// # Errors
/// The database's own.
pub fn findings(
    tx: &mut Tx<'_>,
    county: CountyId,
    batch: BatchId,
    after: i32,
    limit: i64,
) -> Result<Vec<StoredFinding>, Stop> {
    let query = import_finding::table
        .filter(import_finding::county_id.eq(county.bytes()))
        .filter(import_finding::batch_id.eq(batch.bytes()))
        .filter(import_finding::n.gt(after))
        .order(import_finding::n)
        .limit(limit);
    load!(StoredFinding, query, tx)
}

/// Notes what an import did to a row; its former content is sealed.
///
/// # Errors
/// The database's own.
pub fn note_change(
    tx: &mut Tx<'_>,
    county: CountyId,
    batch: BatchId,
    n: i32,
    change: &Change,
) -> Result<(), Stop> {
    let at = Bound { table: "import_change", column: "before_sealed", row: &change.subject, county };
    let before = change.before.as_deref().map(|text| tx.seal(at, text)).transpose()?;
    let values = (
        import_change::county_id.eq(county.bytes()),
        import_change::batch_id.eq(batch.bytes()),
        import_change::n.eq(n),
        import_change::noun.eq(&change.noun),
        import_change::subject_id.eq(&change.subject),
        import_change::change.eq(if before.is_some() { "changed" } else { "new" }),
        import_change::before_sealed.eq(before),
    );
    diesel::insert_into(import_change::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// What an import did, the last change first, so that undo goes backwards.
///
/// # Errors
/// `import.used` where what was before is destroyed by now; a fault where an image cannot be opened.
pub fn changes(tx: &mut Tx<'_>, county: CountyId, batch: BatchId) -> Result<Vec<Change>, Stop> {
    type Found = (String, Vec<u8>, String, Option<Vec<u8>>);
    let rows: Vec<Found> = import_change::table
        .filter(import_change::county_id.eq(county.bytes()))
        .filter(import_change::batch_id.eq(batch.bytes()))
        .order(import_change::n.desc())
        .select((
            import_change::noun,
            import_change::subject_id,
            import_change::change,
            import_change::before_sealed,
        ))
        .load(tx.conn)?;
    let mut out = Vec::with_capacity(rows.len());
    for (noun, subject, change, sealed) in rows {
        // What was there before is destroyed: nothing is put back.
        if change == "changed" && sealed.is_none() {
            return Err(falin_domain::refusal::Refusal::new("import.used").into());
        }
        let at = Bound { table: "import_change", column: "before_sealed", row: &subject, county };
        let before = sealed.map(|bytes| tx.open(at, &bytes)).transpose()?;
        out.push(Change { noun, subject, before });
    }
    Ok(out)
}

/// Makes a batch's staged households visible; returns how many.
///
/// # Errors
/// The database's own.
pub fn reveal_staged(tx: &mut Tx<'_>, county: CountyId, batch: BatchId) -> Result<usize, Stop> {
    let rows = household::table
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::batch_id.eq(batch.bytes()))
        .filter(household::staged.eq(true));
    Ok(diesel::update(rows).set(household::staged.eq(false)).execute(tx.conn)?)
}

/// True where a household of the batch has been paired, or changed, since it was imported.
///
/// # Errors
/// The database's own.
pub fn households_used(tx: &mut Tx<'_>, county: CountyId, batch: BatchId) -> Result<bool, Stop> {
    let mine = household::table
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::batch_id.eq(batch.bytes()));
    let paired: i64 = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::household_id.eq_any(mine.select(household::id)))
        .count()
        .get_result(tx.conn)?;
    let changed: i64 = household::table
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::batch_id.eq(batch.bytes()))
        .filter(household::version.gt(1))
        .count()
        .get_result(tx.conn)?;
    Ok(paired + changed > 0)
}

/// Removes a batch's households with everything that hangs on them.
///
/// # Errors
/// The database's own.
pub fn remove_households(tx: &mut Tx<'_>, county: CountyId, batch: BatchId) -> Result<usize, Stop> {
    let (county, batch) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &batch.bytes()));
    let mine = format!("SELECT id FROM household WHERE county_id = {county} AND batch_id = {batch}");
    for (table, column) in [
        ("household_phone", "household_id"),
        ("household_category", "household_id"),
        ("household_member", "household_id"),
        ("contact_card", "household_id"),
        ("name_gram", "subject_id"),
    ] {
        let sql = format!("DELETE FROM {table} WHERE county_id = {county} AND {column} IN ({mine})");
        run(tx.conn, &sql)?;
    }
    run(tx.conn, &format!("DELETE FROM household WHERE county_id = {county} AND batch_id = {batch}"))
}

/// Batches whose staging was cut off: their households are invisible and may be removed.
///
/// # Errors
/// The database's own.
pub fn cut_off(tx: &mut Tx<'_>, county: CountyId, before_ms: i64) -> Result<Vec<Batch>, Stop> {
    let query = import_batch::table
        .filter(import_batch::county_id.eq(county.bytes()))
        .filter(import_batch::state.eq("staging"))
        .filter(import_batch::created_ms.lt(before_ms));
    load!(Batch, query, tx)
}
