//! What the ids of a plan are called: places with their township, lawyers with their firm.

use std::collections::HashMap;

use falin_domain::directory::DivisionLevel;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::words::{CountyId, DivisionId, FirmId, WorkerId};
use falin_store::{Stop, Tx, adviser, division, firm, worker};

/// A division's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceName {
    /// Its own.
    pub name: String,
    /// The township's above a village; empty elsewhere.
    pub township: String,
    /// Its code, where it has one.
    pub code: Option<String>,
    /// Its level.
    pub level: DivisionLevel,
}

/// A provider's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderName {
    /// Its own.
    pub name: String,
    /// A person's firm; empty for none.
    pub firm: String,
    /// The public telephone.
    pub phone: String,
}

/// Names of a county's divisions, legal workers and firms.
#[derive(Clone, Default, Debug)]
pub struct Names {
    places: HashMap<DivisionId, PlaceName>,
    workers: HashMap<WorkerId, ProviderName>,
    firms: HashMap<FirmId, ProviderName>,
    advised: HashMap<WorkerId, Vec<DivisionId>>,
}

impl Names {
    /// Reads all of a county's names; there are hundreds, not hundreds of thousands.
    pub(crate) fn read(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        let divisions = division::all(tx, county)?;
        let own: HashMap<_, _> = divisions.iter().map(|one| (one.id, one.name.as_str())).collect();
        let places = divisions.iter().map(|one| {
            let above = one.parent_id.filter(|_| one.level == DivisionLevel::Village);
            let township = above.and_then(|above| own.get(&above)).copied().unwrap_or_default().to_owned();
            (one.id, PlaceName { name: one.name.clone(), township, code: one.code.clone(), level: one.level })
        });
        let firms: HashMap<_, _> = firm::all(tx, county)?
            .into_iter()
            .map(|one| (one.id, ProviderName { name: one.name, firm: String::new(), phone: one.phone }))
            .collect();
        let workers = worker::all(tx, county)?.into_iter().map(|one| {
            let firm = one.firm_id.and_then(|id| firms.get(&id)).map(|firm| firm.name.clone());
            (one.id, ProviderName { name: one.name, firm: firm.unwrap_or_default(), phone: one.phone })
        });
        let mut advised: HashMap<WorkerId, Vec<DivisionId>> = HashMap::new();
        for post in adviser::on(tx, county, tx.now.date())? {
            advised.entry(post.worker_id).or_default().push(post.division_id);
        }
        Ok(Self { places: places.collect(), workers: workers.collect(), firms, advised })
    }

    /// Villages whose adviser somebody is today, joined by `、`; empty for a firm.
    pub fn villages_of(&self, who: ProviderRef) -> String {
        let ids = who.columns().0.and_then(|id| self.advised.get(&id)).map(Vec::as_slice).unwrap_or_default();
        ids.iter().map(|id| self.village(*id)).collect::<Vec<_>>().join("、")
    }

    /// Places of a level with their codes, in order of code.
    pub fn places_of(&self, level: DivisionLevel) -> Vec<(&str, &PlaceName)> {
        let of_level = self.places.values().filter(|place| place.level == level);
        let mut found: Vec<_> = of_level.filter_map(|place| Some((place.code.as_deref()?, place))).collect();
        found.sort_by_key(|(code, _)| *code);
        found
    }

    /// Villages with their ids, in order of code.
    pub fn villages(&self) -> Vec<(DivisionId, &PlaceName)> {
        let villages = self.places.iter().filter(|(_, place)| place.level == DivisionLevel::Village);
        let mut found: Vec<_> = villages.map(|(id, place)| (*id, place)).collect();
        found.sort_by_key(|(id, place)| (place.code.clone(), *id));
        found
    }

    /// A division's name; None where it no longer stands.
    pub fn place(&self, id: DivisionId) -> Option<&PlaceName> {
        self.places.get(&id)
    }

    /// A provider's name.
    pub fn provider(&self, who: ProviderRef) -> Option<&ProviderName> {
        match who {
            ProviderRef::Worker(id) => self.workers.get(&id),
            ProviderRef::Firm(id) => self.firms.get(&id),
        }
    }

    /// A village in one text: with its township only where two bear its name; its id where it no longer stands.
    pub fn village(&self, id: DivisionId) -> String {
        let Some(place) = self.places.get(&id) else { return id.to_string() };
        let twins = self.places.values().filter(|other| other.name == place.name).count();
        if twins > 1 { format!("{}{}", place.township, place.name) } else { place.name.clone() }
    }
}
