//! Households: the list, one household, and a lawyer's own list; the form is in `household/form.rs`.

mod form;
mod mine;

use serde::Serialize;

use super::{Filters, Form, Link, code_options, filter_options, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
use falin_app::household::RevealReason;
use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::refusal::Refusal;
pub use form::{HouseholdEdit, HouseholdTyped};
pub use mine::{MyHousehold, MyHouseholds};

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

/// One household. Sealed fields are masked unless they were revealed a moment ago.
#[derive(Clone, Serialize)]
pub struct HouseholdPage {
    /// The head's name.
    pub head: String,
    /// Village with its township.
    pub place: String,
    /// Text key of the kind.
    pub kind: String,
    /// Moved away: the household is kept, and no longer due.
    pub left: bool,
    /// Who is responsible now; None where nobody is.
    pub now: Option<Responsible>,
    /// Village, grid, address, phones, ID number, note: masked or in clear.
    pub facts: Vec<Fact>,
    /// The form that asks why; None where revealed or not allowed.
    pub reveal: Option<Form>,
    /// That everything is shown and who will see that it was; None where masked.
    pub revealed: Option<Notice>,
    /// The other members.
    pub members: Vec<Member>,
    /// Categories, past ones too.
    pub categories: Vec<CategoryRow>,
    /// Past and present pairings, newest first.
    pub history: Vec<PairingRow>,
    /// The day asked about (ISO), empty before asking.
    pub on: String,
    /// Who was responsible on that day, or that nobody was; empty before asking.
    pub answer: String,
    /// The contact card.
    pub card: Card,
    /// Who has read it, newest first, at most ten.
    pub readers: Vec<Reader>,
    /// The form's page; empty where the visitor may not change it.
    pub edit: String,
    /// Where it is noted that the household has left; empty where it has, or without the right.
    pub leave: String,
    /// This page's address, to which the date is asked.
    pub href: String,
}

/// Who is responsible now.
#[derive(Clone, Serialize)]
pub struct Responsible {
    /// The lawyer or firm.
    pub provider: Link,
    /// Telephone as read; may be empty.
    pub phone: String,
    /// Since when, in words.
    pub since: String,
    /// Text key of why (`household-why-plan`).
    pub why: String,
    /// Consent of both sides where the county wants it.
    pub consent: Option<State>,
}

/// A member of the household besides its head.
#[derive(Clone, Serialize)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Text key of the relation to the head.
    pub relation: String,
    /// Since when, in words; may be empty.
    pub since: String,
}

/// A dated category.
#[derive(Clone, Serialize)]
pub struct CategoryRow {
    /// Text key.
    pub category: String,
    /// From when to when, in words.
    pub span: String,
    /// Whether it has ended.
    pub ended: bool,
}

/// A span of responsibility.
#[derive(Clone, Serialize)]
pub struct PairingRow {
    /// The lawyer or firm.
    pub provider: Link,
    /// From when to when, in words.
    pub span: String,
    /// Text key of why it began.
    pub why: String,
    /// The reason that a person gave; may be empty.
    pub reason: String,
}

/// A household's contact card.
#[derive(Clone, Serialize)]
pub struct Card {
    /// In use, revoked or not yet made.
    pub state: State,
    /// When made and last printed, in words; may be empty.
    pub facts: Vec<String>,
    /// Page to print; empty where there is no live card or no right.
    pub print: String,
    /// Where a new one is asked for, the old one revoked with it; empty without the right.
    pub renew: String,
    /// Whether `renew` makes the first one.
    pub first: bool,
    /// Where it is revoked; empty where there is nothing to revoke.
    pub revoke: String,
}

/// One reading of the household.
#[derive(Clone, Serialize)]
pub struct Reader {
    /// Who.
    pub name: String,
    /// When, in words.
    pub when: String,
    /// Why, where sealed fields were revealed; may be empty.
    pub why: String,
}

