//! The handbook's vectors through the table, the three steps, and the arithmetic against a walk day by day.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::calendar::{Calendar, Unit, published_holidays};
use crate::time::{Date, Instant};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn noon(text: &str) -> Instant {
    day(text).start().plus_seconds(12 * 3600)
}

fn dates(code: &str, start: Instant) -> Counted {
    let rule = rule(code).unwrap();
    rule.count.dates(Calendar::published(), rule.internal, start)
}

fn due(code: &str, start: &str) -> String {
    let dates = dates(code, noon(start));
    format!("{}{}", dates.due, if dates.provisional { " provisional" } else { "" })
}

#[test]
fn the_handbooks_vectors_hold_through_the_table() {
    let cases = [
        ("aid.decision", "2026-02-06", "2026-02-13"),
        ("aid.decision", "2026-02-07", "2026-02-14"),
        ("aid.decision", "2026-02-08", "2026-02-24"),
        ("aid.decision", "2026-09-13", "2026-09-20"),
        ("aid.decision", "2026-09-18", "2026-09-28"),
        ("aid.decision", "2026-09-24", "2026-10-08"),
        ("aid.decision", "2024-02-04", "2024-02-18"),
        ("aid.assignment", "2026-04-30", "2026-05-06"),
        ("aid.objection", "2025-09-28", "2025-10-09"),
        ("mediation.confirmation", "2025-12-02", "2026-01-04"),
        ("mediation.confirmation", "2026-01-16", "2026-02-24"),
        ("mediation.confirmation", "2026-08-31", "2026-09-30"),
        ("mediation.confirmation", "2026-09-01", "2026-10-08"),
        ("petition.handling", "2026-08-03", "2026-10-02"),
        ("reconsideration.decision", "2026-08-03", "2026-10-08"),
        ("consultation.letter", "2026-02-06", "2026-02-24"),
        ("petition.wrong_unit", "2026-09-24", "2026-10-09"),
        ("mediation.acceptance", "2026-04-30", "2026-05-08"),
        ("mediation.acceptance", "2025-09-30", "2025-10-11"),
        ("reconsideration.acceptance", "2025-01-24", "2025-02-07"),
        ("enforcement.application", "2024-02-29", "2026-02-28"),
        ("court.objection_third", "2026-08-31", "2027-03-01 provisional"),
    ];
    for (code, start, last) in cases {
        assert_eq!(due(code, start), last, "{code} from {start}");
    }
    let start: Instant = "2026-02-16T09:30:00+08:00".parse().unwrap();
    let forward = dates("aid.forward", start);
    assert_eq!(forward.due, Moment::At("2026-02-17T09:30:00+08:00".parse().unwrap()));
    assert_eq!(forward.internal, Some(Moment::At("2026-02-16T21:30:00+08:00".parse().unwrap())));
}

#[test]
fn codes_are_unique_and_every_row_of_the_handbook_is_there() {
    let mut codes: Vec<_> = TABLE.iter().map(|rule| rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), TABLE.len());
    for row in 1..=32 {
        assert!(TABLE.iter().any(|rule| rule.row == row), "row {row}");
    }
    for rule in TABLE {
        for said in [rule.event, rule.act, rule.source] {
            assert!(!said.zh.is_empty() && said.en.is_ascii() && !said.en.is_empty(), "{}", rule.code);
        }
        assert_eq!(Count::from_text(&rule.count.text()), Some(rule.count), "{}", rule.code);
        if rule.code.starts_with("petition.") && rule.conf == Conf::Read {
            let period = rule.count.period();
            assert!(period.unit == Unit::Working || !period.roll, "{}: petitions do not roll", rule.code);
        }
        assert!(!rule.code.contains("custody"), "a custody period would have to stay where it falls");
    }
}

