//! `/api/v1/closures`: times in which rooms are closed, or open for once.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::booking::{self, Close, RoomClosure};
use falin_domain::page::{Mark, Page};
use falin_domain::time::Instant;
use falin_domain::words::{ClosureNoun, RoomId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const CLOSURE: Shape = Shape::Object(
    "Closure",
    &[
        must("id", Shape::Uuid),
        must("room_id", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Time),
        must("to", Shape::Time),
        must("opens", Shape::Bool),
        must("reason", Shape::Text(100)),
        must("version", Shape::Whole(1, i64::MAX)),
        may("flagged", Shape::Whole(0, i64::MAX)),
    ],
);
const CLOSURES: Shape = crate::listed!("Closures", CLOSURE);
const NEW: Shape = Shape::Object(
    "NewClosure",
    &[
        may("room_id", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Time),
        must("to", Shape::Time),
        may("opens", Shape::Bool),
        must("reason", Shape::Text(100)),
    ],
);
const ACT: Shape = Shape::Object(
    "ClosureAct",
    &[must("action", Shape::OneOf(&["remove"])), must("version", Shape::Whole(1, i64::MAX))],
);

/// Document of the list.
pub const LIST: Doc = Doc::read("closure", "Closures and special openings that are not over.", &CLOSURES)
    .query(&crate::openapi::PAGE);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "closure",
    "Closes a room, or all of the county, or opens it for once. Bookings that it touches are flagged, never cancelled.",
    &NEW,
    &CLOSURE,
);
/// Document of taking one back.
pub const ACTS: Doc = Doc::act("closure", "Takes it back.", &ACT, &CLOSURE).refusals(&["state.changed"]);

#[derive(Deserialize)]
struct Asked {
    room_id: Option<RoomId>,
    from: Instant,
    to: Instant,
    #[serde(default)]
    opens: bool,
    reason: String,
}

fn show(it: &RoomClosure) -> Value {
    json!({
        "id": it.id, "room_id": it.room_id, "from": Instant::from_millis(it.from_ms),
        "to": Instant::from_millis(it.to_ms), "opens": it.opens, "reason": it.reason, "version": it.version,
    })
}

/// `GET /api/v1/closures`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let all = booking::closures(&site.app, &me.visitor).await?;
    let all = all.into_iter().map(|(one, _)| one).collect();
    // A fixed width keeps instants in order as text.
    let mark = |one: &RoomClosure| Mark { key: format!("{:020}", one.from_ms), id: one.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |one| show(&one))
}

/// `POST /api/v1/closures`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let asked: Asked = body.json(&NEW)?;
    let Asked { room_id, from, to, opens, reason } = asked;
    let close = Close { room: room_id, from, to, opens, reason };
    let (made, flagged) = booking::close(&site.app, &me.visitor, close).await?;
    let mut value = show(&made);
    value["flagged"] = json!(flagged);
    one(&req, 201, made.version, &value)
}

/// `POST /api/v1/closures/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<ClosureNoun>,
    body: Body,
) -> Answer {
    let there = booking::closures(&site.app, &me.visitor).await?;
    let there = there.into_iter().find(|(one, _)| one.id == id.0).map(|(one, _)| one);
    let there = there.ok_or_else(falin_domain::refusal::Refusal::absent)?;
    let given = Given::read(&req, &body, &ACT)?;
    booking::unclose(&site.app, &me.visitor, id.0, given.version).await?;
    one(&req, 200, there.version, &show(&there))
}
