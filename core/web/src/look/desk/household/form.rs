//! The form of a household, new or changed.

use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::refusal::{FieldError, Refusal};
use serde::{Deserialize, Serialize};

use crate::look::desk::{Form, Link, code_options, key, with_words};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Layout, Say, View};

/// What was typed, or what is stored; sealed fields stay empty and are kept unless typed anew.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseholdTyped {
    /// The head's name.
    pub head: String,
    /// Kind's code.
    pub kind: String,
    /// Division code of the village.
    pub village: String,
    /// ID number of the head.
    pub id_number: String,
    /// Phones, any separator.
    pub phone: String,
    /// Group and house number.
    pub address: String,
    /// Codes of the categories.
    pub categories: Vec<String>,
    /// A note that helps to reach them.
    pub note: String,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct HouseholdEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the household or to the list.
    pub back: Link,
    /// What is sealed and not shown, in words (`已登记 138****1234`); empty for a new one.
    pub kept: Vec<String>,
    /// The form.
    pub form: Form,
}

impl HouseholdEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new household.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        back: Link,
        version: &str,
        typed: &HouseholdTyped,
        villages: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let save = if new { "desk-household-form-save-new" } else { "desk-save" };
        let mut form = Form::post(action);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = fields(say, typed, villages);
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, kept: Vec::new(), form }
    }
}

fn fields(say: &Say<'_>, typed: &HouseholdTyped, villages: Vec<FieldOption>) -> Vec<Field> {
    let kinds: Vec<_> = HouseholdKind::ALL.iter().map(|kind| kind.code()).collect();
    let mut places = vec![FieldOption::new("", say.t("desk-choose"), &typed.village)];
    places.extend(villages);
    vec![
        Field::text("head", "desk-household-form-head")
            .hint("desk-household-form-head-hint")
            .value(&typed.head)
            .width(20),
        Field::radios(
            "kind",
            "desk-household-form-kind",
            code_options(say, "desk-household-kind", &kinds, &typed.kind),
        ),
        Field::select("village", "desk-household-village", places).value(&typed.village),
        Field::text("id_number", "desk-household-id-number")
            .hint("desk-household-form-id-hint")
            .value(&typed.id_number)
            .typing("off", "")
            .width(20)
            .optional(),
        Field::input("tel", "phone", "desk-household-phone")
            .hint("desk-household-form-phone-hint")
            .value(&typed.phone)
            .typing("off", "tel")
            .width(20)
            .optional(),
        Field::text("address", "desk-household-address")
            .hint("desk-household-form-address-hint")
            .value(&typed.address)
            .optional(),
        Field::checks("categories", "desk-household-category", category_options(say, typed))
            .hint("desk-household-form-categories-hint"),
        Field::text("note", "desk-household-note")
            .hint("desk-household-form-note-hint")
            .value(&typed.note)
            .optional(),
    ]
}

fn category_options(say: &Say<'_>, typed: &HouseholdTyped) -> Vec<FieldOption> {
    let option = |category: &Category| FieldOption {
        value: category.code().into(),
        label: say.t(&key("desk-household-category", category.code())),
        chosen: typed.categories.iter().any(|code| code == category.code()),
    };
    Category::ALL.iter().map(option).collect()
}

impl View for HouseholdEdit {
    const TEMPLATE: &'static str = "pages/desk/household/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-household-new" } else { "desk-household-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let villages = || vec![FieldOption::new("620200102202", "新城镇 横沟村", "620200102202")];
            let list = Link::new("/desk/households", "住户");
            let one = Link::new("/desk/households/1", "马建国");
            let stored = HouseholdTyped {
                head: "马建国".into(),
                kind: "rural".into(),
                village: "620200102202".into(),
                categories: vec!["elderly".into()],
                ..HouseholdTyped::default()
            };
            let typed = HouseholdTyped {
                id_number: "62020119620312002".into(),
                phone: "1755105672".into(),
                ..stored.clone()
            };
            let refusal = Refusal::form(vec![
                FieldError::new("id_number", "id.checksum"),
                FieldError::new("phone", "phone.invalid"),
            ]);
            let blank = HouseholdTyped::default();
            let post = "/desk/households";
            vec![
                Self::new(say, post, list.clone(), "", &blank, villages(), None),
                Self {
                    kept: vec!["电话 175****6720".into(), "身份证号 6202**********0025".into()],
                    ..Self::new(say, "/desk/households/1", one, "4", &stored, villages(), None)
                },
                Self::new(say, post, list, "", &typed, villages(), Some(&refusal)),
            ]
        })
    }
}
