//! `/api/v1/pairing-plans`: plans and handovers for programs.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::plan::{self, Acted, Choice, Names, RowView, Rows, Shown, Why};
use falin_app::{handover, plan::RowFilter};
use falin_domain::page::{Page, Window};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, FirmId, HouseholdId, PlanId, PlanNoun, WorkerId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::one as one_of;
use crate::body::Body;
use crate::cursor::Listed;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query, path_id};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;
use crate::{etag, listed, plan_json};

/// Shapes of this noun.
mod shapes {
    use super::*;

    /// Households of a village that stay without.
    const GAP: Shape = Shape::Object(
        "PlanGap",
        &[
            must("village", Shape::Text(200)),
            must("households", Shape::Whole(0, 10_000_000)),
            must("reason", Shape::OneOf(&["no_provider", "capacity", "conflict"])),
            must("shortfall", Shape::Whole(0, 10_000_000)),
        ],
    );
    /// A provider.
    pub const PROVIDER: Shape = Shape::Object(
        "Provider",
        &[
            must("worker_id", Shape::Maybe(&Shape::Uuid)),
            must("firm_id", Shape::Maybe(&Shape::Uuid)),
            must("name", Shape::Maybe(&Shape::Text(200))),
            must("firm", Shape::Maybe(&Shape::Text(200))),
        ],
    );
    const COUNT: Shape = Shape::Whole(0, 10_000_000);
    const PLACES: Shape = Shape::List(&COUNT, 3);

    const LOAD: Shape = Shape::Object(
        "PlanLoad",
        &[
            must("provider", Shape::Maybe(&PROVIDER)),
            must("before", COUNT),
            must("after", COUNT),
            must("capacity", COUNT),
            must("active", Shape::Bool),
        ],
    );
    const FLOW: Shape = Shape::Object(
        "PlanFlow",
        &[
            must("village_id", Shape::Uuid),
            must("village", Shape::Text(200)),
            must("kind", Shape::OneOf(&["rural", "urban"])),
            must("provider", Shape::Maybe(&PROVIDER)),
            must("reason", Shape::Maybe(&Shape::Text(40))),
            must("households", COUNT),
        ],
    );
    const TODAY: Shape = Shape::Object(
        "PlanFigures",
        &[
            must("placed", COUNT),
            must("by_place", PLACES),
            must("place_cost", COUNT),
            must("balance", Shape::Number),
            must("max_load_share", Shape::Number),
        ],
    );
    /// An adviser post that a leaver's going ends.
    pub const ENDED: Shape = Shape::Object(
        "EndedPost",
        &[must("id", Shape::Uuid), must("village_id", Shape::Uuid), must("village", Shape::Text(200))],
    );
    /// A firm that has more households than its remaining lawyers can take.
    pub const OVERFULL: Shape = Shape::Object(
        "OverfullFirm",
        &[must("provider", Shape::Maybe(&PROVIDER)), must("load", COUNT), must("capacity", COUNT)],
    );
    const LEAVER: Shape = Shape::Object(
        "Leaver",
        &[
            must("why", Shape::OneOf(&["left", "leave"])),
            must("posts", Shape::List(&ENDED, 10_000)),
            must("overfull", Shape::List(&OVERFULL, 10_000)),
        ],
    );
    const ACTION: Shape = Shape::Object(
        "AllowedAction",
        &[must("action", Shape::Text(40)), must("label", Shape::Text(200)), must("schema", Shape::Any)],
    );
    /// States of a plan.
    pub const STATES: Shape = Shape::OneOf(&["draft", "committed", "undone", "dropped"]);

