//! Divisions of any depth, with every pair of a division and one at or below it.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use falin_domain::directory::DivisionLevel;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId};

use crate::column::{kept, load, noun};
use crate::gram::{self, Wanted};
use crate::said::one_of;
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

/// Adds a division, its name in the index, and its paths; its parent must be there already.
///
/// # Errors
/// [`Stop::Rule`] where the code is taken.
pub fn add(tx: &mut Tx<'_>, new: &Division) -> Result<(), Stop> {
    new.insert(tx)?;
    gram::index(tx, new.county_id, NOUN, &new.id.bytes(), &new.name)?;
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

/// Saves a division that keeps its parent, with its name in the index.
///
/// # Errors
/// `state.changed`; [`Stop::Rule`] where the code is taken.
pub fn change(tx: &mut Tx<'_>, division: &mut Division) -> Result<(), Stop> {
    division.save(tx)?;
    gram::index(tx, division.county_id, NOUN, &division.id.bytes(), &division.name)
}

/// Standing divisions whose names match, at most `limit`, in order of code.
///
/// # Errors
/// The database's own.
pub fn search(tx: &mut Tx<'_>, county: CountyId, wanted: &Wanted, limit: i64) -> Result<Vec<Division>, Stop> {
    let ids = gram::search(tx, county, NOUN, wanted, None, limit)?;
    let query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(one_of(division::id, ids))
        .filter(division::valid_to.is_null())
        .order((division::code, division::sort_key, division::id));
    load!(Division, query, tx)
}

/// Takes out a division that an undone import had added.
///
/// # Errors
/// `division.has_children` where others hang below it.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, id: DivisionId) -> Result<(), Stop> {
    let path = || division_path::table.filter(division_path::county_id.eq(county.bytes()));
    let below: i64 = path().filter(division_path::above_id.eq(id.bytes())).count().get_result(tx.conn)?;
    if below > 1 {
        return Err(Refusal::new("division.has_children").into());
    }
    gram::remove(tx, county, &id.bytes())?;
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
/// `not_found`.
pub fn line(tx: &mut Tx<'_>, county: CountyId, from: DivisionId) -> Result<Vec<Division>, Stop> {
    lines(tx, county, &[from])?.remove(&from).ok_or_else(|| Refusal::absent().into())
}

/// The same for each of these divisions that is there.
///
/// # Errors
/// The database's own.
pub fn lines(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[DivisionId],
) -> Result<HashMap<DivisionId, Vec<Division>>, Stop> {
    let above = above_each(tx, county, ids)?;
    let all: BTreeSet<DivisionId> = above.values().flatten().copied().collect();
    let known = Division::by_ids(tx, county, &all.into_iter().collect::<Vec<_>>())?;
    let up = |from: &DivisionId| {
        let parent = |node: &&Division| node.parent_id.and_then(|parent| known.get(&parent));
        std::iter::successors(known.get(from), parent).cloned().collect()
    };
    Ok(above.keys().map(|from| (*from, up(from))).collect())
}

/// Villages and communities at or below each division that is asked for: division, village.
///
/// # Errors
/// The database's own.
pub fn villages_below(
    tx: &mut Tx<'_>,
    county: CountyId,
    above: &[DivisionId],
) -> Result<Vec<(DivisionId, Division)>, Stop> {
    let above: Vec<Vec<u8>> = above.iter().map(|id| id.bytes()).collect();
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = division_path::table
        .filter(division_path::county_id.eq(county.bytes()))
        .filter(division_path::above_id.eq_any(above))
        .select((division_path::below_id, division_path::above_id))
        .load(tx.conn)?;
    let mut places: HashMap<Vec<u8>, Vec<Vec<u8>>> = Default::default();
    for (below, above) in pairs {
        places.entry(below).or_default().push(above);
    }
    let query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::level.eq(DivisionLevel::Village.code()))
        .filter(division::valid_to.is_null())
        .order((division::code, division::sort_key, division::id));
    let mut found = Vec::new();
    for village in load!(Division, query, tx)? {
        for above in places.remove(&village.id.bytes()).unwrap_or_default() {
            found.push((crate::county::id(&above)?, village.clone()));
        }
    }
    Ok(found)
}

/// The places at or above each of these.
///
/// # Errors
/// The database's own.
pub fn above_each(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[DivisionId],
) -> Result<HashMap<DivisionId, Vec<DivisionId>>, Stop> {
    let mut above = HashMap::<DivisionId, Vec<DivisionId>>::new();
    if ids.is_empty() {
        return Ok(above);
    }
    let query = division_path::table
        .filter(division_path::county_id.eq(county.bytes()))
        .filter(one_of(division_path::below_id, ids.iter().map(|id| id.bytes()).collect()))
        .select((division_path::below_id, division_path::above_id));
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = crate::conn::direct!(tx.conn, conn => query.load(conn))?;
    for (below, up) in pairs {
        let (Some(below), Some(up)) = (DivisionId::from_bytes(&below), DivisionId::from_bytes(&up)) else {
            continue;
        };
        above.entry(below).or_default().push(up);
    }
    Ok(above)
}
