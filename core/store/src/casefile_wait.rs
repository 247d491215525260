//! How long open cases have waited for whoever leads them now.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::words::{CaseId, CountyId};

use crate::schema::{casefile, casefile_worker};
use crate::stop::Stop;
use crate::tx::Tx;

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
