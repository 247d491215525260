//! Township → village → the village's adviser: two taps to a name and a number.

use serde::Serialize;

use crate::look::parts::{Call, Choice, Go};
use crate::look::{Layout, Say, View};

/// The villages and communities of a township.
#[derive(Debug, Serialize)]
pub struct Villages {
    /// The township's name.
    pub name: String,
    /// Its villages, in the order of their codes.
    pub villages: Vec<Choice>,
}

impl View for Villages {
    const TEMPLATE: &'static str = "pages/public/villages";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let names = ["野麻湾村", "横沟村", "长城村", "新城村", "中沟村", "石桥村", "泥沟村", "观蒲村"];
        let village = |name: &&str| Choice::noted("/zh/620200/villages/620201100200", *name, "");
        let villages = names.iter().map(village).collect();
        vec![
            Self { name: "新城镇".to_owned(), villages },
            Self { name: "嘉北街道".to_owned(), villages: Vec::new() },
        ]
    }
}

/// A village with its adviser.
#[derive(Debug, Serialize)]
pub struct Village {
    /// The village's name, short (`format::place`).
    pub name: String,
    /// Its township's name.
    pub township: String,
    /// The township's page.
    pub township_href: String,
    /// The adviser of the village; None while the post is vacant.
    pub adviser: Option<Adviser>,
    /// Further advisers of the village or of the same township.
    pub others: Vec<Go>,
    /// Where a question is asked in writing.
    pub ask: String,
    /// The nearest facility; None where there is none.
    pub facility: Option<NearFacility>,
}

/// Whom to call, and what helps to decide it. Also the provider on a contact card.
#[derive(Clone, Debug, Serialize)]
pub struct Adviser {
    /// Full name, or a firm's name.
    pub name: String,
    /// Text key of the title after a name (`title-lawyer`); empty for a firm.
    pub title: &'static str,
    /// The firm's name; empty for a firm itself.
    pub firm: String,
    /// The person's or firm's own page.
    pub href: String,
    /// That they are on leave, until when and who helps meanwhile; empty while they are there.
    pub away: String,
    /// The call button; None where no number is public.
    pub call: Option<Call>,
    /// When they come to the village or answer, in the county's words; may be empty.
    pub hours: String,
    /// What they do most, in words; may be empty.
    pub specialties: String,
    /// Languages, in words; may be empty.
    pub languages: String,
    /// Licence number in groups (`format::licence`); may be empty.
    pub licence: String,
}

/// Where to go near the village.
#[derive(Debug, Serialize)]
pub struct NearFacility {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Where it is; may be empty.
    pub address: String,
    /// When it is open; may be empty.
    pub hours: String,
}

impl Adviser {
    /// A lawyer for samples.
    pub(super) fn sample() -> Self {
        Self {
            name: "蔡志生".to_owned(),
            title: "title-lawyer",
            firm: "甘肃雄关律师事务所".to_owned(),
            href: "/zh/620200/workers/1".to_owned(),
            away: String::new(),
            call: Call::new("蔡志生", true, "17551056720"),
            hours: "每月15日 9:00–12:00，村委会".to_owned(),
            specialties: "医疗、劳动、刑事".to_owned(),
            languages: "普通话、维吾尔语".to_owned(),
            licence: "1620 2200 7110 0000 1".to_owned(),
        }
    }

    /// A person without a public number, hours or licence for samples.
    pub(super) fn bare() -> Self {
        Self {
            title: "title-legal-service-worker",
            call: None,
            hours: String::new(),
            specialties: String::new(),
            languages: String::new(),
            licence: String::new(),
            ..Self::sample()
        }
    }
}

impl View for Village {
    const TEMPLATE: &'static str = "pages/public/village";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.with("village-title", &[("village", &self.name)])
    }

    fn samples() -> Vec<Self> {
        let village = |adviser, others, facility| Self {
            name: "野麻湾村".to_owned(),
            township: "新城镇".to_owned(),
            township_href: "/zh/620200/places/620201100".to_owned(),
            adviser,
            others,
            ask: "/zh/620200/ask?place=620201100201".to_owned(),
            facility,
        };
        let other = Go {
            href: "/zh/620200/workers/2".to_owned(),
            tile: String::new(),
            title: "贾浩 律师".to_owned(),
            note: "横沟村顾问 · 常办婚姻家庭、交通事故".to_owned(),
        };
        let station = NearFacility {
            href: "/zh/620200/facilities/2".to_owned(),
            name: "新城镇公共法律服务工作站".to_owned(),
            address: "新城镇司法所一楼".to_owned(),
            hours: "工作日 9:00–12:00，14:00–18:00".to_owned(),
        };
        vec![
            village(Some(Adviser::sample()), vec![other], Some(station)),
            village(Some(Adviser::bare()), Vec::new(), None),
            village(
                Some(Adviser { away: "请假到 3月5日。".to_owned(), ..Adviser::sample() }),
                Vec::new(),
                None,
            ),
            village(None, Vec::new(), None),
        ]
    }
}
