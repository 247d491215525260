//! Proof of a flow's steps: each is somebody's, leads somewhere, and what it asks, holds and does speaks of fields that
//! can bear it.

use super::check::{conditions, known_state, there};
use super::opens_check::reaches;
use super::{Effect, Field, Flow, Guard, Inside, Kind, Step, Target};
use crate::fault::At;

/// Everything that can be said of the steps by the flow alone.
pub(super) fn steps(flow: &Flow, at: &mut At<'_>) {
    if flow.step.iter().filter(|step| step.from.is_empty()).count() != 1 {
        at.say("flow.opening", &[]);
    }
    for (number, step) in flow.step.iter().enumerate() {
        let mut at = at.entry("step", number, &step.action);
        if step.roles.is_empty() && step.posts.is_empty() {
            at.say("step.nobody", &[]);
        }
        for from in step.from.iter().filter(|from| *from != "*") {
            known_state(flow, from, &mut at.member("from"));
        }
        leads(flow, step, &mut at);
        asks(flow, step, &mut at);
        for (number, guard) in step.guards.iter().enumerate() {
            let mut at = at.entry("guards", number, "");
            holds(flow, guard, &mut at);
        }
        for (number, effect) in step.effects.iter().enumerate() {
            does(flow, step, effect, &mut at.entry("effects", number, ""));
        }
        for name in &step.tells {
            there(flow, name, &mut at.member("tells"));
        }
        if let Some(Inside::Under(when)) = &step.internal {
            conditions(flow, when, &mut at.member("internal"));
        }
    }
}

fn leads(flow: &Flow, step: &Step, at: &mut At<'_>) {
    let stays = |to: &str| to == "=" && !step.from.is_empty();
    match &step.to {
        Target::Always(to) if stays(to) => {}
        Target::Always(to) => known_state(flow, to, &mut at.member("to")),
        Target::First(ways) => {
            if ways.last().is_none_or(|way| way.when.is_some()) {
                at.member("to").say("step.last_way", &[]);
            }
            for (number, way) in ways.iter().enumerate() {
                let mut at = at.entry("to", number, "");
                if !stays(&way.state) {
                    known_state(flow, &way.state, &mut at);
                }
                if let Some(when) = &way.when {
                    conditions(flow, when, &mut at.member("when"));
                }
            }
        }
    }
}

/// What it asks for, and what it brings by itself.
fn asks(flow: &Flow, step: &Step, at: &mut At<'_>) {
    for (number, one) in step.fields.iter().enumerate() {
        let (name, _, when) = one.parts();
        let mut at = at.entry("fields", number, name);
        there(flow, name, &mut at);
        if let Some(when) = when {
            conditions(flow, when, &mut at.member("when"));
        }
    }
    for (number, one) in step.sets.iter().enumerate() {
        let mut at = at.entry("sets", number, &one.field);
        if let Some(when) = &one.when {
            conditions(flow, when, &mut at.member("when"));
        }
        let list = one.sum.split_once('.').map_or(one.count.as_str(), |(list, _)| list);
        if !list.is_empty() {
            let rows = flow.field(list).is_some_and(|field| field.kind == Kind::Rows);
            let number = |field: &Field| matches!(field.kind, Kind::Number | Kind::Money);
            if !rows || !flow.field(&one.field).is_some_and(number) {
                at.say("sets.count", &[("list", &list), ("field", &one.field)]);
            }
            continue;
        }
        let fits = |field: &Field| match field.kind {
            Kind::Choice => field.choices().iter().any(|choice| choice.code == one.value),
            Kind::Yes => matches!(one.value.as_str(), "true" | "false"),
            kind => kind == Kind::Text,
        };
        if !flow.field(&one.field).is_some_and(fits) {
            at.say("sets.value", &[("value", &one.value), ("field", &one.field)]);
        }
    }
}

/// A field that must be there, of this kind.
fn of_kind(flow: &Flow, at: &mut At<'_>, (key, name): (&str, &str), kind: Kind) {
    if flow.field(name).is_none_or(|field| field.kind != kind) {
        at.member(key).say("needs_kind", &[("field", &name), ("kind", &kind.code())]);
    }
}

/// A field that is compared with those of other cases.
fn compared(flow: &Flow, at: &mut At<'_>, key: &str, name: &str) {
    if !flow.field(name).is_some_and(|field| field.index) {
        at.member(key).say("no_index", &[("flow", &flow.id), ("field", &name)]);
    }
}

