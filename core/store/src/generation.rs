//! Write generations: counts of what was written to each noun, by which cached pages know that they are old.

use diesel::prelude::*;
use falin_domain::words::CountyId;

use crate::conn::Conn;
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
    let changed = diesel::update(row).set(write_generation::n.eq(write_generation::n + 1)).execute(conn)?;
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
    let shards = match tx.conn {
        Conn::Sqlite(_) => 1,
        Conn::Postgres(_) => SHARDS,
    };
    let names = nouns.iter().flat_map(|noun| (0..shards).map(|shard| shard_name(noun, shard)));
    let rows: Vec<i64> = write_generation::table
        .filter(write_generation::county_id.eq(county.bytes()))
        .filter(write_generation::noun.eq_any(names.collect::<Vec<_>>()))
        .select(write_generation::n)
        .load(tx.conn)?;
    Ok(rows.iter().sum())
}
