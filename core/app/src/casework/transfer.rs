//! Handing a case over by consent: offered by one worker, accepted or declined by another, or withdrawn.

use falin_domain::access::{Act, Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, TransferId, WorkerId};
use falin_store::casefile::Case;
use falin_store::casefile_answerable::Who;
use falin_store::casefile_people::{self, Transfer};
use falin_store::worker::Worker;
use falin_store::{In, Tx, casefile_conflict, casefile_list, if_there};
use serde_json::json;

use super::open::journal;
use super::view::{Seen, seen};
use super::{Standing, answerable, effects, sight};
use crate::worker::is_there;
use crate::{App, Stop};

/// An offer as somebody makes it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// To whom.
    pub to: WorkerId,
    /// Why; sealed.
    pub reason: String,
    /// The version of the case that was seen.
    pub version: i64,
}

/// Offers an open case to another worker. Its lead may, and who assigns cases of its place.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`; `case.offered` where an offer waits already.
pub async fn offer(app: &App, visitor: &Visitor, flow: &str, id: CaseId, offer: Offer) -> Result<Seen, Stop> {
    change(app, visitor, flow, id, move |tx, visitor, case| {
        let reason = offer.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", "required").into());
        }
        let to = if_there(Worker::by_id(tx, case.county_id, offer.to))?;
        let to = to.filter(|to| is_there(to, tx.now.date()));
        let to = to.ok_or_else(|| Refusal::field("worker", "worker.unknown"))?;
        if case.version != offer.version {
            return Err(Refusal::new("state.changed").into());
        }
        if case.closed_ms.is_some() || case.worker_id == Some(to.id) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if casefile_conflict::barred(tx, &to, case)? {
            return Err(Refusal::field("worker", "worker.conflict").into());
        }
        let id: TransferId = tx.id();
        let mut row = Transfer {
            county_id: case.county_id,
            id,
            case_id: case.id,
            from_worker_id: case.worker_id,
            to_worker_id: to.id,
            state: "offered".to_owned(),
            reason_sealed: Vec::new(),
            answer_sealed: None,
            account_id: visitor.account,
            created_ms: tx.now.millis(),
            decided_ms: None,
            version: 1,
        };
        row.seal_reason(tx, reason)?;
        row.insert(tx).map_err(|stop| stop.or_rule("case.offered"))?;
        journal(tx, case, visitor, Event::CaseOffered, json!({ "to": to.id }))
    })
    .await
}

/// What a worker says to an offer.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The case becomes the worker's.
    Accept,
    /// It stays where it is; why is sealed, and told to whoever works on it.
    Decline(String),
}

/// The worker to whom a case is offered accepts it, or declines it with the reason.
///
/// # Errors
/// `not_found` where no offer waits for the visitor; `action.not_allowed` where the case is closed, or the worker is no
/// longer there; `form.invalid` at `worker` where the worker has a conflict of interest by now, at `reason` where it is
/// declined without one.
pub async fn answer_offer(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    id: CaseId,
    reply: Reply,
) -> Result<Seen, Stop> {
    change(app, visitor, flow, id, move |tx, visitor, case| {
        let waiting = casefile_people::transfers(tx, case.county_id, case.id)?;
        let mine = waiting
            .into_iter()
            .find(|one| one.state == "offered" && Some(one.to_worker_id) == visitor.worker);
        let mut mine = mine.ok_or_else(Refusal::absent)?;
        let accept = match &reply {
            Reply::Accept => true,
            Reply::Decline(reason) => {
                let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
                let reason = reason.ok_or_else(|| Refusal::field("reason", "required"))?;
                mine.seal_answer(tx, reason)?;
                false
            }
        };
        mine.state = if accept { "accepted" } else { "declined" }.to_owned();
        mine.decided_ms = Some(tx.now.millis());
        mine.save(tx)?;
        if accept {
            may_take(tx, case, mine.to_worker_id)?;
            effects::assign(tx, visitor, case, Some((mine.to_worker_id, "person")))?;
            answerable::pass(tx, visitor, case, Who::Worker(mine.to_worker_id))?;
            effects::hand_over(tx, case)?;
        }
        let event = if accept { Event::CaseOfferAccepted } else { Event::CaseOfferDeclined };
        journal(tx, case, visitor, event, json!({ "to": mine.to_worker_id }))
    })
    .await
}

/// Much can happen between an offer and its answer: what held for the offer must hold still.
fn may_take(tx: &mut Tx<'_>, case: &Case, to: WorkerId) -> Result<(), Stop> {
    let to = Worker::by_id(tx, case.county_id, to)?;
    if case.closed_ms.is_some() || !is_there(&to, tx.now.date()) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    if casefile_conflict::barred(tx, &to, case)? {
        return Err(Refusal::field("worker", "worker.conflict").into());
    }
    Ok(())
}

/// A case that is closed is nobody's to take any more: what offers wait are withdrawn.
///
/// # Errors
/// The store's own.
pub(super) fn forget(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<(), Stop> {
    for one in casefile_people::transfers(tx, case.county_id, case.id)? {
        if one.state == "offered" {
            withdrawn(tx, visitor, case, one)?;
        }
    }
    Ok(())
}

fn withdrawn(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case, mut offered: Transfer) -> Result<(), Stop> {
    "withdrawn".clone_into(&mut offered.state);
    offered.decided_ms = Some(tx.now.millis());
    offered.save(tx)?;
    journal(tx, case, visitor, Event::CaseOfferWithdrawn, json!({ "to": offered.to_worker_id }))
}

/// Takes a waiting offer back.
///
/// # Errors
/// `not_found` where none waits.
pub async fn withdraw_offer(app: &App, visitor: &Visitor, flow: &str, id: CaseId) -> Result<Seen, Stop> {
    change(app, visitor, flow, id, move |tx, visitor, case| {
        let waiting = casefile_people::transfers(tx, case.county_id, case.id)?;
        let offered = waiting.into_iter().find(|one| one.state == "offered");
        withdrawn(tx, visitor, case, offered.ok_or_else(Refusal::absent)?)
    })
    .await
}

/// Runs one change of a case's people by somebody who may: its workers, the one it is offered to, and staff of its
/// place who assign cases.
async fn change(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    id: CaseId,
    edit: impl Fn(&mut Tx<'_>, &Visitor, &mut Case) -> Result<(), Stop> + Send + 'static,
) -> Result<Seen, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let (flows, visitor, flow) = (app.flows.clone(), visitor.clone(), flow.to_owned());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let mut case = casefile_list::one(tx, &sight, id)?;
        if case.flow != flow {
            return Err(Refusal::absent().into());
        }
        let offered = casefile_people::transfers(tx, county, id)?;
        let to_me =
            offered.iter().any(|one| one.state == "offered" && Some(one.to_worker_id) == visitor.worker);
        let staff = [Role::Clerk, Role::AidOfficer, Role::CountyAdmin].iter().any(|role| visitor.is(*role));
        if !(to_me || staff || Standing::without_posts(tx, &visitor, &case)?.on_case) {
            return Err(Refusal::new("access.denied").into());
        }
        edit(tx, &visitor, &mut case)?;
        seen(tx, &flows, &visitor, case)
    };
    app.db.write(In::County(county), work).await
}
