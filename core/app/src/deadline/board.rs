//! The board of deadlines: what is open, soon due, overdue and met in the places of whoever looks.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::codes;
use falin_domain::page::{Page, Window};
use falin_domain::words::{DeadlineId, DivisionId};
use falin_domain::workflow::Words;
use falin_store::deadline::{self, Deadline, Which};
use falin_store::division::Division;
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use crate::casework::Flows;
use crate::division::find_filter;
use crate::{App, Stop};

/// Days ahead that count as soon.
pub const SOON_DAYS: i64 = 3;

codes! {
    /// What the board shows.
    Shelf {
        /// Open ones.
        Open = "open",
        /// Open ones past their statutory date.
        Overdue = "overdue",
        /// Open ones that end, or whose target passes, within three days.
        Soon = "soon",
        /// Met ones.
        Met = "met",
    }
}

/// Which deadlines a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// None for every one.
    pub state: Option<Shelf>,
    /// Id or code of a division.
    pub place: Option<String>,
    /// Code of a rule.
    pub code: Option<String>,
}

/// A deadline with what its line names.
#[derive(Clone, Debug)]
pub struct Line {
    /// The deadline.
    pub deadline: Deadline,
    /// Where it belongs.
    pub division: Option<Division>,
    /// The worker whose turn it is.
    pub worker: Option<Worker>,
    /// Days from today to the statutory date; negative once it has passed.
    pub days_left: i64,
    /// Whether it is a party's right: with its last day it lapses, and nobody is late.
    pub lapses: bool,
    /// What its workflow declares as its source; None for the house's own rules.
    pub source: Option<Words>,
}

/// How many there are of each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Open.
    pub open: u64,
    /// Soon due.
    pub soon: u64,
    /// Overdue.
    pub overdue: u64,
}

fn stored(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (filter, rights): (&Filter, &[String]),
) -> Result<deadline::Filter, Stop> {
    let place = find_filter(tx, scope.county, filter.place.as_deref())?;
    let soon = tx.now.date().plus_days(SOON_DAYS + 1).start();
    let which = filter.state.map(|state| match state {
        Shelf::Open => Which::Open,
        Shelf::Overdue => Which::Overdue,
        Shelf::Soon => Which::Soon(soon),
        Shelf::Met => Which::Met,
    });
    let (place, code) = (place.map(|place| place.id), filter.code.clone());
    Ok(deadline::Filter { which, place, code, rights: rights.to_vec() })
}

/// A page of the board, earliest statutory date first.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Line>, Stop> {
    let (scope, account) = (visitor.scope(Act::Read, Noun::Deadline)?, visitor.account);
    let flows = app.flows.clone();
    let work = move |tx: &mut Tx<'_>| {
        let filter = stored(tx, &scope, (&filter, &flows.rights(scope.county)))?;
        let page = deadline::page(tx, &scope, account, &filter, &window)?;
        lines(tx, &flows, &scope, page)
    };
    app.db.read(In::County(visitor.county), work).await
}

fn lines(tx: &mut Tx<'_>, flows: &Flows, scope: &Scope, page: Page<Deadline>) -> Result<Page<Line>, Stop> {
    let rights = flows.rights(scope.county);
    let places: Vec<DivisionId> = page.items.iter().filter_map(|row| row.division_id).collect();
    let people: Vec<_> = page.items.iter().filter_map(|row| row.worker_id).collect();
    let places: BTreeMap<_, _> = Division::by_ids(tx, scope.county, &places)?.into_iter().collect();
    let people: BTreeMap<_, _> = Worker::by_ids(tx, scope.county, &people)?.into_iter().collect();
    let today = tx.now.date();
    Ok(page.map(|row| Line {
        division: row.division_id.and_then(|id| places.get(&id).cloned()),
        worker: row.worker_id.and_then(|id| people.get(&id).cloned()),
        days_left: today.days_until(row.due.date()),
        lapses: rights.contains(&row.code),
        source: flows.deadline_source(scope.county, &row.code),
        deadline: row,
    }))
}

/// How many the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let (scope, account) = (visitor.scope(Act::Read, Noun::Deadline)?, visitor.account);
    let rights = app.flows.rights(visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        let filter = stored(tx, &scope, (&filter, &rights))?;
        deadline::count(tx, &scope, account, &filter)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many there are in the visitor's places.
///
/// # Errors
/// `access.denied`.
pub async fn board_counts(app: &App, visitor: &Visitor) -> Result<Counts, Stop> {
    let (scope, account) = (visitor.scope(Act::Read, Noun::Deadline)?, visitor.account);
    let rights = app.flows.rights(visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        let mut of = |state| {
            let filter = stored(tx, &scope, (&Filter { state: Some(state), ..Filter::default() }, &rights))?;
            deadline::count(tx, &scope, account, &filter)
        };
        Ok(Counts { open: of(Shelf::Open)?, soon: of(Shelf::Soon)?, overdue: of(Shelf::Overdue)? })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// One deadline, for those who may see it.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: DeadlineId) -> Result<Line, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Deadline)?;
    let account = visitor.account;
    let flows = app.flows.clone();
    let work = move |tx: &mut Tx<'_>| {
        let row = deadline::visible(tx, &scope, account, id)?;
        let page = lines(tx, &flows, &scope, Page { items: vec![row], next: None })?;
        page.items.into_iter().next().ok_or_else(|| falin_domain::refusal::Refusal::absent().into())
    };
    app.db.read(In::County(visitor.county), work).await
}
