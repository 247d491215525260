//! What checking a row needs to know of the county: its villages, workers and firms, and what day it is.

use super::places::Places;
use super::providers::Providers;
use crate::directory::HouseholdKind;
use crate::time::Date;

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
}

impl Context {
    /// A county of these villages, firms and workers.
    pub fn new(
        today: Date,
        villages: impl IntoIterator<Item = VillageEntry>,
        firms: impl IntoIterator<Item = FirmEntry>,
        workers: impl IntoIterator<Item = WorkerEntry>,
    ) -> Self {
        Self { today, places: Places::new(villages), providers: Providers::new(firms, workers), kind: None }
    }

    /// The same county for a file of which a person has said that all its households are of this kind.
    pub fn with_kind(mut self, kind: Option<HouseholdKind>) -> Self {
        self.kind = kind;
        self
    }
}
