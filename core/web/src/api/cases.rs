//! Cases of every flow for programs: `/consultations`, `/legal-aid-applications`, `/mediation-cases`, and those of
//! plugins under `/workflows/{plugin}/{flow}/cases`.

mod documents;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::casework::{
    self, Action, Answers, Drill, Filter, Helping, Line, Offer, Opening, Queue, Reply, Seen,
};
use falin_app::deadline::Shown;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{AttachmentId, AttachmentNoun, CaseNoun};
use falin_domain::workflow::{Flow, Manner, Values};
use serde_json::{Map, Value, json};

pub use documents::{aid, consultations, mediation, workflows};

pub(super) use documents::OFFERED;
use documents::{OFFER, OFFER_ANSWER};

use super::{listed, one, place};
use crate::body::Body;
use crate::etag;
use crate::flow_path::FlowPath;
use crate::look::Lang;
use crate::problem::{Answer, Asker};
use crate::query::{PathId, Query, path_id};
use crate::shape::Shape;
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

pub(super) fn language(req: &HttpRequest) -> &'static str {
    match Asker::of(req.path(), req.headers()).lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

fn moment(ms: i64) -> String {
    Instant::from_millis(ms).to_string()
}

/// A case as programs see it.
pub(crate) fn show(seen: &Seen, lang: &str) -> Value {
    let (case, flow) = (&seen.case, &seen.flow);
    let state = flow.state(&case.state).map(|state| state.name.in_language(lang)).unwrap_or_default();
    let worker = seen.worker.as_ref().map(|worker| json!({"id": worker.id, "name": worker.name}));
    let links = seen.links.iter();
    let links =
        links.map(|one| json!({"id": one.id, "flow": one.flow, "number": one.number, "state": one.state}));
    json!({
        "id": case.id, "flow": case.flow, "number": case.number, "old_number": case.old_number,
        "state": case.state, "state_label": state, "urgent": case.urgent, "version": case.version,
        "place": seen.place.as_ref().map(place), "household_id": case.household_id,
        "worker": worker, "routed_by": case.routed_by,
        "created_at": moment(case.created_ms), "closed_at": case.closed_ms.map(moment),
        "fields": seen.values, "hidden": seen.hidden,
        "allowed_actions": allowed(flow, &seen.allowed, lang), "waits": waits(seen, lang),
        "next_actor": next_actor(seen),
        "deadlines": seen.deadlines.iter().map(|row| Shown::of(row, flow, lang != "en")).collect::<Vec<_>>(),
        "steps": steps(seen, lang),
        "files": files(seen),
        "deputy": seen.deputy.as_ref().map(|worker| json!({"id": worker.id, "name": worker.name})),
        "offered": seen.offered.as_ref().map(offered), "declined": seen.declined.as_ref().map(offered),
        "answerable": answerable(seen), "units": units(seen),
        "links": links.collect::<Vec<_>>(),
        "parties": parties(seen), "bookings": bookings(seen),
        "dossier": seen.dossier.iter().map(|one| json!({
            "name": one.name.in_language(lang), "needed": one.needed, "there": one.there,
        })).collect::<Vec<_>>(),
    })
}

/// An offer that waits for a worker's word, or what was said to one that was declined.
pub(super) fn offered(one: &casework::Offered) -> Value {
    let worker = |it: &falin_app::worker::Worker| json!({"id": it.id, "name": it.name});
    json!({"from": one.from.as_ref().map(worker), "to": one.to.as_ref().map(worker), "reason": one.reason})
}

fn allowed(flow: &Flow, actions: &[String], lang: &str) -> Vec<Value> {
    let steps = actions.iter().filter_map(|action| flow.step(action));
    steps
        .map(|step| json!({"action": step.action, "label": step.name.in_language(lang), "schema": flow.schema(step, lang)}))
        .collect()
}

