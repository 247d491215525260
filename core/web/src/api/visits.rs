//! `/api/v1/visits`: visits to households and villages.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::visit::{self, Filter, One, Shown, Typed};
use falin_domain::duty::{VisitPurpose, VisitState};
use falin_domain::words::VisitNoun;
use serde_json::{Map, Value, json};

use super::duty_shifts::PERSON;
use super::form::{Names, over, told};
use super::{Given, PLACE, code, listed, one, place};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("worker_id", "worker"), ("household_id", "household")];

fn purposes() -> Vec<&'static str> {
    VisitPurpose::ALL.iter().map(|purpose| purpose.code()).collect()
}

fn states() -> Vec<&'static str> {
    VisitState::ALL.iter().map(|state| state.code()).collect()
}

const MINUTES: Shape = Shape::Whole(0, 1_440);
const VISIT: Shape = Shape::Object(
    "Visit",
    &[
        must("id", Shape::Uuid),
        must("worker", PERSON),
        must("village", Shape::Maybe(&PLACE)),
        must("household_id", Shape::Maybe(&Shape::Uuid)),
        must("purpose", Shape::Code(purposes)),
        must("planned_on", Shape::Date),
        must("done_on", Shape::Maybe(&Shape::Date)),
        must("minutes", Shape::Maybe(&MINUTES)),
        must("follow_up_on", Shape::Maybe(&Shape::Date)),
        must("state", Shape::Code(states)),
        must("service_log_id", Shape::Maybe(&Shape::Uuid)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const VISITS: Shape = crate::listed!("Visits", VISIT);
const FULL: Shape = Shape::Object(
    "VisitOpened",
    &[
        must("visit", VISIT),
        must("found", Shape::Text(4_000)),
        must("follow_up", Shape::Text(4_000)),
        must("allowed_actions", Shape::List(&Shape::Text(20), 20)),
    ],
);
macro_rules! members {
    ($($first:expr),* $(,)?) => {
        &[
            $($first,)*
            may("worker_id", Shape::Uuid),
            may("household_id", Shape::Maybe(&Shape::Uuid)),
            may("village", Shape::Text(36)),
            may("planned_on", Shape::Date),
            may("done_on", Shape::Date),
            may("minutes", MINUTES),
            may("found", Shape::Text(4_000)),
            may("follow_up", Shape::Text(4_000)),
            may("follow_up_on", Shape::Maybe(&Shape::Date)),
        ]
    };
}
const NEW: Shape = Shape::Object("NewVisit", members![must("purpose", Shape::Code(purposes))]);
const ACT: Shape = Shape::Object(
    "VisitAct",
    members![
        must("action", Shape::OneOf(&["do", "change", "cancel"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("purpose", Shape::Code(purposes)),
    ],
);
const FILTERS: &[Member] = &[
    may("from", Shape::Date),
    may("to", Shape::Date),
    may("village", Shape::Text(36)),
    may("worker_id", Shape::Uuid),
    may("household_id", Shape::Uuid),
    may("state", Shape::Code(states)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("visit", "Visits, the latest day first; a lawyer sees the own ones.", &VISITS)
        .query(FILTERS)
        .refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("visit", "One visit with what was found.", &FULL);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "visit",
    "Plans a visit to a household or a village; with `done_on` and `found` it is entered as done.",
    &NEW,
    &FULL,
);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "visit",
    "Says that a visit is done (`done_on`, today if absent, and `found`), changes or cancels a planned one.",
    &ACT,
    &FULL,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn show(shown: &Shown) -> Value {
    let it = &shown.visit;
    json!({
        "id": it.id,
        "worker": {"id": it.worker_id, "name": shown.worker.as_ref().map_or("", |w| &w.name)},
        "village": shown.village.as_ref().map(place), "household_id": it.household_id, "purpose": it.purpose,
        "planned_on": it.planned_on, "done_on": it.done_on, "minutes": it.minutes,
        "follow_up_on": it.follow_up_on, "state": it.state, "service_log_id": it.log_id, "version": it.version,
    })
}

fn full(found: &One) -> Value {
    json!({
        "visit": show(&found.shown), "found": found.found, "follow_up": found.follow_up,
        "allowed_actions": found.acts,
    })
}

/// `GET /api/v1/visits`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
        place: None,
        worker: query.id("worker_id")?,
        household: query.id("household_id")?,
        state: code(&query, "state", VisitState::from_code),
    };
    let village = query.filled("village").map(str::to_owned);
    listed(visit::list(&site.app, &me.visitor, filter, village, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/visits/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<VisitNoun>) -> Answer {
    let found = visit::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.shown.visit.version, &full(&found))
}

/// `POST /api/v1/visits`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = visit::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.shown.visit.version, &full(&made))
}

/// `POST /api/v1/visits/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<VisitNoun>,
    body: Body,
) -> Answer {
    let there = visit::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "cancel" => visit::cancel(app, visitor, id.0, version).await,
        action => {
            let mut typed: Typed = over(&Typed::of(&there), NAMES, &given.members)?;
            match action {
                "do" if typed.done_on.is_empty() => typed.done_on = site.app.today().to_string(),
                "change" => typed.done_on.clear(),
                _ => {}
            }
            visit::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.shown.visit.version, &full(&done))
}
