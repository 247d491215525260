//! Instants and dates as the whole house writes them: UTC milliseconds and ISO dates.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The zone of every statutory date: China has one (GB/T 7408, UTC+8, no daylight saving).
const ZONE_SECONDS: i32 = 8 * 3600;

/// Last year that is read: days and hours are added to what was read, and nothing must run over the end of time.
const LAST_YEAR: i16 = 9000;

/// A point in time, milliseconds since 1970-01-01T00:00Z. Serialises as RFC 3339 text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(i64);

impl Instant {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, which may be negative.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The local date in China at this instant.
    pub fn date(self) -> Date {
        Date(self.zoned().date())
    }

    /// Local hour and minute in China, for "08:30" beside a date.
    pub fn clock_text(self) -> String {
        let zoned = self.zoned();
        format!("{:02}:{:02}", zoned.hour(), zoned.minute())
    }

    fn zoned(self) -> jiff::Zoned {
        let stamp = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        stamp.to_zoned(china())
    }
}

fn china() -> TimeZone {
    TimeZone::fixed(jiff::tz::Offset::from_seconds(ZONE_SECONDS).unwrap_or(jiff::tz::Offset::UTC))
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{stamp}")
    }
}

impl FromStr for Instant {
    type Err = BadTime;
    fn from_str(text: &str) -> Result<Self, BadTime> {
        let stamp: jiff::Timestamp = text.parse().map_err(|_| BadTime)?;
        let at = Self(stamp.as_millisecond());
        if at.date().parts().0 > LAST_YEAR { Err(BadTime) } else { Ok(at) }
    }
}

/// A calendar date without time, ISO text outside (`2026-03-01`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(civil::Date);

impl Date {
    /// A date of the Gregorian calendar; None where the day does not exist.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Year, month, day.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// Days from Monday = 0 to Sunday = 6.
    pub fn weekday(self) -> u8 {
        self.0.weekday().to_monday_zero_offset() as u8
    }

    /// The date `days` later (earlier where negative), clamped to the calendar's ends.
    pub fn plus_days(self, days: i64) -> Self {
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        Self(self.0.saturating_add(span))
    }

    /// The same day `months` later, or that month's last day where it is missing (民法典 202).
    pub fn plus_months(self, months: i32) -> Self {
        let span = jiff::Span::new().try_months(months).unwrap_or_default();
        Self(self.0.saturating_add(span))
    }

    /// Days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        self.0.until(other.0).map(|s| i64::from(s.get_days())).unwrap_or(0)
    }

    /// A date as a row holds it (YYYY-MM-DD), without the bound of what is read from people and programs: the last day
    /// there is stands for an open end.
    pub fn kept(text: &str) -> Option<Self> {
        let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        if shape { text.parse().ok().map(Self) } else { None }
    }

    /// The instant at which this date begins in China.
    pub fn start(self) -> Instant {
        let zoned = self.0.to_zoned(china());
        Instant(zoned.map(|z| z.timestamp().as_millisecond()).unwrap_or(0))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = BadTime;
    fn from_str(text: &str) -> Result<Self, BadTime> {
        Self::kept(text).filter(|date| date.0.year() <= LAST_YEAR).ok_or(BadTime)
    }
}

/// The text is no date (YYYY-MM-DD) or instant (RFC 3339).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadTime;

macro_rules! text_serde {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(|_| serde::de::Error::custom("not a date or time"))
            }
        }
    };
}
text_serde!(Instant);
text_serde!(Date);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_are_chinese_dates() {
        let late: Instant = "2026-02-28T17:30:00Z".parse().unwrap();
        assert_eq!(late.date().to_string(), "2026-03-01");
        assert_eq!(late.clock_text(), "01:30");
        assert_eq!(late.date().start().to_string(), "2026-02-28T16:00:00Z");
    }

    #[test]
    fn months_end_on_their_last_day() {
        let end: Date = "2026-01-31".parse().unwrap();
        assert_eq!(end.plus_months(1).to_string(), "2026-02-28");
        assert!("2026-1-3".parse::<Date>().is_err());
        assert!("2026-02-30".parse::<Date>().is_err());
    }
}
