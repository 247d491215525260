//! Working days of China, statutory periods, and dates that stay provisional until the year is published.

mod period;
mod published;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use period::*;
pub use published::*;

use crate::time::{Date, Instant};

/// Which days are worked: the State Council's explicit days win, else Saturday and Sunday rest (放假办法 2024).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    explicit: BTreeMap<Date, bool>,
    published: BTreeSet<i16>,
}

/// What the calendar knows of one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Day {
    /// Whether offices work.
    pub workday: bool,
    /// Whether the year's calendar is still to come, so that `workday` may change.
    pub provisional: bool,
}

impl Calendar {
    /// A calendar of explicit days, each with whether it is worked; ordinary weekends need no rows.
    ///
    /// A year counts as published once one of its days is an explicit rest day: make-up workdays alone may
    /// stand in the notice of the year after.
    pub fn from_rows(rows: impl IntoIterator<Item = (Date, bool)>) -> Self {
        let explicit: BTreeMap<Date, bool> = rows.into_iter().collect();
        let rests = explicit.iter().filter(|(_, workday)| !**workday);
        let published = rests.map(|(date, _)| date.parts().0).collect();
        Self { explicit, published }
    }

    /// This calendar with a county's own days on top (放假办法 4: local minority holidays); publishes no year.
    pub fn overlaid(mut self, rows: impl IntoIterator<Item = (Date, bool)>) -> Self {
        self.explicit.extend(rows);
        self
    }

    /// Whether a day is worked, and whether that is certain: before a year is published weekdays count, provisionally.
    pub fn is_workday(&self, date: Date) -> Day {
        let usual = date.weekday() < 5;
        let workday = self.explicit.get(&date).copied().unwrap_or(usual);
        Day { workday, provisional: !self.is_published(date.parts().0) }
    }

    /// Whether the State Council or the county says of this very day that it is worked or rested; None for an
    /// ordinary day of the week. Before a year is published its holidays of fixed date rest all the same
    /// (全国年节及纪念日放假办法第二条), so that doors are closed then; only what is moved around them is not known yet.
    pub fn said(&self, date: Date) -> Option<bool> {
        let (year, month, day) = date.parts();
        let fixed = matches!((month, day), (1, 1) | (5, 1 | 2) | (10, 1..=3)) && !self.is_published(year);
        self.explicit.get(&date).copied().or(fixed.then_some(false))
    }

    /// Whether the year's holidays are known.
    pub fn is_published(&self, year: i16) -> bool {
        self.published.contains(&year)
    }

    /// Working days after `from` up to and including `to`; negative where `to` is earlier.
    pub fn working_days_between(&self, from: Date, to: Date) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = (1..=first.days_until(last)).map(|n| first.plus_days(n));
        sign * days.filter(|day| self.is_workday(*day).workday).map(|_| 1).sum::<i64>()
    }

    /// Minutes of office hours (09:00–12:00 and 14:00–18:00 of working days, in China) between two moments; 0 where
    /// the second is not later.
    pub fn office_minutes(&self, from: Instant, to: Instant) -> i64 {
        const HOURS: [(i64, i64); 2] = [(9, 12), (14, 18)];
        let mut minutes = 0;
        let mut day = from.date();
        while day <= to.date() {
            if self.is_workday(day).workday {
                for (opens, closes) in HOURS {
                    let at = |hour: i64| day.start().millis() + hour * 3_600_000;
                    let within = at(closes).min(to.millis()) - at(opens).max(from.millis());
                    minutes += within.max(0) / 60_000;
                }
            }
            day = day.plus_days(1);
        }
        minutes
    }

    /// The day itself if worked, else the next one that is.
    pub fn next_workday(&self, date: Date) -> Due {
        let mut due = Due { date, provisional: false };
        loop {
            let day = self.is_workday(due.date);
            due.provisional |= day.provisional;
            let next = due.date.plus_days(1);
            if day.workday || next == due.date {
                return due;
            }
            due.date = next;
        }
    }
}
