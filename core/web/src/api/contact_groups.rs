//! `/api/v1/contact-groups`: the register of chat groups.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::group::{self, Shown, Typed};
use falin_domain::duty::Platform;
use falin_domain::words::GroupNoun;
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

const NAMES: Names = &[("division", "place"), ("worker_id", "worker")];

fn platforms() -> Vec<&'static str> {
    Platform::ALL.iter().map(|platform| platform.code()).collect()
}

const MEMBERS: Shape = Shape::Whole(0, 100_000);
const GROUP: Shape = Shape::Object(
    "ContactGroup",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(100)),
        must("platform", Shape::Code(platforms)),
        must("division", Shape::Maybe(&PLACE)),
        must("keeper", Shape::Text(50)),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("members", MEMBERS),
        must("pushes_this_year", Shape::Whole(0, i64::MAX)),
        must("active", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const GROUPS: Shape = crate::listed!("ContactGroups", GROUP);
const NEW: Shape = Shape::Object(
    "NewContactGroup",
    &[
        must("name", Shape::Text(100)),
        must("platform", Shape::Code(platforms)),
        must("division", Shape::Text(36)),
        may("keeper", Shape::Text(50)),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
        may("members", MEMBERS),
    ],
);
const ACT: Shape = Shape::Object(
    "ContactGroupAct",
    &[
        must("action", Shape::OneOf(&["change"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("name", Shape::Text(100)),
        may("platform", Shape::Code(platforms)),
        may("division", Shape::Text(36)),
        may("keeper", Shape::Text(50)),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
        may("members", MEMBERS),
        may("active", Shape::Bool),
    ],
);
const FILTERS: &[Member] =
    &[may("division", Shape::Text(36)), crate::openapi::PAGE[0], crate::openapi::PAGE[1]];

/// Document of the list.
pub const LIST: Doc =
    Doc::read("contact-group", "Chat groups by name, with what was pushed to each this year (条).", &GROUPS)
        .query(FILTERS)
        .refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("contact-group", "One group.", &GROUP);
/// Document of a new one.
pub const ADD: Doc =
    Doc::create("contact-group", "Registers a group.", &NEW, &GROUP).refusals(&["group.taken"]);
/// Document of the acts.
pub const ACTS: Doc =
    Doc::act("contact-group", "Changes a group, or with `active` false gives it up.", &ACT, &GROUP)
        .refusals(&["state.changed", "group.taken"]);

fn show(shown: &Shown) -> Value {
    let it = &shown.group;
    json!({
        "id": it.id, "name": it.name, "platform": it.platform, "division": shown.place.as_ref().map(place),
        "keeper": it.keeper, "worker_id": it.worker_id, "members": it.members,
        "pushes_this_year": shown.pushes, "active": it.active, "version": it.version,
    })
}

/// `GET /api/v1/contact-groups`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let place = query.filled("division").map(str::to_owned);
    listed(group::list(&site.app, &me.visitor, place, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/contact-groups/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<GroupNoun>) -> Answer {
    let found = group::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.group.version, &show(&found))
}

/// `POST /api/v1/contact-groups`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = group::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.group.version, &show(&made))
}

/// `POST /api/v1/contact-groups/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<GroupNoun>,
    body: Body,
) -> Answer {
    let there = group::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let typed = over(&Typed::of(&there.group), NAMES, &given.members)?;
    let done = group::change(&site.app, &me.visitor, id.0, given.version, &typed).await;
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.group.version, &show(&done))
}
