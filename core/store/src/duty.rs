//! Duty shifts with the quarters of an hour that they fill, and offers to swap them.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::duty::{Hours, ShiftKind, ShiftState, SwapState};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{
    AccountId, CountyId, DivisionId, FacilityId, Id, ShiftId, ShiftNoun, SwapId, WorkerId,
};

use crate::column::{kept, load, noun};
use crate::conn::Conn;
use crate::schema::{division_path, duty_shift, duty_swap, worker_slot};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal and in write generations.
pub const NOUN: &str = "shift";

noun! {
    /// 值班: one person at one place for some hours of one day.
    Shift in duty_shift {
        /// County.
        county_id: CountyId,
        /// Id.
        id: ShiftId,
        /// Who is planned.
        worker_id: WorkerId,
        /// What for.
        kind: ShiftKind,
        /// The village, township or county that is served.
        division_id: DivisionId,
        /// The service place, where it is one.
        facility_id: Option<FacilityId>,
        /// Window, room or line in words; may be empty.
        spot: String,
        /// The day.
        day: Date,
        /// First minute of the day.
        from_minute: i32,
        /// The minute at which it is over.
        to_minute: i32,
        /// The weekly plan that made it.
        series_id: Option<Id<ShiftNoun>>,
        /// How it stands.
        state: ShiftState,
        /// Why a person must decide (`leave`, `left`); set exactly while it is flagged.
        flag_reason: Option<String>,
        /// Who planned it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Shift in duty_shift by ShiftId);

noun! {
    /// A shift offered to a colleague; kept whatever the answer.
    Swap in duty_swap {
        /// County.
        county_id: CountyId,
        /// Id.
        id: SwapId,
        /// The shift that is offered.
        shift_id: ShiftId,
        /// Who offers it.
        from_worker_id: WorkerId,
        /// To whom.
        to_worker_id: WorkerId,
        /// The colleague's shift that is taken in exchange.
        return_shift_id: Option<ShiftId>,
        /// A line to the colleague; may be empty.
        note: String,
        /// How it stands.
        state: SwapState,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds; set once it is no longer open.
        answered_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Swap in duty_swap by SwapId);

impl Shift {
    /// Its hours. The database keeps them on the grid.
    pub fn hours(&self) -> Hours {
        Hours { day: self.day, from: self.from_minute, to: self.to_minute }
    }
}

/// Which shifts a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// From this day on.
    pub from: Option<Date>,
    /// Up to and including this day.
    pub to: Option<Date>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Only this kind.
    pub kind: Option<ShiftKind>,
    /// Only of this person.
    pub worker: Option<WorkerId>,
    /// Only in this state.
    pub state: Option<ShiftState>,
}

type Boxed = duty_shift::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

/// Divisions at or below any of `places`.
#[diesel::dsl::auto_type]
pub(crate) fn below(county: CountyId, places: &[DivisionId]) -> _ {
    let county_bytes: Vec<u8> = county.bytes();
    let above: Vec<Vec<u8>> = places.iter().map(|place| place.bytes()).collect::<Vec<_>>();
    division_path::table
        .filter(division_path::county_id.eq(county_bytes))
        .filter(division_path::above_id.eq_any(above))
        .select(division_path::below_id)
}

fn filtered(scope: &Scope, filter: &Filter) -> Boxed {
    let county = scope.county;
    let mut query = duty_shift::table.filter(duty_shift::county_id.eq(county.bytes())).into_boxed();
    query = match (&scope.places, scope.mine) {
        (None, _) => query,
        (Some(places), None) => query.filter(duty_shift::division_id.eq_any(below(county, places))),
        (Some(places), Some(me)) => query.filter(
            duty_shift::division_id.eq_any(below(county, places)).or(duty_shift::worker_id.eq(me.bytes())),
        ),
    };
    if let Some(from) = filter.from {
        query = query.filter(duty_shift::day.ge(from.to_string()));
    }
    if let Some(to) = filter.to {
        query = query.filter(duty_shift::day.le(to.to_string()));
    }
    if let Some(place) = filter.place {
        query = query.filter(duty_shift::division_id.eq_any(below(county, &[place])));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(duty_shift::kind.eq(kind.code()));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(duty_shift::worker_id.eq(worker.bytes()));
    }
    if let Some(state) = filter.state {
        query = query.filter(duty_shift::state.eq(state.code()));
    }
    query
}

/// A page of shifts by day and hour.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Shift>, Stop> {
    let mut query = filtered(scope, filter);
    if let Some(after) = &window.after {
        let (day, minute) = after.key.split_once(' ').unwrap_or((&after.key, "0"));
        let (day, minute) = (day.to_owned(), minute.parse::<i32>().unwrap_or(0));
        let id = after.id.as_bytes().to_vec();
        let later = duty_shift::from_minute
            .gt(minute)
            .or(duty_shift::from_minute.eq(minute).and(duty_shift::id.gt(id)));
        query = query.filter(duty_shift::day.ge(day.clone()).and(duty_shift::day.gt(day).or(later)));
    }
    let query = query
        .order((duty_shift::day, duty_shift::from_minute, duty_shift::id))
        .limit(i64::from(window.limit) + 1);
    let rows = load!(Shift, query, tx)?;
    Ok(Page::cut(rows, window, |s| Mark { key: format!("{} {}", s.day, s.from_minute), id: s.id.uuid() }))
}

/// Every shift that the filter finds, by day and hour, at most `most`.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, most: i64) -> Result<Vec<Shift>, Stop> {
    let query =
        filtered(scope, filter).order((duty_shift::day, duty_shift::from_minute, duty_shift::id)).limit(most);
    load!(Shift, query, tx)
}

