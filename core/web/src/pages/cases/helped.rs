//! What of a case concerns others: who answers for it, units that help, conferences.

use falin_app::casework::{Answers, Helping, Seen};
use falin_domain::time::Instant;
use falin_domain::workflow::{Step, is_shared};
use serde_json::Value;

use crate::desk::Desk;
use crate::look::desk::case::{CaseAnswers, CaseConference, CaseUnit};
use crate::look::parts::{Button, Deadline, FieldOption, State};
use crate::pages::deadlines;

/// The first handler, and those who have taken the case over since.
pub(super) fn answers(desk: &Desk, seen: &Seen) -> Vec<CaseAnswers> {
    let day = |ms: i64| desk.day(Instant::from_millis(ms).date());
    let when = |one: &Answers| match one.to_ms {
        Some(to) => desk.say().with("desk-span", &[("from", &day(one.from_ms)), ("to", &day(to))]),
        None => desk.say().with("desk-span-open", &[("from", &day(one.from_ms))]),
    };
    let one = |(at, one): (usize, &Answers)| CaseAnswers {
        as_what: if at == 0 { "desk-case-first" } else { "desk-case-taken-over" },
        href: one.worker.map(|id| format!("/desk/workers/{id}")).unwrap_or_default(),
        name: one.name.clone(),
        when: when(one),
        past: one.to_ms.is_some(),
    };
    seen.answers.iter().enumerate().map(one).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The units that were asked, in their order.
pub(super) fn units(desk: &Desk, seen: &Seen, address: &str) -> Vec<CaseUnit> {
    let state = |one: &Helping| {
        let (fill, word) = match (one.unit.answered_n, one.unit.ended_n) {
            (Some(_), _) => ("done", "desk-case-unit-answered"),
            (None, Some(_)) => ("stopped", "desk-case-unit-ended"),
            (None, None) => ("half", "desk-case-unit-waits"),
        };
        State { fill, word: desk.say().t(word) }
    };
    let link = |can: bool, action: &str, one: &Helping| match can {
        true => format!("{address}/steps/{action}?co_which={}", one.unit.asked_n),
        false => String::new(),
    };
    let one = |one: &Helping| CaseUnit {
        name: one.unit.unit.clone(),
        person: one.worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default(),
        state: state(one),
        due: due(desk, one),
        task: lines(&one.task),
        answer: lines(&one.answer),
        answer_href: link(one.can_answer, "co_answer", one),
        end_href: link(one.can_end, "co_end", one),
    };
    seen.units.iter().map(one).collect()
}

/// When a unit's answer is wanted, while it is.
fn due(desk: &Desk, one: &Helping) -> Option<Deadline> {
    let day = one.unit.due_date.filter(|_| one.unit.waits())?;
    Some(deadlines::on_day(desk, day))
}

/// Conferences on record, newest first.
pub(super) fn conferences(desk: &Desk, seen: &Seen) -> Vec<CaseConference> {
    let held = seen.steps.iter().rev().filter(|told| told.step.action == "confer");
    let text = |told: &falin_app::casework::Told, name: &str| {
        told.values.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    held.map(|told| CaseConference {
        on: text(told, "conf_on").parse().map(|day| desk.day(day)).unwrap_or_default(),
        people: lines(&text(told, "conf_people")),
        conclusion: lines(&text(told, "conf_conclusion")),
    })
    .collect()
}

/// Buttons of the shared steps that begin something; those about one unit stand beside it.
pub(super) fn steps(seen: &Seen, address: &str, lang: &str) -> Vec<Button> {
    let all = seen.allowed.iter().filter_map(|action| seen.flow.step(action));
    let here = all.filter(|step| is_shared(&step.action) && !step.is_about_unit());
    here.map(|step| {
        Button::link("low", step.name.in_language(lang), format!("{address}/steps/{}", step.action))
    })
    .collect()
}

/// The units that a step can speak of, as choices.
pub(super) fn options(desk: &Desk, units: &[Helping], (step, current): (&Step, &str)) -> Vec<FieldOption> {
    let open = units.iter().filter(|one| if step.is_for_helpers() { one.can_answer } else { one.can_end });
    let mut options: Vec<FieldOption> = open
        .map(|one| FieldOption::new(one.unit.asked_n.to_string(), one.unit.unit.clone(), current))
        .collect();
    if current.is_empty() && options.len() > 1 {
        options.insert(0, FieldOption::new("", desk.say().t("desk-choose"), current));
    }
    options
}
