//! `/api/v1/duty-shifts`: the duty rota, its weekly plans and swaps.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::duty::{self, Filter, Offer, One, Shown, SwapTyped, Typed};
use falin_domain::duty::{ShiftKind, ShiftState, SwapState, clock_text};
use falin_domain::words::ShiftNoun;
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

const NAMES: Names = &[("worker_id", "worker"), ("division", "place"), ("facility_id", "facility")];
const SWAP_NAMES: Names = &[("to_worker_id", "to_worker"), ("return_shift_id", "return_shift")];

fn kinds() -> Vec<&'static str> {
    ShiftKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn states() -> Vec<&'static str> {
    ShiftState::ALL.iter().map(|state| state.code()).collect()
}

fn swap_states() -> Vec<&'static str> {
    SwapState::ALL.iter().map(|state| state.code()).collect()
}

/// A legal worker as other things name them.
pub(super) const PERSON: Shape =
    Shape::Object("WorkerName", &[must("id", Shape::Uuid), must("name", Shape::Text(200))]);
const CLOCK: Shape = Shape::Text(5);
const SWAP: Shape = Shape::Object(
    "DutySwap",
    &[
        must("id", Shape::Uuid),
        must("from_worker", PERSON),
        must("to_worker", PERSON),
        must("return_shift_id", Shape::Maybe(&Shape::Uuid)),
        must("note", Shape::Text(200)),
        must("state", Shape::Code(swap_states)),
        must("offered_at", Shape::Time),
        must("answered_at", Shape::Maybe(&Shape::Time)),
    ],
);
const SHIFT: Shape = Shape::Object(
    "DutyShift",
    &[
        must("id", Shape::Uuid),
        must("worker", PERSON),
        must("kind", Shape::Code(kinds)),
        must("division", Shape::Maybe(&PLACE)),
        must("facility_id", Shape::Maybe(&Shape::Uuid)),
        must("spot", Shape::Text(200)),
        must("day", Shape::Date),
        must("from", CLOCK),
        must("to", CLOCK),
        must("state", Shape::Code(states)),
        must("flag_reason", Shape::Maybe(&Shape::OneOf(&["leave", "left"]))),
        must("series_id", Shape::Maybe(&Shape::Uuid)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const SHIFTS: Shape = crate::listed!("DutyShifts", SHIFT);
const FULL: Shape = Shape::Object(
    "DutyShiftWithSwaps",
    &[
        must("shift", SHIFT),
        must("swaps", Shape::List(&SWAP, 1_000)),
        must("allowed_actions", Shape::List(&Shape::Text(20), 20)),
    ],
);
const NEW: Shape = Shape::Object(
    "NewDutyShift",
    &[
        must("worker_id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("division", Shape::Text(36)),
        must("day", Shape::Date),
        must("from", CLOCK),
        must("to", CLOCK),
        may("facility_id", Shape::Maybe(&Shape::Uuid)),
        may("spot", Shape::Text(100)),
    ],
);
const WEEKLY: Shape = Shape::Object(
    "NewDutySeries",
    &[
        must("worker_id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("division", Shape::Text(36)),
        must("day", Shape::Date),
        must("until", Shape::Date),
        must("from", CLOCK),
        must("to", CLOCK),
        may("weekdays", Shape::List(&Shape::Whole(1, 7), 7)),
        may("facility_id", Shape::Maybe(&Shape::Uuid)),
        may("spot", Shape::Text(100)),
    ],
);
const SKIPPED: Shape = Shape::Object(
    "SkippedDay",
    &[must("day", Shape::Date), must("why", Shape::OneOf(&["taken", "away", "holiday"]))],
);
const SERIES: Shape = Shape::Object(
    "DutySeries",
    &[
        must("series_id", Shape::Uuid),
        must("shift_ids", Shape::List(&Shape::Uuid, 200)),
        must("skipped", Shape::List(&SKIPPED, 200)),
    ],
);
const ACT: Shape = Shape::Object(
    "DutyShiftAct",
    &[
        must(
            "action",
            Shape::OneOf(&["change", "reassign", "cancel", "offer", "accept", "decline", "withdraw"]),
        ),
        must("version", Shape::Whole(1, i64::MAX)),
        may("worker_id", Shape::Uuid),
        may("kind", Shape::Code(kinds)),
        may("division", Shape::Text(36)),
        may("day", Shape::Date),
        may("from", CLOCK),
        may("to", CLOCK),
        may("facility_id", Shape::Maybe(&Shape::Uuid)),
        may("spot", Shape::Text(100)),
        may("to_worker_id", Shape::Uuid),
        may("return_shift_id", Shape::Maybe(&Shape::Uuid)),
        may("note", Shape::Text(200)),
    ],
);
const FILTERS: &[Member] = &[
    may("from", Shape::Date),
    may("to", Shape::Date),
    may("division", Shape::Text(36)),
    may("kind", Shape::Code(kinds)),
    may("state", Shape::Code(states)),
    may("worker_id", Shape::Uuid),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "duty-shift",
    "Duty shifts by day and hour; a lawyer sees the own ones. `division` takes an id or a code and all below it.",
    &SHIFTS,
)
.query(FILTERS)
.refusals(&["division.unknown"]);
/// Document of one.
pub const ONE: Doc = Doc::read(
    "duty-shift",
    "One shift with its offers; also for the colleague to whom it is offered.",
    &FULL,
);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "duty-shift",
    "Plans a shift. `from` and `to` are clocks on a quarter of an hour; nobody is at two duties at one time.",
    &NEW,
    &FULL,
)
.refusals(&["duty.away", "duty.overlap"]);
/// Document of a weekly plan.
pub const PLAN: Doc = Doc::create(
    "duty-shift",
    "Plans a week's pattern until a day (weekdays 1 Monday to 7); days taken, of leave and of public holidays are \
     left out and named.",
    &WEEKLY,
    &SERIES,
)
.refusals(&["duty.away", "duty.overlap"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "duty-shift",
    "Changes, reassigns or cancels a shift, or offers it to a colleague, who accepts or declines.",
    &ACT,
    &FULL,
)
.refusals(&["state.changed", "action.not_allowed", "duty.away", "duty.overlap", "duty.swap_open"]);

fn show(shown: &Shown) -> Value {
    let it = &shown.shift;
    json!({
        "id": it.id,
        "worker": {"id": it.worker_id, "name": shown.worker.as_ref().map_or("", |w| &w.name)},
        "kind": it.kind, "division": shown.place.as_ref().map(place), "facility_id": it.facility_id,
        "spot": it.spot, "day": it.day, "from": clock_text(it.from_minute), "to": clock_text(it.to_minute),
        "state": it.state, "flag_reason": it.flag_reason, "series_id": it.series_id, "version": it.version,
    })
}

fn swap(offer: &Offer) -> Value {
    use falin_domain::time::Instant;
    let it = &offer.swap;
    let name = |worker: &Option<falin_app::worker::Worker>| {
        worker.as_ref().map_or(String::new(), |w| w.name.clone())
    };
    json!({
        "id": it.id,
        "from_worker": {"id": it.from_worker_id, "name": name(&offer.from)},
        "to_worker": {"id": it.to_worker_id, "name": name(&offer.to)},
        "return_shift_id": it.return_shift_id, "note": it.note, "state": it.state,
        "offered_at": Instant::from_millis(it.created_ms),
        "answered_at": it.answered_ms.map(Instant::from_millis),
    })
}

fn full(found: &One) -> Value {
    json!({
        "shift": show(&found.shown),
        "swaps": found.offers.iter().map(swap).collect::<Vec<_>>(),
        "allowed_actions": found.acts,
    })
}

/// `GET /api/v1/duty-shifts`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let filter = Filter {
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
        place: None,
        kind: code(&query, "kind", ShiftKind::from_code),
        worker: query.id("worker_id")?,
        state: code(&query, "state", ShiftState::from_code),
    };
    let place = query.filled("division").map(str::to_owned);
    listed(duty::list(&site.app, &me.visitor, filter, place, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/duty-shifts/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<ShiftNoun>) -> Answer {
    let found = duty::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.shown.shift.version, &full(&found))
}

/// `POST /api/v1/duty-shifts`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = duty::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.shown.shift.version, &full(&made))
}

/// `POST /api/v1/duty-shifts/series`.
///
/// # Errors
/// See [`PLAN`].
pub async fn plan(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&WEEKLY)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = duty::series(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    let ids: Vec<_> = made.made.iter().map(|shift| shift.id).collect();
    let series = made.made.first().and_then(|shift| shift.series_id);
    Ok(HttpResponse::Created()
        .json(json!({ "series_id": series, "shift_ids": ids, "skipped": made.skipped })))
}

/// `POST /api/v1/duty-shifts/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<ShiftNoun>,
    body: Body,
) -> Answer {
    let there = duty::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match given.action.as_str() {
        "reassign" => {
            let worker = given.members.get("worker_id").and_then(Value::as_str).unwrap_or_default();
            duty::reassign(app, visitor, id.0, version, worker).await
        }
        "cancel" => duty::cancel(app, visitor, id.0, version).await,
        "offer" => {
            let typed = over(&SwapTyped::default(), SWAP_NAMES, &given.members)?;
            let done = duty::offer(app, visitor, id.0, version, &typed).await;
            let done = done.map_err(told(SWAP_NAMES))?;
            return one(&req, 200, done.shown.shift.version, &full(&done));
        }
        "accept" => duty::accept(app, visitor, id.0, version).await,
        "decline" => duty::decline(app, visitor, id.0, version).await,
        "withdraw" => duty::withdraw(app, visitor, id.0, version).await,
        _ => {
            let typed = over(&Typed::of(&there.shown.shift), NAMES, &given.members)?;
            duty::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.shown.shift.version, &full(&done))
}
