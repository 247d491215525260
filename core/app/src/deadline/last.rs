//! A deadline that does not run: its last day before a case is opened and after it has ended, and what is left of it
//! once it has stood still.

use falin_domain::calendar::{Period, Unit};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, Id};
use falin_store::{Tx, deadline, holiday};

use super::{CountedBy, NOUN, Own, Started, SubjectId, counted_by};
use crate::Stop;

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// How many units were left of the last deadline of a code when it ended, one at least; None where none ever ran, or its
/// units are neither days nor hours.
///
/// # Errors
/// The store's own.
pub(crate) fn left(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    code: &str,
) -> Result<Option<u16>, Stop> {
    let rows = deadline::of(tx, county, subject)?.into_iter().filter(|row| row.code == code);
    let Some(last) = rows.max_by_key(|row| (row.started_ms, row.created_ms)) else { return Ok(None) };
    let ended = Instant::from_millis(last.met_ms.or(last.dropped_ms).unwrap_or(tx.now.millis()));
    let (began, period) = (Instant::from_millis(last.started_ms), last.period.period());
    let passed = match period.unit {
        Unit::Calendar => began.date().days_until(ended.date()),
        Unit::Hour => (ended.millis() - began.millis()).div_euclid(HOUR),
        Unit::Working | Unit::Month => return Ok(None),
    };
    Ok(u16::try_from((i64::from(period.n) - passed).max(1)).ok())
}

/// A period of which only so much is left; the earlier target is that much earlier as well.
pub(super) fn rest(started: &Started<'_>, (count, internal, source, next): CountedBy) -> CountedBy {
    let whole = count.period();
    let Some(left) = started.left.map(|left| left.min(whole.n)) else {
        return (count, internal, source, next);
    };
    let spent = whole.n - left;
    let target = internal.map(|target| Period { n: target.n.saturating_sub(spent).max(1), ..target });
    (count.with(Period { n: left, ..whole }), target, source, next)
}

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
