//! Bookings that an old system had: they hold their time here from now on. Nobody is told of them but by the reminder
//! on the day before.

use falin_domain::booking::{BookingState, Span};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{BookingId, CountyId};
use falin_store::Tx;
use falin_store::booking::{self as rows, Booking, Subject};

use super::Hand;
use super::book::{Holds, New, fits, row, save_new, told};
use super::notify;
use crate::Stop;

/// Why a time cannot be held at all, whoever else has it; None where it can.
///
/// # Errors
/// The store's own.
pub(crate) fn unfit(tx: &mut Tx<'_>, county: CountyId, new: &New) -> Result<Option<Refusal>, Stop> {
    if let Err(refusal) = new.span.bookable(tx.now) {
        return Ok(Some(refusal));
    }
    match fits(tx, county, &Holds::of(new), new.span) {
        Ok(()) => Ok(None),
        Err(Stop::Refused(refusal)) => Ok(Some(*refusal)),
        Err(stop) => Err(stop),
    }
}

/// What a booking holds, and who else has some of it: the subject and the other's time.
///
/// # Errors
/// The store's own.
pub(crate) fn against(tx: &mut Tx<'_>, county: CountyId, new: &New) -> Result<Vec<(Subject, Span)>, Stop> {
    let taken = rows::taken(tx, county, &Holds::of(new).subjects(), new.span.slots())?;
    let mut found: Vec<(Subject, BookingId)> = taken.iter().map(|one| (one.subject, one.booking)).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(subject, id)| Ok((subject, Booking::by_id(tx, county, id)?.span()))).collect()
}

/// Holds a time for a booking of an old system: it holds there and so here, and people know of it.
///
/// # Errors
/// [`Stop::Rule`] where the time is taken; the store's own.
pub(crate) fn bring(tx: &mut Tx<'_>, hand: &Hand, new: &New) -> Result<Booking, Stop> {
    let id: BookingId = tx.id();
    let booking = Booking { state: BookingState::Confirmed, ..row(tx, hand, new, id)? };
    save_new(tx, &booking, &new.parties)?;
    hand.saved(tx, Event::BookingMade, &booking, told(&booking))?;
    notify::remind(tx, &booking)?;
    Ok(booking)
}

/// What a booking is for, in clear.
///
/// # Errors
/// A fault where it cannot be opened.
pub(crate) fn purpose_of(tx: &Tx<'_>, booking: &Booking) -> Result<String, Stop> {
    let key = booking.id.bytes();
    tx.open(rows::bound(rows::NOUN, "purpose_sealed", &key, booking.county_id), &booking.purpose_sealed)
}

/// Gives the time of a booking free again that was brought by mistake; nobody had been told.
///
/// # Errors
/// `import.used` where something has happened to it since.
pub(crate) fn give_back(tx: &mut Tx<'_>, hand: &Hand, (id, version): (BookingId, i64)) -> Result<(), Stop> {
    let mut booking = Booking::by_id(tx, hand.county, id)?;
    if booking.version != version || booking.state != BookingState::Confirmed {
        return Err(Refusal::new("import.used").into());
    }
    crate::notice::cancel(tx, hand.county, booking.id.cast())?;
    rows::free(tx, &booking, i64::MIN)?;
    booking.state = BookingState::Cancelled;
    booking.changed_ms = tx.now.millis();
    booking.save(tx)?;
    hand.saved(tx, Event::BookingCancelled, &booking, told(&booking))
}
