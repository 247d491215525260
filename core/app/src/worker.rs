//! Legal workers of every kind: listed with firm, villages and load, added, changed, gone and back.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::{Gender, WorkerKind};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FirmId, LicenceNo, PersonName, WorkerId, sort_key};
use falin_store::adviser::{self, AdviserPost};
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::worker::{self, Leave};
use falin_store::{In, Tx, tally};
use serde::{Deserialize, Serialize};

pub use falin_store::worker::Worker;

use crate::booking;
use crate::division::find_filter;
use crate::settings::MOST_HOUSEHOLDS;
use crate::trace::{By, sees_loads};
use crate::typed::Reader;
use crate::{App, Stop, duty, search};

/// Which workers a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<WorkerKind>,
    /// Only those who advise a village today.
    pub advising: bool,
    /// Only of this firm.
    pub firm: Option<FirmId>,
    /// Id or code of a division: only present advisers at or below it.
    pub place: Option<String>,
    /// Part of the specialties.
    pub specialty: Option<String>,
    /// Part of the languages.
    pub language: Option<String>,
    /// Only those on duty or only those gone.
    pub active: Option<bool>,
    /// Only those on leave today, or only those who are not.
    pub away: Option<bool>,
    /// Name or pinyin.
    pub q: String,
}

/// A worker with what a list or card of theirs says.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The worker.
    pub worker: Worker,
    /// Firm or office.
    pub firm: Option<Firm>,
    /// Present posts with their villages.
    pub villages: Vec<(AdviserPost, Division)>,
    /// The leave that covers today.
    pub away: Option<Leave>,
    /// Households whose provider they are; None where the visitor may not see pairings.
    pub households: Option<u32>,
}

/// Whether somebody is there on `day`: not gone, and their last day not past.
pub fn is_there(worker: &Worker, day: Date) -> bool {
    worker.active && worker.left_on.is_none_or(|last| day <= last)
}

/// A page of workers in pinyin order.
///
/// # Errors
/// `access.denied`, `division.unknown`, `search.digits`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let loads = sees_loads(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let filter = stored(tx, scope.county, &filter)?;
        let page = worker::page(tx, scope.county, &filter, &window)?;
        Ok(Page { items: show(tx, scope.county, page.items, loads)?, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many workers the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let work = move |tx: &mut Tx<'_>| {
        let filter = stored(tx, scope.county, &filter)?;
        worker::count(tx, scope.county, &filter)
    };
    app.db.read(In::County(visitor.county), work).await
}

pub(crate) fn stored(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<worker::Filter, Stop> {
    let place = find_filter(tx, county, filter.place.as_deref())?;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    Ok(worker::Filter {
        kind: filter.kind,
        firm: filter.firm,
        advising: filter.advising,
        place: place.map(|division| division.id),
        specialty: given(&filter.specialty),
        language: given(&filter.language),
        active: filter.active,
        away: filter.away,
        wanted: search::wanted(&filter.q)?,
        ..worker::Filter::default()
    })
}

/// Puts firm, villages, leave and load beside each worker, in as many reads whatever their number.
pub(crate) fn show(
    tx: &mut Tx<'_>,
    county: CountyId,
    workers: Vec<Worker>,
    loads: bool,
) -> Result<Vec<Shown>, Stop> {
    let today = tx.now.date();
    let ids: Vec<WorkerId> = workers.iter().map(|worker| worker.id).collect();
    let firm_ids: Vec<FirmId> = workers.iter().filter_map(|worker| worker.firm_id).collect();
    let firms = Firm::by_ids(tx, county, &firm_ids)?;
    let mut posts = villages(tx, county, &ids, today)?;
    let mut away: HashMap<WorkerId, Leave> = HashMap::new();
    for leave in worker::leaves_of(tx, county, &ids, today)? {
        away.entry(leave.worker_id).or_insert(leave);
    }
    let households = if loads { Some(tally::of_workers(tx, county, &ids)?) } else { None };
    let shown = workers.into_iter().map(|worker| Shown {
        firm: worker.firm_id.and_then(|id| firms.get(&id).cloned()),
        villages: posts.remove(&worker.id).unwrap_or_default(),
        away: away.remove(&worker.id),
        households: households.as_ref().map(|n| n.get(&worker.id).copied().unwrap_or(0)),
        worker,
    });
    Ok(shown.collect())
}

type Villages = HashMap<WorkerId, Vec<(AdviserPost, Division)>>;

fn villages(tx: &mut Tx<'_>, county: CountyId, workers: &[WorkerId], today: Date) -> Result<Villages, Stop> {
    let posts = adviser::of_workers(tx, county, workers, today)?;
    let ids: Vec<DivisionId> = posts.iter().map(|post| post.division_id).collect();
    let divisions = Division::by_ids(tx, county, &ids)?;
    let mut found = Villages::new();
    for post in posts {
        if let Some(village) = divisions.get(&post.division_id) {
            found.entry(post.worker_id).or_default().push((post, village.clone()));
        }
    }
    Ok(found)
}

/// One worker with all their posts, past ones included, and leaves to come.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The worker as lists show them.
    pub shown: Shown,
    /// Every post with its village, newest first.
    pub posts: Vec<(AdviserPost, Division)>,
    /// Leaves that have not ended.
    pub leaves: Vec<Leave>,
}

