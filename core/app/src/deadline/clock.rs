//! The clock's round over deadlines, and counting them again once holidays are published.

use falin_domain::access::Role;
use falin_domain::deadline::{Moment, Stage, act_on, rule};
use falin_domain::journal::{Event, Reason};
use falin_domain::spoken;
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, DeadlineId};
use falin_store::casefile::Case;
use falin_store::deadline::{self, Deadline};
use falin_store::journal::Entry;
use falin_store::{In, Tx, county, holiday};
use serde_json::json;

use super::{NOUN, date, made};
use crate::casework::{self, Flows};
use crate::notice::{self, Arg, New, To};
use crate::{App, Stop};

/// Steps of one transaction: short enough that nobody waits behind it.
const BATCH: i64 = 100;

/// Makes every step whose moment has come, in all counties; returns how many.
///
/// A step and its notices are one transaction that changes the row's version, so that of two servers on one
/// database only one makes it. A clock that jumps over several steps makes each of them once, dated with the day
/// on which it fell.
///
/// # Errors
/// The store's own.
pub async fn round(app: &App) -> Result<usize, Stop> {
    let counties = app.db.read(In::All, county::all).await?;
    let mut steps = 0;
    for county in counties {
        match of_county(app, county.id).await {
            Ok(made) => steps += made,
            Err(stop) => tracing::error!(county = %county.code, %stop, "the deadlines of a county wait"),
        }
    }
    Ok(steps)
}

async fn of_county(app: &App, county: CountyId) -> Result<usize, Stop> {
    let (mut steps, mut broken): (usize, Vec<DeadlineId>) = (0, Vec::new());
    loop {
        let most = BATCH + broken.len() as i64;
        let out = broken.clone();
        let look = move |tx: &mut Tx<'_>| {
            let now = tx.now;
            let rows = deadline::stepping(tx, county, now, most)?;
            Ok(rows.into_iter().filter(|row| !out.contains(&row.id)).map(|row| row.id).collect::<Vec<_>>())
        };
        let waiting = app.db.read(In::County(county), look).await?;
        if waiting.is_empty() {
            return Ok(steps);
        }
        let flows = app.flows.clone();
        let work = move |tx: &mut Tx<'_>| step_all(tx, &flows, county, &waiting);
        let (made, failed) = app.db.write(In::County(county), work).await?;
        steps += made;
        broken.extend(failed);
    }
}

/// Makes the steps of these deadlines, and says which could not be made: one that breaks costs the others nothing, and
/// is tried again in the next round.
fn step_all(
    tx: &mut Tx<'_>,
    flows: &Flows,
    county: CountyId,
    waiting: &[DeadlineId],
) -> Result<(usize, Vec<DeadlineId>), Stop> {
    let (mut steps, mut failed) = (0, Vec::new());
    for id in waiting {
        match tx.attempt(|tx| step(tx, flows, county, *id))? {
            Ok(made) => steps += made,
            Err(stop) => {
                tracing::error!(deadline = %id, %stop, "a deadline's step could not be made");
                failed.push(*id);
            }
        }
    }
    Ok((steps, failed))
}

fn step(tx: &mut Tx<'_>, flows: &Flows, county: CountyId, id: DeadlineId) -> Result<usize, Stop> {
    let (mut row, now) = (Deadline::by_id(tx, county, id)?, tx.now);
    let mut fell = Vec::new();
    while let (Some(at), Some(next)) = (row.next_ms.filter(|at| *at <= now.millis()), row.stage.next()) {
        made(&mut row, next, now.millis());
        fell.push((next, Instant::from_millis(at)));
    }
    if fell.is_empty() {
        return Ok(0);
    }
    if row.stage == Stage::Escalated && flows.lapses(county, &row.code) {
        // What was not done by the last day cannot be done any more: there is nothing to be late with.
        super::end(tx, &mut row, false)?;
        return Ok(fell.len());
    }
    // Saved before anybody is told: of two servers the second waits here, starts anew and finds nothing.
    row.save(tx)?;
    let steps = fell.len();
    for (stage, at) in fell {
        tell(tx, flows, &row, stage, at)?;
    }
    Ok(steps)
}

/// Journals one step and tells those whom it concerns.
fn tell(tx: &mut Tx<'_>, flows: &Flows, row: &Deadline, stage: Stage, fell: Instant) -> Result<(), Stop> {
    let event = match stage {
        Stage::Quiet => return Ok(()),
        Stage::Reminded => Event::DeadlineReminded,
        Stage::Urged => Event::DeadlineUrged,
        Stage::Escalated => Event::DeadlineEscalated,
    };
    tx.record(Entry {
        county: row.county_id,
        account: None,
        event,
        reason: Reason::Clock,
        subject: Some((NOUN, row.id.bytes())),
        details: json!({ "code": row.code, "case": row.label, "on": fell.date(), "due": row.due }),
    })?;
    let right = flows.lapses(row.county_id, &row.code);
    let (text_key, to) = match stage {
        Stage::Escalated => ("notice-deadline-escalated", above(row)),
        // Nobody is urged to what a party may leave: staff are told so that the party knows.
        _ if right && row.next_role != Role::Resident => ("notice-deadline-lapsing", actor(tx, flows, row)?),
        Stage::Urged if !right => ("notice-deadline-urged", actor(tx, flows, row)?),
        _ => ("notice-deadline-reminded", actor(tx, flows, row)?),
    };
    let Some(to) = to else { return Ok(()) };
    let act = act(tx, flows, row)?;
    notice::queue(
        tx,
        New {
            county: row.county_id,
            key: format!("deadline/{}/{}/{}", row.id, stage.code(), row.due),
            to,
            text_key,
            args: vec![("act", act), ("case", row.label.as_str().into()), ("due", due_text(row, tx.now))],
            subject: (NOUN, row.id.cast()),
            division: row.division_id,
            not_before: None,
            language: None,
        },
    )?;
    Ok(())
}

