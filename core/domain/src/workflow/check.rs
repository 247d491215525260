//! Proof of a flow before it is used: every state, step and role decided, no dead end, every text in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::step_check::steps;
use super::words_check::{filled, untold};
use super::{Field, Flow, Kind, Reader, When};
use crate::access::Role;
use crate::fault::{At, Fault};

/// What a flow allows in each state, as the proof has walked it: state → action → roles.
pub type Decided = BTreeMap<String, BTreeMap<String, Vec<Role>>>;

/// The decided table, where the flow is sound.
///
/// # Errors
/// Every fault.
pub fn proven(flow: &Flow) -> Result<Decided, Vec<Fault>> {
    let mut faults = Vec::new();
    prove(flow, &mut At::top(&mut faults));
    if faults.is_empty() { Ok(decided(flow)) } else { Err(faults) }
}

/// The proof of a flow where it stands in its declaration.
pub(super) fn prove(flow: &Flow, at: &mut At<'_>) {
    names(flow, at);
    untold(flow).into_iter().for_each(|fault| at.add(fault));
    fields(&flow.field, at);
    beside(flow, at);
    steps(flow, at);
    roads(flow, at);
}

fn decided(flow: &Flow) -> Decided {
    let row = |state: &super::State| {
        let steps = flow.steps_from(&state.id).map(|step| (step.action.clone(), step.roles.clone()));
        (state.id.clone(), steps.collect())
    };
    flow.state.iter().map(row).collect()
}

fn twice<'a>(key: &str, all: impl Iterator<Item = &'a str>, at: &mut At<'_>) {
    let mut seen = BTreeSet::new();
    for (number, name) in all.enumerate() {
        let mut at = at.entry(key, number, name);
        if !seen.insert(name) {
            at.say("twice", &[]);
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            at.say("name", &[]);
        }
    }
}

fn names(flow: &Flow, at: &mut At<'_>) {
    twice("state", flow.state.iter().map(|s| s.id.as_str()), at);
    twice("field", flow.field.iter().map(|f| f.name.as_str()), at);
    twice("step", flow.step.iter().map(|s| s.action.as_str()), at);
    for (number, field) in flow.field.iter().enumerate() {
        if ["action", "version", "id", "state", "number", "place", "household_id"]
            .contains(&field.name.as_str())
        {
            at.entry("field", number, &field.name).say("field.taken", &[]);
        }
    }
    if let Some(when) = &flow.urgent {
        conditions(flow, when, &mut at.member("urgent"));
    }
    for (key, name) in [
        ("person", &flow.person),
        ("phone", &flow.phone),
        ("id_number", &flow.id_number),
        ("matter", &flow.matter),
        ("external", &flow.external),
    ] {
        if !name.is_empty() {
            there(flow, name, &mut at.member(key));
        }
    }
    if !flow.place.is_empty() && flow.field(&flow.place).is_none_or(|field| field.kind != Kind::Division) {
        at.member("place").say("place.kind", &[("field", &flow.place)]);
    }
    if !flow.number.contains("{n}") || !flow.number.contains("{year}") {
        at.member("number").say("number.bare", &[]);
    }
}

/// A name that must be one of the flow's fields.
pub(super) fn there(flow: &Flow, name: &str, at: &mut At<'_>) {
    if flow.field(name).is_none() {
        at.say("no_field", &[("flow", &flow.id), ("field", &name)]);
    }
}

/// A state that must be one of the flow's.
pub(super) fn known_state(flow: &Flow, state: &str, at: &mut At<'_>) {
    if flow.state(state).is_none() {
        at.say("no_state", &[("flow", &flow.id), ("state", &state)]);
    }
}

/// What can be said of fields wherever they stand, in a list under this key.
pub(super) fn fields(all: &[Field], at: &mut At<'_>) {
    for (number, one) in all.iter().enumerate() {
        let mut at = at.entry("field", number, &one.name);
        field(one, &mut at);
        for (number, column) in one.of.iter().enumerate() {
            field(column, &mut at.entry("of", number, &column.name));
        }
    }
}

