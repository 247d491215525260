//! Units that help with a case: asked, answering, let go; and the conferences to which they are called.

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::{Effect, Step, Values};
use falin_store::casefile::Case;
use falin_store::casefile_unit::{self as rows, Unit};
use falin_store::notice::account_of;
use falin_store::{Tx, casefile_people};
use serde_json::Value;

use super::Standing;
use super::effects::{Moved, worker};
use crate::Stop;
use crate::notice::{self, Arg, New, To};

/// Most units that one case can ask.
const MOST: usize = 50;

/// The units about which the visitor can take this step.
pub(super) fn open_to<'a>(
    standing: &'a Standing,
    visitor: &'a Visitor,
    step: &'a Step,
    units: &'a [Unit],
) -> impl Iterator<Item = &'a Unit> {
    let all = standing.in_own_right(visitor, step);
    let own = |unit: &Unit| unit.worker_id.is_some_and(|worker| standing.me.contains(&worker));
    units.iter().filter(move |unit| unit.waits() && (all || own(unit)))
}

fn named(step: &Step) -> Option<&String> {
    step.effects.iter().find_map(|effect| match effect {
        Effect::UnitAnswers { field } | Effect::UnitEnds { field } => Some(field),
        _ => None,
    })
}

/// Refuses a step about a unit that does not wait, or whose answer is another's to give.
///
/// # Errors
/// `action.not_allowed` where no unit waits for this visitor's word; `form.invalid` at the field for another one.
pub(super) fn check(
    tx: &mut Tx<'_>,
    (standing, visitor): (&Standing, &Visitor),
    case: &Case,
    (step, values): (&Step, &Values),
) -> Result<(), Stop> {
    let Some(field) = named(step) else { return Ok(()) };
    let n = number(values, field);
    let units = rows::of(tx, case.county_id, case.id)?;
    let open: Vec<i32> = open_to(standing, visitor, step, &units).map(|unit| unit.asked_n).collect();
    match n {
        Some(n) if open.contains(&n) => Ok(()),
        _ if open.is_empty() => Err(Refusal::new("action.not_allowed").into()),
        _ => Err(Refusal::field(field, "unknown").into()),
    }
}

fn number(values: &Values, field: &str) -> Option<i32> {
    values.get(field).and_then(Value::as_i64).and_then(|n| i32::try_from(n).ok())
}

fn text<'a>(values: &'a Values, field: &str) -> &'a str {
    values.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Asks a unit: from now on its person sees the case and has its answer to give.
///
/// # Errors
/// `form.invalid` at the field of the unit where the case has asked too many; the store's own.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    case: &Case,
    moved: &Moved<'_>,
    (unit, helper, due): (&str, &str, &str),
) -> Result<(), Stop> {
    if rows::of(tx, case.county_id, case.id)?.len() >= MOST {
        return Err(Refusal::field(unit, "list_too_long").into());
    }
    let helper = worker(moved.values, helper);
    let row = Unit {
        county_id: case.county_id,
        case_id: case.id,
        asked_n: moved.n,
        unit: text(moved.values, unit).to_owned(),
        worker_id: helper,
        due_date: text(moved.values, due).parse().ok(),
        answered_n: None,
        ended_n: None,
    };
    row.insert(tx)?;
    let Some(helper) = helper else { return Ok(()) };
    casefile_people::join(tx, case.county_id, case.id, helper, "helper")?;
    let mut new = message(case, moved, To::Worker(helper), "notice-case-unit-asked");
    if let Some(due) = row.due_date {
        new.args.push(("due", due.into()));
    } else {
        new.args.push(("due", Arg::Words { zh: "尽快".to_owned(), en: "as soon as you can".to_owned() }));
    }
    notice::queue(tx, new)?;
    remind(tx, case, moved, &row)
}

