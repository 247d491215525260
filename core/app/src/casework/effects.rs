//! What a step does beside moving the case: who is responsible, other cases, deadlines, notices.

use std::sync::Arc;

use falin_domain::access::{Role, Visitor};
use falin_domain::deadline::Dated;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, WorkerId};
use falin_domain::workflow::{Again, Effect, Flow, Step, Values, When, Whom, running};
use falin_store::casefile::{self, Case};
use falin_store::worker::Worker;
use falin_store::{Tx, account, casefile_conflict};
use serde_json::Value;

use super::open::{Opening, TakenOver, opened};
use super::{answerable, people, rooms, transfer, units};
use crate::Stop;
use crate::deadline::{self, Own, Started, Turn};
use crate::notice::{self, New, To};

/// The move whose effects follow.
pub(super) struct Moved<'a> {
    pub flow: &'a Arc<Flow>,
    pub step: &'a Step,
    pub from: &'a str,
    pub values: &'a Values,
    /// What this step itself brought.
    pub typed: &'a Values,
    /// True for cases taken over from an old system: nobody is told.
    pub silent: bool,
    /// True where the house acts for a job or a hook: no hook follows.
    pub house: bool,
    /// The step's place in the history.
    pub n: i32,
    /// For whom the visitor stands in.
    pub for_worker: Option<WorkerId>,
}

/// Runs a step's effects in order, then hands the open deadlines to whose turn it is.
///
/// # Errors
/// Those of the use cases that an effect calls: the whole act is refused then.
pub(super) fn after(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: &mut Case,
    moved: &Moved<'_>,
) -> Result<(), Stop> {
    for effect in &moved.step.effects {
        match effect {
            Effect::Assign { field } => {
                // Where the step names nobody, whoever has it keeps it.
                if let Some(worker) = worker(moved.typed, field) {
                    assign(tx, visitor, case, Some((worker, "person")))?;
                }
            }
            Effect::Take => {
                // Who stands in takes it for the one who is away.
                let me = moved.for_worker.or(visitor.worker);
                let me = me.ok_or_else(|| Refusal::new("action.not_allowed"))?;
                let taker = Worker::by_id(tx, case.county_id, me)?;
                if casefile_conflict::barred(tx, &taker, case)? {
                    return Err(Refusal::field("worker", "worker.conflict").into());
                }
                let way = if moved.for_worker.is_none() { "self" } else { "person" };
                assign(tx, visitor, case, Some((me, way)))?;
            }
            Effect::Release => assign(tx, visitor, case, None)?,
            Effect::Open { flow, map, when } => {
                if holds(when, moved) {
                    open_linked(tx, flows, visitor, case, moved, (flow, map))?;
                }
            }
            Effect::Start { deadline, from, due, again, when } => {
                if holds(when, moved) {
                    start(tx, case, moved, deadline, (from.as_deref(), due.as_deref(), *again))?;
                }
            }
            Effect::StartEach { deadline, rows, due, done, from } => {
                let rows = moved.values.get(rows).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let started = started(tx, case, moved, deadline, (from.as_deref(), None, tx.now))?;
                deadline::each(tx, &started, Dated::of(rows, due, done))?;
            }
            Effect::Meet { deadline, when } => {
                if holds(when, moved) {
                    deadline::meet(tx, case.county_id, case.id.cast(), deadline)?;
                }
            }
            Effect::Pause { deadline } => {
                deadline::drop_but(tx, case.county_id, case.id.cast(), |row| row.code != *deadline)?;
            }
            Effect::Book { rooms, from, minutes, buffer, when } => {
                if holds(when, moved) {
                    let asked = rooms::Asked { rooms, from, minutes, buffer: *buffer };
                    rooms::book(tx, visitor, case, moved, &asked)?;
                }
            }
            Effect::AskUnit { unit, worker, due } => units::ask(tx, case, moved, (unit, worker, due))?,
            Effect::UnitAnswers { field } | Effect::UnitEnds { field } => units::end(tx, case, moved, field)?,
            Effect::TellUnits { text, at, place } => units::tell(tx, case, moved, (text, at, place))?,
            Effect::Unbook => rooms::give_back(tx, visitor, case)?,
            Effect::Notice { text, to, when } if !moved.silent && holds(when, moved) => {
                tell(tx, case, moved, text, *to)?;
            }
            // Papers are offered on the case's page; a plugin's library has staged its effects before.
            Effect::Notice { .. } | Effect::Paper { .. } | Effect::Call { .. } => {}
        }
    }
    if case.closed_ms.is_some() {
        if rooms::books(moved.flow) {
            rooms::give_back(tx, visitor, case)?;
        }
        units::forget(tx, case)?;
        transfer::forget(tx, visitor, case)?;
        // What can still be done in time on a closed case goes on, such as the terms of an agreement.
        let now = tx.now.millis();
        let lives =
            |row: &deadline::Deadline| row.due_ms >= now && moved.flow.waits_for(&case.state, &row.code);
        return deadline::drop_but(tx, case.county_id, case.id.cast(), lives);
    }
    hand_over(tx, case)
}

