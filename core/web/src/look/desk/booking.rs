//! Bookings at the desk: the grid, one booking, lists, free rooms.

pub mod form;
pub mod grid;
pub mod house;

use serde::Serialize;

use super::{Filters, Form, Link, Tab};
use crate::look::desk::with_words;
use crate::look::parts::{Button, Fact, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// One booking.
#[derive(Clone, Serialize)]
pub struct BookingPage {
    /// Date and time in words.
    pub when: String,
    /// Back to its day.
    pub back: Link,
    /// Where it stands.
    pub state: State,
    /// That it waits for a decision, or is an offer.
    pub notices: Vec<Notice>,
    /// Room, people, purpose, link.
    pub facts: Vec<Fact>,
    /// To its rescheduling; empty where that is not allowed.
    pub shift: String,
    /// The other acts, one button each.
    pub acts: Vec<Form>,
}

/// A row of a list of bookings.
#[derive(Clone, Serialize)]
pub struct BookingRow {
    /// Its page.
    pub href: String,
    /// Date and time.
    pub when: String,
    /// What for.
    pub purpose: String,
    /// The room.
    pub room: String,
    /// Who leads it; may be empty.
    pub who: String,
    /// Where it stands.
    pub state: State,
    /// Why it waits; may be empty.
    pub why: String,
}

impl BookingRow {
    /// One that waits for a decision, and one that does not.
    pub(super) fn samples() -> Vec<Self> {
        let row = Self {
            href: "/desk/bookings/1".into(),
            when: "11月24日 周二 9:00–10:00".into(),
            purpose: "婚姻家庭".into(),
            room: "小圆桌调解室".into(),
            who: "杨玲".into(),
            state: State { fill: "full", word: "已确认".into() },
            why: "调解员请假".into(),
        };
        let bare = Self { who: String::new(), why: String::new(), ..row.clone() };
        vec![row, bare]
    }
}

/// A list: those that wait for a decision, for a confirmation, all to come.
#[derive(Clone, Serialize)]
pub struct BookingList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// Text key of the title.
    pub title: &'static str,
    /// Text key of what to say where there is none.
    pub none: &'static str,
    /// This page's rows.
    pub rows: Vec<BookingRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// Somebody who waits for a time.
#[derive(Clone, Serialize)]
pub struct WaitRow {
    /// Date and time.
    pub when: String,
    /// What for.
    pub purpose: String,
    /// The room.
    pub room: String,
    /// Waiting, or offered until when.
    pub state: State,
    /// The offered booking; empty while there is none.
    pub href: String,
    /// Takes it off the list.
    pub withdraw: Form,
}

/// The waiting list.
#[derive(Clone, Serialize)]
pub struct WaitList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// The longest wait first.
    pub rows: Vec<WaitRow>,
}

/// Rooms that are free at a time that was chosen first.
#[derive(Clone, Serialize)]
pub struct FreeRooms {
    /// The time asked for.
    pub filters: Filters,
    /// Date and time in words; empty before one was asked for.
    pub when: String,
    /// What was wrong with the time; empty for nothing.
    pub fault: String,
    /// Rooms, the smallest that suffices first.
    pub rooms: Vec<FreeRoom>,
}

/// One of them.
#[derive(Clone, Serialize)]
pub struct FreeRoom {
    /// To the form with room and time filled in.
    pub href: String,
    /// Name.
    pub name: String,
    /// Seats, equipment, place.
    pub note: String,
}

/// Links between the lists, this one marked.
pub fn tabs(here: &str) -> Vec<Tab> {
    const ALL: [(&str, &str); 5] = [
        ("/desk/bookings", "desk-booking-tab-day"),
        ("/desk/bookings/list", "desk-booking-tab-list"),
        ("/desk/bookings/pending", "desk-booking-tab-pending"),
        ("/desk/bookings/flagged", "desk-booking-tab-flagged"),
        ("/desk/bookings/waiting", "desk-booking-tab-waiting"),
    ];
    ALL.iter().map(|(href, label)| Tab { href, label, current: *href == here }).collect()
}

