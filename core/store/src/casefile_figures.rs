//! Counting over cases: how many began in a span of time, and what became of one of their deadlines.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::words::DivisionId;

use crate::conn::Conn;
use crate::schema::{casefile, deadline, division_path};
use crate::stop::Stop;
use crate::tx::Tx;

/// Ids in one question to the database.
const PART: usize = 500;

/// One run of a deadline of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// Id of the case, as bytes.
    pub case: Vec<u8>,
    /// When it was due, UTC milliseconds.
    pub due_ms: i64,
    /// When it was met; None where it was not.
    pub met_ms: Option<i64>,
    /// When it ended otherwise; None where it did not.
    pub dropped_ms: Option<i64>,
}

type Boxed = casefile::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

fn begun(tx: &mut Tx<'_>, scope: &Scope, flow: &str, (from_ms, until_ms): (i64, i64)) -> Result<Boxed, Stop> {
    let query = casefile::table
        .filter(casefile::county_id.eq(scope.county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::created_ms.ge(from_ms))
        .filter(casefile::created_ms.lt(until_ms))
        .into_boxed();
    let Some(places) = &scope.places else { return Ok(query) };
    let below = below(tx, scope, places)?;
    Ok(query.filter(casefile::division_id.eq_any(below).assume_not_null()))
}

fn below(tx: &mut Tx<'_>, scope: &Scope, places: &[DivisionId]) -> Result<Vec<Option<Vec<u8>>>, Stop> {
    let above: Vec<Vec<u8>> = places.iter().map(|place| place.bytes()).collect();
    let ids: Vec<Vec<u8>> = division_path::table
        .filter(division_path::county_id.eq(scope.county.bytes()))
        .filter(division_path::above_id.eq_any(above))
        .select(division_path::below_id)
        .load(tx.conn)?;
    Ok(ids.into_iter().map(Some).collect())
}

/// How many cases of a flow began in a span, at or below the scope's places; the end is not within.
///
/// # Errors
/// The database's own.
pub fn opened(tx: &mut Tx<'_>, scope: &Scope, flow: &str, span: (i64, i64)) -> Result<u64, Stop> {
    let n: i64 = begun(tx, scope, flow, span)?.count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

/// Runs of the deadline `code` of those cases, those of one case together, oldest first.
///
/// # Errors
/// The database's own.
pub fn runs(
    tx: &mut Tx<'_>,
    scope: &Scope,
    flow: &str,
    span: (i64, i64),
    code: &str,
) -> Result<Vec<Run>, Stop> {
    // A boxed query is no sub-query of both databases at once: the ids come first, then their deadlines in parts.
    let cases: Vec<Vec<u8>> =
        begun(tx, scope, flow, span)?.select(casefile::id).order(casefile::id).load(tx.conn)?;
    let mut rows: Vec<(Vec<u8>, i64, Option<i64>, Option<i64>)> = Vec::new();
    for part in cases.chunks(PART) {
        let of_part: Vec<(Vec<u8>, i64, Option<i64>, Option<i64>)> = deadline::table
            .filter(deadline::county_id.eq(scope.county.bytes()))
            .filter(deadline::subject_id.eq_any(part.to_vec()))
            .filter(deadline::code.eq(code.to_owned()))
            .order((deadline::subject_id, deadline::started_ms, deadline::id))
            .select((deadline::subject_id, deadline::due_ms, deadline::met_ms, deadline::dropped_ms))
            .load(tx.conn)?;
        rows.extend(of_part);
    }
    let run = |(case, due_ms, met_ms, dropped_ms)| Run { case, due_ms, met_ms, dropped_ms };
    Ok(rows.into_iter().map(run).collect())
}
