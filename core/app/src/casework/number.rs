//! Numbers of cases: counted by flow and year, and written as the county writes them.

use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_domain::workflow::Flow;
use falin_store::{Tx, number};

use crate::Stop;

/// The next number of a flow in the year in which a case begins.
pub(super) fn next_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    began: Instant,
) -> Result<String, Stop> {
    let year = began.date().parts().0;
    let n = number::next(tx, county, &format!("case/{}", flow.id), i32::from(year))?;
    let pattern = pattern(tx, county, flow)?;
    Ok(pattern.replace("{year}", &year.to_string()).replace("{n}", &n.to_string()))
}

/// How the county writes a flow's numbers: `{office}` is its abbreviation.
///
/// # Errors
/// The store's own.
pub(crate) fn pattern(tx: &mut Tx<'_>, county: CountyId, flow: &Flow) -> Result<String, Stop> {
    if !flow.number.contains("{office}") {
        return Ok(flow.number.clone());
    }
    let office = crate::paper::Office::of(tx, county)?;
    Ok(flow.number.replace("{office}", &office.abbreviation))
}
