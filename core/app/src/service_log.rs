//! The service log: one entry feeds every report; corrections keep what was there before.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{ServiceKind, ServiceMode};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, LogId, WorkerId};
use falin_store::division::Division;
use falin_store::service_log;
use falin_store::worker::Worker;
use falin_store::{In, Tx};

pub use falin_store::service_log::{Filter, Log, NOUN, Past};

use crate::division::find_filter;
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// Most minutes of one entry: a day.
const MOST_MINUTES: i32 = 24 * 60;
/// Most items, people or copies of one entry.
const MOST: i32 = 1_000_000;
/// Most characters of a note.
const NOTE: usize = 4_000;
/// Nouns to which an entry may belong.
pub const SUBJECTS: &[&str] = &["consultation", "visit", "mediation", "aid"];

mod typed;

pub use typed::Typed;

use typed::Fields;

/// An entry with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The entry; its note stays sealed.
    pub log: Log,
    /// Who gave the service.
    pub worker: Option<Worker>,
    /// To which village.
    pub village: Option<Division>,
}

/// One entry with its note and what it was before.
#[derive(Clone, Debug)]
pub struct One {
    /// The entry.
    pub shown: Shown,
    /// Content and result, in clear.
    pub note: String,
    /// What it was before each correction, newest first.
    pub past: Vec<(Past, Log)>,
    /// Whether this visitor may correct it.
    pub may_correct: bool,
}

/// "It does not exist" as a fault at its field.
pub(crate) fn unknown(name: &'static str) -> impl Fn(Stop) -> Stop {
    move |stop| stop.if_absent(|| Refusal::field(name, "unknown"))
}

/// Who gave the service: oneself, or for those who keep a place whoever is named.
pub(crate) fn doer(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, text: &str) -> Result<WorkerId, Stop> {
    match (text, visitor.worker) {
        ("", Some(me)) => Ok(me),
        ("", None) => Err(Refusal::field("worker", "required-choice").into()),
        (text, me) => {
            let id: WorkerId = text.parse().map_err(|_| Refusal::field("worker", "unknown"))?;
            if scope.only_mine && me != Some(id) {
                return Err(Refusal::new("access.denied").into());
            }
            Ok(Worker::by_id(tx, scope.county, id).map_err(unknown("worker"))?.id)
        }
    }
}

/// A page of entries, the newest day first. `place` is an id or a code.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    place: Option<String>,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let work = move |tx: &mut Tx<'_>| {
        let place = find_filter(tx, scope.county, place.as_deref())?.map(|division| division.id);
        let filter = Filter { place: place.or(filter.place), ..filter.clone() };
        let page = service_log::page(tx, &scope, &filter, &window)?;
        let next = page.next.clone();
        Ok(Page { items: names(tx, scope.county, page.items)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

pub(crate) fn names(tx: &mut Tx<'_>, county: CountyId, logs: Vec<Log>) -> Result<Vec<Shown>, Stop> {
    let people: Vec<WorkerId> = logs.iter().map(|log| log.worker_id).collect();
    let places: Vec<DivisionId> = logs.iter().map(|log| log.division_id).collect();
    let people: HashMap<WorkerId, Worker> = Worker::by_ids(tx, county, &people)?;
    let places = Division::by_ids(tx, county, &places)?;
    let shown = |log: Log| Shown {
        worker: people.get(&log.worker_id).cloned(),
        village: places.get(&log.division_id).cloned(),
        log,
    };
    Ok(logs.into_iter().map(shown).collect())
}

/// One entry with its note; that it was opened is in the journal within a second.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: LogId) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let may = visitor.may(Act::Write, Noun::ServiceLog);
    let (by, inside) = (By::of(visitor), In::County(scope.county));
    let found = app.db.read(inside, move |tx| view(tx, &scope, id, may)).await?;
    let home = found.shown.log.household_id;
    app.db.post(inside, move |tx| by.read(tx, (NOUN, id), home));
    Ok(found)
}

fn view(tx: &mut Tx<'_>, scope: &Scope, id: LogId, may: bool) -> Result<One, Stop> {
    let log = service_log::one(tx, scope, id)?;
    log.household_id.map(|home| crate::restriction::free(tx, scope.county, home)).transpose()?;
    let note = service_log::note(tx, &log)?;
    let past = service_log::pasts(tx, &log)?;
    let may_correct = may && !log.withdrawn;
    let shown = names(tx, scope.county, vec![log])?.pop().ok_or_else(Refusal::absent)?;
    Ok(One { shown, note, past, may_correct })
}

/// Logs a service.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let id = enter(tx, &me, &scope, &fields)?;
        view(tx, &scope, id, true)
    };
    app.db.write(In::County(by.county), work).await
}

