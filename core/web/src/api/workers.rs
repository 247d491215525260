//! `/api/v1/legal-workers`: legal workers of every kind.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::worker::{self, Filter, Shown, Typed};
use falin_domain::directory::{Gender, WorkerKind};
use falin_domain::words::WorkerNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told, words};
use super::{Given, PLACE, code, listed, one, place, truth};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("firm_id", "firm")];

pub(super) fn kinds() -> Vec<&'static str> {
    WorkerKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn genders() -> Vec<&'static str> {
    Gender::ALL.iter().map(|gender| gender.code()).collect()
}

const WORDS: Shape = Shape::List(&Shape::Text(100), 100);

const WORKER: Shape = Shape::Object(
    "LegalWorker",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(100)),
        must("gender", Shape::Maybe(&Shape::Code(genders))),
        must("firm_id", Shape::Maybe(&Shape::Uuid)),
        must("firm", Shape::Maybe(&Shape::Text(200))),
        must("licence", Shape::Maybe(&Shape::Text(20))),
        must("practice_since", Shape::Maybe(&Shape::Date)),
        must("phone", Shape::Text(200)),
        must("specialties", WORDS),
        must("languages", WORDS),
        must("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
        must("households", Shape::Maybe(&Shape::Whole(0, i64::MAX))),
        must("villages", Shape::List(&PLACE, 1000)),
        must("away", Shape::Bool),
        must("away_until", Shape::Maybe(&Shape::Date)),
        must("active", Shape::Bool),
        must("left_on", Shape::Maybe(&Shape::Date)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const WORKERS: Shape = crate::listed!("LegalWorkers", WORKER);
const NEW: Shape = Shape::Object(
    "NewLegalWorker",
    &[
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(100)),
        may("gender", Shape::Maybe(&Shape::Code(genders))),
        may("firm_id", Shape::Maybe(&Shape::Uuid)),
        may("licence", Shape::Maybe(&Shape::Text(40))),
        may("practice_since", Shape::Maybe(&Shape::Date)),
        may("phone", Shape::Text(200)),
        may("specialties", WORDS),
        may("languages", WORDS),
        may("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
    ],
);
const ACT: Shape = Shape::Object(
    "LegalWorkerAct",
    &[
        must("action", Shape::OneOf(&["change", "end", "return"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("on", Shape::Date),
        may("kind", Shape::Code(kinds)),
        may("name", Shape::Text(100)),
        may("gender", Shape::Maybe(&Shape::Code(genders))),
        may("firm_id", Shape::Maybe(&Shape::Uuid)),
        may("licence", Shape::Maybe(&Shape::Text(40))),
        may("practice_since", Shape::Maybe(&Shape::Date)),
        may("phone", Shape::Text(200)),
        may("specialties", WORDS),
        may("languages", WORDS),
        may("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
    ],
);
const FILTERS: &[Member] = &[
    may("kind", Shape::Code(kinds)),
    may("firm_id", Shape::Uuid),
    may("place", Shape::Text(36)),
    may("specialty", Shape::Text(100)),
    may("language", Shape::Text(100)),
    may("active", Shape::Bool),
    may("q", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("legal-worker", "Legal workers in pinyin order; `place` takes an id or a code.", &WORKERS)
        .query(FILTERS)
        .refusals(&["division.unknown", "search.digits"]);
/// Document of one.
pub const ONE: Doc = Doc::read("legal-worker", "One legal worker.", &WORKER);
/// Document of a new one.
pub const ADD: Doc =
    Doc::create("legal-worker", "Adds a legal worker.", &NEW, &WORKER).refusals(&["worker.duplicate"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "legal-worker",
    "Changes a legal worker; `end` sets the last day `on`, `return` takes it back.",
    &ACT,
    &WORKER,
)
.refusals(&["state.changed", "action.not_allowed", "worker.duplicate"]);

/// The last day of a leave; null in JSON where nobody knows it.
pub(super) fn away_until(leave: &falin_app::leave::Leave) -> Option<falin_domain::time::Date> {
    Some(leave.to_date).filter(|to| *to < falin_app::leave::open_end())
}

fn show(shown: &Shown) -> Value {
    let it = &shown.worker;
    json!({
        "id": it.id, "kind": it.kind.code(), "name": it.name, "gender": it.gender.map(|g| g.code()),
        "firm_id": it.firm_id, "firm": shown.firm.as_ref().map(|firm| &firm.name), "licence": it.licence,
        "practice_since": it.practice_since, "phone": it.phone, "specialties": words(&it.specialties), "languages": words(&it.languages),
        "capacity": it.capacity, "households": shown.households,
        "villages": shown.villages.iter().map(|(_, village)| place(village)).collect::<Vec<_>>(),
        "away": shown.away.is_some(), "away_until": shown.away.as_ref().and_then(away_until),
        "active": it.active, "left_on": it.left_on, "version": it.version,
    })
}

/// `GET /api/v1/legal-workers`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let text = |name: &str| query.filled(name).map(str::to_owned);
    let filter = Filter {
        kind: code(&query, "kind", WorkerKind::from_code),
        firm: query.id("firm_id")?,
        place: text("place"),
        specialty: text("specialty"),
        language: text("language"),
        active: truth(&query, "active"),
        q: text("q").unwrap_or_default(),
        ..Filter::default()
    };
    let page = worker::list(&site.app, &me.visitor, filter, query.window()?).await?;
    listed(page, |row| show(&row))
}

/// `GET /api/v1/legal-workers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<WorkerNoun>) -> Answer {
    answer(&req, 200, &site, &me, id).await
}

async fn answer(
    req: &HttpRequest,
    status: u16,
    site: &Data<Site>,
    me: &Signed,
    id: PathId<WorkerNoun>,
) -> Answer {
    let found = worker::one(&site.app, &me.visitor, id.0).await?.shown;
    one(req, status, found.worker.version, &show(&found))
}

/// `POST /api/v1/legal-workers`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = worker::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    answer(&req, 201, &site, &me, PathId(made.id)).await
}

/// `POST /api/v1/legal-workers/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<WorkerNoun>,
    body: Body,
) -> Answer {
    let there = worker::one(&site.app, &me.visitor, id.0).await?.shown.worker;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "end" => worker::set_last_day(app, visitor, id.0, version, Some(given.date("on")?)).await,
        "return" => worker::set_last_day(app, visitor, id.0, version, None).await,
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            worker::change(app, visitor, id.0, version, &typed).await
        }
    };
    done.map_err(told(NAMES))?;
    answer(&req, 200, &site, &me, id).await
}
