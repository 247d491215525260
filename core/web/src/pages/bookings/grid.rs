//! The day of all rooms and the week of one, laid out in quarters of an hour.

use falin_app::booking::{self, Column, Filter, Shown};
use falin_domain::access::Act;
use falin_domain::booking::{BookingState, Span};
use falin_domain::time::{Date, Instant};
use falin_domain::words::RoomNoun;

use super::{clock, state, who, why};
use crate::desk::Desk;
use crate::look::desk::booking::grid::{BookingGrid, Cell, Head, Row};
use crate::look::desk::booking::house::{flagged, room_links};
use crate::look::desk::booking::tabs;
use crate::look::desk::{Filters, Link};
use crate::look::format;
use crate::look::parts::{Field, Go, Notice};
use crate::pages::repeats;
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query};

/// Quarters shown where nothing is open: an office's day.
const USUAL: std::ops::Range<i64> = 9 * 4..18 * 4;
/// Quarters of an hour.
const HOUR: i64 = 4;

fn date(desk: &Desk, query: &Query) -> Result<Date, Refused> {
    Ok(query.parsed("date", "date.invalid")?.unwrap_or_else(|| desk.site.app.today()))
}

/// `GET /desk/bookings?date=`.
///
/// # Errors
/// `form.invalid` for what is no date.
pub async fn day(desk: Desk, query: Query) -> Answer {
    let date = date(&desk, &query)?;
    let columns = booking::day(&desk.site.app, desk.visitor(), date).await?;
    let say = desk.say();
    let head = |column: &Column| Head {
        name: column.room.name.clone(),
        note: say.with("desk-booking-seats", &[("count", &column.room.capacity.to_string())]),
        href: format!("/desk/rooms/{}/week?date={date}", column.room.id),
    };
    let (one, day) = (|n| format!("/desk/bookings?date={}", date.plus_days(n)), desk.day(date));
    let title = format!("{} {day} {}", say.t("desk-booking-title"), format::weekday(desk.lang, date));
    let links = vec![
        Link::new("/desk/rooms", say.t("desk-room-list-title")),
        Link::new("/desk/closures", say.t("desk-closure-title")),
        Link::new("/desk/calendars", say.t("desk-feed-title")),
    ];
    desk.page(&BookingGrid {
        title,
        tabs: tabs("/desk/bookings"),
        before: Link::new(one(-1), say.t("desk-booking-day-before")),
        after: Link::new(one(1), say.t("desk-booking-day-after")),
        notices: repeats::told(&desk, &query).into_iter().chain(notice(&desk).await?).collect(),
        filters: chosen("/desk/bookings", date),
        heads: columns.iter().map(head).collect(),
        rows: rows(&desk, &columns),
        items: items(&desk, &columns, false),
        links,
    })
}

fn chosen(path: &str, date: Date) -> Filters {
    let field = Field::input("date", "date", "desk-booking-date").value(date.to_string()).width(10);
    let mut filters = Filters::new(path, vec![field]);
    filters.active = false;
    filters
}

async fn notice(desk: &Desk) -> Result<Option<Notice>, Refused> {
    let now = desk.site.app.now().millis();
    let filter = Filter { flagged: true, live: true, ends_after: Some(now), ..Filter::default() };
    let count = booking::count(&desk.site.app, desk.visitor(), filter).await?;
    Ok(flagged(&desk.say(), count))
}

