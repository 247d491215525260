//! Service platforms: centres, stations and studios.

use diesel::prelude::*;
use falin_domain::directory::FacilityKind;
use falin_domain::words::{CountyId, DivisionId, FacilityId};

use crate::column::{kept, load, noun};
use crate::schema::{division_path, facility};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal and in write generations.
pub const NOUN: &str = "facility";

noun! {
    /// A public-legal-service platform where people can walk in.
    Facility in facility {
        /// County.
        county_id: CountyId,
        /// Id.
        id: FacilityId,
        /// Tier.
        kind: FacilityKind,
        /// Name.
        name: String,
        /// Where it stands.
        division_id: DivisionId,
        /// Address.
        address: String,
        /// Public telephone.
        phone: String,
        /// Opening hours as the county words them.
        hours: String,
        /// Ramp, floor, lift: how one gets in.
        access: String,
        /// False once closed.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Facility in facility by FacilityId);

/// Facilities at or below a division (of the county where None), only open or closed ones where asked.
///
/// # Errors
/// The database's own.
pub fn list(
    tx: &mut Tx<'_>,
    county: CountyId,
    place: Option<DivisionId>,
    active: Option<bool>,
) -> Result<Vec<Facility>, Stop> {
    let mut query = facility::table
        .filter(facility::county_id.eq(county.bytes()))
        .order((facility::kind, facility::created_ms, facility::id))
        .into_boxed();
    if let Some(active) = active {
        query = query.filter(facility::active.eq(active));
    }
    if let Some(place) = place {
        let below = division_path::table
            .filter(division_path::county_id.eq(county.bytes()))
            .filter(division_path::above_id.eq(place.bytes()))
            .select(division_path::below_id);
        query = query.filter(facility::division_id.eq_any(below));
    }
    load!(Facility, query, tx)
}
