//! Cut-over in mid-year: the open cases of an old system come in as a whole, with their numbers, true dates and
//! states. Deadlines run from those dates; nobody is told of what has long happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::WorkerId;
use falin_domain::workflow::{Flow, OldCase, counted, old_cases};
use falin_store::{In, Tx, casefile, number, worker};

use super::open::{Opening, TakenOver, opened};
use crate::{App, Stop, division, import};

/// What a list has brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Brought {
    /// Cases that are new here.
    pub new: usize,
    /// Cases whose numbers were here already.
    pub known: usize,
}

/// Takes over the open cases of a list, all of them or none. A list that comes again changes nothing.
///
/// Numbers of the flow's own pattern stay the cases' numbers, and new cases count on behind the highest of them,
/// where this house has given none of that year yet; otherwise a case gets a number of its own and keeps the old one
/// beside it.
///
/// # Errors
/// `access.denied`; `not_found` where the county has no such flow; `file.unreadable`, `file.too_large`;
/// `form.invalid` with every fault at `row.column`.
pub async fn take_over(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    (name, bytes): (&str, Vec<u8>),
) -> Result<Brought, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Roster)?;
    let flow = app.flows.current(visitor.county, flow)?;
    let book = import::workbook(Arc::new(bytes), name).await?;
    let cases = old_cases(&flow, &book, app.today())?;
    let (flows, visitor) = (app.flows.clone(), visitor.clone());
    let work = move |tx: &mut Tx<'_>| all(tx, &flows, &flow, &visitor, &cases);
    app.db.write(In::County(scope.county), work).await
}

fn all(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    flow: &Arc<Flow>,
    visitor: &Visitor,
    cases: &[OldCase],
) -> Result<Brought, Stop> {
    let years = continued(tx, flow, visitor, cases)?;
    let licences: BTreeMap<String, WorkerId> = worker::all(tx, visitor.county)?
        .into_iter()
        .filter_map(|worker| worker.licence.map(|licence| (licence, worker.id)))
        .collect();
    let mut brought = Brought::default();
    for case in cases {
        if there(tx, flow, visitor, case)? {
            brought.known += 1;
            continue;
        }
        let worker = match licences.get(&case.worker) {
            None if !case.worker.is_empty() => {
                return Err(at_row(case, &Refusal::field("worker", "worker.unknown")));
            }
            found => found.copied(),
        };
        let keeps = counted(&flow.number, &case.number)
            .is_some_and(|(year, _)| years.contains(&year) && year == year_of(case.began));
        let taken = TakenOver {
            number: case.number.clone(),
            keeps,
            began: case.began.start(),
            since: case.since.start(),
            state: case.state.clone(),
            worker,
        };
        let opening = Opening {
            place: place(tx, visitor, case)?,
            taken_over: Some(taken),
            house: true,
            ..Opening::typed(&flow.id, case.values.clone())
        };
        match opened(tx, flows, flow, visitor, &opening) {
            Ok(_) => brought.new += 1,
            Err(Stop::Refused(refusal)) => return Err(at_row(case, &refusal)),
            Err(stop) => return Err(stop),
        }
    }
    Ok(brought)
}

fn year_of(day: Date) -> i32 {
    i32::from(day.parts().0)
}

/// Begins the series of each year behind the list's highest number. Returns the years in which this house has given
/// no number of its own: only there can the old numbers stay.
fn continued(
    tx: &mut Tx<'_>,
    flow: &Flow,
    visitor: &Visitor,
    cases: &[OldCase],
) -> Result<BTreeSet<i32>, Stop> {
    let mut highest: BTreeMap<i32, i64> = BTreeMap::new();
    for (year, n) in cases.iter().filter_map(|case| counted(&flow.number, &case.number)) {
        let most = highest.entry(year).or_default();
        *most = n.max(*most);
    }
    let series = format!("case/{}", flow.id);
    let mut years = BTreeSet::new();
    for (year, n) in highest {
        if number::last(tx, visitor.county, &series, year)? == 0 {
            number::begin(tx, visitor.county, &series, year, n)?;
            years.insert(year);
        }
    }
    Ok(years)
}

/// The place by its id, its code, or a name that only one place of the county has.
fn place(tx: &mut Tx<'_>, visitor: &Visitor, case: &OldCase) -> Result<Option<String>, Stop> {
    if case.place.is_empty() {
        return Ok(None);
    }
    let found = match division::find(tx, visitor.county, &case.place)? {
        Some(found) => Some(found),
        None => division::only_named(tx, visitor.county, &case.place)?,
    };
    match found {
        Some(found) => Ok(Some(found.id.to_string())),
        None => Err(at_row(case, &Refusal::field("place", "village.unknown"))),
    }
}

fn there(tx: &mut Tx<'_>, flow: &Flow, visitor: &Visitor, case: &OldCase) -> Result<bool, Stop> {
    match casefile::by_number(tx, visitor.county, Some(&flow.id), &case.number) {
        Ok(_) => Ok(true),
        Err(Stop::Refused(refusal)) if refusal.code() == "not_found" => Ok(false),
        Err(stop) => Err(stop),
    }
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
