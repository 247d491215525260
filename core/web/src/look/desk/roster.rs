//! Rosters: batches, upload, progress and one batch; columns and preview are in their own files.

mod columns;
mod preview;

use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use super::{Form, code_options, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Figure, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};
pub use columns::{RosterColumn, RosterColumns};
pub use preview::{Finding, RosterPreview, figures};

/// The kinds of rosters, in the order in which a new county uploads them (contract.md).
pub const KINDS: [&str; 7] = ["divisions", "firms", "lawyers", "advisers", "households", "rooms", "holidays"];

/// Every batch, newest first.
#[derive(Clone, Serialize)]
pub struct RosterList {
    /// Whether the visitor may upload.
    pub may_upload: bool,
    /// This page's rows.
    pub rows: Vec<BatchRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One batch in the list.
#[derive(Clone, Serialize)]
pub struct BatchRow {
    /// Its page: preview, progress or result.
    pub href: String,
    /// File's name.
    pub file: String,
    /// Text key of the kind.
    pub kind: String,
    /// When and by whom, in words.
    pub who: String,
    /// What it did, in words (`新增 23，改 4，没变 6,163`).
    pub what: String,
    /// Findings counted, in words; may be empty.
    pub findings: String,
    /// Waiting, running, in effect, forgotten.
    pub state: State,
}

/// What was chosen in the upload.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadTyped {
    /// Roster's kind, one of [`KINDS`].
    pub kind: String,
    /// Household kind, asked for households only.
    pub household_kind: String,
    /// Division code of the place that the roster covers.
    pub place: String,
}

/// The upload.
#[derive(Clone, Serialize)]
pub struct RosterUpload {
    /// The form with the file.
    pub form: Form,
}

impl RosterUpload {
    /// The form with what was chosen; the file itself cannot be kept by a browser.
    pub fn new(
        say: &Say<'_>,
        typed: &UploadTyped,
        places: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let kind = if typed.kind.is_empty() { "households" } else { &typed.kind };
        let rural = if typed.household_kind.is_empty() { "rural" } else { &typed.household_kind };
        let households = code_options(say, "desk-household-kind", &["rural", "urban"], rural);
        let form = Form::post("/desk/rosters")
            .uploading()
            .field(Field::radios(
                "kind",
                "desk-roster-kind",
                code_options(say, "desk-roster-kind", &KINDS, kind),
            ))
            .field(
                Field::radios("household_kind", "desk-roster-households", households)
                    .hint("desk-roster-households-hint"),
            )
            .field(Field::select("place", "desk-roster-place", places).hint("desk-roster-place-hint"))
            .field(Field::input("file", "file", "desk-roster-file").hint("desk-roster-file-hint"))
            .button(Button::submit("primary", say.t("desk-roster-upload")))
            .maybe_refused(say, refusal);
        Self { form }
    }
}

/// Work under way. The answer carries `Refresh: 2`, so that the page follows it without a script.
#[derive(Clone, Serialize)]
pub struct RosterProgress {
    /// File's name.
    pub file: String,
    /// Text key of what is being done: `roster-reading`, `roster-saving`, `roster-undoing`.
    pub doing: &'static str,
    /// Rows done.
    pub done: u32,
    /// Rows in all; 0 while not known.
    pub of: u32,
    /// Done and all in words (`3,120 / 6,196 行`); empty while not known.
    pub figures: String,
    /// This page's address.
    pub href: String,
}

/// One batch that took effect, or was forgotten.
#[derive(Clone, Serialize)]
pub struct RosterBatch {
    /// File's name.
    pub file: String,
    /// In effect, forgotten, failed.
    pub state: State,
    /// That it took effect, and what comes next; or why it could not be forgotten.
    pub notice: Option<Notice>,
    /// Rows, accepted, new, changed, unchanged.
    pub figures: Vec<Figure>,
    /// Kind, place, by whom, when, fingerprint.
    pub facts: Vec<Fact>,
    /// Where findings are downloaded; empty where there are none.
    pub findings: String,
    /// What forgetting would do, in words; empty where it cannot be forgotten any more.
    pub undo_what: String,
    /// Where it is forgotten; empty with `undo_what`.
    pub undo: String,
}

