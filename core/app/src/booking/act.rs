//! Acts on a booking: confirm, reschedule, cancel, no-show, release, keep in spite of a flag.

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::{BookingAct, BookingFlag, BookingState, SLOT_MS, Span, WaitState};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{BookingId, HeldId, RoomId, WorkerId};
use falin_store::booking::{self as rows, Booking, NOUN};
use falin_store::{In, Tx, booking_wait};

use super::book::{Holds, check_texts, contested, fits, told};
use super::notify::{self, News};
use super::{Hand, cased, stand, wait};
use crate::{App, Stop, notice};

/// Where a booking is moved; what is None stays.
#[derive(Clone, Default, Debug)]
pub struct Move {
    /// Another room.
    pub room: Option<RoomId>,
    /// Another time.
    pub span: Option<Span>,
    /// Another purpose.
    pub purpose: Option<String>,
    /// Another link, or none.
    pub link: Option<Option<String>>,
    /// Another mediator, or none.
    pub mediator: Option<Option<WorkerId>>,
    /// Another lawyer, or none.
    pub lawyer: Option<Option<WorkerId>>,
    /// Other parties.
    pub parties: Option<Vec<HeldId>>,
}

/// Does `what` to a booking that is still at `version`. `to` is where a rescheduled one goes.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`, `action.not_allowed`; of rescheduling those of
/// booking as well.
pub async fn act(
    app: &App,
    visitor: &Visitor,
    id: BookingId,
    version: i64,
    what: BookingAct,
    to: Move,
) -> Result<(), Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    if what == BookingAct::Reschedule {
        reschedule(app, hand, id, version, to).await?;
    } else {
        let work = move |tx: &mut Tx<'_>| {
            let mut booking = allowed(tx, &hand, id, version, what)?;
            change(tx, &hand, &mut booking, what)
        };
        app.db.write(In::County(hand.county), work).await?;
    }
    if !matches!(what, BookingAct::Confirm | BookingAct::Keep) {
        // What was freed is offered at once; should that fail, the next round does it.
        if let Err(stop) = wait::serve(app, hand.county).await {
            tracing::warn!(%stop, "freed time was not offered yet");
        }
    }
    Ok(())
}

/// The booking, once it is known that it may be acted on in this way.
fn allowed(
    tx: &mut Tx<'_>,
    hand: &Hand,
    id: BookingId,
    version: i64,
    what: BookingAct,
) -> Result<Booking, Stop> {
    let booking = Booking::by_id(tx, hand.county, id)?;
    if !hand.sees(&booking) {
        return Err(Refusal::absent().into());
    }
    if booking.version != version {
        return Err(Refusal::new("state.changed").into());
    }
    if !stand(&booking).allows(what, hand.asker(&booking), tx.now) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    Ok(booking)
}

fn change(tx: &mut Tx<'_>, hand: &Hand, booking: &mut Booking, what: BookingAct) -> Result<(), Stop> {
    let event = match what {
        BookingAct::Confirm => {
            (booking.state, booking.offer_until_ms) = (BookingState::Confirmed, None);
            answered(tx, booking, WaitState::Taken)?;
            Event::BookingConfirmed
        }
        BookingAct::Cancel => {
            answered(tx, booking, WaitState::Withdrawn)?;
            return cancel(tx, hand, booking);
        }
        BookingAct::NoShow => {
            rows::free(tx, booking, next_slot(tx))?;
            booking.state = BookingState::NoShow;
            Event::BookingNoShow
        }
        BookingAct::Release => {
            let end = next_slot(tx).max(booking.starts_ms / SLOT_MS + 1);
            rows::free(tx, booking, end)?;
            (booking.state, booking.ends_ms) = (BookingState::Released, end * SLOT_MS);
            Event::BookingReleased
        }
        _ => {
            (booking.kept, booking.flag) = (booking.flag, None);
            Event::BookingKept
        }
    };
    booking.changed_ms = tx.now.millis();
    booking.save(tx)?;
    hand.saved(tx, event, booking, told(booking))?;
    match what {
        BookingAct::Confirm => notify::tell(tx, hand, booking, News::Confirmed),
        BookingAct::Keep => Ok(()),
        _ => notice::cancel(tx, booking.county_id, booking.id.cast()),
    }
}

/// The first slot that has not begun.
fn next_slot(tx: &Tx<'_>) -> i64 {
    -((-tx.now.millis()).div_euclid(SLOT_MS))
}

/// Cancels a booking and gives all its time free.
pub(super) fn cancel(tx: &mut Tx<'_>, hand: &Hand, booking: &mut Booking) -> Result<(), Stop> {
    rows::free(tx, booking, i64::MIN)?;
    (booking.state, booking.offer_until_ms) = (BookingState::Cancelled, None);
    booking.changed_ms = tx.now.millis();
    booking.save(tx)?;
    hand.saved(tx, Event::BookingCancelled, booking, told(booking))?;
    notify::tell(tx, hand, booking, News::Cancelled)
}

