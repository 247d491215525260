//! What came of something that repeats: how often it was put down, and which days were left out and why. The address
//! of the page that shows it carries this, so that it can be read again and nothing is sent twice.

use falin_domain::time::Date;

use crate::desk::Desk;
use crate::look::format;
use crate::look::parts::Notice;
use crate::query::Query;

/// Why a day can be left out, as an address says it, with its text key.
const WHY: [(&str, &str); 4] = [
    ("taken", "desk-repeat-taken"),
    ("away", "desk-repeat-away"),
    ("holiday", "desk-repeat-holiday"),
    ("closed", "desk-repeat-closed"),
];

/// The part of an address: `made=3&skipped=2026-11-03taken.2026-11-10away`.
pub fn part<'a>(made: usize, skipped: impl Iterator<Item = (Date, &'a str)>) -> String {
    let days: Vec<String> = skipped.map(|(day, why)| format!("{day}{why}")).collect();
    format!("made={made}&skipped={}", days.join("."))
}

/// What an address says came of it; None where it says nothing.
pub fn told(desk: &Desk, query: &Query) -> Option<Notice> {
    let made: u16 = query.filled("made")?.parse().ok()?;
    let say = desk.say();
    let left_out = query.filled("skipped").unwrap_or_default().split('.').filter_map(|text| {
        let (day, why) = text.split_at_checked(10)?;
        let day: Date = day.parse().ok()?;
        let key = WHY.iter().find(|(code, _)| *code == why).map_or("desk-repeat-other", |(_, key)| *key);
        let day = format!("{} {}", desk.day(day), format::weekday(desk.lang, day));
        Some(say.with("desk-repeat-day", &[("day", &day), ("why", &say.t(key))]))
    });
    let left_out: Vec<String> = left_out.collect();
    let strong = say.with("desk-repeat-made", &[("count", &made.to_string())]);
    if left_out.is_empty() {
        return Some(Notice::new("done", strong, ""));
    }
    let count = left_out.len().to_string();
    let days = left_out.join(&say.t("desk-log-comma"));
    let text = say.with("desk-repeat-skipped", &[("count", &count), ("days", &days)]);
    Some(Notice::new("caution", strong, text))
}
