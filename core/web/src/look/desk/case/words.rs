//! The words of a flow on a page: its states, the questions of a step, what was answered.

use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::{Date, Instant};
use falin_domain::workflow::{
    Asked, Bound, Choice, Field as Question, Flow, Kind, Step, Values, When, Written,
};
use serde_json::{Value, json};

use super::{CaseCell, CaseFact, CaseTable};
use crate::look::parts::{Field, FieldOption, State};
use crate::look::{Lang, Say, format};

/// The code of a page's language in flows.
pub fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

/// A state of a flow as the square and its word.
pub fn state_of(flow: &Flow, id: &str, lang: Lang) -> State {
    match flow.state(id) {
        Some(state) => {
            State { fill: state.fill.code(), word: state.name.in_language(lang_code(lang)).to_owned() }
        }
        None => State { fill: "empty", word: id.to_owned() },
    }
}

/// When a step was taken: at its moment here, or for what an old system has brought on its day there.
pub fn step_when(say: &Say<'_>, at: Instant, happened_on: Option<Date>, today: Date) -> String {
    let here = format::day(say.lang, at.date(), today);
    match happened_on {
        None => format!("{here} {}", at.clock_text()),
        Some(day) => format!(
            "{} · {}",
            format::date(say.lang, day),
            say.with("desk-case-imported-on", &[("date", &here)])
        ),
    }
}

/// The questions of a step, with what was typed or is known. A conditional question is marked as one that may stay
/// empty, and its hint says when it is asked.
pub fn questions(say: &Say<'_>, flow: &Flow, step: &Step, typed: &Values) -> Vec<Field> {
    questions_on(say, flow, step, (typed, &Values::new()))
}

/// The same for a case that holds these values: what is asked under a condition that the case settles is asked for
/// plainly, or not at all.
pub fn questions_on(
    say: &Say<'_>,
    flow: &Flow,
    step: &Step,
    (typed, known): (&Values, &Values),
) -> Vec<Field> {
    let asked = flow.asked_on(step, known);
    asked.iter().map(|asked| question(say, flow, asked, typed.get(&asked.field.name))).collect()
}

fn question(say: &Say<'_>, flow: &Flow, asked: &Asked<'_>, value: Option<&Value>) -> Field {
    let lang = lang_code(say.lang);
    let it = asked.field;
    let label = it.label.in_language(lang).to_owned();
    let text = typed_text(it, value, lang);
    let options = |current: &str| it.choices().iter().map(|c| option(c, current, lang)).collect::<Vec<_>>();
    let field = match it.kind {
        Kind::Long => Field::area(&it.name, label).value(text),
        Kind::Rows => Field::area(&it.name, label).value(text),
        Kind::Yes => Field::radios(&it.name, label, yes_no(say, &text)),
        Kind::Choice if it.choices().len() <= 5 => Field::radios(&it.name, label, options(&text)),
        Kind::Choice => {
            let mut all = vec![FieldOption::new("", say.t("desk-case-choose"), &text)];
            all.extend(options(&text));
            Field::select(&it.name, label, all)
        }
        Kind::Choices => {
            let chosen: Vec<&str> = match value {
                Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
                Some(Value::String(one)) => vec![one],
                _ => Vec::new(),
            };
            let mut all = options("");
            all.iter_mut().for_each(|choice| choice.chosen = chosen.contains(&choice.value.as_str()));
            Field::checks(&it.name, label, all)
        }
        Kind::Date => Field::input("date", &it.name, label).value(text).width(10),
        Kind::Time => Field::input("datetime-local", &it.name, label).value(text),
        Kind::Number | Kind::Money => {
            Field::text(&it.name, label).value(text).typing("off", "decimal").width(10)
        }
        Kind::Phone => Field::input("tel", &it.name, label).value(text).typing("off", "tel").width(20),
        _ => Field::text(&it.name, label).value(text).typing("off", ""),
    };
    let hint = hint(say, flow, asked, lang);
    let field = if hint.is_empty() { field } else { field.hint(hint) };
    if asked.required && asked.when.is_none() { field } else { field.optional() }
}

