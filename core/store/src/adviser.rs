//! Adviser posts: which legal worker advises which village, from when to when.

use diesel::prelude::*;
use falin_domain::time::Date;
use falin_domain::words::{AdviserPostId, CountyId, DivisionId, WorkerId};

use crate::column::{kept, load, load_direct, noun};
use crate::said::one_of;
use crate::schema::adviser_post;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal and in write generations.
pub const NOUN: &str = "adviser";

noun! {
    /// 村(居)法律顾问聘任, both days included.
    AdviserPost in adviser_post {
        /// County.
        county_id: CountyId,
        /// Id.
        id: AdviserPostId,
        /// The village or community.
        division_id: DivisionId,
        /// The adviser.
        worker_id: WorkerId,
        /// First day.
        from_date: Date,
        /// Last day; None while open.
        to_date: Option<Date>,
        /// 坐班时间 as the roster words it.
        hours: String,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(AdviserPost in adviser_post by AdviserPostId);

/// Posts that hold on `day`, of every village.
///
/// # Errors
/// The database's own.
pub fn on(tx: &mut Tx<'_>, county: CountyId, day: Date) -> Result<Vec<AdviserPost>, Stop> {
    let day = day.to_string();
    let query = adviser_post::table
        .filter(adviser_post::county_id.eq(county.bytes()))
        .filter(adviser_post::from_date.le(day.clone()))
        .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day)))
        .order((adviser_post::division_id, adviser_post::from_date, adviser_post::id));
    load!(AdviserPost, query, tx)
}

/// Posts of one village or one worker, past ones included, newest first.
///
/// # Errors
/// The database's own.
pub fn history(
    tx: &mut Tx<'_>,
    county: CountyId,
    division: Option<DivisionId>,
    worker: Option<WorkerId>,
) -> Result<Vec<AdviserPost>, Stop> {
    let mut query = adviser_post::table
        .filter(adviser_post::county_id.eq(county.bytes()))
        .order((adviser_post::from_date.desc(), adviser_post::id.desc()))
        .into_boxed();
    if let Some(division) = division {
        query = query.filter(adviser_post::division_id.eq(division.bytes()));
    }
    if let Some(worker) = worker {
        query = query.filter(adviser_post::worker_id.eq(worker.bytes()));
    }
    load!(AdviserPost, query, tx)
}

/// Posts of these workers that hold on `day`.
///
/// # Errors
/// The database's own.
pub fn of_workers(
    tx: &mut Tx<'_>,
    county: CountyId,
    workers: &[WorkerId],
    day: Date,
) -> Result<Vec<AdviserPost>, Stop> {
    let workers: Vec<Vec<u8>> = workers.iter().map(|id| id.bytes()).collect();
    let day = day.to_string();
    let query = adviser_post::table
        .filter(adviser_post::county_id.eq(county.bytes()))
        .filter(one_of(adviser_post::worker_id, workers))
        .filter(adviser_post::from_date.le(day.clone()))
        .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day)))
        .order((adviser_post::from_date, adviser_post::id));
    load_direct!(AdviserPost, query, tx)
}

/// Posts in these divisions that hold on `day`, the longest-serving first.
///
/// # Errors
/// The database's own.
pub fn in_divisions(
    tx: &mut Tx<'_>,
    county: CountyId,
    divisions: &[DivisionId],
    day: Date,
) -> Result<Vec<AdviserPost>, Stop> {
    let divisions: Vec<Vec<u8>> = divisions.iter().map(|id| id.bytes()).collect();
    let day = day.to_string();
    let query = adviser_post::table
        .filter(adviser_post::county_id.eq(county.bytes()))
        .filter(one_of(adviser_post::division_id, divisions))
        .filter(adviser_post::from_date.le(day.clone()))
        .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day)))
        .order((adviser_post::from_date, adviser_post::id));
    load_direct!(AdviserPost, query, tx)
}

/// All posts, past ones included, newest first.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<AdviserPost>, Stop> {
    history(tx, county, None, None)
}
