//! `/api/v1/grids`: the smallest patches of a village.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::grid::{self, Placed, Typed};
use falin_domain::words::GridNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, PLACE, listed, one, place};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("worker_id", "worker")];

const GRID: Shape = Shape::Object(
    "Grid",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(200)),
        must("village", Shape::Maybe(&PLACE)),
        must("keeper", Shape::Text(100)),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const GRIDS: Shape = crate::listed!("Grids", GRID);
const NEW: Shape = Shape::Object(
    "NewGrid",
    &[
        must("name", Shape::Text(100)),
        must("village", Shape::Text(36)),
        may("keeper", Shape::Text(100)),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
    ],
);
const ACT: Shape = Shape::Object(
    "GridAct",
    &[
        must("action", Shape::OneOf(&["change"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("name", Shape::Text(100)),
        may("village", Shape::Text(36)),
        may("keeper", Shape::Text(100)),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
    ],
);
const FILTERS: &[Member] =
    &[may("village", Shape::Text(36)), crate::openapi::PAGE[0], crate::openapi::PAGE[1]];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("grid", "Grids by village and name; `village` takes an id or a code of any division.", &GRIDS)
        .query(FILTERS)
        .refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("grid", "One grid.", &GRID);
/// Document of a new one.
pub const ADD: Doc = Doc::create("grid", "Adds a grid.", &NEW, &GRID);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("grid", "Changes a grid.", &ACT, &GRID).refusals(&["state.changed"]);

fn show(placed: &Placed) -> Value {
    let it = &placed.grid;
    json!({
        "id": it.id, "name": it.name, "village": placed.line.first().map(place), "keeper": it.keeper,
        "worker_id": it.worker_id, "version": it.version,
    })
}

/// `GET /api/v1/grids`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let village = query.filled("village").map(str::to_owned);
    listed(grid::list(&site.app, &me.visitor, village, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/grids/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<GridNoun>) -> Answer {
    let found = grid::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.grid.version, &show(&found))
}

/// `POST /api/v1/grids`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = grid::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.grid.version, &show(&made))
}

/// `POST /api/v1/grids/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<GridNoun>, body: Body) -> Answer {
    let there = grid::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let typed = over(&Typed::of(&there), NAMES, &given.members)?;
    let done =
        grid::change(&site.app, &me.visitor, id.0, given.version, &typed).await.map_err(told(NAMES))?;
    one(&req, 200, done.grid.version, &show(&done))
}
