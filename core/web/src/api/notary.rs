//! `/api/v1/notary-matters` and `/notary-appointments`: what to bring to a notary, and when to come.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::notary::{self, Matter, MatterTyped, Shown, Typed};
use falin_domain::duty::{AppointmentState, clock_text};
use falin_domain::words::{AppointmentNoun, MatterNoun};
use serde_json::{Map, Value, json};

use super::duty_shifts::PERSON;
use super::form::{Names, over, told};
use super::{Given, code, counties, listed, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("matter_id", "matter"), ("worker_id", "worker")];

fn states() -> Vec<&'static str> {
    AppointmentState::ALL.iter().map(|state| state.code()).collect()
}

const LENGTH: Shape = Shape::Whole(15, 240);
const CLOCK: Shape = Shape::Text(5);
const MATTER: Shape = Shape::Object(
    "NotaryMatter",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(100)),
        must("papers", Shape::List(&Shape::Text(2_000), 2_000)),
        must("note", Shape::Text(1_000)),
        must("minutes", LENGTH),
        must("active", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const MATTERS: Shape = Shape::Object("NotaryMatters", &[must("items", Shape::List(&MATTER, 10_000))]);
const PAPERS: Shape = Shape::List(&Shape::Text(200), 50);
const NEW_MATTER: Shape = Shape::Object(
    "NewNotaryMatter",
    &[
        must("name", Shape::Text(100)),
        must("papers", PAPERS),
        may("note", Shape::Text(1_000)),
        may("minutes", LENGTH),
        may("position", Shape::Whole(0, 10_000)),
    ],
);
const MATTER_ACT: Shape = Shape::Object(
    "NotaryMatterAct",
    &[
        must("action", Shape::OneOf(&["change"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("name", Shape::Text(100)),
        may("papers", PAPERS),
        may("note", Shape::Text(1_000)),
        may("minutes", LENGTH),
        may("position", Shape::Whole(0, 10_000)),
        may("active", Shape::Bool),
    ],
);
const APPOINTMENT: Shape = Shape::Object(
    "NotaryAppointment",
    &[
        must("id", Shape::Uuid),
        must("matter_id", Shape::Uuid),
        must("matter", Shape::Text(100)),
        must("worker", PERSON),
        must("day", Shape::Date),
        must("from", CLOCK),
        must("to", CLOCK),
        must("person", Shape::Text(200)),
        must("phone", Shape::Text(200)),
        must("state", Shape::Code(states)),
        must("allowed_actions", Shape::List(&Shape::Text(20), 20)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const APPOINTMENTS: Shape = crate::listed!("NotaryAppointments", APPOINTMENT);
const NEW: Shape = Shape::Object(
    "NewNotaryAppointment",
    &[
        must("matter_id", Shape::Uuid),
        must("day", Shape::Date),
        must("from", CLOCK),
        must("person", Shape::Text(100)),
        must("phone", Shape::Text(100)),
        must("worker_id", Shape::Uuid),
    ],
);
const ACT: Shape = Shape::Object(
    "NotaryAppointmentAct",
    &[
        must("action", Shape::OneOf(&["move", "cancel", "done", "no_show"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("matter_id", Shape::Uuid),
        may("worker_id", Shape::Uuid),
        may("day", Shape::Date),
        may("from", CLOCK),
        may("person", Shape::Text(100)),
        may("phone", Shape::Text(100)),
    ],
);
const FILTERS: &[Member] = &[
    may("from", Shape::Date),
    may("to", Shape::Date),
    may("state", Shape::Code(states)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];
const COUNTY: &[Member] = &[may("county", Shape::Text(12))];

/// Document of the matters.
pub const MATTER_LIST: Doc =
    Doc::read("notary", "Notary matters with the papers to bring, for everybody.", &MATTERS)
        .query(COUNTY)
        .refusals(&["county.unknown"]);
/// Document of a new matter.
pub const MATTER_ADD: Doc =
    Doc::create("notary", "Adds a notary matter.", &NEW_MATTER, &MATTER).refusals(&["notary.matter_taken"]);
/// Document of the acts on a matter.
pub const MATTER_ACTS: Doc =
    Doc::act("notary", "Changes a matter, or with `active` false no longer offers it.", &MATTER_ACT, &MATTER)
        .refusals(&["state.changed", "notary.matter_taken"]);
/// Document of the appointments.
pub const LIST: Doc =
    Doc::read("notary", "Appointments by day and hour; a notary sees the own ones.", &APPOINTMENTS)
        .query(FILTERS);
/// Document of one.
pub const ONE: Doc = Doc::read("notary", "One appointment.", &APPOINTMENT);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "notary",
    "Books a person with a notary, who is never booked twice at one time; it takes as long as the matter says.",
    &NEW,
    &APPOINTMENT,
)
.refusals(&["duty.away", "duty.overlap"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "notary",
    "Moves an appointment, calls it off, or says whether the person came.",
    &ACT,
    &APPOINTMENT,
)
.refusals(&["state.changed", "action.not_allowed", "duty.away", "duty.overlap"]);

fn matter(it: &Matter) -> Value {
    json!({
        "id": it.id, "name": it.name, "papers": it.papers.lines().collect::<Vec<_>>(), "note": it.note,
        "minutes": it.minutes, "active": it.active, "version": it.version,
    })
}

/// Papers come as a list and are kept one a line.
fn lines(mut given: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Array(papers)) = given.get("papers") {
        let text: Vec<&str> = papers.iter().filter_map(Value::as_str).collect();
        given.insert("papers".to_owned(), Value::String(text.join("\n")));
    }
    given
}

/// `GET /api/v1/notary-matters`.
///
/// # Errors
/// `county.unknown`.
pub async fn matters(site: Data<Site>, me: Option<Signed>, query: Query) -> Answer {
    let mut items = Vec::new();
    for county in counties(&site, me.as_ref(), &query).await? {
        items.extend(notary::offered(&site.app, county).await?.iter().map(matter));
    }
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

/// `POST /api/v1/notary-matters`.
///
/// # Errors
/// See [`MATTER_ADD`].
pub async fn add_matter(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given = lines(body.json(&NEW_MATTER)?);
    let typed = over(&MatterTyped::default(), &[], &given)?;
    let made = notary::set_matter(&site.app, &me.visitor, None, &typed).await?;
    one(&req, 201, made.version, &matter(&made))
}

/// `POST /api/v1/notary-matters/{id}/actions`.
///
/// # Errors
/// See [`MATTER_ACTS`].
pub async fn act_matter(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<MatterNoun>,
    body: Body,
) -> Answer {
    let there = notary::matter(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &MATTER_ACT)?;
    let version = given.version;
    let typed = over(&MatterTyped::of(&there), &[], &lines(given.members))?;
    let done = notary::set_matter(&site.app, &me.visitor, Some((id.0, version)), &typed).await?;
    one(&req, 200, done.version, &matter(&done))
}

fn show(shown: &Shown) -> Value {
    let it = &shown.appointment;
    json!({
        "id": it.id, "matter_id": it.matter_id, "matter": shown.matter.as_ref().map_or("", |m| &m.name),
        "worker": {"id": it.worker_id, "name": shown.notary.as_ref().map_or("", |w| &w.name)},
        "day": it.day, "from": clock_text(it.from_minute), "to": clock_text(it.to_minute),
        "person": shown.person, "phone": shown.phone, "state": it.state, "allowed_actions": shown.acts,
        "version": it.version,
    })
}

/// `GET /api/v1/notary-appointments`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let days = (query.parsed("from", "date.invalid")?, query.parsed("to", "date.invalid")?);
    let state = code(&query, "state", AppointmentState::from_code);
    listed(notary::list(&site.app, &me.visitor, days, state, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/notary-appointments/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<AppointmentNoun>) -> Answer {
    let found = notary::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.appointment.version, &show(&found))
}

/// `POST /api/v1/notary-appointments`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let typed = over(&Typed::default(), NAMES, &given)?;
    let made = notary::add(&site.app, &me.visitor, &typed).await.map_err(told(NAMES))?;
    one(&req, 201, made.appointment.version, &show(&made))
}

/// `POST /api/v1/notary-appointments/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<AppointmentNoun>,
    body: Body,
) -> Answer {
    let there = notary::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let done = match AppointmentState::from_code(ending(&given.action)) {
        Some(state) => notary::close(app, visitor, id.0, version, state).await,
        None => {
            let typed = over(&Typed::of(&there), NAMES, &given.members)?;
            notary::change(app, visitor, id.0, version, &typed).await
        }
    };
    let done = done.map_err(told(NAMES))?;
    one(&req, 200, done.appointment.version, &show(&done))
}

/// The state in which an act ends an appointment; no state's code for moving it.
pub fn ending(action: &str) -> &str {
    if action == "cancel" { "cancelled" } else { action }
}
