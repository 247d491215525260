//! Closures and special openings of rooms.

use diesel::prelude::*;
use falin_domain::booking::Exception;
use falin_domain::time::Instant;
use falin_domain::words::{ClosureId, CountyId, RoomId};

use crate::column::{kept, load, noun};
use crate::schema::room_closure;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal.
pub const NOUN: &str = "closure";

noun! {
    /// A time in which a room is closed, or open for once.
    Closure in room_closure {
        /// County.
        county_id: CountyId,
        /// Id.
        id: ClosureId,
        /// The room; None for all rooms of the county.
        room_id: Option<RoomId>,
        /// UTC milliseconds.
        from_ms: i64,
        /// UTC milliseconds.
        to_ms: i64,
        /// A special opening; else a closure.
        opens: bool,
        /// Why, in the county's words; shown to everybody.
        reason: String,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Closure in room_closure by ClosureId);

impl Closure {
    /// As opening hours count it.
    pub fn exception(&self) -> Exception {
        let (from, to) = (Instant::from_millis(self.from_ms), Instant::from_millis(self.to_ms));
        Exception { from, to, opens: self.opens }
    }

    /// Whether it is about this room.
    pub fn concerns(&self, room: RoomId) -> bool {
        self.room_id.is_none_or(|id| id == room)
    }
}

/// Those that are not over at an instant, by time.
///
/// # Errors
/// The database's own.
pub fn since(tx: &mut Tx<'_>, county: CountyId, ms: i64) -> Result<Vec<Closure>, Stop> {
    let query = room_closure::table
        .filter(room_closure::county_id.eq(county.bytes()))
        .filter(room_closure::to_ms.gt(ms))
        .order((room_closure::from_ms, room_closure::id));
    load!(Closure, query, tx)
}

/// Takes one back that is still at this version.
///
/// # Errors
/// `state.changed`.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, id: ClosureId, version: i64) -> Result<(), Stop> {
    let row =
        room_closure::table.find((county.bytes(), id.bytes())).filter(room_closure::version.eq(version));
    match diesel::delete(row).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(falin_domain::refusal::Refusal::new("state.changed").into()),
    }
}
