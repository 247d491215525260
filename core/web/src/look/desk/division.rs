//! The divisions of a county as a tree: townships, their villages, what stands in each.

use serde::Serialize;

use super::Link;
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The tree.
#[derive(Clone, Serialize)]
pub struct DivisionTree {
    /// Townships and villages counted, in words.
    pub count: String,
    /// Townships in the order of their codes.
    pub townships: Vec<Township>,
    /// Whether the visitor may see how many households there are.
    pub counted: bool,
    /// Where the roster is uploaded; empty without the right.
    pub upload: String,
}

/// A township with its villages.
#[derive(Clone, Serialize)]
pub struct Township {
    /// Name.
    pub name: String,
    /// Division code; may be empty.
    pub code: String,
    /// Villages and households counted, in words.
    pub note: String,
    /// Opened when the page is shown: the first, or the only one.
    pub open: bool,
    /// Its villages.
    pub villages: Vec<Village>,
}

/// A village or community.
#[derive(Clone, Serialize)]
pub struct Village {
    /// Name.
    pub name: String,
    /// Division code; may be empty.
    pub code: String,
    /// Grids.
    pub grids: u32,
    /// Households, which lead to the list of them; None where the visitor may not see it.
    pub households: Option<Link>,
    /// The village's adviser; None where it has none.
    pub adviser: Option<Link>,
}

impl View for DivisionTree {
    const TEMPLATE: &'static str = "pages/desk/division/tree";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-division-title")
    }

    fn samples() -> Vec<Self> {
        let village = |name: &str, code: &str, households: &str, adviser: &str| Village {
            name: name.into(),
            code: code.into(),
            grids: 3,
            households: (!households.is_empty())
                .then(|| Link::new(format!("/desk/households?village={code}"), households)),
            adviser: (!adviser.is_empty()).then(|| Link::new("/desk/workers/1", adviser)),
        };
        let township = |name: &str, code: &str, note: &str, open: bool, villages: Vec<Village>| Township {
            name: name.into(),
            code: code.into(),
            note: note.into(),
            open,
            villages,
        };
        let full = Self {
            count: "5 个乡镇（街道），48 个村（社区）".into(),
            townships: vec![
                township(
                    "新城镇",
                    "620200102",
                    "8 个村，2,871 户",
                    true,
                    vec![
                        village("野麻湾村", "620200102201", "412", "蔡志生"),
                        village("横沟村", "620200102202", "386", "贾浩"),
                        village("中沟村", "620200102203", "377", "蔡志生"),
                    ],
                ),
                township(
                    "文殊镇",
                    "620200104",
                    "6 个村，1,904 户",
                    false,
                    vec![village("河口村", "620200104203", "298", "")],
                ),
            ],
            counted: true,
            upload: "/desk/rosters/new?kind=divisions".into(),
        };
        let uncounted = vec![village("横沟村", "620200102202", "", "贾浩")];
        let uncounted = vec![township("新城镇", "620200102", "8 个村", true, uncounted)];
        let uncounted = Self { townships: uncounted, counted: false, ..full.clone() };
        let none = Self { count: String::new(), townships: Vec::new(), ..full.clone() };
        vec![full, uncounted, none]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<DivisionTree>()]
}
