//! Pages of words: what this is, how data are protected, what to do in danger.

use serde::Serialize;

use crate::look::{Layout, Say, View};

/// What this service is, what it costs, how to reach it.
#[derive(Debug, Serialize)]
pub struct About {
    /// The program's version.
    pub version: &'static str,
}

impl View for About {
    const TEMPLATE: &'static str = "pages/public/about";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("foot-about")
    }

    fn samples() -> Vec<Self> {
        vec![Self { version: "0.1.0" }]
    }
}

/// What is kept, why, how long, and one's rights (个人信息保护法 17, 44–50).
#[derive(Debug, Serialize)]
pub struct Privacy {}

impl View for Privacy {
    const TEMPLATE: &'static str = "pages/public/privacy";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("foot-privacy")
    }

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// Domestic violence: whom to call, which order a court gives, how to leave the page quickly (反家庭暴力法 13, 28).
#[derive(Debug, Serialize)]
pub struct Safety {}

impl View for Safety {
    const TEMPLATE: &'static str = "pages/public/safety";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("safety-tab")
    }

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}
