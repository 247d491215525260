//! Pairing plans: list, one plan beside today's pairing; its households, overrides and settings are in their own files.

mod rows;
mod settings;

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Figure, LoadRow, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
pub use rows::{Candidate, OverrideTyped, PlanMove, PlanMoves, PlanOverride, PlanProviders};
pub use settings::{PlanSettings, SettingsTyped};

/// Every plan, newest first.
#[derive(Clone, Serialize)]
pub struct PlanList {
    /// Who makes plans may make one: the place to plan for, and the button.
    pub make: Option<Form>,
    /// This page's rows.
    pub rows: Vec<PlanRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One plan of the list.
#[derive(Clone, Serialize)]
pub struct PlanRow {
    /// Its page.
    pub href: String,
    /// Its name in words: 第3稿.
    pub name: String,
    /// When, by whom and for which place, in words.
    pub who: String,
    /// Placed, unplaced, moved, in words.
    pub what: String,
    /// Waiting, in effect, undone, dropped.
    pub state: State,
}

/// One plan.
#[derive(Clone, Serialize)]
pub struct PlanPage {
    /// Its name in words: 第3稿.
    pub name: String,
    /// Waiting, in effect, undone, dropped.
    pub state: State,
    /// Where drop, commit and undo are posted, as `act`.
    pub action: String,
    /// Drop, export, commit (its words name what will happen) – or undo.
    pub buttons: Vec<Button>,
    /// What changed since the plan was made, so that it was refused as a whole; None for nothing.
    pub refused: Option<Notice>,
    /// Placed, unplaced (leads to `#unplaced` while there are any), moved, share of own village, fullest.
    pub figures: Vec<Figure>,
    /// The plan beside today, figure by figure.
    pub compare: Vec<Compare>,
    /// Villages with households that nobody can take.
    pub unplaced: Vec<Unplaced>,
    /// Providers, the fullest first, at most ten.
    pub loads: Vec<LoadRow>,
    /// Further lists in words: all providers, moved households, cards to reprint.
    pub links: Vec<Link>,
    /// Households that a person placed otherwise than proposed.
    pub overrides: Vec<Override>,
    /// The plan's households, where one is overridden; empty where it cannot be any more.
    pub change: String,
}

/// One figure today and with the plan.
#[derive(Clone, Serialize)]
pub struct Compare {
    /// Text key of what is counted.
    pub label: &'static str,
    /// Today, as read.
    pub now: String,
    /// With the plan, as read.
    pub plan: String,
    /// The difference, as read; empty for none.
    pub change: String,
}

/// A village whose households nobody can take.
#[derive(Clone, Serialize)]
pub struct Unplaced {
    /// Village with its township.
    pub village: String,
    /// Households counted, in words.
    pub households: String,
    /// Why, in words.
    pub reason: String,
    /// How many more places are needed, in words.
    pub shortfall: String,
    /// What would help, in words; leads to where it is done.
    pub help: Link,
}

/// A household that a person placed otherwise.
#[derive(Clone, Serialize)]
pub struct Override {
    /// The household.
    pub household: Link,
    /// The provider chosen.
    pub provider: String,
    /// Why, and who decided.
    pub reason: String,
    /// Where it is taken back; empty where it cannot be any more.
    pub undo: String,
}

impl View for PlanList {
    const TEMPLATE: &'static str = "pages/desk/plan/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plan-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |name: &str, who: &str, what: &str, fill: &'static str, word: &str| PlanRow {
                href: "/desk/plans/3".into(),
                name: name.into(),
                who: who.into(),
                what: what.into(),
                state: State { fill, word: word.into() },
            };
            let city = FieldOption::new("620200", "嘉峪关市", "620200");
            let full = Self {
                make: Some(PlanList::make(say, vec![city], None)),
                rows: vec![
                    row(
                        "第3稿",
                        "今天 9:02，周敏，全市",
                        "安排 6,190 户，安排不了 6 户，换 214 户",
                        "half",
                        "待确认",
                    ),
                    row("第2稿", "11月20日，周敏，全市", "安排 6,182 户，安排不了 14 户", "empty", "已放弃"),
                    row("第1稿", "6月1日，周敏，全市", "安排 6,173 户", "done", "已生效"),
                ],
                pager: Pager::default(),
            };
            let none = Self { rows: Vec::new(), ..full.clone() };
            let reader = Self { make: None, ..full.clone() };
            vec![full, none, reader]
        })
    }
}

impl PlanList {
    /// The form that makes a plan for one of `places`.
    pub fn make(say: &Say<'_>, places: Vec<FieldOption>, refusal: Option<&Refusal>) -> Form {
        Form::post("/desk/plans")
            .field(Field::select("place", "desk-plan-place", places))
            .button(Button::submit("primary", say.t("desk-plan-make")))
            .maybe_refused(say, refusal)
    }
}

