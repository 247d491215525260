//! The check of what opens a case elsewhere by itself: what the other form asks for is there, and fits.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::personal;
use super::{Flow, Kind, Manifest, Manner, Opens, Whom, core_flow};
use crate::time::Date;

/// What a hook or a job can hand on beside fields, as text.
const KNOWN: [&str; 3] = ["@number", "@day", "@place"];

impl Manifest {
    /// What a hook or a job opens; `from` is the flow of the case that it comes from.
    pub(super) fn check_opens(
        &self,
        place: &str,
        opens: &Opens,
        from: Option<&Flow>,
        faults: &mut Vec<String>,
    ) {
        let mut say = |text: String| faults.push(format!("{place}: {text}"));
        let Some(flow) = self.own(&opens.flow) else {
            return say(format!("opens `{}`, which is no flow of its own", opens.flow));
        };
        for (to, name) in opens.map.iter().filter(|(_, name)| name.starts_with('@')) {
            if !KNOWN.contains(&name.as_str()) {
                say(format!("`{name}` is none of @number, @day, @place"));
            } else if flow.field(to).is_some_and(|field| shape(field.kind) != shape(Kind::Text)) {
                say(format!("`{name}` is a text, and `{to}` holds none"));
            }
        }
        let fields = opens.map.iter().filter(|(_, name)| !name.starts_with('@'));
        fields.for_each(|one| handed(one, from, flow, &mut say));
        for (name, value) in &opens.set {
            if flow.field(name).is_some_and(|field| !takes(field, value)) {
                say(format!("`{name}` cannot hold {value}"));
            }
        }
        asked(flow, &opens.map.keys().chain(opens.set.keys()).map(String::as_str).collect(), &mut say);
    }

    /// What a step opens, out of a case of its own flow.
    pub(super) fn check_open(
        &self,
        from: &Flow,
        (flow, map): (&str, &BTreeMap<String, String>),
        say: &mut impl FnMut(String),
    ) {
        let Some(other) = core_flow(flow).or_else(|| self.own(flow)) else {
            return say(format!("opens `{flow}`, which is neither a flow of the house nor one of its own"));
        };
        map.iter().for_each(|one| handed(one, Some(from), other, say));
        asked(other, &map.keys().map(String::as_str).collect(), say);
    }
}

/// A field of the one case that the other's is filled from: there is one, of a kind that the other can hold.
fn handed((to, name): (&String, &String), from: Option<&Flow>, flow: &Flow, say: &mut impl FnMut(String)) {
    let Some(source) = from.and_then(|from| from.field(name)) else {
        return say(format!("there is no field `{name}` to take"));
    };
    let kind = flow.field(to).map(|field| field.kind);
    // A telephone or an ID number stays what it is: as a plain text it would be read, and indexed, by anybody.
    if personal(source) && Some(source.kind) != kind {
        say(format!("`{name}` is of a person, and `{to}` is no field of its kind"));
    } else if let Some(kind) = kind.filter(|kind| shape(*kind) != shape(source.kind)) {
        say(format!("`{name}` is of kind {}, and `{to}` of kind {}", source.kind.code(), kind.code()));
    }
}

/// Nothing is given that the other's first form does not ask for, and nothing lacks that it demands: a choice that is
/// not made becomes `other` where its list has it.
fn asked(flow: &Flow, given: &BTreeSet<&str>, say: &mut impl FnMut(String)) {
    unasked(flow).into_iter().for_each(&mut *say);
    let all = flow.opening().map(|step| flow.asked(step)).unwrap_or_default();
    for name in given.iter().filter(|name| !all.iter().any(|one| one.field.name == **name)) {
        say(format!("the step that opens `{}` does not ask for `{name}`", flow.id));
    }
    for one in all.iter().filter(|one| one.required && one.when.is_none()) {
        let other = one.field.choices().iter().any(|choice| choice.code == "other");
        if !given.contains(one.field.name.as_str()) && !other {
            say(format!("nothing fills `{}`, which opening `{}` demands", one.field.name, flow.id));
        }
    }
}

/// What opens cases by itself cannot ask a library before.
pub(super) fn unasked(flow: &Flow) -> Option<String> {
    let fault =
        || format!("the step that opens `{}` asks the library, which only a person's act does", flow.id);
    flow.opening_asks().then(fault)
}

/// Whether a field can hold a value that a declaration gives it.
pub(super) fn takes(field: &super::Field, value: &serde_json::Value) -> bool {
    // Only days of birth are held against a day, and no declaration is of tomorrow.
    let day = Date::new(9999, 12, 31);
    day.is_some_and(|day| field.value(value, Manner::Program, day).is_ok())
}

/// How the values of a kind look in JSON: those of another shape are never taken.
fn shape(kind: Kind) -> u8 {
    match kind {
        Kind::Number | Kind::Money | Kind::Unit => 1,
        Kind::Yes => 2,
        Kind::Choices => 3,
        Kind::Rows => 4,
        _ => 0,
    }
}

/// Whether a message is for somebody: whose turn it is, where the step ends the case, is nobody.
pub(super) fn reaches(flow: &Flow, step: &super::Step, to: Whom) -> bool {
    let open = |state: &&str| flow.state(state).is_none_or(|state| !state.closed);
    to != Whom::Next || flow.targets(step, "=").iter().any(open)
}
