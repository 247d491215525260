//! `/api/v1/firms`: law firms, legal service offices, notary offices, aid centres.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::firm::{self, Filter, Firm, Typed};
use falin_domain::directory::FirmKind;
use falin_domain::words::FirmNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, code, listed, one, truth};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[];

fn kinds() -> Vec<&'static str> {
    FirmKind::ALL.iter().map(|kind| kind.code()).collect()
}

const FIRM: Shape = Shape::Object(
    "Firm",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(200)),
        must("uscc", Shape::Maybe(&Shape::Text(18))),
        must("address", Shape::Text(400)),
        must("phone", Shape::Text(200)),
        must("head", Shape::Text(100)),
        must("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
        must("active", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const FIRMS: Shape = crate::listed!("Firms", FIRM);
const NEW: Shape = Shape::Object(
    "NewFirm",
    &[
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(100)),
        may("uscc", Shape::Maybe(&Shape::Text(18))),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(200)),
        may("head", Shape::Text(100)),
        may("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
    ],
);
const ACT: Shape = Shape::Object(
    "FirmAct",
    &[
        must("action", Shape::OneOf(&["change", "close", "reopen"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("kind", Shape::Code(kinds)),
        may("name", Shape::Text(100)),
        may("uscc", Shape::Maybe(&Shape::Text(18))),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(200)),
        may("head", Shape::Text(100)),
        may("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
    ],
);
const FILTERS: &[Member] = &[
    may("kind", Shape::Code(kinds)),
    may("active", Shape::Bool),
    may("q", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("firm", "Firms in pinyin order.", &FIRMS).query(FILTERS).refusals(&["search.digits"]);
/// Document of one.
pub const ONE: Doc = Doc::read("firm", "One firm.", &FIRM);
/// Document of a new one.
pub const ADD: Doc = Doc::create("firm", "Adds a firm.", &NEW, &FIRM).refusals(&["firm.duplicate"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("firm", "Changes, closes or reopens a firm.", &ACT, &FIRM).refusals(&[
    "state.changed",
    "action.not_allowed",
    "firm.duplicate",
    "firm.has_workers",
]);

fn show(it: &Firm) -> Value {
    json!({
        "id": it.id, "kind": it.kind.code(), "name": it.name, "uscc": it.uscc, "address": it.address,
        "phone": it.phone, "head": it.head_name, "capacity": it.capacity, "active": it.active,
        "version": it.version,
    })
}

/// `GET /api/v1/firms`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        kind: code(&query, "kind", FirmKind::from_code),
        active: truth(&query, "active"),
        q: query.filled("q").unwrap_or_default().to_owned(),
    };
    let page = firm::list(&site.app, &me.visitor, filter, query.window()?).await?;
    listed(page, |row| show(&row.firm))
}

/// `GET /api/v1/firms/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<FirmNoun>) -> Answer {
    let found = firm::one(&site.app, &me.visitor, id.0).await?.counted.firm;
    one(&req, 200, found.version, &show(&found))
}

/// `POST /api/v1/firms`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = firm::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.version, &show(&made))
}

/// `POST /api/v1/firms/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<FirmNoun>, body: Body) -> Answer {
    let there = firm::one(&site.app, &me.visitor, id.0).await?.counted.firm;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "close" => firm::set_open(app, visitor, id.0, version, false).await,
        "reopen" => firm::set_open(app, visitor, id.0, version, true).await,
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            firm::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.version, &show(&done))
}
