//! The catalogue of services: what a resident can ask for, each thing once, in words that people use for it.
//!
//! One table serves the residents' page, the window that takes every request (一窗受理) and the API.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::directory::codes;
use crate::words::fold;
use crate::workflow::Words;

const TABLE: &str = include_str!("../assets/catalogue.toml");

codes! {
    /// What somebody comes for, in the order of the page.
    Need {
        /// Somebody to ask.
        Advice = "advice",
        /// A lawyer without cost.
        Help = "help",
        /// A dispute to settle.
        Dispute = "dispute",
        /// Papers, and how far they are.
        Papers = "papers",
        /// Companies, villages, schools.
        Others = "others",
        /// Danger, and complaints.
        Danger = "danger",
    }
}

codes! {
    /// Where a resident goes for it.
    Way {
        /// The form for questions.
        Ask = "ask",
        /// The village's page.
        Adviser = "adviser",
        /// The form for legal aid.
        Aid = "aid",
        /// The questions about legal aid.
        AidCheck = "aid-check",
        /// The form for mediation.
        Mediation = "mediation",
        /// Free times of rooms.
        Rooms = "rooms",
        /// Notary matters.
        Notary = "notary",
        /// Centres, stations, studios.
        Facilities = "facilities",
        /// How far a case is.
        Progress = "progress",
        /// How data are kept.
        Privacy = "privacy",
        /// What to do in danger.
        Safety = "safety",
    }
}

/// A service.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Code in addresses and JSON.
    pub code: String,
    /// What somebody comes for.
    pub need: Need,
    /// Where a resident goes.
    pub way: Way,
    /// The flow that staff open for it; empty where nothing is opened.
    #[serde(default)]
    pub flow: String,
    /// What it is called.
    pub name: Words,
    /// What it is, in a sentence or two.
    pub about: Words,
    /// For whom.
    pub who: Words,
    /// What to bring.
    #[serde(default)]
    pub bring: Vec<Words>,
    /// What it costs.
    pub fee: Words,
    /// How long it takes.
    pub time: Words,
    /// The law that it rests on.
    #[serde(default)]
    pub law: Option<Words>,
    /// Other words for it, by which it is found.
    pub words: Vec<String>,
}

/// Every service, in the order of the page.
pub fn services() -> &'static [Service] {
    #[derive(Deserialize)]
    struct Table {
        service: Vec<Service>,
    }
    static ALL: LazyLock<Vec<Service>> =
        LazyLock::new(|| toml::from_str::<Table>(TABLE).map(|table| table.service).unwrap_or_default());
    &ALL
}

/// The service with this code; None where there is none.
pub fn service(code: &str) -> Option<&'static Service> {
    services().iter().find(|one| one.code == code)
}

/// Services that what was typed speaks of, the closest first: by name, by other words, by what it is. Blank text finds
/// all. A sentence finds the services whose words stand in it: `老板不发工资` finds legal aid.
pub fn found(typed: &str) -> Vec<&'static Service> {
    let typed = fold(typed);
    if typed.is_empty() {
        return services().iter().collect();
    }
    let closeness = |one: &Service| {
        let names = [&one.name.zh, &one.name.en].map(|text| fold(text));
        let near = |word: &String| {
            let word = fold(word);
            typed.contains(&word) || word.contains(&typed)
        };
        let told = [&one.about.zh, &one.about.en, &one.who.zh, &one.who.en].map(|text| fold(text));
        if names.iter().any(|name| name.contains(&typed) || typed.contains(name.as_str())) {
            Some(0)
        } else if one.words.iter().any(near) {
            Some(1)
        } else {
            told.iter().any(|text| text.contains(&typed)).then_some(2)
        }
    };
    let mut all: Vec<(u8, &Service)> =
        services().iter().filter_map(|one| closeness(one).map(|rank| (rank, one))).collect();
    all.sort_by_key(|(rank, _)| *rank);
    all.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::workflow::core_flow;

    #[test]
    fn the_table_is_read_whole_with_both_languages_and_flows_that_exist() {
        assert!(services().len() >= 18, "{} services", services().len());
        let codes: BTreeSet<&str> = services().iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes.len(), services().len(), "each stands once");
        for one in services() {
            assert!(one.flow.is_empty() || core_flow(&one.flow).is_some(), "{}: {}", one.code, one.flow);
            let texts = [&one.name, &one.about, &one.who, &one.fee, &one.time];
            let all = texts.into_iter().chain(&one.bring).chain(&one.law);
            for words in all {
                assert!(!words.zh.is_empty() && !words.en.is_empty(), "{}", one.code);
            }
            assert!(!one.words.is_empty(), "{}", one.code);
        }
    }

    #[test]
    fn people_find_a_service_by_their_own_words() {
        let first = |typed: &str| found(typed).first().map(|one| one.code.as_str());
        assert_eq!(first("法律援助"), Some("legal-aid"));
        assert_eq!(first("老公打人"), Some("violence"));
        assert_eq!(first("遗嘱"), Some("notary"));
        assert_eq!(first("ＮＯＴＡＲＹ"), Some("notary"));
        assert!(found("老板不发工资").iter().any(|one| one.code == "ask"));
        assert!(found("讨薪").iter().any(|one| one.code == "legal-aid"));
        assert!(found("量子力学").is_empty());
        assert_eq!(found("  ").len(), services().len());
    }
}
