//! What anybody may read without signing in: places, advisers, firms, facilities, never a household.

mod lists;

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use falin_domain::directory::{DivisionLevel, FacilityKind};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, WorkerId};
use falin_store::county::{self, County};
use falin_store::division::{self, Division};
use falin_store::facility::{self, Facility};
use falin_store::firm;
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, adviser, generation};

pub use lists::*;

use crate::division::find;
use crate::worker::{Shown, is_there, show};
use crate::{App, Stop};

/// Nouns whose rows public pages show; a write to any of them makes cached pages old.
pub const NOUNS: &[&str] = &[
    division::NOUN,
    facility::NOUN,
    firm::NOUN,
    worker::NOUN,
    adviser::NOUN,
    crate::settings::NOUN,
    crate::notary::NOUN,
];

/// More townships than this on one page are grouped by county.
const MOST_TOWNSHIPS: usize = 60;
/// Most advisers of the township that a village's page offers beside its own.
const MOST_NEARBY: usize = 6;

/// A county as cached pages see it.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The county.
    pub county: County,
    /// Grows with every write to what public pages show, and differs from day to day, since terms begin and end.
    pub generation: u64,
}

/// Stamps by county code, each with the store's epoch and the day at which it was read.
#[derive(Default)]
pub struct Stamps(RwLock<HashMap<String, (u64, Date, Stamp)>>);

impl Stamps {
    fn recall(&self, code: &str, epoch: u64, today: Date) -> Option<Stamp> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(code).filter(|(at, day, _)| (*at, *day) == (epoch, today)).map(|(.., stamp)| stamp.clone())
    }

    /// Only counties that exist are kept, so that strangers cannot fill the memory.
    fn keep(&self, epoch: u64, today: Date, stamp: &Stamp) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(stamp.county.code.clone(), (epoch, today, stamp.clone()));
    }
}

/// The county of this code with its present generation; from memory while nothing was written.
///
/// # Errors
/// `not_found` where this installation does not serve it.
pub async fn stamp(app: &App, code: &str) -> Result<Stamp, Stop> {
    // The epoch before the rows: a write in between makes the stamp old at once instead of never.
    let (epoch, today) = (app.db.epoch(), app.today());
    if let Some(stamp) = app.stamps.recall(code, epoch, today) {
        return Ok(stamp);
    }
    let code = code.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let county = county::by_code(tx, &code)?.ok_or_else(Refusal::absent)?;
        let generation = generation_on(tx, county.id, today)?;
        Ok(Stamp { county, generation })
    };
    let stamp = app.db.read(In::All, work).await?;
    app.stamps.keep(epoch, today, &stamp);
    Ok(stamp)
}

/// A county's generation on a day (see [`Stamp`]).
fn generation_on(tx: &mut Tx<'_>, county: CountyId, today: Date) -> Result<u64, Stop> {
    let writes = generation::sum(tx, county, NOUNS)?;
    let days = today.start().millis() / 86_400_000;
    Ok((writes as u64) << 20 | (days as u64 & 0xF_FFFF))
}

/// A place to tap on, with what is below it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The place.
    pub division: Division,
    /// Villages and communities below it, itself not counted.
    pub villages: u32,
    /// Whether most of them are communities (社区).
    pub urban: bool,
}

/// A county's first page.
#[derive(Clone, Debug)]
pub struct Home {
    /// Townships, or counties where there are too many townships for one page.
    pub places: Vec<Place>,
    /// The county's centre.
    pub centre: Option<Facility>,
}

/// The first step: which township.
///
/// # Errors
/// The store's own.
pub async fn home(app: &App, county: CountyId) -> Result<Home, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let all = division::all(tx, county)?;
        let of = |level| all.iter().filter(move |d| d.level == level).cloned().collect::<Vec<_>>();
        let (townships, counties) = (of(DivisionLevel::Township), of(DivisionLevel::County));
        let many = townships.len() > MOST_TOWNSHIPS && counties.len() > 1;
        let places = counted(tx, county, if many { counties } else { townships })?;
        let centres = facility::list(tx, county, None, Some(true))?;
        let centre = centres.into_iter().find(|facility| facility.kind == FacilityKind::Centre);
        Ok(Home { places, centre })
    };
    app.db.read(In::County(county), work).await
}

