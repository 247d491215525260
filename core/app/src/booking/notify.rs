//! What people are told of a booking: confirmed, moved, cancelled, offered, flagged, and a reminder the day before.
//!
//! Whatever was still to be said of it goes first, so a moved or cancelled appointment takes its reminder along.

use falin_domain::access::Role;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, WorkerId};
use falin_domain::workflow::Values;
use falin_store::booking::Booking;
use falin_store::casefile::Case;
use falin_store::room::Room;
use falin_store::{Tx, notice as rows};
use serde_json::Value;

use super::Hand;
use crate::Stop;
use crate::notice::{self, Arg, New, To};

/// The text of a reminder.
const REMINDER: &str = "notice-booking-reminder";
/// The field of a mediation case with the telephone, and whether messages may go there.
const PHONE: &str = "phone";
const CONSENT: &str = "sms";

/// What has become of a booking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum News {
    /// It holds.
    Confirmed,
    /// Another time, room or people.
    Moved,
    /// It is off.
    Cancelled,
    /// Something that somebody waited for is free and held for them.
    Offered,
}

impl News {
    fn key(self) -> &'static str {
        match self {
            Self::Confirmed => "notice-booking-confirmed",
            Self::Moved => "notice-booking-moved",
            Self::Cancelled => "notice-booking-cancelled",
            Self::Offered => "notice-booking-offered",
        }
    }
}

/// Tells everybody of a booking but the one who acted, and sets or takes back their reminders.
///
/// # Errors
/// The store's own.
pub(super) fn tell(tx: &mut Tx<'_>, hand: &Hand, booking: &Booking, news: News) -> Result<(), Stop> {
    // Of a new booking nothing has been said: whoever races for a time reads no more than must be.
    if booking.version > 1 {
        notice::cancel(tx, booking.county_id, booking.id.cast())?;
    }
    if booking.ends_ms <= tx.now.millis() {
        return Ok(());
    }
    let reminded = booking.state == falin_domain::booking::BookingState::Confirmed;
    let room = Room::by_id(tx, booking.county_id, booking.room_id)?;
    let when = Some(reminder(booking.starts_ms)).filter(|at| reminded && *at > tx.now);
    for whom in everybody(tx, booking)? {
        if !whom.is(hand) {
            queue(tx, (booking, &room), &whom, news.key(), None)?;
        }
        if let Some(at) = when.filter(|_| whom.hears_later()) {
            queue(tx, (booking, &room), &whom, REMINDER, Some(at))?;
        }
    }
    Ok(())
}

/// Sets the reminders of a booking that an old system had: its people know of it already, and of nothing else are told.
/// Who brought the list is not one of them.
///
/// # Errors
/// The store's own.
pub(super) fn remind(tx: &mut Tx<'_>, booking: &Booking) -> Result<(), Stop> {
    let at = reminder(booking.starts_ms);
    if at <= tx.now {
        return Ok(());
    }
    let room = Room::by_id(tx, booking.county_id, booking.room_id)?;
    let brought = |whom: &&Whom| booking.account_id.is_some() && whom.account == booking.account_id;
    for whom in everybody(tx, booking)?.iter().filter(|whom| whom.hears_later() && !brought(whom)) {
        queue(tx, (booking, &room), whom, REMINDER, Some(at))?;
    }
    Ok(())
}

/// Tells those who keep the rooms that a booking waits for them to decide.
///
/// # Errors
/// The store's own.
pub(super) fn flagged(tx: &mut Tx<'_>, booking: &Booking) -> Result<(), Stop> {
    let clerks =
        Whom { key: "clerks".to_owned(), to: To::Role { role: Role::Clerk, place: None }, account: None };
    let room = Room::by_id(tx, booking.county_id, booking.room_id)?;
    queue(tx, (booking, &room), &clerks, "notice-booking-flagged", None)
}

/// Somebody to be told.
struct Whom {
    /// What tells the recipients of one message apart.
    key: String,
    to: To,
    account: Option<AccountId>,
}

impl Whom {
    fn is(&self, hand: &Hand) -> bool {
        self.account.is_some() && self.account == hand.account
    }

    /// A clerk's call cannot wait for the day before, and nobody is to be called twice about one appointment.
    fn hears_later(&self) -> bool {
        self.account.is_some() || matches!(self.to, To::Resident { consent: true, .. })
    }
}

