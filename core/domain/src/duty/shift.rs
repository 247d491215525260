//! Duty shifts: kinds, hours on a 15-minute grid, and which acts a shift allows to whom.

use crate::directory::codes;
use crate::time::{Date, Instant};

/// Minutes of one slot of the grid on which nobody is booked twice.
pub const GRID: i32 = 15;
/// Minutes of a day; a shift may end at 24:00, not later.
pub const DAY: i32 = 24 * 60;

codes! {
    /// What a shift is for.
    ShiftKind {
        /// 窗口值班.
        Window = "window",
        /// 热线值班.
        Hotline = "hotline",
        /// 村(社区)坐班.
        Village = "village",
        /// 公证接待.
        Notary = "notary",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// How a shift stands.
    ShiftState {
        /// Somebody is planned for it.
        Planned = "planned",
        /// Who is planned is away: a person must decide.
        Flagged = "flagged",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

codes! {
    /// How the offer of a shift stands.
    SwapState {
        /// The colleague has not answered.
        Offered = "offered",
        /// The colleague takes it.
        Accepted = "accepted",
        /// The colleague does not.
        Declined = "declined",
        /// Who offered it took it back.
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// What can be done with a shift.
    ShiftAct {
        /// Another day, time or place.
        Change = "change",
        /// Another person, which also lifts a flag.
        Reassign = "reassign",
        /// It does not take place.
        Cancel = "cancel",
        /// Offer it to a colleague.
        Offer = "offer",
        /// Take what a colleague offers.
        Accept = "accept",
        /// Leave it with the colleague.
        Decline = "decline",
        /// Take the offer back.
        Withdraw = "withdraw",
    }
}

/// How somebody stands to a shift.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stance {
    /// Plans the rota of this place.
    pub keeper: bool,
    /// Is the one who is planned.
    pub own: bool,
    /// Is the colleague to whom it is offered.
    pub asked: bool,
}

/// The acts that a shift allows: pages show them as buttons, the API lists them, the command checks them.
///
/// `open` says that an offer waits for its answer, `past` that the shift's day is over.
pub fn allowed(state: ShiftState, open: bool, past: bool, stance: Stance) -> Vec<ShiftAct> {
    let may = |act: &ShiftAct| match act {
        ShiftAct::Change | ShiftAct::Reassign | ShiftAct::Cancel => {
            stance.keeper && state != ShiftState::Cancelled
        }
        ShiftAct::Offer => (stance.own || stance.keeper) && !open && !past && state != ShiftState::Cancelled,
        ShiftAct::Accept => stance.asked && open && !past && state != ShiftState::Cancelled,
        ShiftAct::Decline => stance.asked && open,
        ShiftAct::Withdraw => (stance.own || stance.keeper) && open,
    };
    ShiftAct::ALL.iter().copied().filter(may).collect()
}

/// Hours of one day: minutes since midnight in China, the end not included, both on the grid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hours {
    /// The day.
    pub day: Date,
    /// First minute.
    pub from: i32,
    /// The minute at which it is over.
    pub to: i32,
}

impl Hours {
    /// Hours of a day; None where they are empty, off the grid or not within the day.
    pub fn new(day: Date, from: i32, to: i32) -> Option<Self> {
        let grid = from % GRID == 0 && to % GRID == 0;
        (grid && 0 <= from && from < to && to <= DAY).then_some(Self { day, from, to })
    }

    /// The numbers of the slots that these hours fill, from 0 at midnight to 95.
    pub fn slots(self) -> impl Iterator<Item = i32> {
        self.from / GRID..self.to / GRID
    }

    /// How long, in minutes.
    pub const fn minutes(self) -> i32 {
        self.to - self.from
    }

    /// Whether `at` lies within.
    pub fn holds(self, at: Instant) -> bool {
        at.date() == self.day && (self.from..self.to).contains(&minute_of(at))
    }
}

/// Minutes since midnight in China.
pub fn minute_of(at: Instant) -> i32 {
    let ms = at.millis() - at.date().start().millis();
    i32::try_from(ms / 60_000).unwrap_or(0)
}

/// `09:00`, `9:00` or `９：３０` as minutes since midnight; `24:00` is the day's end.
pub fn parse_clock(text: &str) -> Option<i32> {
    let plain = crate::words::half_width(text.trim());
    let (hour, minute) = plain.split_once(':')?;
    let number = |part: &str, most: i32| {
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i32>().ok().filter(|n| fits && *n <= most)
    };
    let total = number(hour, 24)? * 60 + number(minute, 59)?;
    (total <= DAY).then_some(total)
}

/// Minutes since midnight as `09:00`.
pub fn clock_text(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The days of a weekly plan: those from `first` to `last` on these weekdays (Monday = 0).
pub fn weekly(first: Date, last: Date, weekdays: &[u8]) -> Vec<Date> {
    let days = (0..=first.days_until(last)).map(|n| first.plus_days(n));
    days.filter(|day| weekdays.contains(&day.weekday())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn hours_lie_on_the_grid_and_within_the_day() {
        let on = day("2026-11-26");
        let hours = Hours::new(on, 540, 720).unwrap();
        assert_eq!((hours.slots().next(), hours.slots().count(), hours.minutes()), (Some(36), 12, 180));
        assert!(hours.holds("2026-11-26T01:00:00Z".parse().unwrap()));
        assert!(!hours.holds("2026-11-26T04:00:00Z".parse().unwrap()), "the end is no part of it");
        for (from, to) in [(540, 540), (600, 540), (541, 600), (0, 1441), (-15, 15)] {
            assert_eq!(Hours::new(on, from, to), None, "{from} {to}");
        }
        assert!(Hours::new(on, 0, DAY).is_some());
    }

    #[test]
    fn clocks_are_read_as_people_type_them() {
        assert_eq!(parse_clock(" ９：３０ "), Some(570));
        assert_eq!(parse_clock("24:00"), Some(1440));
        for bad in ["", "9", "24:15", "9:60", "a:00", "009:00", "-1:00"] {
            assert_eq!(parse_clock(bad), None, "{bad}");
        }
        assert_eq!(clock_text(570), "09:30");
    }

    #[test]
    fn a_week_repeats_on_its_days() {
        let days = weekly(day("2026-11-23"), day("2026-12-04"), &[0, 4]);
        let said: Vec<_> = days.iter().map(Date::to_string).collect();
        assert_eq!(said, ["2026-11-23", "2026-11-27", "2026-11-30", "2026-12-04"]);
        assert!(weekly(day("2026-12-04"), day("2026-11-23"), &[0]).is_empty());
    }

    #[test]
    fn every_state_says_who_may_do_what() {
        use ShiftAct::*;
        let (keeper, own, asked) = (
            Stance { keeper: true, ..Stance::default() },
            Stance { own: true, ..Stance::default() },
            Stance { asked: true, ..Stance::default() },
        );
        let planned = ShiftState::Planned;
        assert_eq!(allowed(planned, false, false, keeper), [Change, Reassign, Cancel, Offer]);
        assert_eq!(allowed(planned, true, false, own), [Withdraw]);
        assert_eq!(allowed(planned, false, false, own), [Offer]);
        assert_eq!(allowed(planned, true, false, asked), [Accept, Decline]);
        assert_eq!(allowed(planned, true, true, asked), [Decline], "nobody takes over a day that is past");
        assert_eq!(allowed(ShiftState::Flagged, false, false, own), [Offer]);
        assert_eq!(allowed(ShiftState::Cancelled, false, false, keeper), []);
        assert_eq!(allowed(planned, true, false, Stance::default()), []);
    }
}
