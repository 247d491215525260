//! The list of households with its search and filters.

use falin_domain::directory::{Category, HouseholdKind};
use serde::Serialize;

use crate::look::desk::{Filters, Link, filter_options, with_words};
use crate::look::parts::{Field, FieldOption, Pager};
use crate::look::{Layout, Say, View};

/// The list with its search.
#[derive(Clone, Serialize)]
pub struct HouseholdList {
    /// How many match, in words.
    pub count: String,
    /// Search and filters.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<HouseholdRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
    /// Whether the visitor may upload a roster.
    pub may_import: bool,
}

/// One row of the list. Names are clear to staff of the place, the phone is masked.
#[derive(Clone, Serialize)]
pub struct HouseholdRow {
    /// Its page.
    pub href: String,
    /// The head's name.
    pub head: String,
    /// Village with its township.
    pub place: String,
    /// Text key of the kind.
    pub kind: String,
    /// Categories in words, joined by 、; may be empty.
    pub categories: String,
    /// `138****1234`; may be empty.
    pub phone: String,
    /// Who is responsible; None where nobody is.
    pub provider: Option<Link>,
}

/// What is searched for and chosen in the list, as the address has it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct HouseholdFilter {
    /// Name, pinyin, village or the last four digits of a phone.
    pub find: String,
    /// Kind's code.
    pub kind: String,
    /// Division code of a township or village.
    pub village: String,
    /// `yes`, `no` or empty.
    pub paired: String,
    /// Category's code.
    pub category: String,
    /// Id of the firm that looks after them, as a firm's page links it.
    pub provider: String,
    /// Where the next page begins.
    pub cursor: String,
}

impl HouseholdFilter {
    /// The filters with what was chosen; `villages` are the divisions that this visitor sees.
    pub fn filters(&self, say: &Say<'_>, villages: Vec<FieldOption>) -> Filters {
        let kinds: Vec<_> = HouseholdKind::ALL.iter().map(|kind| kind.code()).collect();
        let categories: Vec<_> = Category::ALL.iter().map(|category| category.code()).collect();
        let mut places = vec![FieldOption::new("", say.t("desk-any"), &self.village)];
        places.extend(villages);
        let fields = vec![
            Field::input("search", "find", "desk-household-q").value(&self.find),
            Field::select(
                "kind",
                "desk-household-kind",
                filter_options(say, "desk-household-kind", &kinds, &self.kind),
            ),
            Field::select("village", "desk-household-village", places),
            Field::select(
                "paired",
                "desk-household-paired",
                filter_options(say, "desk-household-paired", &["yes", "no"], &self.paired),
            ),
            Field::select(
                "category",
                "desk-household-category",
                filter_options(say, "desk-household-category", &categories, &self.category),
            ),
        ];
        Filters::new("/desk/households", fields)
    }
}

impl View for HouseholdList {
    const TEMPLATE: &'static str = "pages/desk/household/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-household-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let villages = vec![FieldOption::new("620200102201", "新城镇 野麻湾村", "")];
            let filter = HouseholdFilter { find: "zeng".into(), ..HouseholdFilter::default() };
            let found = Self {
                count: "共 11,570 户".into(),
                filters: HouseholdFilter::default().filters(say, villages.clone()),
                rows: sample_rows(),
                pager: Pager { back: String::new(), more: "/desk/households?cursor=b2Zm".into() },
                may_write: true,
                may_import: true,
            };
            let none = Self {
                count: "共 0 户".into(),
                filters: filter.filters(say, villages.clone()),
                rows: Vec::new(),
                pager: Pager::default(),
                may_write: false,
                may_import: false,
            };
            let empty = Self { filters: HouseholdFilter::default().filters(say, villages), ..none.clone() };
            vec![found, none, empty]
        })
    }
}

fn sample_rows() -> Vec<HouseholdRow> {
    let row =
        |head: &str, place: &str, kind: &str, categories: &str, phone: &str, provider: &str| HouseholdRow {
            href: "/desk/households/1".into(),
            head: head.into(),
            place: place.into(),
            kind: kind.into(),
            categories: categories.into(),
            phone: phone.into(),
            provider: (!provider.is_empty()).then(|| Link::new("/desk/workers/1", provider)),
        };
    let (rural, urban) = ("desk-household-kind-rural", "desk-household-kind-urban");
    vec![
        row("曾玉兰", "新城镇 野麻湾村", rural, "", "139****2480", "蔡志生 律师"),
        row("马建国", "新城镇 横沟村", rural, "60 岁以上、留守", "175****6720", "贾浩 律师"),
        row("阿卜杜拉·买买提", "峪泉镇 嘉峪关村", rural, "", "136****0917", "才让卓玛 律师"),
        row("单于秀英", "文殊镇 河口村", rural, "残疾", "0937****123", ""),
        row("王国庆", "雄关街道 福民社区", urban, "低保", "133****5518", "甘肃雄关律师事务所"),
        row("仇桂花", "钢城街道 昌明社区", urban, "低保、残疾", "", "甘肃明德律师事务所"),
    ]
}
