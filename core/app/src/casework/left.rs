//! Cases of somebody who has left go back into the queue, and whoever hands cases out is told.

use falin_domain::access::Role;
use falin_domain::journal::{Event, Reason};
use falin_domain::words::{CaseId, CountyId, WorkerId};
use falin_domain::workflow::Values;
use falin_store::casefile::Case;
use falin_store::casefile_step::{self, Step};
use falin_store::journal::Entry;
use falin_store::worker::Worker;
use falin_store::{In, Tx, casefile_people, county};
use serde_json::json;

use super::open::LEFT;
use super::{Flows, NOUN, answerable, house};
use crate::deadline::{self, Turn};
use crate::notice::{self, New, To};
use crate::worker::is_there;
use crate::{App, Stop};

/// One round over all counties, after the last day of those who lead cases; how many cases went back. One that breaks is
/// told in the log and costs the others nothing.
///
/// # Errors
/// The store's own, where it does not even say which counties there are.
pub async fn give_back_left(app: &App) -> Result<usize, Stop> {
    let counties = app.db.read(In::All, county::all).await?;
    let mut back = 0;
    for county in counties {
        let id = county.id;
        let cases = app.db.read(In::County(id), move |tx| of_the_gone(tx, id)).await;
        for case in cases.unwrap_or_else(|stop| waits(&county.code, &stop)) {
            let flows = app.flows.clone();
            let done = app.db.write(In::County(id), move |tx| give_back(tx, &flows, id, case)).await;
            back += usize::from(done.unwrap_or_else(|stop| waits(&county.code, &stop)));
        }
    }
    Ok(back)
}

/// What is left of a part of the round that did not come through.
fn waits<T: Default>(county: &str, stop: &Stop) -> T {
    tracing::error!(county, %stop, "a case of somebody who has left waits for the next round");
    T::default()
}

/// Open cases that somebody leads who is not there any more.
fn of_the_gone(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<CaseId>, Stop> {
    let leading: Vec<WorkerId> = casefile_people::open_led(tx, county)?.into_keys().collect();
    let (today, mut cases) = (tx.now.date(), Vec::new());
    for (id, worker) in Worker::by_ids(tx, county, &leading)? {
        if !is_there(&worker, today) {
            cases.extend(casefile_people::led_by(tx, county, id)?);
        }
    }
    Ok(cases)
}

/// Takes one case from who has left; false where somebody else leads it by now, or nobody.
fn give_back(tx: &mut Tx<'_>, flows: &Flows, county: CountyId, id: CaseId) -> Result<bool, Stop> {
    let mut case = Case::by_id(tx, county, id)?;
    let Some(worker) = case.worker_id.filter(|_| case.closed_ms.is_none()) else { return Ok(false) };
    if is_there(&Worker::by_id(tx, county, worker)?, tx.now.date()) {
        return Ok(false);
    }
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let giver = flow.hands_out(&case.state);
    (case.worker_id, case.routed_by) = (None, None);
    case.save(tx)?;
    answerable::lead(tx, &house(county), &case, None)?;
    by_clock(tx, &case, LEFT, &case.state)?;
    let role = case.next_role.as_deref().and_then(Role::from_code);
    if matches!(role, Some(Role::Lawyer | Role::Mediator)) {
        deadline::turn(tx, county, id.cast(), Turn { role: giver, worker: None, account: None })?;
    }
    let words = notice::Arg::Words { zh: flow.name.zh.clone(), en: flow.name.en.clone() };
    let new = New {
        county,
        key: format!("case/{id}/left/{}", case.version),
        to: To::Role { role: giver, place: case.division_id },
        text_key: "notice-case-left",
        args: vec![("number", case.number.as_str().into()), ("flow", words)],
        subject: (NOUN, id.cast()),
        division: case.division_id,
        not_before: None,
        language: None,
    };
    notice::queue(tx, new)?;
    Ok(true)
}

/// Writes down in the history and the journal what the clock has done with a case that stood in `from`.
///
/// # Errors
/// The store's own.
pub(crate) fn by_clock(tx: &mut Tx<'_>, case: &Case, action: &str, from: &str) -> Result<(), Stop> {
    let n = casefile_step::last(tx, case.county_id, case.id)? + 1;
    let step = Step {
        county_id: case.county_id,
        id: tx.id(),
        case_id: case.id,
        n,
        action: action.to_owned(),
        from_state: from.to_owned(),
        to_state: case.state.clone(),
        role: None,
        account_id: None,
        for_worker_id: None,
        happened_on: None,
        worker_id: None,
        for_person: false,
        fields_sealed: None,
        at_ms: tx.now.millis(),
    };
    step.append(tx, &Values::new())?;
    tx.record(Entry {
        county: case.county_id,
        account: None,
        event: Event::CaseMoved,
        reason: Reason::Clock,
        subject: Some((NOUN, case.id.bytes())),
        details: json!({ "flow": case.flow, "action": action, "from": from, "to": case.state }),
    })
}
