//! How a county pairs: provider per household kind, default capacity, consent of both sides.

use falin_domain::directory::ProviderKind;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use crate::look::desk::{Form, code_options, with_words};
use crate::look::parts::{Button, Field};
use crate::look::{Layout, Say, View};

/// What was typed, or what is stored.
pub use falin_app::settings::Typed as SettingsTyped;

/// The page of the settings.
#[derive(Clone, Serialize)]
pub struct PlanSettings {
    /// The form.
    pub form: Form,
}

impl PlanSettings {
    /// The form with what is set.
    pub fn new(say: &Say<'_>, version: &str, typed: &SettingsTyped, refusal: Option<&Refusal>) -> Self {
        let kinds: Vec<_> = ProviderKind::ALL.iter().map(|kind| kind.code()).collect();
        let provider = |current: &str| code_options(say, "desk-plan-provider", &kinds, current);
        let consent = code_options(say, "desk-plan-consent", &["off", "on"], &typed.consent);
        let form = Form::post("/desk/plans/settings")
            .keep("version", version)
            .field(Field::radios("rural", "desk-plan-rural", provider(&typed.rural)))
            .field(Field::radios("urban", "desk-plan-urban", provider(&typed.urban)))
            .field(
                Field::text("capacity", "desk-plan-capacity")
                    .hint("desk-plan-capacity-hint")
                    .value(&typed.capacity)
                    .typing("off", "numeric")
                    .width(5),
            )
            .field(Field::radios("consent", "desk-plan-consent", consent).hint("desk-plan-consent-hint"))
            .field(
                Field::text("fallback", "desk-plan-fallback")
                    .hint("desk-plan-fallback-hint")
                    .value(&typed.fallback)
                    .typing("off", "numeric")
                    .width(5)
                    .optional(),
            )
            .button(Button::submit("primary", say.t("desk-save")))
            .button(Button::link("low", say.t("desk-cancel"), "/desk/plans"))
            .maybe_refused(say, refusal);
        Self { form }
    }
}

impl View for PlanSettings {
    const TEMPLATE: &'static str = "pages/desk/plan/settings";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plan-settings-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let typed = SettingsTyped {
                rural: "lawyer".into(),
                urban: "firm".into(),
                capacity: "95".into(),
                consent: "off".into(),
                fallback: "7".into(),
            };
            let bad = SettingsTyped { capacity: "零".into(), ..typed.clone() };
            let refusal = Refusal::field("capacity", "capacity.invalid");
            vec![Self::new(say, "2", &typed, None), Self::new(say, "2", &bad, Some(&refusal))]
        })
    }
}
