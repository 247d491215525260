//! Visits to households and villages: planned, done, followed up.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::duty::{VisitPurpose, VisitState};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DivisionId, HouseholdId, LogId, VisitId, WorkerId};

use crate::column::{kept, load, noun};
use crate::conn::Conn;
use crate::duty::below;
use crate::keys::Bound;
use crate::schema::visit;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal and in write generations.
pub const NOUN: &str = "visit";

noun! {
    /// 走访: to one household, or through a village.
    Visit in visit {
        /// County.
        county_id: CountyId,
        /// Id.
        id: VisitId,
        /// Who goes.
        worker_id: WorkerId,
        /// The village.
        division_id: DivisionId,
        /// The household; None for the village as a whole.
        household_id: Option<HouseholdId>,
        /// What for.
        purpose: VisitPurpose,
        /// The day for which it is planned.
        planned_on: Date,
        /// The day on which it was done.
        done_on: Option<Date>,
        /// How long it took, in minutes.
        minutes: Option<i32>,
        /// What was found, sealed.
        found_sealed: Option<Vec<u8>>,
        /// What follows, sealed.
        follow_up_sealed: Option<Vec<u8>>,
        /// By when.
        follow_up_on: Option<Date>,
        /// How it stands.
        state: VisitState,
        /// The log entry that counts it.
        log_id: Option<LogId>,
        /// Who typed it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Visit in visit by VisitId);

/// Which visits a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Planned for this day or later.
    pub from: Option<Date>,
    /// Planned for this day or earlier.
    pub to: Option<Date>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Only of this person.
    pub worker: Option<WorkerId>,
    /// Only to this household.
    pub household: Option<HouseholdId>,
    /// Only in this state.
    pub state: Option<VisitState>,
}

type Boxed = visit::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

fn filtered(scope: &Scope, filter: &Filter) -> Boxed {
    let county = scope.county;
    let mut query = visit::table.filter(visit::county_id.eq(county.bytes())).into_boxed();
    query = match (&scope.places, scope.mine) {
        (None, _) => query,
        (Some(places), None) => query.filter(visit::division_id.eq_any(below(county, places))),
        (Some(places), Some(me)) => {
            query.filter(visit::division_id.eq_any(below(county, places)).or(visit::worker_id.eq(me.bytes())))
        }
    };
    if let Some(from) = filter.from {
        query = query.filter(visit::planned_on.ge(from.to_string()));
    }
    if let Some(to) = filter.to {
        query = query.filter(visit::planned_on.le(to.to_string()));
    }
    if let Some(place) = filter.place {
        query = query.filter(visit::division_id.eq_any(below(county, &[place])));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(visit::worker_id.eq(worker.bytes()));
    }
    if let Some(household) = filter.household {
        query = query.filter(visit::household_id.eq(household.bytes()));
    }
    if let Some(state) = filter.state {
        query = query.filter(visit::state.eq(state.code()));
    }
    query
}

/// A page of visits, the latest day first.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Visit>, Stop> {
    let mut query = filtered(scope, filter);
    if let Some(after) = &window.after {
        let (day, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        query = query
            .filter(visit::planned_on.le(day.clone()).and(visit::planned_on.lt(day).or(visit::id.lt(id))));
    }
    let query = query.order((visit::planned_on.desc(), visit::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Visit, query, tx)?;
    Ok(Page::cut(rows, window, |visit| Mark { key: visit.planned_on.to_string(), id: visit.id.uuid() }))
}

/// One visit in scope.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub fn one(tx: &mut Tx<'_>, scope: &Scope, id: VisitId) -> Result<Visit, Stop> {
    let query = filtered(scope, &Filter::default()).filter(visit::id.eq(id.bytes())).limit(1);
    let found = load!(Visit, query, tx)?.pop();
    found.ok_or_else(|| Refusal::absent().into())
}

fn bound<'a>(column: &'static str, row: &'a [u8], county: CountyId) -> Bound<'a> {
    Bound { table: "visit", column, row, county }
}

/// Seals what was found and what follows; empty texts are kept as none.
///
/// # Errors
/// The keys' own.
pub fn put_texts(tx: &mut Tx<'_>, visit: &mut Visit, found: &str, follow_up: &str) -> Result<(), Stop> {
    let (row, county) = (visit.id.bytes(), visit.county_id);
    let mut seal = |column: &'static str, text: &str| match text {
        "" => Ok(None),
        text => tx.seal(bound(column, &row, county), text).map(Some),
    };
    visit.found_sealed = seal("found_sealed", found)?;
    visit.follow_up_sealed = seal("follow_up_sealed", follow_up)?;
    Ok(())
}

/// What was found and what follows, in clear.
///
/// # Errors
/// The keys' own.
pub fn texts(tx: &Tx<'_>, visit: &Visit) -> Result<(String, String), Stop> {
    let row = visit.id.bytes();
    let open = |column: &'static str, sealed: &Option<Vec<u8>>| match sealed {
        None => Ok(String::new()),
        Some(sealed) => tx.open(bound(column, &row, visit.county_id), sealed),
    };
    Ok((open("found_sealed", &visit.found_sealed)?, open("follow_up_sealed", &visit.follow_up_sealed)?))
}
