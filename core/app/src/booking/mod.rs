//! Bookings of rooms: who may, booking and acting, free times, flags, the waiting list, calendar feeds.
//!
//! Nothing is checked before slots are taken: the key over them decides, on both databases, and only who lost is
//! looked up afterwards. So two writers never wait for what they have merely read.

mod act;
mod book;
mod brought;
mod cased;
mod closure;
mod day;
mod feed;
mod flag;
mod free;
pub(crate) mod held;
mod list;
mod notify;
mod typed;
mod wait;

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::booking::{Asker, BookingAct, BookingState, Hours, Span, Stand};
use falin_domain::calendar::Calendar;
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, BookingId, CountyId, HeldId, Id, RoomId, WorkerId};
use falin_store::booking::{self as rows, NOUN};
use falin_store::closure::Closure;
use falin_store::journal::Entry;
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{Tx, holiday, room};

pub use act::{Move, act};
pub use book::{Made, New, Repeat, Repeated, book, repeat};
pub(crate) use brought::{against, bring, give_back, purpose_of, unfit};
pub(crate) use cased::of_case;
pub use closure::{Close, add as close, list as closures, remove as unclose};
pub use day::{Column, day, week};
pub use falin_store::booking::Booking;
pub use falin_store::booking_list::Filter;
pub use falin_store::booking_wait::Wait;
pub use falin_store::calendar_feed::Feed;
pub use falin_store::closure::Closure as RoomClosure;
pub use feed::{
    Calendar as FeedCalendar, Door, Whose, door, door_of, feeds, make_feed, open_feed, revoke_feed,
};
pub(crate) use flag::{Touched, conflict_found, reexamine};
pub use free::{FreeRoom, free_rooms, generation, public_day, suggestions};
pub use list::{count, list, one};
pub use typed::Typed;
pub use wait::{Waiting, ask_to_wait, round, waiting, withdraw};

use crate::{App, Stop};

/// A booking with what people want to see of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The row.
    pub booking: Booking,
    /// What for; empty where the visitor only sees that the time is taken.
    pub purpose: String,
    /// Address of the remote session.
    pub link: Option<String>,
    /// The room.
    pub room: Option<Room>,
    /// Who mediates.
    pub mediator: Option<Worker>,
    /// Which lawyer is there.
    pub lawyer: Option<Worker>,
    /// The parties.
    pub parties: Vec<HeldId>,
    /// False where the visitor only sees that the time is taken.
    pub open: bool,
    /// What the visitor may do with it.
    pub acts: Vec<BookingAct>,
}

/// The hand behind an act, and how far it reaches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand {
    pub county: CountyId,
    pub account: Option<AccountId>,
    pub worker: Option<WorkerId>,
    pub keeps_rooms: bool,
    pub only_mine: bool,
    pub reason: Reason,
}

impl Hand {
    /// Whoever may book anywhere may book every room of the county: people come from all its places.
    pub fn of(visitor: &Visitor, act: Act) -> Result<Self, Refusal> {
        let scope = visitor.scope(act, Noun::Booking)?;
        Ok(Self {
            county: visitor.county,
            account: visitor.account,
            worker: visitor.worker,
            keeps_rooms: visitor.is(Role::Clerk) || visitor.is(Role::CountyAdmin),
            only_mine: scope.only_mine,
            reason: if visitor.account.is_some() { Reason::Person } else { Reason::Operator },
        })
    }

    /// The house itself, at its rounds.
    pub fn house(county: CountyId) -> Self {
        let reason = Reason::Clock;
        Self { county, account: None, worker: None, keeps_rooms: true, only_mine: false, reason }
    }

    /// Whoever changed something else that bookings rest on.
    pub fn behind(county: CountyId, account: Option<AccountId>) -> Self {
        let reason = if account.is_some() { Reason::Person } else { Reason::Operator };
        Self { account, reason, ..Self::house(county) }
    }

    pub fn owns(&self, booking: &Booking) -> bool {
        let leads = |worker| booking.mediator_id == Some(worker) || booking.lawyer_id == Some(worker);
        (self.account.is_some() && booking.account_id == self.account) || self.worker.is_some_and(leads)
    }

    pub fn sees(&self, booking: &Booking) -> bool {
        !self.only_mine || self.owns(booking)
    }

    pub fn asker(&self, booking: &Booking) -> Asker {
        Asker { keeps_rooms: self.keeps_rooms, own: self.owns(booking) }
    }

