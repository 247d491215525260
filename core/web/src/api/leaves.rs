//! `/api/v1/leaves`: absences of legal workers, one's own or, for those who keep the workers, everybody's.

use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::leave::{self, Absence, Leave};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{Id, WorkerId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::Body;
use crate::cursor::Listed;
use crate::listed;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const LEAVE: Shape = Shape::Object(
    "Leave",
    &[
        must("id", Shape::Uuid),
        must("worker", Shape::Uuid),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
        must("reason", Shape::Text(200)),
    ],
);
const LEAVES: Shape = listed!("Leaves", LEAVE);
const NEW: Shape = Shape::Object(
    "NewLeave",
    &[
        may("worker", Shape::Uuid),
        must("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
        may("reason", Shape::Text(200)),
    ],
);
const ADDED: Shape = Shape::Object(
    "AddedLeave",
    &[
        must("id", Shape::Uuid),
        must("households", Shape::Whole(0, i64::MAX)),
        must("posts", Shape::Whole(0, i64::MAX)),
        must("cases", Shape::Whole(0, i64::MAX)),
    ],
);
const CANCEL: Shape = Shape::Object("LeaveAct", &[must("action", Shape::OneOf(&["cancel"]))]);
const GONE: Shape =
    Shape::Object("CancelledLeave", &[must("id", Shape::Uuid), must("state", Shape::Text(20))]);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "worker",
    "Absences that are on or to come: a worker's (`worker`), otherwise one's own or, for who keeps workers, all.",
    &LEAVES,
)
.query(&[may("worker", Shape::Uuid)])
.refusals(&["access.denied", "not_found"]);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "worker",
    "Records an absence, one's own where no worker is named; says how much waits for a handover.",
    &NEW,
    &ADDED,
)
.refusals(&["access.denied", "not_found"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("worker", "Takes an absence back that has not begun.", &CANCEL, &GONE)
    .refusals(&["action.not_allowed"]);

#[derive(Deserialize)]
struct New {
    worker: Option<WorkerId>,
    from: Date,
    to: Option<Date>,
    #[serde(default)]
    reason: String,
}

fn told(leave: &Leave) -> Value {
    let to = Some(leave.to_date).filter(|to| *to < leave::open_end());
    json!({
        "id": leave.id, "worker": leave.worker_id, "from": leave.from_date, "to": to, "reason": leave.reason,
    })
}

/// `GET /api/v1/leaves`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    let found = match (query.id("worker")?, visitor.worker) {
        (Some(worker), _) | (None, Some(worker)) => leave::list(app, visitor, worker).await?,
        (None, None) => leave::all(app, visitor).await?,
    };
    let items = found.iter().map(told).collect();
    Ok(HttpResponse::Ok().json(Listed::<Value> { items, next_cursor: None }))
}

/// `POST /api/v1/leaves`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let new: New = body.json(&NEW)?;
    let worker = new.worker.or(me.visitor.worker).ok_or_else(|| Refusal::field("worker", "required"))?;
    let absence = Absence { from: new.from, to: new.to, reason: new.reason };
    let (id, work) = leave::add(&site.app, &me.visitor, worker, absence).await.map_err(named)?;
    let (households, posts, cases) = (work.households, work.posts, work.cases);
    let told = json!({ "id": id, "households": households, "posts": posts, "cases": cases });
    Ok(HttpResponse::Created().json(told))
}

/// `POST /api/v1/leaves/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(site: Data<Site>, me: Signed, id: PathId<Leave>, body: Body) -> Answer {
    let worker = leave::worker_of(&site.app, &me.visitor, id.0).await?;
    let _: Value = body.json(&CANCEL)?;
    leave::remove(&site.app, &me.visitor, worker, id.0).await?;
    let id: Id<Leave> = id.0;
    Ok(HttpResponse::Ok().json(json!({ "id": id, "state": "cancelled" })))
}

/// Faults at the members' own names; the form's controls begin with `leave_`.
fn named(stop: falin_app::Stop) -> falin_app::Stop {
    match stop {
        falin_app::Stop::Refused(mut refusal) => {
            for fault in &mut refusal.fields {
                fault.name = match fault.name.as_str() {
                    "leave_why" => "reason".to_owned(),
                    other => other.trim_start_matches("leave_").to_owned(),
                };
            }
            falin_app::Stop::Refused(refusal)
        }
        other => other,
    }
}