/// Why a step is not among the allowed ones yet: the linked case in which something is settled first, where the caller
/// sees it, and what the workflow says of it.
fn waits(seen: &Seen, lang: &str) -> Value {
    let Some(waits) = &seen.waits else { return Value::Null };
    let there = seen.links.iter().find(|case| case.id == waits.there).map(|case| case.id);
    let words = waits.fault.args.iter().find(|(name, _)| name.as_str() == lang).map(|(_, words)| words);
    json!({"case": there, "code": waits.fault.code, "detail": words})
}

fn next_actor(seen: &Seen) -> Value {
    let Some(next) = &seen.next else { return Value::Null };
    let mut actor = Map::new();
    actor.insert("role".to_owned(), json!(next.role.code()));
    actor.insert("place".to_owned(), json!(next.place));
    if let Some(account) = next.account {
        actor.insert("user_id".to_owned(), json!(account));
    }
    Value::Object(actor)
}

fn steps(seen: &Seen, lang: &str) -> Vec<Value> {
    let label = |action: &str| casework::step_name(&seen.flow, action, lang == "en");
    let told = seen.steps.iter().map(|told| {
        let step = &told.step;
        json!({
            "n": step.n, "action": step.action, "label": label(&step.action).unwrap_or_default(),
            "from": step.from_state, "to": step.to_state, "at": moment(step.at_ms), "happened_on": step.happened_on, "by": told.who,
            "for": told.for_whom, "role": step.role, "fields": told.values,
        })
    });
    told.collect()
}

/// Who answers for it, the first handler first.
fn answerable(seen: &Seen) -> Vec<Value> {
    let one = |one: &Answers| {
        json!({
            "name": one.name, "worker_id": one.worker, "from": moment(one.from_ms), "to": one.to_ms.map(moment),
        })
    };
    seen.answers.iter().map(one).collect()
}

/// Units that help; `n` is what the step of the answer calls `co_which`.
fn units(seen: &Seen) -> Vec<Value> {
    let one = |one: &Helping| {
        let worker = one.worker.as_ref().map(|worker| json!({"id": worker.id, "name": worker.name}));
        let state = match (one.unit.answered_n, one.unit.ended_n) {
            (Some(_), _) => "answered",
            (None, Some(_)) => "ended",
            (None, None) => "waiting",
        };
        json!({
            "n": one.unit.asked_n, "unit": one.unit.unit, "worker": worker, "due": one.unit.due_date,
            "state": state, "task": one.task, "answer": one.answer,
        })
    };
    seen.units.iter().map(one).collect()
}

/// The parties by the ids under which a room is booked for them.
fn parties(seen: &Seen) -> Vec<Value> {
    let one = |one: &casework::Party| json!({"id": one.id, "side": one.side, "name": one.name});
    seen.parties.iter().map(one).collect()
}

/// Times held for it, those that are over or off too.
fn bookings(seen: &Seen) -> Vec<Value> {
    let one = |one: &falin_app::booking::Shown| {
        let (it, span) = (&one.booking, one.booking.span());
        json!({
            "id": it.id, "state": it.state, "starts_at": span.from(), "ends_at": span.to(), "room_id": it.room_id,
            "room": one.room.as_ref().map(|room| &room.name),
        })
    };
    seen.bookings.iter().map(one).collect()
}

fn files(seen: &Seen) -> Vec<Value> {
    let file = |(file, name): &(_, String)| -> Value {
        let file: &falin_app::casework::Attachment = file;
        json!({"id": file.id, "name": name, "media_type": file.media_type, "size": file.size, "added_at": moment(file.created_ms)})
    };
    seen.files.iter().map(file).collect()
}

fn row(line: &Line) -> Value {
    let case = &line.case;
    json!({
        "id": case.id, "number": case.number, "state": case.state, "urgent": case.urgent, "version": case.version,
        "person": case.person_name, "matter": line.matter, "place": line.place.as_ref().map(place),
        "worker": line.worker.as_ref().map(|worker| json!({"id": worker.id, "name": worker.name})),
        "next_role": case.next_role, "due": line.deadline.as_ref().map(|row| row.due),
        "created_at": moment(case.created_ms),
    })
}

