//! What the masthead's search found: households, workers, firms, villages.

use serde::Serialize;

use crate::look::parts::Go;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Results of one search, grouped by noun.
#[derive(Clone, Serialize)]
pub struct SearchPage {
    /// What was searched for, as typed.
    pub query: String,
    /// Why it was not searched (`search.digits`), in words; empty where it was.
    pub refused: String,
    /// Groups with at least one result.
    pub groups: Vec<SearchGroup>,
}

/// Results of one noun.
#[derive(Clone, Serialize)]
pub struct SearchGroup {
    /// Text key of the heading, such as `search-households`.
    pub title: &'static str,
    /// At most ten results.
    pub rows: Vec<Go>,
    /// The noun's own list with the same search; empty where all results are shown.
    pub more: String,
}

impl View for SearchPage {
    const TEMPLATE: &'static str = "pages/desk/search/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-search-title")
    }

    fn samples() -> Vec<Self> {
        let go = |href: &str, title: &str, note: &str| Go {
            href: href.into(),
            tile: String::new(),
            title: title.into(),
            note: note.into(),
        };
        let found = Self {
            query: "zeng".into(),
            refused: String::new(),
            groups: vec![
                SearchGroup {
                    title: "desk-search-households",
                    rows: vec![
                        go("/desk/households/1", "曾玉兰", "新城镇 野麻湾村 · 农村家庭 · 蔡志生 律师"),
                        go("/desk/households/2", "曾国庆", "文殊镇 河口村 · 农村家庭 · 还没人负责"),
                    ],
                    more: "/desk/households?q=zeng".into(),
                },
                SearchGroup {
                    title: "desk-search-workers",
                    rows: vec![go("/desk/workers/1", "曾敏", "甘肃正义律师事务所 · 律师")],
                    more: String::new(),
                },
            ],
        };
        let nothing = Self { groups: Vec::new(), ..found.clone() };
        let refused = Self {
            refused: "电话和身份证号不在这里查，最多写后四位。".into(), ..nothing.clone()
        };
        vec![found, nothing, refused]
    }
}

/// This file's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<SearchPage>()]
}
