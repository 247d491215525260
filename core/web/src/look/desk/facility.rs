//! Facilities: centres, stations and studios: list, one, and the form.

use falin_domain::directory::FacilityKind;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::open::open_form;
use super::worker::tabs;
use super::{Filters, Form, Link, Tab, code_options, filter_options, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::facility::Typed as FacilityTyped;

/// The list.
#[derive(Clone, Serialize)]
pub struct FacilityList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// How many match, in words.
    pub count: String,
    /// Tier and place.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<FacilityRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
    /// The list of mediation rooms; empty without the right.
    pub rooms: String,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct FacilityRow {
    /// Its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the tier.
    pub kind: String,
    /// Division and address.
    pub place: String,
    /// Opening hours as written; may be empty.
    pub hours: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// One facility.
#[derive(Clone, Serialize)]
pub struct FacilityPage {
    /// Name.
    pub name: String,
    /// Text key of the tier.
    pub kind: String,
    /// Place, address, telephone, hours, access.
    pub facts: Vec<Fact>,
    /// The page that residents see; empty while it is closed.
    pub public: String,
    /// The form's page; empty without the right.
    pub edit: String,
    /// Closes it or opens it again; None without the right.
    pub open: Option<Form>,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct FacilityEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the facility or to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// Tier and place of the list, with what was chosen.
pub fn filters(say: &Say<'_>, kind: &str, place: &str, places: Vec<FieldOption>) -> Filters {
    let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.code()).collect();
    let mut all = vec![FieldOption::new("", say.t("desk-any"), place)];
    all.extend(places);
    let fields = vec![
        Field::select("kind", "facility-kind", filter_options(say, "facility-kind", &kinds, kind)),
        Field::select("place", "desk-facility-place", all),
    ];
    Filters::new("/desk/facilities", fields)
}

impl FacilityEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new facility.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        back: Link,
        version: &str,
        typed: &FacilityTyped,
        places: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.code()).collect();
        let text =
            |name: &'static str, label, hint, value: &str| Field::text(name, label).hint(hint).value(value);
        let mut form = Form::post(action);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = vec![
            text("name", "desk-facility-name", "", &typed.name),
            Field::radios("kind", "facility-kind", code_options(say, "facility-kind", &kinds, &typed.kind)),
            Field::select("place", "desk-facility-place", places),
            text("address", "desk-facility-address", "", &typed.address),
            text("phone", "desk-facility-phone", "", &typed.phone).typing("off", "tel").width(20).optional(),
            text("hours", "desk-facility-hours", "desk-facility-hours-hint", &typed.hours).optional(),
            text("access", "desk-facility-access", "desk-facility-access-hint", &typed.access).optional(),
        ];
        let save = if new { "desk-facility-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, form }
    }
}

impl View for FacilityList {
    const TEMPLATE: &'static str = "pages/desk/facility/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-facility-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |name: &str, kind: &str, place: &str, hours: &str, phone: &str| FacilityRow {
                href: "/desk/facilities/1".into(),
                name: name.into(),
                kind: format!("facility-kind-{kind}"),
                place: place.into(),
                hours: hours.into(),
                phone: phone.into(),
            };
            let places = || vec![FieldOption::new("620200102", "新城镇", "")];
            let found = Self {
                tabs: tabs("/desk/facilities"),
                count: "共 52 处".into(),
                filters: filters(say, "", "", places()),
                rows: vec![
                    row(
                        "市公共法律服务中心",
                        "centre",
                        "建设路 3 号",
                        "工作日 9:00 到 12:00，14:00 到 18:00",
                        "0937-622 12348",
                    ),
                    row("新城镇公共法律服务工作站", "station", "新城镇 司法所", "工作日 9:00 到 17:00", ""),
                    row("横沟村公共法律服务工作室", "studio", "新城镇 横沟村 村委会", "", ""),
                ],
                pager: Pager { back: String::new(), more: "/desk/facilities?cursor=b2Zm".into() },
                may_write: true,
                rooms: "/desk/rooms".into(),
            };
            let none = Self {
                filters: filters(say, "", "", Vec::new()),
                rows: Vec::new(),
                pager: Pager::default(),
                may_write: false,
                ..found.clone()
            };
            vec![found, none]
        })
    }
}

impl View for FacilityPage {
    const TEMPLATE: &'static str = "pages/desk/facility/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let full = Self {
                name: "市公共法律服务中心".into(),
                kind: "facility-kind-centre".into(),
                facts: vec![
                    Fact::new("desk-facility-place", "嘉峪关市"),
                    Fact::new("desk-facility-address", "建设路 3 号，进门右手"),
                    Fact::new("desk-facility-phone", "0937-622 12348"),
                    Fact::new("desk-facility-hours", "工作日 9:00 到 12:00，14:00 到 18:00"),
                    Fact::new("desk-facility-access", "有坡道，一楼"),
                ],
                public: "/zh/620200/facilities".into(),
                edit: "/desk/facilities/1/edit".into(),
                open: Some(open_form(say, "/desk/facilities/1", 1, true, None)),
            };
            let closed = Some(open_form(say, "/desk/facilities/1", 2, false, None));
            let closed = Self { public: String::new(), open: closed, ..full.clone() };
            vec![full.clone(), closed, Self { edit: String::new(), open: None, ..full }]
        })
    }
}

impl View for FacilityEdit {
    const TEMPLATE: &'static str = "pages/desk/facility/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-facility-new-title" } else { "desk-facility-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let places = || vec![FieldOption::new("620200102", "新城镇", "620200102")];
            let list = || Link::new("/desk/facilities", "服务平台");
            let typed = FacilityTyped {
                kind: "station".into(),
                place: "620200102".into(),
                ..FacilityTyped::default()
            };
            let wrong = Refusal::field("name", "required");
            let post = "/desk/facilities";
            vec![
                Self::new(say, post, list(), "", &FacilityTyped::default(), places(), None),
                Self::new(say, "/desk/facilities/1", list(), "1", &typed, places(), None),
                Self::new(say, post, list(), "", &typed, places(), Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<FacilityList>(), sampled::<FacilityPage>(), sampled::<FacilityEdit>()]
}
