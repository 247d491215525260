//! What to bring to a notary.

use serde::Serialize;

use crate::look::parts::Go;
use crate::look::{Layout, Say, View};

/// Notary matters with their papers, and the notaries to ask.
#[derive(Debug, Serialize)]
pub struct Notary {
    /// The matters in the county's order.
    pub matters: Vec<Matter>,
    /// Notaries with their pages.
    pub notaries: Vec<Go>,
}

/// One matter.
#[derive(Debug, Serialize)]
pub struct Matter {
    /// Its name.
    pub name: String,
    /// Papers to bring.
    pub papers: Vec<String>,
    /// What else one should know; may be empty.
    pub note: String,
    /// How long it takes, in words.
    pub time: String,
}

impl View for Notary {
    const TEMPLATE: &'static str = "pages/public/notary";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("notary-title")
    }

    fn samples() -> Vec<Self> {
        let matter = Matter {
            name: "遗嘱公证".to_owned(),
            papers: ["本人身份证", "户口簿", "房产证等财产凭证"].map(str::to_owned).to_vec(),
            note: "本人要到场，不能由别人代办。".to_owned(),
            time: "一次大约 45 分钟".to_owned(),
        };
        let notary = Go {
            href: "/zh/620200/workers/1".to_owned(),
            tile: String::new(),
            title: "白玉兰".to_owned(),
            note: "0937-622 6188".to_owned(),
        };
        let full = Self { matters: vec![matter], notaries: vec![notary] };
        vec![full, Self { matters: Vec::new(), notaries: Vec::new() }]
    }
}
