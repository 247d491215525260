//! Closures and special openings of rooms: what they touch is flagged, never cancelled.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{ClosureId, RoomId};
use falin_store::booking as rows;
use falin_store::closure::{self, Closure};
use falin_store::room::Room;
use falin_store::{In, Tx};

use super::{Hand, Touched, reexamine};
use crate::division::must_hold;
use crate::{App, Stop};

/// Most characters of a reason.
const REASON: usize = 100;

/// A closure or special opening to be recorded.
#[derive(Clone, Debug)]
pub struct Close {
    /// The room; None for all of the county.
    pub room: Option<RoomId>,
    /// From when.
    pub from: Instant,
    /// Until when, itself not included.
    pub to: Instant,
    /// A special opening.
    pub opens: bool,
    /// Why; everybody reads it.
    pub reason: String,
}

fn hand(visitor: &Visitor) -> Result<(Hand, Scope), Refusal> {
    Ok((Hand::of(visitor, Act::Write)?, visitor.scope(Act::Write, Noun::Room)?))
}

/// A room of the visitor's places; None is every room of the county.
fn must_keep(tx: &mut Tx<'_>, scope: &Scope, room: Option<RoomId>) -> Result<(), Stop> {
    let place = match room {
        Some(room) => Room::by_id(tx, scope.county, room)?.division_id,
        None => None,
    };
    must_hold(tx, scope, place)
}

/// Records one and tells how many bookings it flagged.
///
/// # Errors
/// `access.denied`, also for a room beyond the visitor's places; `form.invalid` at `room_id`, `to` or `reason`.
pub async fn add(app: &App, visitor: &Visitor, close: Close) -> Result<(Closure, usize), Stop> {
    let (hand, scope) = hand(visitor)?;
    if close.from >= close.to {
        return Err(Refusal::field("to", "time.order").into());
    }
    if close.reason.trim().is_empty() {
        return Err(Refusal::field("reason", "required").into());
    }
    if close.reason.chars().count() > REASON {
        let fault = FieldError::new("reason", "too_long").with("max", REASON);
        return Err(Refusal::form(vec![fault]).into());
    }
    let work = move |tx: &mut Tx<'_>| {
        let kept = must_keep(tx, &scope, close.room);
        kept.map_err(|stop| stop.if_absent(|| Refusal::field("room_id", "unknown")))?;
        let new = Closure {
            county_id: hand.county,
            id: tx.id(),
            room_id: close.room,
            from_ms: close.from.millis(),
            to_ms: close.to.millis(),
            opens: close.opens,
            reason: close.reason.trim().to_owned(),
            created_ms: tx.now.millis(),
            version: 1,
        };
        new.insert(tx)?;
        let flagged = after(tx, hand, &new, false)?;
        Ok((new, flagged))
    };
    app.db.write(In::County(hand.county), work).await
}

/// Takes one back that is still at `version`.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`.
pub async fn remove(app: &App, visitor: &Visitor, id: ClosureId, version: i64) -> Result<(), Stop> {
    let (hand, scope) = hand(visitor)?;
    let work = move |tx: &mut Tx<'_>| {
        let there = Closure::by_id(tx, hand.county, id)?;
        must_keep(tx, &scope, there.room_id)?;
        closure::remove(tx, hand.county, id, version)?;
        after(tx, hand, &there, true)?;
        Ok(())
    };
    app.db.write(In::County(hand.county), work).await
}

fn after(tx: &mut Tx<'_>, hand: Hand, one: &Closure, removed: bool) -> Result<usize, Stop> {
    let details = serde_json::json!({
        "room": one.room_id, "from": Instant::from_millis(one.from_ms), "to": Instant::from_millis(one.to_ms),
        "opens": one.opens, "removed": removed,
    });
    hand.record(tx, Event::ClosureSaved, (closure::NOUN, one.id), details)?;
    rows::bump(tx, hand.county)?;
    reexamine(tx, &hand, one.room_id.map_or(Touched::All, Touched::Room))
}

/// Those that are not over yet, by time, each with its room.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor) -> Result<Vec<(Closure, Option<Room>)>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Room)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let found = closure::since(tx, county, tx.now.millis())?;
        let rooms = falin_store::room::all(tx, county)?;
        let room = |one: &Closure| rooms.iter().find(|room| Some(room.id) == one.room_id).cloned();
        Ok(found.into_iter().map(|one| (one.clone(), room(&one))).collect())
    };
    app.db.read(In::County(county), work).await
}