/// What is to be done: as the case's own flow calls it, else as the law's table does.
fn act(tx: &mut Tx<'_>, flows: &Flows, row: &Deadline) -> Result<Arg, Stop> {
    if row.noun == casework::NOUN {
        let case = Case::by_id(tx, row.county_id, row.subject_id.cast())?;
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        if let Some(own) = flow.deadline.iter().find(|own| own.code == row.code) {
            return Ok(words(row, &own.name.zh, &own.name.en));
        }
    }
    Ok(rule(&row.code)
        .map_or_else(|| Arg::from(row.code.as_str()), |rule| words(row, rule.act.zh, rule.act.en)))
}

fn words(row: &Deadline, zh: &str, en: &str) -> Arg {
    let items = row.items.as_ref();
    Arg::Words { zh: act_on(zh, items, true), en: act_on(en, items, false) }
}

/// The date alone, or with the hour where the period is one of hours.
fn due_text(row: &Deadline, now: Instant) -> Arg {
    let near = |date, english| spoken::near(date, now.date(), english);
    match row.due {
        Moment::Day(date) => Arg::Words { zh: near(date, false), en: near(date, true) },
        Moment::At(at) => at.into(),
    }
}

/// Whose turn it is; None where that is a resident who left nothing to be found by.
fn actor(tx: &mut Tx<'_>, flows: &Flows, row: &Deadline) -> Result<Option<To>, Stop> {
    Ok(match (row.account_id, row.worker_id) {
        (Some(account), _) => Some(To::Account(account)),
        (None, Some(worker)) => Some(To::Worker(worker)),
        // The role of a resident is every neighbour's: only the person of the case is meant.
        (None, None) if row.next_role == Role::Resident => person(tx, flows, row)?,
        (None, None) => Some(To::Role { role: row.next_role, place: row.division_id }),
    })
}

fn person(tx: &mut Tx<'_>, flows: &Flows, row: &Deadline) -> Result<Option<To>, Stop> {
    if row.noun != casework::NOUN {
        return Ok(None);
    }
    let case = Case::by_id(tx, row.county_id, row.subject_id.cast())?;
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let values = case.document(tx)?;
    Ok(casework::reached(&flow, &case, &values))
}

/// Who hears that a deadline is overdue; nobody where it is no lateness of the house.
fn above(row: &Deadline) -> Option<To> {
    let role = falin_domain::deadline::above(&row.code)?;
    Some(To::Role { role, place: row.division_id })
}

/// Counts open deadlines again after the calendar of a county changed; those already overdue stay as they are
/// unless they hang on a year that was not published when they were counted.
///
/// # Errors
/// The store's own.
pub(crate) fn recount(tx: &mut Tx<'_>, county: CountyId) -> Result<usize, Stop> {
    let calendar = holiday::calendar(tx, county)?;
    let now = tx.now;
    let mut rows = deadline::open_from(tx, county, now)?;
    for row in deadline::provisional(tx, county)? {
        if !rows.iter().any(|there| there.id == row.id) {
            rows.push(row);
        }
    }
    let mut changed = 0;
    for mut row in rows {
        let before = row.clone();
        date(&mut row, &calendar);
        step_back(&mut row, now);
        if row == before {
            continue;
        }
        row.save(tx)?;
        changed += 1;
        if row.due != before.due {
            moved(tx, &before, &row)?;
        }
    }
    Ok(changed)
}

/// A later date takes steps back that have not fallen yet under it: each will be made on its new day.
fn step_back(row: &mut Deadline, now: Instant) {
    let ahead = |at: Option<i64>| at.is_some_and(|at| at > now.millis());
    if row.stage == Stage::Escalated && ahead(row.escalate_ms) {
        row.stage = Stage::Urged;
    }
    if row.stage == Stage::Urged && ahead(row.urge_ms) {
        row.stage = Stage::Reminded;
    }
    if row.stage == Stage::Reminded && ahead(row.remind_ms) {
        row.stage = Stage::Quiet;
    }
    row.next_ms = super::next_step(row);
}

fn moved(tx: &mut Tx<'_>, before: &Deadline, row: &Deadline) -> Result<(), Stop> {
    notice::cancel(tx, row.county_id, row.id.cast())?;
    tx.record(Entry {
        county: row.county_id,
        account: None,
        event: Event::DeadlineRecounted,
        reason: Reason::Roster,
        subject: Some((NOUN, row.id.bytes())),
        details: json!({ "code": row.code, "case": row.label, "before": before.due, "due": row.due }),
    })
}
