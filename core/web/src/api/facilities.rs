//! `/api/v1/facilities`: read by anybody, kept by the county's administrator.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::facility::{self, Filter, Placed, Typed};
use falin_app::public;
use falin_domain::directory::FacilityKind;
use falin_domain::words::FacilityNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, PLACE, code, counties, listed, one, place, plain, truth};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("division", "place")];

fn kinds() -> Vec<&'static str> {
    FacilityKind::ALL.iter().map(|kind| kind.code()).collect()
}

const FACILITY: Shape = Shape::Object(
    "Facility",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(200)),
        must("division", Shape::Maybe(&PLACE)),
        must("address", Shape::Text(400)),
        must("phone", Shape::Text(200)),
        must("hours", Shape::Text(400)),
        must("access", Shape::Text(400)),
        must("active", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const FACILITIES: Shape = crate::listed!("Facilities", FACILITY);
const NEW: Shape = Shape::Object(
    "NewFacility",
    &[
        must("kind", Shape::Code(kinds)),
        must("name", Shape::Text(100)),
        must("division", Shape::Text(36)),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(200)),
        may("hours", Shape::Text(200)),
        may("access", Shape::Text(200)),
    ],
);
const ACT: Shape = Shape::Object(
    "FacilityAct",
    &[
        must("action", Shape::OneOf(&["change", "close", "reopen"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("kind", Shape::Code(kinds)),
        may("name", Shape::Text(100)),
        may("division", Shape::Text(36)),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(200)),
        may("hours", Shape::Text(200)),
        may("access", Shape::Text(200)),
    ],
);
const FILTERS: &[Member] = &[
    may("division", Shape::Text(36)),
    may("kind", Shape::Code(kinds)),
    may("active", Shape::Bool),
    may("county", Shape::Text(12)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "facility",
    "Facilities at or below `division` (id or code), centres first; open ones for callers without a token.",
    &FACILITIES,
)
.query(FILTERS)
.refusals(&["division.unknown", "county.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("facility", "One facility.", &FACILITY);
/// Document of a new one.
pub const ADD: Doc = Doc::create("facility", "Adds a facility.", &NEW, &FACILITY);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("facility", "Changes, closes or reopens a facility.", &ACT, &FACILITY)
    .refusals(&["state.changed", "action.not_allowed"]);

fn show(placed: &Placed) -> Value {
    let it = &placed.facility;
    json!({
        "id": it.id, "kind": it.kind.code(), "name": it.name, "division": placed.line.first().map(place),
        "address": it.address, "phone": it.phone, "hours": it.hours, "access": it.access,
        "active": it.active, "version": it.version,
    })
}

/// `GET /api/v1/facilities`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, signed: Option<Signed>, query: Query) -> Answer {
    let filter = Filter {
        kind: code(&query, "kind", FacilityKind::from_code),
        place: query.filled("division").map(str::to_owned),
        active: truth(&query, "active"),
    };
    let page = match &signed {
        Some(me) => facility::list(&site.app, &me.visitor, filter, query.window()?).await?,
        None => {
            let within = counties(&site, None, &query).await?;
            public::facilities(&site.app, within, filter, query.window()?).await?
        }
    };
    listed(page, |row| show(&row))
}

/// `GET /api/v1/facilities/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(
    req: HttpRequest,
    site: Data<Site>,
    signed: Option<Signed>,
    query: Query,
    id: PathId<FacilityNoun>,
) -> Answer {
    let found = match &signed {
        Some(me) => facility::one(&site.app, &me.visitor, id.0).await?,
        None => public::facility(&site.app, counties(&site, None, &query).await?, id.0).await?,
    };
    one(&req, 200, found.facility.version, &show(&found))
}

/// `POST /api/v1/facilities`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = facility::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.facility.version, &show(&made))
}

/// `POST /api/v1/facilities/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<FacilityNoun>,
    body: Body,
) -> Answer {
    let there = facility::one(&site.app, &me.visitor, id.0).await.map_err(plain)?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "close" => facility::set_open(app, visitor, id.0, version, false).await,
        "reopen" => facility::set_open(app, visitor, id.0, version, true).await,
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            facility::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.facility.version, &show(&done))
}
