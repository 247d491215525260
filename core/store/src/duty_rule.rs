//! What a county's advisers owe, and what they are paid, as rows.

use diesel::prelude::*;
use falin_domain::duty::{FeeBasis, Period, ServiceKind};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, FeeId};

use crate::column::{kept, load, noun};
use crate::schema::{duty_fee, duty_rule};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A duty of village advisers; one a kind and period.
    RuleRow in duty_rule {
        /// County.
        county_id: CountyId,
        /// What is owed.
        kind: ServiceKind,
        /// In which stretch of time.
        period: Period,
        /// Least items.
        least_count: Option<i32>,
        /// Least minutes.
        least_minutes: Option<i32>,
        /// First day.
        from_date: Date,
        /// Last day; None while it holds.
        to_date: Option<Date>,
        /// Where it is written.
        source: String,
        /// Counts changes.
        version: i64,
    }
}

noun! {
    /// One line of what advisers are paid.
    FeeRow in duty_fee {
        /// County.
        county_id: CountyId,
        /// Id.
        id: FeeId,
        /// What it is paid for.
        basis: FeeBasis,
        /// The kind, where items are paid.
        kind: Option<ServiceKind>,
        /// The amount in fen.
        fen: i64,
        /// First day.
        from_date: Date,
        /// Last day; None while it holds.
        to_date: Option<Date>,
        /// Counts changes.
        version: i64,
    }
}
kept!(FeeRow in duty_fee by FeeId);

/// The rules that a county has set.
///
/// # Errors
/// The database's own.
pub fn rules(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<RuleRow>, Stop> {
    let query = duty_rule::table
        .filter(duty_rule::county_id.eq(county.bytes()))
        .order((duty_rule::kind, duty_rule::period));
    load!(RuleRow, query, tx)
}

/// Sets a rule that is still at its version, 0 where the county has set none yet; counts the version up.
///
/// # Errors
/// `state.changed` where it has moved on.
pub fn set_rule(tx: &mut Tx<'_>, row: &mut RuleRow) -> Result<(), Stop> {
    let seen = row.version;
    row.version += 1;
    if seen == 0 {
        let added = diesel::insert_into(duty_rule::table).values(row.values()).execute(tx.conn);
        return match added.map_err(Stop::from) {
            Ok(_) => Ok(()),
            // Somebody was first.
            Err(stop) => Err(stop.or_rule("state.changed")),
        };
    }
    let there = duty_rule::table
        .find((row.county_id.bytes(), row.kind.code(), row.period.code()))
        .filter(duty_rule::version.eq(seen));
    match diesel::update(there).set(row.values()).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(Refusal::new("state.changed").into()),
    }
}

/// What a county pays, in the order in which it was set.
///
/// # Errors
/// The database's own.
pub fn fees(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<FeeRow>, Stop> {
    let query = duty_fee::table
        .filter(duty_fee::county_id.eq(county.bytes()))
        .order((duty_fee::from_date, duty_fee::id));
    load!(FeeRow, query, tx)
}
