//! Swapping shifts: offered to a colleague, who accepts or declines; every offer stays on record.

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::duty::{ShiftAct, ShiftState, SwapState, allowed};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, ShiftId, WorkerId};
use falin_store::duty::{self, NOUN, Shift, Swap};
use falin_store::worker::Worker;
use falin_store::{In, Tx, account};
use serde::{Deserialize, Serialize};

use super::change::give;
use super::notify;
use super::plan::{hold, person};
use super::read::{One, stance, view};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// What was typed into the form of an offer.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SwapTyped {
    /// Id of the colleague.
    pub to_worker: String,
    /// Id of the colleague's shift that is taken in exchange; may be empty.
    pub return_shift: String,
    /// A line to the colleague; may be empty.
    pub note: String,
}

/// Offers a shift to a colleague, alone or in exchange for one of theirs.
///
/// # Errors
/// `not_found`, `form.invalid`, `state.changed`, `action.not_allowed`; `duty.swap_open` while another offer waits.
pub async fn offer(
    app: &App,
    visitor: &Visitor,
    id: ShiftId,
    version: i64,
    typed: &SwapTyped,
) -> Result<One, Stop> {
    let mut reader = Reader::default();
    let to = reader.required("to_worker", &typed.to_worker, 40);
    let back = reader.text("return_shift", &typed.return_shift, 40);
    let note = reader.text("note", &typed.note, 200);
    let (to, back, note) = reader.finish((to, back, note))?;
    act(app, visitor, (id, version, ShiftAct::Offer), move |tx, county, shift, _| {
        let colleague = person(tx, county, "to_worker", &to)?;
        if colleague.id == shift.worker_id {
            return Err(Refusal::field("to_worker", "unknown").into());
        }
        if !can_answer(tx, county, &colleague)? {
            return Err(Refusal::field("to_worker", "duty.no_answer").into());
        }
        let swap = Swap {
            county_id: county,
            id: tx.id(),
            shift_id: shift.id,
            from_worker_id: shift.worker_id,
            to_worker_id: colleague.id,
            return_shift_id: exchange(tx, county, &colleague, &back)?,
            note: note.clone(),
            state: SwapState::Offered,
            created_ms: tx.now.millis(),
            answered_ms: None,
            version: 1,
        };
        swap.insert(tx).map_err(|stop| stop.or_rule("duty.swap_open"))
    })
    .await
}

/// The colleague's shift that is wanted in exchange: planned, and still to come.
fn exchange(tx: &mut Tx<'_>, county: CountyId, of: &Worker, text: &str) -> Result<Option<ShiftId>, Stop> {
    if text.is_empty() {
        return Ok(None);
    }
    let unknown = || Refusal::field("return_shift", "unknown");
    let id: ShiftId = text.parse().map_err(|_| unknown())?;
    let found = Shift::by_ids(tx, county, &[id])?.remove(&id);
    let fits = |shift: &Shift| {
        shift.worker_id == of.id && shift.state == ShiftState::Planned && shift.day >= tx.now.date()
    };
    Ok(Some(found.filter(fits).ok_or_else(unknown)?.id))
}

/// Roles whose accounts see duties and so can answer.
const ANSWERING: [Role; 3] = [Role::Lawyer, Role::Clerk, Role::CountyAdmin];

/// Whether somebody signs in and sees duties there: an offer that nobody can answer would block the shift.
fn can_answer(tx: &mut Tx<'_>, county: CountyId, worker: &Worker) -> Result<bool, Stop> {
    Ok(account::workers_who_are(tx, county, &ANSWERING)?.contains(&worker.id))
}

/// Those to whom a shift can be offered, in the order of the register.
///
/// # Errors
/// `access.denied`.
pub async fn colleagues(app: &App, visitor: &Visitor) -> Result<Vec<Worker>, Stop> {
    let mut all = crate::worker::choices(app, visitor).await?;
    let county = visitor.county;
    let look = move |tx: &mut Tx<'_>| account::workers_who_are(tx, county, &ANSWERING);
    let answering = app.db.read(In::County(county), look).await?;
    all.retain(|worker| answering.contains(&worker.id));
    Ok(all)
}

/// Takes what a colleague offers; both shifts change hands in one transaction.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`; `duty.away`, `duty.overlap` where one of the two cannot.
pub async fn accept(app: &App, visitor: &Visitor, id: ShiftId, version: i64) -> Result<One, Stop> {
    act(app, visitor, (id, version, ShiftAct::Accept), |tx, county, shift, open| {
        let mut swap = open.ok_or_else(|| Refusal::new("action.not_allowed"))?;
        let (from, to) =
            (Worker::by_id(tx, county, swap.from_worker_id)?, Worker::by_id(tx, county, swap.to_worker_id)?);
        if let Some(back) = swap.return_shift_id {
            let mut other = Shift::by_id(tx, county, back)?;
            let still = other.worker_id == to.id && other.state == ShiftState::Planned;
            if !still {
                return Err(Refusal::new("state.changed").into());
            }
            // Each is free at the hours of the other's shift only once both have let go.
            let both = [shift.id, other.id];
            if let Some(refusal) = super::plan::barred(tx, super::LANE, &from, other.hours(), &both)? {
                return Err(refusal.into());
            }
            duty::release(tx, county, shift.id)?;
            duty::release(tx, county, other.id)?;
            other.worker_id = from.id;
            take_back(tx, county, other.id)?;
            give(tx, shift, &to, &both)?;
            hold(tx, &other)?;
            other.save(tx)?;
            notify::again(tx, &other)?;
        } else {
            give(tx, shift, &to, &[shift.id])?;
        }
        close(tx, &mut swap, SwapState::Accepted)
    })
    .await
}

