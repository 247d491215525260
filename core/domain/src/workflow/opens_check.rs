//! The check of what opens a case elsewhere by itself: what the other form asks for is there, and fits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::manifest::personal;
use super::{Acts, Asked, Flow, Kind, Manifest, Manner, Opens, Whom, core_flow};
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
        brought((&opens.map, &opens.set), from, flow, &mut say);
        asked(flow, &opens.map.keys().chain(opens.set.keys()).map(String::as_str).collect(), &mut say);
    }

    /// The step that a hook takes on linked cases; `from` is the flow of the case that moves.
    pub(super) fn check_acts(&self, place: &str, acts: &Acts, from: &Flow, faults: &mut Vec<String>) {
        let mut say = |text: String| faults.push(format!("{place}: {text}"));
        let Some(flow) = self.own(&acts.flow) else {
            return say(format!("acts on `{}`, which is no flow of its own", acts.flow));
        };
        let Some(step) = flow.step(&acts.action).filter(|step| !step.from.is_empty()) else {
            return say(format!("`{}` has no step `{}` to take on a case", flow.id, acts.action));
        };
        if step.asks_library() {
            say(format!("the step `{}` asks the library, which the house does not", step.action));
        }
        brought((&acts.map, &acts.set), Some(from), flow, &mut say);
        let given = acts.map.keys().chain(acts.set.keys()).map(String::as_str).collect();
        let what = format!("the step `{}` of `{}`", step.action, flow.id);
        met((&what, &flow.asked(step)), &given, |_| false, &mut say);
    }

    /// The other flow of a guard on linked cases, and its states.
    pub(super) fn check_linked(&self, other: &str, outside: &[String], say: &mut impl FnMut(String)) {
        let Some(flow) = core_flow(other).or_else(|| self.own(other)) else {
            return say(format!(
                "looks at `{other}`, which is neither a flow of the house nor one of its own"
            ));
        };
        if outside.is_empty() {
            say(format!("looks at no state of `{other}`"));
        }
        for state in outside.iter().filter(|state| flow.state(state).is_none()) {
            say(format!("`{other}` has no state `{state}`"));
        }
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

/// What a hook or a job hands on to a case of a flow: there is such a thing, and it fits.
fn brought(
    (map, set): (&BTreeMap<String, String>, &BTreeMap<String, Value>),
    from: Option<&Flow>,
    flow: &Flow,
    say: &mut impl FnMut(String),
) {
    for (to, name) in map.iter().filter(|(_, name)| name.starts_with('@')) {
        if !KNOWN.contains(&name.as_str()) {
            say(format!("`{name}` is none of @number, @day, @place"));
        } else if flow.field(to).is_some_and(|field| shape(field.kind) != shape(Kind::Text)) {
            say(format!("`{name}` is a text, and `{to}` holds none"));
        }
    }
    for (to, name) in map.iter().filter(|(_, name)| !name.starts_with('@')) {
        handed((to, name), from, flow, say);
        // What people hand over they have read; here nobody looks.
        let source = from.and_then(|from| from.field(name)).filter(|source| !personal(source));
        if source.is_some_and(|source| source.sensitive)
            && flow.field(to).is_some_and(|field| !field.sensitive)
        {
            say(format!("`{name}` is read by few, and `{to}` would show it to whoever sees the case"));
        }
    }
    for (name, value) in set {
        if flow.field(name).is_some_and(|field| !takes(field, value)) {
            say(format!("`{name}` cannot hold {value}"));
        }
    }
}

/// Nothing is given that the other's first form does not ask for, and nothing lacks that it demands: a choice that is
/// not made becomes `other` where its list has it.
fn asked(flow: &Flow, given: &BTreeSet<&str>, say: &mut impl FnMut(String)) {
    unasked(flow).into_iter().for_each(&mut *say);
    let all = flow.opening().map(|step| flow.asked(step)).unwrap_or_default();
    let what = format!("the step that opens `{}`", flow.id);
    let other = |one: &Asked<'_>| one.field.choices().iter().any(|choice| choice.code == "other");
    met((&what, &all), given, other, say);
}

/// What is given is asked for, and what is demanded is given, but for what fills itself.
fn met(
    (what, all): (&str, &[Asked<'_>]),
    given: &BTreeSet<&str>,
    fills: impl Fn(&Asked<'_>) -> bool,
    say: &mut impl FnMut(String),
) {
    for name in given.iter().filter(|name| !all.iter().any(|one| one.field.name == **name)) {
        say(format!("{what} does not ask for `{name}`"));
    }
    for one in all.iter().filter(|one| one.required && one.when.is_none()) {
        if !given.contains(one.field.name.as_str()) && !fills(one) {
            say(format!("nothing fills `{}`, which {what} demands", one.field.name));
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
pub(super) fn takes(field: &super::Field, value: &Value) -> bool {
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
