//! The form of a legal worker, new or changed.

use falin_domain::directory::{Gender, WorkerKind};
use falin_domain::refusal::{FieldError, Refusal};
use serde::Serialize;

use crate::look::desk::{Form, Link, code_options, with_words};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Layout, Say, View};

/// What was typed, or what is stored.
pub use falin_app::worker::Typed as WorkerTyped;

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct WorkerEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the worker or to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
}

impl WorkerEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new worker.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        back: Link,
        version: &str,
        typed: &WorkerTyped,
        firms: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let mut form = Form::post(action);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = fields(say, typed, firms);
        if !new {
            form = form.field(
                Field::input("date", "left_on", "desk-worker-left-on")
                    .hint("desk-worker-left-on-hint")
                    .value(&typed.left_on)
                    .width(10)
                    .optional(),
            );
        }
        let save = if new { "desk-worker-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, form }
    }
}

fn fields(say: &Say<'_>, typed: &WorkerTyped, firms: Vec<FieldOption>) -> Vec<Field> {
    let kinds: Vec<_> = WorkerKind::ALL.iter().map(|kind| kind.code()).collect();
    let genders: Vec<_> = Gender::ALL.iter().map(|gender| gender.code()).collect();
    let mut homes = vec![FieldOption::new("", say.t("desk-worker-firm-none"), &typed.firm)];
    homes.extend(firms);
    let text =
        |name: &'static str, label, hint, value: &str| Field::text(name, label).hint(hint).value(value);
    vec![
        text("name", "desk-worker-name", "", &typed.name).width(20),
        Field::radios("kind", "desk-worker-kind", code_options(say, "desk-worker-kind", &kinds, &typed.kind)),
        Field::select("firm", "desk-worker-firm", homes),
        text("licence", "desk-worker-licence", "desk-worker-licence-hint", &typed.licence)
            .width(20)
            .optional(),
        Field::input("date", "practice_since", "desk-worker-practice")
            .hint("desk-worker-practice-hint")
            .value(&typed.practice_since)
            .width(10)
            .optional(),
        Field::input("tel", "phone", "desk-worker-phone")
            .hint("desk-worker-phone-hint")
            .value(&typed.phone)
            .typing("off", "tel")
            .width(20),
        Field {
            required: false,
            ..Field::radios(
                "gender",
                "desk-worker-gender",
                code_options(say, "desk-worker-gender", &genders, &typed.gender),
            )
        },
        text("specialties", "desk-worker-specialties", "desk-worker-specialties-hint", &typed.specialties)
            .optional(),
        text("languages", "desk-worker-languages", "desk-worker-languages-hint", &typed.languages).optional(),
        text("capacity", "desk-worker-capacity", "desk-worker-capacity-hint", &typed.capacity)
            .typing("off", "numeric")
            .width(5)
            .optional(),
    ]
}

impl View for WorkerEdit {
    const TEMPLATE: &'static str = "pages/desk/worker/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-worker-new-title" } else { "desk-worker-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let firms = || vec![FieldOption::new("1", "甘肃雄关律师事务所", "1")];
            let list = Link::new("/desk/workers", "律师和机构");
            let stored = WorkerTyped {
                name: "蔡志生".into(),
                kind: "lawyer".into(),
                firm: "1".into(),
                licence: "16202201510123456".into(),
                phone: "17551056720".into(),
                gender: "male".into(),
                specialties: "医疗、劳动、刑事".into(),
                languages: "普通话、维吾尔语".into(),
                capacity: "95".into(),
                left_on: String::new(),
                practice_since: "2015-07-01".into(),
            };
            let typed =
                WorkerTyped {
                    licence: "1620220151012345".into(), capacity: "九十".into(), ..stored.clone()
                };
            let refusal = Refusal::form(vec![
                FieldError::new("licence", "licence.invalid"),
                FieldError::new("capacity", "capacity.invalid"),
            ]);
            let post = "/desk/workers";
            let one = Link::new("/desk/workers/1", "蔡志生");
            vec![
                Self::new(say, post, list.clone(), "", &WorkerTyped::default(), firms(), None),
                Self::new(say, "/desk/workers/1", one, "3", &stored, firms(), None),
                Self::new(say, post, list, "", &typed, firms(), Some(&refusal)),
            ]
        })
    }
}
