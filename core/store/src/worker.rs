//! Legal workers of every kind, and their leave.

use diesel::prelude::*;
use falin_domain::directory::{Gender, WorkerKind};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FirmId, Id, WorkerId};

use crate::column::{kept, load, load_direct, noun};
use crate::conn::Conn;
use crate::gram::{self, Wanted};
use crate::said::one_of;
use crate::schema::{adviser_post, division_path, worker, worker_leave};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the name index and in write generations.
pub const NOUN: &str = "worker";

noun! {
    /// A legal worker: lawyer, basic-level legal service worker, notary, aid staff, volunteer.
    Worker in worker {
        /// County.
        county_id: CountyId,
        /// Id.
        id: WorkerId,
        /// Kind.
        kind: WorkerKind,
        /// Firm or office.
        firm_id: Option<FirmId>,
        /// Name, in clear (design.md).
        name: String,
        /// Pinyin order.
        sort_key: String,
        /// Gender as the roster has it.
        gender: Option<Gender>,
        /// 执业证号.
        licence: Option<String>,
        /// Duty telephone, public.
        phone: String,
        /// Specialties, separated by `、`.
        specialties: String,
        /// Languages, separated by `、`.
        languages: String,
        /// Most households; None for no limit known (places nobody).
        capacity: Option<i32>,
        /// False once gone.
        active: bool,
        /// Day of leaving.
        left_on: Option<Date>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
        /// First day of practice, where it is known.
        practice_since: Option<Date>,
    }
}
kept!(Worker in worker by WorkerId);

noun! {
    /// A legal worker's absence, both days included.
    Leave in worker_leave {
        /// County.
        county_id: CountyId,
        /// Id.
        id: Id<Leave>,
        /// Who is away.
        worker_id: WorkerId,
        /// First day.
        from_date: Date,
        /// Last day.
        to_date: Date,
        /// Why, in the county's words.
        reason: String,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

/// Which workers a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<WorkerKind>,
    /// Only of this firm.
    pub firm: Option<FirmId>,
    /// Only those with a present post.
    pub advising: bool,
    /// Only present advisers of a village at or below this division.
    pub place: Option<DivisionId>,
    /// Part of the specialties.
    pub specialty: Option<String>,
    /// Part of the languages.
    pub language: Option<String>,
    /// Only active or only gone.
    pub active: Option<bool>,
    /// Only those whose last day is not before this one.
    pub there_on: Option<Date>,
    /// Only those on leave today, or only those who are not.
    pub away: Option<bool>,
    /// Name or pinyin.
    pub wanted: Option<Wanted>,
    /// With `wanted`: these are found as well, such as the advisers of a village of that name.
    pub or_ids: Vec<WorkerId>,
}

/// Adds a worker to the table and its name to the index.
///
/// # Errors
/// [`Stop::Rule`] where the licence is taken.
pub fn add(tx: &mut Tx<'_>, new: &Worker) -> Result<(), Stop> {
    new.insert(tx)?;
    gram::index(tx, new.county_id, NOUN, &new.id.bytes(), &new.name)
}

/// Saves a worker with its name in the index.
///
/// # Errors
/// `state.changed`; [`Stop::Rule`] where the licence is taken.
pub fn change(tx: &mut Tx<'_>, worker: &mut Worker) -> Result<(), Stop> {
    worker.save(tx)?;
    gram::index(tx, worker.county_id, NOUN, &worker.id.bytes(), &worker.name)
}

/// All workers in pinyin order.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Worker>, Stop> {
    let query =
        worker::table.filter(worker::county_id.eq(county.bytes())).order((worker::sort_key, worker::id));
    load!(Worker, query, tx)
}

/// Active workers of a firm in pinyin order.
///
/// # Errors
/// The database's own.
pub fn of_firm(tx: &mut Tx<'_>, county: CountyId, firm: FirmId) -> Result<Vec<Worker>, Stop> {
    let query = worker::table
        .filter(worker::county_id.eq(county.bytes()))
        .filter(worker::firm_id.eq(Some(firm.bytes())))
        .filter(worker::active.eq(true))
        .order((worker::sort_key, worker::id));
    load!(Worker, query, tx)
}

type Boxed = worker::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

