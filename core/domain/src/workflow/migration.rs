//! What becomes of open cases when another version of their flow is put in use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Values;

/// What happens to open cases of a flow when this version is put in use: without a rule they finish as they began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The flow.
    pub flow: String,
    /// States of the version before = states of this one; a state that is not named keeps its name.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
    /// Fields of the version before = fields of this one, or nothing for one that has no place in it any more.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

impl Migration {
    /// Values under the names that this version gives them.
    pub fn carried(&self, values: Values) -> Values {
        let named =
            |name: String| self.fields.get(&name).filter(|new| !new.is_empty()).cloned().unwrap_or(name);
        values.into_iter().map(|(name, value)| (named(name), value)).collect()
    }

    /// Values under the names that the version before gives them.
    pub fn put_back(&self, values: Values) -> Values {
        let named = |name: String| match self.fields.iter().find(|(_, new)| **new == name) {
            Some((old, _)) => old.clone(),
            None => name,
        };
        values.into_iter().map(|(name, value)| (named(name), value)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_carried_can_be_put_back() {
        let fields = [("phone", "callback"), ("gone", "")].map(|(old, new)| (old.to_owned(), new.to_owned()));
        let rule = Migration { flow: "shop".to_owned(), states: BTreeMap::new(), fields: fields.into() };
        let before = json!({"phone": "1", "gone": "2", "name": "3"}).as_object().unwrap().clone();
        let after = rule.carried(before.clone());
        assert_eq!(json!(after), json!({"callback": "1", "gone": "2", "name": "3"}));
        assert_eq!(rule.put_back(after), before);
    }
}
