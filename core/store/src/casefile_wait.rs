//! What waits: open cases by state and turn, and how long they have waited for whoever leads them now.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use falin_domain::words::{CaseId, CountyId};

use crate::conn::direct;
use crate::schema::{casefile, casefile_worker};
use crate::stop::Stop;
use crate::tx::Tx;

/// Open cases that stand alike.
#[derive(Clone, PartialEq, Eq, Debug, Queryable)]
pub struct Waiting {
    /// Their flow.
    pub flow: String,
    /// Their state.
    pub state: String,
    /// Whose turn it is.
    pub next_role: Option<String>,
    /// How many, without those that are only stored.
    pub count: i64,
}

/// What waits in a county, by flow, state and whose turn it is.
///
/// # Errors
/// The database's own.
pub fn waiting(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Waiting>, Stop> {
    let alike = (casefile::flow, casefile::state, casefile::next_role);
    let query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::closed_ms.is_null())
        .filter(casefile::restricted_ms.is_null())
        .group_by(alike)
        .select((casefile::flow, casefile::state, casefile::next_role, count_star()));
    Ok(direct!(tx.conn, conn => query.load(conn))?)
}

/// A case that waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait {
    /// The case.
    pub case: CaseId,
    /// Since when: its last step, or since its lead has it where that is later; UTC milliseconds.
    pub since_ms: i64,
}

/// Cases of a flow in a state, those first that were changed longest ago, at most `most`.
///
/// # Errors
/// The database's own.
pub fn since(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &str,
    state: &str,
    most: i64,
) -> Result<Vec<Wait>, Stop> {
    let rows: Vec<(Vec<u8>, i64)> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::state.eq(state.to_owned()))
        .filter(casefile::closed_ms.is_null())
        .order((casefile::changed_ms, casefile::id))
        .limit(most)
        .select((casefile::id, casefile::changed_ms))
        .load(tx.conn)?;
    let ids: Vec<Vec<u8>> = rows.iter().map(|(id, _)| id.clone()).collect();
    let leads: Vec<(Vec<u8>, i64)> = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::case_id.eq_any(ids))
        .filter(casefile_worker::duty.eq("lead"))
        .filter(casefile_worker::to_ms.is_null())
        .select((casefile_worker::case_id, casefile_worker::from_ms))
        .load(tx.conn)?;
    let leads: HashMap<Vec<u8>, i64> = leads.into_iter().collect();
    let wait = |(id, changed): (Vec<u8>, i64)| {
        let since_ms = leads.get(&id).copied().unwrap_or(changed).max(changed);
        Ok(Wait { case: crate::county::id(&id)?, since_ms })
    };
    rows.into_iter().map(wait).collect()
}
