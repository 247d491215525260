//! `/api/v1/handovers`: who leaves or is away, who takes over each village, and the way back.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use falin_app::plan::{self, Choice, Flow, Listed, Names, Shown, Why};
use falin_app::{Stop, handover, leave};
use falin_domain::page::{Mark, Page};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{DivisionId, FirmId, PlanNoun, WorkerId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::pairing_plans::{CANDIDATES, ENDED, OVERFULL, PROVIDER, STATES, chosen};
use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::{Doc, PAGE};
use crate::plan_json;
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query, path_id};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const COUNT: Shape = Shape::Whole(0, 10_000_000);
const WHY: Shape = Shape::OneOf(&["left", "leave"]);
const HANDOVER: Shape = Shape::Object(
    "Handover",
    &[
        must("id", Shape::Uuid),
        must("number", COUNT),
        must("state", STATES),
        must("version", Shape::Whole(1, i64::MAX)),
        must("worker", PROVIDER),
        must("why", Shape::Maybe(&WHY)),
        must("effective_on", Shape::Date),
        must("households", COUNT),
        must("changed", COUNT),
        must("unplaced", COUNT),
        must("posts", Shape::List(&ENDED, 10_000)),
        must("overfull", Shape::List(&OVERFULL, 10_000)),
        must("author", Shape::Text(200)),
        must("created_at", Shape::Time),
        must("committed_at", Shape::Maybe(&Shape::Time)),
        must("undone_at", Shape::Maybe(&Shape::Time)),
        must("allowed_actions", Shape::List(&Shape::OneOf(&["commit", "undo", "drop"]), 3)),
    ],
);
const HANDOVERS: Shape = crate::listed!("Handovers", HANDOVER);
const NEW: Shape = Shape::Object(
    "NewHandover",
    &[must("worker_id", Shape::Uuid), must("why", WHY), may("effective_on", Shape::Maybe(&Shape::Date))],
);
const ACT: Shape = Shape::Object(
    "HandoverAct",
    &[must("action", Shape::OneOf(&["commit", "undo", "drop"])), must("version", Shape::Whole(1, i64::MAX))],
);
const TAKER: Shape = Shape::Object(
    "HandoverTaker",
    &[
        must("kind", Shape::OneOf(&["rural", "urban"])),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("reason", Shape::Maybe(&Shape::Text(40))),
        must("households", COUNT),
    ],
);
const VILLAGE_MEMBERS: [Member; 4] = [
    must("village_id", Shape::Uuid),
    must("village", Shape::Text(200)),
    must("households", COUNT),
    must("takers", Shape::List(&TAKER, 10_000)),
];
const VILLAGES: Shape =
    crate::listed!("HandoverVillages", Shape::Object("HandoverVillage", &VILLAGE_MEMBERS));
