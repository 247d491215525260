//! Closures, calendar feeds and door panels.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::booking::{self, Close, Door, Feed, RoomClosure, Shown, Whose};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{ClosureNoun, FeedNoun, PersonName, RoomNoun};

use super::{clock, origin};
use crate::body::{Body, Fields};
use crate::cache::private_page;
use crate::desk::Desk;
use crate::lang;
use crate::look::desk::Form;
use crate::look::desk::booking::house::{
    ClosureList, ClosureRow, ClosureTyped, DoorPanel, DoorRow, FeedList, FeedRow, Fresh, closure_form,
};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Frame, Lang, Size, format};
use crate::pages::choices::{typed, version};
use crate::pages::public::rendered;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};
use crate::site::Site;

async fn room_options(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let rooms = booking::rooms(&desk.site.app, desk.visitor()).await?;
    Ok(rooms.iter().map(|room| FieldOption::new(room.id.to_string(), room.name.clone(), current)).collect())
}

/// `GET /desk/closures`.
///
/// # Errors
/// The store's own.
pub async fn closures(desk: Desk) -> Answer {
    let view = closure_page(&desk, &ClosureTyped::default(), None).await?;
    desk.page(&view)
}

async fn closure_page(
    desk: &Desk,
    typed: &ClosureTyped,
    refusal: Option<&Refusal>,
) -> Result<ClosureList, Refused> {
    let write = desk.visitor().may(Act::Write, Noun::Room);
    let say = desk.say();
    let all = booking::closures(&desk.site.app, desk.visitor()).await?;
    let row = |(one, room): &(RoomClosure, Option<falin_app::room::Room>)| ClosureRow {
        when: stretch(desk, one),
        room: room.as_ref().map_or_else(|| say.t("desk-closure-all"), |room| room.name.clone()),
        what: if one.opens { "desk-closure-open" } else { "desk-closure-closed" },
        reason: one.reason.clone(),
        remove: write.then(|| {
            Form::post(format!("/desk/closures/{}/remove", one.id))
                .keep("version", one.version.to_string())
                .button(Button::submit("low", say.t("desk-closure-remove")))
        }),
    };
    let rooms = if write { room_options(desk, &typed.room_id).await? } else { Vec::new() };
    let form = write.then(|| closure_form(&say, typed, rooms).maybe_refused(&say, refusal));
    Ok(ClosureList { rows: all.iter().map(row).collect(), form })
}

fn stretch(desk: &Desk, one: &RoomClosure) -> String {
    let (from, to) = (Instant::from_millis(one.from_ms), Instant::from_millis(one.to_ms));
    let day = |at: Instant| format!("{} {}", desk.day(at.date()), at.clock_text());
    match from.date() == to.date() {
        true => format!("{}–{}", day(from), to.clock_text()),
        false => format!("{} – {}", day(from), day(to)),
    }
}

