//! `/api/v1/calendar-feeds`: addresses behind a secret at which calendar programs read the bookings of a room or person.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::booking::{self, Feed, Whose};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{FeedNoun, RoomId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::listed;
use crate::body::Body;
use crate::openapi::{Doc, PAGE};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const FEED: Shape = Shape::Object(
    "CalendarFeed",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::OneOf(&["room", "worker", "account"])),
        must("name", Shape::Text(200)),
        must("room_id", Shape::Maybe(&Shape::Uuid)),
        must("since", Shape::Time),
        may("calendar", Shape::Text(500)),
        may("door", Shape::Text(500)),
    ],
);
const FEEDS: Shape = crate::listed!("CalendarFeeds", FEED);
const NEW: Shape = Shape::Object("NewCalendarFeed", &[may("room_id", Shape::Maybe(&Shape::Uuid))]);
const ACT: Shape = Shape::Object("CalendarFeedAct", &[must("action", Shape::OneOf(&["revoke"]))]);
const GONE: Shape =
    Shape::Object("RevokedCalendarFeed", &[must("id", Shape::Uuid), must("state", Shape::Text(20))]);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "booking",
    "One's own feeds, and for who keeps the rooms those of all rooms. Their secrets are shown to nobody again.",
    &FEEDS,
)
.query(&PAGE);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "booking",
    "Makes a feed, of a room or of the caller: `calendar` is its address, `door` that of a room's panel, both shown \
     this once.",
    &NEW,
    &FEED,
)
.refusals(&["not_found"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("booking", "Revokes a feed: its address shows nothing any more.", &ACT, &GONE);

#[derive(Deserialize)]
struct Asked {
    room_id: Option<RoomId>,
}

fn show((feed, name): &(Feed, String)) -> Value {
    let room = (feed.kind == "room").then_some(feed.subject_id);
    json!({
        "id": feed.id, "kind": feed.kind, "name": name, "room_id": room,
        "since": Instant::from_millis(feed.created_ms),
    })
}

/// `GET /api/v1/calendar-feeds`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let all = booking::feeds(&site.app, &me.visitor).await?;
    let mark = |one: &(Feed, String)| Mark { key: format!("{:020}", one.0.created_ms), id: one.0.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |one| show(&one))
}

/// `POST /api/v1/calendar-feeds`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let asked: Asked = body.json(&NEW)?;
    let whose = asked.room_id.map_or(Whose::Mine, Whose::Room);
    let (id, secret) = booking::make_feed(&site.app, &me.visitor, whose).await?;
    let all = booking::feeds(&site.app, &me.visitor).await?;
    let made = all.iter().find(|(feed, _)| feed.id == id).ok_or_else(Refusal::absent)?;
    let own = crate::pages::bookings::origin(&site, &req);
    let mut value = show(made);
    value["calendar"] = json!(format!("{own}/calendar/{secret}.ics"));
    if whose != Whose::Mine {
        value["door"] = json!(format!("{own}/door/{secret}"));
    }
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(value))
}

/// `POST /api/v1/calendar-feeds/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(site: Data<Site>, me: Signed, id: PathId<FeedNoun>, body: Body) -> Answer {
    let all = booking::feeds(&site.app, &me.visitor).await?;
    all.iter().find(|(feed, _)| feed.id == id.0).ok_or_else(Refusal::absent)?;
    let _: Value = body.json(&ACT)?;
    booking::revoke_feed(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(json!({ "id": id.0, "state": "revoked" })))
}
