//! Who can be given a case: the competent without a conflict of interest, the least loaded first.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::CaseId;
use falin_domain::workflow::{Guard, When};
use falin_store::casefile::Case;
use falin_store::casefile_people::{self, Load};
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, casefile_conflict, casefile_list, firm};

use super::guards::practised;
use super::route::ANSWERING;
use super::sight;
use crate::{App, Stop, duty};

/// Somebody who can be chosen.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub worker: Worker,
    /// Name of the firm or office; empty where there is none.
    pub firm: String,
    /// What this one has in hand: open cases, and those of the flow given this year.
    pub load: Load,
    /// Whether this one has a shift today for the case's place.
    pub on_duty: bool,
}

/// Those of some workers who are there today and whom these guards let lead a case as it is.
///
/// # Errors
/// The store's own.
pub(super) fn fit(
    tx: &mut Tx<'_>,
    case: &Case,
    guards: &[&Guard],
    mut all: Vec<Worker>,
) -> Result<Vec<Worker>, Stop> {
    let (values, today) = (case.document(tx)?, tx.now.date());
    let asked = |when: &Option<When>| when.as_ref().is_none_or(|when| when.holds(&values));
    all.retain(|one| crate::worker::is_there(one, today));
    for guard in guards {
        match guard {
            Guard::Competent { kinds, when, .. } if asked(when) => {
                all.retain(|one| kinds.contains(&one.kind));
            }
            Guard::Practice { years, when, .. } if asked(when) => {
                all.retain(|one| practised(one, *years, today));
            }
            Guard::NoConflict { .. } => {
                let barred = casefile_conflict::all_barred(tx, case)?;
                all.retain(|one| !barred.bars(one));
            }
            _ => {}
        }
    }
    Ok(all)
}

/// Those whom a step's guards let stand in a field, on the case as it is: who is on duty today, then the least loaded.
///
/// # Errors
/// `not_found` where the visitor does not see the case; `access.denied` where workers may not be read.
pub async fn candidates(
    app: &App,
    visitor: &Visitor,
    (flow, id): (&str, CaseId),
    (action, field): (&str, &str),
) -> Result<Vec<Candidate>, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let flows = app.flows.clone();
    let (action, field) = (action.to_owned(), field.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let today = tx.now.date();
        let all = worker::all(tx, scope.county)?;
        let guards = flow.step(&action).into_iter().flat_map(|step| &step.guards);
        let guards: Vec<&Guard> = guards.filter(|guard| guard.weighs(&field)).collect();
        let mut all = fit(tx, &case, &guards, all)?;
        // Where somebody must be named, it is somebody other than who has it.
        let must = |step| flow.asked(step).iter().any(|one| one.field.name == field && one.required);
        if flow.step(&action).is_some_and(must) {
            all.retain(|one| Some(one.id) != case.worker_id);
        }
        let year = format!("{}-01-01", today.parts().0).parse().unwrap_or(today);
        let loads = casefile_people::loads(tx, scope.county, &case.flow, year.start().millis())?;
        let firms = firm::all(tx, scope.county)?;
        let named = |one: &Worker| firms.iter().find(|firm| Some(firm.id) == one.firm_id);
        let on_duty = duty::of_day(tx, scope.county, case.division_id, today, &ANSWERING)?;
        let mut found: Vec<Candidate> = all
            .into_iter()
            .map(|worker| Candidate {
                firm: named(&worker).map(|firm| firm.name.clone()).unwrap_or_default(),
                load: loads.get(&worker.id).copied().unwrap_or_default(),
                on_duty: on_duty.contains(&worker.id),
                worker,
            })
            .collect();
        found.sort_by(|a, b| {
            let key =
                |one: &Candidate| (!one.on_duty, one.load.open, one.load.given, one.worker.sort_key.clone());
            key(a).cmp(&key(b))
        });
        Ok(found)
    };
    app.db.read(In::County(visitor.county), work).await
}
