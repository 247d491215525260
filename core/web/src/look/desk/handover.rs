//! Handovers: who leaves, who takes their households, cases, bookings and duties; a lawyer's own leave.

use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::worker::{Leave, LeaveTyped, leave_form};
use super::{Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Figure, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Workers whose households wait, and handovers so far.
#[derive(Clone, Serialize)]
pub struct HandoverList {
    /// Whether the visitor may plan one.
    pub may_plan: bool,
    /// Leavers and people on leave with households that wait, most urgent first.
    pub waiting: Vec<Waiting>,
    /// Handovers, newest first.
    pub rows: Vec<HandoverRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// A worker whose households wait for somebody.
#[derive(Clone, Serialize)]
pub struct Waiting {
    /// The worker.
    pub worker: Link,
    /// Firm and villages.
    pub note: String,
    /// Leaves on, or on leave from when to when, in words.
    pub why: String,
    /// Households and open cases counted, in words.
    pub households: String,
    /// Where the handover is planned; empty without the right.
    pub plan: String,
}

/// One handover of the list.
#[derive(Clone, Serialize)]
pub struct HandoverRow {
    /// Its page.
    pub href: String,
    /// Whose.
    pub name: String,
    /// When and by whom, in words.
    pub who: String,
    /// What it moves, in words.
    pub what: String,
    /// Waiting, in effect, undone, dropped.
    pub state: State,
}

/// What was chosen.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HandoverTyped {
    /// The leaver's id.
    pub worker: String,
    /// First day of the successors (ISO).
    pub effective_on: String,
    /// `left` or `leave`.
    pub why: String,
}

/// Choosing the leaver.
#[derive(Clone, Serialize)]
pub struct HandoverNew {
    /// The form.
    pub form: Form,
}

impl HandoverNew {
    /// The form with what was chosen.
    pub fn new(
        say: &Say<'_>,
        workers: Vec<FieldOption>,
        typed: &HandoverTyped,
        refusal: Option<&Refusal>,
    ) -> Self {
        let why = super::code_options(say, "desk-handover-why", &["left", "leave"], &typed.why);
        let form = Form::post("/desk/handovers")
            .field(Field::select("worker", "desk-handover-worker", workers))
            .field(Field::radios("why", "desk-handover-why", why))
            .field(
                Field::input("date", "effective_on", "desk-handover-on")
                    .hint("desk-handover-on-hint")
                    .value(&typed.effective_on)
                    .width(10),
            )
            .button(Button::submit("primary", say.t("desk-handover-plan")))
            .maybe_refused(say, refusal);
        Self { form }
    }
}

/// One handover.
#[derive(Clone, Serialize)]
pub struct HandoverPage {
    /// Whose.
    pub worker: Link,
    /// Why and from when, in words.
    pub why: String,
    /// Waiting, in effect, undone, dropped.
    pub state: State,
    /// Where commit, drop and undo are posted, as `act`.
    pub action: String,
    /// Commit (its words name what will happen), drop – or undo and cards.
    pub buttons: Vec<Button>,
    /// What changed since it was planned, so that it was refused as a whole; None for nothing.
    pub refused: Option<Notice>,
    /// Households, cases, bookings, duties, posts.
    pub figures: Vec<Figure>,
    /// Who takes whom, by village; nobody's first.
    pub rows: Vec<Successor>,
    /// Adviser posts that end with it, in words; empty for none.
    pub posts: String,
}

/// A village's households and who takes them.
#[derive(Clone, Serialize)]
pub struct Successor {
    /// Village with its township.
    pub village: String,
    /// Households counted, in words.
    pub households: String,
    /// Who takes them; None where nobody can.
    pub provider: Option<Link>,
    /// Place and load afterwards, or why nobody can, in words.
    pub note: String,
    /// Where somebody else is chosen; empty where it cannot be any more.
    pub change: String,
}

/// Choosing somebody else for a village.
#[derive(Clone, Serialize)]
pub struct HandoverOverride {
    /// Back to the handover.
    pub back: Link,
    /// Village with its township.
    pub village: String,
    /// Households counted, in words.
    pub households: String,
    /// Candidates and reason, made by `PlanOverride::form`.
    pub form: Form,
}

/// A lawyer's own leave.
#[derive(Clone, Serialize)]
pub struct MyLeave {
    /// What will happen with the households, in words.
    pub what: String,
    /// Leaves so far.
    pub leaves: Vec<Leave>,
    /// The form of a new one.
    pub form: Form,
}

impl View for HandoverList {
    const TEMPLATE: &'static str = "pages/desk/handover/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-handover-list-title")
    }

    fn samples() -> Vec<Self> {
        let full = Self {
            may_plan: true,
            waiting: vec![
                Waiting {
                    worker: Link::new("/desk/workers/1", "才让卓玛"),
                    note: "明德所 · 嘉峪关村、黄草营村".into(),
                    why: "11月22日 离开".into(),
                    households: "84 户 · 在办 3 件".into(),
                    plan: "/desk/handovers/new?worker=1".into(),
                },
                Waiting {
                    worker: Link::new("/desk/workers/2", "贾浩"),
                    note: "嘉峪所 · 横沟村".into(),
                    why: "11月24日 到 2027年4月30日 请假".into(),
                    households: "86 户".into(),
                    plan: "/desk/handovers/new?worker=2".into(),
                },
            ],
            rows: vec![HandoverRow {
                href: "/desk/handovers/1".into(),
                name: "杨玲".into(),
                who: "9月30日，周敏".into(),
                what: "31 户交给 3 位".into(),
                state: State { fill: "done", word: "已生效".into() },
            }],
            pager: Pager::default(),
        };
        let none = Self { waiting: Vec::new(), rows: Vec::new(), ..full.clone() };
        vec![full, none]
    }
}

