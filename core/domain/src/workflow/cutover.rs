//! Cut-over in mid-year: the list of an old system's open cases read row by row, and the deadlines that run in a state.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::old_table::{Chosen, OldColumn, OldTable, old_table};
use super::{Effect, Field, Flow, Kind, Manner, Step, Target, Values};
use crate::refusal::{FieldError, Refusal};
use crate::roster::{SheetRow, Workbook, cell_text, date};
use crate::time::Date;

/// Columns about the case itself; their codes are no field's. The first head of each names it.
const NUMBER: (&str, &[&str]) = ("@number", &["编号", "原编号", "number"]);
const BEGAN: (&str, &[&str]) = ("@began", &["收案日期", "申请日期", "登记日期", "began"]);
const SINCE: (&str, &[&str]) = ("@since", &["状态日期", "since"]);
const STATE: (&str, &[&str]) = ("@state", &["状态", "state"]);
const PLACE: (&str, &[&str]) = ("@place", &["村（社区）", "村居", "place"]);
const WORKER: (&str, &[&str]) = ("@worker", &["承办人执业证号", "worker"]);

/// An open case of an old system.
#[derive(Clone, PartialEq, Debug)]
pub struct OldCase {
    /// The sheet's row, from 1.
    pub row: u32,
    /// Its number there.
    pub number: String,
    /// When it began.
    pub began: Date,
    /// Since when it is in its state; where nobody says, since it began.
    pub since: Date,
    /// The state that it stands in here.
    pub state: String,
    /// Name or code of the place; empty for none.
    pub place: String,
    /// Licence number of who leads it; empty for nobody.
    pub worker: String,
    /// The first form.
    pub values: Values,
}

/// The columns that a list of a flow's open cases can have: those about the case, and the fields of the first form.
pub fn case_columns(flow: &Flow) -> Vec<OldColumn> {
    let own = [
        (NUMBER, "Number", true),
        (BEGAN, "Began on", true),
        (SINCE, "In this state since", false),
        (STATE, "State", false),
        (PLACE, "Village or community", false),
        (WORKER, "Licence number of who leads it", false),
    ];
    let own = own.into_iter().map(|((code, names), en, required)| OldColumn::new(code, names, en, required));
    let step = flow.opening();
    let asked = step.into_iter().flat_map(|step| flow.asked(step));
    let fields = asked.map(|asked| OldColumn {
        code: asked.field.name.clone(),
        name: asked.field.label.clone(),
        names: Vec::new(),
        required: false,
    });
    own.chain(fields).collect()
}

/// Reads the first visible sheet: a row of headers, then one case a row.
///
/// # Errors
/// `form.invalid` with every fault as `row.column`: a column that nobody knows, one that is missing, a date that is
/// none, a state that the flow does not have or that is over, and what the first form itself refuses.
pub fn old_cases(flow: &Flow, book: &Workbook, today: Date) -> Result<Vec<OldCase>, Refusal> {
    let columns = case_columns(flow);
    let table = old_table(book, &columns, &Chosen::new())?;
    if let Some(column) = table.missing(&columns).first() {
        return Err(Refusal::field(&column.name.zh, "required"));
    }
    if let Some(head) = table.unknown().next() {
        return Err(Refusal::field(head, "not_expected"));
    }
    let (cases, faults) = old_rows(flow, &table, today);
    let named =
        |(row, fault): (u32, FieldError)| FieldError { name: format!("{row}.{}", fault.name), ..fault };
    let faults: Vec<FieldError> = faults.into_iter().map(named).collect();
    if faults.is_empty() { Ok(cases) } else { Err(Refusal::form(faults)) }
}

/// The rows of a list as cases, and every fault with its row.
pub fn old_rows(flow: &Flow, table: &OldTable<'_>, today: Date) -> (Vec<OldCase>, Vec<(u32, FieldError)>) {
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    let Some(step) = flow.opening() else { return (cases, faults) };
    let mut seen = BTreeSet::new();
    for row in table.rows() {
        match old_case(flow, step, (table, row), today) {
            Ok(case) if !seen.insert(case.number.clone()) => {
                faults.push((row.number, FieldError::new(NUMBER.1[0], "taken")));
            }
            Ok(case) => cases.push(case),
            Err(refusal) => faults.extend(refusal.fields.into_iter().map(|fault| (row.number, fault))),
        }
    }
    (cases, faults)
}