/// One worker.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: WorkerId) -> Result<Whole, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let loads = sees_loads(visitor);
    app.db.read(In::County(scope.county), move |tx| whole(tx, scope.county, id, loads)).await
}

fn whole(tx: &mut Tx<'_>, county: CountyId, id: WorkerId, loads: bool) -> Result<Whole, Stop> {
    let there = Worker::by_id(tx, county, id)?;
    let today = tx.now.date();
    let history = adviser::history(tx, county, None, Some(id))?;
    let ids: Vec<DivisionId> = history.iter().map(|post| post.division_id).collect();
    let divisions = Division::by_ids(tx, county, &ids)?;
    let posts = history
        .into_iter()
        .filter_map(|post| divisions.get(&post.division_id).cloned().map(|village| (post, village)))
        .collect();
    let leaves = worker::leaves(tx, county, Some(id), today)?;
    let shown = show(tx, county, vec![there], loads)?.pop().ok_or_else(Refusal::absent)?;
    Ok(Whole { shown, posts, leaves })
}

/// Every worker on duty in pinyin order, for choices in forms.
///
/// # Errors
/// `access.denied`.
pub async fn choices(app: &App, visitor: &Visitor) -> Result<Vec<Worker>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let all = worker::all(tx, scope.county)?;
        Ok(all.into_iter().filter(|worker| is_there(worker, today)).collect())
    };
    app.db.read(In::County(visitor.county), work).await
}

/// What was typed into the form of a worker.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Kind's code.
    pub kind: String,
    /// Firm's id; may be empty.
    pub firm: String,
    /// Licence number; may be empty.
    pub licence: String,
    /// Telephone at work, public.
    pub phone: String,
    /// Gender's code; may be empty.
    pub gender: String,
    /// Specialties with any separator.
    pub specialties: String,
    /// Languages with any separator.
    pub languages: String,
    /// Most households; empty for the county's usual figure.
    pub capacity: String,
    /// Last day (ISO); empty while on duty.
    pub left_on: String,
    /// First day of practice (ISO); may be empty.
    pub practice_since: String,
}

struct Fields {
    name: String,
    kind: WorkerKind,
    firm: Option<FirmId>,
    licence: Option<String>,
    phone: String,
    gender: Option<Gender>,
    specialties: String,
    languages: String,
    capacity: Option<i32>,
    left_on: Option<Date>,
    practice_since: Option<Date>,
}