fn enter(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, fields: &Fields) -> Result<LogId, Stop> {
    let by = By::of(visitor);
    let mut log = blank(tx, by);
    fields.put(tx, visitor, scope, &mut log)?;
    keep(tx, by, &log)?;
    Ok(log.id)
}

/// Logs several services in one transaction, as a program that brings a month along.
pub(crate) fn add_all(tx: &mut Tx<'_>, visitor: &Visitor, typed: &[Typed]) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    for one in typed {
        let fields = one.read(tx.now.date())?;
        enter(tx, visitor, &scope, &fields)?;
    }
    Ok(())
}

/// An entry that says nothing yet, for use cases that log what they do.
pub(crate) fn blank(tx: &mut Tx<'_>, by: By) -> Log {
    Log {
        county_id: by.county,
        id: tx.id(),
        worker_id: tx.id(),
        division_id: tx.id(),
        day: tx.now.date(),
        kind: ServiceKind::Other,
        mode: ServiceMode::OnSite,
        minutes: 0,
        items: 1,
        people: 0,
        copies: 0,
        settled: false,
        topic: String::new(),
        audience: String::new(),
        note_sealed: None,
        follow_up_on: None,
        report: false,
        household_id: None,
        group_id: None,
        subject_noun: None,
        subject_id: None,
        withdrawn: false,
        account_id: by.account,
        created_ms: tx.now.millis(),
        version: 1,
    }
}

/// Saves a new entry with its journal line.
pub(crate) fn keep(tx: &mut Tx<'_>, by: By, log: &Log) -> Result<(), Stop> {
    log.insert(tx)?;
    let details = serde_json::json!({ "day": log.day, "kind": log.kind, "worker": log.worker_id });
    by.saved(tx, Event::ServiceLogged, (NOUN, log.id), details)
}

/// Corrects an entry that is still at `version`; what it was stays, with the reason.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`; `action.not_allowed` once it was taken back.
pub async fn correct(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
    typed: &Typed,
) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let me = visitor.clone();
    edit(app, visitor, id, (version, reason), move |tx, scope, log| fields.put(tx, &me, scope, log)).await
}

/// Takes an entry back: it stays to be read and counts no more.
///
/// # Errors
/// As [`correct`].
pub async fn withdraw(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
) -> Result<One, Stop> {
    edit(app, visitor, id, (version, reason), |_, _, log| {
        log.withdrawn = true;
        Ok(())
    })
    .await
}

async fn edit(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
    change: impl Fn(&mut Tx<'_>, &Scope, &mut Log) -> Result<(), Stop> + Send + 'static,
) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let mut reader = Reader::default();
    let reason = reader.text("reason", reason, 200);
    if reason.is_empty() {
        reader.fault("reason", "reason.missing");
    }
    let reason = reader.finish(reason)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut log = service_log::one(tx, &scope, id)?;
        if log.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if log.withdrawn {
            return Err(Refusal::new("action.not_allowed").into());
        }
        service_log::keep_past(tx, &log, &reason, by.account)?;
        change(tx, &scope, &mut log)?;
        log.save(tx)?;
        let details = serde_json::json!({ "version": log.version, "withdrawn": log.withdrawn });
        by.saved(tx, Event::ServiceCorrected, (NOUN, id), details)?;
        view(tx, &scope, id, true)
    };
    app.db.write(In::County(by.county), work).await
}

/// The villages for which the visitor logs first: those that they advise today, as (id, name).
///
/// # Errors
/// The store's own.
pub async fn own_villages(app: &App, visitor: &Visitor) -> Result<Vec<Division>, Stop> {
    let Some(me) = visitor.worker else { return Ok(Vec::new()) };
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let posts = falin_store::adviser::of_workers(tx, county, &[me], tx.now.date())?;
        let ids: Vec<DivisionId> = posts.iter().map(|post| post.division_id).collect();
        let mut names: Vec<Division> = Division::by_ids(tx, county, &ids)?.into_values().collect();
        names.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
        Ok(names)
    };
    app.db.read(In::County(county), work).await
}
