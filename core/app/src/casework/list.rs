//! Lists of cases: by flow, state, place, person and number; and the queues of those who work on them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use falin_domain::access::{Act, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::{Source, figure_of};
use falin_domain::time::Date;
use falin_domain::words::{CaseId, CountyId, DivisionId, HouseholdId, WorkerId};
use falin_domain::workflow::{Flow, Kind};
use falin_store::casefile::{self, Case};
use falin_store::casefile_list::{self, Filter as Rows, Held};
use falin_store::division::Division;
use falin_store::worker::Worker;
use falin_store::{In, Tx, if_there};
use serde_json::Value;

use super::look::comes_from_outside;
use super::sight;
use crate::deadline::{self, Deadline, SubjectId};
use crate::{App, Stop, division as places, search};

/// A queue of the desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queue {
    /// Cases that I lead or stand in for, and those in which my answer is wanted.
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
    /// Only the rows behind a figure of its plugin.
    pub figure: Option<Drill>,
}

/// The rows behind a figure.
#[derive(Clone, Default, Debug)]
pub struct Drill {
    /// The figure's code.
    pub code: String,
    /// A field of its splits, and the code there.
    pub split: Option<(String, String)>,
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
    /// The open deadline that its reader reckons it by.
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
        let lines = lines(tx, &flows, (&page.items, comes_from_outside(&visitor)))?;
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

/// Cases of the core's flows about a person of this name, newest first; None for who may read none of them.
///
/// # Errors
/// `search.digits`; the store's own.
pub async fn about(app: &App, visitor: &Visitor, name: &str, most: u16) -> Result<Option<Page<Line>>, Stop> {
    let county = visitor.county;
    let own = app.flows.all(county).into_iter().filter(|flow| !flow.id.contains('/'));
    let seen: Vec<_> = own.filter_map(|flow| Some((sight(visitor, Act::Read, &flow).ok()?, flow))).collect();
    let Some(wanted) = search::wanted(name)?.filter(|_| !seen.is_empty()) else { return Ok(None) };
    let flows = app.flows.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut found = Page { items: Vec::new(), next: None };
        for (sight, flow) in &seen {
            let filter =
                Rows { flows: vec![flow.id.clone()], wanted: Some(wanted.clone()), ..Rows::default() };
            let page = casefile_list::page(tx, sight, &filter, &Window { limit: most, after: None })?;
            found.items.extend(page.items);
            found.next = found.next.or(page.next);
        }
        found.items.sort_by_key(|case| std::cmp::Reverse(case.created_ms));
        found.items.truncate(usize::from(most));
        Ok(Some(Page { items: lines(tx, &flows, (&found.items, false))?, next: found.next }))
    };
    app.db.read(In::County(county), work).await
}

/// The id of the case with this number, here or in its old system, if the visitor sees it.
///
/// # Errors
/// `not_found`.
pub async fn by_number(app: &App, visitor: &Visitor, number: &str) -> Result<(String, CaseId), Stop> {
    let (flows, number, visitor) = (app.flows.clone(), number.to_owned(), visitor.clone());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let case = numbered(tx, county, None, &number)?;
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let sight = sight(&visitor, Act::Read, &flow).map_err(|_| Refusal::absent())?;
        let case = casefile_list::one(tx, &sight, case.id)?;
        Ok((case.flow, case.id))
    };
    app.db.read(In::County(county), work).await
}

/// The case with this number, however it was typed.
pub(super) fn numbered(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: Option<&str>,
    typed: &str,
) -> Result<Case, Stop> {
    let [given, spelled, folded] = super::holder::spellings(typed);
    casefile::by_number(tx, county, flow, &[&given, &spelled, &folded])
}

