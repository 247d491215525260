//! Taking out rows that an undone import had added, if nothing rests on them.

use diesel::prelude::*;
use falin_domain::words::CountyId;

use crate::schema::{adviser_post, booking, facility, firm, pairing, room, worker};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// Removes a firm, worker, adviser post or room.
///
/// # Errors
/// [`Stop::Rule`] where something rests on it; a fault for any other noun.
pub fn row(tx: &mut Tx<'_>, county: CountyId, noun: &str, id: &[u8]) -> Result<(), Stop> {
    let c = county.bytes();
    let resting: i64 = match noun {
        "firm" => {
            let workers = worker::table.filter(worker::county_id.eq(&c)).filter(worker::firm_id.eq(id));
            let spans = pairing::table.filter(pairing::county_id.eq(&c)).filter(pairing::firm_id.eq(id));
            workers.count().get_result::<i64>(tx.conn)? + spans.count().get_result::<i64>(tx.conn)?
        }
        "worker" => {
            let posts = adviser_post::table
                .filter(adviser_post::county_id.eq(&c))
                .filter(adviser_post::worker_id.eq(id));
            let spans = pairing::table.filter(pairing::county_id.eq(&c)).filter(pairing::worker_id.eq(id));
            posts.count().get_result::<i64>(tx.conn)? + spans.count().get_result::<i64>(tx.conn)?
        }
        "room" => {
            let held = booking::table.filter(booking::county_id.eq(&c)).filter(booking::room_id.eq(id));
            held.count().get_result::<i64>(tx.conn)?
        }
        _ => 0,
    };
    if resting > 0 {
        return Err(Stop::Rule(format!("{noun} is in use")));
    }
    let key = (c, id.to_vec());
    let gone = match noun {
        "firm" => diesel::delete(firm::table.find(key)).execute(tx.conn)?,
        "worker" => diesel::delete(worker::table.find(key)).execute(tx.conn)?,
        "adviser" => diesel::delete(adviser_post::table.find(key)).execute(tx.conn)?,
        "room" => diesel::delete(room::table.find(key)).execute(tx.conn)?,
        "facility" => diesel::delete(facility::table.find(key)).execute(tx.conn)?,
        _ => return Err(Fault::new("remove", "a noun that is never removed").into()),
    };
    if gone == 0 { Err(Stop::Rule(format!("{noun} is gone"))) } else { Ok(()) }
}
