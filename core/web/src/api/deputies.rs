//! `/api/v1/deputies`: who stands in for whom (AB岗), and when.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::deputy::{self, New, Shown};
use falin_domain::page::{Mark, Page};
use falin_domain::time::Date;
use falin_domain::words::{DeputyNoun, WorkerId};
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

const WHO: Shape = Shape::Object("DeputyWorker", &[must("id", Shape::Uuid), must("name", Shape::Text(100))]);
const DEPUTY: Shape = Shape::Object(
    "Deputy",
    &[
        must("id", Shape::Uuid),
        must("worker", WHO),
        must("deputy", WHO),
        must("from", Shape::Date),
        must("to", Shape::Date),
        must("on", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const DEPUTIES: Shape = crate::listed!("Deputies", DEPUTY);
const NEW: Shape = Shape::Object(
    "NewDeputy",
    &[
        must("worker", Shape::Uuid),
        must("deputy", Shape::Uuid),
        must("from", Shape::Date),
        must("to", Shape::Date),
    ],
);
const ACT: Shape = Shape::Object(
    "DeputyAct",
    &[must("action", Shape::OneOf(&["end"])), must("version", Shape::Whole(1, i64::MAX))],
);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "worker",
    "Deputies that are on or to come; those of one worker on either side (`worker`), for lawyers their own.",
    &DEPUTIES,
)
.query(&[may("worker", Shape::Uuid), PAGE[0], PAGE[1]]);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "worker",
    "Names a deputy: from the first day to the last the deputy sees and acts in the worker's open cases.",
    &NEW,
    &DEPUTY,
)
.refusals(&["deputy.overlap"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("worker", "Ends a deputy's time, from now on.", &ACT, &DEPUTY)
    .refusals(&["state.changed", "action.not_allowed"]);

#[derive(Deserialize)]
struct Asked {
    worker: WorkerId,
    deputy: WorkerId,
    from: Date,
    to: Date,
}

fn show(one: &Shown) -> Value {
    let it = &one.deputy;
    json!({
        "id": it.id, "worker": {"id": it.worker_id, "name": one.worker},
        "deputy": {"id": it.deputy_id, "name": one.stands_in},
        "from": it.from_date, "to": it.to_date, "on": one.on, "version": it.version,
    })
}

/// `GET /api/v1/deputies`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let all = deputy::list(&site.app, &me.visitor, query.id("worker")?).await?;
    let mark = |one: &Shown| Mark { key: one.deputy.from_date.to_string(), id: one.deputy.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |one| show(&one))
}

/// `POST /api/v1/deputies`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let Asked { worker, deputy, from, to } = body.json(&NEW)?;
    let made = deputy::add(&site.app, &me.visitor, New { worker, deputy, from, to }).await?;
    one(&req, 201, made.deputy.version, &show(&made))
}

/// `POST /api/v1/deputies/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<DeputyNoun>,
    body: Body,
) -> Answer {
    deputy::there(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let ended = deputy::end(&site.app, &me.visitor, id.0, given.version).await?;
    one(&req, 200, ended.deputy.version, &show(&ended))
}