/// What a list's query asks for; pages read the same names.
pub(crate) fn filter(query: &Query) -> Result<Filter, Refusal> {
    Ok(Filter {
        state: query.filled("state").map(str::to_owned),
        open: super::truth(query, "open"),
        place: query.filled("place").map(str::to_owned),
        queue: query.filled("queue").and_then(Queue::from_code),
        worker: query.id("worker")?,
        household: query.id("household_id")?,
        q: query.filled("q").unwrap_or_default().to_owned(),
        field: None,
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
        figure: query.filled("figure").map(|code| Drill {
            code: code.to_owned(),
            split: query
                .filled("by")
                .map(|field| (field.to_owned(), query.filled("value").unwrap_or_default().to_owned())),
        }),
    })
}

/// `GET …`: a page of cases.
///
/// # Errors
/// As documented.
pub async fn list(site: Data<Site>, me: Signed, path: FlowPath, query: Query) -> Answer {
    let page = casework::list(&site.app, &me.visitor, &path.flow, filter(&query)?, query.window()?).await?;
    listed(page, |line| row(&line))
}

/// `GET ….xlsx`: the same list as a workbook.
///
/// # Errors
/// As documented.
pub async fn export(req: HttpRequest, site: Data<Site>, me: Signed, path: FlowPath, query: Query) -> Answer {
    let english = language(&req) == "en";
    let bytes = casework::table(&site.app, &me.visitor, &path.flow, filter(&query)?, english).await?;
    let name = path.flow.replace('/', "-");
    Ok(HttpResponse::Ok()
        .content_type(super::service_logs::XLSX)
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}.xlsx\"")))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// `GET …/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
) -> Answer {
    let seen = casework::one(&site.app, &me.visitor, &path.flow, id.0).await?;
    one(&req, 200, seen.case.version, &show(&seen, language(&req)))
}

/// `POST …`.
///
/// # Errors
/// As documented.
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, path: FlowPath, body: Body) -> Answer {
    let opening = opening(&path.flow, &body)?;
    let seen = casework::open(&site.app, &me.visitor, opening).await?;
    one(&req, 201, seen.case.version, &show(&seen, language(&req)))
}

fn opening(flow: &str, body: &Body) -> Result<Opening, Refusal> {
    let mut values: Values = body.json(&Shape::Made(|| Value::Null))?;
    let text = |value: Option<Value>, name: &str| match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::field(name, "type")),
    };
    let place = text(values.remove("place"), "place")?;
    let household = text(values.remove("household_id"), "household_id")?;
    let household =
        household.map(|text| text.parse().map_err(|_| Refusal::field("household_id", "reference")));
    Ok(Opening { place, household: household.transpose()?, ..Opening::new(flow, values) })
}

/// `POST …/{id}/actions`.
///
/// # Errors
/// As documented.
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
    body: Body,
) -> Answer {
    casework::in_sight(&site.app, &me.visitor, &path.flow, id.0).await?;
    let action = action(&req, &body)?;
    let seen = casework::act(&site.app, &me.visitor, &path.flow, id.0, action).await?;
    one(&req, 200, seen.case.version, &show(&seen, language(&req)))
}

fn action(req: &HttpRequest, body: &Body) -> Result<Action, crate::problem::Refused> {
    let mut values: Values = body.json(&Shape::Made(|| Value::Null))?;
    let (action, version) = (values.remove("action"), values.remove("version"));
    let mut faults = Vec::new();
    let mut fault = |name: &str, value: &Option<Value>| {
        faults.push(FieldError::new(name, if value.is_none() { "required" } else { "type" }));
    };
    let name = action.as_ref().and_then(Value::as_str).map(str::to_owned);
    if name.is_none() {
        fault("action", &action);
    }
    let number = version.as_ref().and_then(Value::as_f64).filter(|n| n.fract() == 0.0 && *n >= 1.0);
    if number.is_none() {
        fault("version", &version);
    }
    let (Some(action), Some(version)) = (name, number) else { return Err(Refusal::form(faults).into()) };
    let version = version as i64;
    etag::must_match(req, &etag::of_version(version))?;
    Ok(Action { action, version, values, manner: Manner::Program })
}