impl Typed {
    /// A worker as they would be typed.
    pub fn of(there: &Worker) -> Self {
        Self {
            name: there.name.clone(),
            kind: there.kind.code().to_owned(),
            firm: there.firm_id.map(|id| id.to_string()).unwrap_or_default(),
            licence: there.licence.clone().unwrap_or_default(),
            phone: there.phone.clone(),
            gender: there.gender.map(|gender| gender.code().to_owned()).unwrap_or_default(),
            specialties: there.specialties.clone(),
            languages: there.languages.clone(),
            capacity: there.capacity.map(|n| n.to_string()).unwrap_or_default(),
            left_on: there.left_on.map(|day| day.to_string()).unwrap_or_default(),
            practice_since: there.practice_since.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let name = reader.required("name", &self.name, 100);
        let parsed = reader.maybe("name", &name, "name.invalid", PersonName::parse);
        let fields = Fields {
            name: parsed.map(|name| name.as_str().to_owned()).unwrap_or_default(),
            kind: reader.choice("kind", &self.kind, WorkerKind::from_code, WorkerKind::Lawyer),
            firm: reader.maybe("firm", &self.firm, "firm.unknown", str::parse),
            licence: reader
                .maybe("licence", &self.licence, "licence.invalid", LicenceNo::parse)
                .map(|licence| licence.as_str().to_owned()),
            phone: reader.phones("phone", &self.phone),
            gender: reader.maybe("gender", &self.gender, "unknown", |t| Gender::from_code(t).ok_or(())),
            specialties: reader.list("specialties", &self.specialties, 200),
            languages: reader.list("languages", &self.languages, 200),
            capacity: reader.number("capacity", &self.capacity, (0, MOST_HOUSEHOLDS)),
            left_on: reader.date("left_on", &self.left_on),
            practice_since: reader.date("practice_since", &self.practice_since),
        };
        reader.finish(fields)
    }
}

impl Fields {
    fn put(&self, tx: &mut Tx<'_>, there: &mut Worker) -> Result<(), Stop> {
        if let Some(id) = self.firm.filter(|id| Some(*id) != there.firm_id) {
            let known = Firm::by_ids(tx, there.county_id, &[id])?.remove(&id);
            if !known.is_some_and(|firm| firm.active) {
                return Err(Refusal::field("firm", "firm.unknown").into());
            }
        }
        if self.practice_since.is_some_and(|since| since > tx.now.date()) {
            return Err(Refusal::field("practice_since", "date.future").into());
        }
        there.practice_since = self.practice_since;
        there.name.clone_from(&self.name);
        there.sort_key = sort_key(&self.name);
        there.kind = self.kind;
        there.firm_id = self.firm;
        there.licence.clone_from(&self.licence);
        there.phone.clone_from(&self.phone);
        there.gender = self.gender;
        there.specialties.clone_from(&self.specialties);
        there.languages.clone_from(&self.languages);
        there.capacity = self.capacity;
        there.left_on = self.left_on;
        there.active = self.left_on.is_none_or(|last| tx.now.date() <= last);
        Ok(())
    }
}

/// Adds a worker.
///
/// # Errors
/// `access.denied`, `form.invalid`, `worker.duplicate`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Worker, Stop> {
    let (by, fields) = (By::whole_county(visitor, Noun::Worker)?, typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut new = Worker {
            county_id: by.county,
            id: tx.id(),
            kind: fields.kind,
            firm_id: None,
            name: String::new(),
            sort_key: String::new(),
            gender: None,
            licence: None,
            phone: String::new(),
            specialties: String::new(),
            languages: String::new(),
            capacity: None,
            active: true,
            left_on: None,
            created_ms: tx.now.millis(),
            version: 1,
            practice_since: None,
        };
        fields.put(tx, &mut new)?;
        worker::add(tx, &new)?;
        by.saved(tx, Event::WorkerSaved, (worker::NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        Ok(new)
    };
    app.db.write(In::County(by.county), work).await.map_err(|stop| stop.or_rule("worker.duplicate"))
}

/// Changes a worker who is still at `version`; a last day that is new to the row sends their work to a handover.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`, `worker.duplicate`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: WorkerId,
    version: i64,
    typed: &Typed,
) -> Result<Worker, Stop> {
    let (by, fields) = (By::whole_county(visitor, Noun::Worker)?, typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Worker::by_id(tx, by.county, id)?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        let leaves = there.left_on.is_none() && fields.left_on.is_some();
        fields.put(tx, &mut there)?;
        worker::change(tx, &mut there)?;
        let event = if leaves { Event::WorkerLeft } else { Event::WorkerSaved };
        by.saved(tx, event, (worker::NOUN, id), serde_json::json!({ "version": there.version }))?;
        Ok(there)
    };
    app.db.write(In::County(by.county), work).await.map_err(|stop| stop.or_rule("worker.duplicate"))
}

/// Sets the last day of a worker who is still at `version`; None takes a leaver back.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `action.not_allowed` where they are gone, or back, already.
pub async fn set_last_day(
    app: &App,
    visitor: &Visitor,
    id: WorkerId,
    version: i64,
    last: Option<Date>,
) -> Result<Worker, Stop> {
    let by = By::whole_county(visitor, Noun::Worker)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Worker::by_id(tx, by.county, id)?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if there.left_on.is_some() == last.is_some() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        there.left_on = last;
        there.active = last.is_none_or(|last| tx.now.date() <= last);
        worker::change(tx, &mut there)?;
        let (who, end) = ((by.county, by.account), crate::leave::open_end());
        match last {
            Some(last) => duty::flag(tx, who, id, (last.plus_days(1), end), "left").map(|_| ())?,
            None => duty::unflag(tx, who, id, (tx.now.date(), end), "left")?,
        }
        let event = if last.is_some() { Event::WorkerLeft } else { Event::WorkerSaved };
        by.saved(tx, event, (worker::NOUN, id), serde_json::json!({ "version": there.version }))?;
        let hand = booking::Hand::behind(by.county, by.account);
        booking::reexamine(tx, &hand, booking::Touched::Worker(id))?;
        Ok(there)
    };
    app.db.write(In::County(by.county), work).await
}