    const LINE_MEMBERS: [Member; 21] = [
        must("plan", Shape::Uuid),
        must("placed", COUNT),
        must("unplaced", Shape::List(&GAP, 100_000)),
        must("moved", COUNT),
        must("place_cost", COUNT),
        must("balance", Shape::Number),
        must("max_load_share", Shape::Number),
        must("id", Shape::Uuid),
        must("kind", Shape::OneOf(&["pairing", "handover"])),
        must("state", STATES),
        must("version", Shape::Whole(1, i64::MAX)),
        must("place_id", Shape::Maybe(&Shape::Uuid)),
        must("leaver_id", Shape::Maybe(&Shape::Uuid)),
        must("effective_on", Shape::Date),
        must("created_at", Shape::Time),
        must("committed_at", Shape::Maybe(&Shape::Time)),
        must("undone_at", Shape::Maybe(&Shape::Time)),
        must("number", COUNT),
        must("households", COUNT),
        must("changed", COUNT),
        must("started", COUNT),
    ];
    const WHOLE_MEMBERS: [Member; 7] = [
        must("by_place", PLACES),
        must("today", TODAY),
        must("loads", Shape::List(&LOAD, 100_000)),
        must("flows", Shape::List(&FLOW, 1_000_000)),
        must("overridden", Shape::List(&Shape::Uuid, 1_000_000)),
        must("leaver", Shape::Maybe(&LEAVER)),
        must("allowed_actions", Shape::List(&ACTION, 10)),
    ];
    const ALL_MEMBERS: [Member; 28] = {
        let mut all = [LINE_MEMBERS[0]; 28];
        let mut at = 0;
        while at < 28 {
            all[at] = if at < 21 { LINE_MEMBERS[at] } else { WHOLE_MEMBERS[at - 21] };
            at += 1;
        }
        all
    };
    const LINE: Shape = Shape::Object("PairingPlanLine", &LINE_MEMBERS);
    /// One plan.
    pub const WHOLE: Shape = Shape::Object("PairingPlan", &ALL_MEMBERS);
    /// Plans.
    pub const LINES: Shape = listed!("PairingPlans", LINE);
    const ROW: Shape = Shape::Object(
        "PairingPlanRow",
        &[
            must("household_id", Shape::Uuid),
            must("head", Shape::Text(200)),
            must("kind", Shape::OneOf(&["rural", "urban"])),
            must("village_id", Shape::Uuid),
            must("from", Shape::Maybe(&PROVIDER)),
            must("to", Shape::Maybe(&PROVIDER)),
            must("reason", Shape::Maybe(&Shape::Text(40))),
            must("override_reason", Shape::Maybe(&Shape::Text(500))),
        ],
    );
    /// Households of a plan.
    pub const ROWS: Shape = listed!("PairingPlanRows", ROW);
    const CANDIDATE: Shape = Shape::Object(
        "PlanCandidate",
        &[
            must("provider", PROVIDER),
            must("place_cost", Shape::Whole(0, 2)),
            must("load", COUNT),
            must("capacity", COUNT),
        ],
    );
    /// Who could take households.
    pub const CANDIDATES: Shape = Shape::List(&CANDIDATE, 100_000);
    /// A household of a plan with who could take it.
    pub const CHOICE: Shape = Shape::Object(
        "PairingPlanChoice",
        &[must("row", ROW), must("version", Shape::Whole(1, i64::MAX)), must("candidates", CANDIDATES)],
    );
    /// What to plan.
    pub const MAKE: Shape = Shape::Object(
        "MakePairingPlan",
        &[
            may("place", Shape::Maybe(&Shape::Text(12))),
            may("worker_id", Shape::Maybe(&Shape::Uuid)),
            may("why", Shape::OneOf(&["left", "leave"])),
            may("effective_on", Shape::Maybe(&Shape::Date)),
        ],
    );
    /// What to do to a plan.
    pub const ACT: Shape = Shape::Object(
        "PairingPlanAct",
        &[
            must("action", Shape::OneOf(&["commit", "undo", "override", "drop"])),
            must("version", Shape::Whole(1, i64::MAX)),
            may("households", Shape::List(&Shape::Uuid, 5_000)),
            may("worker_id", Shape::Maybe(&Shape::Uuid)),
            may("firm_id", Shape::Maybe(&Shape::Uuid)),
            may("reason", Shape::Text(500)),
        ],
    );
    /// Filters of the list.
    pub const FILTERS: [Member; 4] = [
        may("kind", Shape::OneOf(&["pairing", "handover"])),
        may("state", Shape::OneOf(&["draft", "committed", "undone"])),
        crate::openapi::PAGE[0],
        crate::openapi::PAGE[1],
    ];
    /// Filters of a plan's households.
    pub const ROW_FILTERS: [Member; 4] = [
        may("village", Shape::Uuid),
        may("which", Shape::OneOf(&["placed", "unplaced", "overridden"])),
        crate::openapi::PAGE[0],
        crate::openapi::PAGE[1],
    ];
}

pub(super) use shapes::{CANDIDATES, ENDED, OVERFULL, PROVIDER, STATES};

