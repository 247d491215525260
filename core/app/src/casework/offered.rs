//! Offers to hand a case over that wait for a worker's word: on the case, and all of one's own.

use falin_domain::access::{Role, Visitor};
use falin_domain::words::WorkerId;
use falin_store::casefile::Case;
use falin_store::casefile_people::{self, Transfer};
use falin_store::keys::Bound;
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx};

use crate::{App, Stop};

/// An offer that waits.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The case.
    pub case: Case,
    /// Who would pass it on; None out of a queue.
    pub from: Option<Worker>,
    /// Who is asked.
    pub to: Option<Worker>,
    /// Why.
    pub reason: String,
}

impl Offered {
    /// Whether it waits for this worker's word.
    pub fn is_for(&self, worker: Option<WorkerId>) -> bool {
        worker.is_some() && self.to.as_ref().map(|to| to.id) == worker
    }
}

fn told(tx: &mut Tx<'_>, case: Case, transfer: &Transfer) -> Result<Offered, Stop> {
    let place = Bound {
        table: "casefile_transfer",
        column: "reason_sealed",
        row: &transfer.id.bytes(),
        county: transfer.county_id,
    };
    let reason = tx.open(place, &transfer.reason_sealed)?;
    let ids: Vec<WorkerId> = transfer.from_worker_id.into_iter().chain([transfer.to_worker_id]).collect();
    let mut known = worker::named(tx, transfer.county_id, &ids)?;
    let to = known.remove(&transfer.to_worker_id);
    Ok(Offered { case, from: transfer.from_worker_id.and_then(|id| known.remove(&id)), to, reason })
}

/// The offer that waits on a case; None for its resident, to whom it says nothing.
///
/// # Errors
/// The store's own.
pub(super) fn of(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<Option<Offered>, Stop> {
    let works = visitor.account.is_none() || Role::ALL.iter().any(|r| *r != Role::Resident && visitor.is(*r));
    if !works {
        return Ok(None);
    }
    let all = casefile_people::transfers(tx, case.county_id, case.id)?;
    let waiting = all.iter().find(|one| one.state == "offered");
    waiting.map(|one| told(tx, case.clone(), one)).transpose()
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
