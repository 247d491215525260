//! `/api/v1/households/{id}/pairings` and `…/conflicts`: who looks after a household, who did, who must not.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::pairing::{self, Span};
use falin_app::plan::Names;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{FirmId, HouseholdNoun, Id, WorkerId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::pairing_plans::PROVIDER;
use crate::body::Body;
use crate::cursor::Listed;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query, path_id};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;
use crate::{listed, plan_json};

const SPAN: Shape = Shape::Object(
    "Pairing",
    &[
        must("id", Shape::Uuid),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("from_date", Shape::Date),
        must("to_date", Shape::Maybe(&Shape::Date)),
        must("end_reason", Shape::Maybe(&Shape::Text(40))),
        must("plan_id", Shape::Maybe(&Shape::Uuid)),
        must("provider_accepts", Shape::Maybe(&Shape::Bool)),
        must("household_accepts", Shape::Maybe(&Shape::Bool)),
    ],
);
const SPANS: Shape = listed!("Pairings", SPAN);
const CONFLICT: Shape = Shape::Object(
    "Conflict",
    &[
        must("id", Shape::Uuid),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("reason", Shape::Text(500)),
        must("created_at", Shape::Time),
    ],
);
const CONFLICTS: Shape = listed!("Conflicts", CONFLICT);
const ADD: Shape = Shape::Object(
    "AddConflict",
    &[
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
        may("firm_id", Shape::Maybe(&Shape::Uuid)),
        must("reason", Shape::Text(500)),
    ],
);
const ADDED: Shape = Shape::Object("AddedConflict", &[must("id", Shape::Uuid)]);

/// `GET /api/v1/households/{id}/pairings`.
pub const LIST: Doc = Doc::read(
    "pairing",
    "A household's pairings, newest first; with `on`, the one that held that day.",
    &SPANS,
)
.query(&[may("on", Shape::Date)]);
/// `GET /api/v1/households/{id}/conflicts`.
pub const CONFLICT_LIST: Doc = Doc::read(
    "pairing",
    "Providers that must not look after a household (conflict of interest).",
    &CONFLICTS,
);
/// `POST /api/v1/households/{id}/conflicts`.
pub const CONFLICT_ADD: Doc =
    Doc::create("pairing", "Records a conflict of interest with one provider.", &ADD, &ADDED);

const LIFT: Shape = Shape::Object("ConflictAct", &[must("action", Shape::OneOf(&["lift"]))]);
const LIFTED: Shape =
    Shape::Object("LiftedConflict", &[must("id", Shape::Uuid), must("state", Shape::Text(20))]);
/// `POST /api/v1/households/{id}/conflicts/{conflict}/actions`.
pub const CONFLICT_ACT: Doc = Doc::act("pairing", "Lifts a conflict of interest.", &LIFT, &LIFTED);

#[derive(Deserialize)]
struct Add {
    worker_id: Option<WorkerId>,
    firm_id: Option<FirmId>,
    reason: String,
}

/// A household's pairings.
///
/// # Errors
/// As [`pairing::history`].
pub async fn list(
    site: Data<Site>,
    signed: Signed,
    PathId(id): PathId<HouseholdNoun>,
    query: Query,
) -> Answer {
    let on: Option<Date> = query.parsed("on", "date.invalid")?;
    let (spans, names) = match on {
        Some(day) => {
            let (span, names) = pairing::on(&site.app, &signed.visitor, id, day).await?;
            (span.into_iter().collect(), names)
        }
        None => pairing::history(&site.app, &signed.visitor, id).await?,
    };
    let items = spans.iter().map(|span| told(span, &names)).collect();
    Ok(HttpResponse::Ok().json(Listed::<Value> { items, next_cursor: None }))
}

fn told(one: &Span, names: &Names) -> Value {
    let said =
        |side: &str| one.answers.iter().find(|answer| answer.side == side).map(|answer| answer.accepted);
    json!({
        "id": one.span.id,
        "provider": plan_json::provider(one.who(), names),
        "from_date": one.span.from_date,
        "to_date": one.span.to_date,
        "end_reason": one.span.end_reason,
        "plan_id": one.span.plan_id,
        "provider_accepts": said("provider"),
        "household_accepts": said("household"),
    })
}

/// Conflicts of interest of a household.
///
/// # Errors
/// As [`pairing::conflicts`].
pub async fn conflicts(site: Data<Site>, signed: Signed, PathId(id): PathId<HouseholdNoun>) -> Answer {
    let (found, names) = pairing::conflicts(&site.app, &signed.visitor, id).await?;
    let items = found.iter().map(|one| {
        json!({
            "id": one.id,
            "provider": plan_json::provider(ProviderRef::of(one.worker_id, one.firm_id), &names),
            "reason": one.reason,
            "created_at": Instant::from_millis(one.created_ms),
        })
    });
    Ok(HttpResponse::Ok().json(Listed::<Value> { items: items.collect(), next_cursor: None }))
}

/// Records a conflict of interest.
///
/// # Errors
/// As [`pairing::add_conflict`].
pub async fn add_conflict(
    site: Data<Site>,
    signed: Signed,
    PathId(id): PathId<HouseholdNoun>,
    body: Body,
) -> Answer {
    pairing::conflicts(&site.app, &signed.visitor, id).await?;
    let asked: Add = body.json(&ADD)?;
    let who = match (asked.worker_id, asked.firm_id) {
        (Some(_), Some(_)) => return Err(Refusal::field("firm_id", "not_expected").into()),
        (worker, firm) => ProviderRef::of(worker, firm),
    };
    let who = who.ok_or_else(|| Refusal::field("worker_id", "required"))?;
    let added = pairing::add_conflict(&site.app, &signed.visitor, id, who, &asked.reason).await?;
    Ok(HttpResponse::Created().json(json!({ "id": added })))
}

/// Lifts a conflict of interest.
///
/// # Errors
/// As [`pairing::lift_conflict`].
pub async fn act_on_conflict(
    req: HttpRequest,
    site: Data<Site>,
    signed: Signed,
    PathId(id): PathId<HouseholdNoun>,
    body: Body,
) -> Answer {
    let conflict: Id<pairing::Conflict> = path_id(&req, "conflict")?;
    let (standing, _) = pairing::conflicts(&site.app, &signed.visitor, id).await?;
    if !standing.iter().any(|one| one.id == conflict) {
        return Err(Refusal::absent().into());
    }
    let _: Value = body.json(&LIFT)?;
    pairing::lift_conflict(&site.app, &signed.visitor, id, conflict).await?;
    Ok(HttpResponse::Ok().json(json!({ "id": conflict, "state": "lifted" })))
}
