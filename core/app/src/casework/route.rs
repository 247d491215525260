//! Where a new question goes: the household's paired adviser, else the village's, else the duty lawyer, else a queue.

use falin_domain::access::Role;
use falin_domain::words::{DivisionId, WorkerId};
use falin_domain::workflow::Flow;
use falin_store::casefile::Case;
use falin_store::worker::{self, Worker};
use falin_store::{Tx, adviser, casefile_people, pairing};

use crate::Stop;

/// Leads a new case to the worker whose turn it is, where the flow begins with a lawyer's turn; the case says why.
///
/// # Errors
/// The store's own.
pub(super) fn first(tx: &mut Tx<'_>, flow: &Flow, case: &mut Case) -> Result<(), Stop> {
    let lawyers_turn = flow.state(&case.state).is_some_and(|state| state.next == Some(Role::Lawyer));
    if !lawyers_turn || case.worker_id.is_some() {
        return Ok(());
    }
    let Some((worker, why)) = found(tx, case)? else { return Ok(()) };
    case.worker_id = Some(worker);
    case.routed_by = Some(why.to_owned());
    case.save(tx)?;
    casefile_people::lead(tx, case.county_id, case.id, Some(worker))
}

fn found(tx: &mut Tx<'_>, case: &Case) -> Result<Option<(WorkerId, &'static str)>, Stop> {
    if let Some(worker) = paired(tx, case)? {
        return Ok(Some((worker, "household")));
    }
    let Some(place) = case.division_id else { return Ok(None) };
    Ok(of_village(tx, case, place)?.map(|worker| (worker, "village")))
}

fn paired(tx: &mut Tx<'_>, case: &Case) -> Result<Option<WorkerId>, Stop> {
    let Some(household) = case.household_id else { return Ok(None) };
    let span = pairing::on(tx, case.county_id, household, tx.now.date())?;
    match span.and_then(|span| span.worker_id) {
        Some(worker) => at_work(tx, case, worker),
        None => Ok(None),
    }
}

fn of_village(tx: &mut Tx<'_>, case: &Case, place: DivisionId) -> Result<Option<WorkerId>, Stop> {
    let posts = adviser::on(tx, case.county_id, tx.now.date())?;
    for post in posts.into_iter().filter(|post| post.division_id == place) {
        if let Some(worker) = at_work(tx, case, post.worker_id)? {
            return Ok(Some(worker));
        }
    }
    Ok(None)
}

/// The worker, unless gone or on leave today.
fn at_work(tx: &mut Tx<'_>, case: &Case, id: WorkerId) -> Result<Option<WorkerId>, Stop> {
    let there = Worker::by_id(tx, case.county_id, id)?;
    let today = tx.now.date();
    let away = worker::leaves_of(tx, case.county_id, &[id], today)?;
    let away = away.iter().any(|leave| leave.from_date <= today && today <= leave.to_date);
    Ok((there.active && !away).then_some(id))
}
