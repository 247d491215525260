//! The closed lists of the directory: kinds of divisions, facilities, firms, workers and households.

/// A closed list whose members travel as snake_case codes in rows, JSON and forms.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),* }

        impl $name {
            /// Every member, in the order in which people see them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code in rows, JSON and forms.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The member with this code; None for any other text.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub use codes;

codes! {
    /// Level of a division; a city without counties has townships right below it (handbook §6).
    DivisionLevel {
        /// 省 and equals.
        Province = "province",
        /// 市, prefecture level.
        City = "city",
        /// 县 and equals, also a statistical pseudo-county.
        County = "county",
        /// 乡, 镇, 街道.
        Township = "township",
        /// 村, 社区.
        Village = "village",
    }
}

codes! {
    /// A public-legal-service platform by tier (公共法律服务中心、站、室).
    FacilityKind {
        /// 公共法律服务中心.
        Centre = "centre",
        /// 公共法律服务工作站.
        Station = "station",
        /// 公共法律服务工作室.
        Studio = "studio",
    }
}

codes! {
    /// An organisation of legal workers.
    FirmKind {
        /// 律师事务所.
        LawFirm = "law_firm",
        /// 基层法律服务所.
        LegalServiceOffice = "legal_service_office",
        /// 公证处.
        NotaryOffice = "notary_office",
        /// 法律援助中心.
        AidCentre = "aid_centre",
    }
}

codes! {
    /// A legal worker's kind (handbook §10).
    WorkerKind {
        /// 律师.
        Lawyer = "lawyer",
        /// 基层法律服务工作者.
        LegalServiceWorker = "legal_service_worker",
        /// 公证员.
        Notary = "notary",
        /// 法律援助工作人员.
        AidStaff = "aid_staff",
        /// 法律明白人.
        Volunteer = "volunteer",
    }
}

codes! {
    /// Gender as a roster writes it.
    Gender {
        /// 男.
        Male = "male",
        /// 女.
        Female = "female",
    }
}

codes! {
    /// A household's kind, which decides who may be its provider.
    HouseholdKind {
        /// 农村家庭.
        Rural = "rural",
        /// 城镇家庭.
        Urban = "urban",
    }
}

codes! {
    /// Dated categories of a household; sensitive, sealed with a keyed tag (design.md).
    Category {
        /// 低保.
        LowIncome = "low_income",
        /// 特困.
        ExtremePoverty = "extreme_poverty",
        /// 残疾.
        Disability = "disability",
        /// 军人、军属.
        Military = "military",
        /// 退役军人.
        Veteran = "veteran",
        /// 60岁以上.
        Elderly = "elderly",
        /// 留守.
        LeftBehind = "left_behind",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// A member's relation to the head of the household.
    Relation {
        /// 户主.
        Head = "head",
        /// 配偶.
        Spouse = "spouse",
        /// 子女.
        Child = "child",
        /// 父母.
        Parent = "parent",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// Who may be a household's provider.
    ProviderKind {
        /// 律师.
        Lawyer = "lawyer",
        /// 律所.
        Firm = "firm",
    }
}

impl HouseholdKind {
    /// The provider kind that a county uses unless it sets another (contract.md, pairing plan).
    pub const fn usual_provider(self) -> ProviderKind {
        match self {
            Self::Rural => ProviderKind::Lawyer,
            Self::Urban => ProviderKind::Firm,
        }
    }
}

impl WorkerKind {
    /// Who answers the questions that people bring and takes their cases: a notary certifies, a volunteer helps to find
    /// the way.
    pub const ADVISING: [Self; 3] = [Self::Lawyer, Self::LegalServiceWorker, Self::AidStaff];

    /// Whether this kind answers questions.
    pub fn advises(self) -> bool {
        Self::ADVISING.contains(&self)
    }
}

/// What a village or community calls itself as a party, the longest first.
const BODIES: &[&str] =
    &["股份经济合作社", "经济合作社", "经济联合社", "村民委员会", "居民委员会", "村委会", "居委会"];

/// Whether a party's name is that of a village itself: its bare name, or its committee's or collective's, with the places
/// above it before or without.
pub fn is_village_body(name: &str, village: &str) -> bool {
    let stem = BODIES.iter().find_map(|body| name.strip_suffix(body)).unwrap_or(name);
    let named = |full: &str| {
        full.strip_suffix(village).is_some_and(|above| above.is_empty() || above.ends_with(ABOVE))
    };
    // 河口村委会 is short for 河口村村民委员会.
    !village.is_empty() && (named(stem) || (stem != name && named(&format!("{stem}村"))))
}

/// How the names of places above a village end.
const ABOVE: &[char] = &['镇', '乡', '道', '市', '县', '区'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for kind in WorkerKind::ALL {
            assert_eq!(WorkerKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(Category::from_code("rich"), None);
        assert_eq!(HouseholdKind::Urban.usual_provider(), ProviderKind::Firm);
    }

    #[test]
    fn a_village_is_known_by_what_it_calls_itself() {
        for name in [
            "河口村",
            "河口村委会",
            "河口村村民委员会",
            "文殊镇河口村村民委员会",
            "嘉峪关市文殊镇河口村股份经济合作社",
        ] {
            assert!(is_village_body(name, "河口村"), "{name}");
        }
        assert!(is_village_body("和诚社区居民委员会", "和诚社区"));
        for name in ["新河口村村民委员会", "河口村砖厂", "河口", "王河口", ""] {
            assert!(!is_village_body(name, "河口村"), "{name}");
        }
    }
}
