//! Free times: which rooms at a time, three times that suit everybody, and what anybody may see of a day.

use std::collections::BTreeSet;

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::{Span, fitting, gaps};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_store::booking::{self as rows, Subject};
use falin_store::room::{self, Room};
use falin_store::{In, Tx, generation};

use super::book::{Holds, New};
use super::{Hand, Openings};
use crate::room::{Placed, placed_all};
use crate::{App, Stop};

/// How many times are suggested.
const TIMES: usize = 3;
/// Days that are searched for them.
const DAYS: i64 = 31;

/// Open rooms with at least so many seats that are free for a whole span, the smallest that suffices first.
///
/// # Errors
/// `booking.past`, `booking.too_far`.
pub async fn free_rooms(
    app: &App,
    county: CountyId,
    span: Span,
    seats: Option<i32>,
) -> Result<Vec<Placed>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        span.bookable(tx.now)?;
        let openings = Openings::read(tx, county, span.from().millis())?;
        let mut rooms = room::all(tx, county)?;
        rooms.retain(|room| room.active && seats.is_none_or(|seats| room.capacity >= seats));
        rooms.retain(|room| openings.hold(room, span));
        let subjects = rooms.iter().map(|room| Subject::Room(room.id)).collect();
        let taken = rows::taken(tx, county, &subjects, span.slots())?;
        rooms.retain(|room| taken.iter().all(|one| one.subject != Subject::Room(room.id)));
        rooms.sort_by_key(|room| room.capacity);
        placed_all(tx, county, rooms)
    };
    app.db.read(In::County(county), work).await
}

/// Up to three times from the asked day on in which the room, or one as large, and all the people are free.
///
/// # Errors
/// `access.denied`.
pub async fn suggestions(app: &App, visitor: &Visitor, new: &New) -> Result<Vec<(Room, Span)>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let (holds, length, from) = (Holds::of(new), new.span.length(), new.span.from().date());
    let work = move |tx: &mut Tx<'_>| {
        let from = from.max(tx.now.date());
        let not_before = Span::touched(tx.now, tx.now.plus_seconds(1)).map_or(0, |span| span.slots().end);
        let openings = Openings::read(tx, hand.county, tx.now.millis())?;
        let mut rooms = room::all(tx, hand.county)?;
        let seats = rooms.iter().find(|room| room.id == holds.room).map_or(0, |room| room.capacity);
        rooms.retain(|room| room.active && room.capacity >= seats);
        rooms.sort_by_key(|room| (room.id != holds.room, room.capacity));
        let mut found: Vec<(Room, Span)> = Vec::new();
        for day in (0..DAYS).map(|n| from.plus_days(n)) {
            on_day(tx, &openings, &rooms, &holds, (day, length, not_before), &mut found)?;
            if found.len() >= TIMES {
                break;
            }
        }
        found.truncate(TIMES);
        Ok(found)
    };
    app.db.read(In::County(hand.county), work).await
}

/// Adds what one day offers: the asked room first, another only at other times.
fn on_day(
    tx: &mut Tx<'_>,
    openings: &Openings,
    rooms: &[Room],
    holds: &Holds,
    (day, length, not_before): (Date, i64, i64),
    found: &mut Vec<(Room, Span)>,
) -> Result<(), Stop> {
    let mut subjects = holds.subjects();
    subjects.extend(rooms.iter().map(|room| Subject::Room(room.id)));
    let county = rooms.first().map(|room| room.county_id);
    let Some(county) = county else { return Ok(()) };
    let taken = rows::taken(tx, county, &subjects, Span::of_day(day).slots())?;
    for room in rooms {
        let busy: BTreeSet<i64> = taken
            .iter()
            .filter(|one| !matches!(one.subject, Subject::Room(id) if id != room.id))
            .map(|one| one.slot)
            .collect();
        for span in fitting(&gaps(&openings.of(room, day), &busy), length, not_before) {
            if found.len() < TIMES && found.iter().all(|(_, other)| !other.overlaps(span)) {
                found.push((room.clone(), span));
            }
        }
    }
    Ok(())
}

/// A room with what is free of a day, for everybody: no names, nothing of who has the rest.
#[derive(Clone, Debug)]
pub struct FreeRoom {
    /// The room.
    pub room: Room,
    /// Free stretches that have not passed.
    pub free: Vec<Span>,
    /// Whether it opens on that day at all.
    pub opens: bool,
    /// Whether it has closed for the day: nothing of its hours is still to come.
    pub over: bool,
}

/// What is free on a date in every room that is in use.
///
/// # Errors
/// `booking.too_far` for a date on which nothing can be booked.
pub async fn public_day(app: &App, county: CountyId, date: Date) -> Result<Vec<FreeRoom>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let ahead = tx.now.date().days_until(date);
        if !(0..=falin_domain::booking::MOST_DAYS_AHEAD).contains(&ahead) {
            let days = falin_domain::booking::MOST_DAYS_AHEAD;
            return Err(Refusal::new("booking.too_far").with("days", days).into());
        }
        let openings = Openings::read(tx, county, date.start().millis())?;
        let rooms: Vec<Room> = room::all(tx, county)?.into_iter().filter(|room| room.active).collect();
        let subjects = rooms.iter().map(|room| Subject::Room(room.id)).collect();
        let taken = rows::taken(tx, county, &subjects, Span::of_day(date).slots())?;
        let mut found = Vec::new();
        for room in rooms {
            let busy: BTreeSet<i64> = taken
                .iter()
                .filter(|one| one.subject == Subject::Room(room.id))
                .map(|one| one.slot)
                .collect();
            let open = openings.of(&room, date);
            let free = gaps(&open, &busy).into_iter().filter_map(|gap| gap.still_to_come(tx.now));
            let over = !open.is_empty() && !open.iter().any(|span| span.still_to_come(tx.now).is_some());
            found.push(FreeRoom { free: free.collect(), opens: !open.is_empty(), over, room });
        }
        Ok(found)
    };
    app.db.read(In::County(county), work).await
}

/// Grows with every write that changes free times, and with every quarter of an hour, which takes one away.
///
/// # Errors
/// The store's own.
pub async fn generation(app: &App, county: CountyId) -> Result<u64, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let mut nouns = rows::GENERATIONS.to_vec();
        nouns.push(crate::room::NOUN);
        let writes = generation::sum(tx, county, &nouns)? as u64;
        let quarter = tx.now.millis().div_euclid(falin_domain::booking::SLOT_MS) as u64;
        Ok(writes << 24 | (quarter & 0xFF_FFFF))
    };
    app.db.read(In::County(county), work).await
}