const VILLAGE: Shape = Shape::Object(
    "HandoverVillageChoice",
    &[
        VILLAGE_MEMBERS[0],
        VILLAGE_MEMBERS[1],
        VILLAGE_MEMBERS[2],
        VILLAGE_MEMBERS[3],
        must("version", Shape::Whole(1, i64::MAX)),
        must("candidates", CANDIDATES),
    ],
);
const CHOICE: Shape = Shape::Object(
    "HandoverChoice",
    &[
        must("action", Shape::OneOf(&["choose", "take_back"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
        may("firm_id", Shape::Maybe(&Shape::Uuid)),
        may("reason", Shape::Text(500)),
    ],
);
const WAITING: Shape = Shape::Object(
    "HandoverWaiting",
    &[
        must("worker", PROVIDER),
        must("households", COUNT),
        must("cases", COUNT),
        must("left_on", Shape::Maybe(&Shape::Date)),
        must("leave_from", Shape::Maybe(&Shape::Date)),
        must("leave_to", Shape::Maybe(&Shape::Date)),
    ],
);

/// Document of the list.
pub const LIST: Doc = Doc::read("pairing", "Handovers, newest first.", &HANDOVERS).query(&[
    may("state", Shape::OneOf(&["draft", "committed", "undone"])),
    PAGE[0],
    PAGE[1],
]);
/// Document of those who wait for one.
pub const WAIT: Doc = Doc::read(
    "pairing",
    "Workers who have left or are or will be on leave, and still have households or lead open cases.",
    &crate::listed!("HandoversWaiting", WAITING),
)
.query(&PAGE);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "pairing",
    "Proposes successors for a worker's households from a day on (today). Nothing moves until it is committed.",
    &NEW,
    &HANDOVER,
)
.refusals(&["not_found"]);
/// Document of one.
pub const ONE: Doc = Doc::read("pairing", "One handover.", &HANDOVER);
/// Document of its villages.
pub const VILLAGE_LIST: Doc =
    Doc::read("pairing", "The leaver's villages, and who is to take each.", &VILLAGES).query(&PAGE);
/// Document of one village.
pub const VILLAGE_ONE: Doc =
    Doc::read("pairing", "One village, and, in a draft, who could take it; the nearest first.", &VILLAGE)
        .refusals(&["plan.changed"]);
/// Document of a choice.
pub const VILLAGE_ACTS: Doc = Doc::act(
    "pairing",
    "Gives the leaver's households of a village to somebody else, with the reason (`choose`), or to whom the draft \
     had proposed (`take_back`).",
    &CHOICE,
    &VILLAGE,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "plan.changed",
    "plan.committed",
    "plan.override_reason",
    "plan.undone",
    "pairing.capacity",
    "pairing.conflict",
    "pairing.not_active",
]);
/// Document of the acts.
pub const ACTS: Doc =
    Doc::act("pairing", "Commits, undoes or drops a handover.", &ACT, &HANDOVER).refusals(&[
        "state.changed",
        "action.not_allowed",
        "plan.changed",
        "plan.committed",
        "plan.too_early",
        "plan.undone",
        "plan.used",
    ]);

fn show(it: &Listed, names: &Names) -> Value {
    let (plan, summary) = (&it.plan, &it.summary);
    let leaver = summary.leaver.as_ref().map(|leaver| plan_json::leaver(leaver, names)).unwrap_or_default();
    let acts: &[&str] = match plan.state.as_str() {
        "draft" => &["commit", "drop"],
        "committed" => &["undo"],
        _ => &[],
    };
    let list = |name: &str| leaver.get(name).cloned().unwrap_or_else(|| json!([]));
    json!({
        "id": plan.id, "number": it.number, "state": plan_json::state(plan), "version": plan.version,
        "worker": plan_json::provider(plan.leaver_id.map(ProviderRef::Worker), names),
        "why": leaver.get("why"), "effective_on": plan.effective_on, "households": summary.households,
        "changed": summary.changed, "unplaced": summary.without(), "posts": list("posts"),
        "overfull": list("overfull"), "author": it.author,
        "created_at": Instant::from_millis(plan.created_ms),
        "committed_at": plan.committed_ms.map(Instant::from_millis),
        "undone_at": plan.undone_ms.map(Instant::from_millis), "allowed_actions": acts,
    })
}

fn told(req: &HttpRequest, status: u16, shown: &Shown) -> Answer {
    one(req, status, shown.listed.plan.version, &show(&shown.listed, &shown.names))
}

/// `GET /api/v1/handovers`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let (state, window) = (query.filled("state"), query.window()?);
    let (page, names) = plan::list(&site.app, &me.visitor, Some("handover"), state, window).await?;
    listed(page, |it| show(&it, &names))
}

/// `GET /api/v1/handovers/waiting`.
///
/// # Errors
/// See [`WAIT`].
pub async fn waiting(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let all = leave::waiting(&site.app, &me.visitor).await?;
    let names = plan::names(&site.app, &me.visitor).await?;
    // Who has left comes before any date.
    let mark = |it: &leave::Waiting| {
        let from = it.leave.as_ref().map(|leave| leave.from_date.to_string());
        Mark { key: from.unwrap_or_default(), id: it.worker.id.uuid() }
    };
    listed(Page::of_all(all, &query.window()?, mark), |it| {
        let end = it.leave.as_ref().map(|leave| leave.to_date).filter(|day| *day != leave::open_end());
        json!({
            "worker": plan_json::provider(Some(ProviderRef::Worker(it.worker.id)), &names),
            "households": it.households, "cases": it.cases, "left_on": it.worker.left_on,
            "leave_from": it.leave.as_ref().map(|leave| leave.from_date), "leave_to": end,
        })
    })
}

#[derive(Deserialize)]
struct New {
    worker_id: WorkerId,
    why: Why,
    effective_on: Option<Date>,
}

/// `POST /api/v1/handovers`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let new: New = body.json(&NEW)?;
    let (app, visitor) = (&site.app, &me.visitor);
    let (plan, _) = handover::propose(app, visitor, new.worker_id, new.why, new.effective_on).await?;
    let mut answer = told(&req, 201, &handover::show(app, visitor, plan.id).await?)?;
    if let Ok(address) = header::HeaderValue::from_str(&format!("/api/v1/handovers/{}", plan.id)) {
        answer.headers_mut().insert(header::LOCATION, address);
    }
    Ok(answer)
}

/// `GET /api/v1/handovers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PlanNoun>) -> Answer {
    told(&req, 200, &handover::show(&site.app, &me.visitor, id.0).await?)
}

/// `POST /api/v1/handovers/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PlanNoun>, body: Body) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    handover::show(app, visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let version = Some(given.version);
    match given.action.as_str() {
        "commit" => plan::commit(app, visitor, id.0, version).await?,
        "undo" => plan::undo(app, visitor, id.0, version).await?,
        _ => plan::drop(app, visitor, id.0, version).await?,
    };
    told(&req, 200, &handover::show(app, visitor, id.0).await?)
}

