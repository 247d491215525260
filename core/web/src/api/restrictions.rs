//! `/api/v1/restrictions`: wishes for erasure, what is only stored, and its destruction; and one's own wish.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::restriction::{self, Filter, New, Opened, Own, Shown, Taken, Typed};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::{OpenReason, RestrictionAct, RestrictionState};
use falin_domain::time::Instant;
use falin_domain::words::{HouseholdId, RestrictionNoun};
use serde::Deserialize;
use serde_json::{Value, json};

use super::households::{VILLAGE, village_json};
use super::{Given, code, listed, one, truth};
use crate::body::Body;
use crate::idempotency::Revealing;
use crate::openapi::{Doc, PAGE, Reply};
use crate::pages::restrictions::zipped;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const VERSION: Shape = Shape::Whole(1, i64::MAX);
const COUNT: Shape = Shape::Whole(0, i64::MAX);
const TIME: Shape = Shape::Maybe(&Shape::Time);
const NAME: Shape = Shape::Text(200);
const REASON: Shape = Shape::Text(500);
const REFERENCE: Shape = Shape::Text(60);

fn states() -> Vec<&'static str> {
    RestrictionState::ALL.iter().map(|state| state.code()).collect()
}

/// Names of the acts on a wish; `open` shows what is stored.
fn acts() -> Vec<&'static str> {
    RestrictionAct::ALL.iter().map(|act| act.code()).chain(["open"]).collect()
}

fn whys() -> Vec<&'static str> {
    OpenReason::ALL.iter().map(|reason| reason.code()).collect()
}

const CASE: Shape = Shape::Object(
    "RestrictedCase",
    &[must("id", Shape::Uuid), must("flow", NAME), must("number", NAME), must("closed_at", TIME)],
);
const MEMBER: Shape = Shape::Object(
    "StoredMember",
    &[
        must("name", NAME),
        must("relation", Shape::Text(20)),
        must("id_number", Shape::Maybe(&Shape::Text(60))),
    ],
);
const STORED_CASE: Shape = Shape::Object(
    "StoredCase",
    &[
        must("number", NAME),
        must("flow", NAME),
        must("values", Shape::Any),
        must("parties", Shape::List(&NAME, 10_000)),
        must("files", Shape::List(&Shape::Text(500), 1_000)),
    ],
);
const NOTE: Shape =
    Shape::Object("StoredNote", &[must("day", Shape::Date), must("text", Shape::Text(10_000))]);
