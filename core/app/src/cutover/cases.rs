//! Open cases of an old system: which rows can be taken, and taking them with their numbers, dates, states and people.

use std::collections::BTreeMap;
use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::WorkerId;
use falin_domain::workflow::{Flow, Misread, OldCase, OldTable, counted, old_rows};
use falin_store::casefile::{self, Case};
use falin_store::plugin_batch::{self, Batch};
use falin_store::{Tx, number, worker};

use super::Examined;
use crate::casework::{Flows, Opening, TakenOver, opened};
use crate::{Stop, division};

/// A row that can be taken, with its place and worker found.
pub(super) struct Sound {
    case: OldCase,
    place: Option<String>,
    worker: Option<WorkerId>,
}

/// Looks at every row: what can be taken, what is here already, what must be put right.
///
/// # Errors
/// The store's own.
pub(super) fn examined(
    tx: &mut Tx<'_>,
    flow: &Flow,
    visitor: &Visitor,
    table: &OldTable<'_>,
) -> Result<(Examined, Vec<Sound>), Stop> {
    let (cases, faults) = old_rows(flow, table, tx.now.date());
    let misread = |row: u32, fault: &FieldError| Misread {
        sheet: table.sheet.name.clone(),
        row,
        column: table.head_of(&fault.name),
        code: fault.code.clone(),
        args: fault.args.clone(),
    };
    let mut found = Examined { rows: table.rows().count(), ..Examined::default() };
    found.findings = faults.iter().map(|(row, fault)| misread(*row, fault)).collect();
    let licences: BTreeMap<String, WorkerId> = worker::all(tx, visitor.county)?
        .into_iter()
        .filter_map(|worker| worker.licence.map(|licence| (licence, worker.id)))
        .collect();
    let mut places: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut sound = Vec::new();
    for case in cases {
        if there(tx, flow, visitor, &case)? {
            found.known += 1;
            continue;
        }
        let worker = licences.get(&case.worker).copied();
        let place = match places.get(&case.place) {
            Some(known) => known.clone(),
            None => {
                let place = placed(tx, visitor, &case.place)?;
                places.insert(case.place.clone(), place.clone());
                place
            }
        };
        let mut wrong = Vec::new();
        if worker.is_none() && !case.worker.is_empty() {
            wrong.push(FieldError::new("@worker", "worker.unknown"));
        }
        if place.is_none() && !case.place.is_empty() {
            wrong.push(FieldError::new("@place", "village.unknown"));
        }
        found.findings.extend(wrong.iter().map(|fault| misread(case.row, fault)));
        if wrong.is_empty() {
            sound.push(Sound { case, place, worker });
        }
    }
    found.accepted = sound.len();
    found.findings.sort_by_key(|one| one.row);
    Ok((found, sound))
}

/// The place by its id, its code, or a name that only one place of the county has.
fn placed(tx: &mut Tx<'_>, visitor: &Visitor, text: &str) -> Result<Option<String>, Stop> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = match division::find(tx, visitor.county, text)? {
        Some(found) => Some(found),
        None => division::only_named(tx, visitor.county, text)?,
    };
    Ok(found.map(|found| found.id.to_string()))
}

fn there(tx: &mut Tx<'_>, flow: &Flow, visitor: &Visitor, case: &OldCase) -> Result<bool, Stop> {
    match casefile::by_number(tx, visitor.county, Some(&flow.id), &[&case.number]) {
        Ok(_) => Ok(true),
        Err(Stop::Refused(refusal)) if refusal.code() == "not_found" => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Opens the cases, all of them or none.
///
/// Numbers of the flow's own pattern stay the cases' numbers, and new cases count on behind the highest of them,
/// where this house has given none of that year yet; otherwise a case gets a number of its own and keeps the old one
/// beside it.
///
/// # Errors
/// What the first step refuses, at `row.column`.
pub(super) fn take(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (flow, visitor): (&Arc<Flow>, &Visitor),
    (batch, sound): (&Batch, &[Sound]),
) -> Result<(), Stop> {
    let pattern = crate::casework::pattern(tx, visitor.county, flow)?;
    let years = continued(tx, (flow, &pattern), visitor, sound)?;
    for one in sound {
        let case = &one.case;
        let keeps = counted(&pattern, &case.number).is_some_and(|(year, n)| {
            year == year_of(case.began) && years.get(&year).is_some_and(|last| n <= *last)
        });
        let taken = TakenOver {
            number: case.number.clone(),
            keeps,
            began: case.began.start(),
            since: case.since.start(),
            state: case.state.clone(),
            worker: one.worker,
        };
        let opening = Opening {
            place: one.place.clone(),
            taken_over: Some(taken),
            house: true,
            ..Opening::typed(&flow.id, case.values.clone())
        };
        let made = match opened(tx, flows, flow, visitor, &opening) {
            Err(Stop::Refused(refusal)) => return Err(at_row(case, &refusal)),
            made => made?,
        };
        let now = Case::by_id(tx, visitor.county, made.id)?;
        plugin_batch::note(tx, batch, now.id, now.version)?;
    }
    Ok(())
}

fn year_of(day: Date) -> i32 {
    i32::from(day.parts().0)
}

/// Begins the series of each year behind the list's highest number. Returns the last number of each year: up to it a
/// number that no case has was never given here, or was that of a list that was taken back, and can stay.
fn continued(
    tx: &mut Tx<'_>,
    (flow, pattern): (&Flow, &str),
    visitor: &Visitor,
    sound: &[Sound],
) -> Result<BTreeMap<i32, i64>, Stop> {
    let mut highest: BTreeMap<i32, i64> = BTreeMap::new();
    for (year, n) in sound.iter().filter_map(|one| counted(pattern, &one.case.number)) {
        let most = highest.entry(year).or_default();
        *most = n.max(*most);
    }
    let series = format!("case/{}", flow.id);
    let mut years = BTreeMap::new();
    for (year, n) in highest {
        let mut last = number::last(tx, visitor.county, &series, year)?;
        if last == 0 {
            number::begin(tx, visitor.county, &series, year, n)?;
            last = n;
        }
        years.insert(year, last);
    }
    Ok(years)
}

/// A refusal with the row that it is about: at its fields, or at the row's number.
fn at_row(case: &OldCase, refusal: &Refusal) -> Stop {
    let name = |field: &str| format!("{}.{field}", case.row);
    let mut faults: Vec<FieldError> =
        refusal.fields.iter().map(|fault| FieldError { name: name(&fault.name), ..fault.clone() }).collect();
    if faults.is_empty() {
        faults.push(FieldError::new(&name("number"), refusal.code()));
    }
    Refusal::form(faults).into()
}
