//! Write generations: counts of what was written to each noun, by which cached pages know that they are old.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use falin_domain::words::CountyId;

use crate::conn::{Conn, direct};
use crate::said::Said;
use crate::schema::write_generation;
use crate::stop::Stop;
use crate::tx::Tx;

/// Rows among which PostgreSQL's writers of one noun are spread: on a single row everybody who writes households would
/// collide with everybody else, and SERIALIZABLE would turn all but one away.
const SHARDS: u8 = 32;

/// Adds one to the write generation of a noun; `spread` is any byte.
pub(crate) fn bump(conn: &mut Conn, county: CountyId, noun: &str, spread: u8) -> Result<(), Stop> {
    let shard = match conn {
        Conn::Sqlite(_) => 0,
        Conn::Postgres(_) => spread % SHARDS,
    };
    let noun = shard_name(noun, shard);
    let row = write_generation::table.find((county.bytes(), &noun));
    let update = diesel::update(row).set(write_generation::n.eq(write_generation::n + 1));
    let changed = direct!(&mut *conn, conn => update.execute(conn))?;
    if changed == 0 {
        let new = (
            write_generation::county_id.eq(county.bytes()),
            write_generation::noun.eq(&noun),
            write_generation::n.eq(1_i64),
        );
        diesel::insert_into(write_generation::table).values(new).execute(conn)?;
    }
    Ok(())
}

/// The noun itself for the first, `noun#7` for the others.
fn shard_name(noun: &str, shard: u8) -> String {
    if shard == 0 { noun.to_owned() } else { format!("{noun}#{shard}") }
}

/// Sum of the write generations of these nouns: it grows with every write to any of them.
///
/// # Errors
/// The database's own.
pub fn sum(tx: &mut Tx<'_>, county: CountyId, nouns: &[&str]) -> Result<i64, Stop> {
    if let Conn::Sqlite(conn) = tx.conn {
        let county = county.bytes();
        let query = Said::<BigInt>::new("SELECT n FROM write_generation WHERE county_id = ").binary(county);
        let query =
            nouns.iter().fold(query.sql(" AND noun IN (''"), |query, noun| query.sql(", ").text(noun));
        return Ok(query.sql(")").load::<i64>(conn)?.iter().sum());
    }
    let names = nouns.iter().flat_map(|noun| (0..SHARDS).map(|shard| shard_name(noun, shard)));
    let rows: Vec<i64> = write_generation::table
        .filter(write_generation::county_id.eq(county.bytes()))
        .filter(write_generation::noun.eq_any(names.collect::<Vec<_>>()))
        .select(write_generation::n)
        .load(tx.conn)?;
    Ok(rows.iter().sum())
}