const OPENED: Shape = Shape::Object(
    "Stored",
    &[
        must("head_name", NAME),
        must("id_number", Shape::Maybe(&Shape::Text(60))),
        must("phones", Shape::List(&Shape::Text(32), 20)),
        must("address", Shape::Maybe(&Shape::Text(1_000))),
        must("note", Shape::Maybe(&Shape::Text(1_000))),
        must("categories", Shape::List(&Shape::Text(40), 50)),
        must("members", Shape::List(&MEMBER, 200)),
        must("notes", Shape::List(&NOTE, 100_000)),
        must("cases", Shape::List(&STORED_CASE, 10_000)),
    ],
);
const ASKER: Shape = Shape::Object(
    "RestrictionAsker",
    // Masked; no relation for the head; how many others belong to the household.
    &[must("name", NAME), must("relation", Shape::Maybe(&Shape::Text(20))), must("others", COUNT)],
);
const RESTRICTION: Shape = Shape::Object(
    "Restriction",
    &[
        must("id", Shape::Uuid),
        must("household", Shape::Uuid),
        // Masked; empty once it is destroyed.
        must("head", NAME),
        must("village", Shape::Maybe(&VILLAGE)),
        must("state", Shape::Code(states)),
        must("from_own_page", Shape::Bool),
        must("reference", REFERENCE),
        must("reason", REASON),
        must("created_at", Shape::Time),
        must("restricted_at", TIME),
        must("due_on", Shape::Maybe(&Shape::Date)),
        must("due", Shape::Bool),
        must("lift_asked_at", TIME),
        must("proposed_at", TIME),
        must("ended_at", TIME),
        must("version", VERSION),
        must("allowed_actions", Shape::List(&Shape::Text(20), 10)),
        must("open_cases", COUNT),
        must("bookings", COUNT),
        must("cases", Shape::List(&CASE, 10_000)),
        // They bear the telephone and no ID number, and do not come along.
        must("by_phone", Shape::List(&CASE, 10_000)),
        must("asked_by", Shape::Maybe(&ASKER)),
        may("stored", OPENED),
    ],
);
const RESTRICTIONS: Shape = crate::listed!("Restrictions", RESTRICTION);
const NEW: Shape = Shape::Object(
    "NewRestriction",
    &[must("household", Shape::Uuid), must("reason", REASON), must("reference", REFERENCE)],
);
const ACT: Shape = Shape::Object(
    "RestrictionAct",
    &[
        must("action", Shape::Code(acts)),
        must("version", VERSION),
        may("reason", REASON),
        may("reference", REFERENCE),
        may("for", Shape::Code(whys)),
    ],
);
const OWN: Shape = Shape::Object(
    "OwnErasure",
    &[
        // Null where nothing was ever asked for.
        must("state", Shape::Maybe(&Shape::Code(states))),
        must("since", Shape::Maybe(&Shape::Date)),
        must("due_on", Shape::Maybe(&Shape::Date)),
        must("reason", REASON),
        must("lift_asked", Shape::Bool),
        must("ended_on", Shape::Maybe(&Shape::Date)),
    ],
);
const WHY: Shape = Shape::Object("OpenedFor", &[must("for", Shape::Code(whys))]);
const OWN_ACT: Shape = Shape::Object("OwnErasureAct", &[must("action", Shape::OneOf(&["ask", "ask_lift"]))]);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "restriction",
    "Wishes for erasure, newest first; with `due` only what may be destroyed today. Names are masked.",
    &RESTRICTIONS,
)
.query(&[may("state", Shape::Code(states)), may("due", Shape::Bool), PAGE[0], PAGE[1]]);
/// Document of one.
pub const ONE: Doc =
    Doc::read("restriction", "One wish for erasure, with the cases that it takes along.", &RESTRICTION);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "restriction",
    "Restricts a household: it and its closed cases are only stored from now on, in no list, search, export or plan. \
     Refused while cases are open or bookings to come.",
    &NEW,
    &RESTRICTION,
)
.refusals(&["household.in_use", "household.restricted", "restriction.open"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "restriction",
    "Answers a wish, takes a restriction back, proposes or approves the destruction of what is due (two people; for \
     good), or opens what is stored with `for`, which the journal keeps.",
    &ACT,
    &RESTRICTION,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "household.in_use",
    "restriction.four_eyes",
    "restriction.not_due",
]);
/// Document of the archive.
pub const ARCHIVE: Doc = Doc {
    summary: "All that is stored of a household in one archive, with the papers and files of its cases; `for` says why, \
              which the journal keeps.",
    tag: "restriction",
    query: &[],
    body: Some(&WHY),
    reply: Reply::File("application/zip"),
    refusals: &["action.not_allowed"],
};
/// Document of one's own wish.
pub const OWN_SHOW: Doc =
    Doc::read("account", "Where the erasure stands that the caller's household has asked for.", &OWN);
/// Document of what one may ask.
pub const OWN_ACTS: Doc = Doc::act(
    "account",
    "Asks that what is kept about the caller's household be erased, or that a restriction be taken back.",
    &OWN_ACT,
    &OWN,
)
.refusals(&["action.not_allowed", "restriction.open"]);

fn at(ms: Option<i64>) -> Option<Instant> {
    ms.map(Instant::from_millis)
}

fn show(one: &Shown) -> Value {
    let it = &one.row;
    let case = |case: &restriction::Stored| json!({ "id": case.id, "flow": case.flow, "number": case.number, "closed_at": at(case.closed_ms) });
    let asker = |one: &restriction::Asker| json!({ "name": one.name, "relation": one.relation.map(|it| it.code()), "others": one.others });
    let mut acts: Vec<&str> = one.acts.iter().map(|act| act.code()).collect();
    acts.extend(it.state.holds().then_some("open"));
    json!({
        "id": it.id, "household": it.household_id, "head": one.head, "village": village_json(&one.place),
        "state": it.state.code(), "from_own_page": it.asked_by.is_some(), "reference": it.reference,
        "reason": one.reason, "created_at": at(Some(it.created_ms)), "restricted_at": at(it.restricted_ms),
        "due_on": it.due_on, "due": one.due, "lift_asked_at": at(it.lift_asked_ms),
        "proposed_at": at(it.proposed_ms), "ended_at": at(it.ended_ms), "version": it.version,
        "allowed_actions": acts, "open_cases": one.in_use.cases, "bookings": one.in_use.bookings,
        "cases": one.cases.iter().map(case).collect::<Vec<_>>(),
        "by_phone": one.by_phone.iter().map(case).collect::<Vec<_>>(), "asked_by": one.asker.as_ref().map(asker),
    })
}

