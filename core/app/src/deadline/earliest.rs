//! What a case is reckoned by in a list: the first of its open deadlines.

use std::collections::HashMap;

use falin_domain::words::CountyId;
use falin_store::Tx;
use falin_store::deadline::{self, Deadline, SubjectId};

use crate::Stop;
use crate::casework::Flows;

/// The earliest open deadline of each of several cases, asked for at once: a duty before a party's right, which nobody is
/// late with.
///
/// # Errors
/// The store's own.
pub(crate) fn earliest(
    tx: &mut Tx<'_>,
    flows: &Flows,
    county: CountyId,
    subjects: &[SubjectId],
) -> Result<HashMap<SubjectId, Deadline>, Stop> {
    let rights = flows.rights(county);
    let (mut rows, later): (Vec<Deadline>, Vec<Deadline>) =
        deadline::open_of_all(tx, county, subjects)?.into_iter().partition(|row| !rights.contains(&row.code));
    rows.extend(later);
    let mut earliest = HashMap::new();
    for row in rows {
        earliest.entry(row.subject_id).or_insert(row);
    }
    Ok(earliest)
}
