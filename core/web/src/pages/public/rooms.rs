//! `/{view}/{county}/rooms`: when a mediation room is free.

use falin_app::booking::{self, FreeRoom};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;

use super::{Spot, told};
use crate::look::format;
use crate::look::parts::Choice;
use crate::look::public::rooms::{RoomTimes, Rooms};
use crate::pages::bookings::clock;
use crate::problem::Answer;
use crate::query::Query;

/// Days that are offered to choose from.
const DAYS: i64 = 14;

/// `GET /{view}/{county}/rooms?date=`.
///
/// # Errors
/// `not_found` for what is no date or one that cannot be booked.
pub async fn show(spot: Spot, query: Query) -> Answer {
    let generation = told(booking::generation(&spot.site.app, spot.county()).await)?;
    let today = spot.site.app.today();
    let date: Date = match query.filled("date") {
        Some(text) => text.parse().map_err(|_| Refusal::absent())?,
        None => today,
    };
    spot.page_of(generation, async |spot: &Spot| {
        let found = match told(booking::public_day(&spot.site.app, spot.county(), date).await) {
            Err(refusal) if refusal.code() == "booking.too_far" => return Err(Refusal::absent()),
            found => found?,
        };
        let day = |n: i64| {
            let date = today.plus_days(n);
            let words = format::weekday(spot.lang, date);
            Choice::noted(spot.href(&format!("/rooms?date={date}")), spot.day(date), words)
        };
        Ok(Rooms {
            day: format::date(spot.lang, date),
            days: (0..DAYS).map(day).collect(),
            rooms: found.iter().map(|one| times(spot, one)).collect(),
        })
    })
    .await
}

fn times(spot: &Spot, one: &FreeRoom) -> RoomTimes {
    let room = &one.room;
    let seats = spot.say().with("desk-booking-seats", &[("count", &room.capacity.to_string())]);
    let notes: Vec<String> =
        [seats, room.equipment.clone()].into_iter().filter(|it| !it.is_empty()).collect();
    RoomTimes {
        name: room.name.clone(),
        note: notes.join(" · "),
        address: room.address.clone(),
        times: one.free.iter().map(|span| clock(*span)).collect(),
        opens: one.opens,
        over: one.over,
    }
}
