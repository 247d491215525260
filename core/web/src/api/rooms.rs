//! `/api/v1/rooms`: mediation rooms.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::booking;
use falin_app::room::{self, Filter, Placed, Typed};
use falin_domain::booking::Span;
use falin_domain::page::Page;
use falin_domain::refusal::Refusal;
use falin_domain::words::RoomNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told, words};
use super::{Given, PLACE, listed, one, place, truth};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("division", "place")];
const WORDS: Shape = Shape::List(&Shape::Text(100), 100);

const ROOM: Shape = Shape::Object(
    "Room",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(200)),
        must("organisation", Shape::Text(200)),
        must("division", Shape::Maybe(&PLACE)),
        must("address", Shape::Text(400)),
        must("capacity", Shape::Whole(0, 1_000_000)),
        must("equipment", WORDS),
        must("hours", Shape::Text(400)),
        must("active", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const ROOMS: Shape = crate::listed!("Rooms", ROOM);
const NEW: Shape = Shape::Object(
    "NewRoom",
    &[
        must("name", Shape::Text(100)),
        must("capacity", Shape::Whole(1, 10_000)),
        may("organisation", Shape::Text(100)),
        may("division", Shape::Maybe(&Shape::Text(36))),
        may("address", Shape::Text(200)),
        may("equipment", WORDS),
        may("hours", Shape::Text(200)),
    ],
);
const ACT: Shape = Shape::Object(
    "RoomAct",
    &[
        must("action", Shape::OneOf(&["change", "close", "reopen"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("name", Shape::Text(100)),
        may("capacity", Shape::Whole(1, 10_000)),
        may("organisation", Shape::Text(100)),
        may("division", Shape::Maybe(&Shape::Text(36))),
        may("address", Shape::Text(200)),
        may("equipment", WORDS),
        may("hours", Shape::Text(200)),
    ],
);
const FILTERS: &[Member] = &[
    may("division", Shape::Text(36)),
    may("capacity", Shape::Whole(1, 10_000)),
    may("active", Shape::Bool),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "room",
    "Mediation rooms by name; `division` takes an id or a code, `capacity` the least number of seats.",
    &ROOMS,
)
.query(FILTERS)
.refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("room", "One room.", &ROOM);
/// Document of a new one.
pub const ADD: Doc = Doc::create("room", "Adds a room.", &NEW, &ROOM);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("room", "Changes, closes or reopens a room.", &ACT, &ROOM)
    .refusals(&["state.changed", "action.not_allowed"]);

fn show(placed: &Placed) -> Value {
    let it = &placed.room;
    json!({
        "id": it.id, "name": it.name, "organisation": it.organisation,
        "division": placed.division.as_ref().map(place), "address": it.address, "capacity": it.capacity,
        "equipment": words(&it.equipment), "hours": it.hours, "active": it.active, "version": it.version,
    })
}

/// `GET /api/v1/rooms`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        place: query.filled("division").map(str::to_owned),
        capacity: query.parsed("capacity", "not_a_number")?,
        active: truth(&query, "active"),
    };
    listed(room::list(&site.app, &me.visitor, filter, query.window()?).await?, |row| show(&row))
}

/// Document of the rooms that are free at a time.
pub const FREE: Doc = Doc::read("room", "Rooms that are open and free for the whole time.", &ROOMS)
    .query(&[must("from", Shape::Time), must("to", Shape::Time), may("capacity", Shape::Whole(0, 1_000_000))])
    .refusals(&["booking.grid", "booking.past", "booking.too_far"]);

/// `GET /api/v1/rooms/free?from=&to=&capacity=`: everybody with an account may know what is free.
///
/// # Errors
/// See [`FREE`].
pub async fn free(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let time = |name: &str| {
        let text = query.filled(name).ok_or_else(|| Refusal::field(name, "required"))?;
        text.replace(' ', "+").parse().map_err(|_| Refusal::field(name, "time.invalid"))
    };
    let span = Span::new(time("from")?, time("to")?)?;
    let seats = query.parsed("capacity", "not_a_number")?;
    let rooms = booking::free_rooms(&site.app, me.visitor.county, span, seats).await?;
    listed(Page { items: rooms, next: None }, |row| show(&row))
}

/// `GET /api/v1/rooms/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<RoomNoun>) -> Answer {
    let found = room::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.room.version, &show(&found))
}

/// `POST /api/v1/rooms`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = room::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.room.version, &show(&made))
}

/// `POST /api/v1/rooms/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<RoomNoun>, body: Body) -> Answer {
    let there = room::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "close" => room::set_open(app, visitor, id.0, version, false).await,
        "reopen" => room::set_open(app, visitor, id.0, version, true).await,
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            room::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.room.version, &show(&done))
}
