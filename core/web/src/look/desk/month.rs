//! The rota as a month: a grid of days with their shifts.

use serde::Serialize;

use super::duty::{filters, tabs};
use super::{Filters, Link, Tab, with_words};
use crate::look::parts::{Button, FieldOption, Notice};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// A month of shifts.
#[derive(Clone, Serialize)]
pub struct Month {
    /// The month in words: 2026年11月.
    pub name: String,
    /// The month before and after.
    pub before: Link,
    /// The month after.
    pub after: Link,
    /// The acts of the head line.
    pub acts: Vec<Button>,
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// Shifts for which somebody must be found.
    pub notices: Vec<Notice>,
    /// Place and kind.
    pub filters: Option<Filters>,
    /// Names of the days, Monday first.
    pub names: Vec<String>,
    /// Weeks from Monday to Sunday.
    pub weeks: Vec<Vec<Day>>,
}

/// A day of the month's grid.
#[derive(Clone, Default, Serialize)]
pub struct Day {
    /// `26`; empty for a day of another month.
    pub number: String,
    /// Text key of a word beside today's number; empty for the others.
    pub today: &'static str,
    /// Its shifts by hour.
    pub shifts: Vec<DayShift>,
}

/// A shift in the grid.
#[derive(Clone, Serialize)]
pub struct DayShift {
    /// Its page; empty on paper.
    pub href: String,
    /// Hours and person.
    pub who: String,
    /// Kind and place.
    pub what: String,
    /// Whether somebody must be found for it.
    pub flagged: bool,
}

impl Month {
    /// A sample for this page and for the same month on paper.
    pub(crate) fn sample(say: &Say<'_>) -> Self {
        let shift = |flagged| DayShift {
            href: "/desk/duties/1".into(),
            who: "09:00–12:00 仇文静".into(),
            what: "窗口值班 新城镇".into(),
            flagged,
        };
        let day = |n: u32| Day {
            number: n.to_string(),
            today: if n == 3 { "desk-duty-today" } else { "" },
            shifts: if n % 2 == 1 { vec![shift(n == 5)] } else { Vec::new() },
        };
        let mut first: Vec<Day> = vec![Day::default(); 6];
        first.push(day(1));
        let names = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        Self {
            name: "2026年11月".into(),
            before: Link::new("/desk/duties?month=2026-10", "10月"),
            after: Link::new("/desk/duties?month=2026-12", "12月"),
            acts: vec![Button::link("primary", say.t("desk-duty-new"), "/desk/duties/new")],
            tabs: tabs("/desk/duties"),
            notices: vec![Notice::new("caution", "1 个班要改派。", "本人请假或离开了。")],
            filters: Some(filters(say, "", "", vec![FieldOption::new("620201100", "新城镇", "")])),
            names: names.map(str::to_owned).to_vec(),
            weeks: vec![first, (2..=8).map(day).collect()],
        }
    }
}

impl View for Month {
    const TEMPLATE: &'static str = "pages/desk/duty/month";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-duty-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let full = Self::sample(say);
            let bare = Self { acts: Vec::new(), notices: Vec::new(), filters: None, ..full.clone() };
            vec![full, bare]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Month>()]
}
