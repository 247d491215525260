//! Legal workers: list with load, one worker with leave, and the form in `worker/form.rs`.

mod form;

use falin_domain::directory::WorkerKind;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, Tab, filter_options, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
pub use form::{WorkerEdit, WorkerTyped};

/// The sister lists of people, firms, posts and facilities; `current` is one of their addresses.
pub fn tabs(current: &str) -> Vec<Tab> {
    const TABS: [(&str, &str); 4] = [
        ("/desk/workers", "desk-worker-tab-people"),
        ("/desk/firms", "desk-worker-tab-firms"),
        ("/desk/posts", "desk-worker-tab-posts"),
        ("/desk/facilities", "desk-worker-tab-facilities"),
    ];
    TABS.iter().map(|(href, label)| Tab { href, label, current: *href == current }).collect()
}

/// A provider's load: filled share of the bar and figures.
#[derive(Clone, Serialize)]
pub struct Load {
    /// Filled share, 0–100.
    pub share: u8,
    /// Where a second figure stands, 0–100; the end of the bar where there is none.
    pub mark: u8,
    /// `88 / 95`.
    pub figures: String,
}

impl Load {
    /// From households and capacity; beyond capacity the bar is full.
    pub fn new(households: u32, capacity: u32) -> Self {
        let share = (households.min(capacity) * 100).checked_div(capacity).unwrap_or(100) as u8;
        Self { share, mark: share, figures: format!("{households} / {capacity}") }
    }
}

/// The list.
#[derive(Clone, Serialize)]
pub struct WorkerList {
    /// Sister lists.
    pub tabs: Vec<Tab>,
    /// How many match, in words.
    pub count: String,
    /// Search and filters.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<WorkerRow>,
    /// Whether the visitor may see how many households each has.
    pub loads: bool,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
    /// Whether the visitor may see who stands in for whom.
    pub deputies: bool,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct WorkerRow {
    /// Their page.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// Firm; None where they have none.
    pub firm: Option<Link>,
    /// Villages advised, joined by 、; may be empty.
    pub villages: String,
    /// Load; None where they take no households.
    pub load: Option<Load>,
    /// On duty, on leave or gone.
    pub state: State,
}

/// What is searched for and chosen in the list, as the address has it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct WorkerFilter {
    /// Name, pinyin or licence number.
    pub find: String,
    /// Kind's code.
    pub kind: String,
    /// Firm's id.
    pub firm: String,
    /// Division code.
    pub place: String,
    /// `active`, `leave`, `left` or empty.
    pub state: String,
    /// Where the next page begins.
    pub cursor: String,
}

impl WorkerFilter {
    /// The filters with what was chosen.
    pub fn filters(&self, say: &Say<'_>, firms: Vec<FieldOption>, places: Vec<FieldOption>) -> Filters {
        let kinds: Vec<_> = WorkerKind::ALL.iter().map(|kind| kind.code()).collect();
        let any = |options: Vec<FieldOption>, current: &str| {
            let mut all = vec![FieldOption::new("", say.t("desk-any"), current)];
            all.extend(options);
            all
        };
        let states = filter_options(say, "desk-worker-state", &["active", "leave", "left"], &self.state);
        let fields = vec![
            Field::input("search", "find", "desk-worker-q").value(&self.find),
            Field::select(
                "kind",
                "desk-worker-kind",
                filter_options(say, "desk-worker-kind", &kinds, &self.kind),
            ),
            Field::select("firm", "desk-worker-firm", any(firms, &self.firm)),
            Field::select("place", "desk-worker-place", any(places, &self.place)),
            Field::select("state", "desk-worker-state", states),
        ];
        Filters::new("/desk/workers", fields)
    }
}

/// One worker.
#[derive(Clone, Serialize)]
pub struct WorkerPage {
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// On duty, on leave or gone.
    pub state: State,
    /// That their households wait for somebody; None where none do.
    pub waiting: Option<Notice>,
    /// Licence, firm, phone, specialties, languages, capacity.
    pub facts: Vec<Fact>,
    /// Load; None where they take no households.
    pub load: Option<Load>,
    /// Adviser posts.
    pub posts: Vec<WorkerPost>,
    /// Leave periods, newest first.
    pub leaves: Vec<Leave>,
    /// The form of a new leave; None without the right.
    pub leave: Option<Form>,
    /// Where a handover is planned; empty without the right or without households.
    pub handover: String,
    /// The form's page; empty without the right.
    pub edit: String,
    /// Where a new post is given; empty without the right.
    pub new_post: String,
}

/// A village that the worker advises.
#[derive(Clone, Serialize)]
pub struct WorkerPost {
    /// The village; leads to the post.
    pub village: Link,
    /// Term in words.
    pub span: String,
    /// Hours in the village, as written; may be empty.
    pub hours: String,
}

/// A leave.
#[derive(Clone, Serialize)]
pub struct Leave {
    /// From when to when, in words.
    pub span: String,
    /// Why; may be empty.
    pub why: String,
    /// Where it is taken back; empty where it has begun or without the right.
    pub cancel: String,
}

/// What was typed in the form of a leave.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct LeaveTyped {
    /// First day (ISO).
    pub leave_from: String,
    /// Last day (ISO); empty where not known.
    pub leave_to: String,
    /// Why.
    pub leave_why: String,
}

/// The form of a leave, posted to `action`.
pub fn leave_form(say: &Say<'_>, action: &str, typed: &LeaveTyped, refusal: Option<&Refusal>) -> Form {
    let date = |name: &'static str, label| Field::input("date", name, label).width(10);
    Form::post(action)
        .field(date("leave_from", "desk-leave-from").value(&typed.leave_from))
        .field(date("leave_to", "desk-leave-to").hint("desk-leave-to-hint").value(&typed.leave_to).optional())
        .field(
            Field::text("leave_why", "desk-leave-why")
                .hint("desk-leave-why-hint")
                .value(&typed.leave_why)
                .optional(),
        )
        .button(Button::submit("outline", say.t("desk-leave-act")))
        .maybe_refused(say, refusal)
}