/// `GET /api/v1/pairing-plans`.
pub const LIST: Doc =
    Doc::read("pairing", "Plans and handovers, newest first.", &shapes::LINES).query(&shapes::FILTERS);
/// `POST /api/v1/pairing-plans`.
pub const MAKE: Doc = Doc::create(
    "pairing",
    "Makes the best plan for a place, or a handover for `worker_id`. Nothing moves until it is committed.",
    &shapes::MAKE,
    &shapes::WHOLE,
)
.refusals(&["division.unknown", "not_found"]);
/// `GET /api/v1/pairing-plans/{id}`.
pub const ONE: Doc = Doc::read("pairing", "One plan beside today.", &shapes::WHOLE);
/// `GET /api/v1/pairing-plans/{id}/rows`.
pub const ROWS: Doc =
    Doc::read("pairing", "Households that the plan changes or cannot place.", &shapes::ROWS)
        .query(&shapes::ROW_FILTERS);
/// `GET /api/v1/pairing-plans/{id}/households/{household}`.
pub const CHOICE: Doc = Doc::read(
    "pairing",
    "One household that the plan changes or cannot place, and, in a draft, who could take it; the nearest first.",
    &shapes::CHOICE,
)
.refusals(&["plan.changed"]);
/// `POST /api/v1/pairing-plans/{id}/actions`.
pub const ACT: Doc = Doc::act(
    "pairing",
    "Commits, undoes, drops a plan, or places households of it otherwise (neither provider: takes that back).",
    &shapes::ACT,
    &shapes::WHOLE,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "plan.changed",
    "plan.committed",
    "plan.override_reason",
    "plan.too_early",
    "plan.undone",
    "plan.used",
    "pairing.capacity",
    "pairing.conflict",
    "pairing.not_active",
]);

#[derive(Deserialize)]
struct Make {
    place: Option<String>,
    worker_id: Option<WorkerId>,
    why: Option<Why>,
    effective_on: Option<Date>,
}

#[derive(Deserialize)]
struct Act {
    action: String,
    version: i64,
    #[serde(default)]
    households: Vec<HouseholdId>,
    worker_id: Option<WorkerId>,
    firm_id: Option<FirmId>,
    #[serde(default)]
    reason: String,
}

/// Plans and handovers, newest first.
///
/// # Errors
/// As [`plan::list`].
pub async fn list(site: Data<Site>, signed: Signed, query: Query) -> Answer {
    let kind = ["pairing", "handover"].into_iter().find(|kind| query.filled("kind") == Some(*kind));
    let (state, window) = (query.filled("state"), query.window()?);
    let (page, names) = plan::list(&site.app, &signed.visitor, kind, state, window).await?;
    let page = page.map(|one| plan_json::line(&one, &names));
    Ok(HttpResponse::Ok().json(Listed::from(page)))
}

/// Makes a plan, or a handover where a leaver is named.
///
/// # Errors
/// As [`plan::make`] and [`handover::propose`].
pub async fn make(site: Data<Site>, signed: Signed, body: Body) -> Answer {
    let asked: Make = body.json(&shapes::MAKE)?;
    let made = match asked.worker_id {
        Some(worker) => {
            let why = asked.why.unwrap_or(Why::Left);
            handover::propose(&site.app, &signed.visitor, worker, why, asked.effective_on).await?
        }
        None => plan::make(&site.app, &signed.visitor, asked.place.as_deref()).await?,
    };
    let shown = plan::show(&site.app, &signed.visitor, made.0.id).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::LOCATION, format!("/api/v1/pairing-plans/{}", shown.listed.plan.id)));
    answer.insert_header((header::ETAG, etag::of_version(shown.listed.plan.version)));
    Ok(answer.json(plan_json::whole(&shown)))
}

/// One plan.
///
/// # Errors
/// As [`plan::show`].
pub async fn one(req: HttpRequest, site: Data<Site>, signed: Signed, PathId(id): PathId<PlanNoun>) -> Answer {
    let shown = plan::show(&site.app, &signed.visitor, id).await?;
    if etag::none_match(&req, &etag::of_version(shown.listed.plan.version)) {
        return Ok(HttpResponse::NotModified().finish());
    }
    Ok(told(&shown))
}

