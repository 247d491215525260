//! Cases of every flow at the desk: queues, one case, the form of each step, files, and handing over.

mod helped;
mod list;
mod mediators;
mod page;
mod papers;
mod sheet;

use actix_web::HttpRequest;
use falin_app::Stop;
use falin_app::casework::{self, Action, Offer, Opening, Reply, Seen};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, CaseNoun};
use falin_domain::workflow::{Flow, Kind, Manner, Values};
use serde_json::Value;

pub(super) use list::{due, row};
pub use list::{export, list, take_next};
pub(super) use page::Sent;
use page::page;
pub use sheet::sheet;

use super::choices;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::flow_path::FlowPath;
use crate::look::desk::Link;
use crate::look::desk::case::{CaseForm, facts, lang_code};
use crate::look::parts::Field;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};
use crate::upload::Upload;

/// `GET /desk/{flow}/new`.
///
/// # Errors
/// `access.denied`.
pub async fn new(desk: Desk, path: FlowPath, query: Query) -> Answer {
    let mut typed = Values::new();
    for (name, value) in &query.0.0 {
        typed.insert(name.clone(), Value::from(value.clone()));
    }
    let view = opening_form(&desk, &path, &typed, None).await?;
    desk.page(&view)
}

async fn opening_form(
    desk: &Desk,
    path: &FlowPath,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> Result<CaseForm, Refused> {
    let flow = desk.site.app.flows.current(desk.visitor().county, &path.flow)?;
    let step = flow.opening().filter(|step| step.roles.iter().any(|role| desk.visitor().is(*role)));
    let step = step.ok_or_else(|| Refusal::new("access.denied"))?;
    let back = Link::new(path.base.clone(), flow.name.in_language(lang_code(desk.lang)));
    let text = |name: &str| typed.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let places = choices::villages(desk, &text("place"), true).await?;
    let about = (path.base.as_str(), back, String::new());
    let mut view = CaseForm::new(&desk.say(), (&flow, step), about, (typed, None), refusal);
    chosen(desk, (&flow, step), (typed, None), &mut view).await?;
    let household = text("household_id");
    if household.is_empty() {
        view.form
            .fields
            .push(Field::select("place", "desk-case-place", places).hint("desk-case-place-hint").optional());
    } else {
        view.form = view.form.keep("household_id", household);
    }
    Ok(view)
}

/// What a form gives a flow: several values under one name are a list.
pub(super) fn typed_values(fields: &Fields) -> Values {
    let mut values = Values::new();
    for (name, value) in fields.0.iter().filter(|(name, _)| !matches!(name.as_str(), "csrf" | "version")) {
        let value = Value::from(value.clone());
        match values.get_mut(name) {
            None => {
                values.insert(name.clone(), value);
            }
            Some(Value::Array(many)) => many.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    values
}

/// `POST /desk/{flow}`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, path: FlowPath, body: Body) -> Answer {
    let mut typed = typed_values(&body.form()?);
    let shown = typed.clone();
    let mut take =
        |name: &str| typed.remove(name).and_then(|v| v.as_str().map(str::to_owned)).filter(|t| !t.is_empty());
    let (place, household) = (take("place"), take("household_id"));
    let household = household.and_then(|text| text.parse().ok());
    let opening = Opening { place, household, ..Opening::typed(&path.flow, typed) };
    match casework::open(&desk.site.app, desk.visitor(), opening).await {
        Ok(seen) => desk.go(format!("{}/{}", path.base, seen.case.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = opening_form(&desk, &path, &shown, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/{flow}/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, path: FlowPath, id: PathId<CaseNoun>) -> Answer {
    let seen = casework::one(&desk.site.app, desk.visitor(), &path.flow, id.0).await?;
    let view = page(&desk, &path, &seen, None).await?;
    desk.page(&view)
}

/// `GET /desk/{flow}/{id}/steps/{action}`.
///
/// # Errors
/// `not_found`; `action.not_allowed` shows the case with what it says.
pub async fn ask(req: HttpRequest, desk: Desk, path: FlowPath, id: PathId<CaseNoun>, query: Query) -> Answer {
    let seen = casework::one(&desk.site.app, desk.visitor(), &path.flow, id.0).await?;
    let action = req.match_info().query("action").to_owned();
    if !seen.allowed.contains(&action) {
        let refusal = Refusal::new("action.not_allowed");
        let view = page(&desk, &path, &seen, Some((&refusal, Sent::Elsewhere))).await?;
        return desk.again(&refusal, &view);
    }
    // A remark belongs to its own step; everything else is shown as it stands.
    let mut known = seen.values.clone();
    known.remove("note");
    // Who has it now, however that came about.
    if let Some(worker) = seen.worker.as_ref().filter(|_| action == "accept" && seen.case.flow == "mediation")
    {
        known.insert("worker".to_owned(), Value::from(worker.id.to_string()));
    }
    // The case's page leads to the unit that it speaks of.
    if let Some(n) = query.filled("co_which") {
        known.insert("co_which".to_owned(), Value::from(n));
    }
    if matches!(action.as_str(), "settle_orally" | "agree") && seen.case.flow == "mediation" {
        // What is settled is settled today, until somebody says otherwise.
        let today = desk.site.app.today().to_string();
        known.entry("effective_on".to_owned()).or_insert_with(|| Value::from(today));
    }
    let view = step_form(&desk, &path, &seen, &action, &known, None).await?;
    desk.page(&view)
}

async fn step_form(
    desk: &Desk,
    path: &FlowPath,
    seen: &Seen,
    action: &str,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> Result<CaseForm, Refused> {
    let step = seen.flow.step(action).ok_or_else(Refusal::absent)?;
    let address = format!("{}/{}", path.base, seen.case.id);
    let back = Link::new(address.clone(), seen.case.number.clone());
    let about = format!("{} {}", seen.case.number, seen.case.person_name).trim_end().to_owned();
    let target = format!("{address}/steps/{action}");
    let known = Some((&seen.values, seen.case.version));
    let mut view =
        CaseForm::new(&desk.say(), (&seen.flow, step), (&target, back, about), (typed, known), refusal);
    chosen(desk, (&seen.flow, step), (typed, Some(seen)), &mut view).await?;
    mediators::offer(desk, &seen.flow, [typed, &seen.values], &mut view).await?;
    Ok(view)
}

/// Workers and rooms are chosen from the county's own, those who can be given a case with their load, units from those that the case has asked.
async fn chosen(
    desk: &Desk,
    (flow, step): (&Flow, &falin_domain::workflow::Step),
    (typed, seen): (&Values, Option<&Seen>),
    view: &mut CaseForm,
) -> Result<(), Refused> {
    for asked in flow.asked(step) {
        let name = &asked.field.name;
        let current = typed.get(name).and_then(Value::as_str).unwrap_or_default();
        let options = match asked.field.kind {
            Kind::Worker => match seen.filter(|_| step.weighs(name)) {
                Some(seen) => choices::candidates(desk, seen, (&step.action, name), current).await?,
                None => choices::workers(desk, current).await?,
            },
            Kind::Room => choices::rooms(desk, current).await?,
            Kind::Unit => {
                helped::options(desk, seen.map(|seen| &seen.units[..]).unwrap_or_default(), (step, current))
            }
            _ => continue,
        };
        if let Some(field) = view.form.fields.iter_mut().find(|field| &field.name == name) {
            let (label, error, required) = (field.label.clone(), field.error.clone(), field.required);
            *field = Field { required, ..Field::select(name, label, options).error(error) };
        }
    }
    Ok(())
}

/// `POST /desk/{flow}/{id}/steps/{action}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed, and with what somebody else did meanwhile; where the
/// step is past, the case as it is now, with what was typed above it.
pub async fn act(req: HttpRequest, desk: Desk, path: FlowPath, id: PathId<CaseNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let action = req.match_info().query("action").to_owned();
    let values = typed_values(&fields);
    let given = Action {
        action: action.clone(),
        version: choices::version(&fields),
        values: values.clone(),
        manner: Manner::Form,
    };
    match casework::act(&desk.site.app, desk.visitor(), &path.flow, id.0, given).await {
        Ok(_) => done_with(&desk, &path, id.0).await,
        Err(stop) => {
            let refusal = of_stop(stop);
            let seen = casework::one(&desk.site.app, desk.visitor(), &path.flow, id.0).await?;
            if seen.allowed.contains(&action) {
                let mut view = step_form(&desk, &path, &seen, &action, &values, Some(&refusal)).await?;
                if refusal.is_stale() {
                    view.since = seen.steps.last().map(|told| page::step(&desk, &seen.flow, told));
                }
                return desk.again(&refusal, &view);
            }
            let mut view = page(&desk, &path, &seen, Some((&refusal, Sent::Elsewhere))).await?;
            view.kept = facts(&seen.flow, &values, lang_code(desk.lang));
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/{flow}/{id}/files`.
///
/// # Errors
/// `not_found`; a refusal is shown above the case.
pub async fn add_file(desk: Desk, path: FlowPath, id: PathId<CaseNoun>, upload: Upload) -> Answer {
    let file = crate::api::cases::file(&upload);
    let done = match file {
        Ok(file) => {
            casework::attach(&desk.site.app, desk.visitor(), &path.flow, id.0, file).await.map_err(of_stop)
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => done_with(&desk, &path, id.0).await,
        Err(refusal) => again(&desk, &path, id.0, (&refusal, Sent::Elsewhere)).await,
    }
}

/// `POST /desk/{flow}/{id}/offers`.
///
/// # Errors
/// As [`add_file`].
pub async fn offer(desk: Desk, path: FlowPath, id: PathId<CaseNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let to = fields.filled("worker").and_then(|text| text.parse().ok());
    let done = match to {
        None => Err(Refusal::field("worker", "required-choice")),
        Some(to) => {
            let reason = fields.filled("reason").unwrap_or_default().to_owned();
            let offer = Offer { to, reason, version: choices::version(&fields) };
            casework::offer(&desk.site.app, desk.visitor(), &path.flow, id.0, offer).await.map_err(of_stop)
        }
    };
    match done {
        Ok(_) => done_with(&desk, &path, id.0).await,
        Err(refusal) => again(&desk, &path, id.0, (&refusal, Sent::Offer(&fields))).await,
    }
}

/// `POST /desk/{flow}/{id}/offers/answer`.
///
/// # Errors
/// As [`add_file`].
pub async fn answer_offer(desk: Desk, path: FlowPath, id: PathId<CaseNoun>, body: Body) -> Answer {
    let (app, visitor, flow) = (&desk.site.app, desk.visitor(), path.flow.as_str());
    let fields = body.form()?;
    let declined = || Reply::Decline(fields.get("reason").unwrap_or_default().to_owned());
    let done = match fields.filled("answer") {
        Some("accept") => casework::answer_offer(app, visitor, flow, id.0, Reply::Accept).await,
        Some("decline") => casework::answer_offer(app, visitor, flow, id.0, declined()).await,
        _ => casework::withdraw_offer(app, visitor, flow, id.0).await,
    };
    match done.map_err(of_stop) {
        Ok(_) => done_with(&desk, &path, id.0).await,
        Err(refusal) => again(&desk, &path, id.0, (&refusal, Sent::Reply(&fields))).await,
    }
}

/// After an act: the case, or the list where it is out of sight by now, as it is for whoever declined it.
async fn done_with(desk: &Desk, path: &FlowPath, id: CaseId) -> Answer {
    match casework::in_sight(&desk.site.app, desk.visitor(), &path.flow, id).await {
        Ok(()) => desk.go(format!("{}/{id}", path.base)),
        Err(Stop::Refused(_)) => desk.go(&path.base),
        Err(stop) => Err(stop.into()),
    }
}

/// The case again, with what was refused and what was typed.
///
/// # Errors
/// The refusal itself for whoever does not see the case.
pub(super) async fn again(
    desk: &Desk,
    path: &FlowPath,
    id: CaseId,
    (refusal, sent): (&Refusal, Sent<'_>),
) -> Answer {
    match casework::one(&desk.site.app, desk.visitor(), &path.flow, id).await {
        Ok(seen) => {
            let view = page(desk, path, &seen, Some((refusal, sent))).await?;
            desk.again(refusal, &view)
        }
        Err(_) => Err(refusal.clone().into()),
    }
}
