//! Contact cards to reprint after a plan or a handover, by village.

use serde::Serialize;

use super::{Filters, Link, with_words};
use crate::look::parts::{Choice, Field, FieldOption, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// Cards that show an old lawyer in print, or were never printed.
#[derive(Clone, Serialize)]
pub struct CardList {
    /// How many, in words.
    pub count: String,
    /// Village.
    pub filters: Filters,
    /// Villages with cards to print, each printed at once.
    pub villages: Vec<Choice>,
    /// This page's cards.
    pub rows: Vec<CardRow>,
    /// Where these are printed, 8 to an A4 sheet; empty where there are none.
    pub print: String,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One card.
#[derive(Clone, Serialize)]
pub struct CardRow {
    /// The household.
    pub household: Link,
    /// Village with its township.
    pub village: String,
    /// Who is responsible now.
    pub provider: String,
    /// Why it is to be printed, in words.
    pub why: String,
}

impl CardList {
    /// The village filter, with what was chosen.
    pub fn filters(say: &Say<'_>, village: &str, villages: Vec<FieldOption>) -> Filters {
        let mut all = vec![FieldOption::new("", say.t("desk-any"), village)];
        all.extend(villages);
        Filters::new("/desk/cards", vec![Field::select("village", "desk-household-village", all)])
    }
}

impl View for CardList {
    const TEMPLATE: &'static str = "pages/desk/card/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-card-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |head: &str, village: &str, provider: &str, why: &str| CardRow {
                household: Link::new("/desk/households/1", head),
                village: village.into(),
                provider: provider.into(),
                why: why.into(),
            };
            let village =
                |name: &str, note: &str| Choice::noted("/desk/cards/print?village=620200102201", name, note);
            let full = Self {
                count: "共 214 张".into(),
                filters: Self::filters(
                    say,
                    "",
                    vec![FieldOption::new("620200102201", "新城镇 野麻湾村", "")],
                ),
                villages: vec![
                    village("新城镇 野麻湾村", "31 张，4 页"),
                    village("新城镇 横沟村", "8 张，1 页"),
                ],
                rows: vec![
                    row("曾玉兰", "新城镇 野麻湾村", "蔡志生 律师", "换了律师"),
                    row("马建国", "新城镇 横沟村", "宋平 律师", "新来的户"),
                ],
                print: "/desk/cards/print".into(),
                pager: Pager { back: String::new(), more: "/desk/cards?cursor=b2Zm".into() },
            };
            let none = Self {
                villages: Vec::new(),
                rows: Vec::new(),
                print: String::new(),
                pager: Pager::default(),
                ..full.clone()
            };
            vec![full, none]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<CardList>()]
}
