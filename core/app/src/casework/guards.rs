//! What must hold before a step: nobody signs the own draft, no conflict of interest, years of practice, time limits.

use falin_domain::access::Visitor;
use falin_domain::directory::WorkerKind;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{LicenceNo, RoomId, WorkerId};
use falin_domain::workflow::{Flow, Guard, Kind, Step, Values, When};
use falin_store::casefile::{self, Case};
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{Tx, attachment, casefile_conflict, casefile_step};
use serde_json::Value;

use super::compare::{self, Balance, Judged};
use super::effects::own_rule;
use super::related;
use crate::worker::is_there;
use crate::{Stop, deadline, settings};

/// Checks every guard of a step on the values as they will be.
///
/// # Errors
/// The first guard's refusal: `case.own_draft`, `pairing.conflict`, or `form.invalid` at the fields.
pub(super) fn hold(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    (flow, step): (&Flow, &Step),
    (visitor, for_worker): (&Visitor, Option<WorkerId>),
    case: Option<&Case>,
    values: &Values,
) -> Result<(), Stop> {
    rooms(tx, (flow, step), visitor, values)?;
    let judged = Judged { county: visitor.county, flow, case, values };
    let mut faults = Vec::new();
    for guard in &step.guards {
        match guard {
            Guard::NotAuthorOf { action, hands } => {
                if wants_hands(tx, visitor, *hands)? {
                    not_author(tx, (visitor, for_worker), case, action)?;
                }
            }
            Guard::Holds { when, under, fault } => {
                if under.as_ref().is_none_or(|under| under.holds(values)) {
                    faults.extend(holds(flow, when, fault, values));
                }
            }
            Guard::Within { field, days } => within(tx, field, *days, values)?,
            Guard::Ahead { field, days } => ahead(tx, field, *days, values)?,
            Guard::NotBefore { field, than } => faults.extend(too_early(values, field, than)),
            Guard::Represented { rows, people, over, fault } => {
                let people = values.get(people).and_then(Value::as_i64).unwrap_or_default();
                let named = rows_of(values, rows).count() as i64;
                if named > people || (named == 0 && people > *over) {
                    faults.push(worded(flow, rows, fault));
                }
            }
            Guard::Over { field } => over(tx, field, values)?,
            Guard::InTime { deadline, from, field } => {
                in_time(tx, &judged, (deadline, from, field.as_deref()))?;
            }
            Guard::Once => once(tx, case, step)?,
            Guard::NotLead if leads(visitor, case) => return Err(Refusal::new("action.not_allowed").into()),
            Guard::NotLead => {}
            Guard::Competent { field, kinds, when } => {
                if when.as_ref().is_none_or(|when| when.holds(values)) {
                    match field.as_str() {
                        "" => competent_oneself(tx, visitor, for_worker, kinds)?,
                        field => competent(tx, visitor, (field, kinds), values)?,
                    }
                }
            }
            Guard::Dossier { field, reason } => {
                super::dossier::complete(tx, flow, case, (field, reason), values)?;
            }
            Guard::NoConflict { field } => no_conflict(tx, visitor, case, field, values)?,
            Guard::Practice { field, years, when } => {
                if when.as_ref().is_none_or(|when| when.holds(values)) {
                    practice(tx, visitor, field, *years, values)?;
                }
            }
            Guard::Apart { field, same } => compare::apart(tx, &judged, field, same)?,
            Guard::Unique { fields, fault } => compare::unique(tx, &judged, fields, fault)?,
            Guard::Enough { flow: other, sum, same, states, need, fault } => {
                let balance = Balance { flow: other, sum, same, states, need, fault };
                compare::enough(tx, flows, &judged, &balance)?;
            }
            Guard::Attached { fault } => attached(tx, flow, case, fault)?,
            Guard::Filled { rows, column, when, fault } => {
                let lacks = |row: &Values| when.holds(row) && is_blank(row, column);
                if rows_of(values, rows).any(lacks) {
                    faults.push(worded(flow, rows, fault));
                }
            }
            Guard::Settled { rows, due, done, reason, fault } => {
                let today = tx.now.date();
                let ahead =
                    |row: &Values| is_blank(row, done) && day(row, due).is_some_and(|day| day > today);
                if is_blank(values, reason) && rows_of(values, rows).any(ahead) {
                    faults.push(worded(flow, reason, fault));
                }
            }
            // Looked at below, all of them at once; and a plugin's library is asked before the transaction begins.
            Guard::Linked { .. } | Guard::Call { .. } => {}
        }
    }
    if let Some(case) = case.filter(|_| step.guards.iter().any(|one| matches!(one, Guard::Linked { .. }))) {
        let linked = casefile::linked(tx, case.county_id, case.id)?;
        faults.extend(related::waits_there(flow, step, &linked).map(|waits| waits.fault));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults).into()) }
}

/// Whether the county lets a legal-aid decision pass through so many hands.
fn wants_hands(tx: &mut Tx<'_>, visitor: &Visitor, hands: Option<u8>) -> Result<bool, Stop> {
    match hands {
        None => Ok(true),
        Some(hands) => Ok(settings::read(tx, visitor.county)?.1.aid_hands >= hands),
    }
}

