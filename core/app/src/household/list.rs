//! Lists of households: what is asked for, and each line with its place and who looks after it.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::{Category, DivisionLevel, WorkerKind};
use falin_domain::page::{Page, Window};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, HouseholdId, Phone, fold};
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::household::{self, Household};
use falin_store::household_list::{self, Filter};
use falin_store::pairing::{self, Pairing};
use falin_store::worker::Worker;
use falin_store::{Tx, gram};

use super::find::search_text;
use crate::{App, Stop, division};

/// Who looks after a household, by name.
#[derive(Clone, PartialEq, Debug)]
pub struct Provider {
    /// Worker's or firm's id as text.
    pub id: String,
    /// `lawyer` or `firm`.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// Public telephone.
    pub phone: String,
    /// What kind of worker a person is; None for a firm.
    pub worker_kind: Option<WorkerKind>,
    /// Name of the person's firm; empty for a firm itself.
    pub firm: String,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The household; sealed fields stay sealed.
    pub household: Household,
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Its first telephone, masked; empty for none.
    pub phone: String,
    /// Categories that hold now.
    pub categories: Vec<Category>,
    /// Who looks after it.
    pub provider: Option<Provider>,
    /// First day of that.
    pub since: Option<Date>,
}

/// What a list is asked for.
#[derive(Clone, Default)]
pub struct Asked {
    /// Filters by id and code.
    pub filter: Filter,
    /// Id or code of a division at or below which the households live.
    pub place: Option<String>,
    /// A name, pinyin, a village's name or the last four digits of a telephone.
    pub q: Option<String>,
}

impl Asked {
    fn settle(&self, tx: &mut Tx<'_>, county: CountyId) -> Result<Filter, Stop> {
        let mut filter = self.filter.clone();
        if let Some(place) = division::find_filter(tx, county, self.place.as_deref())? {
            filter.place = Some(place.id);
        }
        let Some(text) = self.q.as_deref().filter(|text| !text.trim().is_empty()) else { return Ok(filter) };
        search_text(&mut filter, text)?;
        if filter.place.is_none()
            && let Some(village) = named(tx, county, text)?
        {
            (filter.place, filter.wanted) = (Some(village), None);
        }
        Ok(filter)
    }
}

/// The only division of exactly this name.
fn named(tx: &mut Tx<'_>, county: CountyId, text: &str) -> Result<Option<DivisionId>, Stop> {
    let Some(wanted) = gram::wanted(text) else { return Ok(None) };
    let mut found = falin_store::division::search(tx, county, &wanted, 50)?;
    found.retain(|division| fold(&division.name) == fold(text));
    Ok(if found.len() == 1 { found.pop().map(|division| division.id) } else { None })
}

/// A page of households in the visitor's scope.
///
/// # Errors
/// `access.denied`, `division.unknown`, `search.digits`.
pub async fn list(app: &App, visitor: &Visitor, asked: Asked, window: Window) -> Result<Page<Line>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        let filter = asked.settle(tx, scope.county)?;
        let page = household_list::page(tx, &scope, &filter, &window)?;
        Ok(Page { items: lines(tx, scope.county, page.items)?, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many households a list finds; None where a name is searched, which is not counted.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, asked: Asked) -> Result<Option<u64>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        let filter = asked.settle(tx, scope.county)?;
        if filter.wanted.is_some() {
            return Ok(None);
        }
        Ok(Some(household_list::count(tx, &scope, &filter)?.unsigned_abs()))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Everything that a page of households shows, read once for all of them.
fn lines(tx: &mut Tx<'_>, county: CountyId, rows: Vec<Household>) -> Result<Vec<Line>, Stop> {
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
    let spans = pairing::current_of(tx, county, &ids)?;
    let mut providers = providers(tx, county, &spans)?;
    let mut categories = household::categories_of(tx, county, &ids)?;
    let places = division::lines(tx, county, rows.iter().map(|row| row.village_id))?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let clear = household::open_with(tx, &row, categories.remove(&row.id).unwrap_or_default())?;
        lines.push(Line {
            place: places.get(&row.village_id).cloned().unwrap_or_default(),
            phone: clear.phones.first().map(|phone| mask_phone(phone)).unwrap_or_default(),
            categories: clear.categories,
            provider: providers.remove(&row.id),
            since: spans.get(&row.id).map(|span| span.from_date),
            household: row,
        });
    }
    Ok(lines)
}

