//! Statutory periods counted to their last day (民法典 200–203, 民诉法 85, 复议法 88).

use serde::{Deserialize, Serialize};

use super::Calendar;
use crate::time::{Date, Instant};

/// What a period counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 日: every day, holidays inside included.
    Calendar,
    /// 工作日: working days only.
    Working,
    /// 月: to the corresponding day or the month's end; a year is twelve.
    Month,
    /// 小时: from the moment, never rolled.
    Hour,
}

/// A period of the law or of a county.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Period {
    /// How many units.
    pub n: u16,
    /// Of what.
    pub unit: Unit,
    /// Whether a last day of rest moves to the next working day (not in criminal custody, 刑诉法 105).
    pub roll: bool,
}

/// The last day of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Due {
    /// The last day on which the act is in time.
    pub date: Date,
    /// Whether it hangs on a year whose calendar is not yet published, and must be counted again.
    pub provisional: bool,
}

/// The last moment of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DueAt {
    /// The last millisecond that is in time.
    pub at: Instant,
    /// As in [`Due`].
    pub provisional: bool,
}

impl Period {
    /// `n` calendar days that roll to a working day.
    pub const fn days(n: u16) -> Self {
        Self { n, unit: Unit::Calendar, roll: true }
    }

    /// `n` working days.
    pub const fn working_days(n: u16) -> Self {
        Self { n, unit: Unit::Working, roll: true }
    }

    /// `n` months that roll to a working day.
    pub const fn months(n: u16) -> Self {
        Self { n, unit: Unit::Month, roll: true }
    }

    /// `n` hours.
    pub const fn hours(n: u16) -> Self {
        Self { n, unit: Unit::Hour, roll: false }
    }

    /// The same period without rolling.
    pub const fn unrolled(self) -> Self {
        Self { roll: false, ..self }
    }
}

impl Calendar {
    /// The last day of `period`, the start day not counted.
    ///
    /// Hours are counted from the beginning of `start`; with a moment at hand use [`Calendar::due_at`].
    pub fn due(&self, period: Period, start: Date) -> Due {
        match period.unit {
            Unit::Calendar => self.rolled(period, start.plus_days(i64::from(period.n))),
            Unit::Month => self.rolled(period, start.plus_months(i32::from(period.n))),
            Unit::Working => self.working(period.n, start),
            Unit::Hour => Due { date: hours_later(start.start(), period.n).date(), provisional: false },
        }
    }

    /// The last moment of `period`: for hours counted from `start` itself, else the end of the due day in China.
    pub fn due_at(&self, period: Period, start: Instant) -> DueAt {
        if period.unit == Unit::Hour {
            return DueAt { at: hours_later(start, period.n), provisional: false };
        }
        let due = self.due(period, start.date());
        let midnight = due.date.plus_days(1).start();
        DueAt { at: Instant::from_millis(midnight.millis() - 1), provisional: due.provisional }
    }

    fn rolled(&self, period: Period, date: Date) -> Due {
        if period.roll { self.next_workday(date) } else { Due { date, provisional: false } }
    }

    fn working(&self, n: u16, start: Date) -> Due {
        let mut due = Due { date: start, provisional: false };
        for _ in 0..n {
            let next = self.next_workday(due.date.plus_days(1));
            due = Due { date: next.date, provisional: due.provisional || next.provisional };
        }
        due
    }
}

fn hours_later(start: Instant, hours: u16) -> Instant {
    start.plus_seconds(i64::from(hours) * 3600)
}
