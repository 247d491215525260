//! Cases that are linked to one: which of them the visitor sees, and what its steps wait for there.

use falin_domain::access::{Act, Visitor};
use falin_domain::refusal::FieldError;
use falin_domain::words::CaseId;
use falin_domain::workflow::{Flow, Guard, Step};
use falin_store::casefile::Case;
use falin_store::{Tx, casefile_list};

use super::guards::worded;
use super::sight;
use crate::Stop;

/// Why a step has to wait, and for which linked case.
#[derive(Clone, Debug)]
pub struct Waits {
    /// What its guard says.
    pub fault: FieldError,
    /// The case in which something is to be settled first.
    pub there: CaseId,
}

/// What a step waits for among the cases that are linked to its own: the first that a guard finds of its other flow in
/// one of its states. One that is only stored by now moves no more, and holds up nothing.
pub(super) fn waits_there(flow: &Flow, step: &Step, linked: &[Case]) -> Option<Waits> {
    step.guards.iter().find_map(|guard| {
        let Guard::Linked { flow: other, outside, fault } = guard else { return None };
        let other = flow.beside(other);
        let waits =
            |one: &Case| one.flow == other && one.restricted_ms.is_none() && outside.contains(&one.state);
        let there = linked.iter().find(|one| waits(one))?.id;
        Some(Waits { fault: worded(flow, "linked", fault), there })
    })
}

/// Cases that this one came out of or led to, as far as the visitor sees them: of the others nothing is said.
pub(super) fn in_sight(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    related: Vec<Case>,
) -> Result<Vec<Case>, Stop> {
    let mut seen = Vec::new();
    for other in related {
        let flow = flows.of_case(tx, &other.flow, other.flow_version)?;
        let Ok(sight) = sight(visitor, Act::Read, &flow) else { continue };
        match casefile_list::one(tx, &sight, other.id) {
            Ok(other) => seen.push(other),
            Err(Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(seen)
}
