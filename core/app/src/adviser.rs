//! Adviser posts: given, changed, ended; and the villages that have none.

use std::collections::HashSet;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AdviserPostId, CountyId, DivisionId, WorkerId};
use falin_store::division::{self, Division};
use falin_store::firm::Firm;
use falin_store::gram;
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, adviser};
use serde::{Deserialize, Serialize};

pub use falin_store::adviser::AdviserPost;

use crate::division::{find, find_filter, lines, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::worker::is_there;
use crate::{App, Stop, search};

/// A post that ends within so many days is shown as ending.
const ENDING_DAYS: i64 = 30;
/// Longest words about hours, in characters.
const LONGEST_HOURS: usize = 200;

/// Where a post stands in its term today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It holds.
    Current,
    /// It holds, and ends within a month.
    Ending,
    /// It has not begun.
    Future,
    /// It has ended.
    Ended,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Current, Self::Ending, Self::Future, Self::Ended];

    /// Its code in JSON, filters and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Ending => "ending",
            Self::Future => "future",
            Self::Ended => "ended",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state of a post on `day`; both ends of a term are included.
    pub fn of(post: &AdviserPost, day: Date) -> Self {
        match post.to_date {
            Some(last) if last < day => Self::Ended,
            _ if post.from_date > day => Self::Future,
            Some(last) if day.days_until(last) <= ENDING_DAYS => Self::Ending,
            _ => Self::Current,
        }
    }
}

/// Which posts a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Id or code of a division: posts at or below it.
    pub place: Option<String>,
    /// Only of this worker.
    pub worker: Option<WorkerId>,
    /// Only in this state; `Current` takes those that end soon along.
    pub state: Option<State>,
    /// Name or pinyin of the adviser or the village.
    pub q: String,
}

/// A post with its village and its adviser.
#[derive(Clone, Debug)]
pub struct Held {
    /// The post.
    pub post: AdviserPost,
    /// The village and all above it, itself first.
    pub line: Vec<Division>,
    /// The adviser.
    pub worker: Worker,
    /// The adviser's firm.
    pub firm: Option<Firm>,
    /// Where it stands today.
    pub state: State,
}

/// A page of posts in order of village and first day.
///
/// # Errors
/// `access.denied`, `division.unknown`, `search.digits`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Held>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Post)?;
    app.db.read(In::County(scope.county), move |tx| page(tx, scope.county, &filter, &window)).await
}

/// How many posts the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Post)?;
    let work = move |tx: &mut Tx<'_>| Ok(found(tx, scope.county, &filter)?.len() as u64);
    app.db.read(In::County(visitor.county), work).await
}

