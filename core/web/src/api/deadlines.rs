//! `/api/v1/deadlines`: what is due, for whom, by which article.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::deadline::{self, Filter, Line, Shelf};
use falin_domain::access::Role;
use falin_domain::deadline::Stage;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::DeadlineNoun;
use serde_json::{Value, json};

use super::{Given, PLACE, code, listed, one, place};
use crate::body::Body;
use crate::look::Lang;
use crate::openapi::{Doc, PAGE};
use crate::problem::{Answer, Asker};
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

/// A deadline as every case shows it (contract.md "HTTP").
pub const SHOWN: Shape = Shape::Object(
    "CaseDeadline",
    &[
        must("kind", Shape::Text(100)),
        must("due", Shape::Text(40)),
        may("internal_due", Shape::Text(40)),
        must("provisional", Shape::Bool),
        must("lapses", Shape::Bool),
        must("source", Shape::Text(600)),
        may("items", ITEMS),
    ],
);
/// Rows of the case's list for which a deadline stands, counted from 1.
const ITEMS: Shape = Shape::List(&Shape::Whole(1, 65_535), 0);

const CASE: Shape = Shape::Object(
    "DeadlineCase",
    &[must("noun", Shape::Text(100)), must("id", Shape::Uuid), must("label", Shape::Text(200))],
);
const NEXT: Shape = Shape::Object(
    "DeadlineActor",
    &[
        must("role", Shape::Code(roles)),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("user_id", Shape::Maybe(&Shape::Uuid)),
    ],
);
const DEADLINE: Shape = Shape::Object(
    "Deadline",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Text(100)),
        must("case", CASE),
        must("division", Shape::Maybe(&PLACE)),
        must("started_at", Shape::Time),
        must("due", Shape::Text(40)),
        may("internal_due", Shape::Text(40)),
        may("items", ITEMS),
        must("days_left", Shape::Whole(-1_000_000, 1_000_000)),
        must("provisional", Shape::Bool),
        must("lapses", Shape::Bool),
        must("source", Shape::Text(600)),
        must("stage", Shape::Code(stages)),
        must("next_actor", NEXT),
        must("met_at", Shape::Maybe(&Shape::Time)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const DEADLINES: Shape = crate::listed!("Deadlines", DEADLINE);
const FILTERS: &[Member] = &[
    may("state", Shape::Code(shelves)),
    may("division", Shape::Text(36)),
    may("kind", Shape::Text(100)),
    PAGE[0],
    PAGE[1],
];

fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).collect()
}
fn stages() -> Vec<&'static str> {
    Stage::ALL.iter().map(|stage| stage.code()).collect()
}
fn shelves() -> Vec<&'static str> {
    Shelf::ALL.iter().map(|shelf| shelf.code()).collect()
}

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "deadline",
    "Deadlines of the caller's places, lawyers and mediators their own, earliest statutory date first; dates as \
     YYYY-MM-DD, periods of hours as RFC 3339.",
    &DEADLINES,
)
.query(FILTERS)
.refusals(&["division.unknown"]);

const ACT: Shape = Shape::Object(
    "DeadlineAct",
    &[
        must("action", Shape::OneOf(&["extend"])),
        must("version", Shape::Whole(1, i64::MAX)),
        must("by", Shape::Whole(1, 10_000)),
        must("reason", Shape::Text(500)),
    ],
);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "deadline",
    "Extends a deadline by so many of its own units, where its law allows that: once, with the reason.",
    &ACT,
    &DEADLINE,
)
.refusals(&["state.changed", "action.not_allowed"]);

/// `POST /api/v1/deadlines/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<DeadlineNoun>,
    body: Body,
) -> Answer {
    let there = deadline::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    if given.version != there.deadline.version {
        return Err(Refusal::new("state.changed").into());
    }
    let by = given.members.get("by").and_then(Value::as_f64).unwrap_or_default() as i64;
    let reason = given.members.get("reason").and_then(Value::as_str).unwrap_or_default();
    deadline::extend_by(&site.app, &me.visitor, id.0, &by.to_string(), reason).await?;
    let chinese = Asker::of(req.path(), req.headers()).lang == Lang::Zh;
    let now = deadline::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, now.deadline.version, &show(&now, chinese))
}

fn show(line: &Line, chinese: bool) -> Value {
    let it = &line.deadline;
    let mut value = json!({
        "id": it.id, "kind": it.code,
        "case": { "noun": it.noun, "id": it.subject_id, "label": it.label },
        "division": line.division.as_ref().map(place), "started_at": Instant::from_millis(it.started_ms),
        "due": it.due, "days_left": line.days_left, "provisional": it.provisional, "lapses": line.lapses,
        "source": deadline::source(it, line.source.as_ref(), chinese), "stage": it.stage.code(),
        "next_actor": { "role": it.next_role.code(), "worker_id": it.worker_id, "user_id": it.account_id },
        "met_at": it.met_ms.map(Instant::from_millis), "version": it.version,
    });
    if let Some(internal) = it.internal_due {
        value["internal_due"] = json!(internal);
    }
    if let Some(items) = &it.items {
        value["items"] = json!(items);
    }
    value
}

/// `GET /api/v1/deadlines`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        state: code(&query, "state", Shelf::from_code),
        place: query.filled("division").map(str::to_owned),
        code: query.filled("kind").map(str::to_owned),
    };
    let chinese = Asker::of(req.path(), req.headers()).lang == Lang::Zh;
    let page = deadline::list(&site.app, &me.visitor, filter, query.window()?).await?;
    listed(page, |line| show(&line, chinese))
}
