//! How a deadline is counted from its event: forward, backward from a fixed date, or as a time to keep.

use std::fmt;
use std::str::FromStr;

use crate::calendar::{Calendar, Period, Unit};
use crate::time::{BadTime, Date, Instant};

/// In which direction a period runs from its event.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Count {
    /// The last day on which the act is in time.
    After(Period),
    /// The last day that leaves the whole period before the event, such as a hearing (刑诉解释 49).
    Before(Period),
    /// The first day after which something need no longer be kept; nobody is urged about it.
    Keep(Period),
}

/// A day of the calendar, or for periods of hours a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Moment {
    /// The whole of a day in China.
    Day(Date),
    /// A moment.
    At(Instant),
}

/// A deadline's dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The statutory date.
    pub due: Moment,
    /// The house's earlier target.
    pub internal: Option<Moment>,
    /// Whether a date hangs on a year whose calendar is not yet published.
    pub provisional: bool,
}

impl Count {
    /// The period itself.
    pub const fn period(self) -> Period {
        match self {
            Self::After(period) | Self::Before(period) | Self::Keep(period) => period,
        }
    }

    /// The dates of a deadline that began at `start`, with an internal target counted from the same moment.
    ///
    /// The target never moves forward over days of rest, because that could carry it past the statutory date:
    /// it moves back to the last working day, and is left out where nothing lies between start and due.
    pub fn dates(self, calendar: &Calendar, internal: Option<Period>, start: Instant) -> Counted {
        let period = self.period();
        if period.unit == Unit::Hour {
            return hours(self, internal, start);
        }
        let (due, provisional) = match self {
            Self::Before(period) => before(calendar, period, start.date()),
            Self::After(period) | Self::Keep(period) => {
                let due = calendar.due(period, start.date());
                (due.date, due.provisional)
            }
        };
        let internal = internal.and_then(|period| target(calendar, self, period, start, due));
        Counted { due: Moment::Day(due), internal: internal.map(Moment::Day), provisional }
    }
}

fn hours(count: Count, internal: Option<Period>, start: Instant) -> Counted {
    let sign = if matches!(count, Count::Before(_)) { -1 } else { 1 };
    let at = |n: u16| start.plus_seconds(sign * i64::from(n) * 3600);
    let due = at(count.period().n);
    let internal = internal.filter(|period| period.unit == Unit::Hour).map(|period| at(period.n));
    let internal = internal.filter(|at| *at < due).map(Moment::At);
    Counted { due: Moment::At(due), internal, provisional: false }
}

/// Counted backward the day must be a working day too, or the act could not be done on it.
fn before(calendar: &Calendar, period: Period, event: Date) -> (Date, bool) {
    let raw = match period.unit {
        Unit::Month => event.plus_months(-i32::from(period.n)),
        Unit::Working => return (back_working(calendar, period.n, event), false),
        Unit::Calendar | Unit::Hour => event.plus_days(-i64::from(period.n)),
    };
    let date = if period.roll { last_workday(calendar, raw) } else { raw };
    (date, !calendar.is_published(raw.parts().0))
}

fn back_working(calendar: &Calendar, n: u16, event: Date) -> Date {
    (0..n).fold(event, |date, _| last_workday(calendar, date.plus_days(-1)))
}

/// The day itself if worked, else the last one before it that is.
pub(super) fn last_workday(calendar: &Calendar, date: Date) -> Date {
    let mut date = date;
    while !calendar.is_workday(date).workday {
        let back = date.plus_days(-1);
        if back == date {
            break;
        }
        date = back;
    }
    date
}

fn target(calendar: &Calendar, count: Count, period: Period, start: Instant, due: Date) -> Option<Date> {
    let start = start.date();
    if let Count::Before(_) = count {
        let (date, _) = before(calendar, period, start);
        return Some(date).filter(|date| *date < due);
    }
    let back = last_workday(calendar, calendar.due(period.unrolled(), start).date);
    let date = if back > start { back } else { calendar.next_workday(start.plus_days(1)).date };
    Some(date).filter(|date| *date < due)
}

impl Moment {
    /// The last millisecond that is in time.
    pub fn end(self) -> Instant {
        match self {
            Self::Day(date) => Instant::from_millis(date.plus_days(1).start().millis() - 1),
            Self::At(at) => at,
        }
    }

    /// Its day in China.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::At(at) => at.date(),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::At(at) => at.fmt(f),
        }
    }
}

impl FromStr for Moment {
    type Err = BadTime;
    fn from_str(text: &str) -> Result<Self, BadTime> {
        match text.parse() {
            Ok(date) => Ok(Self::Day(date)),
            Err(_) => text.parse().map(Self::At),
        }
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|_| serde::de::Error::custom("not a date or time"))
    }
}

/// A period as the database keeps it: `7C`, `5W`, `6M`, `24H`; `!` where the last day does not move.
pub fn period_text(period: Period) -> String {
    let unit = match period.unit {
        Unit::Calendar => 'C',
        Unit::Working => 'W',
        Unit::Month => 'M',
        Unit::Hour => 'H',
    };
    let still = if period.roll || period.unit == Unit::Hour { "" } else { "!" };
    format!("{}{unit}{still}", period.n)
}

/// Reads what [`period_text`] writes.
pub fn period_from(text: &str) -> Option<Period> {
    let (text, roll) = text.strip_suffix('!').map_or((text, true), |text| (text, false));
    let unit = match text.chars().last()? {
        'C' => Unit::Calendar,
        'W' => Unit::Working,
        'M' => Unit::Month,
        'H' => Unit::Hour,
        _ => return None,
    };
    let n: u16 = text[..text.len() - 1].parse().ok()?;
    Some(Period { n, unit, roll: roll && unit != Unit::Hour })
}

impl Count {
    /// `7C` forward, `<15C` before, `=36M` to keep.
    pub fn text(self) -> String {
        let sign = match self {
            Self::After(_) => "",
            Self::Before(_) => "<",
            Self::Keep(_) => "=",
        };
        format!("{sign}{}", period_text(self.period()))
    }

    /// Reads what [`Count::text`] writes.
    pub fn from_text(text: &str) -> Option<Self> {
        match (text.strip_prefix('<'), text.strip_prefix('=')) {
            (Some(rest), _) => period_from(rest).map(Self::Before),
            (_, Some(rest)) => period_from(rest).map(Self::Keep),
            _ => period_from(text).map(Self::After),
        }
    }

    /// The same direction with another period.
    pub const fn with(self, period: Period) -> Self {
        match self {
            Self::After(_) => Self::After(period),
            Self::Before(_) => Self::Before(period),
            Self::Keep(_) => Self::Keep(period),
        }
    }
}