#[test]
fn the_internal_target_lies_between_start_and_due_on_a_working_day() {
    let calendar = Calendar::published();
    for rule in TABLE.iter().filter(|rule| matches!(rule.count, Count::After(_))) {
        for offset in 0..800 {
            let start = day("2024-01-01").plus_days(offset);
            let dates = rule.count.dates(calendar, rule.internal, start.start());
            let Some(internal) = dates.internal else { continue };
            assert!(internal.end() < dates.due.end(), "{} from {start}", rule.code);
            if let Moment::Day(date) = internal {
                assert!(date > start && calendar.is_workday(date).workday, "{} from {start}", rule.code);
            }
        }
    }
}

#[test]
fn what_runs_back_from_a_date_leaves_the_whole_period() {
    // 15 days before 2026-03-04 is 02-17, inside the Spring Festival: the last working day before it is 02-14.
    assert_eq!(due("aid.trial_notice", "2026-03-04"), "2026-02-14");
    assert_eq!(due("aid.urgent", "2026-11-20"), "2026-11-13");
}

#[test]
fn the_steps_fall_on_their_days() {
    let calendar = Calendar::published();
    let rule = rule("aid.decision").unwrap();
    let start = noon("2026-09-18");
    let dates = rule.count.dates(calendar, rule.internal, start);
    assert_eq!(
        (dates.due, dates.internal),
        (Moment::Day(day("2026-09-28")), Some(Moment::Day(day("2026-09-23"))))
    );
    let steps = Steps::of(calendar, rule.count, start, &dates).unwrap();
    let days = [steps.remind, steps.urge, steps.escalate].map(|at| at.date().to_string());
    assert_eq!(days, ["2026-09-22", "2026-09-24", "2026-09-29"]);
    let kept = rule_steps("privacy.assessment", start);
    assert_eq!(kept, None);
    let hours = rule_steps("consultation.answer", start).unwrap();
    assert_eq!(hours.remind, start.plus_seconds(6 * 3600));
    assert!(hours.urge > start.plus_seconds(12 * 3600) && hours.escalate > start.plus_seconds(24 * 3600));
}

fn rule_steps(code: &str, start: Instant) -> Option<Steps> {
    let rule = rule(code).unwrap();
    let dates = rule.count.dates(Calendar::published(), rule.internal, start);
    Steps::of(Calendar::published(), rule.count, start, &dates)
}

#[test]
fn steps_never_run_backwards() {
    for rule in TABLE {
        for offset in 0..400 {
            let start = noon("2025-06-01").plus_seconds(offset * 86_400);
            if let Some(steps) = rule_steps(rule.code, start) {
                assert!(steps.remind <= steps.urge && steps.urge <= steps.escalate, "{} {start}", rule.code);
                assert!(
                    !matches!(rule.count, Count::After(_)) || steps.remind >= start,
                    "{} {start}",
                    rule.code
                );
            }
        }
    }
}

/// The walk knows nothing of [`Calendar`]: the table's lines and the weekday alone.
fn worked(date: Date) -> bool {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static LINES: LazyLock<HashMap<Date, bool>> =
        LazyLock::new(|| published_holidays().into_iter().map(|day| (day.date, day.workday)).collect());
    LINES.get(&date).copied().unwrap_or(date.weekday() < 5)
}

#[test]
fn each_year_from_2010_to_2026_equals_a_walk_day_by_day() {
    let calendar = Calendar::published();
    for year in 2010..=2026 {
        let first = Date::new(year, 1, 1).unwrap();
        let days = first.days_until(Date::new(year, 12, 31).unwrap());
        for offset in 0..=days {
            let start = first.plus_days(offset);
            for n in [1u16, 2, 3, 5, 7, 10, 15] {
                let mut date = start;
                let mut left = n;
                while left > 0 {
                    date = date.plus_days(1);
                    left -= u16::from(worked(date));
                }
                let counted = calendar.due(Period::working_days(n), start);
                assert_eq!(counted.date, date, "{n} W from {start}");
                assert_eq!(counted.provisional, date > day("2026-12-31"), "{n} W from {start}");
                let mut rolled = start.plus_days(i64::from(n));
                while !worked(rolled) {
                    rolled = rolled.plus_days(1);
                }
                assert_eq!(calendar.due(Period::days(n), start).date, rolled, "{n} C from {start}");
            }
        }
    }
}
