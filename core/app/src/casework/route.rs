//! Where a new question goes: to the household's paired lawyer, else one of its firm, else the village's adviser,
//! else whoever is on duty, else a queue; past everybody who has a conflict of interest.

use falin_domain::access::{Role, Visitor};
use falin_domain::duty::ShiftKind;
use falin_domain::words::{DivisionId, FirmId, WorkerId};
use falin_domain::workflow::Flow;
use falin_store::casefile::Case;
use falin_store::casefile_conflict::{self, Barred};
use falin_store::pairing::Pairing;
use falin_store::worker::{self, Worker};
use falin_store::{Tx, adviser, casefile_people, pairing};

use crate::worker::is_there;
use crate::{Stop, duty};

/// Leads a new case to the worker whose turn it is, where the flow begins with a lawyer's turn; the case says why:
/// `household`, `firm`, `village`, `duty`.
///
/// # Errors
/// The store's own.
pub(super) fn first(tx: &mut Tx<'_>, visitor: &Visitor, flow: &Flow, case: &mut Case) -> Result<(), Stop> {
    let lawyers_turn = flow.state(&case.state).is_some_and(|state| state.next == Some(Role::Lawyer));
    if !lawyers_turn || case.worker_id.is_some() {
        return Ok(());
    }
    let Some((worker, why)) = found(tx, case)? else { return Ok(()) };
    case.worker_id = Some(worker);
    case.routed_by = Some(why.to_owned());
    case.save(tx)?;
    super::answerable::lead(tx, visitor, case, Some(worker))
}

fn found(tx: &mut Tx<'_>, case: &Case) -> Result<Option<(WorkerId, &'static str)>, Stop> {
    let barred = casefile_conflict::all_barred(tx, case)?;
    let span = match case.household_id {
        Some(household) => pairing::on(tx, case.county_id, household, tx.now.date())?,
        None => None,
    };
    if let Some(span) = span
        && let Some(found) = paired(tx, (case, &barred), &span)?
    {
        return Ok(Some(found));
    }
    let Some(place) = case.division_id else { return Ok(None) };
    if let Some(worker) = of_village(tx, (case, &barred), place)? {
        return Ok(Some((worker, "village")));
    }
    Ok(of_shifts(tx, (case, &barred))?.map(|worker| (worker, "duty")))
}

/// A case, and who may not work on it.
type Routed<'a> = (&'a Case, &'a Barred);

fn paired(
    tx: &mut Tx<'_>,
    routed: Routed<'_>,
    span: &Pairing,
) -> Result<Option<(WorkerId, &'static str)>, Stop> {
    if let Some(worker) = span.worker_id {
        return Ok(at_work(tx, routed, worker)?.map(|worker| (worker, "household")));
    }
    match span.firm_id {
        Some(firm) => Ok(of_firm(tx, routed, firm)?.map(|worker| (worker, "firm"))),
        None => Ok(None),
    }
}

/// The worker of a firm who leads the fewest open cases; of equals the first by name.
fn of_firm(tx: &mut Tx<'_>, (case, barred): Routed<'_>, firm: FirmId) -> Result<Option<WorkerId>, Stop> {
    let mut least: Option<(usize, WorkerId)> = None;
    for one in worker::of_firm(tx, case.county_id, firm)? {
        if at_work(tx, (case, barred), one.id)?.is_none() {
            continue;
        }
        let load = casefile_people::led_by(tx, case.county_id, one.id)?.len();
        if least.is_none_or(|(fewest, _)| load < fewest) {
            least = Some((load, one.id));
        }
    }
    Ok(least.map(|(_, worker)| worker))
}

fn of_village(
    tx: &mut Tx<'_>,
    (case, barred): Routed<'_>,
    place: DivisionId,
) -> Result<Option<WorkerId>, Stop> {
    let posts = adviser::on(tx, case.county_id, tx.now.date())?;
    for post in posts.into_iter().filter(|post| post.division_id == place) {
        if let Some(worker) = at_work(tx, (case, barred), post.worker_id)? {
            return Ok(Some(worker));
        }
    }
    Ok(None)
}

/// Who is on duty for the case's place now, if at work and free of conflicts of interest.
///
/// # Errors
/// The store's own.
pub(crate) fn on_duty(tx: &mut Tx<'_>, case: &Case) -> Result<Option<WorkerId>, Stop> {
    let barred = casefile_conflict::all_barred(tx, case)?;
    of_shifts(tx, (case, &barred))
}

/// Shifts in which people are answered: a notary's hours are for what is booked there.
pub(super) const ANSWERING: [ShiftKind; 3] = [ShiftKind::Hotline, ShiftKind::Window, ShiftKind::Village];

/// The nearest in whose shift people are answered.
fn of_shifts(tx: &mut Tx<'_>, (case, barred): Routed<'_>) -> Result<Option<WorkerId>, Stop> {
    let Some(place) = case.division_id else { return Ok(None) };
    let now = tx.now;
    for worker in duty::on_duty(tx, case.county_id, place, now, &ANSWERING)? {
        if let Some(worker) = at_work(tx, (case, barred), worker)? {
            return Ok(Some(worker));
        }
    }
    Ok(None)
}

/// The worker, unless gone or on leave today, none who advises, or with a conflict of interest in the case.
fn at_work(tx: &mut Tx<'_>, (case, barred): Routed<'_>, id: WorkerId) -> Result<Option<WorkerId>, Stop> {
    let there = Worker::by_id(tx, case.county_id, id)?;
    let today = tx.now.date();
    let away = worker::leaves_of(tx, case.county_id, &[id], today)?;
    let away = away.iter().any(|leave| leave.from_date <= today && today <= leave.to_date);
    let fit = there.kind.advises() && !barred.bars(&there);
    Ok((fit && is_there(&there, today) && !away).then_some(id))
}