fn told(shown: &Shown) -> HttpResponse {
    let tag = etag::of_version(shown.listed.plan.version);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(plan_json::whole(shown))
}

/// Households that a plan changes or cannot place.
///
/// # Errors
/// As [`plan::rows`].
pub async fn rows(site: Data<Site>, signed: Signed, PathId(id): PathId<PlanNoun>, query: Query) -> Answer {
    let village: Option<DivisionId> = query.id("village")?;
    let which = |name: &str| query.filled("which") == Some(name);
    let filter = RowFilter {
        village,
        placed: which("placed"),
        unplaced: which("unplaced"),
        overridden: which("overridden"),
        ..RowFilter::default()
    };
    let Rows { page, names } = plan::rows(&site.app, &signed.visitor, id, filter, query.window()?).await?;
    let told: Page<Value> = page.map(|view| row(&view, &names));
    Ok(HttpResponse::Ok().json(Listed::from(told)))
}

fn row(view: &RowView, names: &Names) -> Value {
    let row = &view.row;
    json!({
        "household_id": row.household_id,
        "head": view.head,
        "kind": row.household_kind,
        "village_id": row.village_id,
        "from": plan_json::provider(ProviderRef::of(row.old_worker_id, row.old_firm_id), names),
        "to": plan_json::provider(ProviderRef::of(row.worker_id, row.firm_id), names),
        "reason": row.unplaced_reason,
        "override_reason": row.override_reason,
    })
}

/// One household of a plan, and who could take it.
///
/// # Errors
/// As [`plan::rows`] and [`plan::candidates`].
pub async fn choice(req: HttpRequest, site: Data<Site>, signed: Signed, id: PathId<PlanNoun>) -> Answer {
    let household: HouseholdId = path_id(&req, "household")?;
    let (app, visitor) = (&site.app, &signed.visitor);
    let shown = plan::show(app, visitor, id.0).await?;
    let filter = RowFilter { household: Some(household), ..RowFilter::default() };
    let rows = plan::rows(app, visitor, id.0, filter, Window { limit: 1, after: None }).await?;
    let found = rows.page.items.first().ok_or_else(Refusal::absent)?;
    let plan = &shown.listed.plan;
    let candidates = match plan.state.as_str() {
        "draft" => plan::candidates(app, visitor, id.0, vec![household]).await?.0,
        _ => Vec::new(),
    };
    let candidates: Vec<Value> = candidates.iter().map(|it| plan_json::candidate(it, &rows.names)).collect();
    let told = json!({ "row": row(found, &rows.names), "version": plan.version, "candidates": candidates });
    one_of(&req, 200, plan.version, &told)
}

/// The provider that a caller names; None where none is named.
///
/// # Errors
/// `form.invalid` at `firm_id` where both are.
pub(super) fn chosen(worker: Option<WorkerId>, firm: Option<FirmId>) -> Result<Option<ProviderRef>, Refusal> {
    if worker.is_some() && firm.is_some() {
        return Err(Refusal::field("firm_id", "not_expected"));
    }
    Ok(ProviderRef::of(worker, firm))
}

/// Acts on a plan.
///
/// # Errors
/// As [`plan::commit`], [`plan::undo`], [`plan::drop`] and [`plan::choose`].
pub async fn act(site: Data<Site>, signed: Signed, PathId(id): PathId<PlanNoun>, body: Body) -> Answer {
    // 404 before 422 (contract.md "HTTP").
    plan::exists(&site.app, &signed.visitor, id).await?;
    let act: Act = body.json(&shapes::ACT)?;
    done(&site, &signed, id, act).await?;
    let shown = plan::show(&site.app, &signed.visitor, id).await?;
    Ok(told(&shown))
}

async fn done(site: &Site, signed: &Signed, id: PlanId, act: Act) -> Result<Acted, crate::problem::Refused> {
    let (app, visitor, version) = (&site.app, &signed.visitor, Some(act.version));
    let acted = match act.action.as_str() {
        "commit" => plan::commit(app, visitor, id, version).await?,
        "undo" => plan::undo(app, visitor, id, version).await?,
        "drop" => plan::drop(app, visitor, id, version).await?,
        _ => {
            let provider = chosen(act.worker_id, act.firm_id)?;
            let choice = Choice { households: act.households, provider, reason: act.reason };
            plan::choose(app, visitor, id, version, choice).await?
        }
    };
    Ok(acted)
}
