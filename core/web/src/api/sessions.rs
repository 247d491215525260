//! `/api/v1/accounts/{id}/sessions` and a household's account: where others are signed in, and a resident's slip.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::{account, household};
use falin_domain::page::{Mark, Page};
use falin_domain::words::{AccountNoun, HouseholdNoun, SessionId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::listed;
use crate::body::Body;
use crate::openapi::{Doc, PAGE};
use crate::problem::Answer;
use crate::query::{PathId, Query, path_id};
use crate::shape::{Shape, must};
use crate::site::Site;
use crate::visitor::Signed;

const SESSION: Shape = Shape::Object(
    "Session",
    &[
        must("id", Shape::Uuid),
        must("device", Shape::Text(60)),
        must("second_factor", Shape::Bool),
        must("since", Shape::Time),
        must("seen", Shape::Time),
        must("until", Shape::Time),
    ],
);
const END: Shape = Shape::Object("SessionAct", &[must("action", Shape::OneOf(&["end"]))]);
const ENDED: Shape =
    Shape::Object("EndedSession", &[must("id", Shape::Uuid), must("state", Shape::OneOf(&["ended"]))]);
const NEW: Shape = Shape::Object("NewResidentAccount", &[must("id_number", Shape::Text(60))]);
const SLIP: Shape = Shape::Object(
    "ResidentAccount",
    &[
        must("id", Shape::Uuid),
        must("username", Shape::Text(32)),
        must("name", Shape::Text(200)),
        must("code", Shape::Text(20)),
        must("until", Shape::Time),
    ],
);

/// Document of the sessions.
pub const LIST: Doc = Doc::read(
    "account",
    "Where an account is signed in, the one seen last first.",
    &crate::listed!("Sessions", SESSION),
)
.query(&PAGE);
/// Document of ending one.
pub const ACTS: Doc = Doc::act("account", "Ends a session of an account.", &END, &ENDED);
/// Document of a resident's account.
pub const OPEN: Doc = Doc::create(
    "household",
    "Opens an account for the person of a household whose ID card is at hand, or gives the one that is there a new \
     slip: its code is shown this once.",
    &NEW,
    &SLIP,
)
.refusals(&["account.disabled", "account.wider"]);

/// `GET /api/v1/accounts/{id}/sessions`.
///
/// # Errors
/// `not_found`.
pub async fn list(site: Data<Site>, me: Signed, id: PathId<AccountNoun>, query: Query) -> Answer {
    let (all, _) = account::sessions_of(&site.app, &me.visitor, id.0).await?;
    let mark = |it: &account::Session| Mark {
        key: format!("{:020}", i64::MAX - it.seen.millis()),
        id: it.id.uuid(),
    };
    listed(Page::of_all(all, &query.window()?, mark), |it| {
        json!({
            "id": it.id, "device": it.device, "second_factor": it.second_factor, "since": it.created,
            "seen": it.seen, "until": it.until,
        })
    })
}

/// `POST /api/v1/accounts/{id}/sessions/{session}/actions`.
///
/// # Errors
/// `not_found`.
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<AccountNoun>,
    body: Body,
) -> Answer {
    let session: SessionId = path_id(&req, "session")?;
    account::one(&site.app, &me.visitor, id.0).await?;
    let _: Value = body.json(&END)?;
    account::end_session_of(&site.app, &me.visitor, id.0, session).await?;
    Ok(HttpResponse::Ok().json(json!({ "id": session, "state": "ended" })))
}

#[derive(Deserialize)]
struct New {
    id_number: String,
}

/// `POST /api/v1/households/{id}/account`.
///
/// # Errors
/// See [`OPEN`].
pub async fn open(site: Data<Site>, me: Signed, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    household::seen(&site.app, &me.visitor, id.0).await?;
    let new: New = body.json(&NEW)?;
    let slip = account::for_resident(&site.app, &me.visitor, id.0, &new.id_number).await?;
    Ok(HttpResponse::Created().json(json!({
        "id": slip.account, "username": slip.username, "name": slip.display_name, "code": slip.code,
        "until": slip.until,
    })))
}
