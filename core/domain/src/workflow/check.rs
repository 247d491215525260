//! Proof of a flow before it is used: every state, step and role decided, no dead end, every text in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::opens_check::reaches;
use super::words_check::{filled, untold};
use super::{Effect, Field, Flow, Guard, Inside, Kind, Reader, Target, When};
use crate::access::Role;

/// What a flow allows in each state, as the proof has walked it: state → action → roles.
pub type Decided = BTreeMap<String, BTreeMap<String, Vec<Role>>>;

/// The decided table, where the flow is sound.
///
/// # Errors
/// Every fault, each one sentence that names the place.
pub fn proven(flow: &Flow) -> Result<Decided, Vec<String>> {
    let mut faults = Vec::new();
    names(flow, &mut faults);
    faults.extend(untold(flow));
    let mut say = |fault: String| faults.push(fault);
    fields(&flow.field, &mut say);
    beside(flow, &mut say);
    steps(flow, &mut faults);
    roads(flow, &mut faults);
    if faults.is_empty() { Ok(decided(flow)) } else { Err(faults) }
}

fn decided(flow: &Flow) -> Decided {
    let row = |state: &super::State| {
        let steps = flow.steps_from(&state.id).map(|step| (step.action.clone(), step.roles.clone()));
        (state.id.clone(), steps.collect())
    };
    flow.state.iter().map(row).collect()
}

fn twice<'a>(what: &str, all: impl Iterator<Item = &'a str>, faults: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for name in all {
        if !seen.insert(name) {
            faults.push(format!("{what} `{name}` stands twice"));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            faults.push(format!("{what} `{name}`: only a–z, 0–9 and _ make a name"));
        }
    }
}

fn names(flow: &Flow, faults: &mut Vec<String>) {
    twice("state", flow.state.iter().map(|s| s.id.as_str()), faults);
    twice("field", flow.field.iter().map(|f| f.name.as_str()), faults);
    twice("step", flow.step.iter().map(|s| s.action.as_str()), faults);
    for taken in ["action", "version", "id", "state", "number", "place", "household_id"] {
        if flow.field(taken).is_some() {
            faults.push(format!("field `{taken}`: the case itself has this name"));
        }
    }
    if let Some(when) = &flow.urgent {
        conditions(flow, when, &mut |fault| faults.push(format!("`urgent`: {fault}")));
    }
    for (what, name) in [
        ("person", &flow.person),
        ("phone", &flow.phone),
        ("id_number", &flow.id_number),
        ("matter", &flow.matter),
        ("external", &flow.external),
    ] {
        if !name.is_empty() && flow.field(name).is_none() {
            faults.push(format!("{what} names the field `{name}`, which is not declared"));
        }
    }
    if !flow.place.is_empty() && flow.field(&flow.place).is_none_or(|field| field.kind != Kind::Division) {
        faults.push(format!("place names the field `{}`, which is not declared as a division", flow.place));
    }
    if !flow.number.contains("{n}") || !flow.number.contains("{year}") {
        faults.push("number: `{year}` and `{n}` are needed, else two cases share a number".to_owned());
    }
}

/// What can be said of fields wherever they stand.
pub(super) fn fields<'a>(all: impl IntoIterator<Item = &'a Field>, say: &mut impl FnMut(String)) {
    for field in all.into_iter().flat_map(with_columns) {
        let mut fault = |what: &str| say(format!("field `{}` {what}", field.name));
        let chooses = matches!(field.kind, Kind::Choice | Kind::Choices);
        if chooses && field.choices().is_empty() {
            fault("has nothing to choose");
        }
        if field.passing && field.index {
            fault("is passing: the case keeps nothing to find it by");
        }
        if (field.kind == Kind::Rows) == field.of.is_empty() {
            fault("is wrong: rows have columns in `of`, and nothing else has");
        }
        let number = matches!(field.kind, Kind::Number | Kind::Money | Kind::Unit);
        let least = if field.kind == Kind::Number { field.least() } else { 1 };
        if field.max.is_some_and(|max| max < if number { least } else { 1 }) {
            fault("can never be filled: its `max` leaves nothing");
        }
    }
}

