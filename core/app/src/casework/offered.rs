//! Offers to hand a case over: what waits for a worker's word on a case or was declined last, and all of one's own.

use falin_domain::access::{Role, Visitor};
use falin_domain::words::WorkerId;
use falin_store::casefile::Case;
use falin_store::casefile_people::{self, Transfer};
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use crate::{App, Stop};

/// An offer that waits, or was declined.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The case.
    pub case: Case,
    /// Who would pass it on; None out of a queue.
    pub from: Option<Worker>,
    /// Who is asked.
    pub to: Option<Worker>,
    /// Why; of a declined one why it was declined.
    pub reason: String,
}

impl Offered {
    /// Whether it waits for this worker's word.
    pub fn is_for(&self, worker: Option<WorkerId>) -> bool {
        worker.is_some() && self.to.as_ref().map(|to| to.id) == worker
    }
}

fn told(tx: &mut Tx<'_>, case: Case, transfer: &Transfer) -> Result<Offered, Stop> {
    let reason = match transfer.state.as_str() {
        "declined" => transfer.answer(tx)?,
        _ => transfer.reason(tx)?,
    };
    let ids: Vec<WorkerId> = transfer.from_worker_id.into_iter().chain([transfer.to_worker_id]).collect();
    let mut known = Worker::by_ids(tx, transfer.county_id, &ids)?;
    let to = known.remove(&transfer.to_worker_id);
    Ok(Offered { case, from: transfer.from_worker_id.and_then(|id| known.remove(&id)), to, reason })
}

/// The offer that waits on a case, and the last one where it was declined and the case is open; none for its resident,
/// to whom it says nothing.
///
/// # Errors
/// The store's own.
pub(super) fn of(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &Case,
) -> Result<(Option<Offered>, Option<Offered>), Stop> {
    let works = visitor.account.is_none() || Role::ALL.iter().any(|r| *r != Role::Resident && visitor.is(*r));
    if !works {
        return Ok((None, None));
    }
    let all = casefile_people::transfers(tx, case.county_id, case.id)?;
    let waiting = all.iter().find(|one| one.state == "offered");
    let declined = all.first().filter(|one| one.state == "declined" && case.closed_ms.is_none());
    let waiting = waiting.map(|one| told(tx, case.clone(), one)).transpose()?;
    Ok((waiting, declined.map(|one| told(tx, case.clone(), one)).transpose()?))
}

/// Offers that wait for the visitor's word, oldest first.
///
/// # Errors
/// The store's own.
pub async fn offers(app: &App, visitor: &Visitor) -> Result<Vec<Offered>, Stop> {
    let (Some(me), county) = (visitor.worker, visitor.county) else { return Ok(Vec::new()) };
    let work = move |tx: &mut Tx<'_>| {
        let waiting = casefile_people::offered_to(tx, county, me)?;
        let mut all = Vec::with_capacity(waiting.len());
        for one in &waiting {
            let case = Case::by_id(tx, county, one.case_id)?;
            // An offer dies with its case.
            if case.closed_ms.is_none() {
                all.push(told(tx, case, one)?);
            }
        }
        Ok(all)
    };
    app.db.read(In::County(county), work).await
}