/// `POST …/next`: the next case that waits for somebody like the caller.
///
/// # Errors
/// As documented.
pub async fn take_next(req: HttpRequest, site: Data<Site>, me: Signed, path: FlowPath) -> Answer {
    let seen = casework::take_next(&site.app, &me.visitor, &path.flow).await?;
    one(&req, 200, seen.case.version, &show(&seen, language(&req)))
}

/// `POST …/{id}/files`.
///
/// # Errors
/// As documented.
pub async fn add_file(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
    upload: Upload,
) -> Answer {
    let seen = casework::attach(&site.app, &me.visitor, &path.flow, id.0, file(&upload)?).await?;
    one(&req, 201, seen.case.version, &show(&seen, language(&req)))
}

/// The file of an upload.
///
/// # Errors
/// `form.invalid` at `file` where none was chosen.
pub(crate) fn file(upload: &Upload) -> Result<casework::File, Refusal> {
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    // What it is stands before its name, by which the dossier knows it.
    let kind = upload.fields.filled("kind").map(|kind| kind.replace(['/', '\\'], " "));
    let kind: Option<String> = kind.map(|kind| kind.chars().take(20).collect());
    let name = kind.map_or_else(|| file.name.clone(), |kind| format!("{kind} {}", file.name));
    Ok(casework::File { name, body: file.bytes.to_vec() })
}

/// `GET …/{id}/files/{file}`: always as an attachment, in a sandbox of its own.
///
/// # Errors
/// `not_found`.
pub async fn get_file(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
) -> Answer {
    let file: AttachmentId = path_id::<AttachmentNoun>(&req, "file")?;
    let (name, media_type, body) =
        casework::attachment(&site.app, &me.visitor, &path.flow, id.0, file).await?;
    let shown = format!(
        "attachment; filename*=UTF-8''{}",
        crate::look::format::query_escape(&name).replace('+', "%20")
    );
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(("content-disposition", shown))
        .insert_header(("content-security-policy", "sandbox; default-src 'none'"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

/// `POST …/{id}/offers`.
///
/// # Errors
/// As documented.
pub async fn offer(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
    body: Body,
) -> Answer {
    let given: Map<String, Value> = body.json(&OFFER)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let to = text("worker").parse().map_err(|_| Refusal::field("worker", "reference"))?;
    let version = given.get("version").and_then(Value::as_f64).unwrap_or_default() as i64;
    let offer = Offer { to, reason: text("reason").to_owned(), version };
    let seen = casework::offer(&site.app, &me.visitor, &path.flow, id.0, offer).await?;
    one(&req, 200, seen.case.version, &show(&seen, language(&req)))
}

/// `POST …/{id}/offers/answer`.
///
/// # Errors
/// As documented.
pub async fn answer_offer(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    path: FlowPath,
    id: PathId<CaseNoun>,
    body: Body,
) -> Answer {
    let given: Map<String, Value> = body.json(&OFFER_ANSWER)?;
    let (app, visitor, flow) = (&site.app, &me.visitor, path.flow.as_str());
    let seen = match given.get("answer").and_then(Value::as_str) {
        Some("accept") => casework::answer_offer(app, visitor, flow, id.0, Reply::Accept).await?,
        Some("decline") => {
            let reason = given.get("reason").and_then(Value::as_str).unwrap_or_default();
            casework::answer_offer(app, visitor, flow, id.0, Reply::Decline(reason.to_owned())).await?
        }
        _ => casework::withdraw_offer(app, visitor, flow, id.0).await?,
    };
    one(&req, 200, seen.case.version, &show(&seen, language(&req)))
}
