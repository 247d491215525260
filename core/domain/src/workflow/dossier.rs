//! What belongs into the dossier of a case: each line is there once a paper of it is issued or a file of its name is kept.

use serde::{Deserialize, Serialize};

use super::{Values, When, Words};

/// A line of the list by which a dossier is checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belongs {
    /// What it is.
    pub name: Words,
    /// Papers of which one is enough.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Words of which one stands in the name of a scan; its first is put before the name of a file added for it.
    pub files: Vec<String>,
    /// Whether a dossier without it is not complete.
    #[serde(default)]
    pub required: bool,
    /// When it is required; always where none is given.
    #[serde(default)]
    pub when: Option<When>,
}

impl Belongs {
    /// Whether a dossier of a case with these values needs it.
    pub fn needed(&self, values: &Values) -> bool {
        self.required && self.when.as_ref().is_none_or(|when| when.holds(values))
    }

    /// Whether one of these papers, by code, or of these files, by name, is it.
    pub fn is_among(&self, papers: &[String], files: &[String]) -> bool {
        self.papers.iter().any(|paper| papers.contains(paper))
            || self.files.iter().any(|word| files.iter().any(|name| name.contains(word.as_str())))
    }
}
