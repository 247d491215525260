//! The catalogue of services, and what one of them takes.

use serde::Serialize;

use crate::look::parts::{Fact, Go};
use crate::look::{Layout, Say, View};

/// Services by what somebody comes for.
#[derive(Debug, Serialize)]
pub struct Services {
    /// What was looked for, as typed.
    pub query: String,
    /// Groups with at least one service.
    pub groups: Vec<ServiceGroup>,
}

/// Services for one need.
#[derive(Debug, Serialize)]
pub struct ServiceGroup {
    /// The need, in words; empty where a search has mixed them.
    pub title: String,
    /// The services.
    pub rows: Vec<Go>,
}

/// One service: for whom, what to bring, how long, what it costs, and the way to it.
#[derive(Debug, Serialize)]
pub struct Guide {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// For whom, how long, what it costs, the law.
    pub facts: Vec<Fact>,
    /// What to bring; may be empty.
    pub bring: Vec<String>,
    /// Where to begin.
    pub href: String,
    /// What the button says.
    pub go: String,
}

impl View for Services {
    const TEMPLATE: &'static str = "pages/public/services";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("services-title")
    }

    fn samples() -> Vec<Self> {
        let go = |code: &str, title: &str, note: &str| Go {
            href: format!("/zh/620200/services/{code}"),
            tile: String::new(),
            title: title.to_owned(),
            note: note.to_owned(),
        };
        let rows = vec![
            go("legal-aid", "申请法律援助", "不收费。七日内决定。"),
            go("aid-check", "看看能不能申请法律援助", "答几个问题，两分钟"),
        ];
        vec![
            Self { query: String::new(), groups: vec![ServiceGroup { title: "请律师".to_owned(), rows }] },
            Self { query: "量子".to_owned(), groups: Vec::new() },
        ]
    }
}

impl View for Guide {
    const TEMPLATE: &'static str = "pages/public/service";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let facts = vec![
            Fact::new("service-who", "有纠纷的任何一方；对方也要愿意"),
            Fact::new("service-time", "一般一个月内谈完"),
            Fact::new("service-fee", "不收费"),
        ];
        let full = Self {
            name: "申请人民调解".to_owned(),
            about: "请调解员两边说合。".to_owned(),
            facts,
            bring: vec!["身份证".to_owned(), "有关的单据、照片".to_owned()],
            href: "/zh/620200/mediation/apply".to_owned(),
            go: "申请调解".to_owned(),
        };
        let bare = Self {
            name: "看办到哪一步了".to_owned(),
            about: "用编号和电话查。".to_owned(),
            facts: Vec::new(),
            bring: Vec::new(),
            href: "/zh/620200/progress".to_owned(),
            go: "查进度".to_owned(),
        };
        vec![full, bare]
    }
}