impl View for RosterList {
    const TEMPLATE: &'static str = "pages/desk/roster/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-roster-list-title")
    }

    fn samples() -> Vec<Self> {
        let row =
            |file: &str, kind: &str, what: &str, findings: &str, state: (&'static str, &str)| BatchRow {
                href: "/desk/rosters/1".into(),
                file: file.into(),
                kind: format!("desk-roster-kind-{kind}"),
                who: "11月20日 16:40，周敏".into(),
                what: what.into(),
                findings: findings.into(),
                state: State { fill: state.0, word: state.1.into() },
            };
        let full = Self {
            may_upload: true,
            rows: vec![
                row(
                    "农村家庭名册（11月）.xlsx",
                    "households",
                    "新增 23，改 4，没变 6,163",
                    "12 处要改",
                    ("half", "等您确认"),
                ),
                row("城镇两类家庭.xls", "households", "正在读", "", ("empty", "处理中")),
                row("律师名册.xlsx", "lawyers", "新增 76", "1 处提醒", ("done", "已生效")),
                row("法律顾问2025.csv", "advisers", "新增 46，改 2", "", ("stopped", "已忘掉")),
            ],
            pager: Pager { back: String::new(), more: "/desk/rosters?cursor=b2Zm".into() },
        };
        let none = Self { rows: Vec::new(), pager: Pager::default(), ..full.clone() };
        vec![full, none]
    }
}

impl View for RosterUpload {
    const TEMPLATE: &'static str = "pages/desk/roster/upload";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-roster-upload-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let places = || vec![FieldOption::new("620200", "嘉峪关市", "620200")];
            let refusals = [
                Refusal::field("file", "required"),
                Refusal::new("file.unreadable"),
                Refusal::new("file.too_large"),
            ];
            let typed = UploadTyped { kind: "lawyers".into(), ..UploadTyped::default() };
            let mut all = vec![Self::new(say, &UploadTyped::default(), places(), None)];
            all.extend(refusals.iter().map(|refusal| Self::new(say, &typed, places(), Some(refusal))));
            all
        })
    }
}

impl View for RosterProgress {
    const TEMPLATE: &'static str = "pages/desk/roster/progress";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(self.doing)
    }

    fn samples() -> Vec<Self> {
        let reading = Self {
            file: "农村家庭名册（11月）.xlsx".into(),
            doing: "desk-roster-reading",
            done: 0,
            of: 0,
            figures: String::new(),
            href: "/desk/rosters/1".into(),
        };
        let saving = Self {
            doing: "desk-roster-saving",
            done: 3120,
            of: 6196,
            figures: "3,120 / 6,196 行".into(),
            ..reading.clone()
        };
        vec![reading, saving.clone(), Self { doing: "desk-roster-undoing", ..saving }]
    }
}

impl View for RosterBatch {
    const TEMPLATE: &'static str = "pages/desk/roster/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.file.clone()
    }

    fn samples() -> Vec<Self> {
        let fact = Fact::new;
        let done = Self {
            file: "农村家庭名册（11月）.xlsx".into(),
            state: State { fill: "done", word: "已生效".into() },
            notice: Some(
                Notice::new("done", "已生效。", "23 户新来的还没人负责，下一步做对接方案。")
                    .link("/desk/plans", "做对接方案"),
            ),
            figures: preview::figures(["6,196", "6,190", "23", "4", "6,163"]),
            facts: vec![
                fact("desk-roster-about", "住户 · 农村家庭"),
                fact("desk-roster-where", "嘉峪关市"),
                fact("desk-roster-by", "周敏").note("2026年11月20日(周五) 16:40"),
            ],
            findings: "/desk/rosters/1/findings.csv".into(),
            undo_what: "新增的 23 户去掉，改过的 4 户恢复原样。已经安排了律师的户会列出来，先不动。".into(),
            undo: "/desk/rosters/1/undo".into(),
        };
        let gone = Self {
            state: State { fill: "stopped", word: "已忘掉".into() },
            notice: None,
            findings: String::new(),
            undo_what: String::new(),
            undo: String::new(),
            ..done.clone()
        };
        let used = Self {
            notice: Some(
                Notice::new("caution", "现在忘不掉。", "里面有 18 户已经有律师负责，先撤回第3稿对接方案。")
                    .link("/desk/plans/3", "看第3稿"),
            ),
            ..done.clone()
        };
        vec![done, gone, used]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<RosterList>(),
        sampled::<RosterUpload>(),
        sampled::<RosterColumns>(),
        sampled::<RosterPreview>(),
        sampled::<RosterProgress>(),
        sampled::<RosterBatch>(),
    ]
}
