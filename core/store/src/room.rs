//! Mediation rooms and grids: places that rosters bring along.

use diesel::prelude::*;
use falin_domain::words::{CountyId, DivisionId, GridId, RoomId, WorkerId};

use crate::column::{kept, load, noun};
use crate::schema::{grid, room};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A mediation room.
    Room in room {
        /// County.
        county_id: CountyId,
        /// Id.
        id: RoomId,
        /// Name.
        name: String,
        /// 所属机构.
        organisation: String,
        /// Township or village.
        division_id: Option<DivisionId>,
        /// Address.
        address: String,
        /// Seats.
        capacity: i32,
        /// Equipment, separated by `、`.
        equipment: String,
        /// Opening hours as the roster words them.
        hours: String,
        /// False once closed.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Room in room by RoomId);

noun! {
    /// A grid: a local part of a village, with its grid worker or adviser.
    Grid in grid {
        /// County.
        county_id: CountyId,
        /// Id.
        id: GridId,
        /// The village that it belongs to.
        division_id: DivisionId,
        /// Name, unique in the village.
        name: String,
        /// 网格员, by name; rarely a legal worker.
        keeper: String,
        /// The legal worker beside them.
        worker_id: Option<WorkerId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Grid in grid by GridId);

/// All rooms by name.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Room>, Stop> {
    let query = room::table.filter(room::county_id.eq(county.bytes())).order((room::name, room::id));
    load!(Room, query, tx)
}

/// Grids of one village, or of all.
///
/// # Errors
/// The database's own.
pub fn grids(tx: &mut Tx<'_>, county: CountyId, village: Option<DivisionId>) -> Result<Vec<Grid>, Stop> {
    let mut query = grid::table
        .filter(grid::county_id.eq(county.bytes()))
        .order((grid::division_id, grid::name))
        .into_boxed();
    if let Some(village) = village {
        query = query.filter(grid::division_id.eq(village.bytes()));
    }
    load!(Grid, query, tx)
}
