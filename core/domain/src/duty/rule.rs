//! What an adviser owes a village in a week, month, quarter or year, and how far it has come.

use super::{ServiceKind, Sums};
use crate::directory::codes;
use crate::time::Date;

codes! {
    /// The stretch of time in which a duty is due.
    Period {
        /// Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Three calendar months from January, April, July or October.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

impl Period {
    /// First and last day of the stretch that holds `day`.
    pub fn around(self, day: Date) -> (Date, Date) {
        let (year, month, _) = day.parts();
        let first = |month: i8| Date::new(year, month, 1).unwrap_or(day);
        let from = match self {
            Self::Week => day.plus_days(-i64::from(day.weekday())),
            Self::Month => first(month),
            Self::Quarter => first((month - 1) / 3 * 3 + 1),
            Self::Year => first(1),
        };
        let next = match self {
            Self::Week => from.plus_days(7),
            Self::Month => from.plus_months(1),
            Self::Quarter => from.plus_months(3),
            Self::Year => from.plus_months(12),
        };
        (from, next.plus_days(-1))
    }
}

/// A duty of every village adviser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// What is owed; on site, days and minutes in the village.
    pub kind: ServiceKind,
    /// In which stretch of time.
    pub period: Period,
    /// Least items in the kind's unit.
    pub least_count: Option<i32>,
    /// Least minutes.
    pub least_minutes: Option<i32>,
    /// First day on which it holds.
    pub from: Date,
    /// Last day; None while it holds.
    pub to: Option<Date>,
    /// Where it is written.
    pub source: String,
}

/// The duties of a county that has set none: about eight hours a month on site (司法部 2018), a lecture a quarter.
pub fn usual_rules() -> Vec<Rule> {
    let rule = |kind, period, least_count, least_minutes, source: &str| Rule {
        kind,
        period,
        least_count,
        least_minutes,
        from: Date::new(2018, 1, 1).unwrap_or(crate::time::Instant::from_millis(0).date()),
        to: None,
        source: source.to_owned(),
    };
    vec![
        rule(
            ServiceKind::OnSite,
            Period::Month,
            None,
            Some(480),
            "司法部关于进一步加强和规范村(居)法律顾问工作的意见(2018)",
        ),
        rule(ServiceKind::Lecture, Period::Quarter, Some(1), None, "村(居)法律顾问服务规范"),
    ]
}

codes! {
    /// How far a duty has come.
    Standing {
        /// Done.
        Done = "done",
        /// Not yet, and there is time.
        Due = "due",
        /// The time is over.
        Missed = "missed",
        /// The post or the rule held for less than half of the time.
        NotAsked = "not_asked",
    }
}

/// A duty of one post in one stretch of time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// First day of the stretch.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Items so far.
    pub count: i64,
    /// Minutes so far.
    pub minutes: i64,
    /// How far it has come.
    pub standing: Standing,
}

impl Progress {
    /// What is still missing, as (items, minutes).
    pub fn missing(&self, rule: &Rule) -> (i64, i64) {
        let left = |least: Option<i32>, there: i64| (i64::from(least.unwrap_or(0)) - there).max(0);
        (left(rule.least_count, self.count), left(rule.least_minutes, self.minutes))
    }
}

impl Rule {
    /// How far the duty has come by `today` for a post held from `held.0` to `held.1`, in the stretch around `day`.
    pub fn progress(&self, held: (Date, Option<Date>), sums: &Sums, day: Date, today: Date) -> Progress {
        let (from, to) = self.period.around(day);
        let (count, minutes) = sums.measure(self.kind);
        let mut progress = Progress { from, to, count, minutes, standing: Standing::Due };
        let first = from.max(held.0).max(self.from);
        let last = [held.1, self.to].into_iter().flatten().fold(to, Date::min);
        let asked = first.days_until(last) + 1;
        progress.standing = match progress.missing(self) {
            (0, 0) => Standing::Done,
            _ if asked * 2 < from.days_until(to) + 1 => Standing::NotAsked,
            _ if today > to => Standing::Missed,
            _ => Standing::Due,
        };
        progress
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn stretches_follow_the_calendar() {
        let around = |period: Period, text: &str| {
            let (from, to) = period.around(day(text));
            format!("{from} {to}")
        };
        assert_eq!(around(Period::Week, "2026-11-26"), "2026-11-23 2026-11-29");
        assert_eq!(around(Period::Month, "2028-02-29"), "2028-02-01 2028-02-29");
        assert_eq!(around(Period::Quarter, "2026-12-31"), "2026-10-01 2026-12-31");
        assert_eq!(around(Period::Year, "2026-07-01"), "2026-01-01 2026-12-31");
    }

    #[test]
    fn a_duty_is_due_until_its_time_is_over() {
        let rule = &usual_rules()[0];
        let some = Sums { days: 1, on_site: 200, ..Sums::default() };
        let all = Sums { on_site: 480, ..some.clone() };
        let held = (day("2026-01-01"), None);
        let standing = |sums: &Sums, held, today: &str| {
            rule.progress(held, sums, day("2026-11-10"), day(today)).standing
        };
        assert_eq!(standing(&some, held, "2026-11-30"), Standing::Due);
        assert_eq!(standing(&some, held, "2026-12-01"), Standing::Missed);
        assert_eq!(standing(&all, held, "2026-11-10"), Standing::Done);
        let late = (day("2026-11-20"), None);
        assert_eq!(standing(&some, late, "2026-12-01"), Standing::NotAsked);
        let gone = (day("2026-01-01"), Some(day("2026-11-10")));
        assert_eq!(standing(&some, gone, "2026-12-01"), Standing::NotAsked);
        let progress = rule.progress(held, &some, day("2026-11-10"), day("2026-11-26"));
        assert_eq!(progress.missing(rule), (0, 280));
    }
}
