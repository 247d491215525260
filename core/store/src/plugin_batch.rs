//! Tables that were read for a plugin: what was found, what became of the rows, and the way back.

use diesel::prelude::*;
use falin_domain::words::{AccountId, BookingId, CaseId, CountyId, PluginBatchId};

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::schema::{
    booking_brought, casefile, casefile_answerable, casefile_index, casefile_link, casefile_party,
    casefile_step, casefile_unit, casefile_worker, plugin_batch, plugin_batch_case,
};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A table that was read.
    Batch in plugin_batch {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PluginBatchId,
        /// The plugin's own name.
        plugin: String,
        /// Code of its import.
        code: String,
        /// The file's name.
        file_name: String,
        /// `checked`, `done`, `undoing`, `undone`.
        state: String,
        /// Rows of the file.
        row_count: i32,
        /// Rows that open a case.
        accepted: i32,
        /// Rows that are there already.
        known: i32,
        /// What must be put right, a JSON list; no content of cells.
        findings: String,
        /// The accepted rows as a sealed JSON list, until they are put into cases or dropped.
        rows_sealed: Option<Vec<u8>>,
        /// Who brought it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds; None while it is only checked.
        decided_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Batch in plugin_batch by PluginBatchId);

impl Batch {
    /// Seals the accepted rows into the row, not yet saved.
    ///
    /// # Errors
    /// A fault where they cannot be sealed.
    pub fn put_rows(&mut self, tx: &mut Tx<'_>, rows: &str) -> Result<(), Stop> {
        let id = self.id.bytes();
        let at = Bound { table: "plugin_batch", column: "rows_sealed", row: &id, county: self.county_id };
        self.rows_sealed = Some(tx.seal(at, rows)?);
        Ok(())
    }

    /// The accepted rows; empty once they are decided.
    ///
    /// # Errors
    /// A fault where they cannot be opened.
    pub fn rows(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let Some(sealed) = &self.rows_sealed else { return Ok("[]".to_owned()) };
        let id = self.id.bytes();
        let at = Bound { table: "plugin_batch", column: "rows_sealed", row: &id, county: self.county_id };
        tx.open(at, sealed)
    }
}

/// Tables read for a plugin, newest first, at most `most`.
///
/// # Errors
/// The database's own.
pub fn batches(tx: &mut Tx<'_>, county: CountyId, plugin: &str, most: i64) -> Result<Vec<Batch>, Stop> {
    let query = plugin_batch::table
        .filter(plugin_batch::county_id.eq(county.bytes()))
        .filter(plugin_batch::plugin.eq(plugin))
        .order((plugin_batch::created_ms.desc(), plugin_batch::id.desc()))
        .limit(most);
    load!(Batch, query, tx)
}

/// Takes a table that was never written out of the database.
///
/// # Errors
/// The database's own.
pub fn throw_away(tx: &mut Tx<'_>, batch: &Batch) -> Result<(), Stop> {
    let row = plugin_batch::table.find((batch.county_id.bytes(), batch.id.bytes()));
    diesel::delete(row).execute(tx.conn)?;
    Ok(())
}

/// The same with every table that was checked before a moment and is still not written; how many.
///
/// # Errors
/// The database's own.
pub fn forget_checked(tx: &mut Tx<'_>, before_ms: i64) -> Result<usize, Stop> {
    let old = plugin_batch::table
        .filter(plugin_batch::state.eq("checked"))
        .filter(plugin_batch::created_ms.lt(before_ms));
    Ok(diesel::delete(old).execute(tx.conn)?)
}

/// Notes that a case came out of a batch.
///
/// # Errors
/// The database's own.
pub fn note(tx: &mut Tx<'_>, batch: &Batch, case: CaseId, version: i64) -> Result<(), Stop> {
    let row = (
        plugin_batch_case::county_id.eq(batch.county_id.bytes()),
        plugin_batch_case::case_id.eq(case.bytes()),
        plugin_batch_case::batch_id.eq(batch.id.bytes()),
        plugin_batch_case::case_version.eq(version),
    );
    diesel::insert_into(plugin_batch_case::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The cases that came out of a batch with the version in which it left them.
///
/// # Errors
/// The database's own.
pub fn cases(tx: &mut Tx<'_>, county: CountyId, batch: PluginBatchId) -> Result<Vec<(CaseId, i64)>, Stop> {
    let rows: Vec<(Vec<u8>, i64)> = plugin_batch_case::table
        .filter(plugin_batch_case::county_id.eq(county.bytes()))
        .filter(plugin_batch_case::batch_id.eq(batch.bytes()))
        .order(plugin_batch_case::case_id)
        .select((plugin_batch_case::case_id, plugin_batch_case::case_version))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, version)| Some((CaseId::from_bytes(&id)?, version))).collect())
}

/// Notes that a booking came out of a batch.
///
/// # Errors
/// The database's own.
pub fn note_booking(tx: &mut Tx<'_>, batch: &Batch, booking: BookingId, version: i64) -> Result<(), Stop> {
    let row = (
        booking_brought::county_id.eq(batch.county_id.bytes()),
        booking_brought::booking_id.eq(booking.bytes()),
        booking_brought::batch_id.eq(batch.id.bytes()),
        booking_brought::booking_version.eq(version),
    );
    diesel::insert_into(booking_brought::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// The bookings that came out of a batch with the version in which it left them.
///
/// # Errors
/// The database's own.
pub fn bookings(
    tx: &mut Tx<'_>,
    county: CountyId,
    batch: PluginBatchId,
) -> Result<Vec<(BookingId, i64)>, Stop> {
    let rows: Vec<(Vec<u8>, i64)> = booking_brought::table
        .filter(booking_brought::county_id.eq(county.bytes()))
        .filter(booking_brought::batch_id.eq(batch.bytes()))
        .order(booking_brought::booking_id)
        .select((booking_brought::booking_id, booking_brought::booking_version))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, version)| Some((BookingId::from_bytes(&id)?, version))).collect())
}

/// Takes a case of a batch that is being taken back out of the world. The database lets no other case go.
///
/// # Errors
/// [`Stop::Rule`] where the batch is not being taken back; the database's own.
pub fn take_back(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<(), Stop> {
    let (county, id) = (county.bytes(), case.bytes());
    macro_rules! delete {
        ($table:ident, $column:ident) => {
            diesel::delete(
                $table::table
                    .filter($table::county_id.eq(county.clone()))
                    .filter($table::$column.eq(id.clone())),
            )
            .execute(tx.conn)?
        };
    }
    delete!(casefile_index, case_id);
    delete!(casefile_party, case_id);
    delete!(casefile_worker, case_id);
    delete!(casefile_answerable, case_id);
    delete!(casefile_unit, case_id);
    delete!(casefile_link, to_id);
    delete!(casefile_step, case_id);
    delete!(casefile, id);
    Ok(())
}