fn holds(when: &Option<When>, moved: &Moved<'_>) -> bool {
    when.as_ref().is_none_or(|when| when.holds(moved.values))
}

/// A case that stood in its state before it came here: its worker, and the deadlines that run in that state, from the
/// days on which they began there. Nobody is told, and no other case is opened.
///
/// # Errors
/// The store's own.
pub(super) fn taken_over(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &mut Case,
    moved: &Moved<'_>,
    old: &TakenOver,
) -> Result<(), Stop> {
    if let Some(worker) = old.worker {
        assign(tx, visitor, case, Some((worker, "person")))?;
    }
    for run in running(moved.flow, &case.state, moved.values) {
        let at = if run.first { old.began } else { old.since };
        start_at(tx, case, moved, &run.code, (run.from.as_deref(), run.due.as_deref(), at))?;
    }
    hand_over(tx, case)
}

/// The open deadlines wait for whose turn it is.
///
/// # Errors
/// The store's own.
pub(super) fn hand_over(tx: &mut Tx<'_>, case: &Case) -> Result<(), Stop> {
    let role = case.next_role.as_deref().and_then(Role::from_code).unwrap_or(Role::CountyAdmin);
    let account = case.resident_id.filter(|_| role == Role::Resident);
    let worker = leads_as(tx, case, role)?;
    deadline::turn(tx, case.county_id, case.id.cast(), Turn { role, worker, account })
}

/// Who leads the case, where that is somebody who acts in this role: the lawyer who guided a visitor on takes nothing as a
/// mediator. Of one without an account nothing says otherwise.
///
/// # Errors
/// The store's own.
pub(super) fn leads_as(tx: &mut Tx<'_>, case: &Case, role: Role) -> Result<Option<WorkerId>, Stop> {
    let works = matches!(role, Role::Lawyer | Role::Mediator);
    let Some(worker) = case.worker_id.filter(|_| works) else { return Ok(None) };
    let Some(account) = account::of_worker(tx, case.county_id, worker)? else { return Ok(Some(worker)) };
    let posts = account::posts(tx, account)?;
    let holds = posts.iter().any(|post| post.county == case.county_id && post.role == role);
    Ok(holds.then_some(worker))
}

pub(super) fn worker(values: &Values, field: &str) -> Option<WorkerId> {
    values.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// Gives the case to a worker, in the way that the case's page tells, or to nobody.
pub(super) fn assign(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &mut Case,
    worker: Option<(WorkerId, &str)>,
) -> Result<(), Stop> {
    case.routed_by = worker.map(|(_, way)| way.to_owned());
    let worker = worker.map(|(worker, _)| worker);
    case.worker_id = worker;
    case.save(tx)?;
    answerable::lead(tx, visitor, case, worker)
}

/// Opens a case of another flow out of this one. What the other form demands and this case does not know is said
/// at once: the reader adds it there.
fn open_linked(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: &Case,
    moved: &Moved<'_>,
    (flow, map): (&str, &std::collections::BTreeMap<String, String>),
) -> Result<(), Stop> {
    let other = flows.current(case.county_id, flow)?;
    let mut values = Values::new();
    for (theirs, ours) in map {
        if let Some(value) = moved.values.get(ours) {
            values.insert(theirs.clone(), value.clone());
        }
    }
    fill_up(&other, &mut values);
    let place = case.division_id.map(|id| id.to_string());
    let (household, house) = (case.household_id, moved.house);
    let opening = Opening { place, household, house, ..Opening::new(flow, values) };
    // What the other form lacks is asked for under the name that it has on this one.
    let mut born = opened(tx, flows, &other, visitor, &opening).map_err(|stop| match stop {
        Stop::Refused(mut refusal) => {
            for fault in &mut refusal.fields {
                if let Some(ours) = map.get(&fault.name) {
                    fault.name = ours.clone();
                }
            }
            Stop::Refused(refusal)
        }
        other => other,
    })?;
    born.resident_id = case.resident_id;
    born.save(tx)?;
    casefile::link(tx, case.county_id, case.id, born.id, "referred")
}

/// A referral must not fail because the other form asks for a choice that nobody has made yet: `other` stands in
/// where the list has it, and a name that is not known stays to be asked.
pub(super) fn fill_up(flow: &Flow, values: &mut Values) {
    let Some(step) = flow.opening() else { return };
    for asked in flow.asked(step).into_iter().filter(|asked| asked.required && asked.when.is_none()) {
        if values.contains_key(&asked.field.name) {
            continue;
        }
        let other = asked.field.choices().iter().find(|choice| choice.code == "other");
        if let Some(other) = other {
            values.insert(asked.field.name.clone(), Value::from(other.code.clone()));
        }
    }
}

fn start(
    tx: &mut Tx<'_>,
    case: &Case,
    moved: &Moved<'_>,
    code: &str,
    (from, due, again): (Option<&str>, Option<&str>, Again),
) -> Result<(), Stop> {
    let began = if moved.from.is_empty() { Instant::from_millis(case.created_ms) } else { tx.now };
    let mut started = started(tx, case, moved, code, (from, due, began))?;
    match again {
        Again::Anew => {}
        Again::Idle => {
            let open = deadline::of(tx, case.county_id, case.id.cast())?;
            if open.iter().any(|row| row.code == code) {
                return Ok(());
            }
        }
        Again::Left => started.left = deadline::left(tx, case.county_id, case.id.cast(), code)?,
    }
    deadline::start(tx, started).map(drop)
}

/// Starts a deadline from the day in a field, or where there is none from a moment; it falls due on the day in the other
/// field, where that is named and filled.
fn start_at(
    tx: &mut Tx<'_>,
    case: &Case,
    moved: &Moved<'_>,
    code: &str,
    when: (Option<&str>, Option<&str>, Instant),
) -> Result<(), Stop> {
    let started = started(tx, case, moved, code, when)?;
    deadline::start(tx, started).map(drop)
}

fn started<'a>(
    tx: &mut Tx<'_>,
    case: &'a Case,
    moved: &Moved<'_>,
    code: &'a str,
    (from, due, began): (Option<&str>, Option<&str>, Instant),
) -> Result<Started<'a>, Stop> {
    let day = |field: Option<&str>| -> Option<Date> {
        field.and_then(|field| moved.values.get(field)).and_then(Value::as_str)?.parse().ok()
    };
    let at = day(from).map_or(began, Date::start);
    let label = case.number.as_str();
    Ok(Started {
        division: case.division_id,
        worker: case.worker_id,
        own: own_rule(tx, case.county_id, moved.flow, code)?,
        due: day(due),
        silent: moved.silent,
        ..Started::new(case.county_id, (super::NOUN, case.id.cast(), label), code, at)
    })
}

