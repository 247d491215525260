//! Free times of the mediation rooms, for everybody: no names, nothing of who has the rest.

use serde::Serialize;

use crate::look::parts::Choice;
use crate::look::{Layout, Say, View};

/// A day.
#[derive(Debug, Serialize)]
pub struct Rooms {
    /// The day in words.
    pub day: String,
    /// Days to choose from.
    pub days: Vec<Choice>,
    /// Rooms by name.
    pub rooms: Vec<RoomTimes>,
}

/// A room on that day.
#[derive(Debug, Serialize)]
pub struct RoomTimes {
    /// Name.
    pub name: String,
    /// Seats and equipment.
    pub note: String,
    /// Where it is; may be empty.
    pub address: String,
    /// Free stretches: `9:00–11:30`.
    pub times: Vec<String>,
    /// Whether it opens at all on that day.
    pub opens: bool,
    /// Whether it has closed for the day.
    pub over: bool,
}

impl View for Rooms {
    const TEMPLATE: &'static str = "pages/public/rooms";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("rooms-title")
    }

    fn samples() -> Vec<Self> {
        let room = |times: &[&str], opens| RoomTimes {
            name: "一号调解室".to_owned(),
            note: "12 人 · 视频、无障碍".to_owned(),
            address: "市民广场北侧".to_owned(),
            times: times.iter().map(|time| (*time).to_owned()).collect(),
            opens,
            over: false,
        };
        let bare = RoomTimes { address: String::new(), ..room(&[], false) };
        let days = vec![Choice::noted("/zh/620200/rooms?date=2026-11-25", "11月25日", "周三")];
        let day = "2026年11月24日(周二)".to_owned();
        vec![
            Self {
                day: day.clone(),
                days,
                rooms: vec![
                    room(&["9:00–11:30", "15:00–18:00"], true),
                    room(&[], true),
                    RoomTimes { over: true, ..room(&[], true) },
                    bare,
                ],
            },
            Self { day, days: Vec::new(), rooms: Vec::new() },
        ]
    }
}
