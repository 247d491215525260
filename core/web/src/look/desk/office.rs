//! The form of what papers print of the office.

use falin_app::settings::OfficeNames;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Form, with_words};
use crate::look::parts::{Button, Field};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The form.
#[derive(Clone, Serialize)]
pub struct OfficeEdit {
    /// The form.
    pub form: Form,
}

impl OfficeEdit {
    /// The form with what is set or was typed.
    pub fn new(say: &Say<'_>, version: &str, set: &OfficeNames, refusal: Option<&Refusal>) -> Self {
        let fields = [
            ("abbreviation", "desk-paper-office-abbreviation", &set.abbreviation),
            ("center", "desk-paper-office-center", &set.center),
            ("bureau", "desk-paper-office-bureau", &set.bureau),
            ("service", "desk-paper-office-service", &set.service),
            ("committee", "desk-paper-office-committee", &set.committee),
            ("contact", "desk-paper-office-contact", &set.contact),
            ("phone", "desk-paper-office-phone", &set.phone),
            ("government", "desk-paper-office-government", &set.government),
            ("upper_bureau", "desk-paper-office-upper", &set.upper_bureau),
            ("court", "desk-paper-office-court", &set.court),
        ];
        let mut form = Form::post("/desk/papers/office").keep("version", version);
        for (name, label, value) in fields {
            form = form.field(Field::text(name, label).value(value).optional());
        }
        let form = form.button(Button::submit("primary", say.t("desk-save"))).maybe_refused(say, refusal);
        Self { form }
    }
}

impl View for OfficeEdit {
    const TEMPLATE: &'static str = "pages/desk/paper/office";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-paper-office-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let fault = falin_domain::refusal::FieldError::new("abbreviation", "too_long").with("max", 8);
            let wrong = Refusal::form(vec![fault]);
            vec![Self::new(say, "3", &OfficeNames::default(), Some(&wrong))]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<OfficeEdit>()]
}
