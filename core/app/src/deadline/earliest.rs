//! What a case is reckoned by in a list: the first of its open deadlines.

use std::collections::HashMap;

use falin_domain::words::CountyId;
use falin_store::Tx;
use falin_store::deadline::{self, Deadline, SubjectId};

use super::inside;
use crate::Stop;
use crate::casework::Flows;

/// The first open deadline of each of several cases, asked for at once. Staff reckon by duties before a party's rights,
/// which nobody is late with; those outside by the first day of all, for a right may be theirs, without what the house
/// sets itself as a target.
///
/// # Errors
/// The store's own.
pub(crate) fn earliest(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (county, outside): (CountyId, bool),
    subjects: &[SubjectId],
) -> Result<HashMap<SubjectId, Deadline>, Stop> {
    let mut rows = deadline::open_of_all(tx, county, subjects)?;
    if outside {
        rows.retain(|row| !inside(&row.code));
    } else {
        // Stable: the earliest of each kind stays the first of it.
        let rights = flows.rights(county);
        rows.sort_by_key(|row| rights.contains(&row.code));
    }
    let mut earliest = HashMap::new();
    for row in rows {
        earliest.entry(row.subject_id).or_insert(row);
    }
    Ok(earliest)
}
