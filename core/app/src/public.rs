//! What anybody may read without signing in: places, advisers, firms, facilities, never a household.

use std::collections::HashSet;

use falin_domain::directory::{DivisionLevel, FacilityKind};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, FacilityId, FirmId, WorkerId};
use falin_store::county::{self, County};
use falin_store::division::{self, Division};
use falin_store::facility::{self, Facility};
use falin_store::firm::{self, Firm};
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, adviser, db, gram};

use crate::division::find;
use crate::facility::Placed;
use crate::worker::{Filter, Shown, is_there, show, stored};
use crate::{App, Stop, search};

/// Nouns whose rows public pages show; a write to any of them makes cached pages old.
pub const NOUNS: &[&str] =
    &[division::NOUN, facility::NOUN, firm::NOUN, worker::NOUN, adviser::NOUN, crate::settings::NOUN];

/// More townships than this on one page are grouped by county.
const MOST_TOWNSHIPS: usize = 60;
/// Most matches of a search by name.
const MOST_FOUND: i64 = 1_000;
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

/// The county of this code with its present generation.
///
/// # Errors
/// `not_found` where this installation does not serve it.
pub async fn stamp(app: &App, code: &str) -> Result<Stamp, Stop> {
    let code = code.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let county = county::by_code(tx, &code)?.ok_or_else(Refusal::absent)?;
        let writes = db::generation(tx, county.id, NOUNS)?;
        let days = tx.now.date().start().millis() / 86_400_000;
        let generation = (writes as u64) << 20 | (days as u64 & 0xF_FFFF);
        Ok(Stamp { county, generation })
    };
    app.db.read(In::All, work).await
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
    let mut workers = worker::named(tx, county, &ids)?;
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

/// Villages whose names match, with what is above each.
///
/// # Errors
/// `search.digits`.
pub async fn find_villages(app: &App, county: CountyId, q: &str) -> Result<Vec<Vec<Division>>, Stop> {
    const MOST: usize = 20;
    let Some(wanted) = search::wanted(q)? else { return Ok(Vec::new()) };
    let work = move |tx: &mut Tx<'_>| {
        let mut found = division::search(tx, county, &wanted, MOST_FOUND)?;
        found.retain(|division| division.level == DivisionLevel::Village);
        found.truncate(MOST);
        found.iter().map(|village| division::line(tx, county, village.id)).collect()
    };
    app.db.read(In::County(county), work).await
}

/// Legal workers who are there today: by filter, and where `q` is given by their own name or that of a place that
/// they advise. In pinyin order.
///
/// # Errors
/// `division.unknown`, `search.digits`.
pub async fn workers(
    app: &App,
    counties: Vec<CountyId>,
    filter: Filter,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let within = match counties.as_slice() {
        [one] => In::County(*one),
        _ => In::All,
    };
    let work = move |tx: &mut Tx<'_>| {
        let mut found = Vec::new();
        let mut next = false;
        for county in &counties {
            let page = workers_of(tx, *county, &filter, &window)?;
            next |= page.next.is_some();
            found.extend(page.items);
        }
        let mark = |w: &Worker| Mark { key: w.sort_key.clone(), id: w.id.uuid() };
        found.sort_by_cached_key(|worker| (worker.sort_key.clone(), worker.id));
        let mut page = Page::cut(found, &window, mark);
        if next && page.next.is_none() {
            page.next = page.items.last().map(mark);
        }
        let mut shown = Vec::with_capacity(page.items.len());
        for worker in page.items {
            shown.extend(show(tx, worker.county_id, vec![worker], false)?);
        }
        Ok(Page { items: shown, next: page.next })
    };
    app.db.read(within, work).await
}

fn workers_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Worker>, Stop> {
    let by_place = match search::wanted(&filter.q)? {
        Some(wanted) => Some(advising(tx, county, &wanted)?),
        None => None,
    };
    let mut filter = stored(tx, county, filter)?;
    filter.active = Some(true);
    filter.there_on = Some(tx.now.date());
    filter.or_ids = by_place.unwrap_or_default();
    worker::page(tx, county, &filter, window)
}

/// Present advisers of places whose names match.
fn advising(tx: &mut Tx<'_>, county: CountyId, wanted: &gram::Wanted) -> Result<Vec<WorkerId>, Stop> {
    let today = tx.now.date();
    let mut places = Vec::new();
    for division in division::search(tx, county, wanted, MOST_FOUND)? {
        // A county's own name would find everybody.
        if division.level >= DivisionLevel::Township {
            places.extend(division::below(tx, county, division.id)?);
        }
    }
    let posts = adviser::in_divisions(tx, county, &places, today)?;
    Ok(posts.into_iter().map(|post| post.worker_id).collect())
}