/// The account that did the last step of this name may not do this one (拟办、审核、签发不得为同一人), nor may who stands
/// in for its author.
fn not_author(
    tx: &mut Tx<'_>,
    (visitor, for_worker): (&Visitor, Option<WorkerId>),
    case: Option<&Case>,
    action: &str,
) -> Result<(), Stop> {
    let Some(case) = case else { return Ok(()) };
    let steps = casefile_step::of(tx, case.county_id, case.id)?;
    let last = steps.iter().rev().find(|step| step.action == action);
    let own = |step: &casefile_step::Step| step.account_id.is_some() && step.account_id == visitor.account;
    let theirs = |step: &casefile_step::Step| for_worker.is_some() && step.worker_id == for_worker;
    if last.is_some_and(|step| own(step) || theirs(step)) {
        return Err(Refusal::new("case.own_draft").into());
    }
    Ok(())
}

/// The fault of a condition that does not hold: all of a step's are told at once, each at its field.
fn holds(flow: &Flow, when: &When, fault: &str, values: &Values) -> Option<FieldError> {
    (!when.holds(values)).then(|| worded(flow, &when.field, fault))
}

/// Every room that the step names is one of the county's, in use.
fn rooms(
    tx: &mut Tx<'_>,
    (flow, step): (&Flow, &Step),
    visitor: &Visitor,
    values: &Values,
) -> Result<(), Stop> {
    for asked in flow.asked(step).into_iter().filter(|asked| asked.field.kind == Kind::Room) {
        let name = &asked.field.name;
        let given = values.get(name).and_then(Value::as_str);
        let Some(id) = given.and_then(|text| text.parse::<RoomId>().ok()) else { continue };
        match Room::by_id(tx, visitor.county, id) {
            Ok(room) if room.active => {}
            Ok(_) => return Err(Refusal::field(name, "unknown").into()),
            Err(stop) => return Err(stop.if_absent(|| Refusal::field(name, "unknown"))),
        }
    }
    Ok(())
}

