//! A lively week in the rooms: booked, held, closed and waited for, through the same use cases as anybody's.

use falin_domain::access::Visitor;
use falin_domain::booking::{BookingAct, Span};
use falin_domain::time::Date;
use falin_domain::words::{RoomId, WorkerId};
use falin_store::db::In;
use falin_store::worker;

use super::dice::Dice;
use crate::booking::{self, Close, Column, Move, New, Repeat};
use crate::{App, Stop};

/// What people meet about.
const PURPOSES: &[&str] = &[
    "邻里纠纷",
    "婚姻家庭",
    "土地承包",
    "劳动报酬",
    "交通事故",
    "相邻通行",
    "物业服务",
    "赡养",
    "借款",
    "租房押金",
];
/// Days that are filled: a week, today among them.
const DAYS: i64 = 7;
/// The slot at nine in the morning, when rooms open.
const MORNING: i64 = 36;
/// How often a round table is held.
const WEEKS: u32 = 5;
/// Slots of a booking.
const LENGTHS: [i64; 4] = [4, 4, 6, 8];

/// Fills a county's rooms. `first` is the legal worker whose account people sign in with: some are theirs.
///
/// # Errors
/// What the use cases say of anything but a time that is taken.
pub async fn fill(
    app: &App,
    visitor: &Visitor,
    first: Option<WorkerId>,
    dice: &mut Dice,
) -> Result<(), Stop> {
    let people = people(app, visitor).await?;
    if people.is_empty() {
        return Ok(());
    }
    let today = app.today();
    for date in (0..DAYS).map(|n| today.plus_days(n)) {
        for column in booking::day(app, visitor, date).await? {
            day(app, visitor, &column, &people, first, dice).await?;
        }
    }
    repair(app, visitor, today).await?;
    weekly(app, visitor, (people[0], first), today).await
}

/// A round table every week, one of whose weeks somebody else has already; and a time that was given up, which is offered
/// to who waited for it.
async fn weekly(
    app: &App,
    visitor: &Visitor,
    (mediator, first): (WorkerId, Option<WorkerId>),
    today: Date,
) -> Result<(), Stop> {
    let (at, other) = (MORNING, MORNING + 6);
    for date in (DAYS..2 * DAYS).map(|n| today.plus_days(n)) {
        let columns = booking::day(app, visitor, date).await?;
        let long = |column: &&Column| column.open.iter().any(|open| open.holds(of_day(date, at, 12)));
        let Some(column) = columns.iter().find(long) else { continue };
        let new = |from: i64, weeks: i64, purpose: &str, tentative: bool| New {
            room: column.room.id,
            span: of_day(date, from, LENGTHS[0]).weeks_later(weeks),
            purpose: purpose.to_owned(),
            link: None,
            case: None,
            mediator: Some(mediator),
            lawyer: first.filter(|id| *id != mediator),
            parties: Vec::new(),
            tentative,
        };
        taken_is_fine(booking::book(app, visitor, new(at, 2, "调解员培训", false)).await)?;
        let how = Repeat { times: WEEKS, skip: true };
        taken_is_fine(booking::repeat(app, visitor, new(at, 0, "每周小圆桌", false), how).await)?;
        let given_up = booking::book(app, visitor, new(other, 0, "土地承包", false)).await;
        let Ok(made) = given_up else { return taken_is_fine(given_up) };
        booking::ask_to_wait(app, visitor, new(other, 0, "宅基地边界", true)).await?;
        let (id, shown) = (made.id, booking::one(app, visitor, made.id).await?);
        return booking::act(app, visitor, id, shown.booking.version, BookingAct::Cancel, Move::default())
            .await;
    }
    Ok(())
}

/// A span of a day by its slots from midnight on.
fn of_day(date: Date, from: i64, length: i64) -> Span {
    let day = Span::of_day(date).slots().start;
    Span::of_slots(day + from, day + from + length).unwrap_or(Span::of_day(date))
}

async fn people(app: &App, visitor: &Visitor) -> Result<Vec<WorkerId>, Stop> {
    let county = visitor.county;
    let all = app.db.read(In::County(county), move |tx| worker::all(tx, county)).await?;
    Ok(all.into_iter().filter(|worker| worker.active).map(|worker| worker.id).collect())
}

/// Two or three bookings in a room's day, on half hours.
async fn day(
    app: &App,
    visitor: &Visitor,
    column: &Column,
    people: &[WorkerId],
    first: Option<WorkerId>,
    dice: &mut Dice,
) -> Result<(), Stop> {
    for stretch in &column.open {
        let mut from = stretch.slots().start + 2 * dice.below(3) as i64;
        while from < stretch.slots().end {
            let length = LENGTHS[dice.below(LENGTHS.len())];
            let span = Span::of_slots(from, from + length).filter(|span| stretch.holds(*span));
            let (Some(span), true) = (span, dice.chance(600)) else {
                from += 4;
                continue;
            };
            let mediator = people[dice.below(people.len())];
            let lawyer = first
                .filter(|_| dice.chance(80))
                .or_else(|| dice.chance(300).then(|| people[dice.below(people.len())]));
            let new = New {
                room: column.room.id,
                span,
                purpose: (*dice.pick(PURPOSES)).to_owned(),
                link: None,
                case: None,
                mediator: Some(mediator),
                lawyer: lawyer.filter(|id| *id != mediator),
                parties: Vec::new(),
                tentative: dice.chance(250),
            };
            taken_is_fine(booking::book(app, visitor, new).await)?;
            from += length + 2 * dice.below(3) as i64;
        }
    }
    Ok(())
}

/// The room has passed that time, or somebody is elsewhere: the week stays as lively without it.
fn taken_is_fine<T>(done: Result<T, Stop>) -> Result<(), Stop> {
    match done {
        Err(Stop::Refused(refusal)) if refusal.code().starts_with("booking.") => Ok(()),
        done => done.map(|_| ()),
    }
}

/// A morning's repair in the first room that is booked: what it touches waits for a decision.
async fn repair(app: &App, visitor: &Visitor, today: Date) -> Result<(), Stop> {
    for date in (1..DAYS).map(|n| today.plus_days(n)) {
        let columns = booking::day(app, visitor, date).await?;
        let booked = columns.iter().find_map(|column| Some((column.room.id, column.bookings.first()?)));
        let Some((room, shown)) = booked else { continue };
        let span = shown.booking.span();
        let room: RoomId = room;
        let close = Close {
            room: Some(room),
            from: span.from(),
            to: span.to().plus_seconds(1800),
            opens: false,
            reason: "检修空调".to_owned(),
        };
        booking::close(app, visitor, close).await?;
        let wanted = New {
            room,
            span,
            purpose: "赡养".to_owned(),
            link: None,
            case: None,
            mediator: None,
            lawyer: None,
            parties: Vec::new(),
            tentative: true,
        };
        // Somebody waits for a time of another day that is taken.
        let later = columns.iter().filter(|column| column.room.id != room);
        let other =
            later.filter_map(|column| Some((column.room.id, column.bookings.first()?.booking.span()))).next();
        if let Some((room, span)) = other {
            let waits = booking::ask_to_wait(app, visitor, New { room, span, ..wanted }).await;
            match waits {
                Err(Stop::Refused(_)) => {}
                done => done.map(|_| ())?,
            }
        }
        return Ok(());
    }
    Ok(())
}