fn option(choice: &Choice, current: &str, lang: &str) -> FieldOption {
    let word = if lang == "en" { &choice.en } else { &choice.zh };
    FieldOption::new(choice.code.clone(), word.clone(), current)
}

fn yes_no(say: &Say<'_>, current: &str) -> Vec<FieldOption> {
    vec![FieldOption::new("true", say.t("yes"), current), FieldOption::new("false", say.t("no"), current)]
}

fn hint(say: &Say<'_>, flow: &Flow, asked: &Asked<'_>, lang: &str) -> String {
    let mut parts = Vec::new();
    let when = asked.when.filter(|_| asked.required);
    parts.extend(std::iter::successors(when, |one| one.or.as_deref()).map(|one| under(say, flow, one, lang)));
    if asked.field.kind == Kind::Money {
        parts.push(say.t("desk-case-yuan"));
    }
    if asked.field.kind == Kind::IdNumber {
        parts.push(say.t("id-paper-hint"));
    }
    parts.extend(asked.field.hint.as_ref().map(|hint| hint.in_language(lang).to_owned()));
    parts.join(" ")
}

/// When a field is asked for, in words: what another one is, or how much.
fn under(say: &Say<'_>, flow: &Flow, when: &When, lang: &str) -> String {
    let other = flow.field(&when.field);
    let label = |name: &str| flow.field(name).map_or(name, |field| field.label.in_language(lang)).to_owned();
    let word = |code: &String| match code.as_str() {
        "true" => say.t("yes"),
        "false" => say.t("no"),
        code => other.map_or(code, |f| f.word(code, lang)).to_owned(),
    };
    let line = |bound: &Bound| match (bound, bound.other()) {
        (_, Some(name)) => label(name),
        (Bound::Number(n), _) => told(other, json!(n), lang),
        (Bound::Text(day), _) => told(other, json!(day), lang),
    };
    let bounds = [("desk-case-at-least", &when.at_least), ("desk-case-at-most", &when.at_most)];
    let bounds = bounds.into_iter().filter_map(|(key, bound)| Some((key, bound.as_ref()?)));
    let mut words: Vec<String> = when.among.iter().filter(|code| !code.is_empty()).map(word).collect();
    words.extend(bounds.map(|(key, bound)| say.with(key, &[("value", &line(bound))])));
    say.with("desk-case-when", &[("field", &label(&when.field)), ("value", &say.list(&words))])
}

fn told(field: Option<&Question>, value: Value, lang: &str) -> String {
    field.map(|field| field.told(Some(&value), lang == "en", Written::Read)).unwrap_or_default()
}

