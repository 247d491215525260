//! A lawyer's own households, read on a phone.

use serde::Serialize;

use crate::look::desk::{Filters, with_words};
use crate::look::parts::{Field, FieldOption, Pager};
use crate::look::{Layout, Say, View};

/// The lawyer's list.
#[derive(Clone, Serialize)]
pub struct MyHouseholds {
    /// How many, in how many villages, in words.
    pub count: String,
    /// Search and village.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<MyHousehold>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Where the village's cards are printed; empty where there is nothing to print.
    pub cards: String,
    /// Whether households wait for an answer, which the page then leads to.
    pub asked: bool,
}

/// One household of the list.
#[derive(Clone, Serialize)]
pub struct MyHousehold {
    /// Its page.
    pub href: String,
    /// The head's name.
    pub head: String,
    /// Village and what helps to tell households apart (60 岁以上), in words.
    pub note: String,
    /// `138****1234`; may be empty.
    pub phone: String,
    /// Came within the last 30 days.
    pub fresh: bool,
}

impl MyHouseholds {
    /// Search and village filter; `villages` are those of this lawyer.
    pub fn filters(say: &Say<'_>, find: &str, village: &str, villages: Vec<FieldOption>) -> Filters {
        let mut places = vec![FieldOption::new("", say.t("desk-any"), village)];
        places.extend(villages);
        let fields = vec![
            Field::input("search", "find", "desk-household-q").value(find),
            Field::select("village", "desk-household-village", places),
        ];
        Filters::new("/desk/my-households", fields)
    }
}

impl View for MyHouseholds {
    const TEMPLATE: &'static str = "pages/desk/household/mine";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-household-mine-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let villages = || vec![FieldOption::new("620200102201", "野麻湾村", "")];
            let row = |head: &str, note: &str, phone: &str, fresh: bool| MyHousehold {
                href: "/desk/households/1".into(),
                head: head.into(),
                note: note.into(),
                phone: phone.into(),
                fresh,
            };
            let found = Self {
                count: "共 88 户，在 2 个村".into(),
                filters: Self::filters(say, "", "", villages()),
                rows: vec![
                    row("曾玉兰", "野麻湾村", "139****2480", true),
                    row("马建国", "中沟村 · 60 岁以上、留守", "175****6720", false),
                    row("阿卜杜拉·买买提", "中沟村", "", false),
                ],
                pager: Pager { back: String::new(), more: "/desk/my-households?cursor=b2Zm".into() },
                cards: "/desk/cards".into(),
                asked: true,
            };
            let nobody = Self {
                filters: Self::filters(say, "wang", "", villages()),
                rows: Vec::new(),
                pager: Pager::default(),
                ..found.clone()
            };
            let none = Self {
                filters: Self::filters(say, "", "", Vec::new()),
                cards: String::new(),
                asked: false,
                ..nobody.clone()
            };
            vec![found, nobody, none]
        })
    }
}
