//! The day grid: rooms as columns and quarters of an hour as rows; on a phone the same as a list by time.

use serde::Serialize;

use super::tabs;
use crate::look::desk::{Filters, Link, Tab};
use crate::look::parts::{Field, Go, Notice};
use crate::look::{Layout, Say, View};

/// A day with a column a room, or a week of one room.
#[derive(Clone, Serialize)]
pub struct BookingGrid {
    /// What it shows.
    pub title: String,
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// The day or week before.
    pub before: Link,
    /// The day or week after.
    pub after: Link,
    /// What came of a booking that repeats, and that bookings wait for a decision.
    pub notices: Vec<Notice>,
    /// The day to be shown.
    pub filters: Filters,
    /// Columns.
    pub heads: Vec<Head>,
    /// Rows of a quarter of an hour.
    pub rows: Vec<Row>,
    /// The same by time, for narrow screens.
    pub items: Vec<Go>,
    /// Other pages about these rooms.
    pub links: Vec<Link>,
}

/// The head of a column.
#[derive(Clone, Serialize)]
pub struct Head {
    /// The room, or the day.
    pub name: String,
    /// Seats, or nothing.
    pub note: String,
    /// The room's week, or the day; may be empty.
    pub href: String,
}

/// A row of the grid.
#[derive(Clone, Serialize)]
pub struct Row {
    /// The hour that begins here; empty within it.
    pub hour: String,
    /// Rows of that hour.
    pub span: usize,
    /// Cells that begin in this row.
    pub cells: Vec<Cell>,
}

/// A cell as many rows high as it is quarters long.
#[derive(Clone, Serialize)]
pub struct Cell {
    /// `held`, `held pending`, `held flagged`, `shut`, or empty for a free time.
    pub look: &'static str,
    /// Rows.
    pub rows: i64,
    /// The booking, or the form for this time; empty for none.
    pub href: String,
    /// What is there.
    pub title: String,
    /// With whom, or why it is closed; may be empty.
    pub note: String,
}

impl View for BookingGrid {
    const TEMPLATE: &'static str = "pages/desk/booking/grid";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        let cell = |look, rows, href: &str, title: &str, note: &str| Cell {
            look,
            rows,
            href: href.into(),
            title: title.into(),
            note: note.into(),
        };
        let head = |name: &str, note: &str, href: &str| Head {
            name: name.into(),
            note: note.into(),
            href: href.into(),
        };
        let row = |hour: &str, cells| Row { hour: hour.into(), span: 4, cells };
        let rows = vec![
            row(
                "9:00",
                vec![
                    cell("held", 2, "/desk/bookings/1", "邻里纠纷", "调解员 杨玲"),
                    cell("", 4, "/desk/bookings/new?room_id=2", "", "二号调解室 9:00"),
                    cell("shut", 4, "", "", "检修"),
                    cell("held flagged", 4, "/desk/bookings/3", "婚姻家庭", "调解员请假"),
                ],
            ),
            row("", Vec::new()),
            row("", vec![cell("held pending", 2, "/desk/bookings/2", "劳动报酬", "待确认")]),
            row("", Vec::new()),
        ];
        let go = Go {
            href: "/desk/bookings/1".into(),
            tile: String::new(),
            title: "9:00–9:30 邻里纠纷".into(),
            note: "一号调解室 · 已确认".into(),
        };
        let full = Self {
            title: "调解室 11月24日 周二".into(),
            tabs: tabs("/desk/bookings"),
            before: Link::new("/desk/bookings?date=2026-11-23", "前一天"),
            after: Link::new("/desk/bookings?date=2026-11-25", "后一天"),
            notices: vec![
                Notice::new("caution", "2 个预约要人定。", "").link("/desk/bookings/flagged", "去看看"),
            ],
            filters: Filters::new("/desk/bookings", vec![Field::input("date", "date", "desk-booking-date")]),
            heads: vec![
                head("一号调解室", "12 人", "/desk/rooms/1/week"),
                head("二号调解室", "8 人", "/desk/rooms/2/week"),
                head("小圆桌", "10 人", "/desk/rooms/3/week"),
                head("新城镇", "", ""),
            ],
            rows,
            items: vec![go],
            links: vec![Link::new("/desk/rooms", "调解室名单")],
        };
        let none = Self {
            notices: Vec::new(),
            heads: Vec::new(),
            rows: Vec::new(),
            items: Vec::new(),
            links: Vec::new(),
            ..full.clone()
        };
        vec![full, none]
    }
}
