//! `/api/v1/duty-rules`, `/duty-fees`, `/duty-compliance`: what advisers owe, what they are paid, how far they are.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::duty_rule::{self, FeeTyped, PostDuties, Set, Typed};
use falin_domain::duty::{FeeBasis, Period, Rule, ServiceKind, Standing};
use falin_domain::words::FeeNoun;
use serde_json::{Map, Value, json};

use super::duty_shifts::PERSON;
use super::form::{over, told};
use super::{Given, PLACE, code, listed, one, place};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

/// Codes of the kinds of service.
pub(super) fn kinds() -> Vec<&'static str> {
    ServiceKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn periods() -> Vec<&'static str> {
    Period::ALL.iter().map(|period| period.code()).collect()
}

fn bases() -> Vec<&'static str> {
    FeeBasis::ALL.iter().map(|basis| basis.code()).collect()
}

fn standings() -> Vec<&'static str> {
    Standing::ALL.iter().map(|standing| standing.code()).collect()
}

const COUNT: Shape = Shape::Whole(1, 10_000);
const MINUTES: Shape = Shape::Whole(1, 600_000);
const RULE: Shape = Shape::Object(
    "DutyRule",
    &[
        must("kind", Shape::Code(kinds)),
        must("period", Shape::Code(periods)),
        must("least_count", Shape::Maybe(&COUNT)),
        must("least_minutes", Shape::Maybe(&MINUTES)),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
        must("source", Shape::Text(200)),
        must("version", Shape::Whole(0, i64::MAX)),
    ],
);
const RULES: Shape = Shape::Object("DutyRules", &[must("items", Shape::List(&RULE, 100))]);
const SET: Shape = Shape::Object(
    "SetDutyRule",
    &[
        must("kind", Shape::Code(kinds)),
        must("period", Shape::Code(periods)),
        must("version", Shape::Whole(0, i64::MAX)),
        may("least_count", Shape::Maybe(&COUNT)),
        may("least_minutes", Shape::Maybe(&MINUTES)),
        may("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
        may("source", Shape::Text(200)),
    ],
);
const FEE: Shape = Shape::Object(
    "DutyFee",
    &[
        must("id", Shape::Uuid),
        must("basis", Shape::Code(bases)),
        must("kind", Shape::Maybe(&Shape::Code(kinds))),
        must("fen", Shape::Whole(0, 1_000_000_000)),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const FEES: Shape = Shape::Object("DutyFees", &[must("items", Shape::List(&FEE, 1_000))]);
const NEW_FEE: Shape = Shape::Object(
    "NewDutyFee",
    &[
        must("basis", Shape::Code(bases)),
        must("yuan", Shape::Text(12)),
        may("kind", Shape::Maybe(&Shape::Code(kinds))),
        may("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
    ],
);
const FEE_ACT: Shape = Shape::Object(
    "DutyFeeAct",
    &[
        must("action", Shape::OneOf(&["change"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("basis", Shape::Code(bases)),
        may("yuan", Shape::Text(12)),
        may("kind", Shape::Maybe(&Shape::Code(kinds))),
        may("from", Shape::Date),
        may("to", Shape::Maybe(&Shape::Date)),
    ],
);
const PROGRESS: Shape = Shape::Object(
    "DutyProgress",
    &[
        must("kind", Shape::Code(kinds)),
        must("period", Shape::Code(periods)),
        must("from", Shape::Date),
        must("to", Shape::Date),
        must("least_count", Shape::Maybe(&COUNT)),
        must("least_minutes", Shape::Maybe(&MINUTES)),
        must("count", Shape::Whole(0, i64::MAX)),
        must("minutes", Shape::Whole(0, i64::MAX)),
        must("standing", Shape::Code(standings)),
    ],
);
const POST: Shape = Shape::Object(
    "PostDuties",
    &[
        must("adviser_post_id", Shape::Uuid),
        must("village", PLACE),
        must("worker", PERSON),
        must("duties", Shape::List(&PROGRESS, 100)),
    ],
);
const POSTS: Shape = crate::listed!("DutyCompliance", POST);
const FILTERS: &[Member] = &[
    may("on", Shape::Date),
    may("division", Shape::Text(36)),
    may("standing", Shape::Code(standings)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the rules.
pub const LIST: Doc = Doc::read(
    "duty-rule",
    "What each village adviser owes; `version` 0 is a usual rule that the county has not set.",
    &RULES,
);
/// Document of setting one.
pub const PUT: Doc = Doc::act(
    "duty-rule",
    "Sets the rule of a kind and period that is still at `version` (0 for none yet); `to` ends it.",
    &SET,
    &RULE,
)
.refusals(&["state.changed"]);
/// Document of the fees.
pub const FEE_LIST: Doc = Doc::read("duty-fee", "What the county pays its advisers.", &FEES);
/// Document of a new fee.
pub const FEE_ADD: Doc = Doc::create(
    "duty-fee",
    "Adds a fee: for a month, a day or an hour in the village, or an item of one kind; `yuan` such as 12.50.",
    &NEW_FEE,
    &FEE,
);
/// Document of the acts on a fee.
pub const FEE_ACTS: Doc = Doc::act("duty-fee", "Changes a fee; `to` ends it.", &FEE_ACT, &FEE)
    .refusals(&["state.changed", "action.not_allowed"]);
/// Document of the compliance.
pub const COMPLIANCE: Doc = Doc::read(
    "duty-rule",
    "Adviser posts with each duty in the stretch of time around `on` (today if absent), by place.",
    &POSTS,
)
.query(FILTERS)
.refusals(&["division.unknown"]);

fn show(set: &Set) -> Value {
    let it = &set.rule;
    json!({
        "kind": it.kind, "period": it.period, "least_count": it.least_count, "least_minutes": it.least_minutes,
        "from": it.from, "to": it.to, "source": it.source, "version": set.version,
    })
}

/// `GET /api/v1/duty-rules`.
///
/// # Errors
/// `access.denied`.
pub async fn list(site: Data<Site>, me: Signed) -> Answer {
    let found = duty_rule::list(&site.app, &me.visitor).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.iter().map(show).collect::<Vec<_>>() })))
}

/// `POST /api/v1/duty-rules`.
///
/// # Errors
/// See [`PUT`].
pub async fn set(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let mut given: Map<String, Value> = body.json(&SET)?;
    let version = given.remove("version").and_then(|n| n.as_f64()).unwrap_or_default() as i64;
    let said = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let there = duty_rule::list(&site.app, &me.visitor).await?;
    let same = |rule: &Rule| rule.kind.code() == said("kind") && rule.period.code() == said("period");
    let there = there.iter().find(|set| same(&set.rule)).map(|set| Typed::of(&set.rule));
    let typed = over(&there.unwrap_or_default(), &[], &given)?;
    let done = duty_rule::set(&site.app, &me.visitor, version, &typed).await?;
    Ok(HttpResponse::Ok().json(show(&done)))
}

fn fee(row: &falin_app::duty_rule::FeeRow) -> Value {
    json!({
        "id": row.id, "basis": row.basis, "kind": row.kind, "fen": row.fen, "from": row.from_date,
        "to": row.to_date, "version": row.version,
    })
}

/// `GET /api/v1/duty-fees`.
///
/// # Errors
/// `access.denied`.
pub async fn fees(site: Data<Site>, me: Signed) -> Answer {
    let found = duty_rule::fees(&site.app, &me.visitor).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.iter().map(fee).collect::<Vec<_>>() })))
}

/// `POST /api/v1/duty-fees`.
///
/// # Errors
/// See [`FEE_ADD`].
pub async fn add_fee(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW_FEE)?;
    let typed = over(&FeeTyped::default(), &[], &given)?;
    let made = duty_rule::set_fee(&site.app, &me.visitor, None, &typed).await?;
    one(&req, 201, made.version, &fee(&made))
}