impl View for PlanPage {
    const TEMPLATE: &'static str = "pages/desk/plan/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} {}", say.t("desk-plan-title"), self.name)
    }

    fn samples() -> Vec<Self> {
        let waiting = sample_plan();
        let changed = Self {
            refused: Some(
                Notice::new(
                    "danger",
                    "没有生效，什么都没改。",
                    "做方案以后，才让卓玛离开了，新城镇又来了 3 户。",
                )
                .link("/desk/plans", "重做一份"),
            ),
            ..waiting.clone()
        };
        let committed = Self {
            state: State { fill: "done", word: "已生效".into() },
            buttons: vec![
                Button::link("outline", "要重印的联络卡 214 张", "/desk/cards?plan=3"),
                Button::submit("refuse", "撤回这份方案").named("act", "undo"),
            ],
            unplaced: Vec::new(),
            overrides: Vec::new(),
            change: String::new(),
            figures: waiting
                .figures
                .iter()
                .map(|one| Figure { href: String::new(), ..one.clone() })
                .collect(),
            ..waiting.clone()
        };
        vec![waiting, changed, committed]
    }
}

fn sample_plan() -> PlanPage {
    let figure = |label: &'static str, value: &str, unit: &'static str, href: &str| Figure {
        label,
        value: value.into(),
        unit,
        href: href.into(),
    };
    let compare = |label: &'static str, now: &str, plan: &str, change: &str| Compare {
        label,
        now: now.into(),
        plan: plan.into(),
        change: change.into(),
    };
    PlanPage {
        name: "第3稿".into(),
        state: State { fill: "half", word: "待确认".into() },
        action: "/desk/plans/3/actions".into(),
        buttons: vec![
            Button::submit("primary", "确认并生效（会换 214 户的律师）").named("act", "commit"),
            Button::link("outline", "导出", "/desk/plans/3.xlsx"),
            Button::submit("low", "放弃").named("act", "drop"),
        ],
        refused: None,
        figures: vec![
            figure("desk-plan-placed", "6,190", "desk-unit-household", ""),
            figure("desk-plan-unplaced", "6", "desk-unit-household", "#unplaced"),
            figure("desk-plan-moved", "214", "desk-unit-household", "/desk/plans/3/moves"),
            figure("desk-plan-own-village", "93.1", "desk-unit-percent", ""),
            figure("desk-plan-fullest", "93", "desk-unit-percent", ""),
        ],
        compare: vec![
            compare("desk-plan-placed", "6,173 户", "6,190 户", "+17"),
            compare("desk-plan-own-village", "91.8%", "93.1%", "+1.3"),
            compare("desk-plan-same-township", "6.0%", "5.2%", "−0.8"),
            compare("desk-plan-fullest", "104%", "93%", "−11"),
            compare("desk-plan-balance", "523,910", "498,204", "−25,706"),
        ],
        unplaced: vec![
            Unplaced {
                village: "文殊镇 河口村".into(),
                households: "6 户".into(),
                reason: "两位可去的律师都满了，另一位和村里有利益冲突".into(),
                shortfall: "缺 6 户".into(),
                help: Link::new("/desk/workers/1/edit", "给宋平加 6 户上限"),
            },
            Unplaced {
                village: "钢城街道 昌明社区".into(),
                households: "11 户".into(),
                reason: "名册里写明的律所已经停业".into(),
                shortfall: "缺 11 户".into(),
                help: Link::new("/desk/firms", "看看别的律所"),
            },
        ],
        loads: sample_loads(),
        links: vec![
            Link::new("/desk/plans/3/providers", "全部 76 位"),
            Link::new("/desk/plans/3/moves", "只看换律师的 214 户"),
            Link::new("/desk/cards?plan=3", "要重印的联络卡 214 张"),
        ],
        overrides: vec![Override {
            household: Link::new("/desk/households/1", "马建国（横沟村）"),
            provider: "宋平 律师".into(),
            reason: "住户是宋律师的老当事人。周敏，今天 9:20".into(),
            undo: "/desk/plans/3/overrides/1/undo".into(),
        }],
        change: "/desk/plans/3/moves".into(),
    }
}

pub(super) fn sample_loads() -> Vec<LoadRow> {
    let load = |name: &str, note: &str, places: &str, load: u32, capacity: u32, now: u32| LoadRow {
        note: note.into(),
        places: places.into(),
        ..LoadRow::new(name, "/desk/workers/1", load, capacity, now)
    };
    vec![
        load("蔡志生", "雄关所", "野麻湾村、中沟村", 88, 95, 80),
        load("贾浩", "嘉峪所", "横沟村", 86, 92, 91),
        load("宋平", "正义所", "长城村、观蒲村", 84, 90, 84),
        load("吴玲", "金诚所", "新城村", 79, 85, 60),
        load("才让卓玛", "明德所", "嘉峪关村、黄草营村", 77, 84, 79),
    ]
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<PlanList>(),
        sampled::<PlanPage>(),
        sampled::<PlanMoves>(),
        sampled::<PlanOverride>(),
        sampled::<PlanSettings>(),
        sampled::<PlanProviders>(),
    ]
}
