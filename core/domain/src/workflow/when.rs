//! Conditions on the values of a case: what a field is, how much at least or at most, and how they are put together.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Field, Flow, Kind, Values};
use crate::fault::At;
use crate::time::Date;

/// A condition on the values of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The field.
    pub field: String,
    /// It holds where the field is one of these (`true`, `false` for yes and no; empty text for "nothing given").
    #[serde(rename = "in", default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<String>,
    /// A number, an amount or a day is no less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Bound>,
    /// A number, an amount or a day is no more than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Bound>,
    /// This must hold as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub and: Option<Box<When>>,
    /// Where all that does not hold, this may instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub or: Option<Box<When>>,
}

/// What a number, an amount or a day is held against.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A number, or an amount in fen.
    Number(i64),
    /// A day, or the name of another field of the same kind.
    Text(String),
}

impl When {
    /// Whether it holds for these values.
    pub fn holds(&self, values: &Values) -> bool {
        let here = self.fits(values) && self.and.as_ref().is_none_or(|and| and.holds(values));
        here || self.or.as_ref().is_some_and(|or| or.holds(values))
    }

    /// Itself and every condition that is put together with it.
    pub fn parts(&self) -> Vec<&Self> {
        let others = [&self.and, &self.or].into_iter().flatten();
        std::iter::once(self).chain(others.flat_map(|other| other.parts())).collect()
    }

    /// Every field that it looks at.
    pub fn reads(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in self.parts() {
            let bounds = [&part.at_least, &part.at_most].into_iter().flatten();
            names.push(part.field.as_str());
            names.extend(bounds.filter_map(Bound::other));
        }
        names
    }

    /// Whether it is a list of what the field may be, and nothing else.
    pub fn is_list(&self) -> bool {
        let bounded = self.at_least.is_some() || self.at_most.is_some();
        !self.among.is_empty() && !bounded && self.and.is_none() && self.or.is_none()
    }

    fn fits(&self, values: &Values) -> bool {
        let given = values.get(&self.field);
        let order = |bound: &Bound| given.and_then(|given| bound.order(given, values));
        (self.among.is_empty() || self.lists(given))
            && self.at_least.as_ref().is_none_or(|bound| order(bound).is_some_and(Ordering::is_ge))
            && self.at_most.as_ref().is_none_or(|bound| order(bound).is_some_and(Ordering::is_le))
    }

    fn lists(&self, given: Option<&Value>) -> bool {
        let one = |text: &str| self.among.iter().any(|wanted| wanted == text);
        match given {
            None | Some(Value::Null) => one(""),
            Some(Value::String(text)) => one(text),
            Some(Value::Bool(truth)) => one(if *truth { "true" } else { "false" }),
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).any(one),
            Some(other) => one(&other.to_string()),
        }
    }

    /// What is wrong with its own part in this flow.
    pub(super) fn check(&self, flow: &Flow, at: &mut At<'_>) {
        let name = &self.field;
        let Some(field) = flow.field(name) else {
            return at.say("when.no_field", &[("field", name)]);
        };
        let known = |code: &String| match field.kind {
            Kind::Choice | Kind::Choices => {
                code.is_empty() || field.choices().iter().any(|choice| &choice.code == code)
            }
            Kind::Yes => matches!(code.as_str(), "true" | "false" | ""),
            _ => true,
        };
        for code in self.among.iter().filter(|code| !known(code)) {
            at.say("when.never", &[("field", name), ("value", code)]);
        }
        for (key, bound) in [("at_least", &self.at_least), ("at_most", &self.at_most)] {
            if let Some(bound) = bound.as_ref().filter(|bound| !bound.is_for(field, flow)) {
                at.member(key)
                    .say("when.bound", &[("field", name), ("kind", &field.kind.code()), ("bound", bound)]);
            }
        }
        if self.among.is_empty() && self.at_least.is_none() && self.at_most.is_none() {
            at.say("when.nothing", &[("field", name)]);
        }
    }
}

impl Bound {
    /// The other field whose value it is.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Text(text) if text.parse::<Date>().is_err() => Some(text),
            _ => None,
        }
    }

    /// How a value stands to it; None where either is not given.
    fn order(&self, given: &Value, values: &Values) -> Option<Ordering> {
        let other = self.other().map(|name| values.get(name)).unwrap_or_default();
        let day = |value: &Value| value.as_str().and_then(|text| text.parse::<Date>().ok());
        match self {
            Self::Number(bound) => given.as_i64().map(|n| n.cmp(bound)),
            Self::Text(text) => match text.parse::<Date>() {
                Ok(bound) => day(given).map(|day| day.cmp(&bound)),
                Err(_) if given.is_i64() => Some(given.as_i64()?.cmp(&other?.as_i64()?)),
                Err(_) => Some(day(given)?.cmp(&day(other?)?)),
            },
        }
    }

    fn is_for(&self, field: &Field, flow: &Flow) -> bool {
        let counted = matches!(field.kind, Kind::Number | Kind::Money);
        match (self, self.other()) {
            (Self::Number(_), _) => counted,
            (_, Some(name)) => {
                (counted || field.kind == Kind::Date)
                    && flow.field(name).is_some_and(|other| other.kind == field.kind)
            }
            _ => field.kind == Kind::Date,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn holds(when: &str, values: Value) -> bool {
        let read: std::collections::BTreeMap<String, When> =
            toml::from_str(&format!("when = {when}")).unwrap();
        read["when"].holds(values.as_object().unwrap())
    }

    #[test]
    fn bounds_hold_for_numbers_amounts_and_days() {
        let five = "{ field = \"count\", at_least = 5 }";
        assert!(holds(five, json!({"count": 5})) && !holds(five, json!({"count": 4})));
        assert!(!holds(five, json!({})), "what is not given is neither more nor less");
        let between = "{ field = \"amount\", at_least = 100, at_most = 200 }";
        let all = [99, 100, 200, 201].map(|amount| holds(between, json!({"amount": amount})));
        assert_eq!(all, [false, true, true, false]);
        let day = "{ field = \"on\", at_most = \"2026-03-01\" }";
        assert!(holds(day, json!({"on": "2026-03-01"})) && !holds(day, json!({"on": "2026-03-02"})));
        let other = "{ field = \"on\", at_least = \"from\" }";
        assert!(holds(other, json!({"on": "2026-03-02", "from": "2026-03-01"})));
        assert!(!holds(other, json!({"on": "2026-03-02"})), "there is nothing to hold it against");
        assert!(holds("{ field = \"n\", at_most = \"most\" }", json!({"n": 3, "most": 3})));
    }

    #[test]
    fn either_of_two_is_enough_and_what_belongs_together_holds_together() {
        let when = "{ field = \"kind\", in = [\"a\"], and = { field = \"n\", at_least = 5 }, or = { field = \"sure\", in = [\"true\"] } }";
        let all = [
            json!({"kind": "a", "n": 5}),
            json!({"kind": "a", "n": 4}),
            json!({"kind": "b", "n": 4, "sure": true}),
            json!({"kind": "b", "n": 9}),
        ];
        assert_eq!(all.map(|values| holds(when, values)), [true, false, true, false]);
        let read: std::collections::BTreeMap<String, When> =
            toml::from_str(&format!("when = {when}")).unwrap();
        assert_eq!(read["when"].reads(), ["kind", "n", "sure"]);
        assert!(!read["when"].is_list());
    }
}
