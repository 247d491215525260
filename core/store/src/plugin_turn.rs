//! Open cases that an upgrade moves to its version, and the way back.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use falin_domain::words::{CaseId, CountyId};

use crate::casefile::Case;
use crate::column::{load, noun};
use crate::schema::{casefile, flow_rename, plugin_turn};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// Where a case stood before an upgrade moved it.
    Turn in plugin_turn {
        /// County.
        county_id: CountyId,
        /// The case.
        case_id: CaseId,
        /// The plugin's own name.
        plugin: String,
        /// The version of the flow to which it was moved.
        to_version: i32,
        /// The version before.
        from_version: i32,
        /// The state before.
        from_state: String,
        /// The state to which it was moved.
        to_state: String,
        /// UTC milliseconds.
        at_ms: i64,
    }
}

impl Turn {
    /// Notes it, in place of an earlier one to the same version.
    ///
    /// # Errors
    /// The database's own.
    pub fn note(&self, tx: &mut Tx<'_>) -> Result<(), Stop> {
        let key = (self.county_id.bytes(), self.case_id.bytes(), self.to_version);
        diesel::delete(plugin_turn::table.find(key)).execute(tx.conn)?;
        diesel::insert_into(plugin_turn::table).values(self.values()).execute(tx.conn)?;
        Ok(())
    }
}

/// Cases that were moved to a version, and are noted still.
///
/// # Errors
/// The database's own.
pub fn turns(tx: &mut Tx<'_>, county: CountyId, plugin: &str, to_version: i32) -> Result<Vec<Turn>, Stop> {
    let query = plugin_turn::table
        .filter(plugin_turn::county_id.eq(county.bytes()))
        .filter(plugin_turn::plugin.eq(plugin))
        .filter(plugin_turn::to_version.eq(to_version))
        .order(plugin_turn::case_id);
    load!(Turn, query, tx)
}

/// How a case was moved, the earliest first.
///
/// # Errors
/// The database's own.
pub fn of_case(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Turn>, Stop> {
    let query = plugin_turn::table
        .filter(plugin_turn::county_id.eq(county.bytes()))
        .filter(plugin_turn::case_id.eq(case.bytes()))
        .order(plugin_turn::at_ms);
    load!(Turn, query, tx)
}

/// Forgets what was moved to a version: it was put back, or cannot be any more.
///
/// # Errors
/// The database's own.
pub fn forget(tx: &mut Tx<'_>, county: CountyId, plugin: &str, to_version: i32) -> Result<(), Stop> {
    let rows = plugin_turn::table
        .filter(plugin_turn::county_id.eq(county.bytes()))
        .filter(plugin_turn::plugin.eq(plugin))
        .filter(plugin_turn::to_version.eq(to_version));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

/// Lets the database let a case through that keeps its state under another name.
///
/// # Errors
/// The database's own.
pub fn rename(
    tx: &mut Tx<'_>,
    flow: &str,
    (from, to): (i32, i32),
    (old, new): (&str, &str),
) -> Result<(), Stop> {
    let key = (flow.to_owned(), from, to, old.to_owned(), new.to_owned());
    let there: i64 = flow_rename::table.find(key).count().get_result(tx.conn)?;
    if there == 0 {
        let row = (
            flow_rename::flow.eq(flow.to_owned()),
            flow_rename::from_version.eq(from),
            flow_rename::to_version.eq(to),
            flow_rename::from_state.eq(old.to_owned()),
            flow_rename::to_state.eq(new.to_owned()),
        );
        diesel::insert_into(flow_rename::table).values(row).execute(tx.conn)?;
    }
    Ok(())
}

/// Open cases of a flow in a county that follow another version than this one, oldest first.
///
/// # Errors
/// The database's own.
pub fn behind(tx: &mut Tx<'_>, county: CountyId, flow: &str, version: i32) -> Result<Vec<Case>, Stop> {
    let query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::flow_version.ne(version))
        .filter(casefile::closed_ms.is_null())
        .order((casefile::created_ms, casefile::id));
    load!(Case, query, tx)
}

/// How many cases there are, and the sum of their versions: it changes with each of them.
pub type Mark = (i64, i64);

/// The mark of all cases of these flows in a county.
///
/// # Errors
/// The database's own.
pub fn mark(tx: &mut Tx<'_>, county: CountyId, flows: &[String]) -> Result<Mark, Stop> {
    let versions = sql::<BigInt>("CAST(coalesce(sum(casefile.version), 0) AS BIGINT)");
    let cases = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq_any(flows.to_vec()));
    Ok(cases.select((count_star(), versions)).first(tx.conn)?)
}

/// The flows of a plugin of which a county has cases, by id.
///
/// # Errors
/// The database's own.
pub fn flows_of(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Vec<String>, Stop> {
    let all: Vec<String> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.like(format!("{plugin}/%")))
        .select(casefile::flow)
        .distinct()
        .order(casefile::flow)
        .load(tx.conn)?;
    Ok(all)
}

/// Every case of a flow in a county that is not only stored, oldest first: what is kept when its plugin is taken out.
///
/// # Errors
/// The database's own.
pub fn every(tx: &mut Tx<'_>, county: CountyId, flow: &str) -> Result<Vec<Case>, Stop> {
    let query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::restricted_ms.is_null())
        .order((casefile::created_ms, casefile::id));
    load!(Case, query, tx)
}
