//! What residents see of a case: their own steps and what has gone out to them, nothing that staff keep among themselves.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Field, Flow, Kind, Step, Values, When};
use crate::access::Role;

/// When a step stays inside the house.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Inside {
    /// Always, or never.
    Always(bool),
    /// Where this holds on the case as the step leaves it, such as a signature that was refused.
    Under(When),
}

/// A step as the history keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its action.
    pub action: &'a str,
    /// What was typed.
    pub typed: &'a Values,
}

/// A case as it looks from outside the house.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outside {
    /// Of each step what it tells; None for one that residents are not told of.
    pub steps: Vec<Option<Values>>,
    /// The case's values as far as they have gone out.
    pub values: Values,
}

impl Step {
    /// Whether residents are not told of it; `values` are those of the case as the step left them.
    pub fn is_internal(&self, values: &Values) -> bool {
        match &self.internal {
            Some(Inside::Always(always)) => *always,
            Some(Inside::Under(when)) => when.holds(values),
            None => self.action == "note" && !self.roles.contains(&Role::Resident),
        }
    }

    /// Whether it can be taken so that residents are not told of it.
    fn may_be_internal(&self) -> bool {
        matches!(self.internal, Some(Inside::Under(_))) || self.is_internal(&Values::new())
    }

    fn tells(&self, name: &str) -> bool {
        self.tells.is_empty() || self.tells.iter().any(|told| told == name)
    }
}

impl Flow {
    /// Whether what a field holds may still stay inside when this step is taken: another one writes it there, and this one
    /// does not tell it.
    pub(super) fn keeps_inside(&self, step: &Step, name: &str) -> bool {
        let writes = |one: &Step| one.fields.iter().any(|used| used.parts().0 == name);
        let out = |one: &Step| !one.may_be_internal() && one.tells(name);
        let told = out(step) && (writes(step) || !step.tells.is_empty());
        !told && self.step.iter().any(|one| writes(one) && !out(one))
    }

