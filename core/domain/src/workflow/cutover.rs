//! Cut-over in mid-year: the list of an old system's open cases read row by row, and the deadlines that run in a state.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::{Effect, Field, Flow, Kind, Manner, Step, Values};
use crate::refusal::{FieldError, Refusal};
use crate::roster::{Cell, Sheet, SheetRow, Workbook, cell_text, date};
use crate::time::Date;

/// What a column may be called, beside the fields of the flow's first form by name or label.
const NUMBER: [&str; 3] = ["编号", "原编号", "number"];
const BEGAN: [&str; 4] = ["收案日期", "申请日期", "登记日期", "began"];
const SINCE: [&str; 2] = ["状态日期", "since"];
const STATE: [&str; 2] = ["状态", "state"];
const PLACE: [&str; 3] = ["村（社区）", "村居", "place"];
const WORKER: [&str; 2] = ["承办人执业证号", "worker"];

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

/// What a column holds.
enum Column<'a> {
    Number,
    Began,
    Since,
    State,
    Place,
    Worker,
    Field(&'a Field),
}

/// Reads the first visible sheet: a row of headers, then one case a row.
///
/// # Errors
/// `form.invalid` with every fault as `row.column`: a column that nobody knows, one that is missing, a date that is
/// none, a state that the flow does not have or that is over, and what the first form itself refuses.
pub fn old_cases(flow: &Flow, book: &Workbook, today: Date) -> Result<Vec<OldCase>, Refusal> {
    let sheet = book.sheets.iter().find(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let sheet = sheet.ok_or_else(|| Refusal::field("file", "required"))?;
    let is_head = |row: &&SheetRow| row.cells.iter().any(|cell| NUMBER.contains(&cell_text(cell).as_str()));
    let head = sheet.rows.iter().find(is_head).ok_or_else(|| Refusal::field(NUMBER[0], "required"))?;
    let step = flow.opening().ok_or_else(Refusal::absent)?;
    let columns = columns(flow, step, head)?;
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for row in sheet.rows.iter().filter(|row| row.number > head.number) {
        match old_case(flow, step, (sheet, row, &columns), today) {
            Ok(case) => cases.push(case),
            Err(refusal) => faults.extend(
                refusal
                    .fields
                    .into_iter()
                    .map(|fault| FieldError { name: format!("{}.{}", row.number, fault.name), ..fault }),
            ),
        }
    }
    let mut seen = BTreeSet::new();
    let twice = cases.iter().filter(|case| !seen.insert(case.number.clone()));
    faults.extend(twice.map(|case| FieldError::new(&format!("{}.{}", case.row, NUMBER[0]), "taken")));
    if faults.is_empty() { Ok(cases) } else { Err(Refusal::form(faults)) }
}

fn columns<'a>(flow: &'a Flow, step: &'a Step, head: &SheetRow) -> Result<Vec<Option<Column<'a>>>, Refusal> {
    let fields: Vec<&Field> = flow.asked(step).into_iter().map(|asked| asked.field).collect();
    let mut found = Vec::new();
    for cell in &head.cells {
        let text = cell_text(cell);
        if text.is_empty() {
            found.push(None);
            continue;
        }
        let named = |field: &&Field| text == field.name || text == field.label.zh || text == field.label.en;
        let field = || fields.iter().copied().find(named).map(Column::Field);
        let column = of_case(&text).or_else(field);
        found.push(Some(column.ok_or_else(|| Refusal::field(&text, "not_expected"))?));
    }
    if !found.iter().any(|column| matches!(column, Some(Column::Began))) {
        return Err(Refusal::field(BEGAN[0], "required"));
    }
    Ok(found)
}

/// A column about the case itself, by its header.
fn of_case<'a>(text: &str) -> Option<Column<'a>> {
    let known: [(&[&str], Column<'a>); 6] = [
        (&NUMBER, Column::Number),
        (&BEGAN, Column::Began),
        (&SINCE, Column::Since),
        (&STATE, Column::State),
        (&PLACE, Column::Place),
        (&WORKER, Column::Worker),
    ];
    known.into_iter().find(|(names, _)| names.contains(&text)).map(|(_, column)| column)
}

fn old_case(
    flow: &Flow,
    step: &Step,
    (sheet, row, columns): (&Sheet, &SheetRow, &[Option<Column<'_>>]),
    today: Date,
) -> Result<OldCase, Refusal> {
    let day = |cell: &Cell, name: &str| match date(cell, sheet.date_1904) {
        Ok(day) if day <= today => Ok(day),
        _ => Err(Refusal::field(name, "date.invalid")),
    };
    let (mut number, mut began, mut since) = (String::new(), None, None);
    let (mut state, mut place, mut worker) = (String::new(), String::new(), String::new());
    let mut given = Values::new();
    for (at, column) in columns.iter().enumerate() {
        let cell = row.cell(at);
        let text = cell_text(cell);
        match column {
            Some(_) if text.is_empty() => {}
            None => {}
            Some(Column::Number) => number = text,
            Some(Column::Began) => began = Some(day(cell, BEGAN[0])?),
            Some(Column::Since) => since = Some(day(cell, SINCE[0])?),
            Some(Column::State) => state = text,
            Some(Column::Place) => place = text,
            Some(Column::Worker) => worker = text,
            Some(Column::Field(field)) => {
                let day = date(cell, sheet.date_1904).ok().filter(|_| field.kind == Kind::Date);
                let text = day.map_or(text, |day| day.to_string());
                given.insert(field.name.clone(), Value::from(coded(field, &text)));
            }
        }
    }
    if number.is_empty() {
        return Err(Refusal::field(NUMBER[0], "required"));
    }
    let began = began.ok_or_else(|| Refusal::field(BEGAN[0], "required"))?;
    let values = flow.read(step, &given, &Values::new(), Manner::Form, today)?;
    let state = state_of(flow, step, &state, &values)?;
    let since = since.filter(|since| *since >= began).unwrap_or(began);
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
        _ => Err(Refusal::field(STATE[0], "unknown")),
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
                    begun(step, values, false, &mut runs);
                    ways.push_back((to, runs));
                }
            }
        }
    }
    Vec::new()
}

/// What a step begins and ends, in its order.
fn begun(step: &Step, values: &Values, first: bool, runs: &mut BTreeMap<String, Running>) {
    for effect in &step.effects {
        match effect {
            Effect::Start { deadline, from, when } if when.as_ref().is_none_or(|when| when.holds(values)) => {
                let run = Running { code: deadline.clone(), from: from.clone(), first };
                runs.insert(deadline.clone(), run);
            }
            Effect::Meet { deadline } => {
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
