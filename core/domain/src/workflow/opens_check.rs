//! The check of what opens a case elsewhere by itself: what the other form asks for is there, and fits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde_json::Value;

use super::check::known_state;
use super::manifest::personal;
use super::{Acts, Asked, Flow, Kind, Manifest, Manner, Opens, Whom, core_flow};
use crate::fault::At;
use crate::time::Date;

/// What a hook or a job can hand on beside fields, as text.
const KNOWN: [&str; 3] = ["@number", "@day", "@place"];

impl Manifest {
    /// What a hook or a job opens; `from` is the flow of the case that it comes from.
    pub(super) fn check_opens(&self, opens: &Opens, from: Option<&Flow>, at: &mut At<'_>) {
        let Some(flow) = self.own(&opens.flow) else {
            return at.member("flow").say("no_flow", &[("flow", &opens.flow)]);
        };
        brought((&opens.map, &opens.set), from, flow, at);
        asked(flow, &opens.map.keys().chain(opens.set.keys()).map(String::as_str).collect(), at);
    }

    /// The step that a hook takes on linked cases; `from` is the flow of the case that moves.
    pub(super) fn check_acts(&self, acts: &Acts, from: &Flow, at: &mut At<'_>) {
        let Some(flow) = self.own(&acts.flow) else {
            return at.member("flow").say("no_flow", &[("flow", &acts.flow)]);
        };
        let Some(step) = flow.step(&acts.action).filter(|step| !step.from.is_empty()) else {
            return at.member("action").say("act.no_step", &[("flow", &flow.id), ("step", &acts.action)]);
        };
        if step.asks_library() {
            at.member("action").say("job.library", &[("step", &step.action)]);
        }
        brought((&acts.map, &acts.set), Some(from), flow, at);
        let given = acts.map.keys().chain(acts.set.keys()).map(String::as_str).collect();
        let codes = ("act.unasked", "act.unfilled");
        met(&flow.asked(step), &given, |_| false, (codes, &[("flow", &flow.id), ("step", &step.action)]), at);
    }

    /// The other flow of a guard on linked cases, and its states.
    pub(super) fn check_linked(&self, other: &str, outside: &[String], at: &mut At<'_>) {
        let Some(flow) = core_flow(other).or_else(|| self.own(other)) else {
            return at.member("flow").say("no_flow", &[("flow", &other)]);
        };
        let mut at = at.member("outside");
        if outside.is_empty() {
            at.say("linked.no_state", &[("flow", &other)]);
        }
        outside.iter().for_each(|state| known_state(flow, state, &mut at));
    }

    /// What a step opens, out of a case of its own flow.
    pub(super) fn check_open(
        &self,
        from: &Flow,
        (flow, map): (&str, &BTreeMap<String, String>),
        at: &mut At<'_>,
    ) {
        let Some(other) = core_flow(flow).or_else(|| self.own(flow)) else {
            return at.member("flow").say("no_flow", &[("flow", &flow)]);
        };
        map.iter().for_each(|one| handed(one, Some(from), other, &mut at.member("map")));
        asked(other, &map.keys().map(String::as_str).collect(), at);
    }
}

/// A field of the one case that the other's is filled from: there is one, of a kind that the other can hold.
fn handed((to, name): (&String, &String), from: Option<&Flow>, flow: &Flow, map: &mut At<'_>) {
    let mut at = map.member(to);
    let Some(source) = from.and_then(|from| from.field(name)) else {
        return at.say("opens.nothing", &[("name", name)]);
    };
    let kind = flow.field(to).map(|field| field.kind);
    // A telephone or an ID number stays what it is: as a plain text it would be read, and indexed, by anybody.
    if personal(source) && Some(source.kind) != kind {
        at.say("opens.person", &[("name", name), ("field", to)]);
    } else if let Some(kind) = kind.filter(|kind| shape(*kind) != shape(source.kind)) {
        let (own, other) = (source.kind.code(), kind.code());
        at.say("opens.kinds", &[("name", name), ("kind", &own), ("field", to), ("other", &other)]);
    }
}

/// What a hook or a job hands on to a case of a flow: there is such a thing, and it fits.
fn brought(
    (map, set): (&BTreeMap<String, String>, &BTreeMap<String, Value>),
    from: Option<&Flow>,
    flow: &Flow,
    at: &mut At<'_>,
) {
    for (to, name) in map {
        let mut map = at.member("map");
        if !name.starts_with('@') {
            handed((to, name), from, flow, &mut map);
            // What people hand over they have read; here nobody looks.
            let source = from.and_then(|from| from.field(name)).filter(|source| !personal(source));
            if source.is_some_and(|source| source.sensitive)
                && flow.field(to).is_some_and(|field| !field.sensitive)
            {
                map.member(to).say("opens.sensitive", &[("name", name), ("field", to)]);
            }
        } else if !KNOWN.contains(&name.as_str()) {
            map.member(to).say("opens.known", &[("name", name)]);
        } else if flow.field(to).is_some_and(|field| shape(field.kind) != shape(Kind::Text)) {
            map.member(to).say("opens.text", &[("name", name), ("field", to)]);
        }
    }
    for (name, value) in set {
        if flow.field(name).is_some_and(|field| !takes(field, value)) {
            at.member("set").member(name).say("cannot_hold", &[("value", value)]);
        }
    }
}

/// Nothing is given that the other's first form does not ask for, and nothing lacks that it demands: a choice that is
/// not made becomes `other` where its list has it.
fn asked(flow: &Flow, given: &BTreeSet<&str>, at: &mut At<'_>) {
    unasked(flow, at);
    let all = flow.opening().map(|step| flow.asked(step)).unwrap_or_default();
    let other = |one: &Asked<'_>| one.field.choices().iter().any(|choice| choice.code == "other");
    met(&all, given, other, (("opens.unasked", "opens.unfilled"), &[("flow", &flow.id)]), at);
}

/// What is given is asked for, and what is demanded is given, but for what fills itself; else the first or the second of
/// the codes is said.
fn met(
    all: &[Asked<'_>],
    given: &BTreeSet<&str>,
    fills: impl Fn(&Asked<'_>) -> bool,
    ((extra, lacking), args): ((&'static str, &'static str), &[(&'static str, &dyn Display)]),
    at: &mut At<'_>,
) {
    let mut say = |code, field: &str| {
        let field: (&'static str, &dyn Display) = ("field", &field);
        at.say(code, &[args, &[field]].concat());
    };
    for name in given.iter().filter(|name| !all.iter().any(|one| one.field.name == **name)) {
        say(extra, name);
    }
    for one in all.iter().filter(|one| one.required && one.when.is_none()) {
        if !given.contains(one.field.name.as_str()) && !fills(one) {
            say(lacking, &one.field.name);
        }
    }
}

/// What opens cases by itself cannot ask a library before.
pub(super) fn unasked(flow: &Flow, at: &mut At<'_>) {
    if flow.opening_asks() {
        at.say("opens.library", &[("flow", &flow.id)]);
    }
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
