//! One household as staff see it; lists and forms are in `household/`.

mod belonging;
mod form;
mod list;
mod mine;

use serde::Serialize;

use super::{Form, Link, code_options, with_words};
use crate::look::parts::{Button, Fact, Field, Notice, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
pub use belonging::{BelongingEdit, CategoryTyped, MemberTyped};
use falin_app::household::RevealReason;
use falin_domain::refusal::Refusal;
pub use form::{HouseholdEdit, HouseholdTyped};
pub use list::{HouseholdFilter, HouseholdList, HouseholdRow};
pub use mine::{MyHousehold, MyHouseholds};

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
    /// Where somebody is entered; empty where the visitor may not.
    pub add_member: String,
    /// Categories, past ones too.
    pub categories: Vec<CategoryRow>,
    /// Where a category is entered with its dates; empty where the visitor may not.
    pub add_category: String,
    /// Past and present pairings, newest first.
    pub history: Vec<PairingRow>,
    /// The day asked about (ISO), empty before asking.
    pub on: String,
    /// Who was responsible on that day, or that nobody was; empty before asking.
    pub answer: String,
    /// The contact card.
    pub card: Card,
    /// Visits that the visitor may see, the latest first.
    pub visits: Vec<Link>,
    /// Where a visit is planned or entered; empty without the right.
    pub visit: String,
    /// Who has read it, newest first, at most ten.
    pub readers: Vec<Reader>,
    /// The form's page; empty where the visitor may not change it.
    pub edit: String,
    /// Where its restriction is begun; empty without the right.
    pub restrict: String,
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
}

/// A member of the household besides its head.
#[derive(Clone, Serialize)]
pub struct Member {
    /// The member's form; empty where the visitor may not change it.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the relation to the head.
    pub relation: String,
    /// ID number, masked or in clear; may be empty.
    pub number: String,
    /// From when to when, in words.
    pub since: String,
    /// Whether the person has left the household.
    pub ended: bool,
}

/// A dated category.
#[derive(Clone, Serialize)]
pub struct CategoryRow {
    /// The form of its dates; empty where the visitor may not change them.
    pub href: String,
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
                add_member: String::new(),
                categories: Vec::new(),
                add_category: String::new(),
                history: Vec::new(),
                visits: Vec::new(),
                visit: String::new(),
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
                restrict: String::new(),
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
    let member = |name: &str, relation: &str, number: &str, since: &str, ended: bool| Member {
        href: "/desk/households/1/members/2".into(),
        name: name.into(),
        relation: format!("desk-household-relation-{relation}"),
        number: number.into(),
        since: since.into(),
        ended,
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
        }),
        facts: sample_facts("175****6720、0937****123", "6202**********0025", "已登记，没有显示"),
        reveal: Some(reveal_form("/desk/households/1", say)),
        revealed: None,
        members: vec![
            member("李秀英", "spouse", "6202**********0026", "2026年3月2日 至今", false),
            member("马小军", "child", "", "2026年3月2日 到 2026年8月31日", true),
        ],
        add_member: "/desk/households/1/members/new".into(),
        add_category: "/desk/households/1/categories/new".into(),
        categories: vec![
            CategoryRow {
                href: "/desk/households/1/categories/5".into(),
                category: "desk-household-category-elderly".into(),
                span: "2022年3月12日 起".into(),
                ended: false,
            },
            CategoryRow {
                href: "/desk/households/1/categories/5".into(),
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
        visits: vec![Link::new("/desk/visits/1", "11月12日 送法上门 蔡志生")],
        visit: "/desk/visits/new?household=1".into(),
        readers: vec![
            reader("杨玲（窗口）", "今天 9:12", ""),
            reader("周敏（本县管理员）", "昨天 16:40", "约走访时间"),
        ],
        edit: "/desk/households/1/edit".into(),
        restrict: "/desk/households/1/restriction".into(),
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
        sampled::<BelongingEdit>(),
        sampled::<MyHouseholds>(),
    ]
}
