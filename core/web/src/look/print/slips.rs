//! Activation slips: how a person from a roster gets an account, on paper, once.

use serde::Serialize;

use crate::look::{Layout, Say, View};

/// One slip. The code works once and ends.
#[derive(Clone, Debug, Serialize)]
pub struct Slip {
    /// Whose account.
    pub name: String,
    /// Their firm or unit; may be empty.
    pub unit: String,
    /// Sign-in name.
    pub username: String,
    /// The code in groups of four.
    pub code: String,
    /// Last day, in words.
    pub until: String,
}

/// Six slips an A4 sheet.
#[derive(Debug, Serialize)]
pub struct SlipSheets {
    /// Address to type, without `https://`.
    pub address: String,
    /// The sheets, each with up to six slips.
    pub sheets: Vec<Vec<Slip>>,
}

impl SlipSheets {
    /// Slips in sheets of six, in the order given.
    pub fn new(address: &str, slips: &[Slip]) -> Self {
        Self { address: address.to_owned(), sheets: slips.chunks(6).map(<[Slip]>::to_vec).collect() }
    }
}

impl View for SlipSheets {
    const TEMPLATE: &'static str = "pages/print/slips";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("slip-word")
    }

    fn samples() -> Vec<Self> {
        let slip = |n: u8| Slip {
            name: "蔡志生".to_owned(),
            unit: "甘肃雄关律师事务所".to_owned(),
            username: format!("caizhisheng{n}"),
            code: "7QK2 MXB9 TDWZ".to_owned(),
            until: "2026年12月6日(周日)".to_owned(),
        };
        let slips: Vec<_> = (1..8).map(slip).collect();
        vec![Self::new("falin.example/zh/620200/activate", &slips)]
    }
}
