//! `/api/v1/booking-waits`: the waiting list of the rooms, whose places are offered as soon as all that they need is free.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::booking::{self, New, Waiting};
use falin_domain::booking::{Span, WaitState};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{HeldId, RoomId, WaitId, WaitNoun, WorkerId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::{Doc, PAGE};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

fn states() -> Vec<&'static str> {
    WaitState::ALL.iter().map(|state| state.code()).collect()
}

const IDS: Shape = Shape::List(&Shape::Uuid, 40);
const PURPOSE: Shape = Shape::Text(200);
const WAIT: Shape = Shape::Object(
    "BookingWait",
    &[
        must("id", Shape::Uuid),
        must("state", Shape::Code(states)),
        must("room_id", Shape::Uuid),
        must("room", Shape::Maybe(&Shape::Text(200))),
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("purpose", PURPOSE),
        must("mediator_id", Shape::Maybe(&Shape::Uuid)),
        must("lawyer_id", Shape::Maybe(&Shape::Uuid)),
        must("booking_id", Shape::Maybe(&Shape::Uuid)),
        must("offer_until", Shape::Maybe(&Shape::Time)),
        must("since", Shape::Time),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const WAITS: Shape = crate::listed!("BookingWaits", WAIT);
const NEW: Shape = Shape::Object(
    "NewBookingWait",
    &[
        must("room_id", Shape::Uuid),
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("purpose", PURPOSE),
        may("mediation_case_id", Shape::Maybe(&Shape::Uuid)),
        may("mediator_id", Shape::Maybe(&Shape::Uuid)),
        may("lawyer_id", Shape::Maybe(&Shape::Uuid)),
        may("party_ids", Shape::Maybe(&IDS)),
    ],
);
const ACT: Shape = Shape::Object(
    "BookingWaitAct",
    &[must("action", Shape::OneOf(&["withdraw"])), must("version", Shape::Whole(1, i64::MAX))],
);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "booking",
    "Who waits for a time or has been offered one, the longest first; an offer is the pending booking `booking_id`.",
    &WAITS,
)
.query(&[may("room_id", Shape::Uuid), PAGE[0], PAGE[1]]);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "booking",
    "Waits for a time that is taken: once room and people are free it is held as a pending booking and offered.",
    &NEW,
    &WAIT,
)
.refusals(&["booking.grid", "booking.closed", "booking.past", "booking.too_far", "action.not_allowed"]);
/// Document of the acts.
pub const ACTS: Doc =
    Doc::act("booking", "Takes a place off the list; its offer is given free.", &ACT, &WAIT)
        .refusals(&["state.changed", "action.not_allowed"]);

#[derive(Deserialize)]
struct Asked {
    room_id: RoomId,
    starts_at: Instant,
    ends_at: Instant,
    purpose: String,
    mediation_case_id: Option<HeldId>,
    mediator_id: Option<WorkerId>,
    lawyer_id: Option<WorkerId>,
    party_ids: Option<Vec<HeldId>>,
}

fn show(one: &Waiting) -> Value {
    let it = &one.wait;
    let until = one.offer.as_ref().and_then(|offer| offer.offer_until_ms).map(Instant::from_millis);
    json!({
        "id": it.id, "state": it.state.code(), "room_id": it.room_id,
        "room": one.room.as_ref().map(|room| &room.name),
        "starts_at": Instant::from_millis(it.starts_ms), "ends_at": Instant::from_millis(it.ends_ms),
        "purpose": one.purpose, "mediator_id": it.mediator_id, "lawyer_id": it.lawyer_id,
        "booking_id": it.booking_id, "offer_until": until, "since": Instant::from_millis(it.created_ms),
        "version": it.version,
    })
}

async fn found(site: &Site, me: &Signed, id: WaitId) -> Result<Waiting, crate::problem::Refused> {
    let all = booking::waiting(&site.app, &me.visitor).await?;
    Ok(all.into_iter().find(|one| one.wait.id == id).ok_or_else(Refusal::absent)?)
}

/// `GET /api/v1/booking-waits`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let room: Option<RoomId> = query.id("room_id")?;
    let mut all = booking::waiting(&site.app, &me.visitor).await?;
    all.retain(|one| room.is_none_or(|room| one.wait.room_id == room));
    // A fixed width keeps instants in order as text.
    let mark = |one: &Waiting| Mark { key: format!("{:020}", one.wait.created_ms), id: one.wait.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |one| show(&one))
}

/// `POST /api/v1/booking-waits`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let asked: Asked = body.json(&NEW)?;
    let new = New {
        room: asked.room_id,
        span: Span::new(asked.starts_at, asked.ends_at)?,
        purpose: asked.purpose,
        link: None,
        case: asked.mediation_case_id,
        mediator: asked.mediator_id,
        lawyer: asked.lawyer_id,
        parties: asked.party_ids.unwrap_or_default(),
        tentative: true,
    };
    let made = booking::ask_to_wait(&site.app, &me.visitor, new).await?;
    let shown = found(&site, &me, made.id).await?;
    one(&req, 201, shown.wait.version, &show(&shown))
}

/// `POST /api/v1/booking-waits/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<WaitNoun>, body: Body) -> Answer {
    let mut there = found(&site, &me, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    booking::withdraw(&site.app, &me.visitor, id.0, given.version).await?;
    // One that is withdrawn is on no list any more.
    (there.wait.state, there.offer) = (WaitState::Withdrawn, None);
    there.wait.version = given.version + 1;
    one(&req, 200, there.wait.version, &show(&there))
}