/// A deadline that the flow itself declares, where the table of the law has none of this code.
///
/// # Errors
/// The store's own.
pub(super) fn own_rule(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    code: &str,
) -> Result<Option<Own>, Stop> {
    let Some(rule) = flow.deadline.iter().find(|rule| rule.code == code) else { return Ok(None) };
    let mut period = rule.period;
    if let Some((plugin, _)) = flow.id.split_once('/').filter(|_| !rule.setting.is_empty()) {
        let set = crate::plugin::setting_number(tx, county, plugin, &rule.setting)?;
        period.n = set.and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0).unwrap_or(period.n);
    }
    let count = falin_domain::deadline::Count::After(period);
    Ok(Some(Own { count, internal: rule.internal, source: rule.source.zh.clone(), next: rule.next }))
}

fn tell(tx: &mut Tx<'_>, case: &Case, moved: &Moved<'_>, text: &str, to: Whom) -> Result<(), Stop> {
    let Some(to) = recipient(tx, case, moved, to)? else { return Ok(()) };
    let flow = &moved.flow.name;
    // A plugin's own words travel as an argument: the house's texts know none of them.
    let own = moved.flow.texts.get(text).map(|own| moved.flow.with_values(own, moved.values));
    let known = own.is_some();
    let said = own.map(|own| ("text", notice::Arg::Words { zh: own.zh, en: own.en }));
    let new = New {
        county: case.county_id,
        key: format!("case/{}/{}/{}/{text}", case.id, moved.step.action, case.version),
        to,
        text_key: if known { "notice-workflow" } else { &format!("notice-{text}") },
        args: [
            ("number", case.number.as_str().into()),
            ("flow", notice::Arg::Words { zh: flow.zh.clone(), en: flow.en.clone() }),
        ]
        .into_iter()
        .chain(said)
        .collect(),
        subject: (super::NOUN, case.id.cast()),
        division: case.division_id,
        not_before: None,
        language: None,
    };
    notice::queue(tx, new).map(drop)
}

fn recipient(tx: &mut Tx<'_>, case: &Case, moved: &Moved<'_>, to: Whom) -> Result<Option<To>, Stop> {
    let role = case.next_role.as_deref().and_then(Role::from_code);
    let queue = |role: Role| To::Role { role, place: case.division_id };
    Ok(match to {
        Whom::Resident => people::reached(moved.flow, case, moved.values),
        // Whom this very step made responsible; where it named nobody, nobody.
        Whom::Appointed => {
            worker(moved.typed, "worker").filter(|one| case.worker_id == Some(*one)).map(To::Worker)
        }
        Whom::Worker => Some(case.worker_id.map_or_else(|| queue(role.unwrap_or(Role::Clerk)), To::Worker)),
        Whom::Role(role) => Some(queue(role)),
        Whom::Next => match (role, role.map(|role| leads_as(tx, case, role)).transpose()?.flatten()) {
            (_, Some(worker)) => Some(To::Worker(worker)),
            // Without a worker at hand a clerk finds one.
            (Some(Role::Lawyer), None) => Some(queue(Role::Clerk)),
            (Some(Role::Resident), None) => people::reached(moved.flow, case, moved.values),
            (role, None) => role.map(queue),
        },
    })
}
