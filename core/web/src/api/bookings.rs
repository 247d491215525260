//! `/api/v1/bookings`: a room, people and parties held for a time, all of them or none.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::booking::{self, Filter, Made, Move, New, Repeat, Repeated, Shown};
use falin_domain::booking::{BookingAct, BookingFlag, BookingState, Span};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{BookingNoun, HeldId, RoomId, WorkerId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Given, code, listed, one};
use crate::body::Body;
use crate::look::Say;
use crate::look::desk::key;
use crate::openapi::Doc;
use crate::problem::{Answer, Asker, Refused};
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must, object_schema};
use crate::site::Site;
use crate::visitor::Signed;

fn states() -> Vec<&'static str> {
    BookingState::ALL.iter().map(|state| state.code()).collect()
}

fn flags() -> Vec<&'static str> {
    BookingFlag::ALL.iter().map(|flag| flag.code()).collect()
}

fn acts() -> Vec<&'static str> {
    BookingAct::ALL.iter().map(|act| act.code()).collect()
}

const IDS: Shape = Shape::List(&Shape::Uuid, 100);
const PURPOSE: Shape = Shape::Text(200);
const LINK: Shape = Shape::Maybe(&Shape::Text(500));
const ALLOWED: Shape = Shape::Object(
    "AllowedBookingAct",
    &[must("action", Shape::Code(acts)), must("label", Shape::Text(100)), must("schema", Shape::Any)],
);
const REPEATED: Shape = Shape::Object(
    "RepeatedBooking",
    &[
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("id", Shape::Maybe(&Shape::Uuid)),
        must("state", Shape::Maybe(&Shape::Code(states))),
        must("code", Shape::Maybe(&Shape::Text(100))),
    ],
);
pub(super) const BOOKING: Shape = Shape::Object(
    "Booking",
    &[
        must("id", Shape::Uuid),
        must("state", Shape::Code(states)),
        must("version", Shape::Whole(1, i64::MAX)),
        must("room_id", Shape::Uuid),
        must("room", Shape::Maybe(&Shape::Text(200))),
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("purpose", PURPOSE),
        must("link", LINK),
        must("mediation_case_id", Shape::Maybe(&Shape::Uuid)),
        must("mediator_id", Shape::Maybe(&Shape::Uuid)),
        must("mediator", Shape::Maybe(&Shape::Text(100))),
        must("lawyer_id", Shape::Maybe(&Shape::Uuid)),
        must("lawyer", Shape::Maybe(&Shape::Text(100))),
        must("party_ids", IDS),
        must("series_id", Shape::Maybe(&Shape::Uuid)),
        must("flag", Shape::Maybe(&Shape::Code(flags))),
        must("offer_until", Shape::Maybe(&Shape::Time)),
        must("allowed_actions", Shape::List(&ALLOWED, 10)),
        must("next_actor", Shape::Any),
        must("deadlines", Shape::List(&Shape::Any, 0)),
        may("repeated", Shape::List(&REPEATED, 53)),
    ],
);
const BOOKINGS: Shape = crate::listed!("Bookings", BOOKING);
const NEW: Shape = Shape::Object(
    "NewBooking",
    &[
        must("room_id", Shape::Uuid),
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("purpose", PURPOSE),
        may("link", LINK),
        may("mediation_case_id", Shape::Maybe(&Shape::Uuid)),
        may("mediator_id", Shape::Maybe(&Shape::Uuid)),
        may("lawyer_id", Shape::Maybe(&Shape::Uuid)),
        may("party_ids", Shape::Maybe(&IDS)),
        may("pending", Shape::Bool),
        may("repeat", Shape::Whole(1, 53)),
        may("skip_conflicts", Shape::Bool),
    ],
);
const TO: [Member; 8] = [
    may("room_id", Shape::Uuid),
    may("starts_at", Shape::Time),
    may("ends_at", Shape::Time),
    may("purpose", PURPOSE),
    may("link", LINK),
    may("mediator_id", Shape::Maybe(&Shape::Uuid)),
    may("lawyer_id", Shape::Maybe(&Shape::Uuid)),
    may("party_ids", IDS),
];
const ACT: Shape = Shape::Object(
    "BookingAct",
    &[
        must("action", Shape::Code(acts)),
        must("version", Shape::Whole(1, i64::MAX)),
        TO[0],
        TO[1],
        TO[2],
        TO[3],
        TO[4],
        TO[5],
        TO[6],
        TO[7],
    ],
);
const FILTERS: &[Member] = &[
    may("room_id", Shape::Uuid),
    may("worker_id", Shape::Uuid),
    may("mediation_case_id", Shape::Uuid),
    may("state", Shape::Code(states)),
    may("flagged", Shape::Bool),
    may("from", Shape::Time),
    may("to", Shape::Time),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];
