//! The waiting list: times that somebody would take if they became free.

use diesel::prelude::*;
use falin_domain::booking::WaitState;
use falin_domain::words::{AccountId, BookingId, CountyId, HeldId, RoomId, WaitId, WorkerId};

use crate::column::{kept, load, noun};
use crate::schema::booking_wait;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal.
pub const NOUN: &str = "wait";

noun! {
    /// A time that was taken when it was asked for.
    Wait in booking_wait {
        /// County.
        county_id: CountyId,
        /// Id.
        id: WaitId,
        /// The room.
        room_id: RoomId,
        /// UTC milliseconds, on a quarter of an hour.
        starts_ms: i64,
        /// UTC milliseconds, on a quarter of an hour.
        ends_ms: i64,
        /// What for, sealed.
        purpose_sealed: Vec<u8>,
        /// The mediation case.
        mediation_case_id: Option<HeldId>,
        /// Who would mediate.
        mediator_id: Option<WorkerId>,
        /// Which lawyer would be there.
        lawyer_id: Option<WorkerId>,
        /// Ids of the parties, separated by spaces.
        parties: String,
        /// Where it stands.
        state: WaitState,
        /// The booking that was offered.
        booking_id: Option<BookingId>,
        /// Who waits.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Wait in booking_wait by WaitId);

impl Wait {
    /// The parties.
    pub fn party_ids(&self) -> Vec<HeldId> {
        self.parties.split(' ').filter_map(|text| text.parse().ok()).collect()
    }
}

/// Who waits or has an offer, the longest first.
///
/// # Errors
/// The database's own.
pub fn open(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Wait>, Stop> {
    let open = [WaitState::Waiting.code(), WaitState::Offered.code()];
    let query = booking_wait::table
        .filter(booking_wait::county_id.eq(county.bytes()))
        .filter(booking_wait::state.eq_any(open))
        .order((booking_wait::created_ms, booking_wait::id));
    load!(Wait, query, tx)
}

/// The place on the list to which this booking was offered and not yet answered.
///
/// # Errors
/// The database's own.
pub fn offered(tx: &mut Tx<'_>, county: CountyId, booking: BookingId) -> Result<Option<Wait>, Stop> {
    let query = booking_wait::table
        .filter(booking_wait::county_id.eq(county.bytes()))
        .filter(booking_wait::state.eq(WaitState::Offered.code()))
        .filter(booking_wait::booking_id.eq(booking.bytes()));
    Ok(load!(Wait, query, tx)?.into_iter().next())
}
