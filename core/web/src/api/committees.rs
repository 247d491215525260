//! `/api/v1/committees`: mediation committees with their members and what the law finds lacking.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::committee::{self, Seated, Typed, TypedMember};
use falin_domain::words::CommitteeNoun;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, PLACE, listed, one, place};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("division", "place")];
const KINDS: Shape = Shape::OneOf(&[
    "village",
    "community",
    "township",
    "county",
    "enterprise",
    "industry",
    "studio",
    "lawyer_team",
    "court",
]);
const DUTIES: Shape = Shape::OneOf(&["chair", "deputy", "member", "mediator"]);
const MEMBER: Shape = Shape::Object(
    "CommitteeMember",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(100)),
        must("gender", Shape::Maybe(&Shape::Text(10))),
        must("duty", DUTIES),
        must("minority", Shape::Bool),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
    ],
);
const COMMITTEE: Shape = Shape::Object(
    "Committee",
    &[
        must("id", Shape::Uuid),
        must("kind", KINDS),
        must("name", Shape::Text(200)),
        must("parent_id", Shape::Maybe(&Shape::Uuid)),
        must("division", Shape::Maybe(&PLACE)),
        must("address", Shape::Text(400)),
        must("phone", Shape::Text(100)),
        must("term_from", Shape::Date),
        must("term_to", Shape::Date),
        must("active", Shape::Bool),
        must("lacking", Shape::List(&Shape::Text(40), 20)),
        must("members", Shape::List(&MEMBER, 1000)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const COMMITTEES: Shape = crate::listed!("Committees", COMMITTEE);
const NEW: Shape = Shape::Object(
    "NewCommittee",
    &[
        must("kind", KINDS),
        must("name", Shape::Text(100)),
        must("term_from", Shape::Date),
        may("term_to", Shape::Maybe(&Shape::Date)),
        may("parent", Shape::Maybe(&Shape::Uuid)),
        may("division", Shape::Maybe(&Shape::Text(36))),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(60)),
    ],
);
const ACT: Shape = Shape::Object(
    "CommitteeAct",
    &[
        must("action", Shape::OneOf(&["change", "dissolve", "restore", "join", "leave"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("kind", KINDS),
        may("name", Shape::Text(100)),
        may("term_from", Shape::Date),
        may("term_to", Shape::Maybe(&Shape::Date)),
        may("parent", Shape::Maybe(&Shape::Uuid)),
        may("division", Shape::Maybe(&Shape::Text(36))),
        may("address", Shape::Text(200)),
        may("phone", Shape::Text(60)),
        may("gender", Shape::OneOf(&["male", "female"])),
        may("duty", DUTIES),
        may("minority", Shape::Bool),
        may("worker", Shape::Maybe(&Shape::Uuid)),
        may("from", Shape::Date),
        may("member", Shape::Uuid),
    ],
);

/// Document of the list.
pub const LIST: Doc =
    Doc::read("committee", "Mediation committees by name.", &COMMITTEES).query(&crate::openapi::PAGE);
/// Document of one.
pub const ONE: Doc = Doc::read("committee", "One committee with its members, past ones last.", &COMMITTEE);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "committee",
    "Adds a committee; its term is three years unless said otherwise.",
    &NEW,
    &COMMITTEE,
)
.refusals(&["committee.duplicate"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "committee",
    "Changes, dissolves or restores a committee; `join` takes a name and a duty, `leave` the id of a member.",
    &ACT,
    &COMMITTEE,
)
.refusals(&["state.changed", "action.not_allowed", "committee.duplicate", "committee.chair"]);

fn show(seated: &Seated) -> Value {
    let it = &seated.committee;
    let members = seated.members.iter().map(|m| {
        json!({
            "id": m.id, "name": m.name, "gender": m.gender, "duty": m.duty, "minority": m.minority,
            "worker_id": m.worker_id, "from": m.from_date.to_string(), "to": m.to_date.map(|day| day.to_string()),
        })
    });
    json!({
        "id": it.id, "kind": it.kind, "name": it.name, "parent_id": it.parent_id,
        "division": seated.place.as_ref().map(place), "address": it.address, "phone": it.phone,
        "term_from": it.term_from.to_string(), "term_to": it.term_to.to_string(), "active": it.active,
        "lacking": seated.lacking, "members": members.collect::<Vec<_>>(), "version": it.version,
    })
}

/// `GET /api/v1/committees`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    listed(committee::list(&site.app, &me.visitor, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/committees/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<CommitteeNoun>) -> Answer {
    let found = committee::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.committee.version, &show(&found))
}

/// `POST /api/v1/committees`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = committee::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.committee.version, &show(&made))
}

/// `POST /api/v1/committees/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<CommitteeNoun>,
    body: Body,
) -> Answer {
    let there = committee::one(&site.app, &me.visitor, id.0).await?;
    let mut given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "dissolve" => committee::change(app, visitor, id.0, version, None, Some(false)).await,
        "restore" => committee::change(app, visitor, id.0, version, None, Some(true)).await,
        "join" => {
            let minority = given.members.remove("minority").and_then(|v| v.as_bool()).unwrap_or(false);
            let mut typed: TypedMember = over(&TypedMember::default(), &[], &given.members)?;
            typed.minority = if minority { "on" } else { "" }.to_owned();
            committee::join(app, visitor, id.0, version, &typed).await
        }
        "leave" => {
            let member =
                given.members.get("member").and_then(Value::as_str).and_then(|text| text.parse().ok());
            let member = member.ok_or_else(|| falin_domain::refusal::Refusal::field("member", "required"))?;
            committee::leave(app, visitor, id.0, version, member).await
        }
        _ => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            committee::change(app, visitor, id.0, version, Some(&typed), None).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.committee.version, &show(&done))
}
