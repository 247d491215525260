//! `/api/v1/adviser-posts`: which legal worker advises which village, from when to when.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::adviser::{self, Filter, Held, State, Typed};
use falin_domain::words::AdviserPostNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, PLACE, code, listed, one, place};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("worker_id", "worker")];

fn states() -> Vec<&'static str> {
    State::ALL.iter().map(|state| state.code()).collect()
}

const POST: Shape = Shape::Object(
    "AdviserPost",
    &[
        must("id", Shape::Uuid),
        must("village", Shape::Maybe(&PLACE)),
        must("worker_id", Shape::Uuid),
        must("worker", Shape::Text(100)),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
        must("hours", Shape::Text(400)),
        must("state", Shape::Code(states)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const POSTS: Shape = crate::listed!("AdviserPosts", POST);
const NEW: Shape = Shape::Object(
    "NewAdviserPost",
    &[
        must("village", Shape::Text(36)),
        must("worker_id", Shape::Uuid),
        must("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
        may("hours", Shape::Text(200)),
    ],
);
const ACT: Shape = Shape::Object(
    "AdviserPostAct",
    &[
        must("action", Shape::OneOf(&["change", "end"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("on", Shape::Date),
        may("village", Shape::Text(36)),
        may("worker_id", Shape::Uuid),
        may("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
        may("hours", Shape::Text(200)),
    ],
);
const FILTERS: &[Member] = &[
    may("village", Shape::Text(36)),
    may("worker_id", Shape::Uuid),
    may("state", Shape::Code(states)),
    may("q", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "adviser-post",
    "Adviser posts, past ones included, by village; `village` takes an id or a code of any division.",
    &POSTS,
)
.query(FILTERS)
.refusals(&["division.unknown", "search.digits"]);
/// Document of one.
pub const ONE: Doc = Doc::read("adviser-post", "One adviser post.", &POST);
/// Document of a new one.
pub const ADD: Doc = Doc::create("adviser-post", "Gives a post.", &NEW, &POST).refusals(&["post.overlap"]);
/// Document of the acts.
pub const ACTS: Doc =
    Doc::act("adviser-post", "Changes a post, or ends it with the last day `on`.", &ACT, &POST).refusals(&[
        "state.changed",
        "action.not_allowed",
        "post.overlap",
    ]);

fn show(held: &Held) -> Value {
    let it = &held.post;
    json!({
        "id": it.id, "village": held.line.first().map(place), "worker_id": it.worker_id,
        "worker": held.worker.name, "from": it.from_date, "to": it.to_date, "hours": it.hours,
        "state": held.state.code(), "version": it.version,
    })
}

/// `GET /api/v1/adviser-posts`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        place: query.filled("village").map(str::to_owned),
        worker: query.id("worker_id")?,
        state: code(&query, "state", State::from_code),
        q: query.filled("q").unwrap_or_default().to_owned(),
    };
    let page = adviser::list(&site.app, &me.visitor, filter, query.window()?).await?;
    listed(page, |row| show(&row))
}

/// `GET /api/v1/adviser-posts/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<AdviserPostNoun>) -> Answer {
    let found = adviser::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.post.version, &show(&found))
}

/// `POST /api/v1/adviser-posts`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = adviser::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.post.version, &show(&made))
}

/// `POST /api/v1/adviser-posts/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<AdviserPostNoun>,
    body: Body,
) -> Answer {
    let there = adviser::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "end" => adviser::end(app, visitor, id.0, version, given.date("on")?).await,
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            adviser::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.post.version, &show(&done))
}
