//! Shifts that stand: changed, given to another, cancelled.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::duty::{ShiftAct, ShiftState, allowed};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::ShiftId;
use falin_store::duty::{self, NOUN, Shift};
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use super::plan::{Typed, barred, hold, person};
use super::read::{One, stance, view};
use super::{LANE, notify, swap};
use crate::division::must_hold;
use crate::trace::By;
use crate::{App, Stop};

/// Changes day, hours, place, kind or person of a shift that is still at `version`.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`, `action.not_allowed`, `duty.away`, `duty.overlap`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: ShiftId,
    version: i64,
    typed: &Typed,
) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    act(app, visitor, (id, version, ShiftAct::Change), move |tx, by, shift| {
        let seat = fields.seat(tx, by.county)?;
        if let Some(refusal) = barred(tx, LANE, &seat.worker, fields.hours, &[shift.id])? {
            return Err(refusal.into());
        }
        duty::release(tx, by.county, shift.id)?;
        shift.worker_id = seat.worker.id;
        shift.kind = fields.kind;
        shift.division_id = seat.place.id;
        shift.facility_id = seat.facility;
        shift.spot.clone_from(&fields.spot);
        (shift.day, shift.from_minute, shift.to_minute) =
            (fields.hours.day, fields.hours.from, fields.hours.to);
        (shift.state, shift.flag_reason) = (ShiftState::Planned, None);
        hold(tx, shift)
    })
    .await
}

/// Gives a shift to another person, which lifts a flag and takes an open offer back.
///
/// # Errors
/// As [`change`].
pub async fn reassign(
    app: &App,
    visitor: &Visitor,
    id: ShiftId,
    version: i64,
    worker: &str,
) -> Result<One, Stop> {
    let worker = worker.trim().to_owned();
    if worker.is_empty() {
        return Err(Refusal::field("worker", "required-choice").into());
    }
    act(app, visitor, (id, version, ShiftAct::Reassign), move |tx, by, shift| {
        let other = person(tx, by.county, "worker", &worker)?;
        give(tx, shift, &other, &[shift.id])
    })
    .await
}

/// The shift as another's. `but` are shifts whose hours are free by then.
pub(super) fn give(tx: &mut Tx<'_>, shift: &mut Shift, to: &Worker, but: &[ShiftId]) -> Result<(), Stop> {
    if let Some(refusal) = barred(tx, LANE, to, shift.hours(), but)? {
        return Err(refusal.into());
    }
    duty::release(tx, shift.county_id, shift.id)?;
    shift.worker_id = to.id;
    (shift.state, shift.flag_reason) = (ShiftState::Planned, None);
    hold(tx, shift)
}

/// Cancels a shift; its hours are free again.
///
/// # Errors
/// As [`change`].
pub async fn cancel(app: &App, visitor: &Visitor, id: ShiftId, version: i64) -> Result<One, Stop> {
    act(app, visitor, (id, version, ShiftAct::Cancel), move |tx, by, shift| {
        (shift.state, shift.flag_reason) = (ShiftState::Cancelled, None);
        duty::release(tx, by.county, shift.id)
    })
    .await
}

/// A keeper's act on a shift, in the order of checks that all acts follow.
async fn act(
    app: &App,
    visitor: &Visitor,
    (id, version, which): (ShiftId, i64, ShiftAct),
    edit: impl Fn(&mut Tx<'_>, By, &mut Shift) -> Result<(), Stop> + Send + 'static,
) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Duty)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut shift = duty::one(tx, &scope, id)?;
        let stance = stance(tx, &me, &shift, false)?;
        if !stance.keeper {
            return Err(Refusal::new("access.denied").into());
        }
        if shift.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if !allowed(shift.state, false, false, stance).contains(&which) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let before = shift.worker_id;
        edit(tx, by, &mut shift)?;
        must_hold(tx, &scope, Some(shift.division_id))?;
        shift.save(tx)?;
        swap::take_back(tx, by.county, shift.id)?;
        let event = if which == ShiftAct::Cancel { Event::ShiftCancelled } else { Event::ShiftChanged };
        let details =
            serde_json::json!({ "version": shift.version, "worker": shift.worker_id, "day": shift.day });
        by.saved(tx, event, (NOUN, id), details)?;
        let news = if which == ShiftAct::Cancel { notify::CANCELLED } else { notify::CHANGED };
        notify::tell(tx, by.account, &shift, news)?;
        if before != shift.worker_id {
            notify::to_worker(tx, by.account, &shift, before, notify::CHANGED)?;
        }
        view(tx, &me, &scope, id)
    };
    app.db.write(In::County(by.county), work).await
}
