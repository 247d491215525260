//! Published holidays and make-up workdays, and a county's own days over them (handbook §7).

use diesel::prelude::*;
use falin_domain::calendar::Calendar;
use falin_domain::time::Date;
use falin_domain::words::CountyId;

use crate::column::{load, noun};
use crate::schema::holiday;
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// One day that differs from its weekday.
    Holiday in holiday {
        /// County that loaded it.
        county_id: CountyId,
        /// The day.
        date: Date,
        /// The holiday's name.
        name: String,
        /// Whether people work on it.
        is_workday: bool,
    }
}

/// The days that a county has loaded, in order.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Holiday>, Stop> {
    let query = holiday::table.filter(holiday::county_id.eq(county.bytes())).order(holiday::date);
    load!(Holiday, query, tx)
}

/// The calendar that counts in a county: what the product carries, and over it what the county has loaded.
///
/// # Errors
/// The database's own.
pub fn calendar(tx: &mut Tx<'_>, county: CountyId) -> Result<Calendar, Stop> {
    let days = of(tx, county)?;
    let published = falin_domain::calendar::published_holidays();
    let published = published.into_iter().map(|day| (day.date, day.workday));
    Ok(Calendar::from_rows(published.chain(days.into_iter().map(|day| (day.date, day.is_workday)))))
}

/// Sets a day.
///
/// # Errors
/// The database's own.
pub fn set(tx: &mut Tx<'_>, county: CountyId, date: Date, name: &str, workday: bool) -> Result<(), Stop> {
    remove(tx, county, date)?;
    let day = Holiday { county_id: county, date, name: name.to_owned(), is_workday: workday };
    diesel::insert_into(holiday::table).values(day.values()).execute(tx.conn)?;
    Ok(())
}

/// Removes a day.
///
/// # Errors
/// The database's own.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, date: Date) -> Result<(), Stop> {
    diesel::delete(holiday::table.find((county.bytes(), date.to_string()))).execute(tx.conn)?;
    Ok(())
}
