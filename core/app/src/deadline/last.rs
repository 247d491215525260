//! The last day of a deadline that does not run: before a case is opened, and after its deadline has ended.

use falin_domain::time::Date;
use falin_domain::words::{CountyId, Id};
use falin_store::{Tx, holiday};

use super::{NOUN, Own, Started, counted_by};
use crate::Stop;

/// The last day on which the act is in time, counted from a day as the county's own deadlines are.
///
/// # Errors
/// As [`super::start`].
pub(crate) fn last_day(
    tx: &mut Tx<'_>,
    county: CountyId,
    (code, own): (&str, Option<Own>),
    from: Date,
) -> Result<Date, Stop> {
    let nobody = Id::from_uuid(uuid::Uuid::nil());
    let started = Started { own, ..Started::new(county, (NOUN, nobody, ""), code, from.start()) };
    let (count, ..) = counted_by(tx, &started)?;
    let calendar = holiday::calendar(tx, county)?;
    Ok(count.dates(&calendar, None, started.at).due.date())
}