const OWN: &[&str] = &[
    "booking.grid",
    "booking.closed",
    "booking.conflict",
    "booking.past",
    "booking.too_far",
    "state.changed",
    "action.not_allowed",
];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("booking", "Bookings by time; `from` and `to` bound what they touch.", &BOOKINGS)
        .query(FILTERS);
/// Document of one.
pub const ONE: Doc = Doc::read("booking", "One booking.", &BOOKING);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "booking",
    "Books a time on the 15-minute grid. `repeat` books so many weeks, `skip_conflicts` leaves out those that are taken.",
    &NEW,
    &BOOKING,
)
.refusals(OWN);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "booking",
    "Confirms, reschedules (the other members say where to), cancels, notes that nobody came, gives the rest free, \
     or keeps a flagged one.",
    &ACT,
    &BOOKING,
)
.refusals(OWN);

#[derive(Deserialize)]
struct Asked {
    room_id: RoomId,
    starts_at: Instant,
    ends_at: Instant,
    purpose: String,
    link: Option<String>,
    mediation_case_id: Option<HeldId>,
    mediator_id: Option<WorkerId>,
    lawyer_id: Option<WorkerId>,
    party_ids: Option<Vec<HeldId>>,
    #[serde(default)]
    pending: bool,
    repeat: Option<u32>,
    #[serde(default)]
    skip_conflicts: bool,
}

pub(super) fn show(say: &Say<'_>, shown: &Shown) -> Value {
    let it = &shown.booking;
    let span = it.span();
    let allowed = shown.acts.iter().map(|act| {
        let members: &[Member] = if *act == BookingAct::Reschedule { &TO } else { &[] };
        let schema = object_schema(members, &mut Map::new());
        json!({ "action": act.code(), "label": say.t(&key("desk-booking-act", act.code())), "schema": schema })
    });
    let next = booking::next_actor(it).map(
        |role| json!({ "role": role.code(), "place": shown.room.as_ref().and_then(|room| room.division_id) }),
    );
    json!({
        "id": it.id, "state": it.state, "version": it.version, "room_id": it.room_id,
        "room": shown.room.as_ref().map(|room| &room.name), "starts_at": span.from(), "ends_at": span.to(),
        "purpose": shown.purpose, "link": shown.link, "mediation_case_id": it.mediation_case_id,
        "mediator_id": it.mediator_id, "mediator": shown.mediator.as_ref().map(|who| &who.name),
        "lawyer_id": it.lawyer_id, "lawyer": shown.lawyer.as_ref().map(|who| &who.name),
        "party_ids": shown.parties, "series_id": it.series_id, "flag": it.flag,
        "offer_until": it.offer_until_ms.map(Instant::from_millis),
        "allowed_actions": allowed.collect::<Vec<_>>(), "next_actor": next, "deadlines": [],
    })
}

fn week(one: &Repeated) -> Value {
    let made = one.outcome.as_ref().ok();
    json!({
        "starts_at": one.span.from(), "ends_at": one.span.to(), "id": made.map(|made| made.id),
        "state": made.map(|made| made.state), "code": one.outcome.as_ref().err().map(Refusal::code),
    })
}