    pub fn record<T>(
        &self,
        tx: &mut Tx<'_>,
        event: Event,
        (noun, id): (&'static str, Id<T>),
        details: serde_json::Value,
    ) -> Result<(), Stop> {
        let subject = Some((noun, id.bytes()));
        let (county, account, reason) = (self.county, self.account, self.reason);
        tx.record(Entry { county, account, event, reason, subject, details })
    }

    /// Journals what happened to a booking and makes cached free times old.
    pub fn saved(
        &self,
        tx: &mut Tx<'_>,
        event: Event,
        booking: &Booking,
        details: serde_json::Value,
    ) -> Result<(), Stop> {
        self.record(tx, event, (NOUN, booking.id), details)?;
        rows::bump(tx, self.county)
    }
}

/// What decides which acts are allowed.
pub(crate) fn stand(booking: &Booking) -> Stand {
    Stand {
        state: booking.state,
        span: booking.span(),
        flagged: booking.flag.is_some(),
        offer: booking.offer_until_ms.is_some(),
    }
}

/// When a county's rooms are open: its calendar, closures and special openings from an instant on.
pub(crate) struct Openings {
    calendar: Calendar,
    closures: Vec<Closure>,
}

impl Openings {
    pub fn read(tx: &mut Tx<'_>, county: CountyId, since_ms: i64) -> Result<Self, Stop> {
        let closures = falin_store::closure::since(tx, county, since_ms)?;
        Ok(Self { calendar: holiday::calendar(tx, county)?, closures })
    }

    pub fn of(&self, room: &Room, date: falin_domain::time::Date) -> Vec<Span> {
        Hours::read(&room.hours).open_on(date, &self.calendar, &self.exceptions(room.id))
    }

    pub fn hold(&self, room: &Room, span: Span) -> bool {
        Hours::read(&room.hours).hold(span, &self.calendar, &self.exceptions(room.id))
    }

    /// Closures that touch a day, with their reasons.
    pub fn closed(&self, room: RoomId, day: Span) -> Vec<Closure> {
        let touches = |one: &&Closure| {
            let (from, to) = (one.exception().from, one.exception().to);
            !one.opens && one.concerns(room) && Span::touched(from, to).is_some_and(|span| span.overlaps(day))
        };
        self.closures.iter().filter(touches).cloned().collect()
    }

    fn exceptions(&self, room: RoomId) -> Vec<falin_domain::booking::Exception> {
        self.closures.iter().filter(|one| one.concerns(room)).map(Closure::exception).collect()
    }
}

/// Bookings as this hand sees them.
pub(crate) fn show(tx: &mut Tx<'_>, hand: &Hand, bookings: Vec<Booking>) -> Result<Vec<Shown>, Stop> {
    let county = hand.county;
    let rooms: HashMap<RoomId, Room> =
        room::all(tx, county)?.into_iter().map(|room| (room.id, room)).collect();
    let people: Vec<WorkerId> =
        bookings.iter().flat_map(|one| one.mediator_id.into_iter().chain(one.lawyer_id)).collect();
    let people = Worker::by_ids(tx, county, &people)?;
    let ids: Vec<BookingId> = bookings.iter().map(|one| one.id).collect();
    let mut parties = rows::parties(tx, county, &ids)?;
    let mut shown = Vec::with_capacity(bookings.len());
    for booking in bookings {
        let open = hand.sees(&booking);
        let row = booking.id.bytes();
        let text =
            |tx: &Tx<'_>, column, sealed: &[u8]| tx.open(rows::bound(NOUN, column, &row, county), sealed);
        let purpose = if open { text(tx, "purpose_sealed", &booking.purpose_sealed)? } else { String::new() };
        let link = match booking.link_sealed.as_deref().filter(|_| open) {
            Some(sealed) => Some(text(tx, "link_sealed", sealed)?),
            None => None,
        };
        let named = |id: Option<WorkerId>| id.filter(|_| open).and_then(|id| people.get(&id).cloned());
        shown.push(Shown {
            purpose,
            link,
            room: rooms.get(&booking.room_id).cloned(),
            mediator: named(booking.mediator_id),
            lawyer: named(booking.lawyer_id),
            parties: if open { parties.remove(&booking.id).unwrap_or_default() } else { Vec::new() },
            open,
            acts: if open { stand(&booking).acts(hand.asker(&booking), tx.now) } else { Vec::new() },
            booking,
        });
    }
    Ok(shown)
}

/// The role whose turn it is; None once nobody has to act.
pub fn next_actor(booking: &Booking) -> Option<Role> {
    let waits = booking.state == BookingState::Pending || (booking.state.is_live() && booking.flag.is_some());
    waits.then_some(Role::Clerk)
}

/// The county's open rooms by name, for choosing one.
///
/// # Errors
/// `access.denied`.
pub async fn rooms(app: &App, visitor: &Visitor) -> Result<Vec<Room>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut rooms = room::all(tx, hand.county)?;
        rooms.retain(|room| room.active);
        Ok(rooms)
    };
    app.db.read(falin_store::In::County(hand.county), work).await
}
