//! What a long drill has done so far, kept between runs: one that is broken off goes on behind the last part that was
//! looked at from end to end.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::town::Backend;

/// Counts by name.
pub struct Tally {
    file: Option<PathBuf>,
    counts: BTreeMap<String, u64>,
}

impl Tally {
    /// Of a drill on one database. The short form begins with nothing and keeps nothing.
    pub fn of(drill: &str, backend: Backend) -> Self {
        if super::amount(0, 1) == 0 {
            return Self { file: None, counts: BTreeMap::new() };
        }
        let name = format!("{drill}-{backend:?}.json").to_lowercase();
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let known = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file: Some(file), counts: known.unwrap_or_default() }
    }

    /// How often something has happened.
    pub fn count(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or(0)
    }

    /// Adds a part that has been looked at, and keeps the whole.
    pub fn add(&mut self, part: &[(&str, u64)]) {
        for (name, n) in part {
            *self.counts.entry((*name).to_owned()).or_default() += n;
        }
        if let Some(file) = &self.file {
            let beside = file.with_extension("new");
            std::fs::write(&beside, serde_json::to_vec(&self.counts).unwrap()).unwrap();
            std::fs::rename(&beside, file).unwrap();
        }
        println!("{self}");
    }

    /// Forgets what was kept: the drill is through, the next run begins anew.
    pub fn through(&self) {
        if let Some(file) = &self.file {
            let _ = std::fs::remove_file(file);
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all: Vec<String> = self.counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
        f.write_str(&all.join(", "))
    }
}
