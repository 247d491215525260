//! `GET /calendar/{secret}.ics`: bookings for a calendar program (RFC 5545), in UTC, without any party's name.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::booking::{self, FeedCalendar, Shown};
use falin_domain::booking::BookingState;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use icalendar::{Calendar, Component, Event, EventLike, Property};

use crate::lang;
use crate::look::Say;
use crate::problem::Answer;
use crate::site::Site;

/// How often a program should look again.
const REFRESH: &str = "PT15M";

/// `GET /calendar/{secret}.ics`.
///
/// # Errors
/// `not_found` for a secret that is revoked or was never one.
pub async fn serve(req: HttpRequest, site: Data<Site>) -> Answer {
    let name = req.match_info().query("secret");
    let secret = name.strip_suffix(".ics").ok_or_else(Refusal::absent)?;
    let found = booking::open_feed(&site.app, secret).await?;
    let accept = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let say = site.look.say(lang::of_accept(accept.unwrap_or_default()));
    let desk = crate::pages::bookings::origin(&site, &req);
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(text(&say, &found, &desk)))
}

/// The whole calendar as text.
fn text(say: &Say<'_>, found: &FeedCalendar, desk: &str) -> String {
    let mut calendar = Calendar::new();
    let name = say.with("calendar-name", &[("name", &found.name), ("county", &found.county.name)]);
    calendar.name(&name);
    calendar.properties.retain(|property| property.key() != "PRODID");
    calendar.append_property(Property::new("PRODID", "-//Falin//Falin//ZH"));
    calendar.append_property(Property::new("X-PUBLISHED-TTL", REFRESH));
    for shown in &found.bookings {
        calendar.push(event(say, shown, desk));
    }
    calendar.to_string()
}

/// `20260302T010000Z`.
fn utc(at: Instant) -> String {
    let text = at.to_string();
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || *c == 'T').collect();
    // Fractions of a second are no part of the form.
    format!("{}Z", plain.get(..15).unwrap_or(&plain))
}

fn event(say: &Say<'_>, shown: &Shown, desk: &str) -> Event {
    let it = &shown.booking;
    let room = shown.room.as_ref();
    let name = room.map(|room| room.name.clone()).unwrap_or_default();
    let status = match it.state {
        BookingState::Pending => "TENTATIVE",
        BookingState::Cancelled => "CANCELLED",
        _ => "CONFIRMED",
    };
    let span = it.span();
    let mut event = Event::new();
    event
        .uid(&format!("{}@falin", it.id))
        .summary(&say.with("calendar-event", &[("room", &name)]))
        .location(room.map_or("", |room| &room.address))
        .url(&format!("{desk}/desk/bookings/{}", it.id))
        .sequence(u32::try_from(it.version - 1).unwrap_or(u32::MAX))
        .add_property("DTSTART", utc(span.from()))
        .add_property("DTEND", utc(span.to()))
        .add_property("DTSTAMP", utc(Instant::from_millis(it.changed_ms)))
        .add_property("LAST-MODIFIED", utc(Instant::from_millis(it.changed_ms)))
        .add_property("CREATED", utc(Instant::from_millis(it.created_ms)))
        .add_property("STATUS", status);
    if let Some(link) = &shown.link {
        event.description(link);
    }
    event.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_calendars_read_them() {
        assert_eq!(utc(Instant::from_millis(1_772_413_200_000)), "20260302T010000Z");
        assert_eq!(utc(Instant::from_millis(1_772_413_200_123)), "20260302T010000Z");
    }
}
