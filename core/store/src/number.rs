//! Number series without gaps or doubles, by county, series and year; taken in the transaction that uses the number.

use diesel::prelude::*;
use falin_domain::words::CountyId;

use crate::schema::number_series as row;
use crate::stop::Stop;
use crate::tx::Tx;

/// Takes the next number of a series, from 1. It is given only if the caller's transaction commits: one that is
/// rolled back leaves no gap, and the database refuses a series that does not grow by one.
///
/// # Errors
/// The database's own; two takers on PostgreSQL make one of them retry.
pub fn next(tx: &mut Tx<'_>, county: CountyId, series: &str, year: i32) -> Result<i64, Stop> {
    let place = row::table.find((county.bytes(), series, year));
    if diesel::update(place.clone()).set(row::last.eq(row::last + 1)).execute(tx.conn)? == 0 {
        begin(tx, county, series, year, 1)?;
        return Ok(1);
    }
    Ok(place.select(row::last).first(tx.conn)?)
}

/// As [`next`]; a series that has not begun goes on from `former`, under whose name it was counted before.
///
/// # Errors
/// As [`next`].
pub fn next_after(
    tx: &mut Tx<'_>,
    county: CountyId,
    (series, former): (&str, &str),
    year: i32,
) -> Result<i64, Stop> {
    let counted = if last(tx, county, series, year)? == 0 { last(tx, county, former, year)? } else { 0 };
    if counted == 0 {
        return next(tx, county, series, year);
    }
    begin(tx, county, series, year, counted + 1)?;
    Ok(counted + 1)
}

/// The last number given; 0 where the series has not begun.
///
/// # Errors
/// The database's own.
pub fn last(tx: &mut Tx<'_>, county: CountyId, series: &str, year: i32) -> Result<i64, Stop> {
    let place = row::table.find((county.bytes(), series, year));
    Ok(place.select(row::last).first(tx.conn).optional()?.unwrap_or(0))
}

/// Begins a series behind `last`, where another system has given the numbers up to it.
///
/// # Errors
/// [`Stop::Rule`] where the series has begun; the database's own.
pub fn begin(tx: &mut Tx<'_>, county: CountyId, series: &str, year: i32, last: i64) -> Result<(), Stop> {
    let values = (
        row::county_id.eq(county.bytes()),
        row::series.eq(series.to_owned()),
        row::year.eq(year),
        row::last.eq(last),
    );
    diesel::insert_into(row::table).values(values).execute(tx.conn)?;
    Ok(())
}
