//! Bookings and the slots that they hold: one key over all slots keeps two from meeting.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use falin_domain::booking::{BookingFlag, BookingState, SLOT_MS, Span};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, BookingId, CountyId, HeldId, RoomId, SeriesId, WorkerId};

use crate::column::{kept, load, noun};
use crate::conn::{literal, run};
use crate::keys::Bound;
use crate::schema::{booking, booking_party, booking_slot};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// The noun in the journal.
pub const NOUN: &str = "booking";

/// Write generations of bookings, of which each write takes one at random: a single one would make every booking of
/// a county wait for every other on PostgreSQL.
pub const GENERATIONS: [&str; 16] = [
    "booking.0",
    "booking.1",
    "booking.2",
    "booking.3",
    "booking.4",
    "booking.5",
    "booking.6",
    "booking.7",
    "booking.8",
    "booking.9",
    "booking.a",
    "booking.b",
    "booking.c",
    "booking.d",
    "booking.e",
    "booking.f",
];

noun! {
    /// A time in a room, with whom and for what.
    Booking in booking {
        /// County.
        county_id: CountyId,
        /// Id.
        id: BookingId,
        /// The room.
        room_id: RoomId,
        /// UTC milliseconds, on a quarter of an hour.
        starts_ms: i64,
        /// UTC milliseconds, on a quarter of an hour; of a released one when it really ended.
        ends_ms: i64,
        /// Where it stands.
        state: BookingState,
        /// What for, in the words of who booked, sealed: people write names into it.
        purpose_sealed: Vec<u8>,
        /// Address of a remote session, sealed: whoever has it can come in.
        link_sealed: Option<Vec<u8>>,
        /// The mediation case.
        mediation_case_id: Option<HeldId>,
        /// Who mediates.
        mediator_id: Option<WorkerId>,
        /// Which lawyer is there.
        lawyer_id: Option<WorkerId>,
        /// The others of a weekly row.
        series_id: Option<SeriesId>,
        /// Why it waits for a decision.
        flag: Option<BookingFlag>,
        /// The flag in spite of which somebody decided that it stays.
        kept: Option<BookingFlag>,
        /// Until when it is held as an offer to who waited for it.
        offer_until_ms: Option<i64>,
        /// Who booked.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds of the last change.
        changed_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Booking in booking by BookingId);

/// What a booking holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A room.
    Room(RoomId),
    /// Somebody at work, whatever their part.
    Worker(WorkerId),
    /// A party.
    Party(HeldId),
}

impl Subject {
    fn kind(self) -> &'static str {
        match self {
            Self::Room(_) => "room",
            Self::Worker(_) => "worker",
            Self::Party(_) => "party",
        }
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Room(id) => id.bytes(),
            Self::Worker(id) => id.bytes(),
            Self::Party(id) => id.bytes(),
        }
    }

    fn of(kind: &str, id: &[u8]) -> Result<Self, Stop> {
        match kind {
            "room" => Ok(Self::Room(crate::county::id(id)?)),
            "worker" => Ok(Self::Worker(crate::county::id(id)?)),
            "party" => Ok(Self::Party(crate::county::id(id)?)),
            _ => Err(Fault::new("booking_slot", "a kind that this program never writes").into()),
        }
    }
}

/// A slot that is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// What is held.
    pub subject: Subject,
    /// When.
    pub slot: i64,
    /// By which booking.
    pub booking: BookingId,
}

impl Booking {
    /// Its time. A row whose time is none is shown as its first quarter.
    pub fn span(&self) -> Span {
        let (first, end) = (self.starts_ms / SLOT_MS, self.ends_ms / SLOT_MS);
        Span::of_slots(first, end.max(first + 1)).unwrap_or(Span::of_day(Instant::from_millis(0).date()))
    }

    /// What it holds, each once, in the order in which all writers take slots.
    pub fn subjects(&self, parties: &[HeldId]) -> BTreeSet<Subject> {
        let people = self.mediator_id.into_iter().chain(self.lawyer_id).map(Subject::Worker);
        let parties = parties.iter().copied().map(Subject::Party);
        [Subject::Room(self.room_id)].into_iter().chain(people).chain(parties).collect()
    }
}

/// The seal of a booking's text.
pub fn bound<'a>(table: &'a str, column: &'a str, row: &'a [u8], county: CountyId) -> Bound<'a> {
    Bound { table, column, row, county }
}

/// Holds every slot of a booking for everything that it names.
///
/// # Errors
/// [`Stop::Rule`] where one of them is held by another booking.
pub fn hold(tx: &mut Tx<'_>, booking: &Booking, parties: &[HeldId]) -> Result<(), Stop> {
    let county = literal(tx.conn, &booking.county_id.bytes());
    let id = literal(tx.conn, &booking.id.bytes());
    // One order for all writers, so that two of them never wait for each other in a circle.
    let mut rows = Vec::new();
    for subject in booking.subjects(parties) {
        let held = literal(tx.conn, &subject.bytes());
        let kind = subject.kind();
        rows.extend(booking.span().slots().map(|slot| format!("({county}, '{kind}', {held}, {slot}, {id})")));
    }
    for part in rows.chunks(400) {
        let values = part.join(", ");
        run(
            tx.conn,
            &format!(
                "INSERT INTO booking_slot (county_id, subject_kind, subject_id, slot, booking_id) VALUES {values}"
            ),
        )?;
    }
    Ok(())
}

