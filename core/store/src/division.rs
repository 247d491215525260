//! Divisions of any depth, with every pair of a division and one at or below it.

use diesel::prelude::*;
use falin_domain::directory::DivisionLevel;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId};

use crate::column::{kept, load, noun};
use crate::schema::{division, division_path};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the name index and in write generations.
pub const NOUN: &str = "division";

noun! {
    /// A node of the administrative divisions; its code may be missing or may change.
    Division in division {
        /// County.
        county_id: CountyId,
        /// Own id: the key, since codes are optional (handbook §6).
        id: DivisionId,
        /// The node above; None at the top.
        parent_id: Option<DivisionId>,
        /// 6, 9 or 12 digits.
        code: Option<String>,
        /// Name.
        name: String,
        /// Level.
        level: DivisionLevel,
        /// Pinyin order.
        sort_key: String,
        /// First day on which it stands.
        valid_from: Option<Date>,
        /// First day on which it no longer stands.
        valid_to: Option<Date>,
        /// What took its place.
        successor_id: Option<DivisionId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Division in division by DivisionId);

/// Adds a division and its paths; its parent must be there already.
///
/// # Errors
/// [`Stop::Rule`] where the code is taken.
pub fn add(tx: &mut Tx<'_>, new: &Division) -> Result<(), Stop> {
    new.insert(tx)?;
    let mut above = vec![new.id.bytes()];
    if let Some(parent) = new.parent_id {
        let up: Vec<Vec<u8>> = division_path::table
            .filter(division_path::county_id.eq(new.county_id.bytes()))
            .filter(division_path::below_id.eq(parent.bytes()))
            .select(division_path::above_id)
            .load(tx.conn)?;
        above.extend(up);
    }
    for above_id in above {
        let values = (
            division_path::county_id.eq(new.county_id.bytes()),
            division_path::above_id.eq(above_id),
            division_path::below_id.eq(new.id.bytes()),
        );
        diesel::insert_into(division_path::table).values(values).execute(tx.conn)?;
    }
    Ok(())
}

/// Takes out a division that an undone import had added.
///
/// # Errors
/// `division.has_children` where others hang below it.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, id: DivisionId) -> Result<(), Stop> {
    let path = || division_path::table.filter(division_path::county_id.eq(county.bytes()));
    let below: i64 = path().filter(division_path::above_id.eq(id.bytes())).count().get_result(tx.conn)?;
    if below > 1 {
        return Err(falin_domain::refusal::Refusal::new("division.has_children").into());
    }
    diesel::delete(path().filter(division_path::below_id.eq(id.bytes()))).execute(tx.conn)?;
    diesel::delete(division::table.find((county.bytes(), id.bytes()))).execute(tx.conn)?;
    Ok(())
}

/// All divisions that stand, in order of code and name.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Division>, Stop> {
    let query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::valid_to.is_null())
        .order((division::code, division::sort_key, division::id));
    load!(Division, query, tx)
}

/// Divisions right below `parent`, or the top ones.
///
/// # Errors
/// The database's own.
pub fn children(
    tx: &mut Tx<'_>,
    county: CountyId,
    parent: Option<DivisionId>,
) -> Result<Vec<Division>, Stop> {
    let mut query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::valid_to.is_null())
        .order((division::code, division::sort_key, division::id))
        .into_boxed();
    query = match parent {
        Some(parent) => query.filter(division::parent_id.eq(parent.bytes())),
        None => query.filter(division::parent_id.is_null()),
    };
    load!(Division, query, tx)
}

/// The standing division with this code.
///
/// # Errors
/// The database's own.
pub fn by_code(tx: &mut Tx<'_>, county: CountyId, code: &str) -> Result<Option<Division>, Stop> {
    let query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::code.eq(code))
        .filter(division::valid_to.is_null());
    Ok(load!(Division, query, tx)?.into_iter().next())
}

/// The division and all below it.
///
/// # Errors
/// The database's own.
pub fn below(tx: &mut Tx<'_>, county: CountyId, above: DivisionId) -> Result<Vec<DivisionId>, Stop> {
    let ids: Vec<Vec<u8>> = division_path::table
        .filter(division_path::county_id.eq(county.bytes()))
        .filter(division_path::above_id.eq(above.bytes()))
        .select(division_path::below_id)
        .load(tx.conn)?;
    ids.iter().map(|bytes| crate::county::id(bytes)).collect()
}

/// The division and all above it, itself first, the top last.
///
/// # Errors
/// The database's own.
pub fn line(tx: &mut Tx<'_>, county: CountyId, from: DivisionId) -> Result<Vec<Division>, Stop> {
    let mut line = vec![Division::by_id(tx, county, from)?];
    while let Some(parent) = line.last().and_then(|node| node.parent_id) {
        line.push(Division::by_id(tx, county, parent)?);
    }
    Ok(line)
}
