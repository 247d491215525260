//! 首办责任: whoever first has a case in hand answers for it until another has taken it over.
//!
//! Giving a case to somebody passes nothing yet. It passes when the other takes it: by accepting the offer, or by the
//! first step of their own. So nobody can get rid of a case by handing it to one who does not know of it.

use falin_domain::access::{Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::words::WorkerId;
use falin_store::casefile::Case;
use falin_store::casefile_answerable::{self as rows, Who};
use falin_store::{Tx, casefile_people};
use serde_json::json;

use super::open::journal;
use crate::Stop;

/// Lets a worker lead a case, or nobody; the first one is its first handler.
///
/// # Errors
/// The store's own.
pub(crate) fn lead(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &Case,
    worker: Option<WorkerId>,
) -> Result<(), Stop> {
    casefile_people::lead(tx, case.county_id, case.id, worker)?;
    match worker {
        Some(worker) => first(tx, visitor, case, Who::Worker(worker)),
        None => Ok(()),
    }
}

/// Keeps the first handler, where the case has none yet.
fn first(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case, who: Who) -> Result<(), Stop> {
    match rows::first(tx, case.county_id, case.id, who)? {
        true => note(tx, visitor, case, (who, true)),
        false => Ok(()),
    }
}

/// The case passes to somebody who has taken it over.
///
/// # Errors
/// The store's own.
pub(crate) fn pass(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case, who: Who) -> Result<(), Stop> {
    let begins = rows::of(tx, case.county_id, case.id)?.is_empty();
    match rows::pass(tx, case.county_id, case.id, who)? {
        true => note(tx, visitor, case, (who, begins)),
        false => Ok(()),
    }
}

/// After a step: the lead's own step takes the case over; of a case that nobody leads, whoever of the staff acts first
/// is its first handler. `actor` is who acted, or the one for whom somebody stood in.
///
/// # Errors
/// The store's own.
pub(super) fn after_step(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &Case,
    (actor, role): (Option<WorkerId>, Role),
) -> Result<(), Stop> {
    match (case.worker_id, actor) {
        (Some(lead), Some(actor)) if lead == actor => pass(tx, visitor, case, Who::Worker(lead)),
        (None, _) if role.is_staff() => match actor.map(Who::Worker).or(visitor.account.map(Who::Account)) {
            Some(who) => first(tx, visitor, case, who),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn note(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case, (who, first): (Who, bool)) -> Result<(), Stop> {
    let details = match who {
        Who::Worker(worker) => json!({ "worker": worker, "first": first }),
        Who::Account(account) => json!({ "account": account, "first": first }),
    };
    journal(tx, case, visitor, Event::CaseAnswerable, details)
}