impl View for HandoverNew {
    const TEMPLATE: &'static str = "pages/desk/handover/new";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-handover-new-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let workers = || vec![FieldOption::new("1", "才让卓玛（明德所，84 户）", "1")];
            let typed = HandoverTyped { why: "left".into(), ..HandoverTyped::default() };
            let wrong = Refusal::field("effective_on", "required");
            vec![Self::new(say, workers(), &typed, None), Self::new(say, workers(), &typed, Some(&wrong))]
        })
    }
}

impl View for HandoverPage {
    const TEMPLATE: &'static str = "pages/desk/handover/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.with("desk-handover-title", &[("name", &self.worker.name)])
    }

    fn samples() -> Vec<Self> {
        let waiting = sample_page();
        let refused = Self {
            refused: Some(Notice::new(
                "danger",
                "没有生效，什么都没改。",
                "吴玲 今天请假了，请重新安排新城村的 12 户。",
            )),
            ..waiting.clone()
        };
        let done = Self {
            state: State { fill: "done", word: "已生效".into() },
            buttons: vec![
                Button::link("outline", "要重印的联络卡 84 张", "/desk/cards?handover=1"),
                Button::submit("refuse", "撤回这次交接").named("act", "undo"),
            ],
            rows: waiting.rows.iter().map(|row| Successor { change: String::new(), ..row.clone() }).collect(),
            posts: String::new(),
            ..waiting.clone()
        };
        vec![waiting, refused, done]
    }
}

fn sample_page() -> HandoverPage {
    let figure = |label: &'static str, value: &str, unit: &'static str| Figure {
        label,
        value: value.into(),
        unit,
        href: String::new(),
    };
    let row = |village: &str, households: &str, provider: &str, note: &str| Successor {
        village: village.into(),
        households: households.into(),
        provider: (!provider.is_empty()).then(|| Link::new("/desk/workers/1", provider)),
        note: note.into(),
        change: "/desk/handovers/1/villages/620200103201".into(),
    };
    HandoverPage {
        worker: Link::new("/desk/workers/1", "才让卓玛"),
        why: "11月22日 离开明德所，11月24日起由接手的人负责".into(),
        state: State { fill: "half", word: "待确认".into() },
        action: "/desk/handovers/1/actions".into(),
        buttons: vec![
            Button::submit("primary", "确认交接（84 户换律师）").named("act", "commit"),
            Button::submit("low", "放弃").named("act", "drop"),
        ],
        refused: None,
        figures: vec![
            figure("desk-handover-households", "84", "desk-unit-household"),
            figure("desk-handover-successors", "3", "desk-unit-person"),
            figure("desk-handover-unplaced", "2", "desk-unit-household"),
        ],
        rows: vec![
            row("文殊镇 河口村", "2 户", "", "可去的律师都满了"),
            row("峪泉镇 嘉峪关村", "51 户", "吴玲 律师", "同镇，接后 84 / 85 户"),
            row("峪泉镇 黄草营村", "31 户", "宋平 律师", "本村顾问，接后 88 / 90 户"),
        ],
        posts: "嘉峪关村、黄草营村的法律顾问聘任同时结束，请再聘一位。".into(),
    }
}

impl View for HandoverOverride {
    const TEMPLATE: &'static str = "pages/desk/handover/override";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-handover-override-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let candidate = |id: &str, name: &str, note: &str| super::plan::Candidate {
                id: id.into(),
                name: name.into(),
                note: note.into(),
            };
            let all = [
                candidate("1", "吴玲 律师", "同镇，接后 84 / 85 户"),
                candidate("2", "宋平 律师", "本村顾问，接后 88 / 90 户"),
            ];
            let typed = super::plan::OverrideTyped { provider: "1".into(), reason: String::new() };
            let (action, cancel) = ("/desk/handovers/1/villages/620200103201", "/desk/handovers/1");
            let form =
                |no: Option<&Refusal>| super::plan::PlanOverride::form(say, action, cancel, &all, &typed, no);
            let fresh = Self {
                back: Link::new(cancel, "才让卓玛的交接"),
                village: "峪泉镇 嘉峪关村".into(),
                households: "51 户".into(),
                form: form(None),
            };
            let wrong = Refusal::field("reason", "reason.missing");
            vec![fresh.clone(), Self { form: form(Some(&wrong)), ..fresh }]
        })
    }
}

impl View for MyLeave {
    const TEMPLATE: &'static str = "pages/desk/handover/leave";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-leave-mine-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let leave = Leave {
                span: "2026年12月20日 到 2026年12月31日".into(),
                why: "年休假".into(),
                cancel: "/desk/leave/1/cancel".into(),
            };
            let fresh = Self {
                what: "您名下有 88 户。登记后，本县管理员会安排人接，您和住户都会收到通知。".into(),
                leaves: vec![leave],
                form: leave_form(say, "/desk/leave", &LeaveTyped::default(), None),
            };
            let wrong = Refusal::field("leave_from", "required");
            let refused = Self {
                leaves: Vec::new(),
                form: leave_form(say, "/desk/leave", &LeaveTyped::default(), Some(&wrong)),
                ..fresh.clone()
            };
            vec![fresh, refused]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<HandoverList>(),
        sampled::<HandoverNew>(),
        sampled::<HandoverPage>(),
        sampled::<HandoverOverride>(),
        sampled::<MyLeave>(),
    ]
}