pub(super) fn mask_phone(text: &str) -> String {
    Phone::parse(text).map(|phone| phone.masked()).unwrap_or_default()
}

/// Who looks after each of these households, by its current span.
pub(crate) fn providers(
    tx: &mut Tx<'_>,
    county: CountyId,
    spans: &HashMap<HouseholdId, Pairing>,
) -> Result<HashMap<HouseholdId, Provider>, Stop> {
    let workers: Vec<_> = spans.values().filter_map(|span| span.worker_id).collect();
    let workers = Worker::by_ids(tx, county, &workers)?;
    let firms = spans.values().filter_map(|span| span.firm_id);
    let firms: Vec<_> = firms.chain(workers.values().filter_map(|worker| worker.firm_id)).collect();
    let firms = Firm::by_ids(tx, county, &firms)?;
    let named = spans.iter().filter_map(|(household, span)| {
        let worker = span.worker_id.and_then(|id| workers.get(&id));
        let worker = worker.map(|it| of_worker(it, it.firm_id.and_then(|id| firms.get(&id))));
        let firm = || span.firm_id.and_then(|id| firms.get(&id)).map(of_firm);
        Some((*household, worker.or_else(firm)?))
    });
    Ok(named.collect())
}

fn of_worker(worker: &Worker, firm: Option<&Firm>) -> Provider {
    Provider {
        id: worker.id.to_string(),
        kind: "lawyer",
        name: worker.name.clone(),
        phone: worker.phone.clone(),
        worker_kind: Some(worker.kind),
        firm: firm.map(|firm| firm.name.clone()).unwrap_or_default(),
    }
}

fn of_firm(firm: &Firm) -> Provider {
    let (name, phone) = (firm.name.clone(), firm.phone.clone());
    Provider { id: firm.id.to_string(), kind: "firm", name, phone, worker_kind: None, firm: String::new() }
}

/// The provider of a span, by name; None where the span names one that is gone.
///
/// # Errors
/// The store's own.
pub fn provider(tx: &mut Tx<'_>, span: &Pairing) -> Result<Option<Provider>, Stop> {
    if let Some(id) = span.worker_id {
        let worker = Worker::by_id(tx, span.county_id, id)?;
        let firm = worker.firm_id.map(|id| Firm::by_id(tx, span.county_id, id)).transpose()?;
        return Ok(Some(of_worker(&worker, firm.as_ref())));
    }
    let Some(id) = span.firm_id else { return Ok(None) };
    Ok(Some(of_firm(&Firm::by_id(tx, span.county_id, id)?)))
}

/// Villages in which the visitor sees households, each with all above it, in order of code.
///
/// # Errors
/// `access.denied`.
pub async fn villages(app: &App, visitor: &Visitor) -> Result<Vec<Vec<Division>>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        let all = falin_store::division::all(tx, scope.county)?;
        let above: HashMap<DivisionId, &Division> = all.iter().map(|one| (one.id, one)).collect();
        let line = |village: &Division| {
            let up = |one: &Division| one.parent_id.and_then(|id| above.get(&id)).map(|one| (*one).clone());
            std::iter::successors(Some(village.clone()), |one| up(one)).collect::<Vec<_>>()
        };
        let here = |line: &Vec<Division>| match &scope.places {
            Some(places) => line.iter().any(|one| places.contains(&one.id)),
            None => true,
        };
        let villages = all.iter().filter(|one| one.level == DivisionLevel::Village);
        Ok(villages.map(line).filter(here).collect())
    };
    app.db.read(In::County(visitor.county), work).await
}
