//! Column mapping: which column of the file is which field, with cells of the file beside it.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use crate::look::desk::{Link, with_words};
use crate::look::parts::{Button, ErrorSummary, FieldOption};
use crate::look::{Layout, Say, View};

/// The mapping of one file; what the headers already say is chosen.
#[derive(Clone, Serialize)]
pub struct RosterColumns {
    /// Back to the lists.
    pub back: Link,
    /// File's name.
    pub file: String,
    /// Where the header was found, in words (`第 3 行，工作表"新城镇"等 3 张`).
    pub found: String,
    /// Where it is posted; the controls are `column-0`, `column-1`, …
    pub action: String,
    /// The version that was read; empty where none is kept.
    pub version: String,
    /// What is missing or chosen twice.
    pub errors: Option<ErrorSummary>,
    /// Columns in the file's order.
    pub columns: Vec<RosterColumn>,
    /// Primary and discard.
    pub buttons: Vec<Button>,
}

/// One column of the file.
#[derive(Clone, Serialize)]
pub struct RosterColumn {
    /// Control's name and id.
    pub name: String,
    /// Header in the file; may be empty.
    pub header: String,
    /// Up to three cells, sensitive ones masked, joined by ` · `.
    pub examples: String,
    /// What is wrong with the choice; empty for nothing.
    pub error: String,
    /// Fields of the roster, the guess chosen; an empty value leaves the column out.
    pub options: Vec<FieldOption>,
}

impl View for RosterColumns {
    const TEMPLATE: &'static str = "pages/desk/roster/columns";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-roster-columns-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let column = |index: usize, header: &str, examples: &str, chosen: &str| RosterColumn {
                name: format!("column-{index}"),
                header: header.into(),
                examples: examples.into(),
                error: String::new(),
                options: vec![
                    FieldOption::new("", "不用这一列", chosen),
                    FieldOption::new("village", "村（社区）", chosen),
                    FieldOption::new("head", "户主姓名", chosen),
                    FieldOption::new("id_number", "身份证号码", chosen),
                    FieldOption::new("phone", "联系电话", chosen),
                    FieldOption::new("category", "家庭类别", chosen),
                ],
            };
            let found = Self {
                back: Link::new("/desk/rosters", "名册"),
                version: String::new(),
                file: "农村家庭名册（11月）.xlsx".into(),
                found: "表头在第 3 行，3 张工作表合成一份：新城镇、峪泉镇、文殊镇".into(),
                action: "/desk/rosters/1/columns".into(),
                errors: None,
                columns: vec![
                    column(0, "序号", "1 · 2 · 3", ""),
                    column(1, "村名", "野麻湾村 · 野麻湾村 · 横沟村", "village"),
                    column(2, "户主", "曾玉兰 · 马建国 · 单于秀英", "head"),
                    column(3, "证件号", "6202**********0025 · 6202**********0012", "id_number"),
                    column(4, "手机", "139****2480 · 175****6720", "phone"),
                    column(5, "", "低保 · 残疾", "category"),
                ],
                buttons: vec![
                    Button::submit("primary", say.t("desk-roster-columns-check")),
                    Button::submit("low", say.t("desk-roster-discard")).named("act", "discard"),
                ],
            };
            let missing = Refusal::new("header.missing").with("columns", "户主姓名");
            let mut wrong = found.clone();
            wrong.errors = Some(say.error_summary(&missing));
            wrong.columns[2] = RosterColumn {
                error: "这一列和上一列选重了".into(),
                ..column(2, "户主", "曾玉兰", "village")
            };
            vec![found, wrong]
        })
    }
}