/// What can be said of one field.
pub(super) fn field(field: &Field, at: &mut At<'_>) {
    let chooses = matches!(field.kind, Kind::Choice | Kind::Choices);
    if chooses && field.choices().is_empty() {
        at.say("field.choices", &[]);
    }
    if field.passing && field.index {
        at.say("field.passing", &[]);
    }
    if (field.kind == Kind::Rows) == field.of.is_empty() {
        at.say("field.rows", &[]);
    }
    let number = matches!(field.kind, Kind::Number | Kind::Money | Kind::Unit);
    let least = if field.kind == Kind::Number { field.least() } else { 1 };
    if field.max.is_some_and(|max| max < if number { least } else { 1 }) {
        at.member("max").say("field.max", &[]);
    }
}

/// Under which conditions a field is read, and its columns.
fn read(flow: &Flow, field: &Field, at: &mut At<'_>) {
    for (number, reader) in field.readers.iter().enumerate() {
        if let Reader::Under { when, .. } = reader {
            conditions(flow, when, &mut at.entry("readers", number, "").member("when"));
        }
    }
    for (number, column) in field.of.iter().enumerate() {
        read(flow, column, &mut at.entry("of", number, &column.name));
    }
}

/// What can be said of its readers, its deadlines and its dossier.
fn beside(flow: &Flow, at: &mut At<'_>) {
    for (number, field) in flow.field.iter().enumerate() {
        read(flow, field, &mut at.entry("field", number, &field.name));
    }
    for (number, rule) in flow.deadline.iter().enumerate().filter(|(_, rule)| rule.period.n == 0) {
        at.entry("deadline", number, &rule.code).member("period").say("deadline.zero", &[]);
    }
    for (number, one) in flow.dossier.iter().enumerate() {
        if let Some(when) = &one.when {
            conditions(flow, when, &mut at.entry("dossier", number, "").member("when"));
        }
    }
    for name in filled(&flow.number).into_iter().filter(|name| !matches!(*name, "year" | "n" | "office")) {
        at.member("number").say("number.name", &[("name", &name)]);
    }
}

/// A condition by which cases are found: its field is in the index, and holds what it names.
pub(super) fn counted(flow: &Flow, when: &When, at: &mut At<'_>) {
    if !flow.field(&when.field).is_some_and(|field| field.index) {
        return at.say("when.no_index", &[("field", &when.field)]);
    }
    if !when.is_list() {
        at.say("when.list", &[]);
    }
    conditions(flow, when, at);
}

/// A condition on values of a case.
pub(super) fn conditions(flow: &Flow, when: &When, at: &mut At<'_>) {
    when.check(flow, at);
    for (key, other) in [("and", &when.and), ("or", &when.or)] {
        if let Some(other) = other {
            conditions(flow, other, &mut at.member(key));
        }
    }
}

/// Every state is reached, every open one has somebody whose turn it is and a way to an end.
fn roads(flow: &Flow, at: &mut At<'_>) {
    let moves = flow.moves();
    let reach = |start: BTreeSet<String>, forward: bool| {
        let mut seen = start;
        loop {
            let next: Vec<String> = moves
                .iter()
                .map(|(from, to)| if forward { (from, to) } else { (to, from) })
                .filter(|(from, to)| seen.contains(*from) && !seen.contains(*to))
                .map(|(_, to)| to.clone())
                .collect();
            if next.is_empty() {
                return seen;
            }
            seen.extend(next);
        }
    };
    let reached = reach(BTreeSet::from([String::new()]), true);
    let ends = flow.state.iter().filter(|state| state.closed).map(|state| state.id.clone()).collect();
    let ending = reach(ends, false);
    for (number, state) in flow.state.iter().enumerate() {
        let mut at = at.entry("state", number, &state.id);
        if !reached.contains(&state.id) {
            at.say("state.unreached", &[]);
        }
        if !ending.contains(&state.id) {
            at.say("state.dead_end", &[]);
        }
        match (state.closed, state.next) {
            (true, Some(_)) => at.say("state.closed_next", &[]),
            (false, None) => at.say("state.open_next", &[]),
            _ => {}
        }
        let turn = |role: Role| flow.steps_from(&state.id).any(|step| step.roles.contains(&role));
        if let Some(role) = state.next.filter(|role| !turn(*role)) {
            at.say("state.turn", &[("role", &role.code())]);
        }
    }
}
