//! `/api/v1/service-logs` and `/adviser-sheets`: what advisers did, its corrections, and the month of a post.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::service_log::{self, Filter, One, SUBJECTS, Shown, Typed};
use falin_app::sheet::{self, Sheet};
use falin_domain::duty::{ServiceKind, ServiceMode, Unit};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AdviserPostNoun, LogNoun};
use serde_json::{Map, Value, json};

use super::duty_rules::kinds;
use super::duty_shifts::PERSON;
use super::form::{Names, over, told};
use super::{Given, PLACE, code, listed, one, place, truth};
use crate::body::Body;
use crate::openapi::{Doc, Reply};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("worker_id", "worker"), ("household_id", "household"), ("group_id", "group")];

fn modes() -> Vec<&'static str> {
    ServiceMode::ALL.iter().map(|mode| mode.code()).collect()
}

fn units() -> Vec<&'static str> {
    Unit::ALL.iter().map(|unit| unit.code()).collect()
}

const MINUTES: Shape = Shape::Whole(0, 1_440);
const MANY: Shape = Shape::Whole(0, 1_000_000);
const LOG: Shape = Shape::Object(
    "ServiceLog",
    &[
        must("id", Shape::Uuid),
        must("worker", PERSON),
        must("village", Shape::Maybe(&PLACE)),
        must("day", Shape::Date),
        must("kind", Shape::Code(kinds)),
        must("mode", Shape::Code(modes)),
        must("minutes", MINUTES),
        must("items", MANY),
        must("unit", Shape::Code(units)),
        must("people", MANY),
        must("copies", MANY),
        must("settled", Shape::Bool),
        must("topic", Shape::Text(100)),
        must("audience", Shape::Text(100)),
        must("follow_up_on", Shape::Maybe(&Shape::Date)),
        must("report", Shape::Bool),
        must("household_id", Shape::Maybe(&Shape::Uuid)),
        must("group_id", Shape::Maybe(&Shape::Uuid)),
        must("subject_noun", Shape::Maybe(&Shape::OneOf(SUBJECTS))),
        must("subject_id", Shape::Maybe(&Shape::Uuid)),
        must("withdrawn", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const LOGS: Shape = crate::listed!("ServiceLogs", LOG);
const PAST: Shape = Shape::Object(
    "ServiceLogPast",
    &[
        must("version", Shape::Whole(1, i64::MAX)),
        must("corrected_at", Shape::Time),
        must("reason", Shape::Text(200)),
        must("day", Shape::Date),
        must("kind", Shape::Code(kinds)),
        must("minutes", MINUTES),
        must("items", MANY),
        must("people", MANY),
        must("copies", MANY),
    ],
);
const FULL: Shape = Shape::Object(
    "ServiceLogWithPast",
    &[must("log", LOG), must("note", Shape::Text(4_000)), must("past", Shape::List(&PAST, 10_000))],
);
macro_rules! members {
    ($($first:expr),* $(,)?) => {
        &[
            $($first,)*
            may("worker_id", Shape::Uuid),
            may("day", Shape::Date),
            may("mode", Shape::Code(modes)),
            may("minutes", MINUTES),
            may("items", MANY),
            may("people", MANY),
            may("copies", MANY),
            may("settled", Shape::Bool),
            may("topic", Shape::Text(100)),
            may("audience", Shape::Text(100)),
            may("note", Shape::Text(4_000)),
            may("follow_up_on", Shape::Maybe(&Shape::Date)),
            may("report", Shape::Bool),
            may("household_id", Shape::Maybe(&Shape::Uuid)),
            may("group_id", Shape::Maybe(&Shape::Uuid)),
            may("subject_noun", Shape::Maybe(&Shape::OneOf(SUBJECTS))),
            may("subject_id", Shape::Maybe(&Shape::Uuid)),
        ]
    };
}
const NEW: Shape = Shape::Object(
    "NewServiceLog",
    members![must("village", Shape::Text(36)), must("kind", Shape::Code(kinds))],
);
const ACT: Shape = Shape::Object(
    "ServiceLogAct",
    members![
        must("action", Shape::OneOf(&["correct", "withdraw"])),
        must("version", Shape::Whole(1, i64::MAX)),
        must("reason", Shape::Text(200)),
        may("village", Shape::Text(36)),
        may("kind", Shape::Code(kinds)),
    ],
);
const FILTERS: &[Member] = &[
    may("from", Shape::Date),
    may("to", Shape::Date),
    may("village", Shape::Text(36)),
    may("kind", Shape::Code(kinds)),
    may("worker_id", Shape::Uuid),
    may("household_id", Shape::Uuid),
    may("group_id", Shape::Uuid),
    may("subject", Shape::Uuid),
    may("withdrawn", Shape::Bool),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "service-log",
    "Services by day, the newest first; a lawyer sees the own ones. Notes are read one by one.",
    &LOGS,
)
.query(FILTERS)
.refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read("service-log", "One service with its note and what it was before.", &FULL);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "service-log",
    "Logs a service; without `worker_id` it is the caller's own, without `day` today's, without `items` one.",
    &NEW,
    &FULL,
);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "service-log",
    "Corrects a service or takes it back; what it was stays, with the reason.",
    &ACT,
    &FULL,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn show(shown: &Shown) -> Value {
    let it = &shown.log;
    let subject = it.subject_id.as_deref().and_then(|bytes| uuid::Uuid::from_slice(bytes).ok());
    json!({
        "id": it.id,
        "worker": {"id": it.worker_id, "name": shown.worker.as_ref().map_or("", |w| &w.name)},
        "village": shown.village.as_ref().map(place), "day": it.day, "kind": it.kind, "mode": it.mode,
        "minutes": it.minutes, "items": it.items, "unit": it.kind.unit(), "people": it.people,
        "copies": it.copies, "settled": it.settled, "topic": it.topic, "audience": it.audience,
        "follow_up_on": it.follow_up_on, "report": it.report, "household_id": it.household_id,
        "group_id": it.group_id, "subject_noun": it.subject_noun, "subject_id": subject,
        "withdrawn": it.withdrawn, "version": it.version,
    })
}

fn full(found: &One) -> Value {
    let past = |(past, log): &(service_log::Past, service_log::Log)| {
        json!({
            "version": past.version, "corrected_at": Instant::from_millis(past.at_ms), "reason": past.reason,
            "day": log.day, "kind": log.kind, "minutes": log.minutes, "items": log.items,
            "people": log.people, "copies": log.copies,
        })
    };
    let pasts: Vec<_> = found.past.iter().map(past).collect();
    json!({ "log": show(&found.shown), "note": found.note, "past": pasts })
}

/// `GET /api/v1/service-logs`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
        place: None,
        kind: code(&query, "kind", ServiceKind::from_code),
        worker: query.id("worker_id")?,
        household: query.id("household_id")?,
        group: query.id("group_id")?,
        subject: query.id::<LogNoun>("subject")?.map(|id| id.uuid()),
        withdrawn: truth(&query, "withdrawn"),
    };
    let village = query.filled("village").map(str::to_owned);
    listed(service_log::list(&site.app, &me.visitor, filter, village, query.window()?).await?, |row| {
        show(&row)
    })
}

