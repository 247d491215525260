//! Firms: list, one firm with its people, and the form.

use falin_domain::directory::FirmKind;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::open::open_form;
use super::worker::{Load, tabs};
use super::{Filters, Form, Link, Tab, code_options, filter_options, with_words};
use crate::look::parts::{Button, Fact, Field, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::firm::Typed as FirmTyped;

/// The list.
#[derive(Clone, Serialize)]
pub struct FirmList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// How many match, in words.
    pub count: String,
    /// Search and kind.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<FirmRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct FirmRow {
    /// Its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// Its head, and telephone; may be empty.
    pub contact: String,
    /// How many work there.
    pub people: u32,
    /// Load of urban households; None where it takes none.
    pub load: Option<Load>,
}

/// One firm.
#[derive(Clone, Serialize)]
pub struct FirmPage {
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// Code, address, telephone, head, capacity.
    pub facts: Vec<Fact>,
    /// Load of urban households; None where it takes none.
    pub load: Option<Load>,
    /// The list of these households; empty where there are none.
    pub households: String,
    /// Who works there.
    pub people: Vec<FirmPerson>,
    /// The form's page; empty without the right.
    pub edit: String,
    /// Closes it or opens it again; None without the right.
    pub open: Option<Form>,
}

/// One person of a firm.
#[derive(Clone, Serialize)]
pub struct FirmPerson {
    /// The worker.
    pub worker: Link,
    /// Text key of the kind.
    pub kind: String,
    /// Villages advised; may be empty.
    pub villages: String,
    /// On duty, on leave or gone.
    pub state: State,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct FirmEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the firm or to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// Search and kind of the list, with what was chosen.
pub fn filters(say: &Say<'_>, find: &str, kind: &str) -> Filters {
    let kinds: Vec<_> = FirmKind::ALL.iter().map(|kind| kind.code()).collect();
    let fields = vec![
        Field::input("search", "find", "desk-firm-q").value(find),
        Field::select("kind", "firm-kind", filter_options(say, "firm-kind", &kinds, kind)),
    ];
    Filters::new("/desk/firms", fields)
}

impl FirmEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new firm.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        back: Link,
        version: &str,
        typed: &FirmTyped,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let kinds: Vec<_> = FirmKind::ALL.iter().map(|kind| kind.code()).collect();
        let text =
            |name: &'static str, label, hint, value: &str| Field::text(name, label).hint(hint).value(value);
        let mut form = Form::post(action);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = vec![
            text("name", "desk-firm-name", "", &typed.name),
            Field::radios("kind", "firm-kind", code_options(say, "firm-kind", &kinds, &typed.kind)),
            text("uscc", "desk-firm-uscc", "desk-firm-uscc-hint", &typed.uscc).width(20).optional(),
            text("address", "desk-firm-address", "", &typed.address).optional(),
            text("phone", "desk-firm-phone", "", &typed.phone).typing("off", "tel").width(20).optional(),
            text("head", "desk-firm-head", "", &typed.head).width(20).optional(),
            text("capacity", "desk-firm-capacity", "desk-firm-capacity-hint", &typed.capacity)
                .typing("off", "numeric")
                .width(5)
                .optional(),
        ];
        let save = if new { "desk-firm-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, form }
    }
}

impl View for FirmList {
    const TEMPLATE: &'static str = "pages/desk/firm/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-firm-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |name: &str, kind: &str, contact: &str, people: u32, load: Option<Load>| FirmRow {
                href: "/desk/firms/1".into(),
                name: name.into(),
                kind: format!("firm-kind-{kind}"),
                contact: contact.into(),
                people,
                load,
            };
            let found = Self {
                tabs: tabs("/desk/firms"),
                count: "共 14 家".into(),
                filters: filters(say, "", ""),
                rows: vec![
                    row(
                        "甘肃雄关律师事务所",
                        "law-firm",
                        "李明，0937-622 6123",
                        11,
                        Some(Load::new(512, 540)),
                    ),
                    row("甘肃明德律师事务所", "law-firm", "周建国", 6, Some(Load::new(287, 300))),
                    row("新城法律服务所", "legal-service-office", "", 3, None),
                ],
                pager: Pager::default(),
                may_write: true,
            };
            let nobody = Self { filters: filters(say, "wu", ""), rows: Vec::new(), ..found.clone() };
            let none = Self { filters: filters(say, "", ""), may_write: false, ..nobody.clone() };
            vec![found, nobody, none]
        })
    }
}

impl View for FirmPage {
    const TEMPLATE: &'static str = "pages/desk/firm/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let person = |name: &str, villages: &str, fill: &'static str, word: &str| FirmPerson {
                worker: Link::new("/desk/workers/1", name),
                kind: "desk-worker-kind-lawyer".into(),
                villages: villages.into(),
                state: State { fill, word: word.into() },
            };
            let full = Self {
                name: "甘肃雄关律师事务所".into(),
                kind: "firm-kind-law-firm".into(),
                facts: vec![
                    Fact::new("desk-firm-uscc", "31620000MD00000167"),
                    Fact::new("desk-firm-address", "建设东路 12 号 3 楼"),
                    Fact::new("desk-firm-phone", "0937-622 6123"),
                    Fact::new("desk-firm-head", "李明"),
                    Fact::new("desk-firm-capacity", "540 户").note("11 位律师的上限相加"),
                ],
                load: Some(Load::new(512, 540)),
                households: "/desk/households?provider=1".into(),
                people: vec![
                    person("蔡志生", "野麻湾村、中沟村", "done", "在岗"),
                    person("曾敏", "", "half", "请假"),
                ],
                edit: "/desk/firms/1/edit".into(),
                open: Some(open_form(say, "/desk/firms/1", 1, true, None)),
            };
            let bare = Self {
                load: None,
                households: String::new(),
                people: Vec::new(),
                edit: String::new(),
                open: None,
                ..full.clone()
            };
            let wrong = Refusal::new("firm.has_workers");
            let refused =
                Self { open: Some(open_form(say, "/desk/firms/1", 1, true, Some(&wrong))), ..full.clone() };
            vec![full, refused, bare]
        })
    }
}

impl View for FirmEdit {
    const TEMPLATE: &'static str = "pages/desk/firm/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-firm-new-title" } else { "desk-firm-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let list = || Link::new("/desk/firms", "机构");
            let typed = FirmTyped {
                name: "甘肃雄关律师事务所".into(),
                kind: "law_firm".into(),
                uscc: "31620000MD0000016O".into(),
                ..FirmTyped::default()
            };
            let wrong = Refusal::field("uscc", "uscc.invalid");
            let one = Link::new("/desk/firms/1", "甘肃雄关律师事务所");
            vec![
                Self::new(say, "/desk/firms", list(), "", &FirmTyped::default(), None),
                Self::new(say, "/desk/firms/1", one, "2", &typed, None),
                Self::new(say, "/desk/firms", list(), "", &typed, Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<FirmList>(), sampled::<FirmPage>(), sampled::<FirmEdit>()]
}
