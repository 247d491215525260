//! The waiting list: what becomes free is held for who waited longest, for a while.

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::{BookingState, SLOT_MS, Span, WaitState, offer_until};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, WaitId};
use falin_store::booking::{self as rows, Booking};
use falin_store::booking_wait::{self, NOUN, Wait};
use falin_store::room::Room;
use falin_store::{In, Tx, county};

use super::act::cancel;
use super::book::{Holds, New, check_texts, fits, row, save_new, told};
use super::cased::with_case;
use super::notify::{self, News};
use super::{Hand, stand};
use crate::{App, Stop};

/// A place on the list with its room.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The row.
    pub wait: Wait,
    /// What for.
    pub purpose: String,
    /// The room.
    pub room: Option<Room>,
    /// The offered booking.
    pub offer: Option<Booking>,
}

/// Puts a time that is taken on the list: it is offered as soon as everything that it needs is free.
///
/// # Errors
/// As booking, without `booking.conflict`; `action.not_allowed` where the time is too near for an offer.
pub async fn ask_to_wait(app: &App, visitor: &Visitor, new: New) -> Result<Wait, Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    check_texts(Some(&new.purpose), None, new.parties.len())?;
    let new = with_case(app, visitor, new.own(&hand)?).await?;
    let work = move |tx: &mut Tx<'_>| {
        new.span.bookable(tx.now)?;
        fits(tx, hand.county, &Holds::of(&new), new.span)?;
        if offer_until(tx.now, new.span.from()).is_none() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let id: WaitId = tx.id();
        let key = id.bytes();
        let at = rows::bound("booking_wait", "purpose_sealed", &key, hand.county);
        let wait = Wait {
            county_id: hand.county,
            id,
            room_id: new.room,
            starts_ms: new.span.from().millis(),
            ends_ms: new.span.to().millis(),
            purpose_sealed: tx.seal(at, new.purpose.trim())?,
            mediation_case_id: new.case,
            mediator_id: new.mediator,
            lawyer_id: new.lawyer,
            parties: new.parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            state: WaitState::Waiting,
            booking_id: None,
            account_id: hand.account,
            created_ms: tx.now.millis(),
            version: 1,
        };
        wait.insert(tx)?;
        let details =
            serde_json::json!({ "room": wait.room_id, "from": new.span.from(), "state": wait.state });
        hand.record(tx, Event::WaitSaved, (NOUN, wait.id), details)?;
        Ok(wait)
    };
    app.db.write(In::County(hand.county), work).await
}

fn mine(hand: &Hand, wait: &Wait) -> bool {
    let leads = |id| wait.mediator_id == Some(id) || wait.lawyer_id == Some(id);
    (hand.account.is_some() && wait.account_id == hand.account) || hand.worker.is_some_and(leads)
}

/// Who waits or has an offer, the longest first.
///
/// # Errors
/// `access.denied`.
pub async fn waiting(app: &App, visitor: &Visitor) -> Result<Vec<Waiting>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let rooms = falin_store::room::all(tx, hand.county)?;
        let mut found = Vec::new();
        for wait in booking_wait::open(tx, hand.county)? {
            if hand.only_mine && !mine(&hand, &wait) {
                continue;
            }
            let offer = match wait.booking_id {
                Some(id) => Some(Booking::by_id(tx, hand.county, id)?),
                None => None,
            };
            let room = rooms.iter().find(|room| room.id == wait.room_id).cloned();
            found.push(Waiting { purpose: purpose(tx, &wait)?, room, offer, wait });
        }
        Ok(found)
    };
    app.db.read(In::County(hand.county), work).await
}

fn purpose(tx: &Tx<'_>, wait: &Wait) -> Result<String, Stop> {
    let key = wait.id.bytes();
    tx.open(rows::bound("booking_wait", "purpose_sealed", &key, wait.county_id), &wait.purpose_sealed)
}

/// Takes one's place off the list; an offer that it had is given free.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `action.not_allowed`.
pub async fn withdraw(app: &App, visitor: &Visitor, id: WaitId, version: i64) -> Result<(), Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut wait = Wait::by_id(tx, hand.county, id)?;
        if !hand.keeps_rooms && !mine(&hand, &wait) {
            return Err(Refusal::absent().into());
        }
        if wait.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if !matches!(wait.state, WaitState::Waiting | WaitState::Offered) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if let Some(booking) = wait.booking_id {
            let mut booking = Booking::by_id(tx, hand.county, booking)?;
            if booking.state == BookingState::Pending {
                cancel(tx, &hand, &mut booking)?;
            }
        }
        end(tx, &hand, &mut wait, WaitState::Withdrawn)
    };
    app.db.write(In::County(hand.county), work).await?;
    serve(app, hand.county).await
}

fn end(tx: &mut Tx<'_>, hand: &Hand, wait: &mut Wait, state: WaitState) -> Result<(), Stop> {
    wait.state = state;
    wait.save(tx)?;
    hand.record(tx, Event::WaitSaved, (NOUN, wait.id), serde_json::json!({ "state": state }))
}

