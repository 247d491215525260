//! The directory: legal workers, firms and facilities, searched by name, pinyin and place.

use serde::Serialize;

use super::place::Adviser;
use crate::look::parts::{Call, Fact, Field, FieldOption, Go, Pager};
use crate::look::{Layout, Say, View};

/// Legal workers: search results and directory in one.
#[derive(Debug, Serialize)]
pub struct Workers {
    /// What was searched for; may be empty.
    pub query: String,
    /// Drop-down filters `place`, `kind`, `specialty`, `language`, those that the county can use.
    pub filters: Vec<Field>,
    /// Whether a search or filter is on.
    pub narrowed: bool,
    /// Whether a filter is on, which shows the filters.
    pub filtered: bool,
    /// What was wrong with the search (more than four digits in a row); may be empty.
    pub fault: String,
    /// Villages of the name that was searched for.
    pub places: Vec<Go>,
    /// This page's rows.
    pub rows: Vec<WorkerRow>,
    /// The neighbouring pages.
    pub pager: Pager,
}

/// One legal worker in a list.
#[derive(Clone, Debug, Serialize)]
pub struct WorkerRow {
    /// Their page.
    pub href: String,
    /// Full name.
    pub name: String,
    /// Text key of the title (`title-lawyer`).
    pub title: &'static str,
    /// Their firm; may be empty.
    pub firm: String,
    /// Villages that they advise; may be empty.
    pub villages: String,
    /// What they do most; may be empty.
    pub specialties: String,
}

impl WorkerRow {
    fn sample() -> Self {
        Self {
            href: "/zh/620200/workers/1".to_owned(),
            name: "蔡志生".to_owned(),
            title: "title-lawyer",
            firm: "甘肃雄关律师事务所".to_owned(),
            villages: "野麻湾村、中沟村".to_owned(),
            specialties: "医疗、劳动、刑事".to_owned(),
        }
    }
}

/// The filter of places as the public directory shows it.
fn sample_filters() -> Vec<Field> {
    let option = |value: &str, label: &str| FieldOption::new(value, label, "620201100");
    let places = vec![option("", "全部地方"), option("620201100", "新城镇")];
    let kinds = vec![option("", "全部"), option("lawyer", "律师")];
    vec![
        Field::select("place", "filter-place", places),
        Field::select("kind", "filter-kind", kinds),
        Field::select("specialty", "filter-specialty", vec![option("", "全部"), option("劳动", "劳动")]),
        Field::select(
            "language",
            "filter-language",
            vec![option("", "全部"), option("维吾尔语", "维吾尔语")],
        ),
    ]
}

impl View for Workers {
    const TEMPLATE: &'static str = "pages/public/workers";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("workers-title")
    }

    fn samples() -> Vec<Self> {
        let page = |query: &str, rows, pager| Self {
            query: query.to_owned(),
            filters: sample_filters(),
            narrowed: !query.is_empty(),
            filtered: query.starts_with("没"),
            fault: String::new(),
            places: Vec::new(),
            rows,
            pager,
        };
        let plain = WorkerRow { villages: String::new(), specialties: String::new(), ..WorkerRow::sample() };
        let pager = Pager { back: "?cursor=a".to_owned(), more: "?cursor=b".to_owned() };
        let village = Go {
            href: "/zh/620200/villages/620201100200".to_owned(),
            tile: String::new(),
            title: "野麻湾村".to_owned(),
            note: "新城镇".to_owned(),
        };
        vec![
            Self { places: vec![village], ..page("野麻湾", vec![WorkerRow::sample()], Pager::default()) },
            page("caizhisheng", vec![WorkerRow::sample(), plain], pager),
            page("没有这个人", Vec::new(), Pager::default()),
            Self {
                fault: "这里不能用电话查".to_owned(),
                ..page("13912345678", Vec::new(), Pager::default())
            },
            page("", Vec::new(), Pager::default()),
        ]
    }
}

/// One legal worker.
#[derive(Debug, Serialize)]
pub struct Worker {
    /// The person.
    pub adviser: Adviser,
    /// The firm's page; empty for none.
    pub firm_href: String,
    /// The villages that they advise.
    pub villages: Vec<Go>,
}

impl View for Worker {
    const TEMPLATE: &'static str = "pages/public/worker";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} {}", self.adviser.name, say.t(self.adviser.title))
    }

    fn samples() -> Vec<Self> {
        let village = Go {
            href: "/zh/620200/villages/620201100200".to_owned(),
            tile: String::new(),
            title: "野麻湾村".to_owned(),
            note: "新城镇".to_owned(),
        };
        let firm_href = "/zh/620200/firms/1".to_owned();
        vec![
            Self { adviser: Adviser::sample(), firm_href, villages: vec![village] },
            Self { adviser: Adviser::bare(), firm_href: String::new(), villages: Vec::new() },
        ]
    }
}