/// A village with the flows of its households.
type Village<'a> = (DivisionId, Vec<&'a Flow>);

fn by_village(shown: &Shown) -> Vec<Village<'_>> {
    let mut villages: Vec<Village<'_>> = Vec::new();
    for flow in &shown.flows {
        match villages.iter_mut().find(|(id, _)| *id == flow.village) {
            Some((_, flows)) => flows.push(flow),
            None => villages.push((flow.village, vec![flow])),
        }
    }
    villages
}

fn village((id, flows): &Village<'_>, names: &Names) -> Value {
    let taker = |flow: &&Flow| {
        json!({
            "kind": flow.kind, "reason": flow.unplaced_reason, "households": flow.households,
            "provider": plan_json::provider(ProviderRef::of(flow.worker, flow.firm), names),
        })
    };
    json!({
        "village_id": id, "village": names.village(*id),
        "households": flows.iter().map(|flow| flow.households).sum::<i64>(),
        "takers": flows.iter().map(taker).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/handovers/{id}/villages`.
///
/// # Errors
/// See [`VILLAGE_LIST`].
pub async fn villages(site: Data<Site>, me: Signed, id: PathId<PlanNoun>, query: Query) -> Answer {
    let shown = handover::show(&site.app, &me.visitor, id.0).await?;
    let names = &shown.names;
    let mark = |it: &Village<'_>| Mark { key: names.village(it.0), id: it.0.uuid() };
    listed(Page::of_all(by_village(&shown), &query.window()?, mark), |it| village(&it, names))
}

/// `GET /api/v1/handovers/{id}/villages/{village}`.
///
/// # Errors
/// See [`VILLAGE_ONE`].
pub async fn village_one(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PlanNoun>) -> Answer {
    let place: DivisionId = path_id(&req, "village")?;
    let shown = handover::show(&site.app, &me.visitor, id.0).await?;
    chosen_of(&req, &site, &me, &shown, place).await
}

/// A village as somebody decides about it.
async fn chosen_of(
    req: &HttpRequest,
    site: &Data<Site>,
    me: &Signed,
    shown: &Shown,
    place: DivisionId,
) -> Answer {
    let (app, visitor, plan) = (&site.app, &me.visitor, &shown.listed.plan);
    let found = by_village(shown).into_iter().find(|(id, _)| *id == place).ok_or_else(Refusal::absent)?;
    let mut told = village(&found, &shown.names);
    let candidates = match plan.state.as_str() {
        "draft" => {
            let own = handover::of_village(app, visitor, plan.id, place, false).await?;
            plan::candidates(app, visitor, plan.id, own).await?.0
        }
        _ => Vec::new(),
    };
    let candidates: Vec<Value> = candidates.iter().map(|it| plan_json::candidate(it, &shown.names)).collect();
    told["version"] = json!(plan.version);
    told["candidates"] = json!(candidates);
    one(req, 200, plan.version, &told)
}

/// `POST /api/v1/handovers/{id}/villages/{village}/actions`.
///
/// # Errors
/// See [`VILLAGE_ACTS`].
pub async fn village_act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PlanNoun>,
    body: Body,
) -> Answer {
    let place: DivisionId = path_id(&req, "village")?;
    let (app, visitor) = (&site.app, &me.visitor);
    handover::show(app, visitor, id.0).await?;
    let own = handover::of_village(app, visitor, id.0, place, false).await?;
    let given = Given::read(&req, &body, &CHOICE)?;
    let choice = match given.action.as_str() {
        "choose" => Choice { households: own, provider: Some(taker(&given)?), reason: reason(&given) },
        _ => {
            let found = handover::of_village(app, visitor, id.0, place, true).await;
            // The village is there: what is absent is a choice that could be taken back.
            let absent = |stop: Stop| match stop {
                Stop::Refused(_) => Refusal::new("action.not_allowed").into(),
                other => other,
            };
            Choice { households: found.map_err(absent)?, provider: None, reason: String::new() }
        }
    };
    plan::choose(app, visitor, id.0, Some(given.version), choice).await?;
    let shown = handover::show(app, visitor, id.0).await?;
    chosen_of(&req, &site, &me, &shown, place).await
}

fn reason(given: &Given) -> String {
    given.members.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn taker(given: &Given) -> Result<ProviderRef, Refused> {
    let id = |name: &str| given.members.get(name).and_then(Value::as_str);
    let worker: Option<WorkerId> = id("worker_id").and_then(|text| text.parse().ok());
    let firm: Option<FirmId> = id("firm_id").and_then(|text| text.parse().ok());
    Ok(chosen(worker, firm)?.ok_or_else(|| Refusal::field("worker_id", "required"))?)
}