/// The house's round, every minute: offers that ended are taken back, what is free is offered on, and calls about times
/// that have passed end.
///
/// # Errors
/// The store's own.
pub async fn round(app: &App) -> Result<(), Stop> {
    for county in app.db.read(In::All, county::all).await? {
        if let Err(stop) = of_county(app, county.id).await {
            tracing::error!(county = %county.code, %stop, "the waiting list of a county waits");
        }
    }
    Ok(())
}

async fn of_county(app: &App, county: CountyId) -> Result<(), Stop> {
    let hand = Hand::house(county);
    let ended = app.db.read(In::County(county), move |tx| rows::offers_ended(tx, county)).await?;
    if !ended.is_empty() {
        app.db.write(In::County(county), move |tx| take_back(tx, &hand)).await?;
    }
    crate::notice::end_past_calls(app, county).await?;
    serve(app, county).await
}

fn take_back(tx: &mut Tx<'_>, hand: &Hand) -> Result<(), Stop> {
    for mut booking in rows::offers_ended(tx, hand.county)? {
        debug_assert!(stand(&booking).offer);
        let id = booking.id;
        let taken_back = tx.attempt(|tx| {
            if let Some(mut wait) = booking_wait::offered(tx, hand.county, booking.id)? {
                end(tx, hand, &mut wait, WaitState::Expired)?;
            }
            cancel(tx, hand, &mut booking)
        })?;
        if let Err(stop) = taken_back {
            tracing::error!(booking = %id, %stop, "an offer that ended could not be taken back");
        }
    }
    Ok(())
}

/// Offers what has become free to those who wait for it, each in a transaction of its own. Whose time is still taken is
/// found by reading alone.
pub(super) async fn serve(app: &App, county: CountyId) -> Result<(), Stop> {
    let hand = Hand::house(county);
    let look = move |tx: &mut Tx<'_>| {
        let mut due = Vec::new();
        for wait in booking_wait::open(tx, county)? {
            if !matches!(chance(tx, &hand, &wait)?, Chance::Taken) {
                due.push(wait.id);
            }
        }
        Ok(due)
    };
    for id in app.db.read(In::County(county), look).await? {
        match app.db.write(In::County(county), move |tx| offer(tx, &hand, id)).await {
            // Taken meanwhile, or somebody else was first: it stays on the list.
            Ok(()) | Err(Stop::Rule(_)) => {}
            Err(stop @ (Stop::Busy | Stop::Retry)) => return Err(stop),
            // One that cannot be offered must not keep all who wait behind it from theirs.
            Err(stop) => {
                tracing::error!(wait = %id, %stop, "a place on the waiting list could not be offered")
            }
        }
    }
    Ok(())
}

/// What can be done for one who waits.
enum Chance {
    /// Nothing yet: the time is taken or closed, or has been offered.
    Taken,
    /// Nothing any more: the time has come too near.
    Gone,
    /// It can be held until then.
    Free(Box<New>, Instant),
}

fn chance(tx: &mut Tx<'_>, hand: &Hand, wait: &Wait) -> Result<Chance, Stop> {
    if wait.state != WaitState::Waiting {
        return Ok(Chance::Taken);
    }
    let span = Span::of_slots(wait.starts_ms / SLOT_MS, wait.ends_ms / SLOT_MS);
    let until = span.and_then(|span| offer_until(tx.now, span.from()));
    let Some((span, until)) = span.zip(until) else { return Ok(Chance::Gone) };
    let new = New {
        room: wait.room_id,
        span,
        purpose: purpose(tx, wait)?,
        link: None,
        case: wait.mediation_case_id,
        mediator: wait.mediator_id,
        lawyer: wait.lawyer_id,
        parties: wait.party_ids(),
        tentative: true,
    };
    let holds = Holds::of(&new);
    if !rows::taken(tx, hand.county, &holds.subjects(), span.slots())?.is_empty() {
        return Ok(Chance::Taken);
    }
    match fits(tx, hand.county, &holds, span) {
        Ok(_) => Ok(Chance::Free(Box::new(new), until)),
        Err(Stop::Refused(_)) => Ok(Chance::Taken),
        Err(stop) => Err(stop),
    }
}

/// Holds the time of one who waits as a pending booking; ends the wait where its time has come too near.
fn offer(tx: &mut Tx<'_>, hand: &Hand, id: WaitId) -> Result<(), Stop> {
    let mut wait = Wait::by_id(tx, hand.county, id)?;
    let (new, until) = match chance(tx, hand, &wait)? {
        Chance::Free(new, until) => (new, until),
        Chance::Gone => return end(tx, hand, &mut wait, WaitState::Withdrawn),
        Chance::Taken => return Ok(()),
    };
    let booking_id = tx.id();
    let mut booking = row(tx, hand, &new, booking_id)?;
    (booking.account_id, booking.offer_until_ms) = (wait.account_id, Some(until.millis()));
    save_new(tx, &booking, &new.parties)?;
    (wait.state, wait.booking_id) = (WaitState::Offered, Some(booking.id));
    wait.save(tx)?;
    hand.record(tx, Event::WaitOffered, (NOUN, wait.id), serde_json::json!({ "until": until }))?;
    hand.saved(tx, Event::BookingAsked, &booking, told(&booking))?;
    notify::tell(tx, hand, &booking, News::Offered)
}