/// The wanted day: its person is reminded on the morning before, the case's worker told on the morning after. A call by
/// a clerk cannot wait for a day, so who has no account hears of the case once.
fn remind(tx: &mut Tx<'_>, case: &Case, moved: &Moved<'_>, row: &Unit) -> Result<(), Stop> {
    let Some(due) = row.due_date else { return Ok(()) };
    let told = [
        (row.worker_id, "notice-case-unit-reminder", due.plus_days(-1)),
        (case.worker_id, "notice-case-unit-late", due.plus_days(1)),
    ];
    for (worker, text_key, day) in told {
        let at = notice::morning(day);
        let Some(worker) = worker.filter(|_| at > tx.now) else { continue };
        let Some(account) = account_of(tx, case.county_id, worker)? else { continue };
        let mut new = message(case, moved, To::Account(account), text_key);
        new.key = format!("{}{text_key}", reminders(case, Some(row.asked_n)));
        new.args.extend([("due", due.into()), ("unit", Arg::from(row.unit.as_str()))]);
        new.not_before = Some(at);
        notice::queue(tx, new)?;
    }
    Ok(())
}

/// How the keys of the reminders of a unit begin; of all units of the case where none is named.
fn reminders(case: &Case, unit: Option<i32>) -> String {
    let of_case = format!("case/{}/unit/", case.id);
    unit.map_or_else(|| of_case.clone(), |n| format!("{of_case}{n}/"))
}

/// Calls the reminders of all units off: the case is closed.
///
/// # Errors
/// The store's own.
pub(super) fn forget(tx: &mut Tx<'_>, case: &Case) -> Result<(), Stop> {
    notice::cancel_under(tx, case.county_id, case.id.cast(), &reminders(case, None))
}

/// Keeps that a unit has answered or was let go. One that was let go no longer sees the case.
///
/// # Errors
/// The store's own.
pub(super) fn end(tx: &mut Tx<'_>, case: &Case, moved: &Moved<'_>, field: &str) -> Result<(), Stop> {
    let n = number(moved.values, field);
    let units = rows::of(tx, case.county_id, case.id)?;
    let Some(mut unit) = units.iter().find(|unit| Some(unit.asked_n) == n).cloned() else {
        return Err(Refusal::field(field, "unknown").into());
    };
    match moved.step.is_for_helpers() {
        true => unit.answered_n = Some(moved.n),
        false => unit.ended_n = Some(moved.n),
    }
    unit.save(tx)?;
    let waiting = reminders(case, Some(unit.asked_n));
    notice::cancel_under(tx, case.county_id, case.id.cast(), &waiting)?;
    let Some(helper) = unit.worker_id.filter(|_| unit.ended_n.is_some()) else { return Ok(()) };
    let other =
        |one: &&Unit| one.asked_n != unit.asked_n && one.worker_id == Some(helper) && one.ended_n.is_none();
    if units.iter().any(|one| other(&one)) {
        return Ok(());
    }
    casefile_people::leave(tx, case.county_id, case.id, helper, "helper")
}

/// Tells the lead and the persons of the units that help when and where they meet.
///
/// # Errors
/// The store's own.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    case: &Case,
    moved: &Moved<'_>,
    (key, at, place): (&str, &str, &str),
) -> Result<(), Stop> {
    let units = rows::of(tx, case.county_id, case.id)?;
    let helping = units.iter().filter(|unit| unit.ended_n.is_none()).filter_map(|unit| unit.worker_id);
    let mut people: Vec<_> = case.worker_id.into_iter().chain(helping).collect();
    people.sort_unstable();
    people.dedup();
    let when: Option<Instant> = text(moved.values, at).parse().ok();
    for person in people {
        let key = format!("notice-{key}");
        let mut new = message(case, moved, To::Worker(person), &key);
        new.key = format!("{}/{person}", new.key);
        new.args.push(("when", when.map_or_else(|| "".into(), Arg::from)));
        new.args.push(("place", text(moved.values, place).into()));
        notice::queue(tx, new)?;
    }
    Ok(())
}

fn message<'a>(case: &Case, moved: &Moved<'_>, to: To, text_key: &'a str) -> New<'a> {
    let flow = &moved.flow.name;
    New {
        county: case.county_id,
        key: format!("case/{}/{}/{}", case.id, moved.step.action, case.version),
        to,
        text_key,
        args: vec![
            ("number", case.number.as_str().into()),
            ("flow", Arg::Words { zh: flow.zh.clone(), en: flow.en.clone() }),
        ],
        subject: (super::NOUN, case.id.cast()),
        division: case.division_id,
        not_before: None,
        language: None,
    }
}