/// `GET /api/v1/bookings`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let time = |name: &str| -> Result<Option<i64>, Refusal> {
        let text = query.filled(name).map(|text| text.replace(' ', "+"));
        let read = |text: String| text.parse::<Instant>().map_err(|_| Refusal::field(name, "time.invalid"));
        Ok(text.map(read).transpose()?.map(Instant::millis))
    };
    let filter = Filter {
        room: query.id("room_id")?,
        worker: query.id("worker_id")?,
        case: query.id("mediation_case_id")?,
        state: code(&query, "state", BookingState::from_code),
        flagged: query.filled("flagged") == Some("true"),
        ends_after: time("from")?,
        begins_before: time("to")?,
        ..Filter::default()
    };
    let page = booking::list(&site.app, &me.visitor, filter, query.window()?).await?;
    let say = site.look.say(Asker::of(req.path(), req.headers()).lang);
    listed(page, |row| show(&say, &row))
}

async fn answer(
    req: &HttpRequest,
    status: u16,
    site: &Data<Site>,
    me: &Signed,
    id: falin_domain::words::BookingId,
    weeks: &[Repeated],
) -> Answer {
    let found = booking::one(&site.app, &me.visitor, id).await?;
    let say = site.look.say(Asker::of(req.path(), req.headers()).lang);
    let mut value = show(&say, &found);
    if !weeks.is_empty() {
        value["repeated"] = weeks.iter().map(week).collect();
    }
    one(req, status, found.booking.version, &value)
}

/// `GET /api/v1/bookings/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<BookingNoun>) -> Answer {
    answer(&req, 200, &site, &me, id.0, &[]).await
}

/// `POST /api/v1/bookings`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let asked: Asked = body.json(&NEW)?;
    let new = New {
        room: asked.room_id,
        span: Span::new(asked.starts_at, asked.ends_at)?,
        purpose: asked.purpose,
        link: asked.link,
        case: asked.mediation_case_id,
        mediator: asked.mediator_id,
        lawyer: asked.lawyer_id,
        parties: asked.party_ids.unwrap_or_default(),
        tentative: asked.pending,
    };
    let Some(times) = asked.repeat else {
        let made = booking::book(&site.app, &me.visitor, new).await?;
        return answer(&req, 201, &site, &me, made.id, &[]).await;
    };
    let how = Repeat { times, skip: asked.skip_conflicts };
    let weeks = booking::repeat(&site.app, &me.visitor, new, how).await?;
    let first: Option<&Made> = weeks.iter().find_map(|week| week.outcome.as_ref().ok());
    let first = first.ok_or_else(|| Refused(Refusal::new("booking.conflict")))?.id;
    answer(&req, 201, &site, &me, first, &weeks).await
}

/// `POST /api/v1/bookings/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<BookingNoun>,
    body: Body,
) -> Answer {
    let there = booking::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let what = BookingAct::from_code(&given.action).ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let to = moved(&given.members, there.booking.span())?;
    booking::act(&site.app, &me.visitor, id.0, given.version, what, to).await?;
    answer(&req, 200, &site, &me, id.0, &[]).await
}

/// The members of a reschedule; a new start without a new end keeps the length.
fn moved(members: &Map<String, Value>, old: Span) -> Result<Move, Refusal> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let id = |name: &str| members.get(name).map(|value| value.as_str().and_then(|text| text.parse().ok()));
    let time = |name: &str| text(name).and_then(|text| text.parse::<Instant>().ok());
    let span = match (time("starts_at"), time("ends_at")) {
        (None, None) => None,
        (Some(from), None) => Some(Span::new(from, from.plus_seconds(old.minutes() * 60))?),
        (from, Some(to)) => Some(Span::new(from.unwrap_or(old.from()), to)?),
    };
    let parties = members.get("party_ids").and_then(Value::as_array);
    let ids = |list: &Vec<Value>| list.iter().filter_map(|id| id.as_str()?.parse().ok()).collect();
    Ok(Move {
        room: text("room_id").and_then(|text| text.parse().ok()),
        span,
        purpose: text("purpose").map(str::to_owned),
        link: members.get("link").map(|link| link.as_str().map(str::to_owned)),
        mediator: id("mediator_id"),
        lawyer: id("lawyer_id"),
        parties: parties.map(ids),
    })
}