/// Writes on the waiting list what became of the offer that this booking was.
fn answered(tx: &mut Tx<'_>, booking: &Booking, state: WaitState) -> Result<(), Stop> {
    if let Some(mut wait) = booking_wait::offered(tx, booking.county_id, booking.id)? {
        wait.state = state;
        wait.save(tx)?;
    }
    Ok(())
}

/// Gives up the old slots and takes the new ones in one step: nobody else can come between.
async fn reschedule(app: &App, hand: Hand, id: BookingId, version: i64, to: Move) -> Result<(), Stop> {
    let link = to.link.as_ref().and_then(|link| link.as_deref());
    check_texts(to.purpose.as_deref(), link, to.parties.as_ref().map_or(0, Vec::len))?;
    let asked = to.parties.clone();
    let look = move |tx: &mut Tx<'_>| before(tx, &hand, id, asked.as_ref());
    let there = app.db.read(In::County(hand.county), look).await?;
    let (holds, span) = moved(&there, &to);
    let work = move |tx: &mut Tx<'_>| {
        let mut booking = allowed(tx, &hand, id, version, BookingAct::Reschedule)?;
        let parties = rows::parties(tx, hand.county, &[id])?.remove(&id).unwrap_or_default();
        let (holds, span) = moved(&(booking.clone(), parties), &to);
        apply(tx, &hand, &mut booking, (&holds, span), &to)
    };
    contested(app, there.0.county_id, vec![(holds, span)], Some(id), work).await
}

fn before(
    tx: &mut Tx<'_>,
    hand: &Hand,
    id: BookingId,
    asked: Option<&Vec<HeldId>>,
) -> Result<(Booking, Vec<HeldId>), Stop> {
    let booking = Booking::by_id(tx, hand.county, id)?;
    if !hand.sees(&booking) {
        return Err(Refusal::absent().into());
    }
    let parties = rows::parties(tx, hand.county, &[id])?.remove(&id).unwrap_or_default();
    cased::strangers(tx, &booking, (&parties, asked))?;
    Ok((booking, parties))
}

/// What it holds afterwards, and when.
fn moved((booking, parties): &(Booking, Vec<HeldId>), to: &Move) -> (Holds, Span) {
    let holds = Holds {
        room: to.room.unwrap_or(booking.room_id),
        mediator: to.mediator.unwrap_or(booking.mediator_id),
        lawyer: to.lawyer.unwrap_or(booking.lawyer_id),
        parties: to.parties.clone().unwrap_or_else(|| parties.clone()),
    };
    (holds, to.span.unwrap_or_else(|| booking.span()))
}

fn apply(
    tx: &mut Tx<'_>,
    hand: &Hand,
    booking: &mut Booking,
    (holds, span): (&Holds, Span),
    to: &Move,
) -> Result<(), Stop> {
    span.bookable(tx.now)?;
    fits(tx, hand.county, holds, span)?;
    let own = [holds.mediator, holds.lawyer].contains(&hand.worker);
    if hand.only_mine && !own && booking.account_id != hand.account {
        return Err(Refusal::new("access.denied").into());
    }
    rows::free(tx, booking, i64::MIN)?;
    (booking.starts_ms, booking.ends_ms) = (span.from().millis(), span.to().millis());
    (booking.room_id, booking.mediator_id, booking.lawyer_id) = (holds.room, holds.mediator, holds.lawyer);
    // Open and everybody there, or it would have been refused; a conflict of interest goes along.
    booking.flag = booking.flag.filter(|flag| *flag == BookingFlag::Conflict);
    booking.kept = booking.kept.filter(|flag| *flag == BookingFlag::Conflict);
    // Whoever moves an offer has taken it: it is no offer any more that lapses.
    if booking.offer_until_ms.take().is_some() {
        answered(tx, booking, WaitState::Taken)?;
    }
    texts(tx, hand, booking, to)?;
    rows::hold(tx, booking, &holds.parties)?;
    if to.parties.is_some() {
        rows::set_parties(tx, booking, &holds.parties)?;
    }
    booking.changed_ms = tx.now.millis();
    booking.save(tx)?;
    hand.saved(tx, Event::BookingMoved, booking, told(booking))?;
    notify::tell(tx, hand, booking, News::Moved)
}

fn texts(tx: &mut Tx<'_>, hand: &Hand, booking: &mut Booking, to: &Move) -> Result<(), Stop> {
    let (county, key) = (hand.county, booking.id.bytes());
    if let Some(purpose) = &to.purpose {
        let at = rows::bound(NOUN, "purpose_sealed", &key, county);
        booking.purpose_sealed = tx.seal(at, purpose.trim())?;
    }
    if let Some(link) = &to.link {
        let at = rows::bound(NOUN, "link_sealed", &key, county);
        booking.link_sealed = match link {
            Some(link) => Some(tx.seal(at, link)?),
            None => None,
        };
    }
    Ok(())
}
