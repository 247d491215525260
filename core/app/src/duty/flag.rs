//! What leave does to the rota, and who is on duty at an instant.

use falin_domain::access::Scope;
use falin_domain::directory::DivisionLevel;
use falin_domain::duty::{ShiftKind, ShiftState};
use falin_domain::journal::Event;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, DivisionId, WorkerId};
use falin_store::duty::{self, Filter, NOUN, Shift};
use falin_store::{Tx, division, worker};

use super::notify;
use crate::Stop;
use crate::trace::By;

/// Shifts of one person in these days, none of the past.
fn coming(
    tx: &mut Tx<'_>,
    county: CountyId,
    worker: WorkerId,
    (from, to): (Date, Date),
    state: ShiftState,
) -> Result<Vec<Shift>, Stop> {
    let filter = Filter {
        from: Some(from.max(tx.now.date())),
        to: Some(to),
        worker: Some(worker),
        state: Some(state),
        ..Filter::default()
    };
    duty::all(tx, &Scope::whole(county), &filter, i64::MAX)
}

/// Flags the shifts of somebody who is away in these days, for a person to find another; returns how many.
///
/// `reason` is `leave` or `left`. Nothing is cancelled.
///
/// # Errors
/// The store's own.
pub(crate) fn flag(
    tx: &mut Tx<'_>,
    (county, account): (CountyId, Option<AccountId>),
    worker: WorkerId,
    days: (Date, Date),
    reason: &str,
) -> Result<usize, Stop> {
    let found = coming(tx, county, worker, days, ShiftState::Planned)?;
    let count = found.len();
    for mut shift in found {
        shift.state = ShiftState::Flagged;
        shift.flag_reason = Some(reason.to_owned());
        shift.save(tx)?;
        let by = By { county, account };
        by.saved(
            tx,
            Event::ShiftFlagged,
            (NOUN, shift.id),
            serde_json::json!({ "day": shift.day, "why": reason }),
        )?;
        notify::flagged(tx, &shift)?;
    }
    Ok(count)
}

/// Lifts the flags of `reason` once it was taken back, where no leave covers the day.
///
/// # Errors
/// The store's own.
pub(crate) fn unflag(
    tx: &mut Tx<'_>,
    (county, account): (CountyId, Option<AccountId>),
    worker: WorkerId,
    days: (Date, Date),
    reason: &str,
) -> Result<(), Stop> {
    for mut shift in coming(tx, county, worker, days, ShiftState::Flagged)? {
        let flagged = shift.flag_reason.as_deref() == Some(reason);
        if !flagged || !worker::leaves_of(tx, county, &[worker], shift.day)?.is_empty() {
            continue;
        }
        (shift.state, shift.flag_reason) = (ShiftState::Planned, None);
        shift.save(tx)?;
        let by = By { county, account };
        by.saved(tx, Event::ShiftChanged, (NOUN, shift.id), serde_json::json!({ "day": shift.day }))?;
        notify::again(tx, &shift)?;
    }
    Ok(())
}

/// Who has a shift of these kinds on a day: at the place, its township or for the county; for what has no place for the
/// county or what stands between it and the townships.
///
/// # Errors
/// As [`on_duty`].
pub(crate) fn of_day(
    tx: &mut Tx<'_>,
    county: CountyId,
    place: Option<DivisionId>,
    day: Date,
    kinds: &[ShiftKind],
) -> Result<Vec<WorkerId>, Stop> {
    let below = |level| matches!(level, DivisionLevel::Township | DivisionLevel::Village);
    let line = match place {
        Some(place) => division::line(tx, county, place)?,
        None => division::all(tx, county)?.into_iter().filter(|one| !below(one.level)).collect(),
    };
    let line: Vec<DivisionId> = line.into_iter().map(|division| division.id).collect();
    let found = duty::planned(tx, county, &line, day)?.into_iter();
    Ok(found.filter(|shift| kinds.contains(&shift.kind)).map(|shift| shift.worker_id).collect())
}

/// Who is on duty for a place at an instant in shifts of these kinds: at the place itself, then at its township, then for
/// the county.
///
/// Flagged shifts do not count: who was planned for them is away.
///
/// # Errors
/// The store's own; `not_found` where the place is none of the county's.
pub fn on_duty(
    tx: &mut Tx<'_>,
    county: CountyId,
    place: DivisionId,
    at: Instant,
    kinds: &[ShiftKind],
) -> Result<Vec<WorkerId>, Stop> {
    let line: Vec<DivisionId> =
        division::line(tx, county, place)?.into_iter().map(|division| division.id).collect();
    let mut found = duty::planned(tx, county, &line, at.date())?;
    found.retain(|shift| shift.hours().holds(at) && kinds.contains(&shift.kind));
    found.sort_by_key(|shift| line.iter().position(|id| *id == shift.division_id));
    Ok(found.into_iter().map(|shift| shift.worker_id).collect())
}
