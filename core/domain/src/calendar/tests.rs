//! The handbook's deadlines, and what holds for every date.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::time::Instant;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn due(period: Period, start: &str) -> String {
    let due = Calendar::published().due(period, date(start));
    format!("{}{}", due.date, if due.provisional { " provisional" } else { "" })
}

#[test]
fn calendar_days_roll_to_the_next_working_day() {
    let cases = [
        (7, "2026-02-06", "2026-02-13"),
        (7, "2026-02-07", "2026-02-14"),
        (7, "2026-02-08", "2026-02-24"),
        (7, "2026-09-13", "2026-09-20"),
        (7, "2026-09-18", "2026-09-28"),
        (7, "2026-09-24", "2026-10-08"),
        (7, "2024-02-04", "2024-02-18"),
        (3, "2026-04-30", "2026-05-06"),
        (5, "2025-09-28", "2025-10-09"),
        (30, "2025-12-02", "2026-01-04"),
        (30, "2026-01-16", "2026-02-24"),
        (30, "2026-08-31", "2026-09-30"),
        (30, "2026-09-01", "2026-10-08"),
        (60, "2026-08-03", "2026-10-08"),
    ];
    for (n, start, last) in cases {
        assert_eq!(due(Period::days(n), start), last, "{n} C from {start}");
    }
    assert_eq!(due(Period::days(60).unrolled(), "2026-08-03"), "2026-10-02");
}

#[test]
fn working_days_pass_over_rest_days() {
    let cases = [
        (7, "2026-02-06", "2026-02-24"),
        (5, "2026-09-24", "2026-10-09"),
        (3, "2026-04-30", "2026-05-08"),
        (3, "2025-09-30", "2025-10-11"),
        (5, "2025-01-24", "2025-02-07"),
    ];
    for (n, start, last) in cases {
        assert_eq!(due(Period::working_days(n), start), last, "{n} W from {start}");
        let counted = Calendar::published().working_days_between(date(start), date(last));
        assert_eq!(counted, i64::from(n), "{start} to {last}");
    }
}

#[test]
fn months_end_on_the_corresponding_day() {
    assert_eq!(due(Period::months(24), "2024-02-29"), "2026-02-28");
    assert_eq!(due(Period::months(1), "2026-01-31"), "2026-02-28");
    assert_eq!(due(Period::months(6), "2026-08-31"), "2027-03-01 provisional");
    assert_eq!(due(Period::months(6).unrolled(), "2026-08-31"), "2027-02-28");
}

#[test]
fn hours_run_from_the_moment() {
    let start: Instant = "2026-02-16T09:30:00+08:00".parse().unwrap();
    let at = Calendar::published().due_at(Period::hours(24), start);
    assert_eq!(at.at, "2026-02-17T09:30:00+08:00".parse().unwrap());
    assert!(!at.provisional);
    assert_eq!(due(Period::hours(48), "2026-02-16"), "2026-02-18");
}

#[test]
fn days_end_at_midnight_in_china() {
    let start: Instant = "2026-02-06T09:30:00+08:00".parse().unwrap();
    let last = Calendar::published().due_at(Period::days(7), start);
    assert_eq!(last.at.date(), date("2026-02-13"));
    assert_eq!(last.at.plus_seconds(1).date(), date("2026-02-14"));
}

#[test]
fn the_carried_table_reads_whole() {
    let days = read_holidays(include_str!("../../assets/cn-holidays.csv")).unwrap();
    assert_eq!(days.len(), 578);
    assert_eq!(days, published_holidays());
    let calendar = Calendar::published();
    assert!((2010..=2026).all(|year| calendar.is_published(year)));
    assert!(!calendar.is_published(2009) && !calendar.is_published(2027));
    let sunday = calendar.is_workday(date("2026-09-20"));
    assert_eq!(sunday, Day { workday: true, provisional: false });
    assert!(calendar.is_workday(date("2027-01-04")).provisional);
}

#[test]
fn bad_tables_name_their_line() {
    assert_eq!(read_holidays("date,name,kind\n2026-01-01,元旦,free\n"), Err(BadHoliday { line: 2 }));
    assert_eq!(read_holidays("2026-02-30,春节,rest"), Err(BadHoliday { line: 1 }));
    assert_eq!(read_holidays("\u{FEFF}date,name,kind\r\n\r\n2026-01-01,元旦,rest\r\n").unwrap().len(), 1);
}

#[test]
fn a_countys_own_days_publish_nothing() {
    let own = Calendar::default().overlaid([(date("2027-03-01"), false)]);
    assert_eq!(own.is_workday(date("2027-03-01")), Day { workday: false, provisional: true });
    let makeup_only = Calendar::from_rows([(date("2027-01-02"), true)]);
    assert!(!makeup_only.is_published(2027));
}

#[test]
fn counting_backwards_is_negative() {
    let calendar = Calendar::published();
    assert_eq!(calendar.working_days_between(date("2026-05-08"), date("2026-04-30")), -3);
    assert_eq!(calendar.working_days_between(date("2026-05-08"), date("2026-05-08")), 0);
}

#[test]
fn the_calendars_end_does_not_hang() {
    let last = Date::new(9999, 12, 31).unwrap();
    let closed = Calendar::from_rows([(last, false)]);
    assert_eq!(closed.due(Period::working_days(9), last).date, last);
}

#[test]
fn office_hours_leave_out_nights_noons_and_holidays() {
    let calendar = Calendar::published();
    let at = |text: &str| text.parse().unwrap();
    let minutes = |from, to| calendar.office_minutes(at(from), at(to));
    assert_eq!(minutes("2026-11-20T11:00:00+08:00", "2026-11-20T15:30:00+08:00"), 150);
    assert_eq!(minutes("2026-11-20T17:00:00+08:00", "2026-11-23T09:10:00+08:00"), 70);
    assert_eq!(minutes("2026-11-21T08:00:00+08:00", "2026-11-22T23:00:00+08:00"), 0);
    assert_eq!(minutes("2026-11-23T12:00:00+08:00", "2026-11-20T12:00:00+08:00"), 0);
}

proptest! {
    #[test]
    fn a_rolled_period_ends_on_the_first_working_day(days in 0i64..6000, n in 0u16..400) {
        let calendar = Calendar::published();
        let start = date("2010-01-01").plus_days(days);
        let raw = start.plus_days(i64::from(n));
        let due = calendar.due(Period::days(n), start);
        prop_assert!(calendar.is_workday(due.date).workday && due.date >= raw);
        prop_assert!((0..raw.days_until(due.date)).all(|k| !calendar.is_workday(raw.plus_days(k)).workday));
    }

    #[test]
    fn working_days_are_counted_back(days in 0i64..6000, n in 0u16..90) {
        let calendar = Calendar::published();
        let start = date("2010-01-01").plus_days(days);
        let due = calendar.due(Period::working_days(n), start).date;
        prop_assert_eq!(calendar.working_days_between(start, due), i64::from(n));
        prop_assert!(n == 0 || calendar.is_workday(due).workday);
    }
}
