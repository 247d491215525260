//! Lists of cases: by flow, state, place, person and number; and the queues of those who work on them.

use std::collections::HashMap;
use std::sync::Arc;

use falin_domain::access::{Act, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CaseId, DivisionId, HouseholdId, WorkerId};
use falin_domain::workflow::Flow;
use falin_store::casefile::{self, Case};
use falin_store::casefile_list::{self, Filter as Rows};
use falin_store::division::{self, Division};
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx};
use serde_json::Value;

use super::sight;
use crate::deadline::{self, Deadline};
use crate::{App, Stop, division as places, search};

/// A queue of the desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queue {
    /// Cases that I lead.
    Mine,
    /// Cases whose turn is that of a role of mine.
    Turn,
    /// Open cases that nobody leads.
    Unassigned,
    /// Questions whose askers wait for a call.
    CallBack,
}

impl Queue {
    /// The queue with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "mine" => Some(Self::Mine),
            "turn" => Some(Self::Turn),
            "unassigned" => Some(Self::Unassigned),
            "call_back" => Some(Self::CallBack),
            _ => None,
        }
    }
}

/// Which cases a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// In this state.
    pub state: Option<String>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
    /// Id or code of a division.
    pub place: Option<String>,
    /// A queue of the visitor's.
    pub queue: Option<Queue>,
    /// Led by this worker.
    pub worker: Option<WorkerId>,
    /// About this household.
    pub household: Option<HouseholdId>,
    /// Name, pinyin or number.
    pub q: String,
    /// A field that lists filter by, and its code.
    pub field: Option<(String, String)>,
    /// Opened from this day on.
    pub from: Option<Date>,
    /// Opened up to this day.
    pub to: Option<Date>,
}

/// A case in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The row.
    pub case: Case,
    /// Its flow.
    pub flow: Arc<Flow>,
    /// Code of what it is about; empty where the flow has no such field.
    pub matter: String,
    /// Where.
    pub place: Option<Division>,
    /// Who leads it.
    pub worker: Option<Worker>,
    /// Its earliest open deadline.
    pub deadline: Option<Deadline>,
}

/// A page of a flow's cases, newest first.
///
/// # Errors
/// `not_found` where the county has no such flow, `access.denied`, `division.unknown`, `search.digits`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    filter: Filter,
    window: Window,
) -> Result<Page<Line>, Stop> {
    let flow = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &flow)?;
    let (flows, visitor) = (app.flows.clone(), visitor.clone());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let rows = rows(tx, &visitor, &flow, &filter)?;
        let page = casefile_list::page(tx, &sight, &rows, &window)?;
        let lines = lines(tx, &flows, &page.items)?;
        Ok(Page { items: lines, next: page.next })
    };
    app.db.read(In::County(county), work).await
}

/// How many cases the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, flow: &str, filter: Filter) -> Result<i64, Stop> {
    let flow = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &flow)?;
    let visitor = visitor.clone();
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let rows = rows(tx, &visitor, &flow, &filter)?;
        casefile_list::count(tx, &sight, &rows)
    };
    app.db.read(In::County(county), work).await
}

/// The id of the case with this number, here or in its old system, if the visitor sees it.
///
/// # Errors
/// `not_found`.
pub async fn by_number(app: &App, visitor: &Visitor, number: &str) -> Result<(String, CaseId), Stop> {
    let flows = app.flows.clone();
    let (visitor, number) = (visitor.clone(), number.trim().to_owned());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile::by_number(tx, county, None, &number)?;
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let sight = sight(&visitor, Act::Read, &flow).map_err(|_| Refusal::absent())?;
        let case = casefile_list::one(tx, &sight, case.id)?;
        Ok((case.flow, case.id))
    };
    app.db.read(In::County(county), work).await
}

fn rows(tx: &mut Tx<'_>, visitor: &Visitor, flow: &Flow, filter: &Filter) -> Result<Rows, Stop> {
    let county = visitor.county;
    let mut rows = Rows {
        flows: vec![flow.id.clone()],
        state: filter.state.clone(),
        open: filter.open,
        place: places::find_filter(tx, county, filter.place.as_deref())?.map(|place| place.id),
        worker: filter.worker,
        household: filter.household,
        from_ms: filter.from.map(|day| day.start().millis()),
        until_ms: filter.to.map(|day| day.plus_days(1).start().millis()),
        ..Rows::default()
    };
    let q = filter.q.trim();
    if q.chars().any(|c| c.is_ascii_digit()) && search::wanted(q)?.is_some() {
        rows.number = Some(q.to_owned());
    } else {
        rows.wanted = search::wanted(q)?;
    }
    match filter.queue {
        Some(Queue::Mine) => rows.worker = Some(visitor.worker.ok_or_else(|| Refusal::new("access.denied"))?),
        Some(Queue::Unassigned) => rows.unassigned = true,
        Some(Queue::CallBack) => rows.state = Some("call_back".to_owned()),
        Some(Queue::Turn) => {
            let turn = flow.state.iter().filter_map(|state| state.next).find(|role| visitor.is(*role));
            rows.next_role = Some(turn.map_or("", |role| role.code()).to_owned());
        }
        None => {}
    }
    if let Some((name, code)) = &filter.field {
        let field = flow.field(name).filter(|field| field.index);
        let field = field.ok_or_else(|| Refusal::field(name, "not_expected"))?;
        rows.indexed = Some((name.clone(), casefile::tag(tx, county, &flow.id, field, code)));
    }
    Ok(rows)
}

/// Cases with what a list says of them.
///
/// # Errors
/// The store's own.
pub(crate) fn lines(tx: &mut Tx<'_>, flows: &super::Flows, cases: &[Case]) -> Result<Vec<Line>, Stop> {
    let Some(county) = cases.first().map(|case| case.county_id) else { return Ok(Vec::new()) };
    let ids: Vec<DivisionId> = cases.iter().filter_map(|case| case.division_id).collect();
    let places: HashMap<DivisionId, Division> = division::named(tx, county, &ids)?;
    let ids: Vec<WorkerId> = cases.iter().filter_map(|case| case.worker_id).collect();
    let workers: HashMap<WorkerId, Worker> = worker::named(tx, county, &ids)?;
    let mut lines = Vec::with_capacity(cases.len());
    for case in cases {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let values = case.document(tx)?;
        let matter = values.get(&flow.matter).and_then(Value::as_str).unwrap_or_default().to_owned();
        let deadline = match case.closed_ms {
            None => deadline::of(tx, county, case.id.cast())?.into_iter().next(),
            Some(_) => None,
        };
        lines.push(Line {
            place: case.division_id.and_then(|id| places.get(&id).cloned()),
            worker: case.worker_id.and_then(|id| workers.get(&id).cloned()),
            case: case.clone(),
            flow,
            matter,
            deadline,
        });
    }
    Ok(lines)
}