fn old_case(
    flow: &Flow,
    step: &Step,
    (table, row): (&OldTable<'_>, &SheetRow),
    today: Date,
) -> Result<OldCase, Refusal> {
    let epoch = table.sheet.date_1904;
    let day = |(code, names): (&str, &[&str])| match table.cell(row, code) {
        Some(cell) if !cell_text(cell).is_empty() => match date(cell, epoch) {
            Ok(day) if day <= today => Ok(Some(day)),
            _ => Err(Refusal::field(names[0], "date.invalid")),
        },
        _ => Ok(None),
    };
    let number = table.text(row, NUMBER.0);
    if number.is_empty() {
        return Err(Refusal::field(NUMBER.1[0], "required"));
    }
    let began = day(BEGAN)?.ok_or_else(|| Refusal::field(BEGAN.1[0], "required"))?;
    let since = day(SINCE)?;
    let mut given = Values::new();
    for asked in flow.asked(step) {
        let field = asked.field;
        let Some(cell) = table.cell(row, &field.name) else { continue };
        let text = cell_text(cell);
        if text.is_empty() {
            continue;
        }
        let day = date(cell, epoch).ok().filter(|_| field.kind == Kind::Date);
        let text = day.map_or(text, |day| day.to_string());
        given.insert(field.name.clone(), Value::from(coded(field, &text)));
    }
    let values = flow.read(step, &given, &Values::new(), Manner::Form, today)?;
    let state = state_of(flow, step, &table.text(row, STATE.0), &values)?;
    let since = since.filter(|since| *since >= began).unwrap_or(began);
    let (place, worker) = (table.text(row, PLACE.0), table.text(row, WORKER.0));
    Ok(OldCase { row: row.number, number, began, since, state, place, worker, values: given })
}

/// A choice by its code, or by its word in either language.
fn coded(field: &Field, text: &str) -> String {
    let named = |word: &str| {
        let found = field.choices().iter().find(|one| one.code == word || one.zh == word || one.en == word);
        found.map_or_else(|| word.to_owned(), |one| one.code.clone())
    };
    named(text)
}

/// The state by code or word; the one that the first step leads to where none is named.
fn state_of(flow: &Flow, step: &Step, text: &str, values: &Values) -> Result<String, Refusal> {
    if text.is_empty() {
        return Ok(flow.target(step, "", values).to_owned());
    }
    let named = flow.state.iter().find(|one| one.id == text || one.name.zh == text || one.name.en == text);
    match named {
        Some(state) if !state.closed => Ok(state.id.clone()),
        _ => Err(Refusal::field(STATE.1[0], "unknown")),
    }
}

/// Year and count of a number of the flow's own pattern, such as `援申〔2026〕12号`; None for any other.
pub fn counted(pattern: &str, number: &str) -> Option<(i32, i64)> {
    let (before, rest) = pattern.split_once("{year}")?;
    let (between, after) = rest.split_once("{n}")?;
    let (year, n) = number.strip_prefix(before)?.strip_suffix(after)?.split_once(between)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year) || !digits(n) || n.starts_with('0') {
        return None;
    }
    Some((year.parse().ok()?, n.parse().ok()?))
}

/// A deadline that runs in a state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Running {
    /// Its code.
    pub code: String,
    /// The date field that it runs from; where none is named, from the step that began it.
    pub from: Option<String>,
    /// The date field with the day on which it falls due.
    pub due: Option<String>,
    /// Whether the case's first step began it.
    pub first: bool,
}

/// The deadlines that run once a case has come to a state by the shortest way of the flow.
pub fn running(flow: &Flow, state: &str, values: &Values) -> Vec<Running> {
    let Some(opening) = flow.opening() else { return Vec::new() };
    let mut runs = BTreeMap::new();
    begun(opening, values, true, &mut runs);
    let first = flow.target(opening, "", values);
    let mut ways = VecDeque::from([(first, runs)]);
    let mut seen = BTreeSet::from([first]);
    while let Some((here, runs)) = ways.pop_front() {
        if here == state {
            return runs.into_values().collect();
        }
        for step in flow.steps_from(here) {
            for to in flow.targets(step, here) {
                if seen.insert(to) {
                    let mut runs = runs.clone();
                    begun(step, &taking(flow, step, (here, to), values), false, &mut runs);
                    ways.push_back((to, runs));
                }
            }
        }
    }
    Vec::new()
}

