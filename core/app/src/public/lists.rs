//! Lists and single rows that anybody may read, of one county or of all that are served here.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use falin_domain::directory::DivisionLevel;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FacilityId, FirmId, WorkerId};
use falin_store::division::{self as rows, Division};
use falin_store::firm::{self, Firm};
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, adviser, gram};

use crate::division::{self, find};
use crate::facility::{self, Placed};
use crate::worker::{Filter, Shown, is_there, show, stored};
use crate::{App, Stop, search};

/// Most matches of a search by name.
const MOST_FOUND: i64 = 1_000;

/// Villages whose names match, with what is above each.
///
/// # Errors
/// `search.digits`.
pub async fn find_villages(app: &App, county: CountyId, q: &str) -> Result<Vec<Vec<Division>>, Stop> {
    const MOST: usize = 20;
    let Some(wanted) = search::wanted(q)? else { return Ok(Vec::new()) };
    let work = move |tx: &mut Tx<'_>| {
        let mut found = rows::search(tx, county, &wanted, MOST_FOUND)?;
        found.retain(|division| division.level == DivisionLevel::Village);
        found.truncate(MOST);
        let mut lines = rows::lines(tx, county, &found.iter().map(|village| village.id).collect::<Vec<_>>())?;
        Ok(found.iter().filter_map(|village| lines.remove(&village.id)).collect())
    };
    app.db.read(In::County(county), work).await
}

/// The one transaction's reach over these counties.
fn within(counties: &[CountyId]) -> In {
    match counties {
        [one] => In::County(*one),
        _ => In::All,
    }
}

/// One page of several counties' pages, in order of their marks.
fn merge<T>(pages: Vec<Page<T>>, window: &Window, mark: impl Fn(&T) -> Mark) -> Page<T> {
    let more = pages.iter().any(|page| page.next.is_some());
    let mut items: Vec<T> = pages.into_iter().flat_map(|page| page.items).collect();
    items.sort_by_cached_key(|item| {
        let mark = mark(item);
        (mark.key, mark.id)
    });
    let mut page = Page::cut(items, window, &mark);
    if more && page.next.is_none() {
        page.next = page.items.last().map(&mark);
    }
    page
}