/// One legal worker who is there today.
///
/// # Errors
/// `not_found`, also for one who is gone.
pub async fn worker(app: &App, county: CountyId, id: WorkerId) -> Result<Shown, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let there = Worker::by_id(tx, county, id)?;
        if !is_there(&there, tx.now.date()) {
            return Err(Refusal::absent().into());
        }
        let shown = show(tx, county, vec![there], false)?.pop();
        shown.ok_or_else(|| Refusal::absent().into())
    };
    app.db.read(In::County(county), work).await
}

/// What a county's directory can be narrowed by.
#[derive(Clone, Default, Debug)]
pub struct Choices {
    /// Townships in order of code.
    pub townships: Vec<Division>,
    /// Specialties that somebody has, the commonest first.
    pub specialties: Vec<String>,
    /// Languages that somebody speaks, the commonest first.
    pub languages: Vec<String>,
}

/// Townships, specialties and languages to narrow the directory by.
///
/// # Errors
/// The store's own.
pub async fn choices(app: &App, county: CountyId) -> Result<Choices, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let mut townships = division::all(tx, county)?;
        townships.retain(|division| division.level == DivisionLevel::Township);
        let mut workers = worker::all(tx, county)?;
        workers.retain(|worker| is_there(worker, today));
        let specialties = commonest(workers.iter().map(|worker| worker.specialties.as_str()));
        let languages = commonest(workers.iter().map(|worker| worker.languages.as_str()));
        Ok(Choices { townships, specialties, languages })
    };
    app.db.read(In::County(county), work).await
}

fn commonest<'a>(lists: impl Iterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 30;
    let mut counts: std::collections::BTreeMap<&str, u32> = Default::default();
    for word in lists.flat_map(|list| list.split('、')).filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut words: Vec<(&str, u32)> = counts.into_iter().collect();
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    words.into_iter().take(MOST).map(|(word, _)| word.to_owned()).collect()
}

/// A page of open firms in pinyin order.
///
/// # Errors
/// `search.digits`.
pub async fn firms(app: &App, county: CountyId, q: &str, window: Window) -> Result<Page<Firm>, Stop> {
    let filter = firm::Filter { kind: None, active: Some(true), wanted: search::wanted(q)? };
    app.db.read(In::County(county), move |tx| firm::page(tx, county, &filter, &window)).await
}

/// One open firm with its people who are there today.
///
/// # Errors
/// `not_found`, also for one that is closed.
pub async fn firm(app: &App, county: CountyId, id: FirmId) -> Result<(Firm, Vec<Shown>), Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let whole = crate::firm::whole(tx, county, id, false)?;
        let people = whole.people.into_iter().filter(|shown| is_there(&shown.worker, today)).collect();
        match whole.counted.firm {
            firm if firm.active => Ok((firm, people)),
            _ => Err(Refusal::absent().into()),
        }
    };
    app.db.read(In::County(county), work).await
}

/// A page of open facilities, centres first.
///
/// # Errors
/// `division.unknown`.
pub async fn facilities(
    app: &App,
    county: CountyId,
    place: Option<String>,
    window: Window,
) -> Result<Page<Placed>, Stop> {
    let filter = crate::facility::Filter { kind: None, place, active: Some(true) };
    app.db.read(In::County(county), move |tx| crate::facility::page(tx, county, &filter, &window)).await
}

/// One open facility.
///
/// # Errors
/// `not_found`, also for one that is closed.
pub async fn facility(app: &App, county: CountyId, id: FacilityId) -> Result<Placed, Stop> {
    let placed = app.db.read(In::County(county), move |tx| crate::facility::placed(tx, county, id)).await?;
    if placed.facility.active { Ok(placed) } else { Err(Refusal::absent().into()) }
}

/// The county in which an id or code names a division, and that division; the first served county that has it.
///
/// # Errors
/// `division.unknown`.
pub async fn locate(app: &App, counties: Vec<CountyId>, place: &str) -> Result<Division, Stop> {
    let place = place.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        for county in &counties {
            if let Some(found) = find(tx, *county, &place)? {
                return Ok(found);
            }
        }
        Err(Refusal::new("division.unknown").into())
    };
    app.db.read(In::All, work).await
}