/// A page of workers in pinyin order.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Worker>, Stop> {
    let mut query = filtered(tx, county, filter)?;
    if let Some(after) = &window.after {
        let (key, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        // The bound comes first, so that the index is entered there: from an OR SQLite would read it from its beginning.
        query = query
            .filter(worker::sort_key.ge(key.clone()).and(worker::sort_key.gt(key).or(worker::id.gt(id))));
    }
    let query = query.order((worker::sort_key, worker::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Worker, query, tx)?;
    Ok(Page::cut(rows, window, |w| Mark { key: w.sort_key.clone(), id: w.id.uuid() }))
}

/// How many workers the filter finds.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<u64, Stop> {
    let n: i64 = filtered(tx, county, filter)?.count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

fn filtered(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Boxed, Stop> {
    let today = tx.now.date().to_string();
    let mut query = worker::table.filter(worker::county_id.eq(county.bytes())).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(worker::kind.eq(kind.code()));
    }
    if let Some(firm) = filter.firm {
        query = query.filter(worker::firm_id.eq(firm.bytes()));
    }
    if let Some(active) = filter.active {
        query = query.filter(worker::active.eq(active));
    }
    if let Some(day) = filter.there_on {
        query = query.filter(worker::left_on.is_null().or(worker::left_on.ge(day.to_string())));
    }
    if let Some(text) = &filter.specialty {
        query = query.filter(worker::specialties.like(contains(text)).escape('\\'));
    }
    if let Some(text) = &filter.language {
        query = query.filter(worker::languages.like(contains(text)).escape('\\'));
    }
    if let Some(place) = filter.place {
        query = query.filter(worker::id.eq_any(advisers_below(county, place, today.clone())));
    }
    if filter.advising {
        let holding = adviser_post::table
            .filter(adviser_post::county_id.eq(county.bytes()))
            .filter(adviser_post::from_date.le(today.clone()))
            .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(today.clone())))
            .select(adviser_post::worker_id);
        query = query.filter(worker::id.eq_any(holding));
    }
    if let Some(away) = filter.away {
        let absent = worker_leave::table
            .filter(worker_leave::county_id.eq(county.bytes()))
            .filter(worker_leave::from_date.le(today.clone()))
            .filter(worker_leave::to_date.ge(today))
            .select(worker_leave::worker_id);
        query = match away {
            true => query.filter(worker::id.eq_any(absent)),
            false => query.filter(worker::id.ne_all(absent)),
        };
    }
    if let Some(wanted) = &filter.wanted {
        // A county has hundreds of legal workers, never hundreds of thousands.
        const MOST: i64 = 1_000;
        let mut ids = gram::search(tx, county, NOUN, wanted, None, MOST)?;
        ids.extend(filter.or_ids.iter().map(|id| id.bytes()));
        query = query.filter(one_of(worker::id, ids));
    }
    Ok(query)
}

/// Workers with a post on `day` at or below a division.
#[diesel::dsl::auto_type]
fn advisers_below(county: CountyId, place: DivisionId, day: String) -> _ {
    let county_bytes: Vec<u8> = county.bytes();
    let county_again: Vec<u8> = county.bytes();
    let above: Vec<u8> = place.bytes();
    let day_again: String = day.clone();
    adviser_post::table
        .inner_join(
            division_path::table.on(division_path::county_id
                .eq(adviser_post::county_id)
                .and(division_path::below_id.eq(adviser_post::division_id))),
        )
        .filter(adviser_post::county_id.eq(county_bytes))
        .filter(division_path::county_id.eq(county_again))
        .filter(division_path::above_id.eq(above))
        .filter(adviser_post::from_date.le(day))
        .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day_again)))
        .select(adviser_post::worker_id)
}

fn contains(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

/// Records an absence.
///
/// # Errors
/// [`Stop::Rule`] where the last day is before the first.
pub fn add_leave(tx: &mut Tx<'_>, leave: &Leave) -> Result<(), Stop> {
    diesel::insert_into(worker_leave::table).values(leave.values()).execute(tx.conn)?;
    Ok(())
}

/// Absences that reach `day` or later, of one worker or of all.
///
/// # Errors
/// The database's own.
pub fn leaves(
    tx: &mut Tx<'_>,
    county: CountyId,
    of: Option<WorkerId>,
    day: Date,
) -> Result<Vec<Leave>, Stop> {
    let mut query = worker_leave::table
        .filter(worker_leave::county_id.eq(county.bytes()))
        .filter(worker_leave::to_date.ge(day.to_string()))
        .order((worker_leave::from_date, worker_leave::id))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(worker_leave::worker_id.eq(of.bytes()));
    }
    load!(Leave, query, tx)
}

/// Absences of these workers that cover `day`.
///
/// # Errors
/// The database's own.
pub fn leaves_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    workers: &[WorkerId],
    day: Date,
) -> Result<Vec<Leave>, Stop> {
    let ids: Vec<Vec<u8>> = workers.iter().map(|id| id.bytes()).collect();
    let day = day.to_string();
    let query = worker_leave::table
        .filter(worker_leave::county_id.eq(county.bytes()))
        .filter(one_of(worker_leave::worker_id, ids))
        .filter(worker_leave::from_date.le(day.clone()))
        .filter(worker_leave::to_date.ge(day))
        .order((worker_leave::to_date.desc(), worker_leave::id));
    load_direct!(Leave, query, tx)
}

/// Takes an absence back.
///
/// # Errors
/// `not_found` where it is not there.
pub fn remove_leave(tx: &mut Tx<'_>, county: CountyId, id: Id<Leave>) -> Result<(), Stop> {
    let row = worker_leave::table.find((county.bytes(), id.bytes()));
    match diesel::delete(row).execute(tx.conn)? {
        0 => Err(falin_domain::refusal::Refusal::absent().into()),
        _ => Ok(()),
    }
}
