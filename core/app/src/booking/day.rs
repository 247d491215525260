//! The grid: a day with a column a room, or a week of one room.

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::Span;
use falin_domain::time::Date;
use falin_domain::words::RoomId;
use falin_store::booking::Booking;
use falin_store::booking_list::{self, Filter};
use falin_store::closure::Closure;
use falin_store::room::{self, Room};
use falin_store::{In, Tx};

use super::{Hand, Openings, Shown, show};
use crate::{App, Stop};

/// A room on one date.
#[derive(Clone, Debug)]
pub struct Column {
    /// The room.
    pub room: Room,
    /// The date.
    pub date: Date,
    /// When it is open.
    pub open: Vec<Span>,
    /// What is booked, by time, cancelled ones left out.
    pub bookings: Vec<Shown>,
    /// Closures of that date.
    pub closures: Vec<Closure>,
}

/// A day of every room that is in use or booked.
///
/// # Errors
/// `access.denied`.
pub async fn day(app: &App, visitor: &Visitor, date: Date) -> Result<Vec<Column>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let openings = Openings::read(tx, hand.county, date.start().millis())?;
        let mut bookings = shown(tx, &hand, None, date, 1)?;
        let mut columns = Vec::new();
        for room in room::all(tx, hand.county)? {
            let own = bookings.extract_if(.., |one| one.booking.room_id == room.id).collect::<Vec<_>>();
            if room.active || !own.is_empty() {
                columns.push(column(&openings, room, date, own));
            }
        }
        Ok(columns)
    };
    app.db.read(In::County(hand.county), work).await
}

/// Seven days of one room, from `monday` on.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn week(app: &App, visitor: &Visitor, room: RoomId, monday: Date) -> Result<Vec<Column>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let room = Room::by_id(tx, hand.county, room)?;
        let openings = Openings::read(tx, hand.county, monday.start().millis())?;
        let bookings = shown(tx, &hand, Some(room.id), monday, 7)?;
        let on = |date: Date| {
            let day = Span::of_day(date);
            bookings.iter().filter(|one| one.booking.span().overlaps(day)).cloned().collect()
        };
        let days = (0..7).map(|n| monday.plus_days(n));
        Ok(days.map(|date| column(&openings, room.clone(), date, on(date))).collect())
    };
    app.db.read(In::County(hand.county), work).await
}

fn shown(
    tx: &mut Tx<'_>,
    hand: &Hand,
    room: Option<RoomId>,
    from: Date,
    days: i64,
) -> Result<Vec<Shown>, Stop> {
    let filter = Filter {
        room,
        ends_after: Some(from.start().millis()),
        begins_before: Some(from.plus_days(days).start().millis()),
        ..Filter::default()
    };
    let mut found: Vec<Booking> = booking_list::all(tx, hand.county, &filter)?;
    found.retain(|one| one.state != falin_domain::booking::BookingState::Cancelled);
    show(tx, hand, found)
}

fn column(openings: &Openings, room: Room, date: Date, bookings: Vec<Shown>) -> Column {
    let open = openings.of(&room, date);
    let closures = openings.closed(room.id, Span::of_day(date));
    Column { room, date, open, bookings, closures }
}
