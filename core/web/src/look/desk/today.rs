//! "Today": what waits for the person who signed in, for administrators and for a lawyer.

use serde::Serialize;

use crate::look::desk::booking::BookingRow;
use crate::look::parts::{Button, Choice, Deadline, Figure, Go, Notice, QueueRow};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What waits in a county, most urgent first.
#[derive(Clone, Serialize)]
pub struct Today {
    /// Today's date in words, without the year.
    pub date: String,
    /// The acts of the head line.
    pub acts: Vec<Button>,
    /// Households paired and unpaired, leaves, plans, last roster; empty before the first roster.
    pub figures: Vec<Figure>,
    /// What needs saying first, such as a village without an adviser.
    pub notices: Vec<Notice>,
    /// What this person has to do.
    pub queue: Vec<QueueRow>,
    /// Cases whose turn is this person's, by kind.
    pub turns: Vec<Choice>,
    /// Whether the county has no household yet, so that the page says where to begin.
    pub unfilled: bool,
}

/// What a lawyer needs on the phone in the morning.
#[derive(Clone, Serialize)]
pub struct LawyerToday {
    /// Today's date in words, without the year.
    pub date: String,
    /// Own households, villages, cards to print.
    pub figures: Vec<Figure>,
    /// What needs saying first, such as a leave that begins.
    pub notices: Vec<Notice>,
    /// Rooms in which this person is expected, by time.
    pub booked: Vec<BookingRow>,
    /// Deadlines that wait for this person, most urgent first.
    pub queue: Vec<QueueRow>,
    /// Cases whose turn is this person's, by kind.
    pub turns: Vec<Choice>,
    /// Where to go: my households, consents, cards, leave.
    pub goes: Vec<Go>,
    /// Villages with their households of this lawyer.
    pub villages: Vec<Choice>,
}

impl View for Today {
    const TEMPLATE: &'static str = "pages/desk/today/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-today-title")
    }

    fn samples() -> Vec<Self> {
        let busy = Self {
            date: "11月23日 周一".into(),
            acts: vec![
                Button::link("outline", "登记一户", "/desk/households/new"),
                Button::link("primary", "上传名册", "/desk/rosters/new"),
            ],
            figures: vec![
                figure("desk-today-paired", "11,564", "desk-unit-household", "/desk/households?paired=yes"),
                figure("desk-today-unpaired", "6", "desk-unit-household", "/desk/households?paired=no"),
                figure("desk-today-declined", "2", "desk-unit-household", "/desk/consents"),
                figure("desk-today-leaves", "2", "desk-unit-person", "/desk/handovers"),
                figure("desk-today-plans", "1", "desk-unit-plan", "/desk/plans"),
                figure("desk-today-roster", "11月20日", "", "/desk/rosters"),
            ],
            notices: vec![
                Notice::new(
                    "caution",
                    "文殊镇 河口村缺 6 户。",
                    "两位可去的律师都满了，另一位和村里有利益冲突。",
                )
                .link("/desk/plans/3", "看怎么补"),
            ],
            queue: sample_queue(),
            turns: sample_turns(),
            unfilled: false,
        };
        let calm = Self { queue: Vec::new(), turns: Vec::new(), notices: Vec::new(), ..busy.clone() };
        let unfilled = Self { figures: Vec::new(), unfilled: true, ..calm.clone() };
        vec![busy, calm, unfilled]
    }
}

fn figure(label: &'static str, value: &str, unit: &'static str, href: &str) -> Figure {
    Figure { label, value: value.into(), unit, href: href.into() }
}

fn row(due: [&'static str; 3], act: &str, matter: &str, party: &str, article: &str) -> QueueRow {
    QueueRow {
        deadline: Deadline { shape: due[0], text: due[1].into(), note: due[2].into() },
        href: "/desk/handovers/1".into(),
        act: act.into(),
        matter: matter.into(),
        party: party.into(),
        article: article.into(),
    }
}

fn sample_queue() -> Vec<QueueRow> {
    vec![
        row(
            ["overdue", "逾期 1 天", "11月22日（周日）→ 今天"],
            "安排谁来接 84 户",
            "才让卓玛离开明德所",
            "嘉峪关村、黄草营村",
            "律师法 第10条",
        ),
        row(["today", "今天到期", ""], "安排谁来接 86 户", "贾浩请假，明天开始", "横沟村", "县服务标准"),
        row(["soon", "还有 2 天", ""], "确认对接方案第3稿", "会换 214 户的律师", "全市", "县服务标准"),
        row(
            ["later", "12月3日", ""],
            "改名册里的 12 处",
            "农村家庭名册，11月20日上传",
            "新城镇",
            "县服务标准",
        ),
        row(
            ["provisional", "约 1月5日", "2027年放假安排还没公布"],
            "续聘法律顾问",
            "聘期 12月31日 到期",
            "石桥村等 4 个村",
            "县服务标准",
        ),
    ]
}

impl View for LawyerToday {
    const TEMPLATE: &'static str = "pages/desk/today/lawyer";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-today-title")
    }

    fn samples() -> Vec<Self> {
        let busy = Self {
            date: "11月23日 周一".into(),
            figures: vec![
                figure("desk-today-mine", "88", "desk-unit-household", "/desk/my-households"),
                figure("desk-today-villages", "2", "desk-unit-village", ""),
                figure("desk-today-cards", "8", "desk-unit-card", "/desk/cards"),
            ],
            notices: vec![Notice::new("plain", "新来 8 户。", "11月20日的对接方案把中沟村的 8 户交给了您。")],
            booked: BookingRow::samples(),
            queue: sample_queue(),
            turns: sample_turns(),
            goes: vec![
                go("/desk/my-households", "户", "我负责的户", "按姓名、拼音、村名、电话后四位都能找"),
                go("/desk/consents", "应", "等我答应的户", "3 户想请您当法律顾问"),
                go("/desk/cards", "卡", "打印联络卡", "换了律师或新来的户，8 张"),
                go("/desk/leave", "假", "我要请假", "早一天说，就早一天有人接您的户"),
            ],
            villages: vec![
                choice("/desk/my-households?village=620200102201", "野麻湾村", "51 户"),
                choice("/desk/my-households?village=620200102203", "中沟村", "37 户"),
            ],
        };
        let fresh = Self {
            villages: Vec::new(),
            notices: Vec::new(),
            booked: Vec::new(),
            queue: Vec::new(),
            turns: Vec::new(),
            ..busy.clone()
        };
        vec![busy, fresh]
    }
}

fn sample_turns() -> Vec<Choice> {
    vec![Choice::noted("/desk/mediation?queue=turn&open=true", "人民调解", "32 件")]
}

fn go(href: &str, tile: &str, title: &str, note: &str) -> Go {
    Go { href: href.into(), tile: tile.into(), title: title.into(), note: note.into() }
}

fn choice(href: &str, name: &str, note: &str) -> Choice {
    Choice::noted(href, name, note)
}

/// This file's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Today>(), sampled::<LawyerToday>()]
}
