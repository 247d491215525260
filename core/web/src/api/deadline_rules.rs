//! `/api/v1/deadline-rules`: what counts from what and how long, by which article, and a county's own lengths.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::deadline::{self, Counting, TypedRule};
use falin_domain::calendar::{Period, Unit};
use falin_domain::deadline::{Conf, Count, Said, Standing};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::Refusal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{over, told};
use super::{Given, listed, one};
use crate::body::Body;
use crate::look::Lang;
use crate::openapi::{Doc, PAGE};
use crate::problem::{Answer, Asker, Refused};
use crate::query::Query;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const UNITS: Shape = Shape::OneOf(&["calendar", "working", "month", "hour"]);
const LENGTH: Shape =
    Shape::Object("DeadlineLength", &[must("n", Shape::Whole(0, 65_535)), must("unit", UNITS)]);
const OWN: Shape = Shape::Object(
    "DeadlineOwnLength",
    &[must("length", LENGTH), must("internal", Shape::Maybe(&LENGTH)), must("source", Shape::Text(200))],
);
const RULE: Shape = Shape::Object(
    "DeadlineRule",
    &[
        must("code", Shape::Text(100)),
        must("event", Shape::Text(400)),
        must("act", Shape::Text(400)),
        must("counts", Shape::OneOf(&["after", "before", "keep"])),
        must("length", LENGTH),
        must("internal", Shape::Maybe(&LENGTH)),
        must("source", Shape::Text(600)),
        must("basis", Shape::OneOf(&["read", "recalled", "county"])),
        must("in_force", Shape::Bool),
        must("settable", Shape::Bool),
        must("own", Shape::Maybe(&OWN)),
        must("version", Shape::Whole(0, i64::MAX)),
    ],
);
const RULES: Shape = crate::listed!("DeadlineRules", RULE);
const ACT: Shape = Shape::Object(
    "DeadlineRuleAct",
    &[
        must("action", Shape::OneOf(&["set", "reset"])),
        must("version", Shape::Whole(0, i64::MAX)),
        may("length", Shape::Whole(1, 720)),
        may("internal", Shape::Maybe(&Shape::Whole(1, 720))),
        may("source", Shape::Text(200)),
    ],
);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "deadline",
    "Every deadline of the table as it counts here; `version` is 0 while the county has set nothing of its own.",
    &RULES,
)
.query(&PAGE);
/// Document of one.
pub const ONE: Doc = Doc::read("deadline", "One deadline of the table.", &RULE);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "deadline",
    "Sets the county's own length in the rule's own unit, with the text that it rests on (`set`), or returns to the \
     table's (`reset`). Deadlines that run keep theirs.",
    &ACT,
    &RULE,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn length(period: Period) -> Value {
    let unit = match period.unit {
        Unit::Calendar => "calendar",
        Unit::Working => "working",
        Unit::Month => "month",
        Unit::Hour => "hour",
    };
    json!({ "n": period.n, "unit": unit })
}

fn show(it: &Counting, chinese: bool) -> Value {
    let (rule, own) = (it.rule, it.own.as_ref());
    let said = |said: Said| if chinese { said.zh } else { said.en };
    let counts = match rule.count {
        Count::After(_) => "after",
        Count::Before(_) => "before",
        Count::Keep(_) => "keep",
    };
    let basis = match rule.conf {
        Conf::Read => "read",
        Conf::Recalled => "recalled",
        Conf::County => "county",
    };
    json!({
        "code": rule.code, "event": said(rule.event), "act": said(rule.act), "counts": counts,
        "length": length(rule.count.period()), "internal": rule.internal.map(length),
        "source": said(rule.source), "basis": basis, "in_force": rule.standing == Standing::InForce,
        "settable": it.settable(),
        "own": own.map(|own| {
            json!({ "length": length(own.period), "internal": own.internal.map(length), "source": own.source })
        }),
        "version": version(it),
    })
}

fn version(it: &Counting) -> i64 {
    it.own.as_ref().map_or(0, |own| own.version)
}

fn in_chinese(req: &HttpRequest) -> bool {
    Asker::of(req.path(), req.headers()).lang == Lang::Zh
}

/// `GET /api/v1/deadline-rules`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let chinese = in_chinese(&req);
    let all: Vec<_> = deadline::rules(&site.app, &me.visitor).await?.into_iter().enumerate().collect();
    let mark = |(at, _): &(usize, Counting)| Mark { key: format!("{at:06}"), id: Uuid::nil() };
    listed(Page::of_all(all, &query.window()?, mark), |(_, it)| show(&it, chinese))
}

async fn of_path(req: &HttpRequest, site: &Data<Site>, me: &Signed) -> Result<Counting, Refused> {
    let code = req.match_info().query("code");
    let all = deadline::rules(&site.app, &me.visitor).await?;
    Ok(all.into_iter().find(|it| it.rule.code == code).ok_or_else(Refusal::absent)?)
}

/// `GET /api/v1/deadline-rules/{code}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let it = of_path(&req, &site, &me).await?;
    one(&req, 200, version(&it), &show(&it, in_chinese(&req)))
}

/// `POST /api/v1/deadline-rules/{code}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let there = of_path(&req, &site, &me).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let typed = match given.action.as_str() {
        "set" if given.members.get("length").is_none() => {
            return Err(Refusal::field("length", "required").into());
        }
        "set" => over(&TypedRule::of(&there), &[], &given.members)?,
        _ if version(&there) != given.version => return Err(Refusal::new("state.changed").into()),
        _ if there.own.is_none() => return Err(Refusal::new("action.not_allowed").into()),
        _ => TypedRule::default(),
    };
    let set = deadline::set_rule(&site.app, &me.visitor, there.rule.code, given.version, &typed).await;
    set.map_err(told(&[]))?;
    let it = of_path(&req, &site, &me).await?;
    one(&req, 200, version(&it), &show(&it, in_chinese(&req)))
}