/// What can be said of its readers, its deadlines and its dossier.
fn beside(flow: &Flow, say: &mut impl FnMut(String)) {
    for field in flow.field.iter().flat_map(with_columns) {
        for reader in &field.readers {
            if let Reader::Under { when, .. } = reader {
                conditions(flow, when, &mut |fault| say(format!("readers of `{}`: {fault}", field.name)));
            }
        }
    }
    for rule in flow.deadline.iter().filter(|rule| rule.period.n == 0) {
        say(format!("deadline `{}`: a period of nothing", rule.code));
    }
    for when in flow.dossier.iter().filter_map(|one| one.when.as_ref()) {
        conditions(flow, when, &mut |fault| say(format!("`dossier`: {fault}")));
    }
    for name in filled(&flow.number).into_iter().filter(|name| !matches!(*name, "year" | "n" | "office")) {
        say(format!("number: `{{{name}}}` is none of {{year}}, {{n}}, {{office}}"));
    }
}

fn with_columns(field: &Field) -> impl Iterator<Item = &Field> {
    std::iter::once(field).chain(&field.of)
}

fn steps(flow: &Flow, faults: &mut Vec<String>) {
    if flow.step.iter().filter(|step| step.from.is_empty()).count() != 1 {
        faults.push("exactly one step opens a case: the one without `from`".to_owned());
    }
    for step in &flow.step {
        let mut say = |text: String| faults.push(format!("step `{}`: {text}", step.action));
        if step.roles.is_empty() && step.posts.is_empty() {
            say("nobody may do it".to_owned());
        }
        for from in step.from.iter().filter(|from| *from != "*") {
            match flow.state(from) {
                None => say(format!("comes from `{from}`, which is no state")),
                Some(state) if state.closed && step.to == Target::Always("=".to_owned()) => {}
                Some(_) => {}
            }
        }
        let (ways, last_is_open) = match &step.to {
            Target::Always(to) => (vec![to], true),
            Target::First(ways) => {
                (ways.iter().map(|w| &w.state).collect(), ways.last().is_some_and(|w| w.when.is_none()))
            }
        };
        if !last_is_open {
            say("its last way has a condition, so that some case would lead nowhere".to_owned());
        }
        let opening = step.from.is_empty();
        for to in ways {
            let stays = to == "=" && !opening;
            if !stays && flow.state(to).is_none() {
                say(format!("leads to `{to}`, which is no state"));
            }
        }
        step_fields(flow, step, &mut say);
    }
}

