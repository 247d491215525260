//! Rooms that a case holds: every one of them or none, with time to set up and clear away, given back with the case.

use std::collections::BTreeMap;

use falin_domain::booking::{BookingState, SLOT_MS, Span, gaps};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, BookingId, CaseId, CountyId, HeldId, RoomId};
use falin_store::Tx;
use falin_store::booking::{self as rows, Booking, Subject};
use falin_store::booking_list::{self, Filter};
use falin_store::room::Room;

use super::act::cancel;
use super::book::{New, row, save_new, told};
use super::notify::{self, News};
use super::{Hand, Openings};
use crate::Stop;

/// Stretches of free time that a refusal names.
const NAMED: usize = 4;

/// Rooms that a case asks for.
pub(crate) struct Wanted<'a> {
    /// Field and room, in the form's order.
    pub rooms: Vec<(&'a str, RoomId)>,
    /// When people meet.
    pub from: Instant,
    /// For how many minutes.
    pub minutes: i64,
    /// Minutes before and after that are held as well, as far as the room is open then.
    pub buffer: u16,
    /// What the rooms' calendar says of it.
    pub purpose: String,
}

/// Holds all of the rooms for a case, or for none, in one step with whatever else the transaction does.
///
/// # Errors
/// `form.invalid` at the field of each room that is not there, not open or taken, with the times at which it is free
/// on that day; `booking.past`, `booking.too_far`; `booking.conflict` where another transaction was faster.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    (county, account): (CountyId, Option<AccountId>),
    case: Option<CaseId>,
    wanted: &Wanted<'_>,
) -> Result<(), Stop> {
    let until = wanted.from.plus_seconds(wanted.minutes.saturating_mul(60));
    let met = Span::touched(wanted.from, until).ok_or_else(|| Refusal::new("booking.past"))?;
    met.bookable(tx.now)?;
    let openings = Openings::read(tx, county, met.from().millis())?;
    let mut faults = Vec::new();
    let mut spans: BTreeMap<RoomId, Span> = BTreeMap::new();
    for (field, id) in &wanted.rooms {
        match fitting(tx, county, &openings, (field, *id), (met, wanted.buffer))? {
            Err(fault) => faults.push(fault),
            Ok(_) if spans.contains_key(id) => faults.push(FieldError::new(field, "room.twice")),
            Ok(span) => {
                spans.insert(*id, span);
            }
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::form(faults).into());
    }
    let hand = Hand::behind(county, account);
    // In the order of their ids, so that two cases that ask for the same rooms never wait for each other in a circle.
    for (room, span) in spans {
        book(tx, &hand, case, (room, span), &wanted.purpose).map_err(|s| s.or_rule("booking.conflict"))?;
    }
    Ok(())
}

fn book(
    tx: &mut Tx<'_>,
    hand: &Hand,
    case: Option<CaseId>,
    (room, span): (RoomId, Span),
    purpose: &str,
) -> Result<(), Stop> {
    let new = New {
        room,
        span,
        purpose: purpose.to_owned(),
        link: None,
        case: case.map(CaseId::cast),
        mediator: None,
        lawyer: None,
        parties: Vec::new(),
        tentative: false,
    };
    let id: BookingId = tx.id();
    let booking = Booking { state: BookingState::Confirmed, ..row(tx, hand, &new, id)? };
    save_new(tx, &booking, &[])?;
    hand.saved(tx, Event::BookingMade, &booking, told(&booking))?;
    notify::tell(tx, hand, &booking, News::Confirmed)
}

type Fit = Result<Span, FieldError>;

/// The span that a room is held for, or why it cannot be.
fn fitting(
    tx: &mut Tx<'_>,
    county: CountyId,
    openings: &Openings,
    (field, id): (&str, RoomId),
    (met, buffer): (Span, u16),
) -> Result<Fit, Stop> {
    let room = match Room::by_id(tx, county, id) {
        Ok(room) if room.active => room,
        Ok(_) | Err(Stop::Refused(_)) => return Ok(Err(FieldError::new(field, "unknown"))),
        Err(stop) => return Err(stop),
    };
    let day = met.from().date();
    let open = openings.of(&room, day);
    let subjects = [Subject::Room(id)].into();
    let taken = rows::taken(tx, county, &subjects, Span::of_day(day).slots())?;
    let busy = taken.iter().map(|one| one.slot).collect();
    let clash = |code: &str| {
        let free: Vec<String> = gaps(&open, &busy).into_iter().take(NAMED).map(hours).collect();
        let fault = FieldError::new(field, code).with("room", &room.name).with("day", day);
        if free.is_empty() { fault.with("free", "—") } else { fault.with("free", free.join(" ")) }
    };
    let Some(stretch) = open.iter().find(|stretch| stretch.holds(met)) else {
        return Ok(Err(clash("room.closed")));
    };
    let more = (i64::from(buffer) * 60_000 + SLOT_MS - 1) / SLOT_MS;
    let wide = Span::of_slots(met.slots().start - more, met.slots().end + more);
    let span = wide.and_then(|wide| wide.common(*stretch)).unwrap_or(met);
    if span.slots().any(|slot| taken.iter().any(|one| one.slot == slot)) {
        return Ok(Err(clash("room.taken")));
    }
    Ok(Ok(span))
}

/// `09:00–10:30`.
fn hours(span: Span) -> String {
    let clock = |at: Instant| {
        let minutes = (at.millis() - at.date().start().millis()) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    format!("{}–{}", clock(span.from()), clock(span.to()))
}

/// Gives back what a case still holds: what has not begun is cancelled, the rest of what runs now is free again.
///
/// # Errors
/// The store's own.
pub(crate) fn give_back(
    tx: &mut Tx<'_>,
    (county, account): (CountyId, Option<AccountId>),
    case: CaseId,
) -> Result<(), Stop> {
    let held: HeldId = case.cast();
    let filter =
        Filter { case: Some(held), live: true, ends_after: Some(tx.now.millis()), ..Filter::default() };
    let hand = Hand::behind(county, account);
    for mut booking in booking_list::all(tx, county, &filter)? {
        let running = booking.starts_ms < tx.now.millis();
        if !running {
            cancel(tx, &hand, &mut booking)?;
            continue;
        }
        let end = -((-tx.now.millis()).div_euclid(SLOT_MS));
        rows::free(tx, &booking, end)?;
        (booking.state, booking.ends_ms) = (BookingState::Released, end * SLOT_MS);
        booking.changed_ms = tx.now.millis();
        booking.save(tx)?;
        hand.saved(tx, Event::BookingReleased, &booking, told(&booking))?;
    }
    Ok(())
}