/// The case's values with what must have been answered for the step to lead this way, where nobody has said so.
fn taking(flow: &Flow, step: &Step, (here, to): (&str, &str), values: &Values) -> Values {
    let mut taken = values.clone();
    let Target::First(ways) = &step.to else { return taken };
    for way in ways {
        let Some(when) = &way.when else { break };
        let there = way.state == to || (way.state == "=" && here == to);
        for part in std::iter::successors(Some(when), |when| when.and.as_deref()) {
            let Some(field) = flow.field(&part.field).filter(|field| !taken.contains_key(&field.name)) else {
                continue;
            };
            let yes_no = ["true", "false"].map(str::to_owned);
            let listed = field.choices().iter().map(|choice| choice.code.clone());
            let mut all =
                if field.kind == Kind::Yes { yes_no.to_vec() } else { listed.collect() }.into_iter();
            if part.among.is_empty() {
                continue;
            }
            if let Some(code) = all.find(|code| part.among.contains(code) == there) {
                let value =
                    if field.kind == Kind::Yes { Value::from(code == "true") } else { Value::from(code) };
                taken.insert(field.name.clone(), value);
            }
        }
        if there {
            break;
        }
    }
    taken
}

/// What a step begins and ends, in its order.
fn begun(step: &Step, values: &Values, first: bool, runs: &mut BTreeMap<String, Running>) {
    for effect in &step.effects {
        match effect {
            Effect::Start { deadline, from, due, when, .. }
                if when.as_ref().is_none_or(|when| when.holds(values)) =>
            {
                let run = Running { code: deadline.clone(), from: from.clone(), due: due.clone(), first };
                runs.insert(deadline.clone(), run);
            }
            Effect::Meet { deadline, when } if when.as_ref().is_none_or(|when| when.holds(values)) => {
                runs.remove(deadline);
            }
            Effect::Pause { deadline } => {
                runs.remove(deadline);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::roster::{Cell, Sheet};
    use crate::workflow::core_flow;

    fn book(rows: &[&[&str]]) -> Workbook {
        let rows = rows.iter().zip(1..).map(|(cells, number)| SheetRow {
            number,
            hidden: false,
            cells: cells.iter().map(|text| Cell::from(*text)).collect(),
        });
        Workbook { sheets: vec![Sheet { rows: rows.collect(), ..Sheet::default() }] }
    }

    fn today() -> Date {
        "2026-11-02".parse().unwrap()
    }

    #[test]
    fn rows_become_cases_in_their_states() {
        let flow = core_flow("aid").unwrap();
        let head: &[&str] = &["原编号", "申请日期", "状态", "村居", "申请人", "案情和请求", "申请事项"];
        let word = flow.field("matter").unwrap().choices()[0].clone();
        let row: &[&str] =
            &["援申〔2026〕41号", "2026年10月8日", "待指派", "横沟村", "马建军", "欠薪", &word.zh];
        let cases = old_cases(flow, &book(&[&["法律援助在办案件"], head, row]), today()).unwrap();
        assert_eq!((cases[0].row, cases[0].state.as_str()), (3, "granted"));
        assert_eq!(cases[0].began.to_string(), "2026-10-08");
        assert_eq!(cases[0].values["matter"], Value::from(word.code));
        assert_eq!(counted(&flow.number, &cases[0].number), Some((2026, 41)));
        assert_eq!(counted(&flow.number, "援申〔2026〕041号"), None);
    }

    #[test]
    fn every_fault_names_its_row() {
        let flow = core_flow("aid").unwrap();
        let head: &[&str] = &["编号", "申请日期", "状态", "申请人", "案情和请求", "申请事项"];
        let closed: &[&str] = &["1", "2026-10-08", "已结案", "马建军", "欠薪", "wages"];
        let later: &[&str] = &["2", "2027-10-08", "", "马建军", "欠薪", "wages"];
        let bare: &[&str] = &["3", "2026-10-08", "", "马建军", "", "wages"];
        let refusal = old_cases(flow, &book(&[head, closed, later, bare]), today()).unwrap_err();
        let names: Vec<&str> = refusal.fields.iter().map(|fault| fault.name.as_str()).collect();
        assert_eq!(names, ["2.状态", "3.收案日期", "4.facts"]);
        assert!(old_cases(flow, &book(&[&["编号", "申请日期", "鞋码"]]), today()).is_err());
    }

    #[test]
    fn what_runs_follows_the_shortest_way() {
        let flow = core_flow("aid").unwrap();
        let codes = |state: &str| {
            running(flow, state, &Values::new()).into_iter().map(|run| run.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("submitted"), ["aid.decision"]);
        assert_eq!(codes("checked"), ["aid.decision"]);
        assert_eq!(codes("supplementing"), ["aid.supplement"]);
        assert_eq!(codes("granted"), ["aid.assignment"]);
        assert!(codes("in_progress").is_empty());
    }
}
