//! One window for everything (一窗受理): what somebody comes for, and where to begin it.

use serde::Serialize;

use crate::look::desk::Link;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What the window can begin.
#[derive(Serialize)]
pub struct Window {
    /// What was looked for, as typed.
    pub query: String,
    /// Services that fit.
    pub rows: Vec<Served>,
    /// Flows of the county's own that the reader may begin.
    pub own: Vec<Link>,
}

/// A service at the window.
#[derive(Serialize)]
pub struct Served {
    /// Its name.
    pub name: String,
    /// For whom.
    pub who: String,
    /// What to bring, in one line; may be empty.
    pub bring: String,
    /// How long it takes.
    pub time: String,
    /// Where the reader begins it; empty where nothing is opened for it.
    pub start: String,
    /// The residents' page about it, to read out or to print.
    pub guide: String,
}

impl View for Window {
    const TEMPLATE: &'static str = "pages/desk/service/window";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-service-title")
    }

    fn samples() -> Vec<Self> {
        let row = |start: &str, bring: &str| Served {
            name: "申请法律援助".to_owned(),
            who: "经济困难的公民".to_owned(),
            bring: bring.to_owned(),
            time: "七日内决定".to_owned(),
            start: start.to_owned(),
            guide: "/zh/620200/services/legal-aid".to_owned(),
        };
        let own = vec![Link::new("/desk/workflows/petition/visit/new", "登记来访")];
        vec![
            Self {
                query: String::new(), rows: vec![row("/desk/legal-aid/new", "身份证"), row("", "")], own
            },
            Self { query: "量子".to_owned(), rows: Vec::new(), own: Vec::new() },
        ]
    }
}

/// These views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Window>()]
}