/// Mediator, lawyer, who leads the case, who asked, the resident of the case and its other parties; each once.
fn everybody(tx: &mut Tx<'_>, booking: &Booking) -> Result<Vec<Whom>, Stop> {
    let mut all: Vec<Whom> = Vec::new();
    let case = case(tx, booking)?;
    let lead = case.as_ref().and_then(|case| case.worker_id);
    let leaders: Vec<WorkerId> =
        booking.mediator_id.into_iter().chain(booking.lawyer_id).chain(lead).collect();
    for worker in leaders {
        let account = rows::account_of(tx, booking.county_id, worker)?;
        all.push(Whom { key: format!("worker/{worker}"), to: To::Worker(worker), account });
    }
    if let Some(account) = booking.account_id {
        all.push(Whom::account(account));
    }
    if let Some(case) = &case {
        let values = case.document(tx)?;
        all.extend(resident(case, &values));
        all.extend(parties(tx, (booking, case), &values)?);
    }
    let mut told = std::collections::BTreeSet::new();
    all.retain(|whom| told.insert(whom.account.map_or_else(|| whom.key.clone(), |id| id.to_string())));
    Ok(all)
}

impl Whom {
    fn account(account: AccountId) -> Self {
        Self { key: format!("account/{account}"), to: To::Account(account), account: Some(account) }
    }
}

/// The case that a booking is for, where it is one of this house.
fn case(tx: &mut Tx<'_>, booking: &Booking) -> Result<Option<Case>, Stop> {
    let Some(id) = booking.mediation_case_id else { return Ok(None) };
    match Case::by_id(tx, booking.county_id, id.cast()) {
        Ok(case) => Ok(Some(case)),
        Err(stop) if stop.refusal().is_some() => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The resident whose case it is.
fn resident(case: &Case, values: &Values) -> Option<Whom> {
    if let Some(account) = case.resident_id {
        return Some(Whom::account(account));
    }
    let phone = values.get(PHONE).and_then(Value::as_str)?;
    let consent = values.get(CONSENT).and_then(Value::as_bool).unwrap_or(false);
    let to = To::Resident { name: case.person_name.clone(), phone: Some(phone.to_owned()), consent };
    Some(Whom { key: "resident".to_owned(), to, account: None })
}

/// The other parties that it is for and that left a telephone. None of them has agreed to messages: a clerk calls.
fn parties(tx: &mut Tx<'_>, (booking, case): (&Booking, &Case), values: &Values) -> Result<Vec<Whom>, Stop> {
    let rows = values.get("parties").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut all = Vec::new();
    for party in super::cased::invited(tx, booking, case)? {
        // The resident of the case has been told under another name.
        let theirs = party.phone_index == case.phone_index
            || (case.resident_id.is_some() && party.name == case.person_name);
        let row = usize::try_from(party.position - 1).ok().and_then(|at| rows.get(at));
        let phone = row.and_then(|row| row.get("phone")).and_then(Value::as_str);
        let Some(phone) = phone.filter(|_| !theirs) else { continue };
        let to = To::Resident { name: party.name.clone(), phone: Some(phone.to_owned()), consent: false };
        all.push(Whom { key: format!("party/{}", party.id), to, account: None });
    }
    Ok(all)
}

fn queue(
    tx: &mut Tx<'_>,
    (booking, room): (&Booking, &Room),
    whom: &Whom,
    text_key: &str,
    not_before: Option<Instant>,
) -> Result<(), Stop> {
    let args: Vec<(&'static str, Arg)> =
        vec![("room", room.name.as_str().into()), ("at", Instant::from_millis(booking.starts_ms).into())];
    let new = New {
        county: booking.county_id,
        key: format!("booking/{}/{text_key}/{}/{}", booking.id, booking.version, whom.key),
        to: whom.to.clone(),
        text_key,
        args,
        subject: (falin_store::booking::NOUN, booking.id.cast()),
        division: room.division_id,
        not_before,
        language: None,
    };
    notice::queue(tx, new)
}

/// The morning of the day before.
fn reminder(starts_ms: i64) -> Instant {
    notice::morning(Instant::from_millis(starts_ms).date().plus_days(-1))
}
