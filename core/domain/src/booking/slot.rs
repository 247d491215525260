//! The grid: time in slots of a quarter of an hour, and spans of whole slots.

use std::ops::Range;

use crate::refusal::{FieldError, Refusal};
use crate::time::{Date, Instant};

/// A slot in milliseconds: a quarter of an hour (contract.md).
pub const SLOT_MS: i64 = 15 * 60 * 1000;
/// Slots of a day.
pub const SLOTS_A_DAY: i64 = 96;
/// Most slots of one booking: a working day with its breaks.
pub const MOST_SLOTS: i64 = 12 * 4;
/// How many days ahead a booking may begin (contract.md).
pub const MOST_DAYS_AHEAD: i64 = 400;

/// Whole slots from one up to and without another, counted from 1970-01-01T00:00Z. Never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    first: i64,
    end: i64,
}

impl Span {
    /// The span between two instants.
    ///
    /// # Errors
    /// `booking.grid` where one of them is on no quarter; `form.invalid` at `ends_at` where it ends before it has
    /// begun or lasts longer than [`MOST_SLOTS`].
    pub fn new(from: Instant, to: Instant) -> Result<Self, Refusal> {
        if from.millis() % SLOT_MS != 0 || to.millis() % SLOT_MS != 0 {
            return Err(Refusal::new("booking.grid"));
        }
        let span = Self::of_slots(from.millis() / SLOT_MS, to.millis() / SLOT_MS);
        let span = span.ok_or_else(|| Refusal::field("ends_at", "time.order"))?;
        if span.end - span.first > MOST_SLOTS {
            let fault = FieldError::new("ends_at", "booking.long").with("hours", MOST_SLOTS / 4);
            return Err(Refusal::form(vec![fault]));
        }
        Ok(span)
    }

    /// The span of these slots; None where there is none between them.
    pub fn of_slots(first: i64, end: i64) -> Option<Self> {
        (first < end).then_some(Self { first, end })
    }

    /// All slots of a date in China.
    pub fn of_day(date: Date) -> Self {
        let first = date.start().millis().div_euclid(SLOT_MS);
        Self { first, end: first + SLOTS_A_DAY }
    }

    /// The slots that an instant and another touch, in part or whole; None where the second is not later.
    pub fn touched(from: Instant, to: Instant) -> Option<Self> {
        let up = |ms: i64| -((-ms).div_euclid(SLOT_MS));
        (from < to).then(|| Self { first: from.millis().div_euclid(SLOT_MS), end: up(to.millis()) })
    }

    /// The slots that lie whole between two instants; None where there is none.
    pub fn within(from: Instant, to: Instant) -> Option<Self> {
        let up = -((-from.millis()).div_euclid(SLOT_MS));
        Self::of_slots(up, to.millis().div_euclid(SLOT_MS))
    }

    /// When it begins.
    pub fn from(self) -> Instant {
        Instant::from_millis(self.first * SLOT_MS)
    }

    /// When it is over.
    pub fn to(self) -> Instant {
        Instant::from_millis(self.end * SLOT_MS)
    }

    /// Its slots in order.
    pub fn slots(self) -> Range<i64> {
        self.first..self.end
    }

    /// How many slots it has.
    pub fn length(self) -> i64 {
        self.end - self.first
    }

    /// Its length in minutes.
    pub fn minutes(self) -> i64 {
        self.length() * 15
    }

    /// True where a slot is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.first < other.end && other.first < self.end
    }

    /// True where every slot of `other` is in it.
    pub fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.end <= self.end
    }

    /// What both have.
    pub fn common(self, other: Self) -> Option<Self> {
        Self::of_slots(self.first.max(other.first), self.end.min(other.end))
    }

    /// The same time of the same weekday `weeks` later (China keeps one time all year).
    pub fn weeks_later(self, weeks: i64) -> Self {
        let slots = weeks * 7 * SLOTS_A_DAY;
        Self { first: self.first + slots, end: self.end + slots }
    }

    /// The slots that have not begun at `now`; None where all have.
    pub fn still_to_come(self, now: Instant) -> Option<Self> {
        let next = -((-now.millis()).div_euclid(SLOT_MS));
        Self::of_slots(self.first.max(next), self.end)
    }

    /// Whether a new booking may have this time at `now`: the running quarter may still be taken.
    ///
    /// # Errors
    /// `booking.past`, `booking.too_far`.
    pub fn bookable(self, now: Instant) -> Result<(), Refusal> {
        if self.first < now.millis().div_euclid(SLOT_MS) {
            return Err(Refusal::new("booking.past"));
        }
        if now.date().days_until(self.from().date()) > MOST_DAYS_AHEAD {
            return Err(Refusal::new("booking.too_far").with("days", MOST_DAYS_AHEAD));
        }
        Ok(())
    }

    /// The dates in China that it touches: one, rarely two.
    pub fn dates(self) -> impl Iterator<Item = Date> {
        let (first, last) = (self.from().date(), Instant::from_millis(self.end * SLOT_MS - 1).date());
        (0..=first.days_until(last)).map(move |n| first.plus_days(n))
    }
}