fn counted(tx: &mut Tx<'_>, county: CountyId, divisions: Vec<Division>) -> Result<Vec<Place>, Stop> {
    let ids: Vec<DivisionId> = divisions.iter().map(|division| division.id).collect();
    let below = division::villages_below(tx, county, &ids)?;
    let place = |division: Division| {
        let own = below.iter().filter(|(above, village)| *above == division.id && village.id != division.id);
        let (mut villages, mut communities) = (0, 0);
        for (_, village) in own {
            villages += 1;
            communities += u32::from(is_community(village));
        }
        Place { urban: communities * 2 > villages, villages, division }
    };
    Ok(divisions.into_iter().map(place).collect())
}

/// Whether a village-level division is a community: by its code, else by its name.
fn is_community(division: &Division) -> bool {
    use falin_domain::words::DivisionCode;
    let code = division.code.as_deref().and_then(|code| DivisionCode::parse(code).ok());
    match code {
        Some(code) if code.is_urban_community() => true,
        Some(code) if code.is_rural_village() => false,
        _ => division.name.contains("社区") || division.name.contains("居"),
    }
}

/// A township with its villages, or a county with its townships.
#[derive(Clone, Debug)]
pub struct Below {
    /// The place and all above it, itself first.
    pub line: Vec<Division>,
    /// What is right below it, in order of code.
    pub places: Vec<Place>,
}

/// The second step: which village.
///
/// # Errors
/// `not_found` where the id or code names no division of the county.
pub async fn below(app: &App, county: CountyId, place: &str) -> Result<Below, Stop> {
    let place = place.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let there = find(tx, county, &place)?.ok_or_else(Refusal::absent)?;
        let line = division::line(tx, county, there.id)?;
        let children = division::children(tx, county, Some(there.id))?;
        Ok(Below { line, places: counted(tx, county, children)? })
    };
    app.db.read(In::County(county), work).await
}

/// A village with whom to call.
#[derive(Clone, Debug)]
pub struct VillageAdvisers {
    /// The village and all above it, itself first.
    pub line: Vec<Division>,
    /// Its advisers today: those who are there before those on leave, the longest-serving first.
    pub advisers: Vec<Shown>,
    /// Advisers of other villages of the township.
    pub nearby: Vec<Shown>,
    /// Its own studio, else the township's station, else the county's centre.
    pub facility: Option<Facility>,
}

/// The third step: the adviser.
///
/// # Errors
/// `not_found` where the id or code names no village of the county.
pub async fn village(app: &App, county: CountyId, place: &str) -> Result<VillageAdvisers, Stop> {
    let place = place.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let there = find(tx, county, &place)?.filter(|division| division.level == DivisionLevel::Village);
        let there = there.ok_or_else(Refusal::absent)?;
        let line = division::line(tx, county, there.id)?;
        let advisers = advisers_in(tx, county, &[there.id])?;
        let own: HashSet<WorkerId> = advisers.iter().map(|shown| shown.worker.id).collect();
        let around = match there.parent_id {
            Some(township) => division::below(tx, county, township)?,
            None => Vec::new(),
        };
        let mut nearby = advisers_in(tx, county, &around)?;
        nearby.retain(|shown| !own.contains(&shown.worker.id));
        nearby.truncate(MOST_NEARBY);
        let facility = nearest(tx, county, &line)?;
        Ok(VillageAdvisers { line, advisers, nearby, facility })
    };
    app.db.read(In::County(county), work).await
}

fn advisers_in(tx: &mut Tx<'_>, county: CountyId, divisions: &[DivisionId]) -> Result<Vec<Shown>, Stop> {
    let today = tx.now.date();
    let posts = adviser::in_divisions(tx, county, divisions, today)?;
    let ids: Vec<WorkerId> = posts.iter().map(|post| post.worker_id).collect();
    let mut workers = Worker::by_ids(tx, county, &ids)?;
    // In order of posts, each worker once.
    let found: Vec<Worker> = ids.iter().filter_map(|id| workers.remove(id)).collect();
    let found = found.into_iter().filter(|worker| is_there(worker, today)).collect();
    let mut shown = show(tx, county, found, false)?;
    shown.sort_by_key(|shown| shown.away.is_some());
    Ok(shown)
}

fn nearest(tx: &mut Tx<'_>, county: CountyId, line: &[Division]) -> Result<Option<Facility>, Stop> {
    let all = facility::list(tx, county, None, Some(true))?;
    let at = |division: &Division| all.iter().find(|facility| facility.division_id == division.id);
    let centre = || all.iter().find(|facility| facility.kind == FacilityKind::Centre);
    Ok(line.iter().find_map(at).or_else(centre).cloned())
}
