//! The first page: which county, then what do you need.

use serde::Serialize;

use crate::look::parts::Choice;
use crate::look::{Layout, Say, View};

/// Several counties on one server: which one is yours?
#[derive(Debug, Serialize)]
pub struct Chooser {
    /// The counties, by name.
    pub counties: Vec<Choice>,
}

impl View for Chooser {
    const TEMPLATE: &'static str = "pages/public/chooser";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("chooser-title")
    }

    fn samples() -> Vec<Self> {
        let county = |code: &str, name: &str| Choice::noted(format!("/zh/{code}/"), name, "");
        vec![Self { counties: vec![county("620200", "嘉峪关市"), county("330822", "常山县")] }]
    }
}

/// A county's first page.
#[derive(Debug, Serialize)]
pub struct Home {
    /// Townships and streets with the count of their villages; a county without any shows the search alone.
    pub townships: Vec<Choice>,
    /// The county's centre for those who come in person.
    pub centre: Option<Centre>,
}

/// Where to go in person.
#[derive(Debug, Serialize)]
pub struct Centre {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Where it is; may be empty.
    pub address: String,
    /// When it is open, in the county's words; may be empty.
    pub hours: String,
}

impl View for Home {
    const TEMPLATE: &'static str = "pages/public/home";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("home-title")
    }

    fn samples() -> Vec<Self> {
        let place = |code: &str, name: &str, unit, n| {
            Choice::counted(format!("/zh/620200/places/{code}"), name, unit, n)
        };
        let townships = vec![
            place("620201100", "新城镇", "count-villages", 8),
            place("620201101", "峪泉镇", "count-villages", 3),
            place("620201102", "文殊镇", "count-villages", 6),
            place("620201001", "雄关街道", "count-communities", 17),
            place("620201002", "钢城街道", "count-communities", 14),
        ];
        let centre = Centre {
            href: "/zh/620200/facilities/1".to_owned(),
            name: "嘉峪关市公共法律服务中心".to_owned(),
            address: "建设路 3 号，进门右手".to_owned(),
            hours: "工作日 9:00–12:00，14:00–18:00".to_owned(),
        };
        vec![Self { townships, centre: Some(centre) }, Self { townships: Vec::new(), centre: None }]
    }
}
