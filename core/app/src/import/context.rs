//! What a roster's rows are checked against: the county's villages, firms and workers by name.

use std::collections::{HashMap, HashSet};

use falin_domain::access::Scope;
use falin_domain::directory::{DivisionLevel, HouseholdKind};
use falin_domain::roster::{Context, FirmEntry, VillageEntry, WorkerEntry};
use falin_domain::time::Date;
use falin_store::{Tx, division, firm, worker};

use crate::Stop;
use crate::worker::is_there;

/// The names of one county; villages outside the importing person's places stay unknown.
pub(super) fn load(
    tx: &mut Tx<'_>,
    scope: &Scope,
    today: Date,
    kind: Option<HouseholdKind>,
) -> Result<Context, Stop> {
    let county = scope.county;
    let mut inside = HashSet::new();
    for place in scope.places.iter().flatten() {
        inside.extend(division::below(tx, county, *place)?);
    }
    let divisions = division::all(tx, county)?;
    let names: HashMap<_, _> = divisions.iter().map(|d| (d.id, d)).collect();
    let here = |d: &&division::Division| scope.places.is_none() || inside.contains(&d.id);
    let villages = divisions.iter().filter(|d| d.level == DivisionLevel::Village).filter(here);
    let villages = villages.filter_map(|village| {
        let township = village.parent_id.and_then(|parent| names.get(&parent))?;
        Some(VillageEntry {
            id: village.id,
            township_id: township.id,
            township: township.name.clone(),
            name: village.name.clone(),
            code: village.code.clone(),
        })
    });
    let villages: Vec<VillageEntry> = villages.collect();
    let firms = firm::all(tx, county)?;
    let firms = firms.into_iter().map(|f| FirmEntry { id: f.id, name: f.name });
    let workers = worker::all(tx, county)?;
    let workers = workers.into_iter().filter(|w| is_there(w, today)).map(|w| WorkerEntry {
        id: w.id,
        name: w.name,
        licence: w.licence,
        firm: w.firm_id,
    });
    let stored = crate::restriction::stored_people(tx, county)?;
    Ok(Context::new(today, villages, firms, workers).with_kind(kind).with_stored(stored))
}
