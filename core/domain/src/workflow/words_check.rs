//! The walk over every text of a declaration: both languages, and in both the same places to fill.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Words;

/// Every text in it that a language lacks, wherever it stands, each as one sentence that names the place.
pub(super) fn untold(what: &impl Serialize) -> Vec<String> {
    let mut faults = Vec::new();
    walk(&serde_json::to_value(what).unwrap_or_default(), "", &mut faults);
    faults
}

fn walk(value: &Value, place: &str, faults: &mut Vec<String>) {
    let Value::Object(members) = value else { return };
    if let (Some(Value::String(zh)), Some(Value::String(en))) = (members.get("zh"), members.get("en")) {
        let empty = [("zh", zh), ("en", en)].into_iter().filter(|(_, text)| text.trim().is_empty());
        faults.extend(empty.map(|(lang, _)| format!("{place}no text in {lang}")));
        return;
    }
    for (key, member) in members {
        match member {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(item, &format!("{place}{key} `{}`: ", named(item, at)), faults);
                }
            }
            one => walk(one, &format!("{place}{key}: "), faults),
        }
    }
}

/// What an entry of a list is known by.
fn named(item: &Value, at: usize) -> String {
    let known = ["id", "code", "action", "name", "path", "on", "flow"].into_iter();
    let own = known.filter_map(|key| item[key].as_str()).next().or_else(|| item["field"]["name"].as_str());
    own.map_or_else(|| (at + 1).to_string(), str::to_owned)
}

/// Texts whose languages do not fill in the same.
pub(super) fn apart(texts: &BTreeMap<String, Words>) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, words) in texts {
        let (zh, en) = (filled(&words.zh), filled(&words.en));
        for name in zh.symmetric_difference(&en) {
            faults.push(format!("text `{key}`: `{{{name}}}` stands in one language only"));
        }
    }
    faults
}

/// The names that stand in braces.
pub(super) fn filled(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