/// One shift in scope.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub fn one(tx: &mut Tx<'_>, scope: &Scope, id: ShiftId) -> Result<Shift, Stop> {
    let query = filtered(scope, &Filter::default()).filter(duty_shift::id.eq(id.bytes())).limit(1);
    let found = load!(Shift, query, tx)?.pop();
    found.ok_or_else(|| Refusal::absent().into())
}

/// Planned shifts of a day at any of these divisions.
///
/// # Errors
/// The database's own.
pub fn planned(
    tx: &mut Tx<'_>,
    county: CountyId,
    divisions: &[DivisionId],
    day: Date,
) -> Result<Vec<Shift>, Stop> {
    let divisions: Vec<Vec<u8>> = divisions.iter().map(|id| id.bytes()).collect();
    let query = duty_shift::table
        .filter(duty_shift::county_id.eq(county.bytes()))
        .filter(duty_shift::division_id.eq_any(divisions))
        .filter(duty_shift::day.eq(day.to_string()))
        .filter(duty_shift::state.eq(ShiftState::Planned.code()))
        .order((duty_shift::from_minute, duty_shift::id));
    load!(Shift, query, tx)
}

/// Takes the quarters of an hour for a person; a shift and an appointment are two lanes.
///
/// # Errors
/// [`Stop::Rule`] where one of them is taken.
pub fn take<T>(
    tx: &mut Tx<'_>,
    lane: &'static str,
    (county, worker, subject): (CountyId, WorkerId, Id<T>),
    hours: Hours,
) -> Result<(), Stop> {
    let row = |slot: i32| {
        (
            worker_slot::county_id.eq(county.bytes()),
            worker_slot::lane.eq(lane),
            worker_slot::worker_id.eq(worker.bytes()),
            worker_slot::day.eq(hours.day.to_string()),
            worker_slot::slot.eq(slot),
            worker_slot::subject_id.eq(subject.bytes()),
        )
    };
    let rows: Vec<_> = hours.slots().map(row).collect();
    match tx.conn {
        Conn::Sqlite(conn) => diesel::insert_into(worker_slot::table).values(&rows).execute(conn)?,
        Conn::Postgres(conn) => diesel::insert_into(worker_slot::table).values(&rows).execute(conn)?,
    };
    Ok(())
}

/// Gives back whatever a shift or an appointment had taken.
///
/// # Errors
/// The database's own.
pub fn release<T>(tx: &mut Tx<'_>, county: CountyId, subject: Id<T>) -> Result<(), Stop> {
    let rows = worker_slot::table
        .filter(worker_slot::county_id.eq(county.bytes()))
        .filter(worker_slot::subject_id.eq(subject.bytes()));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

/// Slots of a day that these people have taken in one lane.
///
/// # Errors
/// The database's own.
pub fn taken(
    tx: &mut Tx<'_>,
    lane: &'static str,
    county: CountyId,
    workers: &[WorkerId],
    day: Date,
) -> Result<Vec<(WorkerId, i32)>, Stop> {
    let ids: Vec<Vec<u8>> = workers.iter().map(|id| id.bytes()).collect();
    let rows: Vec<(Vec<u8>, i32)> = worker_slot::table
        .filter(worker_slot::county_id.eq(county.bytes()))
        .filter(worker_slot::lane.eq(lane))
        .filter(worker_slot::worker_id.eq_any(ids))
        .filter(worker_slot::day.eq(day.to_string()))
        .select((worker_slot::worker_id, worker_slot::slot))
        .load(tx.conn)?;
    rows.into_iter().map(|(id, slot)| Ok((crate::county::id(&id)?, slot))).collect()
}

/// Offers of these shifts, newest first.
///
/// # Errors
/// The database's own.
pub fn swaps_of(tx: &mut Tx<'_>, county: CountyId, shifts: &[ShiftId]) -> Result<Vec<Swap>, Stop> {
    let ids: Vec<Vec<u8>> = shifts.iter().map(|id| id.bytes()).collect();
    let query = duty_swap::table
        .filter(duty_swap::county_id.eq(county.bytes()))
        .filter(duty_swap::shift_id.eq_any(ids))
        .order((duty_swap::created_ms.desc(), duty_swap::id.desc()));
    load!(Swap, query, tx)
}

/// Open offers to a person, oldest first.
///
/// # Errors
/// The database's own.
pub fn offered_to(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<Vec<Swap>, Stop> {
    let query = duty_swap::table
        .filter(duty_swap::county_id.eq(county.bytes()))
        .filter(duty_swap::to_worker_id.eq(worker.bytes()))
        .filter(duty_swap::state.eq(SwapState::Offered.code()))
        .order((duty_swap::created_ms, duty_swap::id));
    load!(Swap, query, tx)
}