/// A stored or typed value as a form shows it.
fn typed_text(field: &Question, value: Option<&Value>, lang: &str) -> String {
    match (field.kind, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (Kind::Money, Some(Value::Number(n))) => yuan(n.as_i64().unwrap_or(0)),
        (Kind::IdNumber, Some(_)) => field.told(value, lang == "en", Written::Sheet),
        (Kind::Time, Some(Value::String(text))) => local(text),
        (Kind::Rows, Some(Value::Array(rows))) => {
            let line = |row: &Value| {
                let cells = field.of.iter().map(|column| {
                    let cell = column.told(row.get(&column.name), lang == "en", Written::Sheet);
                    cell.split_whitespace().collect::<Vec<_>>().join(" ")
                });
                cells.collect::<Vec<_>>().join("\t").trim_end().to_owned()
            };
            rows.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    }
}

/// `2026-03-01T09:30` as a form control takes it, in China's time.
fn local(text: &str) -> String {
    match text.parse::<falin_domain::time::Instant>() {
        Ok(at) => format!("{}T{}", at.date(), at.clock_text()),
        Err(_) => text.to_owned(),
    }
}

fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// A value in words, one line each.
pub fn in_words(field: &Question, value: Option<&Value>, lang: &str) -> Vec<String> {
    field.told(value, lang == "en", Written::Read).lines().map(str::to_owned).collect()
}

/// The fields of a case that are filled and told in lines, in the flow's order; ids of workers are told elsewhere.
pub fn facts(flow: &Flow, values: &Values, lang: &str) -> Vec<CaseFact> {
    let told = |field: &&Question| {
        !matches!(
            field.kind,
            Kind::Rows | Kind::Worker | Kind::Household | Kind::Case | Kind::Room | Kind::Unit
        )
    };
    let fact = |field: &Question| {
        let lines = in_words(field, values.get(&field.name), lang);
        let label = field.label.in_language(lang).to_owned();
        let (lines, dial) = match dialled(field, &lines) {
            Some((spoken, dial)) => (vec![spoken], dial),
            None => (lines, String::new()),
        };
        (!lines.is_empty()).then_some(CaseFact { label, lines, dial })
    };
    flow.field.iter().filter(told).filter_map(fact).collect()
}

/// A telephone number in groups, as it is read aloud, and as it is dialled; None where a field is none or hides it.
fn dialled(field: &Question, lines: &[String]) -> Option<(String, String)> {
    let [number] = lines else { return None };
    let whole = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    (field.kind == Kind::Phone && whole).then(|| (format::phone(number), number.replace('-', "")))
}

/// The tables of a case that are filled.
pub fn tables(flow: &Flow, values: &Values, lang: &str) -> Vec<CaseTable> {
    let rows_of = |field: &Question| {
        let rows = values.get(&field.name)?.as_array().filter(|rows| !rows.is_empty())?;
        let used: Vec<&Question> =
            field.of.iter().filter(|c| rows.iter().any(|row| row.get(&c.name).is_some())).collect();
        let cell = |field: &&Question, row: &Value| {
            let lines = in_words(field, row.get(&field.name), lang);
            let (text, dial) = dialled(field, &lines).unwrap_or_else(|| (lines.join(" "), String::new()));
            CaseCell { text, dial }
        };
        let cells = |row: &Value| used.iter().map(|field| cell(field, row)).collect();
        Some(CaseTable {
            label: field.label.in_language(lang).to_owned(),
            heads: used.iter().map(|column| column.label.in_language(lang).to_owned()).collect(),
            rows: rows.iter().map(cells).collect(),
        })
    };
    flow.field.iter().filter(|field| field.kind == Kind::Rows).filter_map(rows_of).collect()
}

/// Most faults in rows of a list that a form names one by one.
const MOST_NAMED: usize = 20;

/// The same refusal as a form can show it: a fault in a row of a list is told at the list's own box, by row and column.
pub fn at_boxes(say: &Say<'_>, flow: &Flow, refusal: &Refusal) -> Refusal {
    let mut shown = refusal.clone();
    let in_rows = refusal.fields.iter().filter_map(|fault| in_row(say, flow, fault));
    let (mut in_rows, others): (Vec<FieldError>, Vec<FieldError>) =
        (in_rows.collect(), refusal.fields.iter().filter(|one| !one.name.contains('[')).cloned().collect());
    if let Some(more) = in_rows.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        let list = in_rows[MOST_NAMED].name.clone();
        in_rows.truncate(MOST_NAMED);
        in_rows.push(FieldError::new(&list, "row.more").with("count", more));
    }
    shown.fields = others;
    shown.fields.extend(in_rows);
    shown
}

fn in_row(say: &Say<'_>, flow: &Flow, fault: &FieldError) -> Option<FieldError> {
    let (name, rest) = fault.name.split_once('[')?;
    let (at, column) = rest.split_once(']')?;
    let row = at.parse::<usize>().ok()? + 1;
    let column = column.trim_start_matches('.');
    let of = flow.field(name).and_then(|list| list.of.iter().find(|one| one.name == column));
    let label = of.map_or(column, |one| one.label.in_language(lang_code(say.lang)));
    let told = FieldError::new(name, "row").with("row", row).with("column", label);
    Some(told.with("what", say.field_error(fault)))
}