fn found(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Vec<AdviserPost>, Stop> {
    let today = tx.now.date();
    let mut posts = adviser::history(tx, county, None, filter.worker)?;
    if let Some(place) = find_filter(tx, county, filter.place.as_deref())? {
        let below: HashSet<DivisionId> = division::below(tx, county, place.id)?.into_iter().collect();
        posts.retain(|post| below.contains(&post.division_id));
    }
    if let Some(wanted) = search::wanted(&filter.q)? {
        let found = named(tx, county, &wanted)?;
        posts.retain(|post| {
            found.contains(&post.worker_id.bytes()) || found.contains(&post.division_id.bytes())
        });
    }
    posts.retain(|post| match (filter.state, State::of(post, today)) {
        (None, _) | (Some(State::Current), State::Ending) => true,
        (Some(wanted), state) => wanted == state,
    });
    Ok(posts)
}

fn page(tx: &mut Tx<'_>, county: CountyId, filter: &Filter, window: &Window) -> Result<Page<Held>, Stop> {
    let posts = found(tx, county, filter)?;
    let villages: Vec<DivisionId> = posts.iter().map(|post| post.division_id).collect();
    let villages = Division::by_ids(tx, county, &villages)?;
    let page = Page::of_all(posts, window, |post| {
        let key = villages.get(&post.division_id).map(|v| crate::division::mark(v).key).unwrap_or_default();
        Mark { key: format!("{key} {}", post.from_date), id: post.id.uuid() }
    });
    Ok(Page { items: hold(tx, county, page.items)?, next: page.next })
}

/// Ids of workers and divisions whose names match.
fn named(tx: &mut Tx<'_>, county: CountyId, wanted: &gram::Wanted) -> Result<HashSet<Vec<u8>>, Stop> {
    const MOST: i64 = 1_000;
    let mut found = HashSet::new();
    for noun in [worker::NOUN, division::NOUN] {
        found.extend(gram::search(tx, county, noun, wanted, None, MOST)?);
    }
    Ok(found)
}

fn hold(tx: &mut Tx<'_>, county: CountyId, posts: Vec<AdviserPost>) -> Result<Vec<Held>, Stop> {
    let today = tx.now.date();
    let ids: Vec<WorkerId> = posts.iter().map(|post| post.worker_id).collect();
    let workers = Worker::by_ids(tx, county, &ids)?;
    let firm_ids: Vec<_> = workers.values().filter_map(|worker| worker.firm_id).collect();
    let firms = Firm::by_ids(tx, county, &firm_ids)?;
    let lines = lines(tx, county, posts.iter().map(|post| post.division_id))?;
    let mut held = Vec::with_capacity(posts.len());
    for post in posts {
        let Some(worker) = workers.get(&post.worker_id).cloned() else { continue };
        held.push(Held {
            line: lines.get(&post.division_id).cloned().unwrap_or_default(),
            firm: worker.firm_id.and_then(|id| firms.get(&id).cloned()),
            state: State::of(&post, today),
            worker,
            post,
        });
    }
    Ok(held)
}

/// One post.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: AdviserPostId) -> Result<Held, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Post)?;
    app.db.read(In::County(scope.county), move |tx| one_held(tx, scope.county, id)).await
}

fn one_held(tx: &mut Tx<'_>, county: CountyId, id: AdviserPostId) -> Result<Held, Stop> {
    let post = AdviserPost::by_id(tx, county, id)?;
    hold(tx, county, vec![post])?.pop().ok_or_else(|| Refusal::absent().into())
}

/// Villages and communities without an adviser today, in order of code.
///
/// # Errors
/// `access.denied`.
pub async fn vacant(app: &App, visitor: &Visitor) -> Result<Vec<Division>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Post)?;
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let held: HashSet<DivisionId> =
            adviser::on(tx, scope.county, today)?.into_iter().map(|post| post.division_id).collect();
        let mut villages = division::all(tx, scope.county)?;
        villages.retain(|v| v.level == DivisionLevel::Village && !held.contains(&v.id));
        Ok(villages)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// What was typed into the form of a post.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id or code of the village.
    pub village: String,
    /// Worker's id.
    pub worker: String,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO); may be empty.
    pub to: String,
    /// Hours in the village, as people say them.
    pub hours: String,
}

struct Fields {
    village: String,
    worker: Option<WorkerId>,
    from: Date,
    to: Option<Date>,
    hours: String,
}

impl Typed {
    /// A post as it would be typed.
    pub fn of(held: &Held) -> Self {
        let code = held.line.first().and_then(|village| village.code.clone());
        Self {
            village: code.unwrap_or_else(|| held.post.division_id.to_string()),
            worker: held.post.worker_id.to_string(),
            from: held.post.from_date.to_string(),
            to: held.post.to_date.map(|day| day.to_string()).unwrap_or_default(),
            hours: held.post.hours.clone(),
        }
    }

    fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let village = reader.required("village", &self.village, 40);
        if self.worker.trim().is_empty() {
            reader.fault("worker", "required-choice");
        }
        let worker = reader.maybe("worker", &self.worker, "worker.unknown", str::parse);
        let from = reader.required_date("from", &self.from, today);
        let to = reader.date("to", &self.to);
        if to.is_some_and(|to| to < from) {
            reader.fault("to", "date.order");
        }
        let hours = reader.text("hours", &self.hours, LONGEST_HOURS);
        reader.finish(Fields { village, worker, from, to, hours })
    }
}