/// The counties in which a filter by place can find anything: that of the place, where one is named.
fn narrowed(tx: &mut Tx<'_>, counties: &[CountyId], place: Option<&str>) -> Result<Vec<CountyId>, Stop> {
    let Some(place) = place else { return Ok(counties.to_vec()) };
    for county in counties {
        if find(tx, *county, place)?.is_some() {
            return Ok(vec![*county]);
        }
    }
    Err(Refusal::new("division.unknown").into())
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
    let reach = within(&counties);
    let work = move |tx: &mut Tx<'_>| {
        let mut pages = Vec::new();
        for county in narrowed(tx, &counties, filter.place.as_deref())? {
            pages.push(workers_of(tx, county, &filter, &window)?);
        }
        let page = merge(pages, &window, |w| Mark { key: w.sort_key.clone(), id: w.id.uuid() });
        let mut shown: Vec<(usize, Shown)> = Vec::with_capacity(page.items.len());
        for county in &counties {
            let own = page.items.iter().enumerate().filter(|(_, worker)| worker.county_id == *county);
            let (places, workers): (Vec<usize>, Vec<Worker>) = own.map(|(i, w)| (i, w.clone())).unzip();
            shown.extend(places.into_iter().zip(show(tx, *county, workers, false)?));
        }
        shown.sort_by_key(|(place, _)| *place);
        Ok(Page { items: shown.into_iter().map(|(_, shown)| shown).collect(), next: page.next })
    };
    app.db.read(reach, work).await
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
    for division in rows::search(tx, county, wanted, MOST_FOUND)? {
        // A county's own name would find everybody.
        if division.level >= DivisionLevel::Township {
            places.extend(rows::below(tx, county, division.id)?);
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

/// Choices by county, each with the generation at which they were read: they are gathered from all that a county has, and
/// every page of its directory shows them.
#[derive(Default)]
pub struct KnownChoices(RwLock<HashMap<CountyId, (u64, Arc<Choices>)>>);

/// Townships, specialties and languages to narrow the directory by; from memory while nothing of them was written.
///
/// # Errors
/// The store's own.
pub async fn choices(app: &App, county: CountyId) -> Result<Arc<Choices>, Stop> {
    let known = app.choices.0.read().unwrap_or_else(PoisonError::into_inner).get(&county).cloned();
    let known_at = known.as_ref().map(|(generation, _)| *generation);
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let generation = super::generation_on(tx, county, today)?;
        let fresh = if known_at == Some(generation) { None } else { Some(gathered(tx, county, today)?) };
        Ok((generation, fresh))
    };
    match (app.db.read(In::County(county), work).await?, known) {
        ((_, None), Some((_, choices))) => Ok(choices),
        ((generation, fresh), _) => {
            let choices = Arc::new(fresh.unwrap_or_default());
            let mut places = app.choices.0.write().unwrap_or_else(PoisonError::into_inner);
            places.insert(county, (generation, Arc::clone(&choices)));
            Ok(choices)
        }
    }
}

fn gathered(tx: &mut Tx<'_>, county: CountyId, today: Date) -> Result<Choices, Stop> {
    let mut townships = rows::all(tx, county)?;
    townships.retain(|division| division.level == DivisionLevel::Township);
    let mut workers = worker::all(tx, county)?;
    workers.retain(|worker| is_there(worker, today));
    let specialties = commonest(workers.iter().map(|worker| worker.specialties.as_str()));
    let languages = commonest(workers.iter().map(|worker| worker.languages.as_str()));
    Ok(Choices { townships, specialties, languages })
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
    counties: Vec<CountyId>,
    filter: facility::Filter,
    window: Window,
) -> Result<Page<Placed>, Stop> {
    let filter = facility::Filter { active: Some(true), ..filter };
    let reach = within(&counties);
    let work = move |tx: &mut Tx<'_>| {
        let mut pages = Vec::new();
        for county in narrowed(tx, &counties, filter.place.as_deref())? {
            pages.push(facility::page(tx, county, &filter, &window)?);
        }
        Ok(merge(pages, &window, |placed| facility::mark(&placed.facility)))
    };
    app.db.read(reach, work).await
}

/// One open facility of one of these counties.
///
/// # Errors
/// `not_found`, also for one that is closed.
pub async fn facility(app: &App, counties: Vec<CountyId>, id: FacilityId) -> Result<Placed, Stop> {
    let reach = within(&counties);
    let work = move |tx: &mut Tx<'_>| first_of(&counties, |county| facility::placed(tx, county, id));
    let placed = app.db.read(reach, work).await?;
    if placed.facility.active { Ok(placed) } else { Err(Refusal::absent().into()) }
}

/// What the first county that has it answers.
fn first_of<T>(counties: &[CountyId], mut ask: impl FnMut(CountyId) -> Result<T, Stop>) -> Result<T, Stop> {
    for county in counties {
        match ask(*county) {
            Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "not_found") => {}
            answer => return answer,
        }
    }
    Err(Refusal::absent().into())
}

/// A page of divisions of these counties in order of code.
///
/// # Errors
/// `division.unknown`, `search.digits`.
pub async fn divisions(
    app: &App,
    counties: Vec<CountyId>,
    filter: division::Filter,
    window: Window,
) -> Result<Page<Division>, Stop> {
    let reach = within(&counties);
    let work = move |tx: &mut Tx<'_>| {
        let mut pages = Vec::new();
        for county in narrowed(tx, &counties, filter.parent.as_deref())? {
            pages.push(division::page(tx, county, &filter, &window)?);
        }
        Ok(merge(pages, &window, division::mark))
    };
    app.db.read(reach, work).await
}

/// One division of one of these counties, with all above it, itself first.
///
/// # Errors
/// `not_found`.
pub async fn division(app: &App, counties: Vec<CountyId>, id: DivisionId) -> Result<Vec<Division>, Stop> {
    let reach = within(&counties);
    let work = move |tx: &mut Tx<'_>| first_of(&counties, |county| rows::line(tx, county, id));
    app.db.read(reach, work).await
}
