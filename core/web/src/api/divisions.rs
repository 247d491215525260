//! `/api/v1/divisions`: read by anybody, changed by the county's administrator.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::division::{self, Division, Filter, Typed};
use falin_app::public;
use falin_domain::directory::DivisionLevel;
use falin_domain::refusal::Refusal;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, code, counties, levels, listed, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[];

const DIVISION: Shape = Shape::Object(
    "Division",
    &[
        must("id", Shape::Uuid),
        must("code", Shape::Maybe(&Shape::Text(12))),
        must("name", Shape::Text(200)),
        must("level", Shape::Code(levels)),
        must("parent_id", Shape::Maybe(&Shape::Uuid)),
        must("valid_to", Shape::Maybe(&Shape::Date)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const DIVISIONS: Shape = crate::listed!("Divisions", DIVISION);
const NEW: Shape = Shape::Object(
    "NewDivision",
    &[
        must("name", Shape::Text(100)),
        must("level", Shape::Code(levels)),
        may("code", Shape::Maybe(&Shape::Text(12))),
        may("parent", Shape::Maybe(&Shape::Text(36))),
    ],
);
const ACT: Shape = Shape::Object(
    "DivisionAct",
    &[
        must("action", Shape::OneOf(&["change", "end"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("name", Shape::Text(100)),
        may("code", Shape::Maybe(&Shape::Text(12))),
        may("successor", Shape::Maybe(&Shape::Text(36))),
    ],
);
const FILTERS: &[Member] = &[
    may("parent", Shape::Text(36)),
    may("level", Shape::Code(levels)),
    may("q", Shape::Text(100)),
    may("county", Shape::Text(12)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read("division", "Divisions by code; `parent` takes an id or a code.", &DIVISIONS)
    .query(FILTERS)
    .refusals(&["division.unknown", "county.unknown", "search.digits"]);
/// Document of one.
pub const ONE: Doc = Doc::read("division", "One division.", &DIVISION);
/// Document of a new one.
pub const ADD: Doc = Doc::create("division", "Adds a division.", &NEW, &DIVISION);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("division", "Changes or ends a division.", &ACT, &DIVISION)
    .refusals(&["state.changed", "division.has_children"]);

fn show(division: &Division) -> Value {
    json!({
        "id": division.id, "code": division.code, "name": division.name, "level": division.level.code(),
        "parent_id": division.parent_id, "valid_to": division.valid_to, "version": division.version,
    })
}

/// `GET /api/v1/divisions`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, signed: Option<Signed>, query: Query) -> Answer {
    let within = counties(&site, signed.as_ref(), &query).await?;
    let filter = Filter {
        parent: query.filled("parent").map(str::to_owned),
        level: code(&query, "level", DivisionLevel::from_code),
        q: query.filled("q").unwrap_or_default().to_owned(),
    };
    listed(public::divisions(&site.app, within, filter, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/divisions/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(
    req: HttpRequest,
    site: Data<Site>,
    signed: Option<Signed>,
    query: Query,
    id: PathId<falin_domain::words::DivisionNoun>,
) -> Answer {
    let within = counties(&site, signed.as_ref(), &query).await?;
    let line = public::division(&site.app, within, id.0).await?;
    let found = line.first().ok_or_else(Refusal::absent)?;
    one(&req, 200, found.version, &show(found))
}

/// `POST /api/v1/divisions`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = division::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.version, &show(&made))
}

/// `POST /api/v1/divisions/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<falin_domain::words::DivisionNoun>,
    body: Body,
) -> Answer {
    let line = division::one(&site.app, &me.visitor, id.0).await?;
    let there = line.first().ok_or_else(Refusal::absent)?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "end" => {
            let successor = given.members.get("successor").and_then(Value::as_str).unwrap_or_default();
            division::end(app, visitor, id.0, version, successor).await
        }
        _ => {
            let typed = over(&Typed::of(there), NAMES, &given.members)?;
            division::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.version, &show(&done))
}
