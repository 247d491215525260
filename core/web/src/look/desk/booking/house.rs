//! What keeps the rooms: closures, calendar feeds, and the panel at a room's door.

use serde::Serialize;

use crate::look::desk::{Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Notice};
use crate::look::{Layout, Say, View};

/// Closures and special openings.
#[derive(Clone, Serialize)]
pub struct ClosureList {
    /// Those that are not over, by time.
    pub rows: Vec<ClosureRow>,
    /// A new one; None without the right.
    pub form: Option<Form>,
}

/// One of them.
#[derive(Clone, Serialize)]
pub struct ClosureRow {
    /// From when until when.
    pub when: String,
    /// The room, or all of them.
    pub room: String,
    /// Text key: closed, or open for once.
    pub what: &'static str,
    /// Why.
    pub reason: String,
    /// Takes it back; None without the right.
    pub remove: Option<Form>,
}

/// What a new closure is asked.
#[derive(Clone, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ClosureTyped {
    /// The room's id; empty for all.
    pub room_id: String,
    /// First day.
    pub from_date: String,
    /// Clock time on it.
    pub from_time: String,
    /// Last day.
    pub to_date: String,
    /// Clock time on it.
    pub to_time: String,
    /// `yes` for a special opening.
    pub opens: String,
    /// Why.
    pub reason: String,
}

/// The form of a new closure.
pub fn closure_form(say: &Say<'_>, typed: &ClosureTyped, mut rooms: Vec<FieldOption>) -> Form {
    rooms.insert(0, FieldOption::new("", say.t("desk-closure-all"), &typed.room_id));
    let mut form = Form::post("/desk/closures");
    let kinds = vec![
        FieldOption::new("", say.t("desk-closure-closed"), &typed.opens),
        FieldOption::new("yes", say.t("desk-closure-open"), &typed.opens),
    ];
    let day =
        |name: &'static str, label, value: &str| Field::input("date", name, label).value(value).width(10);
    let time =
        |name: &'static str, label, value: &str| Field::input("time", name, label).value(value).width(10);
    form.fields = vec![
        Field::select("room_id", "desk-booking-room", rooms),
        Field::radios("opens", "desk-closure-what", kinds),
        day("from_date", "desk-closure-from-date", &typed.from_date),
        time("from_time", "desk-closure-from-time", &typed.from_time).optional(),
        day("to_date", "desk-closure-to-date", &typed.to_date),
        time("to_time", "desk-closure-to-time", &typed.to_time).hint("desk-closure-to-time-hint").optional(),
        Field::text("reason", "desk-closure-reason").value(&typed.reason).hint("desk-closure-reason-hint"),
    ];
    form.button(Button::submit("primary", say.t("desk-closure-save")))
}

/// Calendar feeds.
#[derive(Clone, Serialize)]
pub struct FeedList {
    /// A fresh feed's addresses, shown this once.
    pub fresh: Option<Fresh>,
    /// Feeds that are in use.
    pub rows: Vec<FeedRow>,
    /// A new one.
    pub form: Form,
}

/// The addresses of a fresh feed.
#[derive(Clone, Serialize)]
pub struct Fresh {
    /// For a calendar program.
    pub calendar: String,
    /// For a screen at the door; empty for a person's feed.
    pub door: String,
}

/// A feed in use.
#[derive(Clone, Serialize)]
pub struct FeedRow {
    /// The room, or one's own.
    pub name: String,
    /// Since when.
    pub since: String,
    /// Revokes it.
    pub revoke: Form,
}

/// The panel at a room's door: what is today, without full names.
#[derive(Clone, Serialize)]
pub struct DoorPanel {
    /// The room.
    pub room: String,
    /// Date and time in words.
    pub now: String,
    /// Text key: whether it is free now.
    pub state: &'static str,
    /// Until when that holds; may be empty.
    pub until: String,
    /// What is still to come today.
    pub rows: Vec<DoorRow>,
}

/// One time on the panel.
#[derive(Clone, Serialize)]
pub struct DoorRow {
    /// `9:00–10:00`.
    pub when: String,
    /// Who leads it, masked; may be empty.
    pub who: String,
    /// Whether it is now.
    pub current: bool,
}

impl View for ClosureList {
    const TEMPLATE: &'static str = "pages/desk/booking/closures";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-closure-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |remove| ClosureRow {
                when: "11月24日 9:00 到 11:00".into(),
                room: "小圆桌调解室".into(),
                what: "desk-closure-closed",
                reason: "检修".into(),
                remove,
            };
            let remove = Form::post("/desk/closures/1/remove")
                .keep("version", "1")
                .button(Button::submit("low", say.t("desk-closure-remove")));
            let form = closure_form(say, &ClosureTyped::default(), Vec::new());
            let refused = falin_domain::refusal::Refusal::field("reason", "required");
            vec![
                Self { rows: vec![row(Some(remove)), row(None)], form: Some(form.clone()) },
                Self { rows: Vec::new(), form: Some(form.refused(say, &refused)) },
                Self { rows: Vec::new(), form: None },
            ]
        })
    }
}

impl View for FeedList {
    const TEMPLATE: &'static str = "pages/desk/booking/feeds";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-feed-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let form = || {
                let mut form = Form::post("/desk/calendars");
                form.fields.push(Field::select("room_id", "desk-feed-whose", Vec::new()));
                form.button(Button::submit("primary", say.t("desk-feed-make")))
            };
            let row = FeedRow {
                name: "一号调解室".into(),
                since: "11月24日".into(),
                revoke: Form::post("/desk/calendars/1/revoke")
                    .button(Button::submit("low", say.t("desk-feed-revoke"))),
            };
            let fresh =
                |door: &str| Fresh { calendar: "https://x/calendar/abc.ics".into(), door: door.into() };
            vec![
                Self { fresh: Some(fresh("https://x/door/abc")), rows: vec![row], form: form() },
                Self { fresh: Some(fresh("")), rows: Vec::new(), form: form() },
                Self { fresh: None, rows: Vec::new(), form: form() },
            ]
        })
    }
}

impl View for DoorPanel {
    const TEMPLATE: &'static str = "pages/print/door";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, _: &Say<'_>) -> String {
        self.room.clone()
    }

    fn samples() -> Vec<Self> {
        let row = |who: &str, current| DoorRow { when: "9:00–10:00".into(), who: who.into(), current };
        let panel = |state, until: &str, rows| Self {
            room: "一号调解室".into(),
            now: "11月24日 周二 9:05".into(),
            state,
            until: until.into(),
            rows,
        };
        vec![
            panel("door-busy", "10:00", vec![row("杨*", true), row("", false)]),
            panel("door-free", "", Vec::new()),
        ]
    }
}

/// A notice with what a closure has flagged, and where to decide.
pub fn flagged(say: &Say<'_>, count: u64) -> Option<Notice> {
    let text = say.with("desk-booking-flagged-count", &[("count", &count.to_string())]);
    (count > 0).then(|| {
        Notice::new("caution", text, "").link("/desk/bookings/flagged", say.t("desk-booking-flagged-go"))
    })
}

/// The room's own pages: its week, its door.
pub fn room_links(say: &Say<'_>, room: &str) -> Vec<Link> {
    vec![
        Link::new(format!("/desk/rooms/{room}/door"), say.t("desk-door")),
        Link::new("/desk/closures", say.t("desk-closure-title")),
        Link::new("/desk/calendars", say.t("desk-feed-title")),
    ]
}