fn opened_json(opened: &Opened) -> Value {
    let home = &opened.household;
    let member = |one: &restriction::StoredMember| json!({ "name": one.name, "relation": one.relation.code(), "id_number": one.id_number });
    let case = |case: &restriction::OpenedCase| {
        let parties: Vec<&str> = case.parties.iter().map(|one| one.name.as_str()).collect();
        json!({ "number": case.number, "flow": case.flow.id, "values": case.values, "parties": parties,
            "files": case.files })
    };
    json!({
        "head_name": home.head_name, "id_number": home.id_number, "phones": home.phones, "address": home.address,
        "note": home.note, "categories": home.categories.iter().map(|one| one.code()).collect::<Vec<_>>(),
        "members": opened.members.iter().map(member).collect::<Vec<_>>(),
        "notes": opened.notes.iter().map(|(day, text)| json!({ "day": day, "text": text })).collect::<Vec<_>>(),
        "cases": opened.cases.iter().map(case).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/restrictions`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let state = code(&query, "state", RestrictionState::from_code);
    let filter = Filter { state, due: truth(&query, "due").unwrap_or_default() };
    let page = restriction::list(&site.app, &me.visitor, filter, query.window()?).await?;
    listed(page, |one| show(&one))
}

/// `GET /api/v1/restrictions/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<RestrictionNoun>) -> Answer {
    let found = restriction::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.row.version, &show(&found))
}

#[derive(Deserialize)]
struct Asked {
    household: HouseholdId,
    reason: String,
    reference: String,
}

/// `POST /api/v1/restrictions`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let Asked { household, reason, reference } = body.json(&NEW)?;
    let new = New { reason, reference };
    let made = restriction::restrict(&site.app, &me.visitor, household, new).await;
    let made = made.map_err(|stop| stop.if_absent(|| Refusal::field("household", "unknown")))?;
    one(&req, 201, made.row.version, &show(&made))
}

/// `POST /api/v1/restrictions/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<RestrictionNoun>,
    body: Body,
) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    let there = restriction::one(app, visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let text = |name: &str| given.members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(action) = RestrictionAct::from_code(&given.action) {
        let typed = Typed { action, reason: text("reason"), reference: text("reference") };
        let done = restriction::act(app, visitor, id.0, given.version, typed).await?;
        return one(&req, 200, done.row.version, &show(&done));
    }
    let why = OpenReason::from_code(&text("for")).ok_or_else(|| Refusal::field("for", "required"))?;
    if there.row.version != given.version {
        return Err(Refusal::new("state.changed").into());
    }
    let mut value = show(&there);
    value["stored"] = opened_json(&restriction::open(app, visitor, id.0, why).await?);
    let mut answer = one(&req, 200, there.row.version, &value)?;
    // What was opened is told once, and kept in no answer.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer.extensions_mut().insert(Revealing);
    Ok(answer)
}

#[derive(Deserialize)]
struct For {
    r#for: String,
}

/// `POST /api/v1/restrictions/{id}/archive`.
///
/// # Errors
/// See [`ARCHIVE`].
pub async fn archive(site: Data<Site>, me: Signed, id: PathId<RestrictionNoun>, body: Body) -> Answer {
    let given: For = body.json(&WHY)?;
    let why = OpenReason::from_code(&given.r#for).ok_or_else(|| Refusal::field("for", "required"))?;
    let (opened, mut taken) = restriction::take(&site.app, &me.visitor, id.0, why).await?;
    let words = opened_json(&opened).to_string().into_bytes();
    taken.insert(0, Taken { name: "household.json".to_owned(), bytes: words });
    let mut answer = zipped(&taken)?;
    answer.extensions_mut().insert(Revealing);
    Ok(answer)
}

fn own_json(own: Option<&Own>) -> Value {
    json!({
        "state": own.map(|own| own.state.code()), "since": own.map(|own| own.since),
        "due_on": own.and_then(|own| own.due), "reason": own.map(|own| own.reason.as_str()).unwrap_or_default(),
        "lift_asked": own.is_some_and(|own| own.lift_asked), "ended_on": own.and_then(|own| own.ended),
    })
}

/// `GET /api/v1/me/erasure`.
///
/// # Errors
/// The store's own.
pub async fn own(site: Data<Site>, me: Signed) -> Answer {
    let own = restriction::own(&site.app, &me.visitor).await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "private, no-store")).json(own_json(own.as_ref())))
}

#[derive(Deserialize)]
struct OwnGiven {
    action: String,
}

/// `POST /api/v1/me/erasure/actions`.
///
/// # Errors
/// See [`OWN_ACTS`].
pub async fn own_act(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: OwnGiven = body.json(&OWN_ACT)?;
    let own = match given.action.as_str() {
        "ask" => restriction::ask(&site.app, &me.visitor).await?,
        _ => restriction::ask_lift(&site.app, &me.visitor).await?,
    };
    Ok(HttpResponse::Ok().json(own_json(Some(&own))))
}
