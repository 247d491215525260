//! The journal: what happened, why, who did it; and whether it is whole.

use falin_domain::journal::Event;
use serde::Serialize;

use super::{Filters, Link, filter_options, with_words};
use crate::look::parts::{Fact, Field, Notice, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list.
#[derive(Clone, Serialize)]
pub struct JournalList {
    /// Whether the chain is whole, in one line; leads to the verification.
    pub whole: Notice,
    /// Subject, event, actor, days.
    pub filters: Filters,
    /// This page's entries, newest first.
    pub rows: Vec<JournalRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Where the same entries are exported; empty without the right.
    pub export: String,
}

/// One entry.
#[derive(Clone, Serialize)]
pub struct JournalRow {
    /// When, in words with the time.
    pub when: String,
    /// Text key of what happened (`event-household-saved`).
    pub event: String,
    /// What it is about; masked where it is a person.
    pub subject: Link,
    /// Text key of why (`reason-plan`).
    pub why: String,
    /// Who did it, with the role.
    pub actor: String,
    /// The token by which a program did it, with everything done by it; empty where a person did it.
    pub token: Link,
}

/// What is chosen in the list, as the address has it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct JournalFilter {
    /// Name, login name or id of the subject.
    pub subject: String,
    /// Event's code.
    pub event: String,
    /// Login name.
    pub actor: String,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO).
    pub to: String,
    /// Where the next page begins.
    pub cursor: String,
}

impl JournalFilter {
    /// The filters with what was chosen.
    pub fn filters(&self, say: &Say<'_>) -> Filters {
        let events: Vec<_> = Event::ALL.iter().map(|event| event.code()).collect();
        let fields = vec![
            Field::text("subject", "desk-journal-subject").value(&self.subject),
            Field::select("event", "desk-journal-event", filter_options(say, "event", &events, &self.event)),
            Field::text("actor", "desk-journal-actor").value(&self.actor),
            Field::input("date", "from", "desk-journal-from").value(&self.from),
            Field::input("date", "to", "desk-journal-to").value(&self.to),
        ];
        Filters::new("/desk/journal", fields)
    }
}

/// Whether the journal is whole.
#[derive(Clone, Serialize)]
pub struct JournalVerification {
    /// The verdict.
    pub verdict: Notice,
    /// Entries, chain head, last verified, unsealed tail, last head written beside the database.
    pub facts: Vec<Fact>,
    /// Entries that do not agree; empty where it is whole.
    pub broken: Vec<Broken>,
    /// Where a verification is begun.
    pub action: String,
}

/// An entry that does not agree with its seal.
#[derive(Clone, Serialize)]
pub struct Broken {
    /// Its number in the chain.
    pub sequence: String,
    /// What does not agree, in words.
    pub what: String,
}

impl View for JournalList {
    const TEMPLATE: &'static str = "pages/desk/journal/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-journal-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |when: &str, event: &str, subject: &str, why: &str, actor: &str| JournalRow {
                when: when.into(),
                event: super::key("event", event),
                subject: Link::new("/desk/journal?subject=1", subject),
                why: super::key("reason", why),
                actor: actor.into(),
                token: if event == "roster.imported" {
                    Link::new("/desk/journal?actor=1", "令牌 夜间导入")
                } else {
                    Link::new("", "")
                },
            };
            let full = Self {
                whole: Notice::new("done", "台账完整。", "今天 3:00 核对过，共 28,114 条。")
                    .link("/desk/journal/verification", "看核对"),
                filters: JournalFilter::default().filters(say),
                rows: vec![
                    row("今天 9:20:14", "plan.overridden", "第3稿", "override", "周敏，本县管理员"),
                    row("今天 9:12:02", "household.revealed", "马**（横沟村）", "person", "杨玲，窗口"),
                    row("今天 9:02:40", "plan.made", "第3稿", "person", "周敏，本县管理员"),
                    row(
                        "11月20日 16:40:11",
                        "roster.imported",
                        "农村家庭名册（11月）.xlsx",
                        "roster",
                        "周敏，本县管理员",
                    ),
                    row("11月20日 3:00:00", "backup.written", "备份 2026-11-20", "clock", "系统"),
                ],
                pager: Pager { back: String::new(), more: "/desk/journal?cursor=b2Zm".into() },
                export: "/desk/journal.csv".into(),
            };
            let broken = Self {
                whole: Notice::new("danger", "台账对不上。", "第 27,903 条被改过。")
                    .link("/desk/journal/verification", "看核对"),
                filters: JournalFilter { event: "plan.undone".into(), ..JournalFilter::default() }
                    .filters(say),
                rows: Vec::new(),
                pager: Pager::default(),
                export: String::new(),
            };
            vec![full, broken]
        })
    }
}

impl View for JournalVerification {
    const TEMPLATE: &'static str = "pages/desk/journal/verification";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-journal-verification")
    }

    fn samples() -> Vec<Self> {
        let whole = Self {
            verdict: Notice::new("done", "台账完整。", "28,114 条都对得上，没有改过、删过、换过位置。"),
            facts: vec![
                Fact::new("desk-journal-count", "28,114 条"),
                Fact::new("desk-journal-head", "9f2c 41d0 77ab e310 5c8d 02f4 b6a9 1e73"),
                Fact::new("desk-journal-verified", "今天 3:00").note("每天 3:00 自动核对"),
                Fact::new("desk-journal-tail", "0 条"),
                Fact::new("desk-journal-anchor", "今天 8:00").note("写在另一处，每小时一次"),
            ],
            broken: Vec::new(),
            action: "/desk/journal/verification".into(),
        };
        let broken = Self {
            verdict: Notice::new(
                "danger",
                "台账对不上。",
                "先不要动服务器，马上告诉系统管理员，保留现在的备份。",
            ),
            broken: vec![Broken { sequence: "27,903".into(), what: "内容和签名不一致".into() }],
            ..whole.clone()
        };
        vec![whole, broken]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<JournalList>(), sampled::<JournalVerification>()]
}