impl View for WorkerList {
    const TEMPLATE: &'static str = "pages/desk/worker/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-worker-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let firms = || vec![FieldOption::new("1", "甘肃雄关律师事务所", "")];
            let places = || vec![FieldOption::new("620200102", "新城镇", "")];
            let filters = |filter: &WorkerFilter| filter.filters(say, firms(), places());
            let found = Self {
                tabs: tabs("/desk/workers"),
                count: "共 76 位".into(),
                filters: filters(&WorkerFilter::default()),
                rows: sample_rows(),
                loads: true,
                pager: Pager { back: String::new(), more: "/desk/workers?cursor=b2Zm".into() },
                may_write: true,
                deputies: true,
            };
            let leave = WorkerFilter { state: "leave".into(), ..WorkerFilter::default() };
            let nobody =
                Self { filters: filters(&leave), rows: Vec::new(), pager: Pager::default(), ..found.clone() };
            let unseen = Self { loads: false, ..found.clone() };
            let none = Self {
                filters: filters(&WorkerFilter::default()),
                may_write: false,
                deputies: false,
                ..nobody.clone()
            };
            vec![found, unseen, nobody, none]
        })
    }
}

fn state(fill: &'static str, word: &str) -> State {
    State { fill, word: word.into() }
}

fn sample_rows() -> Vec<WorkerRow> {
    let row =
        |name: &str, kind: &str, firm: &str, villages: &str, load: Option<Load>, state: State| WorkerRow {
            href: "/desk/workers/1".into(),
            name: name.into(),
            kind: format!("desk-worker-kind-{kind}"),
            firm: (!firm.is_empty()).then(|| Link::new("/desk/firms/1", firm)),
            villages: villages.into(),
            load,
            state,
        };
    let active = || state("done", "在岗");
    vec![
        row("蔡志生", "lawyer", "甘肃雄关律师事务所", "野麻湾村、中沟村", Some(Load::new(88, 95)), active()),
        row("贾浩", "lawyer", "甘肃嘉峪律师事务所", "横沟村", Some(Load::new(86, 92)), state("half", "请假")),
        row("宋平", "lawyer", "甘肃正义律师事务所", "长城村、观蒲村", Some(Load::new(84, 90)), active()),
        row(
            "才让卓玛",
            "lawyer",
            "甘肃明德律师事务所",
            "",
            Some(Load::new(84, 84)),
            state("stopped", "已离开"),
        ),
        row("杨玲", "legal-service-worker", "新城法律服务所", "新城村", Some(Load::new(31, 60)), active()),
        row("李振华", "volunteer", "", "石桥村", None, active()),
    ]
}

impl View for WorkerPage {
    const TEMPLATE: &'static str = "pages/desk/worker/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let page = sample_page(say);
            let typed = LeaveTyped {
                leave_from: "2026-12-05".into(),
                leave_to: "2026-12-01".into(),
                ..LeaveTyped::default()
            };
            let wrong = Refusal::field("leave_to", "date.invalid");
            let refused = Self {
                leave: Some(leave_form(say, "/desk/workers/1/leaves", &typed, Some(&wrong))),
                ..page.clone()
            };
            let bare = Self {
                state: state("stopped", "已离开"),
                waiting: None,
                load: None,
                posts: Vec::new(),
                leaves: Vec::new(),
                leave: None,
                handover: String::new(),
                edit: String::new(),
                new_post: String::new(),
                ..page.clone()
            };
            vec![page, refused, bare]
        })
    }
}

fn sample_page(say: &Say<'_>) -> WorkerPage {
    WorkerPage {
        name: "贾浩".into(),
        kind: "desk-worker-kind-lawyer".into(),
        state: state("half", "请假"),
        waiting: Some(
            Notice::new("caution", "明天起请假，86 户还没有人接。", "产假，到 2027年4月30日。")
                .link("/desk/handovers/new?worker=1", "安排谁来接"),
        ),
        facts: vec![
            Fact::new("desk-worker-firm", "甘肃嘉峪律师事务所").href("/desk/firms/1"),
            Fact::new("desk-worker-phone", "136 0937 0917"),
            Fact::new("desk-worker-licence", "1620 2201 5101 23456"),
            Fact::new("desk-worker-specialties", "婚姻家庭、交通事故"),
            Fact::new("desk-worker-languages", "普通话、藏语"),
            Fact::new("desk-worker-capacity", "92 户").note("名册上写的"),
        ],
        load: Some(Load::new(86, 92)),
        posts: vec![WorkerPost {
            village: Link::new("/desk/posts/1/edit", "横沟村"),
            span: "2026年1月1日 到 2026年12月31日".into(),
            hours: "每月 15 日上午，村委会".into(),
        }],
        leaves: vec![
            Leave {
                span: "2026年11月24日 到 2027年4月30日".into(),
                why: "产假".into(),
                cancel: "/desk/workers/1/leaves/1/cancel".into(),
            },
            Leave {
                span: "2025年8月1日 到 2025年8月15日".into(), why: String::new(), cancel: String::new()
            },
        ],
        leave: Some(leave_form(say, "/desk/workers/1/leaves", &LeaveTyped::default(), None)),
        handover: "/desk/handovers/new?worker=1".into(),
        edit: "/desk/workers/1/edit".into(),
        new_post: "/desk/posts/new?worker=1".into(),
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<WorkerList>(), sampled::<WorkerPage>(), sampled::<WorkerEdit>()]
}
