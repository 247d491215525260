//! Lists of bookings: of a span of time, of one room or person, in pages.

use diesel::prelude::*;
use falin_domain::booking::{BookingState, MOST_SLOTS, SLOT_MS};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{AccountId, CountyId, HeldId, RoomId, WorkerId};

use crate::booking::Booking;
use crate::column::load;
use crate::schema::booking;
use crate::stop::Stop;
use crate::tx::Tx;

/// Which bookings a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Only with this person, as mediator or lawyer.
    pub worker: Option<WorkerId>,
    /// Only of this mediation case.
    pub case: Option<HeldId>,
    /// Only in this state.
    pub state: Option<BookingState>,
    /// Only those that hold their time.
    pub live: bool,
    /// Only those that wait for a decision.
    pub flagged: bool,
    /// Only those that end after this instant (UTC milliseconds).
    pub ends_after: Option<i64>,
    /// Only those that begin before this instant (UTC milliseconds).
    pub begins_before: Option<i64>,
    /// Only those that begin at this instant or after it (UTC milliseconds).
    pub begins_after: Option<i64>,
    /// Only one's own: led by this worker or made by this account.
    pub mine: Option<(Option<WorkerId>, Option<AccountId>)>,
}

type Boxed = booking::BoxedQuery<'static, crate::conn::MultiBackend>;

fn filtered(county: CountyId, filter: &Filter) -> Boxed {
    let mut query = booking::table.filter(booking::county_id.eq(county.bytes())).into_boxed();
    if let Some(room) = filter.room {
        query = query.filter(booking::room_id.eq(room.bytes()));
    }
    if let Some(worker) = filter.worker {
        query =
            query.filter(booking::mediator_id.eq(worker.bytes()).or(booking::lawyer_id.eq(worker.bytes())));
    }
    if let Some(case) = filter.case {
        query = query.filter(booking::mediation_case_id.eq(case.bytes()));
    }
    if let Some(state) = filter.state {
        query = query.filter(booking::state.eq(state.code()));
    }
    if filter.live {
        let live = [BookingState::Pending.code(), BookingState::Confirmed.code()];
        query = query.filter(booking::state.eq_any(live));
    }
    if filter.flagged {
        query = query.filter(booking::flag.is_not_null());
    }
    if let Some(ms) = filter.ends_after {
        // What ends later began no earlier than the longest booking before: the index is one of beginnings.
        query =
            query.filter(booking::ends_ms.gt(ms)).filter(booking::starts_ms.gt(ms - MOST_SLOTS * SLOT_MS));
    }
    if let Some(ms) = filter.begins_before {
        query = query.filter(booking::starts_ms.lt(ms));
    }
    if let Some(ms) = filter.begins_after {
        query = query.filter(booking::starts_ms.ge(ms));
    }
    match filter.mine {
        Some((Some(worker), Some(account))) => query.filter(
            booking::mediator_id
                .eq(worker.bytes())
                .or(booking::lawyer_id.eq(worker.bytes()))
                .or(booking::account_id.eq(account.bytes())),
        ),
        Some((Some(worker), None)) => {
            query.filter(booking::mediator_id.eq(worker.bytes()).or(booking::lawyer_id.eq(worker.bytes())))
        }
        Some((None, Some(account))) => query.filter(booking::account_id.eq(account.bytes())),
        // Nobody in particular has none.
        Some((None, None)) => query.filter(booking::id.eq(Vec::<u8>::new())),
        None => query,
    }
}

/// Bookings by time, all that the filter leaves.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Vec<Booking>, Stop> {
    let query = filtered(county, filter).order((booking::starts_ms, booking::id));
    load!(Booking, query, tx)
}

/// How many the filter leaves.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<u64, Stop> {
    let n: i64 = filtered(county, filter).count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

/// A page of bookings by time.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Booking>, Stop> {
    let mut query = filtered(county, filter);
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(booking::starts_ms.ge(ms).and(booking::starts_ms.gt(ms).or(booking::id.gt(id))));
    }
    let query = query.order((booking::starts_ms, booking::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Booking, query, tx)?;
    Ok(Page::cut(rows, window, |one| Mark { key: one.starts_ms.to_string(), id: one.id.uuid() }))
}