    /// What of a case goes out, by its whole history, oldest first. What an internal step writes stays inside until a
    /// step tells it; until then residents see what stood there before.
    pub fn outside(&self, document: &Values, history: &[Part<'_>]) -> Outside {
        let mut now = Values::new();
        // Fields whose value has not gone out, each with the one that has.
        let mut kept_back: BTreeMap<String, Option<Value>> = BTreeMap::new();
        let mut steps = Vec::new();
        for part in history {
            let before = now;
            now = super::read::merged(&before, part.typed);
            let step = self.step(part.action);
            let inside = step.is_some_and(|step| step.is_internal(&now));
            let told = |name: &str| !inside && step.is_none_or(|step| step.tells(name));
            for name in part.typed.keys() {
                if told(name) {
                    kept_back.remove(name);
                } else {
                    kept_back.entry(name.clone()).or_insert_with(|| before.get(name).cloned());
                }
            }
            let mut said = part.typed.clone();
            said.retain(|name, _| told(name));
            for name in step.filter(|_| !inside).into_iter().flat_map(|step| &step.tells) {
                kept_back.remove(name);
                if let Some(value) = now.get(name) {
                    said.insert(name.clone(), value.clone());
                }
            }
            steps.push((!inside).then_some(said));
        }
        let mut values = document.clone();
        for (name, public) in kept_back {
            match public {
                Some(value) => values.insert(name, value),
                None => values.remove(&name),
            };
        }
        Outside { steps, values }
    }

    /// Rows as one of these roles may read them: columns with readers of their own are left out, but for the row of the
    /// person that the case is about, which that person reads whole.
    pub fn rows_read_by(
        &self,
        field: &Field,
        rows: &Value,
        (case, own): (&Values, bool),
        holds: &impl Fn(Role) -> bool,
    ) -> Value {
        let shut: Vec<&str> = field
            .of
            .iter()
            .filter(|column| !column.read_by(case, holds))
            .map(|column| column.name.as_str())
            .collect();
        let Some(list) = rows.as_array().filter(|_| field.kind == Kind::Rows && !shut.is_empty()) else {
            return rows.clone();
        };
        let mine = if own { self.own_row(field, list, case) } else { None };
        let one = |(at, row): (usize, &Value)| match row.as_object() {
            Some(row) if Some(at) != mine => {
                let open = row.iter().filter(|(name, _)| !shut.contains(&name.as_str()));
                Value::Object(open.map(|(name, value)| (name.clone(), value.clone())).collect())
            }
            _ => row.clone(),
        };
        Value::Array(list.iter().enumerate().map(one).collect())
    }

    /// The only row with the name of the case's person, unless it is the other side's or its telephone or number is
    /// another's.
    fn own_row(&self, field: &Field, rows: &[Value], case: &Values) -> Option<usize> {
        let person = case.get(&self.person).and_then(Value::as_str).filter(|name| !name.is_empty())?;
        let named = |row: &&Value| row.get("name").and_then(Value::as_str) == Some(person);
        if rows.iter().filter(named).count() != 1 {
            return None;
        }
        let at = rows.iter().position(|row| named(&row))?;
        if rows[at].get("side").and_then(Value::as_str) == Some("respondent") {
            return None;
        }
        let differs = |kind: Kind, known: &str| {
            let known = case.get(known).and_then(Value::as_str);
            let columns = field.of.iter().filter(|column| column.kind == kind);
            columns.into_iter().any(|column| {
                let given = rows[at].get(&column.name).and_then(Value::as_str);
                given.is_some() && known.is_some() && given != known
            })
        };
        (!differs(Kind::Phone, &self.phone) && !differs(Kind::IdNumber, &self.id_number)).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workflow::core_flow;
    use serde_json::json;

    fn values(value: Value) -> Values {
        value.as_object().unwrap().clone()
    }

    fn outside(flow: &Flow, history: &[(&str, Value)]) -> Outside {
        let typed: Vec<(&str, Values)> =
            history.iter().map(|(action, typed)| (*action, values(typed.clone()))).collect();
        let whole = typed.iter().fold(Values::new(), |all, (_, typed)| flow.merged(&all, typed));
        let parts: Vec<Part<'_>> = typed.iter().map(|(action, typed)| Part { action, typed }).collect();
        flow.outside(&whole, &parts)
    }

    #[test]
    fn a_draft_stays_inside_until_it_is_issued() {
        let flow = core_flow("aid").unwrap();
        let mut history = vec![
            ("submit", json!({"applicant": "马建军", "facts": "欠薪"})),
            ("note", json!({"note": "像是职业闹访"})),
            ("draft", json!({"decision": "refuse", "refusal": "scope", "explanation": "草稿"})),
            ("check", json!({"agree": true, "note": "同意"})),
            ("issue", json!({"agree": false, "note": "再核实收入"})),
        ];
        let seen = outside(flow, &history);
        assert_eq!(seen.steps.iter().filter(|step| step.is_some()).count(), 1, "{seen:?}");
        assert_eq!(seen.values, values(json!({"applicant": "马建军", "facts": "欠薪"})));
        history.push(("draft", json!({"decision": "grant", "explanation": "符合条件"})));
        history.push(("check", json!({"agree": true})));
        history.push(("issue", json!({"agree": true, "note": "办"})));
        let seen = outside(flow, &history);
        let issued = seen.steps.last().unwrap().clone().unwrap();
        assert_eq!(issued["explanation"], "符合条件");
        assert!(!issued.contains_key("note") && !seen.values.contains_key("note"), "{issued:?}");
        assert_eq!(seen.values["decision"], "grant");
    }

    #[test]
    fn of_the_other_side_residents_read_the_name_alone() {
        let flow = core_flow("mediation").unwrap();
        let field = flow.field("parties").unwrap();
        let case = values(json!({"applicant": "马建军", "phone": "13909371234"}));
        let rows = json!([
            {"name": "马建军", "side": "applicant", "phone": "13909371234", "id_number": "620201198505150012"},
            {"name": "王大力", "side": "respondent", "phone": "13909375678", "id_number": "620201194910010023"},
        ]);
        let resident = |role: Role| role == Role::Resident;
        let read = flow.rows_read_by(field, &rows, (&case, true), &resident);
        assert_eq!(read, json!([rows[0], {"name": "王大力", "side": "respondent"}]));
        let twins = json!([
            {"name": "马建军", "side": "applicant"}, {"name": "马建军", "side": "respondent", "phone": "13909375678"},
        ]);
        let read = flow.rows_read_by(field, &twins, (&case, true), &resident);
        assert_eq!(read[1], json!({"name": "马建军", "side": "respondent"}));
        let staff = |role: Role| role == Role::Mediator;
        assert_eq!(flow.rows_read_by(field, &rows, (&case, false), &staff), rows);
    }
}