fn step_fields(flow: &Flow, step: &super::Step, say: &mut impl FnMut(String)) {
    let mut whens: Vec<&When> = Vec::new();
    for one in &step.fields {
        let (name, _, when) = one.parts();
        if flow.field(name).is_none() {
            say(format!("asks for `{name}`, which is not declared"));
        }
        whens.extend(when);
    }
    for one in &step.sets {
        whens.extend(&one.when);
        let list = one.sum.split_once('.').map_or(one.count.as_str(), |(list, _)| list);
        if !list.is_empty() {
            let rows = flow.field(list).is_some_and(|field| field.kind == Kind::Rows);
            let number = |field: &Field| matches!(field.kind, Kind::Number | Kind::Money);
            if !rows || !flow.field(&one.field).is_some_and(number) {
                say(format!("counts `{list}` for `{}`: one is no list or the other no number", one.field));
            }
            continue;
        }
        let fits = |field: &Field| match field.kind {
            Kind::Choice => field.choices().iter().any(|choice| choice.code == one.value),
            Kind::Yes => matches!(one.value.as_str(), "true" | "false"),
            kind => kind == Kind::Text,
        };
        if !flow.field(&one.field).is_some_and(fits) {
            say(format!("brings `{}` to `{}`, which cannot hold it", one.value, one.field));
        }
    }
    if let Target::First(ways) = &step.to {
        whens.extend(ways.iter().filter_map(|way| way.when.as_ref()));
    }
    dated_rows(flow, step, say);
    let mut of_kind = |name: &str, kind: Kind| match flow.field(name) {
        Some(field) if field.kind == kind => {}
        _ => say(format!("needs a field `{name}` of kind {}", kind.code())),
    };
    if let Some(Inside::Under(when)) = &step.internal {
        whens.push(when);
    }
    let (mut indexed, mut unheard): (Vec<&String>, Vec<&String>) = Default::default();
    for guard in &step.guards {
        match guard {
            Guard::NotAuthorOf { action, .. } if flow.step(action).is_none() => {
                of_kind(action, Kind::Case);
            }
            Guard::Within { field, .. } | Guard::Ahead { field, .. } | Guard::Over { field } => {
                of_kind(field, Kind::Date);
            }
            Guard::NotBefore { field, than } => [field, than].iter().for_each(|one| of_kind(one, Kind::Date)),
            Guard::Represented { rows, people, .. } => {
                of_kind(rows, Kind::Rows);
                of_kind(people, Kind::Number);
            }
            Guard::InTime { from, field, .. } => {
                [from].into_iter().chain(field).for_each(|field| of_kind(field, Kind::Date));
            }
            Guard::Dossier { field, reason } => {
                of_kind(field, Kind::Yes);
                of_kind(reason, Kind::Text);
            }
            Guard::NoConflict { field } => of_kind(field, Kind::Worker),
            Guard::Practice { field, when, .. } | Guard::Competent { field, when, .. } => {
                // Competence without a field is that of whoever acts.
                if !field.is_empty() || matches!(guard, Guard::Practice { .. }) {
                    of_kind(field, Kind::Worker);
                }
                whens.extend(when);
            }
            Guard::Holds { when, under, .. } => {
                whens.push(when);
                whens.extend(under);
            }
            Guard::Apart { field, same } => {
                of_kind(field, Kind::Worker);
                indexed.push(same);
            }
            Guard::Unique { fields, .. } => indexed.extend(fields),
            Guard::Enough { same, need, .. } => {
                of_kind(need, Kind::Number);
                indexed.push(same);
            }
            Guard::Settled { reason, .. } => match flow.field(reason).map(|field| field.kind) {
                Some(Kind::Text | Kind::Long) => {}
                _ => of_kind(reason, Kind::Long),
            },
            Guard::Filled { .. }
            | Guard::NotAuthorOf { .. }
            | Guard::Once
            | Guard::NotLead
            | Guard::Attached { .. }
            | Guard::Linked { .. }
            | Guard::Call { .. } => {}
        }
    }
    for effect in &step.effects {
        match effect {
            Effect::Assign { field } => of_kind(field, Kind::Worker),
            Effect::AskUnit { unit, worker, due } => {
                of_kind(unit, Kind::Text);
                of_kind(worker, Kind::Worker);
                of_kind(due, Kind::Date);
            }
            Effect::UnitAnswers { field } | Effect::UnitEnds { field } => of_kind(field, Kind::Unit),
            Effect::TellUnits { at, place, .. } => {
                of_kind(at, Kind::Time);
                of_kind(place, Kind::Text);
            }
            Effect::Start { from, due, when, .. } => {
                from.iter().chain(due).for_each(|field| of_kind(field, Kind::Date));
                whens.extend(when);
            }
            Effect::Notice { to, when, text } => {
                whens.extend(when);
                if !reaches(flow, step, *to) {
                    unheard.push(text);
                }
            }
            Effect::Open { when, .. } | Effect::Meet { when, .. } | Effect::Paper { when, .. } => {
                whens.extend(when)
            }
            Effect::Book { rooms, from, minutes, when, .. } => {
                rooms.iter().for_each(|field| of_kind(field, Kind::Room));
                of_kind(from, Kind::Time);
                of_kind(minutes, Kind::Number);
                whens.extend(when);
            }
            _ => {}
        }
    }
    for name in indexed.into_iter().filter(|name| !flow.field(name).is_some_and(|field| field.index)) {
        say(format!("compares `{name}`, which is no field with an index"));
    }
    for text in unheard {
        say(format!("tells `{text}` to whose turn it is, which is nobody's once the case is closed"));
    }
    for name in step.tells.iter().filter(|name| flow.field(name).is_none()) {
        say(format!("tells `{name}`, which is not declared"));
    }
    for when in whens {
        conditions(flow, when, say);
    }
}