/// Leaves the shift with the colleague.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn decline(app: &App, visitor: &Visitor, id: ShiftId, version: i64) -> Result<One, Stop> {
    answer(app, visitor, (id, version, ShiftAct::Decline), SwapState::Declined).await
}

/// Takes an offer back.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn withdraw(app: &App, visitor: &Visitor, id: ShiftId, version: i64) -> Result<One, Stop> {
    answer(app, visitor, (id, version, ShiftAct::Withdraw), SwapState::Withdrawn).await
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    what: (ShiftId, i64, ShiftAct),
    state: SwapState,
) -> Result<One, Stop> {
    act(app, visitor, what, move |tx, _, _, open| match open {
        Some(mut swap) => close(tx, &mut swap, state),
        None => Err(Refusal::new("action.not_allowed").into()),
    })
    .await
}

fn close(tx: &mut Tx<'_>, swap: &mut Swap, state: SwapState) -> Result<(), Stop> {
    swap.state = state;
    swap.answered_ms = Some(tx.now.millis());
    swap.save(tx)
}

/// Takes back whatever offer of a shift is still open: the shift is no longer what was offered.
pub(super) fn take_back(tx: &mut Tx<'_>, county: CountyId, shift: ShiftId) -> Result<(), Stop> {
    for mut swap in duty::swaps_of(tx, county, &[shift])? {
        if swap.state == SwapState::Offered {
            close(tx, &mut swap, SwapState::Withdrawn)?;
        }
    }
    Ok(())
}

/// An act on the offer of a shift: seen by who is planned, who is asked and who keeps the rota.
async fn act(
    app: &App,
    visitor: &Visitor,
    (id, version, which): (ShiftId, i64, ShiftAct),
    edit: impl Fn(&mut Tx<'_>, CountyId, &mut Shift, Option<Swap>) -> Result<(), Stop> + Send + 'static,
) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Duty)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut shift = view(tx, &me, &scope, id)?.shown.shift;
        let swaps = duty::swaps_of(tx, by.county, &[id])?;
        let open = swaps.into_iter().find(|swap| swap.state == SwapState::Offered);
        let asked = open.as_ref().is_some_and(|swap| me.worker == Some(swap.to_worker_id));
        let stance = stance(tx, &me, &shift, asked)?;
        if shift.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        let past = shift.day < tx.now.date();
        // A second offer gets its own answer from the database: it says that the first one still waits.
        let waits = open.is_some() && which != ShiftAct::Offer;
        if !allowed(shift.state, waits, past, stance).contains(&which) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let before = shift.worker_id;
        edit(tx, by.county, &mut shift, open)?;
        shift.save(tx)?;
        let event = if which == ShiftAct::Offer { Event::SwapOffered } else { Event::SwapAnswered };
        let details =
            serde_json::json!({ "act": which, "version": shift.version, "worker": shift.worker_id });
        by.saved(tx, event, (NOUN, id), details)?;
        tell(tx, by, &shift, (which, before))?;
        seen(tx, &me, &scope, shift)
    };
    app.db.write(In::County(by.county), work).await
}

/// The colleague hears of an offer, who offered it of the answer; a shift that changed hands is reminded of anew.
fn tell(tx: &mut Tx<'_>, by: By, shift: &Shift, (which, before): (ShiftAct, WorkerId)) -> Result<(), Stop> {
    match which {
        ShiftAct::Offer => {
            let offers = duty::swaps_of(tx, by.county, &[shift.id])?;
            let open = offers.iter().find(|swap| swap.state == SwapState::Offered);
            open.map_or(Ok(()), |swap| {
                notify::to_worker(tx, by.account, shift, swap.to_worker_id, notify::OFFERED)
            })
        }
        ShiftAct::Accept => {
            notify::again(tx, shift)?;
            notify::to_worker(tx, by.account, shift, before, notify::ANSWERED)
        }
        ShiftAct::Decline => notify::to_worker(tx, by.account, shift, shift.worker_id, notify::ANSWERED),
        _ => Ok(()),
    }
}

/// The shift after an act: who has just declined it sees it once more, though it is theirs no longer.
fn seen(
    tx: &mut Tx<'_>,
    me: &Visitor,
    scope: &falin_domain::access::Scope,
    shift: Shift,
) -> Result<One, Stop> {
    match view(tx, me, scope, shift.id) {
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "not_found") => {
            let shown = super::names(tx, scope.county, vec![shift])?;
            let shown = shown.into_iter().next().ok_or_else(Refusal::absent)?;
            Ok(One { shown, offers: Vec::new(), acts: Vec::new() })
        }
        other => other,
    }
}
