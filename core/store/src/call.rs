//! Calls that clerks make where no notice reaches the person.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{AccountId, CallId, CountyId, DivisionId};

use crate::column::{kept, load, noun};
use crate::deadline::SubjectId;
use crate::schema::{booking, call_task, casefile, division_path, household};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A call that a clerk makes.
    Call in call_task {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CallId,
        /// Idempotency key.
        key: String,
        /// Key of the text that could not be sent.
        kind: String,
        /// Noun of what it speaks of.
        noun: String,
        /// Id of what it speaks of.
        subject_id: SubjectId,
        /// Where it belongs.
        division_id: Option<DivisionId>,
        /// Why a call: a code of `CallReason`.
        reason: String,
        /// The person's name.
        who_sealed: Vec<u8>,
        /// The telephone; may be empty inside.
        phone_sealed: Vec<u8>,
        /// Arguments of the text, JSON.
        args_sealed: Vec<u8>,
        /// How it ended: a code of `CallOutcome`.
        outcome: Option<String>,
        /// When.
        done_ms: Option<i64>,
        /// Who called.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Call in call_task by CallId);

/// Whether a call with this key is on the list.
///
/// # Errors
/// The database's own.
pub fn has_call(tx: &mut Tx<'_>, county: CountyId, key: &str) -> Result<bool, Stop> {
    let query =
        call_task::table.filter(call_task::county_id.eq(county.bytes())).filter(call_task::key.eq(key));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// A page of the calls in a scope: open ones longest waiting first, or all, newest last.
///
/// # Errors
/// The database's own.
pub fn calls(tx: &mut Tx<'_>, scope: &Scope, done: bool, window: &Window) -> Result<Page<Call>, Stop> {
    let mut query = calls_in(scope, done);
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query
            .filter(call_task::created_ms.ge(ms).and(call_task::created_ms.gt(ms).or(call_task::id.gt(id))));
    }
    let query = query.order((call_task::created_ms, call_task::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Call, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.created_ms.to_string(), id: row.id.uuid() }))
}

/// What the open calls of a county about bookings speak of, where those have ended; at most `most`.
///
/// # Errors
/// The database's own.
pub fn about_past_bookings(tx: &mut Tx<'_>, county: CountyId, most: i64) -> Result<Vec<SubjectId>, Stop> {
    let spoken_of = booking::county_id.eq(call_task::county_id).and(booking::id.eq(call_task::subject_id));
    let found: Vec<Vec<u8>> = call_task::table
        .inner_join(booking::table.on(spoken_of))
        .filter(booking::ends_ms.le(tx.now.millis()))
        .filter(call_task::county_id.eq(county.bytes()))
        .filter(call_task::noun.eq(crate::booking::NOUN))
        .filter(call_task::done_ms.is_null())
        .select(call_task::subject_id)
        .distinct()
        .limit(most)
        .load(tx.conn)?;
    Ok(found.iter().filter_map(|id| SubjectId::from_bytes(id)).collect())
}

/// How many calls there are.
///
/// # Errors
/// The database's own.
pub fn call_count(tx: &mut Tx<'_>, scope: &Scope, done: bool) -> Result<u64, Stop> {
    let n: i64 = calls_in(scope, done).count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

type Calls = call_task::BoxedQuery<'static, crate::conn::MultiBackend>;

/// Calls about what is only stored are in no list.
fn calls_in(scope: &Scope, done: bool) -> Calls {
    let county = scope.county.bytes();
    let stored = household::table
        .filter(household::county_id.eq(county.clone()))
        .filter(household::restricted_ms.is_not_null())
        .select(household::id);
    let cases = || {
        casefile::table
            .filter(casefile::county_id.eq(county.clone()))
            .filter(casefile::restricted_ms.is_not_null())
    };
    let held = booking::table
        .filter(booking::county_id.eq(county.clone()))
        .filter(booking::mediation_case_id.eq_any(cases().select(casefile::id.nullable())))
        .select(booking::id);
    let mut query = call_task::table
        .filter(call_task::county_id.eq(county.clone()))
        .filter(call_task::subject_id.ne_all(stored))
        .filter(call_task::subject_id.ne_all(cases().select(casefile::id)))
        .filter(call_task::subject_id.ne_all(held))
        .into_boxed();
    if let Some(places) = &scope.places {
        let places: Vec<Vec<u8>> = places.iter().map(|id| id.bytes()).collect();
        let below = division_path::table
            .filter(division_path::county_id.eq(county))
            .filter(division_path::above_id.eq_any(places))
            .select(division_path::below_id.nullable());
        query = query.filter(call_task::division_id.eq_any(below));
    }
    if done {
        query.filter(call_task::done_ms.is_not_null())
    } else {
        query.filter(call_task::done_ms.is_null())
    }
}

/// One call, where the scope shows it.
///
/// # Errors
/// `not_found` where it is not there, or not for this visitor.
pub fn call(tx: &mut Tx<'_>, scope: &Scope, id: CallId) -> Result<Call, Stop> {
    for done in [false, true] {
        let query = calls_in(scope, done).filter(call_task::id.eq(id.bytes()));
        if let Some(found) = load!(Call, query, tx)?.into_iter().next() {
            return Ok(found);
        }
    }
    Err(falin_domain::refusal::Refusal::absent().into())
}