/// `GET /desk/rooms/{id}/week?date=`.
///
/// # Errors
/// `not_found`; `form.invalid` for what is no date.
pub async fn week(desk: Desk, id: PathId<RoomNoun>, query: Query) -> Answer {
    let date = date(&desk, &query)?;
    let monday = date.plus_days(-i64::from(date.weekday()));
    let columns = booking::week(&desk.site.app, desk.visitor(), id.0, monday).await?;
    let say = desk.say();
    let path = format!("/desk/rooms/{}/week", id.0);
    let name = columns.first().map(|column| column.room.name.clone()).unwrap_or_default();
    let head = |column: &Column| Head {
        name: format!("{} {}", format::weekday(desk.lang, column.date), desk.day(column.date)),
        note: String::new(),
        href: format!("/desk/bookings?date={}", column.date),
    };
    desk.page(&BookingGrid {
        title: say.with("desk-booking-week-title", &[("room", &name), ("date", &desk.day(monday))]),
        tabs: tabs(""),
        before: Link::new(format!("{path}?date={}", monday.plus_days(-7)), say.t("desk-booking-week-before")),
        after: Link::new(format!("{path}?date={}", monday.plus_days(7)), say.t("desk-booking-week-after")),
        notices: Vec::new(),
        filters: chosen(&path, date),
        heads: columns.iter().map(head).collect(),
        rows: rows(&desk, &columns),
        items: items(&desk, &columns, true),
        links: room_links(&say, &id.0.to_string()),
    })
}

/// The quarters of the day that are shown: whole hours around everything that is open or booked.
fn bounds(columns: &[Column]) -> std::ops::Range<i64> {
    let spans = columns.iter().flat_map(|column| {
        let midnight = Span::of_day(column.date).slots().start;
        let open = column.open.iter().copied();
        let booked = column.bookings.iter().map(|one| one.booking.span());
        let day = Span::of_day(column.date);
        // A room without known hours is open all day, which nobody wants to scroll through.
        let whole = move |span: &Span| span.length() < day.length();
        open.chain(booked)
            .filter(whole)
            .filter_map(move |span| span.common(day))
            .map(move |span| (span.slots().start - midnight, span.slots().end - midnight))
            .collect::<Vec<_>>()
    });
    let (mut first, mut last) = (USUAL.start, USUAL.end);
    for (from, to) in spans {
        (first, last) = (first.min(from), last.max(to));
    }
    first / HOUR * HOUR..(last + HOUR - 1) / HOUR * HOUR
}

fn rows(desk: &Desk, columns: &[Column]) -> Vec<Row> {
    let bounds = bounds(columns);
    let laid: Vec<Vec<(i64, Cell)>> = columns.iter().map(|column| cells(desk, column, &bounds)).collect();
    bounds
        .clone()
        .map(|quarter| Row {
            hour: if quarter % HOUR == 0 { format!("{}:00", quarter / HOUR) } else { String::new() },
            span: HOUR as usize,
            cells: laid
                .iter()
                .flat_map(|cells| cells.iter().filter(|(at, _)| *at == quarter))
                .map(|(_, cell)| cell.clone())
                .collect(),
        })
        .collect()
}

/// The cells of a column, each with the quarter in which it begins.
fn cells(desk: &Desk, column: &Column, bounds: &std::ops::Range<i64>) -> Vec<(i64, Cell)> {
    let midnight = Span::of_day(column.date).slots().start;
    let may_book = desk.visitor().may(Act::Write, falin_domain::access::Noun::Booking);
    let now = desk.site.app.now();
    let mut found = Vec::new();
    let mut at = bounds.start;
    while at < bounds.end {
        let slot = midnight + at;
        let booked =
            column.bookings.iter().find(|one| holds(one).is_some_and(|span| span.slots().contains(&slot)));
        let (length, cell) = match booked {
            Some(shown) => {
                let end = holds(shown).map_or(slot + 1, |span| span.slots().end);
                (end - slot, held(desk, shown))
            }
            None => gap(desk, column, slot, (may_book, now)),
        };
        let length = length.min(bounds.end - at).max(1);
        found.push((at, Cell { rows: length, ..cell }));
        at += length;
    }
    found
}

/// The time that a booking is drawn over: what has been given free is open again.
fn holds(shown: &Shown) -> Option<Span> {
    (shown.booking.state != BookingState::NoShow).then(|| shown.booking.span())
}