/// The rows of a list.
fn rows_of<'a>(values: &'a Values, rows: &str) -> impl Iterator<Item = &'a Values> {
    values.get(rows).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn is_blank(values: &Values, field: &str) -> bool {
    values.get(field).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

/// At least one file is kept with the case.
fn attached(tx: &mut Tx<'_>, flow: &Flow, case: Option<&Case>, fault: &str) -> Result<(), Stop> {
    let files = match case {
        Some(case) => attachment::of(tx, case.county_id, case.id)?.len(),
        None => 0,
    };
    if files > 0 { Ok(()) } else { Err(Refusal::form(vec![worded(flow, "file", fault)]).into()) }
}

/// A fault in the house's words, or in those that a plugin's flow brings.
pub(super) fn worded(flow: &Flow, field: &str, key: &str) -> FieldError {
    match flow.texts.get(key) {
        None => FieldError::new(field, key),
        Some(words) => FieldError::new(field, "plugin.said").with("zh", &words.zh).with("en", &words.en),
    }
}

fn within(tx: &Tx<'_>, field: &str, days: u16, values: &Values) -> Result<(), Refusal> {
    let Some(from) = day(values, field) else { return Ok(()) };
    let passed = from.days_until(tx.now.date());
    if passed < 0 {
        return Err(Refusal::field(field, "date.future"));
    }
    if (0..=i64::from(days)).contains(&passed) {
        return Ok(());
    }
    Err(Refusal::form(vec![FieldError::new(field, "too_late").with("days", days)]))
}

fn day(values: &Values, field: &str) -> Option<Date> {
    values.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// From today on, and not so late that it was mistyped.
fn ahead(tx: &Tx<'_>, field: &str, days: u16, values: &Values) -> Result<(), Refusal> {
    let Some(day) = day(values, field) else { return Ok(()) };
    match tx.now.date().days_until(day) {
        ..0 => Err(Refusal::field(field, "date.past")),
        left if left > i64::from(days) => {
            Err(Refusal::form(vec![FieldError::new(field, "date.beyond").with("days", days)]))
        }
        _ => Ok(()),
    }
}

/// The fault of a day that lies before another one, which it names.
fn too_early(values: &Values, field: &str, than: &str) -> Option<FieldError> {
    let (day, least) = (day(values, field)?, day(values, than)?);
    (day < least).then(|| FieldError::new(field, "date.before").with("day", least))
}

fn over(tx: &Tx<'_>, field: &str, values: &Values) -> Result<(), Refusal> {
    match day(values, field).filter(|day| *day >= tx.now.date()) {
        Some(day) => Err(Refusal::new("case.too_early").with("day", day)),
        None => Ok(()),
    }
}

/// The act is no earlier than the day from which a deadline runs, and no later than its last.
fn in_time(
    tx: &mut Tx<'_>,
    judged: &Judged<'_>,
    (code, from, field): (&str, &str, Option<&str>),
) -> Result<(), Stop> {
    let running = match judged.case {
        Some(case) => {
            deadline::of(tx, case.county_id, case.id.cast())?.into_iter().find(|row| row.code == code)
        }
        None => None,
    };
    let last = match (running, day(judged.values, from)) {
        (Some(row), _) => row.due.date(),
        (None, Some(from)) => {
            let own = own_rule(tx, judged.county, judged.flow, code)?;
            deadline::last_day(tx, judged.county, (code, own), from)?
        }
        (None, None) => return Ok(()),
    };
    if let Some(early) = field.and_then(|field| too_early(judged.values, field, from)) {
        return Err(Refusal::form(vec![early]).into());
    }
    let done = field.map_or(Some(tx.now.date()), |field| day(judged.values, field));
    if done.is_some_and(|done| done > last) {
        let fault = FieldError::new(field.unwrap_or(from), "date.expired").with("day", last);
        return Err(Refusal::form(vec![fault]).into());
    }
    Ok(())
}

/// Whether the visitor leads the case.
pub(super) fn leads(visitor: &Visitor, case: Option<&Case>) -> bool {
    visitor.worker.is_some() && case.is_some_and(|case| case.worker_id == visitor.worker)
}

fn once(tx: &mut Tx<'_>, case: Option<&Case>, step: &Step) -> Result<(), Stop> {
    let Some(case) = case else { return Ok(()) };
    let before = casefile_step::of(tx, case.county_id, case.id)?;
    match before.iter().any(|one| one.action == step.action) {
        true => Err(Refusal::new("case.once").into()),
        false => Ok(()),
    }
}

/// Who may take legal-aid cases is said by law (法律援助法 12, 13, 19): it is not every worker of the roster.
fn competent(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    (field, kinds): (&str, &[WorkerKind]),
    values: &Values,
) -> Result<(), Stop> {
    match worker(tx, visitor, field, values)? {
        Some(found) if !kinds.contains(&found.kind) => Err(Refusal::field(field, "worker.competence").into()),
        _ => Ok(()),
    }
}

/// The same for whoever acts, or the one for whom that one stands in; an account that is no worker's acts for its office.
fn competent_oneself(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    for_worker: Option<WorkerId>,
    kinds: &[WorkerKind],
) -> Result<(), Stop> {
    for id in visitor.worker.into_iter().chain(for_worker) {
        if !kinds.contains(&Worker::by_id(tx, visitor.county, id)?.kind) {
            return Err(Refusal::field("worker", "worker.competence").into());
        }
    }
    Ok(())
}

/// The kind of the visitor's worker, where some step of the flow asks for that of whoever acts.
///
/// # Errors
/// The store's own.
pub(super) fn kind_of(tx: &mut Tx<'_>, visitor: &Visitor, flow: &Flow) -> Result<Option<WorkerKind>, Stop> {
    let asks = flow.step.iter().any(|step| step.weighs(""));
    let worker = visitor.worker.filter(|_| asks);
    worker.map(|id| Ok(Worker::by_id(tx, visitor.county, id)?.kind)).transpose()
}

fn named(values: &Values, field: &str) -> Option<WorkerId> {
    values.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// The worker that a field names, active today.
fn worker(tx: &mut Tx<'_>, visitor: &Visitor, field: &str, values: &Values) -> Result<Option<Worker>, Stop> {
    let Some(id) = named(values, field) else { return Ok(None) };
    let unknown = || Refusal::field(field, "worker.unknown");
    let found = Worker::by_id(tx, visitor.county, id).map_err(|stop| stop.if_absent(unknown))?;
    if is_there(&found, tx.now.date()) { Ok(Some(found)) } else { Err(unknown().into()) }
}

/// No acting for both sides, none for whom the worker has acted against (律师法 39, 刑诉法解释 43).
fn no_conflict(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: Option<&Case>,
    field: &str,
    values: &Values,
) -> Result<(), Stop> {
    let Some(found) = worker(tx, visitor, field, values)? else { return Ok(()) };
    let Some(case) = case else { return Ok(()) };
    if casefile_conflict::barred(tx, &found, case)? {
        return Err(Refusal::field(field, "worker.conflict").into());
    }
    Ok(())
}

/// Whether a worker has practised for so many years: from the day that is known, else by the year that the licence names,
/// of which only a further one makes them full.
pub(super) fn practised(worker: &Worker, years: i16, today: Date) -> bool {
    let (year, month, day) = today.parts();
    if let Some(since) = worker.practice_since {
        let (first, in_month, on) = since.parts();
        return year - first - i16::from((month, day) < (in_month, on)) >= years;
    }
    let licence = worker.licence.as_deref().and_then(|text| LicenceNo::parse(text).ok());
    let since = licence.and_then(|licence| licence.practice_year());
    since.is_some_and(|since| year - since > years)
}

/// So many years of practice (法律援助法 26).
fn practice(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    field: &str,
    years: i16,
    values: &Values,
) -> Result<(), Stop> {
    let Some(found) = worker(tx, visitor, field, values)? else { return Ok(()) };
    if practised(&found, years, tx.now.date()) {
        return Ok(());
    }
    Err(Refusal::form(vec![FieldError::new(field, "worker.practice").with("years", years)]).into())
}
