//! Flags: when a room closes or somebody is away, the bookings that it touches wait for a person to decide.

use std::collections::HashMap;

use falin_domain::booking::BookingFlag;
use falin_domain::journal::Event;
use falin_domain::words::{AccountId, CountyId, HeldId, RoomId, WorkerId};
use falin_store::booking::{self as rows, Booking};
use falin_store::booking_list::{self, Filter};
use falin_store::room::{self, Room};
use falin_store::worker::{self, Leave, Worker};
use falin_store::{Stop, Tx};

use super::{Hand, Openings, notify};
use crate::worker::is_there;

/// What has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Touched {
    /// A room's hours, use or closures.
    Room(RoomId),
    /// Somebody's leave or last day.
    Worker(WorkerId),
    /// The county's calendar, or all rooms.
    All,
}

/// Looks again at the bookings to come that a change touches: those that no longer fit are flagged, and a flag
/// whose cause is gone is lifted. Returns how many are newly flagged.
pub(crate) fn reexamine(tx: &mut Tx<'_>, hand: &Hand, touched: Touched) -> Result<usize, Stop> {
    let (room, worker) = match touched {
        Touched::Room(id) => (Some(id), None),
        Touched::Worker(id) => (None, Some(id)),
        Touched::All => (None, None),
    };
    let now = tx.now.millis();
    let filter = Filter { room, worker, live: true, ends_after: Some(now), ..Filter::default() };
    let bookings = booking_list::all(tx, hand.county, &filter)?;
    if bookings.is_empty() {
        return Ok(0);
    }
    let known = Known::read(tx, hand.county, &bookings)?;
    let mut flagged = 0;
    for mut booking in bookings {
        let cause = known.cause(&booking);
        flagged += usize::from(settle(tx, hand, &mut booking, cause)?);
    }
    Ok(flagged)
}

/// Flags the bookings to come of a case that somebody leads who must not: a conflict of interest came to light.
///
/// # Errors
/// The store's own.
pub(crate) fn conflict_found(
    tx: &mut Tx<'_>,
    county: CountyId,
    account: Option<AccountId>,
    case: HeldId,
    barred: impl Fn(&Worker) -> bool,
) -> Result<usize, Stop> {
    let hand = Hand::behind(county, account);
    let filter =
        Filter { case: Some(case), live: true, ends_after: Some(tx.now.millis()), ..Filter::default() };
    let bookings = booking_list::all(tx, county, &filter)?;
    let leaders = |one: &Booking| one.mediator_id.into_iter().chain(one.lawyer_id).collect::<Vec<_>>();
    let people = Worker::by_ids(tx, county, &bookings.iter().flat_map(leaders).collect::<Vec<_>>())?;
    let mut flagged = 0;
    for mut booking in bookings {
        if !leaders(&booking).iter().any(|id| people.get(id).is_some_and(&barred)) {
            continue;
        }
        flagged += usize::from(settle(tx, &hand, &mut booking, Some(BookingFlag::Conflict))?);
    }
    Ok(flagged)
}

/// True where the booking is newly flagged. What somebody has decided to keep is not asked about again.
fn settle(
    tx: &mut Tx<'_>,
    hand: &Hand,
    booking: &mut Booking,
    cause: Option<BookingFlag>,
) -> Result<bool, Stop> {
    let by_person = booking.flag == Some(BookingFlag::Conflict);
    let next = match cause {
        Some(_) if cause == booking.kept => None,
        None if by_person => booking.flag,
        _ => cause,
    };
    let kept =
        if cause.is_none() { booking.kept.filter(|it| *it == BookingFlag::Conflict) } else { booking.kept };
    if (next, kept) == (booking.flag, booking.kept) {
        return Ok(false);
    }
    let newly = next.is_some() && next != booking.flag;
    (booking.flag, booking.kept) = (next, kept);
    booking.changed_ms = tx.now.millis();
    booking.save(tx)?;
    let event = if newly { Event::BookingFlagged } else { Event::BookingKept };
    hand.record(
        tx,
        event,
        (rows::NOUN, booking.id),
        serde_json::json!({ "flag": next, "version": booking.version }),
    )?;
    if newly {
        notify::flagged(tx, booking)?;
    }
    Ok(newly)
}

/// What decides whether bookings still fit.
struct Known {
    rooms: HashMap<RoomId, Room>,
    openings: Openings,
    people: HashMap<WorkerId, Worker>,
    leaves: Vec<Leave>,
}

impl Known {
    fn read(tx: &mut Tx<'_>, county: CountyId, bookings: &[Booking]) -> Result<Self, Stop> {
        let people: Vec<WorkerId> =
            bookings.iter().flat_map(|one| one.mediator_id.into_iter().chain(one.lawyer_id)).collect();
        let today = tx.now.date();
        Ok(Self {
            rooms: room::all(tx, county)?.into_iter().map(|room| (room.id, room)).collect(),
            openings: Openings::read(tx, county, tx.now.millis())?,
            people: Worker::by_ids(tx, county, &people)?,
            leaves: worker::leaves(tx, county, None, today)?,
        })
    }

    fn cause(&self, booking: &Booking) -> Option<BookingFlag> {
        let room = self.rooms.get(&booking.room_id);
        if !room.is_some_and(|room| room.active) {
            return Some(BookingFlag::RoomOut);
        }
        if !room.is_some_and(|room| self.openings.hold(room, booking.span())) {
            return Some(BookingFlag::Closed);
        }
        let day = booking.span().from().date();
        let away = |id: WorkerId| {
            let there = self.people.get(&id).is_some_and(|worker| is_there(worker, day));
            let on_leave =
                |leave: &Leave| leave.worker_id == id && leave.from_date <= day && day <= leave.to_date;
            !there || self.leaves.iter().any(on_leave)
        };
        if booking.mediator_id.is_some_and(away) {
            return Some(BookingFlag::MediatorAway);
        }
        booking.lawyer_id.is_some_and(away).then_some(BookingFlag::LawyerAway)
    }
}
