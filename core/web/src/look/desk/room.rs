//! Mediation rooms: list and form.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::open::open_form;
use super::{Filters, Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::room::Typed as RoomTyped;

/// The list.
#[derive(Clone, Serialize)]
pub struct RoomList {
    /// How many match, in words.
    pub count: String,
    /// Place.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<RoomRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct RoomRow {
    /// The form's page; empty without the right.
    pub href: String,
    /// Name.
    pub name: String,
    /// Organisation; may be empty.
    pub organisation: String,
    /// Place and address.
    pub place: String,
    /// Seats.
    pub seats: String,
    /// Opening hours as written; may be empty.
    pub hours: String,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct RoomEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
    /// Closes the room or opens it again; None for a new one.
    pub open: Option<Form>,
}

/// The place filter, with what was chosen.
pub fn filters(say: &Say<'_>, place: &str, places: Vec<FieldOption>) -> Filters {
    let mut all = vec![FieldOption::new("", say.t("desk-any"), place)];
    all.extend(places);
    Filters::new("/desk/rooms", vec![Field::select("place", "desk-room-place", all)])
}

impl RoomEdit {
    /// The form posted to `action`; `seen` is the version that was read and whether the room is open.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        seen: Option<(i64, bool)>,
        typed: &RoomTyped,
        places: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let back = Link::new("/desk/rooms", say.t("desk-room-list-title"));
        let mut form = Form::post(action);
        if let Some((version, _)) = seen {
            form = form.keep("version", version.to_string());
        }
        let text = |name: &'static str, label, value: &str| Field::text(name, label).value(value);
        let seats = Field::text("capacity", "desk-room-seats").value(&typed.capacity);
        form.fields = vec![
            text("name", "desk-room-name", &typed.name),
            text("organisation", "desk-room-organisation", &typed.organisation).optional(),
            Field::select("place", "desk-room-place", places),
            text("address", "desk-room-address", &typed.address).optional(),
            seats.typing("off", "numeric").width(5),
            text("equipment", "desk-room-equipment", &typed.equipment)
                .hint("desk-room-equipment-hint")
                .optional(),
            text("hours", "desk-room-hours", &typed.hours).hint("desk-facility-hours-hint").optional(),
        ];
        let save = if seen.is_none() { "desk-room-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        let open = seen.map(|(version, open)| open_form(say, action, version, open, None));
        Self { new: seen.is_none(), back, form, open }
    }
}

impl View for RoomList {
    const TEMPLATE: &'static str = "pages/desk/room/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-room-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |name: &str, organisation: &str, seats: &str| RoomRow {
                href: "/desk/rooms/1/edit".into(),
                name: name.into(),
                organisation: organisation.into(),
                place: "新城镇 司法所二楼".into(),
                seats: seats.into(),
                hours: "周一至周五 9:00-12:00".into(),
            };
            let found = Self {
                count: "共 6 间".into(),
                filters: filters(say, "", vec![FieldOption::new("620201100", "新城镇", "")]),
                rows: vec![row("一号调解室", "新城镇司法所", "12"), row("二号调解室（已停用）", "", "8")],
                pager: Pager { back: String::new(), more: "/desk/rooms?cursor=b2Zm".into() },
                may_write: true,
            };
            let none = Self { rows: Vec::new(), pager: Pager::default(), may_write: false, ..found.clone() };
            vec![found, none]
        })
    }
}

impl View for RoomEdit {
    const TEMPLATE: &'static str = "pages/desk/room/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-room-new" } else { "desk-room-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let places = || vec![FieldOption::new("620201100", "新城镇", "620201100")];
            let typed =
                RoomTyped { name: "一号调解室".into(), capacity: "零".into(), ..RoomTyped::default() };
            let wrong = Refusal::field("capacity", "not_a_number");
            vec![
                Self::new(say, "/desk/rooms", None, &RoomTyped::default(), places(), None),
                Self::new(say, "/desk/rooms/1", Some((1, true)), &typed, places(), Some(&wrong)),
                Self::new(say, "/desk/rooms/1", Some((1, false)), &typed, places(), None),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<RoomList>(), sampled::<RoomEdit>()]
}