/// `POST /api/v1/duty-fees/{id}/actions`.
///
/// # Errors
/// See [`FEE_ACTS`].
pub async fn act_fee(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<FeeNoun>,
    body: Body,
) -> Answer {
    let there = duty_rule::fees(&site.app, &me.visitor).await?;
    let there = there.iter().find(|row| row.id == id.0);
    let there = there.ok_or_else(falin_domain::refusal::Refusal::absent)?;
    let given = Given::read(&req, &body, &FEE_ACT)?;
    let typed = over(&FeeTyped::of(there), &[], &given.members)?;
    let done = duty_rule::set_fee(&site.app, &me.visitor, Some((id.0, given.version)), &typed).await;
    let done = done.map_err(told(&[]))?;
    one(&req, 200, done.version, &fee(&done))
}

fn post(found: &PostDuties) -> Value {
    let duty = |due: &falin_app::duty_rule::Due| {
        json!({
            "kind": due.rule.kind, "period": due.rule.period, "from": due.progress.from, "to": due.progress.to,
            "least_count": due.rule.least_count, "least_minutes": due.rule.least_minutes,
            "count": due.progress.count, "minutes": due.progress.minutes, "standing": due.progress.standing,
        })
    };
    json!({
        "adviser_post_id": found.post.id, "village": place(&found.village),
        "worker": {"id": found.worker.id, "name": found.worker.name},
        "duties": found.duties.iter().map(duty).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/duty-compliance`.
///
/// # Errors
/// See [`COMPLIANCE`].
pub async fn compliance(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let on = query.parsed("on", "date.invalid")?;
    let place = query.filled("division").map(str::to_owned);
    let standing = code(&query, "standing", Standing::from_code);
    let page = duty_rule::compliance(&site.app, &me.visitor, (on, place, standing), query.window()?).await?;
    listed(page, |row| post(&row))
}
