//! Who stands in for whom (AB岗), from the first day to the last; and the cases that a deputy so sees.

use diesel::prelude::*;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CaseId, CountyId, DeputyId, WorkerId};

use crate::casefile::Case;
use crate::casefile_conflict::barred;
use crate::column::{kept, load, noun};
use crate::schema::{casefile, casefile_worker, deputy};
use crate::stop::Stop;
use crate::tx::Tx;
use crate::worker::Worker;

noun! {
    /// A span in which one worker stands in for another.
    Deputy in deputy {
        /// County.
        county_id: CountyId,
        /// Id.
        id: DeputyId,
        /// For whom (A).
        worker_id: WorkerId,
        /// Who stands in (B).
        deputy_id: WorkerId,
        /// First day.
        from_date: Date,
        /// Last day.
        to_date: Date,
        /// Who named the deputy.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it was ended before its last day, UTC milliseconds.
        ended_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Deputy in deputy by DeputyId);

/// Spans that reach `day` or later and were not ended, the next first; of one worker on either side, or of all.
///
/// # Errors
/// The database's own.
pub fn from(tx: &mut Tx<'_>, county: CountyId, of: Option<WorkerId>, day: Date) -> Result<Vec<Deputy>, Stop> {
    let mut query = deputy::table
        .filter(deputy::county_id.eq(county.bytes()))
        .filter(deputy::to_date.ge(day.to_string()))
        .filter(deputy::ended_ms.is_null())
        .order((deputy::from_date, deputy::id))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(deputy::worker_id.eq(of.bytes()).or(deputy::deputy_id.eq(of.bytes())));
    }
    load!(Deputy, query, tx)
}

/// Those for whom a worker stands in on a day.
///
/// # Errors
/// The database's own.
pub fn stands_for(tx: &mut Tx<'_>, county: CountyId, me: WorkerId, day: Date) -> Result<Vec<WorkerId>, Stop> {
    let ids: Vec<Vec<u8>> = deputy::table
        .filter(deputy::county_id.eq(county.bytes()))
        .filter(deputy::deputy_id.eq(me.bytes()))
        .filter(deputy::from_date.le(day.to_string()))
        .filter(deputy::to_date.ge(day.to_string()))
        .filter(deputy::ended_ms.is_null())
        .order(deputy::worker_id)
        .select(deputy::worker_id)
        .load(tx.conn)?;
    Ok(ids.iter().filter_map(|id| WorkerId::from_bytes(id)).collect())
}

/// Who stands in for a worker on a day.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId, day: Date) -> Result<Option<WorkerId>, Stop> {
    let id: Option<Vec<u8>> = deputy::table
        .filter(deputy::county_id.eq(county.bytes()))
        .filter(deputy::worker_id.eq(worker.bytes()))
        .filter(deputy::from_date.le(day.to_string()))
        .filter(deputy::to_date.ge(day.to_string()))
        .filter(deputy::ended_ms.is_null())
        .select(deputy::deputy_id)
        .first(tx.conn)
        .optional()?;
    Ok(id.and_then(|id| WorkerId::from_bytes(&id)))
}

/// The open cases that a worker sees today because of standing in for those who are on them. Not those in which the
/// deputy or the deputy's firm has a conflict of interest: for those somebody else must be found.
///
/// # Errors
/// The database's own.
pub fn cases(tx: &mut Tx<'_>, county: CountyId, me: WorkerId) -> Result<Vec<(CaseId, WorkerId)>, Stop> {
    let day = tx.now.date();
    let absent = stands_for(tx, county, me, day)?;
    if absent.is_empty() {
        return Ok(Vec::new());
    }
    let mine = Worker::by_id(tx, county, me)?;
    let mut seen = Vec::new();
    for worker in absent {
        let on: Vec<Vec<u8>> = casefile_worker::table
            .filter(casefile_worker::county_id.eq(county.bytes()))
            .filter(casefile_worker::worker_id.eq(worker.bytes()))
            .filter(casefile_worker::to_ms.is_null())
            .select(casefile_worker::case_id)
            .load(tx.conn)?;
        let open = casefile::table
            .filter(casefile::county_id.eq(county.bytes()))
            .filter(casefile::closed_ms.is_null())
            .filter(casefile::id.eq_any(on));
        for case in load!(Case, open, tx)? {
            if !barred(tx, &mine, &case)? {
                seen.push((case.id, worker));
            }
        }
    }
    Ok(seen)
}
