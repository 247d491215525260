//! Nobody is left unanswered: a question that waited too long goes to whoever is on duty, then to a clerk.

use falin_domain::access::Role;
use falin_domain::calendar::Calendar;
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_store::casefile::Case;
use falin_store::casefile_wait::Wait;
use falin_store::{In, Tx, casefile_wait, county, holiday};

use super::FLOW;
use crate::casework::on_duty;
use crate::deadline::{self, Turn};
use crate::notice::{self, New, To};
use crate::{App, Stop, casework, settings};

/// Working hours after which an unanswered question goes to somebody else, where the county sets none.
pub const HOURS: i64 = 7;
/// Most questions that one round moves in one county: the rest wait for the next.
const MOST: i64 = 200;

/// One round over all counties; how many questions went on to somebody else. What breaks one of them is told in the log
/// and costs the others nothing.
///
/// # Errors
/// The store's own, where it does not even say which counties there are.
pub async fn round(app: &App) -> Result<usize, Stop> {
    let counties = app.db.read(In::All, county::all).await?;
    let mut moved = 0;
    for county in counties {
        let id = county.id;
        let waiting = app.db.read(In::County(id), move |tx| waiting(tx, id)).await;
        for wait in waiting.unwrap_or_else(|stop| late_alone(&county.code, &stop)) {
            let flows = app.flows.clone();
            let work = move |tx: &mut Tx<'_>| pass_on(tx, &flows, id, wait);
            let done = app.db.write(In::County(id), work).await;
            moved += usize::from(done.unwrap_or_else(|stop| late_alone(&county.code, &stop)));
        }
    }
    Ok(moved)
}

/// What is left of a part of the round that did not come through.
fn late_alone<T: Default>(county: &str, stop: &Stop) -> T {
    tracing::error!(county, %stop, "a question that nobody answered waits for the next round");
    T::default()
}

/// Open questions that have waited longer than the county allows, oldest first.
fn waiting(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Wait>, Stop> {
    let (_, set) = settings::read(tx, county)?;
    let (calendar, now) = (holiday::calendar(tx, county)?, tx.now);
    let rows = casefile_wait::since(tx, county, FLOW, "open", MOST)?;
    let late = rows.into_iter().filter(|row| late(&calendar, set.fallback_hours, row.since_ms, now));
    Ok(late.collect())
}

fn late(calendar: &Calendar, hours: i64, since_ms: i64, now: Instant) -> bool {
    calendar.office_minutes(Instant::from_millis(since_ms), now) >= hours * 60
}

/// Hands one question on; false where it was answered meanwhile. To the duty lawyer first; where that was the one who
/// did not answer, or nobody is on duty, to the clerks, who call back.
fn pass_on(tx: &mut Tx<'_>, flows: &casework::Flows, county: CountyId, wait: Wait) -> Result<bool, Stop> {
    let id = wait.case;
    let mut case = Case::by_id(tx, county, id)?;
    // Answered meanwhile, or passed on by another server's round.
    if case.state != "open" || case.changed_ms > wait.since_ms {
        return Ok(false);
    }
    let duty = on_duty(tx, &case)?.filter(|worker| case.worker_id != Some(*worker));
    let duty = duty.filter(|_| case.routed_by.as_deref() != Some("fallback"));
    let from = case.state.clone();
    match duty {
        Some(worker) => {
            case.worker_id = Some(worker);
            case.routed_by = Some("fallback".to_owned());
        }
        None => {
            let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
            case.state = "call_back".to_owned();
            let next = flow.state(&case.state).and_then(|state| state.next).unwrap_or(Role::Clerk);
            case.next_role = Some(next.code().to_owned());
        }
    }
    case.changed_ms = tx.now.millis();
    case.save(tx)?;
    if let Some(worker) = duty {
        casework::answerable::lead(tx, &casework::house(county), &case, Some(worker))?;
    }
    casework::by_clock(tx, &case, "fallback", &from)?;
    tell(tx, &case, flows, duty.is_some())?;
    let turn = match duty {
        Some(worker) => Turn { role: Role::Lawyer, worker: Some(worker), account: None },
        None => Turn { role: Role::Clerk, worker: None, account: None },
    };
    deadline::turn(tx, county, id.cast(), turn)?;
    Ok(true)
}

fn tell(tx: &mut Tx<'_>, case: &Case, flows: &casework::Flows, to_worker: bool) -> Result<(), Stop> {
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let to = match case.worker_id.filter(|_| to_worker) {
        Some(worker) => To::Worker(worker),
        None => To::Role { role: Role::Clerk, place: case.division_id },
    };
    let words = notice::Arg::Words { zh: flow.name.zh.clone(), en: flow.name.en.clone() };
    let new = New {
        county: case.county_id,
        key: format!("case/{}/fallback/{}", case.id, case.version),
        to,
        text_key: "notice-consultation-fallback",
        args: vec![("number", case.number.as_str().into()), ("flow", words)],
        subject: (casework::NOUN, case.id.cast()),
        division: case.division_id,
        not_before: None,
        language: None,
    };
    notice::queue(tx, new).map(drop)
}
