//! What checking a row needs to know of the county: its villages, workers and firms, and what day it is.

use std::collections::HashSet;
use std::fmt;

use super::places::Places;
use super::providers::Providers;
use crate::directory::HouseholdKind;
use crate::time::Date;
use crate::words::{DivisionId, fold};

pub use super::places::VillageEntry;
pub use super::providers::{FirmEntry, WorkerEntry};

/// The county as it stands before the import.
#[derive(Clone, Debug)]
pub struct Context {
    /// Today in China; birth dates may not lie beyond.
    pub today: Date,
    /// Villages and townships by name.
    pub places: Places,
    /// Workers and firms by name and licence.
    pub providers: Providers,
    /// The kind of every household of the file, where the importing person said so.
    pub kind: Option<HouseholdKind>,
    /// ID numbers of people whose households are only stored.
    pub stored: StoredNumbers,
}

/// By what people of households that are only stored are known again: their numbers
/// ([`IdPaper::match_key`](crate::words::IdPaper::match_key) and [`named_key`](crate::words::IdPaper::named_key)), and
/// for whoever gives none the household's village, name and telephone. Debug says how many.
#[derive(Clone, Default)]
pub struct StoredNumbers(HashSet<String>);

impl StoredNumbers {
    /// Of these keys, and these households with their telephones.
    pub fn new<'a>(
        numbers: impl IntoIterator<Item = String>,
        homes: impl IntoIterator<Item = (DivisionId, &'a str, &'a [String])>,
    ) -> Self {
        let mut all: HashSet<String> = numbers.into_iter().collect();
        for (village, head, phones) in homes {
            all.insert(home_key(village, head, "any"));
            all.extend(phones.iter().map(|phone| home_key(village, head, phone)));
            if phones.is_empty() {
                all.insert(home_key(village, head, "none"));
            }
        }
        Self(all)
    }

    /// Whether a key is among them.
    pub fn holds(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    /// Whether whoever gives no number may be the household of this name in this village: a telephone is shared, or one
    /// of the two has none.
    pub fn may_hold<'a>(
        &self,
        village: DivisionId,
        head: &str,
        mut phones: impl Iterator<Item = &'a str>,
    ) -> bool {
        if !self.0.contains(&home_key(village, head, "any")) {
            return false;
        }
        let mut none = true;
        let shared = phones.any(|phone| {
            none = false;
            self.0.contains(&home_key(village, head, phone))
        });
        shared || none || self.0.contains(&home_key(village, head, "none"))
    }
}

fn home_key(village: DivisionId, head: &str, phone: &str) -> String {
    format!("{village}/{}/{phone}", fold(head))
}

impl fmt::Debug for StoredNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredNumbers({})", self.0.len())
    }
}

impl Context {
    /// A county of these villages, firms and workers.
    pub fn new(
        today: Date,
        villages: impl IntoIterator<Item = VillageEntry>,
        firms: impl IntoIterator<Item = FirmEntry>,
        workers: impl IntoIterator<Item = WorkerEntry>,
    ) -> Self {
        let (places, providers) = (Places::new(villages), Providers::new(firms, workers));
        Self { today, places, providers, kind: None, stored: StoredNumbers::default() }
    }

    /// The same county with the numbers of whom it only stores.
    pub fn with_stored(mut self, stored: StoredNumbers) -> Self {
        self.stored = stored;
        self
    }

    /// The same county for a file of which a person has said that all its households are of this kind.
    pub fn with_kind(mut self, kind: Option<HouseholdKind>) -> Self {
        self.kind = kind;
        self
    }
}
