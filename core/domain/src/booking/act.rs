//! States of a booking, what may be done in each and by whom, why one waits for a decision, and offers.

use super::slot::Span;
use crate::directory::codes;
use crate::time::Instant;

codes! {
    /// Where a booking stands.
    BookingState {
        /// 待确认: it holds its time like a confirmed one.
        Pending = "pending",
        /// 已确认.
        Confirmed = "confirmed",
        /// 已取消.
        Cancelled = "cancelled",
        /// 没有来.
        NoShow = "no_show",
        /// 提前结束, the rest given back.
        Released = "released",
    }
}

codes! {
    /// What can be done with a booking (contract.md).
    BookingAct {
        /// A pending one becomes firm.
        Confirm = "confirm",
        /// Another time, room or people, in one step.
        Reschedule = "reschedule",
        /// It does not take place.
        Cancel = "cancel",
        /// Nobody came.
        NoShow = "no_show",
        /// Over before its time; the rest is free again.
        Release = "release",
        /// It stays although it is flagged: a person has decided.
        Keep = "keep",
    }
}

codes! {
    /// Why a booking waits for a person's decision. Nothing is ever cancelled because of one.
    BookingFlag {
        /// The room is not open at that time (any more).
        Closed = "closed",
        /// The room is out of use.
        RoomOut = "room_out",
        /// The mediator is away or has left.
        MediatorAway = "mediator_away",
        /// The lawyer is away or has left.
        LawyerAway = "lawyer_away",
        /// A conflict of interest came to light.
        Conflict = "conflict",
    }
}

codes! {
    /// Where a place on the waiting list stands.
    WaitState {
        /// Nothing has become free yet.
        Waiting = "waiting",
        /// The time is held for it, until the offer ends.
        Offered = "offered",
        /// Taken up.
        Taken = "taken",
        /// The offer ended unanswered.
        Expired = "expired",
        /// No longer wanted, or its time has passed.
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// What a booking holds, as the conflict answer names it (contract.md).
    ConflictKind {
        /// The room.
        Room = "room",
        /// The mediator.
        Mediator = "mediator",
        /// The lawyer.
        Lawyer = "lawyer",
        /// One of the parties.
        Party = "party",
    }
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asker {
    /// Keeps the county's rooms: may do everything that the state allows.
    pub keeps_rooms: bool,
    /// Leads the booking or has made it.
    pub own: bool,
}

/// What decides which acts are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stand {
    /// State.
    pub state: BookingState,
    /// When it is.
    pub span: Span,
    /// Whether it waits for a decision.
    pub flagged: bool,
    /// Whether its time is an offer from the waiting list that its asker may take up.
    pub offer: bool,
}

impl BookingState {
    /// Whether it holds its time.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

impl Stand {
    /// The acts that this asker may do at `now`, in the order of their buttons.
    pub fn acts(&self, asker: Asker, now: Instant) -> Vec<BookingAct> {
        let mut acts = BookingAct::ALL.to_vec();
        acts.retain(|act| self.allows(*act, asker, now));
        acts
    }

    /// Whether this asker may do `act` at `now`.
    pub fn allows(&self, act: BookingAct, asker: Asker, now: Instant) -> bool {
        use BookingState::{Confirmed, Pending};
        let (begun, over) = (self.span.from() <= now, self.span.to() <= now);
        let in_state = match act {
            BookingAct::Confirm => self.state == Pending && !over,
            BookingAct::Reschedule => self.state.is_live() && !begun,
            BookingAct::Cancel => self.state == Pending || (self.state == Confirmed && !begun),
            BookingAct::NoShow => self.state == Confirmed && begun,
            BookingAct::Release => self.state == Confirmed && begun && !over,
            BookingAct::Keep => self.state.is_live() && self.flagged,
        };
        let by_whom = match act {
            BookingAct::Confirm => asker.keeps_rooms || (asker.own && self.offer),
            BookingAct::Keep => asker.keeps_rooms,
            _ => asker.keeps_rooms || asker.own,
        };
        in_state && by_whom
    }
}

/// Until when freed time is held for who waits for it: a day, but not into the last two hours before it begins;
/// None where less than half an hour would be left to answer.
pub fn offer_until(now: Instant, begins: Instant) -> Option<Instant> {
    let until = now.plus_seconds(24 * 3600).min(begins.plus_seconds(-2 * 3600));
    (until >= now.plus_seconds(1800)).then_some(until)
}