/// The case that a search in a list names by its number. It may hold more digits than other searches, since it says
/// nothing about a person; a case that the visitor does not see is as if it were not there.
fn in_sight_by_number(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    flow: &Flow,
    typed: &str,
) -> Result<Option<Case>, Stop> {
    if !typed.contains(char::is_numeric) {
        return Ok(None);
    }
    let Some(case) = if_there(numbered(tx, visitor.county, Some(&flow.id), typed))? else { return Ok(None) };
    match casefile_list::one(tx, &sight(visitor, Act::Read, flow)?, case.id) {
        Ok(case) => Ok(Some(case)),
        // Not theirs, or only stored: a list shows neither.
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

pub(super) fn rows(tx: &mut Tx<'_>, visitor: &Visitor, flow: &Flow, filter: &Filter) -> Result<Rows, Stop> {
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
    match in_sight_by_number(tx, visitor, flow, q)? {
        Some(case) => rows.number = Some(case.number),
        None => rows.wanted = search::wanted(q)?,
    }
    match filter.queue {
        Some(Queue::Mine) => rows.mine = Some(visitor.worker.ok_or_else(|| Refusal::new("access.denied"))?),
        Some(Queue::Unassigned) => rows.unassigned = true,
        Some(Queue::CallBack) => rows.state = Some("call_back".to_owned()),
        Some(Queue::Turn) if !flow.posts.is_empty() => rows.turn = Some(turn_of_holder(tx, visitor, flow)?),
        Some(Queue::Turn) => {
            let turns = flow.state.iter().filter_map(|state| state.next).filter(|role| visitor.is(*role));
            let turns: BTreeSet<&str> = turns.map(|role| role.code()).collect();
            rows.next_roles = Some(turns.into_iter().map(str::to_owned).collect());
        }
        None => {}
    }
    if let Some(drill) = &filter.figure {
        behind(tx, flow, county, (filter, drill), &mut rows)?;
    }
    if let Some((name, code)) = &filter.field {
        let field = flow.field(name).filter(|field| field.index);
        let field = field.ok_or_else(|| Refusal::field(name, "not_expected"))?;
        rows.indexed = Some((name.clone(), casefile::tag(tx, county, &flow.id, field, code)));
    }
    Ok(rows)
}

/// Narrows a list to what a figure of the house counts.
fn behind_own(
    tx: &mut Tx<'_>,
    flow: &Flow,
    county: CountyId,
    (filter, code): (&Filter, &str),
    rows: &mut Rows,
) -> Result<(), Stop> {
    let end = filter.to.map_or(i64::MAX, |day| day.plus_days(1).start().millis());
    match figure_of(code).map(|figure| figure.source) {
        Some(Source::Opened(of)) if of == flow.id => {}
        Some(Source::OpenedWith(of, field, codes)) if of == flow.id => {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            rows.holds.push(held(tx, county, flow, field, &codes)?);
        }
        Some(Source::OpenedDone(of, steps, states)) if of == flow.id => {
            let [steps, states] =
                [steps, states].map(|all| all.iter().map(|one| (*one).to_owned()).collect());
            rows.took = Some((steps, states, end));
        }
        Some(Source::Sum(of, field)) if of == flow.id => rows.holds.push(Held::Something(field.to_owned())),
        Some(Source::Closed(of, states)) if of == flow.id => {
            rows.states = states.iter().map(|state| (*state).to_owned()).collect();
            rows.closed_ms = Some((rows.from_ms.take().unwrap_or(0), end));
            rows.until_ms = None;
        }
        _ => return Err(Refusal::field("figure", "unknown").into()),
    }
    Ok(())
}

/// Narrows a list to what a declared figure counts: the same states, condition, day and split.
fn behind(
    tx: &mut Tx<'_>,
    flow: &Flow,
    county: CountyId,
    (filter, drill): (&Filter, &Drill),
    rows: &mut Rows,
) -> Result<(), Stop> {
    let Some((name, short)) = flow.id.split_once('/') else {
        return behind_own(tx, flow, county, (filter, &drill.code), rows);
    };
    let used = crate::plugin::used(tx, county)?.into_iter().find(|(install, _)| install.plugin == name);
    let statistic = used.and_then(|(_, manifest)| {
        manifest.statistic.iter().find(|one| one.code == drill.code && one.flow == short).cloned()
    });
    let statistic = statistic.ok_or_else(|| Refusal::field("figure", "unknown"))?;
    rows.states = statistic.states.clone();
    let conditions = statistic.when.iter().map(|when| (when.field.clone(), when.among.clone()));
    let split = drill.split.iter().map(|(field, code)| (field.clone(), vec![code.clone()]));
    for (field, codes) in conditions.chain(split) {
        rows.holds.push(held(tx, county, flow, &field, &codes)?);
    }
    if !statistic.sum.is_empty() {
        rows.holds.push(Held::Something(statistic.sum.clone()));
    }
    if !statistic.day.is_empty() {
        let day =
            |day: Option<Date>, usual: &str| day.map_or_else(|| usual.to_owned(), |day| day.to_string());
        (rows.from_ms, rows.until_ms) = (None, None);
        let (first, last) = (day(filter.from, "0000"), day(filter.to, "9999"));
        rows.holds.push(Held::Between(statistic.day.clone(), first, last));
    }
    Ok(())
}

/// What the index must hold so that a field is one of these codes.
pub(crate) fn held(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    name: &str,
    codes: &[String],
) -> Result<Held, Refusal> {
    let field = flow.field(name).filter(|field| field.index);
    let field = field.ok_or_else(|| Refusal::field("by", "unknown"))?;
    if matches!(field.kind, Kind::Number | Kind::Money) {
        return Ok(Held::Numbers(
            name.to_owned(),
            codes.iter().filter_map(|code| code.parse().ok()).collect(),
        ));
    }
    let some: Vec<&String> = codes.iter().filter(|code| !code.is_empty()).collect();
    let nothing = some.len() < codes.len();
    let tags: Vec<String> =
        some.iter().map(|code| casefile::tag(tx, county, &flow.id, field, code)).collect();
    Ok(match (nothing, tags.is_empty()) {
        (true, true) => Held::Nothing(name.to_owned()),
        (true, false) => Held::OneOfOrNothing(name.to_owned(), tags),
        (false, _) => Held::OneOf(name.to_owned(), tags),
    })
}

/// States in which it is the visitor's turn: by a role anywhere, by a post at the post's place.
fn turn_of_holder(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    flow: &Flow,
) -> Result<(Vec<String>, Vec<(String, Option<DivisionId>)>), Stop> {
    let held = super::posts::held(tx, visitor, flow)?;
    let (mut anywhere, mut placed) = (Vec::new(), Vec::new());
    for state in flow.state.iter().filter(|state| !state.closed) {
        let mine = state.next.is_some_and(|role| visitor.is(role));
        if mine && flow.steps_from(&state.id).any(|step| state.next.is_some_and(|r| step.roles.contains(&r)))
        {
            anywhere.push(state.id.clone());
            continue;
        }
        for post in &held {
            if flow.steps_from(&state.id).any(|step| step.posts.contains(&post.code)) {
                placed.push((state.id.clone(), post.place));
            }
        }
    }
    Ok((anywhere, placed))
}

/// Cases with what a list says of them to staff, or to those outside.
///
/// # Errors
/// The store's own.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    (cases, outside): (&[Case], bool),
) -> Result<Vec<Line>, Stop> {
    let Some(county) = cases.first().map(|case| case.county_id) else { return Ok(Vec::new()) };
    let ids: Vec<DivisionId> = cases.iter().filter_map(|case| case.division_id).collect();
    let places: HashMap<DivisionId, Division> = Division::by_ids(tx, county, &ids)?;
    let ids: Vec<WorkerId> = cases.iter().filter_map(|case| case.worker_id).collect();
    let workers: HashMap<WorkerId, Worker> = Worker::by_ids(tx, county, &ids)?;
    let open = cases.iter().filter(|case| case.closed_ms.is_none());
    let open: Vec<SubjectId> = open.map(|case| case.id.cast()).collect();
    let mut deadlines = deadline::earliest(tx, flows, (county, outside), &open)?;
    let mut lines = Vec::with_capacity(cases.len());
    for case in cases {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let values = case.document(tx)?;
        let matter = values.get(&flow.matter).and_then(Value::as_str).unwrap_or_default().to_owned();
        let subject: SubjectId = case.id.cast();
        let deadline = deadlines.remove(&subject);
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