/// Gives a booking's slots free, from this slot on.
///
/// # Errors
/// The database's own.
pub fn free(tx: &mut Tx<'_>, booking: &Booking, from: i64) -> Result<(), Stop> {
    let rows = booking_slot::table
        .filter(booking_slot::county_id.eq(booking.county_id.bytes()))
        .filter(booking_slot::booking_id.eq(booking.id.bytes()))
        .filter(booking_slot::slot.ge(from));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

/// Slots of these subjects that are held, from a slot up to and without another.
///
/// # Errors
/// The database's own.
pub fn taken(
    tx: &mut Tx<'_>,
    county: CountyId,
    subjects: &BTreeSet<Subject>,
    slots: std::ops::Range<i64>,
) -> Result<Vec<Taken>, Stop> {
    let mut found = Vec::new();
    for kind in ["room", "worker", "party"] {
        let ids: Vec<Vec<u8>> = subjects.iter().filter(|s| s.kind() == kind).map(|s| s.bytes()).collect();
        if ids.is_empty() {
            continue;
        }
        let rows: Vec<(Vec<u8>, i64, Vec<u8>)> = booking_slot::table
            .filter(booking_slot::county_id.eq(county.bytes()))
            .filter(booking_slot::subject_kind.eq(kind))
            .filter(booking_slot::subject_id.eq_any(ids))
            .filter(booking_slot::slot.ge(slots.start))
            .filter(booking_slot::slot.lt(slots.end))
            .order((booking_slot::subject_id, booking_slot::slot))
            .select((booking_slot::subject_id, booking_slot::slot, booking_slot::booking_id))
            .load(tx.conn)?;
        for (id, slot, booking) in rows {
            let subject = Subject::of(kind, &id)?;
            found.push(Taken { subject, slot, booking: crate::county::id(&booking)? });
        }
    }
    Ok(found)
}

/// Sets who the parties are.
///
/// # Errors
/// The database's own.
pub fn set_parties(tx: &mut Tx<'_>, booking: &Booking, parties: &[HeldId]) -> Result<(), Stop> {
    let old = booking_party::table
        .filter(booking_party::county_id.eq(booking.county_id.bytes()))
        .filter(booking_party::booking_id.eq(booking.id.bytes()));
    diesel::delete(old).execute(tx.conn)?;
    for party in parties.iter().collect::<BTreeSet<_>>() {
        let row = (
            booking_party::county_id.eq(booking.county_id.bytes()),
            booking_party::booking_id.eq(booking.id.bytes()),
            booking_party::party_id.eq(party.bytes()),
        );
        diesel::insert_into(booking_party::table).values(row).execute(tx.conn)?;
    }
    Ok(())
}

/// The parties of these bookings.
///
/// # Errors
/// The database's own.
pub fn parties(
    tx: &mut Tx<'_>,
    county: CountyId,
    bookings: &[BookingId],
) -> Result<HashMap<BookingId, Vec<HeldId>>, Stop> {
    let ids: Vec<Vec<u8>> = bookings.iter().map(|id| id.bytes()).collect();
    let rows: Vec<(Vec<u8>, Vec<u8>)> = booking_party::table
        .filter(booking_party::county_id.eq(county.bytes()))
        .filter(booking_party::booking_id.eq_any(ids))
        .order((booking_party::booking_id, booking_party::party_id))
        .select((booking_party::booking_id, booking_party::party_id))
        .load(tx.conn)?;
    let mut found: HashMap<BookingId, Vec<HeldId>> = HashMap::new();
    for (booking, party) in rows {
        found.entry(crate::county::id(&booking)?).or_default().push(crate::county::id(&party)?);
    }
    Ok(found)
}

/// Live bookings whose offer has ended.
///
/// # Errors
/// The database's own.
pub fn offers_ended(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Booking>, Stop> {
    let query = booking::table
        .filter(booking::county_id.eq(county.bytes()))
        .filter(booking::state.eq(BookingState::Pending.code()))
        .filter(booking::offer_until_ms.le(tx.now.millis()));
    load!(Booking, query, tx)
}

/// Tells cached pages that free times are others now.
///
/// # Errors
/// The database's own.
pub fn bump(tx: &mut Tx<'_>, county: CountyId) -> Result<(), Stop> {
    let [at] = tx.random::<1>();
    let noun = GENERATIONS[usize::from(at) % GENERATIONS.len()];
    tx.bump(county, noun)
}