/// `GET /api/v1/service-logs/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<LogNoun>) -> Answer {
    let found = service_log::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.shown.log.version, &full(&found))
}

/// `POST /api/v1/service-logs`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = service_log::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.shown.log.version, &full(&made))
}

/// `POST /api/v1/service-logs/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<LogNoun>, body: Body) -> Answer {
    let there = service_log::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor) = (&site.app, &me.visitor);
    let reason = given.members.get("reason").and_then(Value::as_str).unwrap_or_default();
    let about = (given.version, reason);
    let done = match given.action.as_str() {
        "withdraw" => service_log::withdraw(app, visitor, id.0, about).await,
        _ => {
            let typed = over(&Typed::of(&there.shown.log, &there.note), NAMES, &given.members)?;
            service_log::correct(app, visitor, id.0, about, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.shown.log.version, &full(&done))
}

const SUM: Shape = Shape::Object(
    "ServiceSum",
    &[
        must("kind", Shape::Code(kinds)),
        must("unit", Shape::Code(units)),
        must("entries", MANY),
        must("items", Shape::Whole(0, i64::MAX)),
        must("people", Shape::Whole(0, i64::MAX)),
        must("copies", Shape::Whole(0, i64::MAX)),
        must("settled", MANY),
    ],
);
const PAID: Shape = Shape::Object(
    "FeeLine",
    &[
        must("basis", Shape::Text(20)),
        must("kind", Shape::Maybe(&Shape::Code(kinds))),
        must("units", Shape::Whole(0, i64::MAX)),
        must("fen", Shape::Whole(0, i64::MAX)),
    ],
);
const SHEET: Shape = Shape::Object(
    "AdviserSheet",
    &[
        must("adviser_post_id", Shape::Uuid),
        must("month", Shape::Text(7)),
        must("worker", PERSON),
        must("village", PLACE),
        must("days", MANY),
        must("on_site_minutes", Shape::Whole(0, i64::MAX)),
        must("minutes", Shape::Whole(0, i64::MAX)),
        must("copies", Shape::Whole(0, i64::MAX)),
        must("sums", Shape::List(&SUM, 50)),
        must("entries", Shape::List(&LOG, 100_000)),
        must("open_entries", Shape::List(&Shape::Uuid, 100_000)),
        must("fees", Shape::List(&PAID, 1_000)),
        must("fee_fen", Shape::Whole(0, i64::MAX)),
    ],
);
const MONTH: &[Member] = &[may("month", Shape::Text(7))];

/// Document of a month's sheet.
pub const MONTHLY: Doc = Doc::read(
    "adviser-sheet",
    "The month (`2026-11`, this one if absent) of an adviser post: days, minutes, sums by kind, entries, fee.",
    &SHEET,
)
.query(MONTH);
/// Document of the same as a workbook.
pub const WORKBOOK: Doc = Doc {
    reply: Reply::File(XLSX),
    ..Doc::read("adviser-sheet", "The same as a workbook (xlsx).", &SHEET).query(MONTH)
};
/// Media type of a workbook.
pub const XLSX: &str = falin_app::docx::WORKBOOK_MEDIA;

/// The first day of the month that the query names, else of this one.
pub fn month(query: &Query, today: Date) -> Result<Date, Refusal> {
    let first =
        |text: &str| format!("{text}-01").parse().map_err(|_| Refusal::field("month", "date.invalid"));
    query.filled("month").map_or(Ok(falin_domain::duty::Period::Month.around(today).0), first)
}

fn sheet_json(found: &Sheet) -> Value {
    let village = found.place.first();
    let entry = |log: &service_log::Log| {
        show(&Shown { log: log.clone(), worker: Some(found.worker.clone()), village: village.cloned() })
    };
    let sum = |(kind, sum): (ServiceKind, falin_domain::duty::Sum)| {
        json!({
            "kind": kind, "unit": kind.unit(), "entries": sum.entries, "items": sum.items,
            "people": sum.people, "copies": sum.copies, "settled": sum.settled,
        })
    };
    let paid = |line: &sheet::Paid| json!({ "basis": line.fee.basis, "kind": line.fee.kind, "units": line.units, "fen": line.fen });
    json!({
        "adviser_post_id": found.post.id, "month": &found.month.to_string()[..7],
        "worker": {"id": found.worker.id, "name": found.worker.name}, "village": village.map(place),
        "days": found.sums.days, "on_site_minutes": found.sums.on_site, "minutes": found.sums.minutes,
        "copies": found.sums.copies, "sums": found.kinds().into_iter().map(sum).collect::<Vec<_>>(),
        "entries": found.entries.iter().map(entry).collect::<Vec<_>>(),
        "open_entries": found.open.iter().map(|log| log.id).collect::<Vec<_>>(),
        "fees": found.paid.iter().map(paid).collect::<Vec<_>>(), "fee_fen": found.total(),
    })
}

/// `GET /api/v1/adviser-posts/{id}/sheet`.
///
/// # Errors
/// `not_found`; `form.invalid` where the month is none.
pub async fn monthly(site: Data<Site>, me: Signed, id: PathId<AdviserPostNoun>, query: Query) -> Answer {
    let month = month(&query, site.app.today())?;
    let found = sheet::sheet(&site.app, &me.visitor, id.0, month).await?;
    Ok(HttpResponse::Ok().json(sheet_json(&found)))
}

/// `GET /api/v1/adviser-posts/{id}/sheet.xlsx`.
///
/// # Errors
/// As [`monthly`].
pub async fn workbook(site: Data<Site>, me: Signed, id: PathId<AdviserPostNoun>, query: Query) -> Answer {
    let month = month(&query, site.app.today())?;
    let bytes = sheet::workbook(&site.app, &me.visitor, id.0, month).await?;
    let name = format!("attachment; filename=\"sheet-{}.xlsx\"", &month.to_string()[..7]);
    Ok(HttpResponse::Ok().content_type(XLSX).insert_header(("content-disposition", name)).body(bytes))
}
