//! Counties: the tenants that this installation serves.

use diesel::prelude::*;
use falin_domain::words::{CountyId, Id};

use crate::conn::direct;
use crate::said::Said;
use crate::schema::{county, installation};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// A county as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct County {
    /// Its id, which leads every key.
    pub id: CountyId,
    /// Code of its node in the divisions, such as 620200.
    pub code: String,
    /// Its name.
    pub name: String,
    /// JSON of its settings.
    pub settings: String,
    /// Counts changes.
    pub version: i64,
}

type Row = (Vec<u8>, String, String, String, i64);
const COLUMNS: (county::county_id, county::code, county::name, county::settings, county::version) =
    (county::county_id, county::code, county::name, county::settings, county::version);

/// An id from its column; a fault where the column does not hold 16 bytes.
///
/// # Errors
/// A fault: the database holds what this program never writes.
pub fn id<T>(bytes: &[u8]) -> Result<Id<T>, Stop> {
    Id::from_bytes(bytes).ok_or_else(|| Fault::new("id", "not 16 bytes").into())
}

fn from_row(row: Row) -> Result<County, Stop> {
    Ok(County { id: id(&row.0)?, code: row.1, name: row.2, settings: row.3, version: row.4 })
}

/// All counties by code.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<County>, Stop> {
    let rows: Vec<Row> = county::table.order(county::code).select(COLUMNS).load(tx.conn)?;
    rows.into_iter().map(from_row).collect()
}

/// The county with this code.
///
/// # Errors
/// The database's own.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<County>, Stop> {
    let row: Option<Row> =
        county::table.filter(county::code.eq(code)).select(COLUMNS).first(tx.conn).optional()?;
    row.map(from_row).transpose()
}

/// The county with this id.
///
/// # Errors
/// The database's own.
pub fn by_id(tx: &mut Tx<'_>, id: CountyId) -> Result<Option<County>, Stop> {
    let row: Option<Row> = county::table.find(id.bytes()).select(COLUMNS).first(tx.conn).optional()?;
    row.map(from_row).transpose()
}

/// Adds a county and returns its id.
///
/// # Errors
/// [`Stop::Rule`] where the code is taken.
pub fn insert(tx: &mut Tx<'_>, code: &str, name: &str) -> Result<CountyId, Stop> {
    let id: CountyId = tx.id();
    let values = (
        county::county_id.eq(id.bytes()),
        county::code.eq(code),
        county::name.eq(name),
        county::settings.eq("{}"),
        county::created_ms.eq(tx.now.millis()),
        county::version.eq(1_i64),
    );
    diesel::insert_into(county::table).values(values).execute(tx.conn)?;
    Ok(id)
}

/// Saves name and settings if the county is still at `version`; false where it has moved on.
///
/// # Errors
/// The database's own.
pub fn save(tx: &mut Tx<'_>, county: &County) -> Result<bool, Stop> {
    let row = county::table.find(county.id.bytes()).filter(county::version.eq(county.version));
    let set = (
        county::name.eq(&county.name),
        county::settings.eq(&county.settings),
        county::version.eq(county.version + 1),
    );
    Ok(diesel::update(row).set(set).execute(tx.conn)? == 1)
}

/// A fact of the installation, such as when a restore was last rehearsed.
///
/// # Errors
/// The database's own.
pub fn fact(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, Stop> {
    let value = installation::table.find(name).select(installation::value);
    let value = direct!(tx.conn, conn => value.first(conn)).optional()?;
    Ok(value)
}

/// Sets a fact of the installation.
///
/// # Errors
/// The database's own.
pub fn set_fact(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), Stop> {
    // One statement, which reads nothing: PostgreSQL turns nobody away for having looked where another one writes.
    let set =
        Said::<()>::new("INSERT INTO installation (name, value) VALUES (").text(name).sql(", ").text(value);
    let set = set.sql(") ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    direct!(tx.conn, conn => set.execute(conn))?;
    Ok(())
}
