//! What a worker is told of a shift: planned, changed, cancelled, offered, and a reminder the day before.

use falin_domain::access::Role;
use falin_domain::duty::ShiftState;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, WorkerId};
use falin_store::duty::{NOUN, Shift};
use falin_store::{Tx, notice as rows};

use crate::Stop;
use crate::notice::{self, New, To};

/// What has become of a shift, as the text's key says it.
pub(super) const PLANNED: &str = "notice-duty-planned";
pub(super) const CHANGED: &str = "notice-duty-changed";
pub(super) const CANCELLED: &str = "notice-duty-cancelled";
pub(super) const OFFERED: &str = "notice-duty-offered";
pub(super) const ANSWERED: &str = "notice-duty-answered";
const REMINDER: &str = "notice-duty-reminder";
const FLAGGED: &str = "notice-duty-flagged";

/// Whoever acts is not told by the house what they have just done.
type Actor = Option<AccountId>;

/// Tells the shift's worker what became of it; earlier reminders go, a planned shift gets a new one.
///
/// # Errors
/// The store's own.
pub(super) fn tell(tx: &mut Tx<'_>, actor: Actor, shift: &Shift, what: &'static str) -> Result<(), Stop> {
    again(tx, shift)?;
    to_worker(tx, actor, shift, shift.worker_id, what)
}

/// Takes back what was still to be said of a shift and reminds its worker on the day before.
///
/// # Errors
/// The store's own.
pub(super) fn again(tx: &mut Tx<'_>, shift: &Shift) -> Result<(), Stop> {
    notice::cancel(tx, shift.county_id, shift.id.cast())?;
    let at = notice::morning(shift.day.plus_days(-1));
    if shift.state != ShiftState::Planned || at <= tx.now {
        return Ok(());
    }
    // Without an account there is nobody to remind: a clerk's call cannot wait for the day before.
    match rows::account_of(tx, shift.county_id, shift.worker_id)? {
        Some(account) => queue(tx, shift, (To::Account(account), &account.to_string()), REMINDER, Some(at)),
        None => Ok(()),
    }
}

/// Tells one worker about a shift, by the account: the rota hangs where everybody without one sees it.
///
/// # Errors
/// The store's own.
pub(super) fn to_worker(
    tx: &mut Tx<'_>,
    actor: Actor,
    shift: &Shift,
    worker: WorkerId,
    what: &'static str,
) -> Result<(), Stop> {
    if shift.day < tx.now.date() {
        return Ok(());
    }
    match rows::account_of(tx, shift.county_id, worker)? {
        Some(account) if Some(account) != actor => {
            queue(tx, shift, (To::Account(account), &account.to_string()), what, None)
        }
        _ => Ok(()),
    }
}

/// Tells those who keep the rota that somebody else must take a shift.
///
/// # Errors
/// The store's own.
pub(super) fn flagged(tx: &mut Tx<'_>, shift: &Shift) -> Result<(), Stop> {
    again(tx, shift)?;
    let clerks = To::Role { role: Role::Clerk, place: Some(shift.division_id) };
    queue(tx, shift, (clerks, "clerks"), FLAGGED, None)
}

fn queue(
    tx: &mut Tx<'_>,
    shift: &Shift,
    (to, whom): (To, &str),
    text_key: &str,
    not_before: Option<Instant>,
) -> Result<(), Stop> {
    let at = shift.day.start().plus_seconds(i64::from(shift.from_minute) * 60);
    let new = New {
        county: shift.county_id,
        key: format!("duty/{}/{text_key}/{}/{whom}", shift.id, shift.version),
        to,
        text_key,
        args: vec![("at", at.into()), ("spot", shift.spot.as_str().into())],
        subject: (NOUN, shift.id.cast()),
        division: Some(shift.division_id),
        not_before,
        language: None,
    };
    notice::queue(tx, new)
}