impl Fields {
    fn village(&self, tx: &mut Tx<'_>, county: CountyId) -> Result<DivisionId, Stop> {
        let found = find(tx, county, &self.village)?.filter(|v| v.level == DivisionLevel::Village);
        Ok(found.ok_or_else(|| Refusal::field("village", "village.unknown"))?.id)
    }

    fn worker(&self, tx: &mut Tx<'_>, county: CountyId) -> Result<WorkerId, Stop> {
        let unknown = || Refusal::field("worker", "worker.unknown");
        let id = self.worker.ok_or_else(unknown)?;
        let today = tx.now.date();
        let found = Worker::by_ids(tx, county, &[id])?.remove(&id);
        Ok(found.filter(|worker| is_there(worker, today)).ok_or_else(unknown)?.id)
    }
}

/// Two terms of one worker in one village must not share a day.
fn must_not_overlap(tx: &mut Tx<'_>, wanted: &AdviserPost) -> Result<(), Stop> {
    let others = adviser::history(tx, wanted.county_id, Some(wanted.division_id), Some(wanted.worker_id))?;
    let before = |last: Option<Date>, first: Date| last.is_some_and(|last| last < first);
    let clash = others.iter().any(|other| {
        other.id != wanted.id
            && !before(other.to_date, wanted.from_date)
            && !before(wanted.to_date, other.from_date)
    });
    if clash { Err(Refusal::new("post.overlap").into()) } else { Ok(()) }
}

/// Gives a post.
///
/// # Errors
/// `access.denied`, `form.invalid`, `post.overlap`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Held, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Post)?;
    let (by, fields) = (By::of(visitor), typed.read(app.today())?);
    let work = move |tx: &mut Tx<'_>| {
        let village = fields.village(tx, by.county)?;
        must_hold(tx, &scope, Some(village))?;
        let post = AdviserPost {
            county_id: by.county,
            id: tx.id(),
            division_id: village,
            worker_id: fields.worker(tx, by.county)?,
            from_date: fields.from,
            to_date: fields.to,
            hours: fields.hours.clone(),
            created_ms: tx.now.millis(),
            version: 1,
        };
        must_not_overlap(tx, &post)?;
        post.insert(tx)?;
        by.saved(tx, Event::PostSaved, (adviser::NOUN, post.id), serde_json::json!({ "version": 1 }))?;
        one_held(tx, by.county, post.id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Changes a post that is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`, `post.overlap`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: AdviserPostId,
    version: i64,
    typed: &Typed,
) -> Result<Held, Stop> {
    let fields = typed.read(app.today())?;
    save(app, visitor, (id, version), Event::PostSaved, move |tx, there| {
        there.division_id = fields.village(tx, there.county_id)?;
        if fields.worker != Some(there.worker_id) {
            there.worker_id = fields.worker(tx, there.county_id)?;
        }
        (there.from_date, there.to_date) = (fields.from, fields.to);
        there.hours.clone_from(&fields.hours);
        must_not_overlap(tx, there)
    })
    .await
}

/// Ends a post: `last` is its last day.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; a day before the first is a fault at `on`;
/// `action.not_allowed` where it has ended.
pub async fn end(
    app: &App,
    visitor: &Visitor,
    id: AdviserPostId,
    version: i64,
    last: Date,
) -> Result<Held, Stop> {
    save(app, visitor, (id, version), Event::PostEnded, move |tx, there| {
        if there.to_date.is_some_and(|to| to < tx.now.date()) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if last < there.from_date {
            return Err(Refusal::field("on", "date.order").into());
        }
        there.to_date = Some(last);
        must_not_overlap(tx, there)
    })
    .await
}

async fn save(
    app: &App,
    visitor: &Visitor,
    (id, version): (AdviserPostId, i64),
    event: Event,
    edit: impl Fn(&mut Tx<'_>, &mut AdviserPost) -> Result<(), Stop> + Send + 'static,
) -> Result<Held, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Post)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = AdviserPost::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        edit(tx, &mut there)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        there.save(tx)?;
        let details = serde_json::json!({ "version": there.version });
        by.saved(tx, event, (adviser::NOUN, id), details)?;
        one_held(tx, by.county, id)
    };
    app.db.write(In::County(by.county), work).await
}
