//! Cases compared by what the index holds: those alike in some fields, and the sum of a number over them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use falin_domain::words::{CaseId, CountyId, HouseholdId};
use falin_domain::workflow::{Field, Flow};
use serde_json::Value;

use crate::casefile::{Case, indexed, tag};
use crate::column::load;
use crate::schema::{casefile, casefile_index};
use crate::stop::Stop;
use crate::tx::Tx;

/// Ids in one question to the database.
const PART: usize = 500;

/// Ids of a flow's cases with this value in an indexed field; none where the value is empty.
fn with_value(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    (field, value): (&Field, Option<&Value>),
) -> Result<BTreeSet<Vec<u8>>, Stop> {
    let mut all: Option<BTreeSet<Vec<u8>>> = None;
    for (value, amount) in indexed(field, value) {
        let value = tag(tx, county, &flow.id, field, &value);
        let mut query = casefile_index::table
            .filter(casefile_index::county_id.eq(county.bytes()))
            .filter(casefile_index::flow.eq(flow.id.clone()))
            .filter(casefile_index::field.eq(field.name.clone()))
            .filter(casefile_index::value.eq(value))
            .select(casefile_index::case_id)
            .into_boxed();
        if let Some(amount) = amount {
            query = query.filter(casefile_index::amount.eq(Some(amount)));
        }
        let found: Vec<Vec<u8>> = query.load(tx.conn)?;
        let found: BTreeSet<Vec<u8>> = found.into_iter().collect();
        all = Some(match all {
            None => found,
            Some(before) => before.intersection(&found).cloned().collect(),
        });
    }
    Ok(all.unwrap_or_default())
}

/// Cases of a flow that have the same values as these in all of the fields; none where one of the values is empty,
/// for what is not known is like nothing.
///
/// # Errors
/// The database's own.
pub fn alike(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    values: &[(&Field, Option<&Value>)],
    but: Option<CaseId>,
) -> Result<Vec<Case>, Stop> {
    let mut ids: Option<BTreeSet<Vec<u8>>> = None;
    for one in values {
        let found = with_value(tx, county, flow, *one)?;
        let left = match ids {
            None => found,
            Some(before) => before.intersection(&found).cloned().collect(),
        };
        if left.is_empty() {
            return Ok(Vec::new());
        }
        ids = Some(left);
    }
    let mut ids = ids.unwrap_or_default();
    if let Some(own) = but {
        ids.remove(&own.bytes());
    }
    let ids: Vec<Vec<u8>> = ids.into_iter().collect();
    let mut cases = Vec::new();
    for part in ids.chunks(PART) {
        let query = casefile::table
            .filter(casefile::county_id.eq(county.bytes()))
            .filter(casefile::restricted_ms.is_null())
            .filter(casefile::id.eq_any(part.to_vec()));
        let found: Vec<Case> = load!(Case, query, tx)?;
        cases.extend(found);
    }
    Ok(cases)
}

/// Cases of all flows about whoever has this telephone, by its blind index, or about these households: open ones first,
/// then the newest. Who may see them is another question.
///
/// # Errors
/// The database's own.
pub fn of_people(
    tx: &mut Tx<'_>,
    county: CountyId,
    (phone, homes): (Option<Vec<u8>>, &[HouseholdId]),
    most: i64,
) -> Result<Vec<Case>, Stop> {
    let homes: Vec<Option<Vec<u8>>> = homes.iter().map(|home| Some(home.bytes())).collect();
    // An index is never empty, so that an empty one finds nobody.
    let phone = Some(phone.unwrap_or_default());
    let about = casefile::phone_index.eq(phone).or(casefile::household_id.eq_any(homes)).assume_not_null();
    let query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::restricted_ms.is_null())
        .filter(about)
        .order((casefile::closed_ms.is_not_null(), casefile::created_ms.desc(), casefile::id.desc()))
        .limit(most);
    load!(Case, query, tx)
}

/// Ids of the open cases about a household.
///
/// # Errors
/// The database's own.
pub fn open_of_household(
    tx: &mut Tx<'_>,
    county: CountyId,
    household: HouseholdId,
) -> Result<Vec<CaseId>, Stop> {
    let rows: Vec<Vec<u8>> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::household_id.eq(household.bytes()))
        .filter(casefile::closed_ms.is_null())
        .order(casefile::id)
        .select(casefile::id)
        .load(tx.conn)?;
    rows.iter().map(|bytes| crate::county::id(bytes)).collect()
}

/// The sum of an indexed number field over a flow's cases with this value in another field, in these states or in any.
///
/// # Errors
/// The database's own.
pub fn total(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    sum: &str,
    same: (&Field, Option<&Value>),
    states: &[String],
) -> Result<i64, Stop> {
    let ids: Vec<Vec<u8>> = with_value(tx, county, flow, same)?.into_iter().collect();
    let mut total: i64 = 0;
    for part in ids.chunks(PART) {
        let mut ids = part.to_vec();
        if !states.is_empty() {
            ids = casefile::table
                .filter(casefile::county_id.eq(county.bytes()))
                .filter(casefile::id.eq_any(ids))
                .filter(casefile::state.eq_any(states.to_vec()))
                .select(casefile::id)
                .load(tx.conn)?;
        }
        let amounts: Vec<Option<i64>> = casefile_index::table
            .filter(casefile_index::county_id.eq(county.bytes()))
            .filter(casefile_index::case_id.eq_any(ids))
            .filter(casefile_index::field.eq(sum.to_owned()))
            .select(casefile_index::amount)
            .load(tx.conn)?;
        total = amounts.into_iter().flatten().fold(total, i64::saturating_add);
    }
    Ok(total)
}