/// Firms by name.
#[derive(Debug, Serialize)]
pub struct Firms {
    /// What was searched for; may be empty.
    pub query: String,
    /// This page's rows: name, address.
    pub rows: Vec<Go>,
    /// The neighbouring pages.
    pub pager: Pager,
}

impl View for Firms {
    const TEMPLATE: &'static str = "pages/public/firms";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("firms-title")
    }

    fn samples() -> Vec<Self> {
        let row = Go {
            href: "/zh/620200/firms/1".to_owned(),
            tile: String::new(),
            title: "甘肃雄关律师事务所".to_owned(),
            note: "嘉峪关市新华中路 12 号".to_owned(),
        };
        let pager = Pager { back: String::new(), more: "?cursor=b".to_owned() };
        vec![
            Self { query: "雄关".to_owned(), rows: vec![row], pager },
            Self { query: "无".to_owned(), rows: Vec::new(), pager: Pager::default() },
        ]
    }
}

/// One firm with its people.
#[derive(Debug, Serialize)]
pub struct Firm {
    /// Its name.
    pub name: String,
    /// Text key of its kind (`firm-kind-law-firm`).
    pub kind: &'static str,
    /// The call button; None where no number is public.
    pub call: Option<Call>,
    /// Address, head, credit code: what is known.
    pub facts: Vec<Fact>,
    /// Its legal workers.
    pub workers: Vec<WorkerRow>,
}

impl View for Firm {
    const TEMPLATE: &'static str = "pages/public/firm";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let firm = |call, facts, workers| Self {
            name: "甘肃雄关律师事务所".to_owned(),
            kind: "firm-kind-law-firm",
            call,
            facts,
            workers,
        };
        let facts = vec![
            Fact::new("fact-address", "新华中路 12 号"),
            Fact::new("fact-head", "江浩波"),
            Fact::new("fact-uscc", "31620000MD00000167"),
        ];
        vec![
            firm(Call::new("", false, "0937-6226123"), facts, vec![WorkerRow::sample()]),
            firm(None, Vec::new(), Vec::new()),
        ]
    }
}

/// Centres, stations and studios.
#[derive(Debug, Serialize)]
pub struct Facilities {
    /// The filter `place`; empty list for none.
    pub filters: Vec<Field>,
    /// Whether the filter is on.
    pub narrowed: bool,
    /// This page's rows: name, address and hours.
    pub rows: Vec<Go>,
    /// The neighbouring pages.
    pub pager: Pager,
}

impl View for Facilities {
    const TEMPLATE: &'static str = "pages/public/facilities";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("facilities-title")
    }

    fn samples() -> Vec<Self> {
        let row = Go {
            href: "/zh/620200/facilities/1".to_owned(),
            tile: String::new(),
            title: "嘉峪关市公共法律服务中心".to_owned(),
            note: "建设路 3 号 · 工作日 9:00–12:00".to_owned(),
        };
        let filters: Vec<_> = sample_filters().into_iter().take(1).collect();
        vec![
            Self { filters: filters.clone(), narrowed: true, rows: vec![row], pager: Pager::default() },
            Self { filters, narrowed: true, rows: Vec::new(), pager: Pager::default() },
        ]
    }
}

/// One facility.
#[derive(Debug, Serialize)]
pub struct Facility {
    /// Its name.
    pub name: String,
    /// Text key of its tier (`facility-kind-centre`).
    pub kind: &'static str,
    /// The call button; None where it has no number.
    pub call: Option<Call>,
    /// Address, hours, access for wheelchairs, place: what is known.
    pub facts: Vec<Fact>,
}

impl View for Facility {
    const TEMPLATE: &'static str = "pages/public/facility";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let facility = |call, facts| Self {
            name: "嘉峪关市公共法律服务中心".to_owned(),
            kind: "facility-kind-centre",
            call,
            facts,
        };
        let facts = vec![
            Fact::new("fact-address", "建设路 3 号").note("进门右手"),
            Fact::new("fact-hours", "工作日 9:00–12:00，14:00–18:00"),
            Fact::new("fact-place", "嘉峪关市"),
        ];
        vec![facility(Call::new("", false, "0937-6226123"), facts), facility(None, vec![])]
    }
}
