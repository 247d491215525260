//! What happens while nobody acts: a reminder, then 催办, then 督办, each on its day.

use super::count::last_workday;
use super::{Count, Counted, Moment};
use crate::calendar::Calendar;
use crate::directory::codes;
use crate::time::{Date, Instant};

codes! {
    /// How far it has come.
    Stage {
        /// Nobody has been told.
        Quiet = "quiet",
        /// The one who must act was reminded.
        Reminded = "reminded",
        /// 催办: the house's target has passed.
        Urged = "urged",
        /// 督办: the statutory date has passed, and the one above knows.
        Escalated = "escalated",
    }
}

/// The moments at which the three steps fall.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Steps {
    /// Reminder.
    pub remind: Instant,
    /// 催办.
    pub urge: Instant,
    /// 督办.
    pub escalate: Instant,
}

impl Stage {
    /// As the database keeps it: 0 to 3.
    pub const fn number(self) -> i32 {
        match self {
            Self::Quiet => 0,
            Self::Reminded => 1,
            Self::Urged => 2,
            Self::Escalated => 3,
        }
    }

    /// Reads what [`Stage::number`] writes.
    pub fn from_number(n: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.number() == n)
    }

    /// The stage after this one; None after 督办.
    pub fn next(self) -> Option<Self> {
        Self::from_number(self.number() + 1)
    }
}

impl Steps {
    /// The steps of a deadline; None for what is only kept.
    ///
    /// By day: the reminder falls on the working day before the target, 催办 on the day after the target (on the
    /// statutory day itself where there is no earlier target), 督办 on the day after the statutory one. By hour:
    /// the reminder falls half-way to the target. No step falls before the deadline began.
    pub fn of(calendar: &Calendar, count: Count, start: Instant, dates: &Counted) -> Option<Self> {
        match (count, dates.due) {
            (Count::Keep(_), _) => None,
            (_, Moment::At(due)) => Some(by_hour(start, due, dates.internal.map(Moment::end))),
            (Count::Before(_), Moment::Day(due)) => Some(by_day(calendar, None, due, dates.internal)),
            (Count::After(_), Moment::Day(due)) => Some(by_day(calendar, Some(start), due, dates.internal)),
        }
    }

    /// When `stage` falls; None for the first, which nothing brings about.
    pub fn at(&self, stage: Stage) -> Option<Instant> {
        match stage {
            Stage::Quiet => None,
            Stage::Reminded => Some(self.remind),
            Stage::Urged => Some(self.urge),
            Stage::Escalated => Some(self.escalate),
        }
    }
}

fn by_hour(start: Instant, due: Instant, internal: Option<Instant>) -> Steps {
    let target = internal.unwrap_or(due);
    let half = start.millis() + (target.millis() - start.millis()) / 2;
    let after = |at: Instant| Instant::from_millis(at.millis() + 1);
    let urge = internal.map_or(due, after);
    Steps { remind: Instant::from_millis(half.min(urge.millis())), urge, escalate: after(due) }
}

fn by_day(calendar: &Calendar, start: Option<Instant>, due: Date, internal: Option<Moment>) -> Steps {
    let target = internal.map_or(due, Moment::date);
    let eve = last_workday(calendar, target.plus_days(-1)).start();
    let remind = start.map_or(eve, |start| start.max(eve));
    let urge = match internal {
        Some(_) => target.plus_days(1).start(),
        None => due.start(),
    };
    let urge = urge.max(remind);
    Steps { remind, urge, escalate: due.plus_days(1).start().max(urge) }
}
