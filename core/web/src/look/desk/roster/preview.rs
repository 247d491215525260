//! The dry run of a roster: what would happen, and what is wrong in which cell.

use serde::Serialize;

use crate::look::parts::{Button, Figure, Notice, Pager};
use crate::look::{Layout, Say, View};

/// What a file would do; nothing has been changed yet.
#[derive(Clone, Serialize)]
pub struct RosterPreview {
    /// File's name.
    pub file: String,
    /// Text key of the kind.
    pub kind: String,
    /// Rows, accepted, new, changed, unchanged.
    pub figures: Vec<Figure>,
    /// Left-out rows, or that nothing would change; None where all is well.
    pub notice: Option<Notice>,
    /// Confirm (its words name what will happen), discard; the confirm is left out where nothing would change.
    pub buttons: Vec<Button>,
    /// Where it is posted.
    pub action: String,
    /// The mapping page; empty where headers were certain.
    pub columns: String,
    /// How many findings, in words; empty for none.
    pub count: String,
    /// Findings of this page, errors first.
    pub findings: Vec<Finding>,
    /// Where all findings are downloaded.
    pub download: String,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One finding.
#[derive(Clone, Serialize)]
pub struct Finding {
    /// Sheet; may be empty where the file has one.
    pub sheet: String,
    /// The sheet's own row number.
    pub row: u32,
    /// The roster's header.
    pub column: String,
    /// What is wrong, in words.
    pub text: String,
    /// How to put it right, in words.
    pub fix: String,
    /// The row is left out; otherwise it is taken and only reminded of.
    pub error: bool,
}

/// Rows, accepted, new, changed, unchanged as figures.
pub fn figures(counts: [&str; 5]) -> Vec<Figure> {
    let labels = [
        "desk-roster-rows",
        "desk-roster-accepted",
        "desk-roster-new",
        "desk-roster-changed",
        "desk-roster-unchanged",
    ];
    let figure = |(label, value): (&'static str, &str)| Figure {
        label,
        value: value.into(),
        unit: "desk-unit-row",
        href: String::new(),
    };
    labels.into_iter().zip(counts).map(figure).collect()
}

impl View for RosterPreview {
    const TEMPLATE: &'static str = "pages/desk/roster/preview";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-roster-preview-title")
    }

    fn samples() -> Vec<Self> {
        let dirty = Self {
            file: "农村家庭名册（11月）.xlsx".into(),
            kind: "desk-roster-kind-households".into(),
            figures: figures(["6,196", "6,190", "23", "4", "6,163"]),
            notice: Some(Notice::new("caution", "6 行先不收。", "改好后再传一次就行，已收的不会重复。")),
            buttons: vec![
                Button::submit("primary", "确认（新增 23 户，改 4 户）").named("act", "commit"),
                Button::submit("low", "不要了").named("act", "discard"),
            ],
            action: "/desk/rosters/1/actions".into(),
            columns: "/desk/rosters/1/columns".into(),
            count: "6 处错误，6 处提醒".into(),
            findings: sample_findings(),
            download: "/desk/rosters/1/findings.csv".into(),
            pager: Pager { back: String::new(), more: "/desk/rosters/1?cursor=b2Zm".into() },
        };
        let clean = Self {
            notice: None,
            figures: figures(["76", "76", "76", "0", "0"]),
            count: String::new(),
            columns: String::new(),
            findings: Vec::new(),
            pager: Pager::default(),
            ..dirty.clone()
        };
        let nothing = Self {
            notice: Some(Notice::new("plain", "和上次一样。", "这份名册没有新的内容，不用确认。")),
            buttons: vec![Button::submit("low", "不要了").named("act", "discard")],
            ..clean.clone()
        };
        vec![dirty, clean, nothing]
    }
}

fn sample_findings() -> Vec<Finding> {
    let finding = |sheet: &str, row: u32, column: &str, text: &str, fix: &str, error: bool| Finding {
        sheet: sheet.into(),
        row,
        column: column.into(),
        text: text.into(),
        fix: fix.into(),
        error,
    };
    vec![
        finding("新城镇", 17, "身份证号码", "最后一位对不上", "对着身份证再抄一遍", true),
        finding(
            "新城镇",
            204,
            "身份证号码",
            "变成了 6.20201E+17，后几位丢了",
            "先把这一列设成文本，再重新填",
            true,
        ),
        finding("峪泉镇", 33, "村（社区）", "没有叫这个名字的村", "看看是不是写了小名，或先登记这个村", true),
        finding("文殊镇", 58, "联系电话", "少了一位", "手机号 11 位，座机要带区号", true),
        finding("文殊镇", 61, "身份证号码", "和第 17 行是同一个号", "两户里留一户，或改正其中一个", true),
        finding("文殊镇", 90, "户主姓名", "没写", "补上户主姓名", true),
        finding("文殊镇", 102, "身份证号码", "老的 15 位号", "能收，有新证时换成 18 位", false),
    ]
}