/// A list whose rows fall due, or must have something, has the columns that say so.
fn dated_rows(flow: &Flow, step: &super::Step, say: &mut impl FnMut(String)) {
    let date = |fields: &[Field], name: &String| {
        fields.iter().any(|field| &field.name == name && field.kind == Kind::Date)
    };
    let list = |name: &str| flow.field(name).filter(|field| field.kind == Kind::Rows);
    let started = step.effects.iter().filter_map(|effect| match effect {
        Effect::StartEach { rows, due, done, .. } => Some((rows, due, done)),
        _ => None,
    });
    let settled = step.guards.iter().filter_map(|guard| match guard {
        Guard::Settled { rows, due, done, .. } => Some((rows, due, done)),
        _ => None,
    });
    for (rows, due, done) in started.chain(settled) {
        if !list(rows).is_some_and(|list| date(&list.of, due) && date(&list.of, done)) {
            say(format!("needs a list `{rows}` with the dates `{due}` and `{done}`"));
        }
    }
    for effect in &step.effects {
        let Effect::StartEach { from: Some(from), .. } = effect else { continue };
        if !date(&flow.field, from) {
            say(format!("needs a field `{from}` of kind date"));
        }
    }
    for guard in &step.guards {
        let Guard::Filled { rows, column, when, .. } = guard else { continue };
        let has = |list: &Field, name: &str| list.of.iter().any(|field| field.name == name);
        if !list(rows).is_some_and(|list| has(list, column) && has(list, &when.field)) {
            say(format!("needs a list `{rows}` with `{column}` and `{}`", when.field));
        }
    }
}

/// A condition by which cases are found: its field is in the index, and holds what it names.
pub(super) fn counted(flow: &Flow, when: &When, say: &mut impl FnMut(String)) {
    if !flow.field(&when.field).is_some_and(|field| field.index) {
        return say("its condition speaks of a field without index".to_owned());
    }
    conditions(flow, when, say);
}

/// A condition on values of a case.
pub(super) fn conditions(flow: &Flow, when: &When, say: &mut impl FnMut(String)) {
    let Some(field) = flow.field(&when.field) else {
        return say(format!("a condition speaks of `{}`, which is not declared", when.field));
    };
    let known = |code: &String| match field.kind {
        Kind::Choice | Kind::Choices => code.is_empty() || field.choices().iter().any(|c| &c.code == code),
        Kind::Yes => matches!(code.as_str(), "true" | "false" | ""),
        _ => true,
    };
    for code in when.among.iter().filter(|code| !known(code)) {
        say(format!("a condition on `{}` names `{code}`, which it never is", when.field));
    }
    if let Some(and) = &when.and {
        conditions(flow, and, say);
    }
}

/// Every state is reached, every open one has somebody whose turn it is and a way to an end.
fn roads(flow: &Flow, faults: &mut Vec<String>) {
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
    for state in &flow.state {
        if !reached.contains(&state.id) {
            faults.push(format!("state `{}` is never reached", state.id));
        }
        if !ending.contains(&state.id) {
            faults.push(format!("state `{}` is a dead end: no way leads to a closed state", state.id));
        }
        if state.closed != state.next.is_none() {
            faults.push(format!(
                "state `{}`: an open one says whose turn it is, a closed one does not",
                state.id
            ));
        }
        let turn = |role: Role| flow.steps_from(&state.id).any(|step| step.roles.contains(&role));
        if let Some(role) = state.next.filter(|role| !turn(*role)) {
            faults.push(format!(
                "state `{}`: it is the turn of {}, who can do nothing there",
                state.id,
                role.code()
            ));
        }
    }
}