/// What must hold before the step.
fn holds(flow: &Flow, guard: &Guard, at: &mut At<'_>) {
    match guard {
        Guard::NotAuthorOf { action, .. } if flow.step(action).is_none() => {
            of_kind(flow, at, ("action", action), Kind::Case);
        }
        Guard::Within { field, .. } | Guard::Ahead { field, .. } | Guard::Over { field } => {
            of_kind(flow, at, ("field", field), Kind::Date);
        }
        Guard::NotBefore { field, than } => {
            of_kind(flow, at, ("field", field), Kind::Date);
            of_kind(flow, at, ("than", than), Kind::Date);
        }
        Guard::Represented { rows, people, .. } => {
            of_kind(flow, at, ("rows", rows), Kind::Rows);
            of_kind(flow, at, ("people", people), Kind::Number);
        }
        Guard::InTime { from, field, .. } => {
            of_kind(flow, at, ("from", from), Kind::Date);
            field.iter().for_each(|field| of_kind(flow, at, ("field", field), Kind::Date));
        }
        Guard::Dossier { field, reason } => {
            of_kind(flow, at, ("field", field), Kind::Yes);
            of_kind(flow, at, ("reason", reason), Kind::Text);
        }
        Guard::NoConflict { field } => of_kind(flow, at, ("field", field), Kind::Worker),
        Guard::Practice { field, when, .. } | Guard::Competent { field, when, .. } => {
            // Competence without a field is that of whoever acts.
            if !field.is_empty() || matches!(guard, Guard::Practice { .. }) {
                of_kind(flow, at, ("field", field), Kind::Worker);
            }
            when.iter().for_each(|when| conditions(flow, when, &mut at.member("when")));
        }
        Guard::Holds { when, under, .. } => {
            conditions(flow, when, &mut at.member("when"));
            under.iter().for_each(|when| conditions(flow, when, &mut at.member("under")));
        }
        Guard::Apart { field, same } => {
            of_kind(flow, at, ("field", field), Kind::Worker);
            compared(flow, at, "same", same);
        }
        Guard::Unique { fields, .. } => {
            fields.iter().for_each(|field| compared(flow, at, "fields", field));
        }
        Guard::Enough { same, need, .. } => {
            of_kind(flow, at, ("need", need), Kind::Number);
            compared(flow, at, "same", same);
        }
        Guard::Settled { rows, due, done, reason, .. } => {
            if !flow.field(reason).is_some_and(|field| matches!(field.kind, Kind::Text | Kind::Long)) {
                of_kind(flow, at, ("reason", reason), Kind::Long);
            }
            dated(flow, at, (rows, due, done));
        }
        Guard::Filled { rows, column, when, .. } => {
            let has = |list: &Field, name: &str| list.of.iter().any(|field| field.name == name);
            let all = |list: &Field| when.reads().into_iter().all(|name| has(list, name));
            if !list(flow, rows).is_some_and(|list| has(list, column) && all(list)) {
                at.say("rows.columns", &[("rows", rows), ("column", column), ("other", &when.field)]);
            }
        }
        Guard::NotAuthorOf { .. }
        | Guard::Once
        | Guard::NotLead
        | Guard::Attached { .. }
        | Guard::Linked { .. }
        | Guard::Call { .. } => {}
    }
}

/// What follows the step.
fn does(flow: &Flow, step: &Step, effect: &Effect, at: &mut At<'_>) {
    let when = match effect {
        Effect::Assign { field } => {
            of_kind(flow, at, ("field", field), Kind::Worker);
            &None
        }
        Effect::AskUnit { unit, worker, due } => {
            of_kind(flow, at, ("unit", unit), Kind::Text);
            of_kind(flow, at, ("worker", worker), Kind::Worker);
            of_kind(flow, at, ("due", due), Kind::Date);
            &None
        }
        Effect::UnitAnswers { field } | Effect::UnitEnds { field } => {
            of_kind(flow, at, ("field", field), Kind::Unit);
            &None
        }
        Effect::TellUnits { at: time, place, .. } => {
            of_kind(flow, at, ("at", time), Kind::Time);
            of_kind(flow, at, ("place", place), Kind::Text);
            &None
        }
        Effect::Start { from, due, when, .. } => {
            from.iter().for_each(|field| of_kind(flow, at, ("from", field), Kind::Date));
            due.iter().for_each(|field| of_kind(flow, at, ("due", field), Kind::Date));
            when
        }
        Effect::StartEach { rows, due, done, from, .. } => {
            dated(flow, at, (rows, due, done));
            from.iter().for_each(|field| of_kind(flow, at, ("from", field), Kind::Date));
            &None
        }
        Effect::Notice { to, when, .. } => {
            if !reaches(flow, step, *to) {
                at.say("notice.nobody", &[]);
            }
            when
        }
        Effect::Open { when, .. } | Effect::Meet { when, .. } | Effect::Paper { when, .. } => when,
        Effect::Book { rooms, from, minutes, when, .. } => {
            rooms.iter().for_each(|field| of_kind(flow, at, ("rooms", field), Kind::Room));
            of_kind(flow, at, ("from", from), Kind::Time);
            of_kind(flow, at, ("minutes", minutes), Kind::Number);
            when
        }
        _ => &None,
    };
    if let Some(when) = when {
        conditions(flow, when, &mut at.member("when"));
    }
}

fn list<'a>(flow: &'a Flow, name: &str) -> Option<&'a Field> {
    flow.field(name).filter(|field| field.kind == Kind::Rows)
}

/// A list whose rows fall due, or must have something, has the columns that say so.
fn dated(flow: &Flow, at: &mut At<'_>, (rows, due, done): (&String, &String, &String)) {
    let date =
        |list: &Field, name: &String| list.of.iter().any(|one| &one.name == name && one.kind == Kind::Date);
    if !list(flow, rows).is_some_and(|list| date(list, due) && date(list, done)) {
        at.say("rows.dates", &[("rows", rows), ("due", due), ("done", done)]);
    }
}
