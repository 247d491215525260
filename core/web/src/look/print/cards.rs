//! Contact cards (联络卡): eight to an A4 sheet, one large for a household, and a village's sheet for its notice board.

use serde::Serialize;

use super::qr::Qr;
use crate::look::parts::Hidden;
use crate::look::{Layout, Say, View};

/// One card. Its code leads to `/c/{token}` and shows the household's present lawyer.
#[derive(Clone, Debug, Serialize)]
pub struct PrintCard {
    /// The lawyer or firm.
    pub name: String,
    /// Text key of the title (`title-lawyer`); empty for a firm.
    pub title: &'static str,
    /// The firm; may be empty.
    pub firm: String,
    /// Number as it is read.
    pub phone: String,
    /// Whose card it is, for those who hand it out: village and masked name.
    pub holder: String,
    /// Address of the card as a code.
    pub qr: Qr,
}

impl PrintCard {
    fn sample(holder: &str) -> Self {
        Self {
            name: "蔡志生".to_owned(),
            title: "title-lawyer",
            firm: "甘肃雄关律师事务所".to_owned(),
            phone: "175 5105 6720".to_owned(),
            holder: holder.to_owned(),
            qr: Qr::of("https://falin.example/c/7Qk2mXb9TdWz4RfLh3VpYg"),
        }
    }
}

/// Eight cards an A4 sheet, with lines to cut along.
#[derive(Debug, Serialize)]
pub struct CardSheets {
    /// The sheets, each with up to eight cards.
    pub sheets: Vec<Vec<PrintCard>>,
    /// On the screen only: what is missing, or that printing is noted by the button; may be empty.
    pub note: String,
    /// The button's words; empty for none.
    pub act: String,
    /// What the button's form carries.
    pub keep: Vec<Hidden>,
    /// Where the cards after these are; empty where these are all.
    pub more: String,
}

impl CardSheets {
    /// Cards in sheets of eight, in the order given.
    pub fn new(cards: &[PrintCard]) -> Self {
        let sheets = cards.chunks(8).map(<[PrintCard]>::to_vec).collect();
        Self { sheets, note: String::new(), act: String::new(), keep: Vec::new(), more: String::new() }
    }
}

impl View for CardSheets {
    const TEMPLATE: &'static str = "pages/print/cards";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("card-word")
    }

    fn samples() -> Vec<Self> {
        let mut cards: Vec<_> = (1..=10).map(|n| PrintCard::sample(&format!("野麻湾村 张* {n}"))).collect();
        cards[2] = PrintCard {
            title: "",
            name: "甘肃雄关律师事务所".to_owned(),
            firm: String::new(),
            phone: "0937-622 6123".to_owned(),
            ..cards[2].clone()
        };
        let missing = Self {
            note: "有 3 户还没有联络卡。".to_owned(),
            act: "做好这些卡".to_owned(),
            keep: vec![Hidden::new("village", "620200102201")],
            more: "/desk/cards/print?village=620200102201&cursor=b2Zm".to_owned(),
            ..Self::new(&cards)
        };
        vec![Self::new(&cards), Self::new(&[]), missing]
    }
}

/// One household's card on half a sheet, in letters for the wall beside the telephone.
#[derive(Debug, Serialize)]
pub struct HouseholdCard {
    /// The card.
    pub card: PrintCard,
    /// Where it is noted as printed.
    pub printed: String,
}

impl View for HouseholdCard {
    const TEMPLATE: &'static str = "pages/print/card";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("card-word")
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            card: PrintCard::sample("野麻湾村 张*"),
            printed: "/desk/households/1/card/printed".to_owned(),
        }]
    }
}

/// A village's sheet for the notice board: the village's adviser, not a household's lawyer.
#[derive(Debug, Serialize)]
pub struct VillageSheet {
    /// The village.
    pub village: String,
    /// The adviser.
    pub name: String,
    /// Text key of the title.
    pub title: &'static str,
    /// The firm; may be empty.
    pub firm: String,
    /// Number as it is read.
    pub phone: String,
    /// When they come; may be empty.
    pub hours: String,
    /// What they do most; may be empty.
    pub specialties: String,
    /// Address of the village's page as a code.
    pub qr: Qr,
}

impl View for VillageSheet {
    const TEMPLATE: &'static str = "pages/print/village";
    const LAYOUT: Layout = Layout::Print;

    fn title(&self, say: &Say<'_>) -> String {
        say.with("village-title", &[("village", &self.village)])
    }

    fn samples() -> Vec<Self> {
        let sheet = |hours: &str, specialties: &str| Self {
            village: "野麻湾村".to_owned(),
            name: "蔡志生".to_owned(),
            title: "title-lawyer",
            firm: "甘肃雄关律师事务所".to_owned(),
            phone: "175 5105 6720".to_owned(),
            hours: hours.to_owned(),
            specialties: specialties.to_owned(),
            qr: Qr::of("https://falin.example/zh/620200/villages/620201100200"),
        };
        vec![sheet("每月15日 9:00–12:00，村委会", "医疗、劳动、刑事"), sheet("", "")]
    }
}