/// Date, clock time and length, as the form and the search for free rooms ask for them.
pub fn time_fields(date: &str, from: &str, minutes: &str, say: &Say<'_>) -> Vec<Field> {
    let clock = (7 * 4..21 * 4).map(|n| format!("{:02}:{:02}", n / 4, n % 4 * 15));
    let mut times: Vec<FieldOption> = clock.map(|time| FieldOption::new(time.clone(), time, from)).collect();
    if !from.is_empty() && times.iter().all(|time| !time.chosen) {
        times.insert(0, FieldOption::new(from, from, from));
    }
    let length = |n: i64| {
        let value = n.to_string();
        FieldOption::new(value.clone(), say.with("desk-booking-minutes-value", &[("count", &value)]), minutes)
    };
    let mut lengths: Vec<FieldOption> = [15, 30, 45, 60, 90, 120, 180, 240].map(length).into();
    if let (Ok(odd), true) = (minutes.parse(), lengths.iter().all(|one| !one.chosen)) {
        lengths.push(length(odd));
    }
    vec![
        Field::input("date", "date", "desk-booking-date").value(date).width(10),
        Field::select("from", "desk-booking-from", times),
        Field::select("minutes", "desk-booking-minutes", lengths),
    ]
}

impl View for BookingPage {
    const TEMPLATE: &'static str = "pages/desk/booking/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.when.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let act = |look, key: &str, name: &str| {
                Form::post("/desk/bookings/1/actions")
                    .keep("version", "3")
                    .button(Button::submit(look, say.t(key)).named("action", name))
            };
            let full = Self {
                when: "2026年11月24日(周二) 9:00–10:00".into(),
                back: Link::new("/desk/bookings?date=2026-11-24", "11月24日"),
                state: State { fill: "half", word: "待确认".into() },
                notices: vec![Notice::new("caution", "调解员请假。", "请定下来：改时间、换人，还是照旧。")],
                facts: vec![
                    Fact::new("desk-booking-room", "一号调解室").href("/desk/rooms/1/week"),
                    Fact::new("desk-booking-purpose", "邻里纠纷"),
                ],
                shift: "/desk/bookings/1/move".into(),
                acts: vec![
                    act("primary", "desk-booking-act-confirm", "confirm"),
                    act("refuse", "desk-booking-act-cancel", "cancel"),
                ],
            };
            let over = Self {
                state: State { fill: "stopped", word: "已取消".into() },
                notices: Vec::new(),
                shift: String::new(),
                acts: Vec::new(),
                ..full.clone()
            };
            vec![full, over]
        })
    }
}

impl View for BookingList {
    const TEMPLATE: &'static str = "pages/desk/booking/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(self.title)
    }

    fn samples() -> Vec<Self> {
        let found = Self {
            tabs: tabs("/desk/bookings/flagged"),
            title: "desk-booking-flagged-title",
            none: "desk-booking-flagged-none",
            rows: BookingRow::samples(),
            pager: Pager { back: String::new(), more: "/desk/bookings/flagged?cursor=b2Zm".into() },
        };
        let none = Self { rows: Vec::new(), pager: Pager::default(), ..found.clone() };
        vec![found, none]
    }
}

impl View for WaitList {
    const TEMPLATE: &'static str = "pages/desk/booking/waiting";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-booking-waiting-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |href: &str, fill| WaitRow {
                when: "11月24日 周二 9:00–10:00".into(),
                purpose: "土地承包".into(),
                room: "一号调解室".into(),
                state: State { fill, word: "已空出来".into() },
                href: href.into(),
                withdraw: Form::post("/desk/bookings/waiting/1/withdraw")
                    .keep("version", "1")
                    .button(Button::submit("low", say.t("desk-booking-wait-withdraw"))),
            };
            let rows = vec![row("/desk/bookings/1", "half"), row("", "empty")];
            vec![
                Self { tabs: tabs("/desk/bookings/waiting"), rows },
                Self { tabs: Vec::new(), rows: Vec::new() },
            ]
        })
    }
}

impl View for FreeRooms {
    const TEMPLATE: &'static str = "pages/desk/booking/free";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-booking-find")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let filters =
                || Filters::new("/desk/bookings/free", time_fields("2026-11-24", "09:00", "60", say));
            let room = FreeRoom {
                href: "/desk/bookings/new?room_id=1&date=2026-11-24&from=09:00&minutes=60".into(),
                name: "二号调解室".into(),
                note: "8 人 · 视频".into(),
            };
            let when = "11月24日 周二 9:00–10:00".to_owned();
            let found =
                Self { filters: filters(), when: when.clone(), fault: String::new(), rooms: vec![room] };
            let none = Self { filters: filters(), when, fault: String::new(), rooms: Vec::new() };
            let fault = "这个时间已经过了".to_owned();
            let wrong = Self { filters: filters(), when: String::new(), fault, rooms: Vec::new() };
            vec![found, none, wrong]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<BookingPage>(),
        sampled::<BookingList>(),
        sampled::<WaitList>(),
        sampled::<FreeRooms>(),
        sampled::<grid::BookingGrid>(),
        sampled::<form::BookingEdit>(),
        sampled::<house::ClosureList>(),
        sampled::<house::FeedList>(),
        sampled::<house::DoorPanel>(),
    ]
}
