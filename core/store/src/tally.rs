//! Counts that lists show beside their rows, read for a whole page at once.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::words::{CountyId, DivisionId, FirmId, Id, WorkerId};

use crate::household_list::{looked_after, within};
use crate::pairing::PRIMARY;
use crate::schema::{division_path, household, pairing, worker};
use crate::stop::Stop;
use crate::tx::Tx;

fn counts<T>(rows: Vec<(Vec<u8>, i64)>) -> Result<HashMap<Id<T>, u32>, Stop> {
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    rows.into_iter().map(|(id, n)| Ok((crate::county::id(&id)?, count(n)))).collect()
}

/// Present households of each village, of the subtrees of `places` or of the whole county.
///
/// # Errors
/// The database's own.
pub fn households(
    tx: &mut Tx<'_>,
    county: CountyId,
    places: Option<&[DivisionId]>,
) -> Result<HashMap<DivisionId, u32>, Stop> {
    let mut query = household::table
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::active.eq(true))
        .filter(household::staged.eq(false))
        .group_by(household::village_id)
        .select((household::village_id, count_star()))
        .into_boxed();
    if let Some(places) = places {
        let above: Vec<Vec<u8>> = places.iter().map(|place| place.bytes()).collect();
        let below = division_path::table
            .filter(division_path::county_id.eq(county.bytes()))
            .filter(division_path::above_id.eq_any(above))
            .select(division_path::below_id);
        query = query.filter(household::village_id.eq_any(below));
    }
    counts(query.load(tx.conn)?)
}

/// Households that a worker looks after now, those that are there, by village.
///
/// # Errors
/// The database's own.
pub fn by_village(tx: &mut Tx<'_>, county: CountyId, me: WorkerId) -> Result<HashMap<DivisionId, u32>, Stop> {
    let query = household::table
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::active.eq(true))
        .filter(household::staged.eq(false))
        .filter(household::id.eq_any(looked_after(county, me)))
        .group_by(household::village_id)
        .select((household::village_id, count_star()));
    counts(query.load(tx.conn)?)
}

/// Households whose present provider each of these workers is.
///
/// # Errors
/// The database's own.
pub fn of_workers(
    tx: &mut Tx<'_>,
    county: CountyId,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, u32>, Stop> {
    of_workers_in(tx, &Scope::whole(county), workers)
}

/// The same, of a scope's households alone.
///
/// # Errors
/// The database's own.
pub fn of_workers_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, u32>, Stop> {
    let wanted: Vec<Option<Vec<u8>>> = workers.iter().map(|id| Some(id.bytes())).collect();
    let of_household =
        household::county_id.eq(pairing::county_id).and(household::id.eq(pairing::household_id));
    let query = pairing::table
        .inner_join(household::table.on(of_household))
        .filter(pairing::county_id.eq(scope.county.bytes()))
        .filter(pairing::worker_id.eq_any(wanted))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::to_date.is_null())
        .group_by(pairing::worker_id)
        .select((pairing::worker_id, count_star()));
    let rows: Vec<(Option<Vec<u8>>, i64)> = match scope.places {
        Some(_) => query.filter(within!(scope)).load(tx.conn)?,
        None => query.load(tx.conn)?,
    };
    counts(rows.into_iter().filter_map(|(id, n)| Some((id?, n))).collect())
}

/// Households whose present provider each of these firms is.
///
/// # Errors
/// The database's own.
pub fn of_firms(tx: &mut Tx<'_>, county: CountyId, firms: &[FirmId]) -> Result<HashMap<FirmId, u32>, Stop> {
    let ids: Vec<Option<Vec<u8>>> = firms.iter().map(|id| Some(id.bytes())).collect();
    let rows: Vec<(Option<Vec<u8>>, i64)> = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::firm_id.eq_any(ids))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::to_date.is_null())
        .group_by(pairing::firm_id)
        .select((pairing::firm_id, count_star()))
        .load(tx.conn)?;
    counts(rows.into_iter().filter_map(|(id, n)| Some((id?, n))).collect())
}

/// Firm and own capacity of everybody on duty in these firms.
///
/// # Errors
/// The database's own.
pub fn capacities(
    tx: &mut Tx<'_>,
    county: CountyId,
    firms: &[FirmId],
) -> Result<Vec<(FirmId, Option<i32>)>, Stop> {
    let ids: Vec<Option<Vec<u8>>> = firms.iter().map(|id| Some(id.bytes())).collect();
    let rows: Vec<(Option<Vec<u8>>, Option<i32>)> = worker::table
        .filter(worker::county_id.eq(county.bytes()))
        .filter(worker::firm_id.eq_any(ids))
        .filter(worker::active.eq(true))
        .select((worker::firm_id, worker::capacity))
        .load(tx.conn)?;
    rows.into_iter()
        .filter_map(|(id, n)| Some((id?, n)))
        .map(|(id, n)| Ok((crate::county::id(&id)?, n)))
        .collect()
}
