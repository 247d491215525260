//! What a booking takes from the case that it is for: that the booker sees it, and who its parties are.

use std::collections::BTreeSet;

use falin_domain::access::{Act, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::{BookingId, CaseId, CountyId, HeldId};
use falin_store::booking::{self as rows, Booking};
use falin_store::booking_list::{self, Filter};
use falin_store::casefile::Case;
use falin_store::{In, Tx, casefile_list, casefile_people};

use super::book::{New, PARTIES};
use super::{Hand, Shown, show};
use crate::casework::{Flows, sight};
use crate::{App, Stop};

/// The same wish with the parties of its case: those that it names must be of the case, and where it names none it is
/// for all of them. Of a crowd the first [`PARTIES`] are held: it sends representatives.
///
/// # Errors
/// `form.invalid` at `mediation_case_id` for a case that the visitor does not see, at `party_ids` for a stranger.
pub(super) async fn with_case(app: &App, visitor: &Visitor, new: New) -> Result<New, Stop> {
    let Some(id) = new.case else { return Ok(new) };
    let (flows, who, county) = (app.flows.clone(), visitor.clone(), visitor.county);
    let look = move |tx: &mut Tx<'_>| {
        let case = in_sight(tx, &flows, &who, id.cast())?;
        ids(tx, county, case.id)
    };
    let parties = match app.db.read(In::County(county), look).await {
        Err(Stop::Refused(_)) => return Err(Refusal::field("mediation_case_id", "unknown").into()),
        found => found?,
    };
    let parties = named(&new.parties, &parties)?;
    Ok(New { parties, ..new })
}

fn in_sight(tx: &mut Tx<'_>, flows: &Flows, visitor: &Visitor, id: CaseId) -> Result<Case, Stop> {
    let case = Case::by_id(tx, visitor.county, id)?;
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let sight = sight(visitor, Act::Read, &flow).map_err(|_| Refusal::absent())?;
    casefile_list::one(tx, &sight, id)
}

fn ids(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<HeldId>, Stop> {
    let parties = casefile_people::parties(tx, county, case)?;
    Ok(parties.iter().map(|party| party.id.cast()).collect())
}

fn named(asked: &[HeldId], of_case: &[HeldId]) -> Result<Vec<HeldId>, Refusal> {
    if asked.is_empty() {
        return Ok(of_case.iter().take(PARTIES).copied().collect());
    }
    match asked.iter().all(|id| of_case.contains(id)) {
        true => Ok(asked.to_vec()),
        false => Err(Refusal::field("party_ids", "unknown")),
    }
}

/// Refuses other parties of a booking than those of its case, and than those that it has.
///
/// # Errors
/// `form.invalid` at `party_ids`.
pub(super) fn strangers(
    tx: &mut Tx<'_>,
    booking: &Booking,
    (now, asked): (&[HeldId], Option<&Vec<HeldId>>),
) -> Result<(), Stop> {
    let (Some(asked), Some(case)) = (asked, booking.mediation_case_id) else { return Ok(()) };
    let known: BTreeSet<HeldId> =
        ids(tx, booking.county_id, case.cast())?.into_iter().chain(now.iter().copied()).collect();
    match asked.iter().all(|id| known.contains(id)) {
        true => Ok(()),
        false => Err(Refusal::field("party_ids", "unknown").into()),
    }
}

/// The bookings of a case by time. Whoever may not read bookings, such as the resident whose case it is, sees when and
/// where, and nothing else of them.
///
/// # Errors
/// The store's own.
pub(crate) fn of_case(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<Vec<Shown>, Stop> {
    let hand = match Hand::of(visitor, Act::Read) {
        Ok(hand) => hand,
        Err(_) => Hand { keeps_rooms: false, only_mine: true, worker: None, ..Hand::house(case.county_id) },
    };
    let filter = Filter { case: Some(case.id.cast()), ..Filter::default() };
    let bookings = booking_list::all(tx, case.county_id, &filter)?;
    show(tx, &hand, bookings)
}

/// Who of a case's parties a booking is for, by their place in its list from 1: those that it names, else all.
///
/// # Errors
/// The store's own.
pub(super) fn invited(
    tx: &mut Tx<'_>,
    booking: &Booking,
    case: &Case,
) -> Result<Vec<casefile_people::Party>, Stop> {
    let id: BookingId = booking.id;
    let named = rows::parties(tx, booking.county_id, &[id])?.remove(&id).unwrap_or_default();
    let mut parties = casefile_people::parties(tx, case.county_id, case.id)?;
    if parties.iter().any(|party| named.contains(&party.id.cast())) {
        parties.retain(|party| named.contains(&party.id.cast()));
    }
    Ok(parties)
}