/// The form that reveals: one reason of a closed list, kept in the journal, which holds no words about people.
pub fn reveal_form(href: &str, say: &Say<'_>) -> Form {
    let reasons: Vec<_> = RevealReason::ALL.iter().map(|reason| reason.code()).collect();
    let reasons = code_options(say, "desk-household-reveal-for", &reasons, "");
    Form::post(format!("{href}/reveal"))
        .field(
            Field::radios("reason", "desk-household-reveal-why", reasons).hint("desk-household-reveal-hint"),
        )
        .button(Button::submit("outline", say.t("desk-household-reveal-act")))
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

impl View for HouseholdPage {
    const TEMPLATE: &'static str = "pages/desk/household/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.head.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let masked = sample_page(say);
            let revealed = Self {
                reveal: None,
                revealed: Some(Notice::new(
                    "caution",
                    "全部号码已显示。",
                    "11月23日 9:12 由您查看，原因：约走访时间。",
                )),
                facts: sample_facts("175 5105 6720、0937-622 6123", "620201 19620312 0025", "二组 17 号"),
                on: "2026-03-01".into(),
                answer: "2026年3月1日(周日) 负责的是 宋平 律师（正义所）".into(),
                ..masked.clone()
            };
            let bare = Self {
                left: true,
                now: None,
                reveal: None,
                members: Vec::new(),
                categories: Vec::new(),
                history: Vec::new(),
                readers: Vec::new(),
                card: Card {
                    state: State { fill: "empty", word: "还没有做".into() },
                    facts: Vec::new(),
                    print: String::new(),
                    renew: "/desk/households/1/card".into(),
                    first: true,
                    revoke: String::new(),
                },
                edit: String::new(),
                leave: String::new(),
                ..masked.clone()
            };
            let no_reason = Refusal::field("reason", "reason.missing");
            let refused = Self {
                reveal: Some(reveal_form("/desk/households/1", say).refused(say, &no_reason)),
                ..masked.clone()
            };
            vec![masked, revealed, bare, refused]
        })
    }
}

fn sample_facts(phone: &str, id: &str, address: &str) -> Vec<Fact> {
    vec![
        Fact::new("desk-household-village", "新城镇 横沟村").note("620200 102 202"),
        Fact::new("desk-household-grid", "横沟一网格").note("网格员 杨玲"),
        Fact::new("desk-household-address", address),
        Fact::new("desk-household-phone", phone),
        Fact::new("desk-household-id-number", id),
        Fact::new("desk-household-note", "上午在地里，下午打"),
    ]
}

fn sample_page(say: &Say<'_>) -> HouseholdPage {
    let pairing = |name: &str, span: &str, why: &str, reason: &str| PairingRow {
        provider: Link::new("/desk/workers/1", name),
        span: span.into(),
        why: format!("desk-household-why-{why}"),
        reason: reason.into(),
    };
    let reader =
        |name: &str, when: &str, why: &str| Reader { name: name.into(), when: when.into(), why: why.into() };
    let member = |name: &str, relation: &str, since: &str| Member {
        name: name.into(),
        relation: format!("desk-household-relation-{relation}"),
        since: since.into(),
    };
    HouseholdPage {
        head: "马建国".into(),
        place: "新城镇 横沟村".into(),
        kind: "desk-household-kind-rural".into(),
        left: false,
        now: Some(Responsible {
            provider: Link::new("/desk/workers/1", "贾浩 律师"),
            phone: "136 0937 0917".into(),
            since: "2026年6月1日 起".into(),
            why: "desk-household-why-plan".into(),
            consent: Some(State { fill: "half", word: "律师已答应，等住户答应".into() }),
        }),
        facts: sample_facts("175****6720、0937****123", "6202**********0025", "已登记，没有显示"),
        reveal: Some(reveal_form("/desk/households/1", say)),
        revealed: None,
        members: vec![member("李秀英", "spouse", "2026年3月2日"), member("马小军", "child", "2026年3月2日")],
        categories: vec![
            CategoryRow {
                category: "desk-household-category-elderly".into(),
                span: "2022年3月12日 起".into(),
                ended: false,
            },
            CategoryRow {
                category: "desk-household-category-low-income".into(),
                span: "2021年1月1日 到 2024年12月31日".into(),
                ended: true,
            },
        ],
        history: vec![
            pairing("贾浩 律师", "2026年6月1日 至今", "plan", ""),
            pairing("宋平 律师", "2025年7月1日 到 2026年5月31日", "override", "住户是宋律师的老当事人"),
            pairing("才让卓玛 律师", "2025年1月1日 到 2025年6月30日", "roster", ""),
        ],
        on: String::new(),
        answer: String::new(),
        card: Card {
            state: State { fill: "done", word: "在用".into() },
            facts: vec!["2026年6月1日 做的".into(), "最近一次打印：2026年6月3日".into()],
            print: "/desk/households/1/card".into(),
            renew: "/desk/households/1/card".into(),
            first: false,
            revoke: "/desk/households/1/card/revoke".into(),
        },
        readers: vec![
            reader("杨玲（窗口）", "今天 9:12", ""),
            reader("周敏（本县管理员）", "昨天 16:40", "约走访时间"),
        ],
        edit: "/desk/households/1/edit".into(),
        leave: "/desk/households/1/leave?version=3".into(),
        href: "/desk/households/1".into(),
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<HouseholdList>(),
        sampled::<HouseholdPage>(),
        sampled::<HouseholdEdit>(),
        sampled::<MyHouseholds>(),
    ]
}
