//! `/api/v1/consents`: both sides' word on pairings, where a county wants it.

use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::consent::{self, HOWS, Open, Side};
use falin_app::plan::Names;
use falin_domain::refusal::Refusal;
use falin_domain::words::PairingNoun;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pairing_plans::PROVIDER;
use crate::body::Body;
use crate::cursor::Listed;
use crate::openapi::{Doc, PAGE};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;
use crate::{listed, plan_json};

const OPEN: Shape = Shape::Object(
    "OpenConsent",
    &[
        must("id", Shape::Uuid),
        must("household", Shape::Uuid),
        must("head_name", Shape::Text(200)),
        must("village", Shape::Uuid),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("from_date", Shape::Date),
        must("provider_accepts", Shape::Maybe(&Shape::Bool)),
        must("household_accepts", Shape::Maybe(&Shape::Bool)),
        must("provider_note", Shape::Maybe(&Shape::Text(500))),
        must("household_note", Shape::Maybe(&Shape::Text(500))),
    ],
);
const OPENS: Shape = listed!("OpenConsents", OPEN);
const ACT: Shape = Shape::Object(
    "ConsentAct",
    &[
        must("action", Shape::OneOf(&["accept", "decline"])),
        must("side", Shape::OneOf(&["provider", "household"])),
        may("how", Shape::OneOf(&HOWS)),
        may("reason", Shape::Text(500)),
    ],
);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "pairing",
    "Current pairings that wait for an answer or were declined, oldest first; none where no consent is asked for.",
    &OPENS,
)
.query(&PAGE);
/// Document of one.
pub const ONE: Doc = Doc::read("pairing", "One current pairing with both answers so far.", &OPEN);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "pairing",
    "Records one side's answer; the household's says how it was given, a refusal says why.",
    &ACT,
    &OPEN,
)
.refusals(&["action.not_allowed"]);

#[derive(Deserialize)]
struct Given {
    action: String,
    side: String,
    how: Option<String>,
    #[serde(default)]
    reason: String,
}

fn told(open: &Open, names: &Names) -> Value {
    let waiting = &open.waiting;
    json!({
        "id": waiting.span.id, "household": waiting.span.household_id, "head_name": waiting.head,
        "village": waiting.village, "provider": plan_json::provider(open.who(), names),
        "from_date": waiting.span.from_date,
        "provider_accepts": open.provider.as_ref().map(|said| said.accepted),
        "household_accepts": open.household.as_ref().map(|said| said.accepted),
        "provider_note": open.provider.as_ref().map(|said| &said.note),
        "household_note": open.household.as_ref().map(|said| &said.note),
    })
}

/// `GET /api/v1/consents`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let (page, names) = consent::waiting(&site.app, &me.visitor, query.window()?).await?;
    Ok(HttpResponse::Ok().json(Listed::from(page.map(|open| told(&open, &names)))))
}

/// `GET /api/v1/consents/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(site: Data<Site>, me: Signed, id: PathId<PairingNoun>) -> Answer {
    let (open, names) = consent::one(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(told(&open, &names)))
}

/// `POST /api/v1/consents/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(site: Data<Site>, me: Signed, id: PathId<PairingNoun>, body: Body) -> Answer {
    consent::one(&site.app, &me.visitor, id.0).await?;
    let given: Given = body.json(&ACT)?;
    let side = Side::from_code(&given.side).ok_or_else(|| Refusal::field("side", "unknown"))?;
    let (accepted, how, note) = (given.action == "accept", given.how, given.reason);
    let said = consent::Answer { side, accepted, how, note };
    consent::answer(&site.app, &me.visitor, id.0, said).await?;
    let (open, names) = consent::one(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(told(&open, &names)))
}