/// `POST /desk/closures`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn close(desk: Desk, body: Body) -> Answer {
    let typed: ClosureTyped = typed(&body.form()?);
    let done = match read(&typed) {
        Ok(close) => booking::close(&desk.site.app, desk.visitor(), close).await.map_err(of_stop),
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok((_, 0)) => desk.go("/desk/closures"),
        Ok(_) => desk.go("/desk/bookings/flagged"),
        Err(mut refusal) => {
            for fault in refusal.fields.iter_mut().filter(|fault| fault.name == "to") {
                "to_date".clone_into(&mut fault.name);
            }
            let view = closure_page(&desk, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// Without a clock time a closure begins with its first day and ends with its last.
fn read(typed: &ClosureTyped) -> Result<Close, Refusal> {
    let mut faults = Vec::new();
    let mut day = |name: &str, text: &str| -> Option<Date> {
        let date = text.trim().parse().ok();
        if date.is_none() {
            let code = if text.trim().is_empty() { "required" } else { "date.invalid" };
            faults.push(FieldError::new(name, code));
        }
        date
    };
    let (from, to) = (day("from_date", &typed.from_date), day("to_date", &typed.to_date));
    let mut time = |name: &str, text: &str| -> Option<Instant> {
        let date = if name == "from_time" { from } else { to }?;
        if text.trim().is_empty() {
            return Some(if name == "from_time" { date.start() } else { date.plus_days(1).start() });
        }
        let at = format!("{date}T{}:00+08:00", text.trim()).parse().ok();
        if at.is_none() {
            faults.push(FieldError::new(name, "clock.invalid"));
        }
        at
    };
    let (from, to) = (time("from_time", &typed.from_time), time("to_time", &typed.to_time));
    let room = match typed.room_id.trim() {
        "" => None,
        text => {
            let id = text.parse().ok();
            if id.is_none() {
                faults.push(FieldError::new("room_id", "unknown"));
            }
            id
        }
    };
    match (from, to) {
        (Some(from), Some(to)) if faults.is_empty() => {
            Ok(Close { room, from, to, opens: typed.opens == "yes", reason: typed.reason.clone() })
        }
        _ => Err(Refusal::form(faults)),
    }
}

/// `POST /desk/closures/{id}/remove`.
///
/// # Errors
/// `not_found`, `state.changed`.
pub async fn unclose(desk: Desk, id: PathId<ClosureNoun>, body: Body) -> Answer {
    booking::unclose(&desk.site.app, desk.visitor(), id.0, version(&body.form()?)).await?;
    desk.go("/desk/closures")
}

/// `GET /desk/calendars`.
///
/// # Errors
/// The store's own.
pub async fn feeds(desk: Desk) -> Answer {
    let view = feed_page(&desk, None).await?;
    desk.page(&view)
}

async fn feed_page(desk: &Desk, fresh: Option<Fresh>) -> Result<FeedList, Refused> {
    let say = desk.say();
    let all = booking::feeds(&desk.site.app, desk.visitor()).await?;
    let row = |(feed, name): &(Feed, String)| FeedRow {
        name: if name.is_empty() { say.t("desk-feed-mine") } else { name.clone() },
        since: desk.day(Instant::from_millis(feed.created_ms).date()),
        revoke: Form::post(format!("/desk/calendars/{}/revoke", feed.id))
            .button(Button::submit("low", say.t("desk-feed-revoke"))),
    };
    let mut options = vec![FieldOption::new("", say.t("desk-feed-mine"), "")];
    let keeps = [falin_domain::access::Role::Clerk, falin_domain::access::Role::CountyAdmin];
    if keeps.iter().any(|role| desk.visitor().is(*role)) {
        options.extend(room_options(desk, "").await?);
    }
    let form = Form::post("/desk/calendars")
        .field(Field::select("room_id", "desk-feed-whose", options))
        .button(Button::submit("primary", say.t("desk-feed-make")));
    Ok(FeedList { fresh, rows: all.iter().map(row).collect(), form })
}

/// `POST /desk/calendars`: the address is shown this once.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn make_feed(req: HttpRequest, desk: Desk, body: Body) -> Answer {
    let fields: Fields = body.form()?;
    let whose = match fields.filled("room_id") {
        Some(text) => Whose::Room(text.parse().map_err(|_| Refusal::absent())?),
        None => Whose::Mine,
    };
    let (_, secret) = booking::make_feed(&desk.site.app, desk.visitor(), whose).await?;
    let own = origin(&desk.site, &req);
    let door = if whose == Whose::Mine { String::new() } else { format!("{own}/door/{secret}") };
    let fresh = Fresh { calendar: format!("{own}/calendar/{secret}.ics"), door };
    let view = feed_page(&desk, Some(fresh)).await?;
    desk.page(&view)
}

/// `POST /desk/calendars/{id}/revoke`.
///
/// # Errors
/// `not_found`.
pub async fn revoke_feed(desk: Desk, id: PathId<FeedNoun>) -> Answer {
    booking::revoke_feed(&desk.site.app, desk.visitor(), id.0).await?;
    desk.go("/desk/calendars")
}

/// `GET /desk/rooms/{id}/door`: the panel for somebody at the desk, also to print.
///
/// # Errors
/// `not_found`.
pub async fn door_of(desk: Desk, id: PathId<RoomNoun>) -> Answer {
    let found = booking::door_of(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&panel(desk.lang, &found))
}

/// `GET /door/{secret}`: the panel for a screen that signs in nowhere; it asks again by itself.
///
/// # Errors
/// `not_found` for a secret that is revoked or was never a room's.
pub async fn door(req: HttpRequest, site: Data<Site>, query: Query) -> Answer {
    let found = booking::door(&site.app, req.match_info().query("secret")).await?;
    let accept = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let asked = query.filled("lang").and_then(Lang::parse);
    let lang = asked.unwrap_or_else(|| lang::of_accept(accept.unwrap_or_default()));
    let county = (found.county.code.as_str(), found.county.name.as_str());
    let frame = Frame::public(lang, Size::Large, Some(county), "/");
    let mut answer: HttpResponse = private_page(&req, 200, rendered(&site, &frame, &panel(lang, &found))?);
    let headers = answer.headers_mut();
    headers.insert(header::REFRESH, HeaderValue::from_static("60"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(answer)
}

fn masked(shown: &Shown) -> String {
    let name = shown.mediator.as_ref().or(shown.lawyer.as_ref()).map(|who| who.name.as_str());
    name.and_then(|name| PersonName::parse(name).ok()).map(|name| name.masked()).unwrap_or_default()
}

fn panel(lang: Lang, found: &Door) -> DoorPanel {
    let current = |shown: &&Shown| shown.booking.span().from() <= found.now;
    let busy = found.bookings.iter().find(current);
    let next = found.bookings.iter().find(|shown| !current(shown));
    let until = match (busy, next) {
        (Some(shown), _) => Some(shown.booking.span().to()),
        (None, next) => next.map(|shown| shown.booking.span().from()),
    };
    let row = |shown: &Shown| DoorRow {
        when: clock(shown.booking.span()),
        who: masked(shown),
        current: current(&shown),
    };
    let today = found.now.date();
    DoorPanel {
        room: found.room.name.clone(),
        now: format!(
            "{} {} {}",
            format::day(lang, today, today),
            format::weekday(lang, today),
            found.now.clock_text()
        ),
        state: if busy.is_some() { "door-busy" } else { "door-free" },
        until: until.map(Instant::clock_text).unwrap_or_default(),
        rows: found.bookings.iter().map(row).collect(),
    }
}
