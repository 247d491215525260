//! Photos, scans and recordings on a case: names and bodies sealed, bodies in parts.

use diesel::prelude::*;
use falin_domain::words::{AccountId, AttachmentId, CaseId, CountyId, Id};

use crate::column::{load, noun};
use crate::keys::Bound;
use crate::schema::{attachment, attachment_part};
use crate::stop::Stop;
use crate::tx::Tx;

/// Bytes of one part.
const PART: usize = 1 << 20;

noun! {
    /// A file on a case.
    Attachment in attachment {
        /// County.
        county_id: CountyId,
        /// Id.
        id: AttachmentId,
        /// The case.
        case_id: CaseId,
        /// Its name, sealed.
        name_sealed: Vec<u8>,
        /// Media type, as its first bytes say.
        media_type: String,
        /// Bytes.
        size: i64,
        /// Who put it there.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds; None while it is there.
        removed_ms: Option<i64>,
    }
}

fn name_place(county: CountyId, id: &[u8]) -> Bound<'_> {
    Bound { table: "attachment", column: "name_sealed", row: id, county }
}

fn body_place(county: CountyId, id: &[u8]) -> Bound<'_> {
    Bound { table: "attachment_part", column: "body_sealed", row: id, county }
}

/// Puts a file on a case.
///
/// # Errors
/// The database's own.
pub fn add(
    tx: &mut Tx<'_>,
    (county, case): (CountyId, CaseId),
    account: Option<AccountId>,
    (name, media_type): (&str, &str),
    body: &[u8],
) -> Result<Attachment, Stop> {
    let id: AttachmentId = tx.id();
    let row = Attachment {
        county_id: county,
        id,
        case_id: case,
        name_sealed: tx.seal(name_place(county, &id.bytes()), name)?,
        media_type: media_type.to_owned(),
        size: body.len() as i64,
        account_id: account,
        created_ms: tx.now.millis(),
        removed_ms: None,
    };
    diesel::insert_into(attachment::table).values(row.values()).execute(tx.conn)?;
    for (n, part) in body.chunks(PART).enumerate() {
        let part_id: Id<()> = tx.id();
        let sealed = tx.seal_bytes(body_place(county, &part_id.bytes()), part)?;
        let values = (
            attachment_part::county_id.eq(county.bytes()),
            attachment_part::id.eq(part_id.bytes()),
            attachment_part::attachment_id.eq(id.bytes()),
            attachment_part::n.eq(n as i32),
            attachment_part::body_sealed.eq(sealed),
        );
        diesel::insert_into(attachment_part::table).values(values).execute(tx.conn)?;
    }
    Ok(row)
}

impl Attachment {
    /// Its name in clear.
    ///
    /// # Errors
    /// A fault where it cannot be opened.
    pub fn name(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        tx.open(name_place(self.county_id, &self.id.bytes()), &self.name_sealed)
    }

    /// Its body in clear.
    ///
    /// # Errors
    /// A fault where a part cannot be opened.
    pub fn body(&self, tx: &mut Tx<'_>) -> Result<Vec<u8>, Stop> {
        let parts: Vec<(Vec<u8>, Vec<u8>)> = attachment_part::table
            .filter(attachment_part::county_id.eq(self.county_id.bytes()))
            .filter(attachment_part::attachment_id.eq(self.id.bytes()))
            .order(attachment_part::n)
            .select((attachment_part::id, attachment_part::body_sealed))
            .load(tx.conn)?;
        let mut whole = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        for (id, sealed) in parts {
            whole.extend(tx.keys().open_bytes(body_place(self.county_id, &id), &sealed)?);
        }
        Ok(whole)
    }
}

/// Files on a case that are there, oldest first.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Attachment>, Stop> {
    let query = attachment::table
        .filter(attachment::county_id.eq(county.bytes()))
        .filter(attachment::case_id.eq(case.bytes()))
        .filter(attachment::removed_ms.is_null())
        .order((attachment::created_ms, attachment::id));
    load!(Attachment, query, tx)
}

/// Takes a file off its case; its bytes stay sealed until the case is destroyed.
///
/// # Errors
/// The database's own.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, id: AttachmentId) -> Result<(), Stop> {
    let row = attachment::table.find((county.bytes(), id.bytes()));
    diesel::update(row).set(attachment::removed_ms.eq(Some(tx.now.millis()))).execute(tx.conn)?;
    Ok(())
}
