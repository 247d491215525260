//! The walk over every text of a declaration: both languages, and in both the same places to fill.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Words;
use crate::fault::{At, Fault};

/// Every text in it that a language lacks, wherever it stands.
pub(super) fn untold(what: &impl Serialize) -> Vec<Fault> {
    let mut faults = Vec::new();
    walk(&serde_json::to_value(what).unwrap_or_default(), &mut At::top(&mut faults));
    faults
}

fn walk(value: &Value, at: &mut At<'_>) {
    let Value::Object(members) = value else { return };
    if let (Some(Value::String(zh)), Some(Value::String(en))) = (members.get("zh"), members.get("en")) {
        for (lang, _) in [("zh", zh), ("en", en)].into_iter().filter(|(_, text)| text.trim().is_empty()) {
            at.say("text.missing", &[("lang", &lang)]);
        }
        return;
    }
    for (key, member) in members {
        match member {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    walk(item, &mut at.entry(key, number, named(item)));
                }
            }
            one => walk(one, &mut at.member(key)),
        }
    }
}

/// What an entry of a list is known by; nothing where it has no name.
fn named(item: &Value) -> &str {
    let known = ["id", "code", "action", "name", "path", "on", "flow"].into_iter();
    let own = known.filter_map(|key| item[key].as_str()).next().or_else(|| item["field"]["name"].as_str());
    own.unwrap_or_default()
}

/// Texts whose languages do not fill in the same.
pub(super) fn apart(texts: &BTreeMap<String, Words>, at: &mut At<'_>) {
    for (key, words) in texts {
        let (zh, en) = (filled(&words.zh), filled(&words.en));
        for name in zh.symmetric_difference(&en) {
            at.member("text").member(key).say("text.apart", &[("name", name)]);
        }
    }
}

/// The names that stand in braces.
pub(super) fn filled(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