fn held(desk: &Desk, shown: &Shown) -> Cell {
    let (say, it) = (desk.say(), &shown.booking);
    let look = match (it.flag, it.state) {
        (Some(_), _) => "held flagged",
        (None, BookingState::Pending) => "held pending",
        _ => "held",
    };
    let (title, href) = match shown.open {
        true => (shown.purpose.clone(), format!("/desk/bookings/{}", it.id)),
        false => (say.t("desk-booking-taken"), String::new()),
    };
    let pending = (it.state == BookingState::Pending).then(|| state(&say, it).word);
    let notes = [why(&say, it), pending.unwrap_or_default(), who(&say, shown)];
    let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    Cell { look, rows: 1, href, title, note: notes.join(" · ") }
}

/// What is not booked from a slot on: closed until it opens, or free until the hour is full.
fn gap(desk: &Desk, column: &Column, slot: i64, (may_book, now): (bool, Instant)) -> (i64, Cell) {
    let midnight = Span::of_day(column.date).slots().start;
    let next = |slot: i64| {
        let starts = column.bookings.iter().filter_map(holds).map(|span| span.slots().start);
        starts.filter(|start| *start > slot).min().unwrap_or(i64::MAX)
    };
    let Some(stretch) = column.open.iter().find(|stretch| stretch.slots().contains(&slot)) else {
        let opens =
            column.open.iter().map(|stretch| stretch.slots().start).filter(|start| *start > slot).min();
        let end = opens.unwrap_or(i64::MAX).min(next(slot)).min(midnight + 96);
        let shut = Span::of_slots(slot, end);
        let reason = column.closures.iter().find(|one| {
            let closed = Span::touched(one.exception().from, one.exception().to);
            closed.zip(shut).is_some_and(|(closed, shut)| closed.overlaps(shut))
        });
        let note = reason.map(|one| one.reason.clone()).unwrap_or_default();
        let cell = Cell { look: "shut", rows: 1, href: String::new(), title: String::new(), note };
        return (end - slot, cell);
    };
    // Until the hour is full: one target an hour.
    let hour = midnight + ((slot - midnight) / HOUR + 1) * HOUR;
    let end = hour.min(stretch.slots().end).min(next(slot));
    let free = Span::of_slots(slot, end).filter(|span| may_book && span.to() > now);
    let begins = free.and_then(|span| span.still_to_come(now.plus_seconds(-899)));
    let cell = match begins {
        Some(span) => {
            let (room, time) = (&column.room, span.from().clock_text());
            let href =
                format!("/desk/bookings/new?room_id={}&date={}&from={time}&minutes=60", room.id, column.date);
            let day = desk.day(column.date);
            Cell {
                look: "",
                rows: 1,
                href,
                title: String::new(),
                note: format!("{} {day} {time}", room.name),
            }
        }
        None => Cell { look: "", rows: 1, href: String::new(), title: String::new(), note: String::new() },
    };
    (end - slot, cell)
}

/// The same by time.
fn items(desk: &Desk, columns: &[Column], with_day: bool) -> Vec<Go> {
    let say = desk.say();
    let mut all: Vec<(&Column, &Shown)> =
        columns.iter().flat_map(|column| column.bookings.iter().map(move |one| (column, one))).collect();
    all.sort_by_key(|(_, one)| (one.booking.starts_ms, one.booking.id));
    all.retain(|(_, one)| one.open);
    let item = |(column, shown): (&Column, &Shown)| {
        let it = &shown.booking;
        let day = if with_day { format!("{} ", desk.day(column.date)) } else { String::new() };
        let notes = [column.room.name.clone(), who(&say, shown), state(&say, it).word, why(&say, it)];
        let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        Go {
            href: format!("/desk/bookings/{}", it.id),
            tile: String::new(),
            title: format!("{day}{} {}", clock(it.span()), shown.purpose),
            note: notes.join(" · "),
        }
    };
    all.into_iter().map(item).collect()
}
