//! Calendar feeds: a revocable secret, kept as its hash, that shows the bookings of a room or a person.

use diesel::prelude::*;
use falin_domain::words::{AccountId, CountyId, FeedId, HeldId};

use crate::column::{load, noun};
use crate::schema::calendar_feed;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal.
pub const NOUN: &str = "feed";

noun! {
    /// A feed. Its secret is shown once and known here by its hash alone.
    Feed in calendar_feed {
        /// County.
        county_id: CountyId,
        /// Id.
        id: FeedId,
        /// `room`, `worker` or `account`.
        kind: String,
        /// Whose bookings: the room, the person who leads them, or the account that made them.
        subject_id: HeldId,
        /// SHA-256 of the secret.
        secret_hash: Vec<u8>,
        /// Who made it and may revoke it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it was revoked.
        revoked_ms: Option<i64>,
    }
}

/// Adds a feed.
///
/// # Errors
/// The database's own.
pub fn add(tx: &mut Tx<'_>, feed: &Feed) -> Result<(), Stop> {
    diesel::insert_into(calendar_feed::table).values(feed.values()).execute(tx.conn)?;
    Ok(())
}

/// Feeds of a county that are not revoked, the newest first.
///
/// # Errors
/// The database's own.
pub fn valid(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Feed>, Stop> {
    let query = calendar_feed::table
        .filter(calendar_feed::county_id.eq(county.bytes()))
        .filter(calendar_feed::revoked_ms.is_null())
        .order((calendar_feed::created_ms.desc(), calendar_feed::id.desc()));
    load!(Feed, query, tx)
}

/// The feed with this secret's hash in any of these counties, unless it is revoked.
///
/// # Errors
/// The database's own.
pub fn by_secret(tx: &mut Tx<'_>, counties: &[CountyId], hash: &[u8]) -> Result<Option<Feed>, Stop> {
    let counties: Vec<Vec<u8>> = counties.iter().map(|id| id.bytes()).collect();
    let query = calendar_feed::table
        .filter(calendar_feed::county_id.eq_any(counties))
        .filter(calendar_feed::secret_hash.eq(hash.to_vec()))
        .filter(calendar_feed::revoked_ms.is_null());
    Ok(load!(Feed, query, tx)?.into_iter().next())
}

/// Revokes a feed; revoking it again does nothing.
///
/// # Errors
/// The database's own.
pub fn revoke(tx: &mut Tx<'_>, feed: &Feed) -> Result<(), Stop> {
    let row = calendar_feed::table.find((feed.county_id.bytes(), feed.id.bytes()));
    diesel::update(row).set(calendar_feed::revoked_ms.eq(tx.now.millis())).execute(tx.conn)?;
    Ok(())
}
