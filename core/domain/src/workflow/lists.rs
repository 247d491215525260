//! Code lists that several flows share (handbook §11), carried as one table in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Choice;

const TABLE: &str = include_str!("../../assets/flows/lists.toml");

/// The shared list of this name; None where there is none.
pub fn shared_list(name: &str) -> Option<&'static [Choice]> {
    static LISTS: LazyLock<BTreeMap<String, Vec<Choice>>> =
        LazyLock::new(|| toml::from_str(TABLE).unwrap_or_default());
    LISTS.get(name).map(Vec::as_slice)
}
