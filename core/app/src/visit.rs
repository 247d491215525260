//! Visits: planned, done with what was found, followed up; a visit that is done is an entry of the log.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{ServiceKind, ServiceMode, VisitPurpose, VisitState};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, HouseholdId, VisitId, WorkerId};
use falin_store::division::Division;
use falin_store::household::Household;
use falin_store::worker::Worker;
use falin_store::{In, Tx, household_list, visit};
use serde::{Deserialize, Serialize};

pub use falin_store::visit::{Filter, NOUN, Visit};

use crate::division::{find, find_filter, must_hold};
use crate::service_log::{blank, doer, keep, unknown};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// Most characters of what was found, and of what follows.
const NOTE: usize = 4_000;
/// Days ahead for which visits are planned.
const AHEAD: i64 = 400;

/// A visit with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The visit; what was found stays sealed.
    pub visit: Visit,
    /// Who goes.
    pub worker: Option<Worker>,
    /// Which village.
    pub village: Option<Division>,
    /// The head of the household; None for a village, and for a household that this visitor may not see.
    pub head: Option<String>,
}

/// One visit, opened.
#[derive(Clone, Debug)]
pub struct One {
    /// The visit.
    pub shown: Shown,
    /// What was found.
    pub found: String,
    /// What follows.
    pub follow_up: String,
    /// What may be done with it: `do`, `change`, `cancel`.
    pub acts: Vec<&'static str>,
}

/// What was typed into the form of a visit, to plan it or to say that it is done.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id of the legal worker; empty for oneself.
    pub worker: String,
    /// Id of the household; empty for a village.
    pub household: String,
    /// Id or code of the village; empty with a household.
    pub village: String,
    /// Code of the purpose.
    pub purpose: String,
    /// The day for which it is planned; empty for the day on which it was done, or today.
    pub planned_on: String,
    /// The day on which it was done; empty for one still to be made.
    pub done_on: String,
    /// Minutes.
    pub minutes: String,
    /// What was found.
    pub found: String,
    /// What follows.
    pub follow_up: String,
    /// By when.
    pub follow_up_on: String,
}

struct Fields {
    worker: String,
    household: Option<HouseholdId>,
    village: String,
    purpose: VisitPurpose,
    planned_on: Date,
    done: Option<Done>,
}

/// What is said of a visit once it is done.
struct Done {
    on: Date,
    minutes: i32,
    found: String,
    follow_up: String,
    follow_up_on: Option<Date>,
}

impl Typed {
    /// A visit as it would be typed.
    pub fn of(one: &One) -> Self {
        let visit = &one.shown.visit;
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            worker: visit.worker_id.to_string(),
            household: visit.household_id.map(|id| id.to_string()).unwrap_or_default(),
            village: visit.division_id.to_string(),
            purpose: visit.purpose.code().to_owned(),
            planned_on: visit.planned_on.to_string(),
            done_on: day(visit.done_on),
            minutes: visit.minutes.map(|n| n.to_string()).unwrap_or_default(),
            found: one.found.clone(),
            follow_up: one.follow_up.clone(),
            follow_up_on: day(visit.follow_up_on),
        }
    }

    fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let worker = reader.text("worker", &self.worker, 40);
        let household = reader.maybe("household", &self.household, "reference", str::parse);
        let village = reader.text("village", &self.village, 40);
        if household.is_none() && village.is_empty() && self.household.trim().is_empty() {
            reader.fault("village", "required-choice");
        }
        let purpose = reader.choice("purpose", &self.purpose, VisitPurpose::from_code, VisitPurpose::Round);
        let done = match self.done_on.trim() {
            "" => None,
            _ => Some(self.read_done(&mut reader, today)),
        };
        let planned = reader.date("planned_on", &self.planned_on);
        if planned.is_some_and(|day| today.days_until(day) > AHEAD) {
            reader.fault("planned_on", "date.far");
        }
        let planned_on = planned.or(done.as_ref().map(|done| done.on)).unwrap_or(today);
        reader.finish(Fields { worker, household, village, purpose, planned_on, done })
    }

    fn read_done(&self, reader: &mut Reader, today: Date) -> Done {
        let on = reader.date("done_on", &self.done_on).unwrap_or(today);
        if on > today {
            reader.fault("done_on", "date.future");
        }
        let found = reader.long("found", &self.found, NOTE);
        if found.is_empty() {
            reader.fault("found", "required");
        }
        Done {
            on,
            minutes: reader.number("minutes", &self.minutes, (0, 24 * 60)).unwrap_or(0),
            found,
            follow_up: reader.long("follow_up", &self.follow_up, NOTE),
            follow_up_on: reader.date("follow_up_on", &self.follow_up_on),
        }
    }
}

/// A page of visits, the latest day first. `place` is an id or a code.
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
    let me = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let place = find_filter(tx, scope.county, place.as_deref())?.map(|division| division.id);
        let filter = Filter { place: place.or(filter.place), ..filter.clone() };
        let page = visit::page(tx, &scope, &filter, &window)?;
        let next = page.next.clone();
        Ok(Page { items: names(tx, &me, page.items)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn names(tx: &mut Tx<'_>, visitor: &Visitor, visits: Vec<Visit>) -> Result<Vec<Shown>, Stop> {
    let county = visitor.county;
    let people: Vec<WorkerId> = visits.iter().map(|visit| visit.worker_id).collect();
    let places: Vec<DivisionId> = visits.iter().map(|visit| visit.division_id).collect();
    let (people, places) = (Worker::by_ids(tx, county, &people)?, Division::by_ids(tx, county, &places)?);
    let homes: Vec<HouseholdId> = visits.iter().filter_map(|visit| visit.household_id).collect();
    let homes = homes_seen(tx, visitor, &homes)?;
    let shown = |visit: Visit| Shown {
        worker: people.get(&visit.worker_id).cloned(),
        village: places.get(&visit.division_id).cloned(),
        head: visit.household_id.and_then(|id| Some(homes.get(&id)?.head_name.clone())),
        visit,
    };
    Ok(visits.into_iter().map(shown).collect())
}

/// Those of these households that the visitor may see.
fn homes_seen(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Household>, Stop> {
    let Ok(scope) = visitor.scope(Act::Read, Noun::Household) else { return Ok(HashMap::new()) };
    let homes = household_list::among(tx, &scope, ids)?;
    Ok(homes.into_iter().map(|home| (home.id, home)).collect())
}

/// One visit, opened; the journal has it within a second.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: VisitId) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let (me, by, inside) = (visitor.clone(), By::of(visitor), In::County(scope.county));
    let found = app.db.read(inside, move |tx| view(tx, &me, &scope, id)).await?;
    let home = found.shown.visit.household_id;
    app.db.post(inside, move |tx| by.read(tx, (NOUN, id), home));
    Ok(found)
}

fn view(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, id: VisitId) -> Result<One, Stop> {
    let visit = visit::one(tx, scope, id)?;
    visit.household_id.map(|home| crate::restriction::free(tx, scope.county, home)).transpose()?;
    let (found, follow_up) = visit::texts(tx, &visit)?;
    let open = visit.state == VisitState::Planned && visitor.may(Act::Write, Noun::ServiceLog);
    let acts = if open { vec!["do", "change", "cancel"] } else { Vec::new() };
    let shown = names(tx, visitor, vec![visit])?.pop().ok_or_else(Refusal::absent)?;
    Ok(One { shown, found, follow_up, acts })
}

/// The visits to a household that the visitor may see, the latest first.
///
/// # Errors
/// `access.denied`; `not_found` where the household is not in scope.
pub async fn of_household(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<Vec<Shown>, Stop> {
    let homes = visitor.scope(Act::Read, Noun::Household)?;
    let Ok(scope) = visitor.scope(Act::Read, Noun::ServiceLog) else { return Ok(Vec::new()) };
    let me = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &homes, id)?;
        let filter = Filter { household: Some(id), ..Filter::default() };
        let page = visit::page(tx, &scope, &filter, &Window::default())?;
        names(tx, &me, page.items)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Plans a visit, or enters one that is already done.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut visit = Visit {
            county_id: by.county,
            id: tx.id(),
            worker_id: tx.id(),
            division_id: tx.id(),
            household_id: None,
            purpose: fields.purpose,
            planned_on: fields.planned_on,
            done_on: None,
            minutes: None,
            found_sealed: None,
            follow_up_sealed: None,
            follow_up_on: None,
            state: VisitState::Planned,
            log_id: None,
            account_id: by.account,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(tx, &me, &scope, &mut visit)?;
        if let Some(done) = &fields.done {
            finish(tx, by, &mut visit, done)?;
        }
        visit.insert(tx)?;
        record(tx, by, &visit)?;
        view(tx, &me, &scope, visit.id)
    };
    app.db.write(In::County(by.county), work).await
}

impl Fields {
    fn put(&self, tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, visit: &mut Visit) -> Result<(), Stop> {
        visit.worker_id = doer(tx, visitor, scope, &self.worker)?;
        visit.household_id = self.household;
        visit.division_id = match self.household {
            Some(id) => {
                let homes = visitor.scope(Act::Read, Noun::Household)?;
                household_list::one(tx, &homes, id).map_err(unknown("household"))?.village_id
            }
            None => {
                let village = find(tx, scope.county, &self.village)?;
                village.ok_or_else(|| Refusal::field("village", "village.unknown"))?.id
            }
        };
        if !scope.only_mine {
            must_hold(tx, scope, Some(visit.division_id))?;
        }
        (visit.purpose, visit.planned_on) = (self.purpose, self.planned_on);
        Ok(())
    }
}

fn record(tx: &mut Tx<'_>, by: By, visit: &Visit) -> Result<(), Stop> {
    let event = if visit.state == VisitState::Done { Event::VisitDone } else { Event::VisitSaved };
    let details =
        serde_json::json!({ "version": visit.version, "state": visit.state, "worker": visit.worker_id });
    by.saved(tx, event, (NOUN, visit.id), details)
}

/// Closes a visit as done, with the entry of the log that counts it.
fn finish(tx: &mut Tx<'_>, by: By, visit: &mut Visit, done: &Done) -> Result<(), Stop> {
    let mut log = blank(tx, by);
    (log.worker_id, log.division_id) = (visit.worker_id, visit.division_id);
    (log.day, log.kind, log.mode) = (done.on, ServiceKind::Visit, ServiceMode::Home);
    (log.minutes, log.people) = (done.minutes, 1);
    log.household_id = visit.household_id;
    log.follow_up_on = done.follow_up_on;
    log.subject_noun = Some(NOUN.to_owned());
    log.subject_id = Some(visit.id.bytes());
    keep(tx, by, &log)?;
    visit.state = VisitState::Done;
    (visit.done_on, visit.minutes) = (Some(done.on), Some(done.minutes));
    (visit.follow_up_on, visit.log_id) = (done.follow_up_on, Some(log.id));
    visit::put_texts(tx, visit, &done.found, &done.follow_up)
}

/// Changes a planned visit, or with `done_on` closes it as done.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`; `action.not_allowed` once it is done or cancelled.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: VisitId,
    version: i64,
    typed: &Typed,
) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let me = visitor.clone();
    edit(app, visitor, (id, version), move |tx, by, scope, visit| {
        fields.put(tx, &me, scope, visit)?;
        match &fields.done {
            Some(done) => finish(tx, by, visit, done),
            None => Ok(()),
        }
    })
    .await
}

/// Cancels a planned visit.
///
/// # Errors
/// As [`change`].
pub async fn cancel(app: &App, visitor: &Visitor, id: VisitId, version: i64) -> Result<One, Stop> {
    edit(app, visitor, (id, version), |_, _, _, visit| {
        visit.state = VisitState::Cancelled;
        Ok(())
    })
    .await
}

async fn edit(
    app: &App,
    visitor: &Visitor,
    (id, version): (VisitId, i64),
    change: impl Fn(&mut Tx<'_>, By, &Scope, &mut Visit) -> Result<(), Stop> + Send + 'static,
) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut visit = visit::one(tx, &scope, id)?;
        if visit.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if visit.state != VisitState::Planned {
            return Err(Refusal::new("action.not_allowed").into());
        }
        change(tx, by, &scope, &mut visit)?;
        visit.save(tx)?;
        record(tx, by, &visit)?;
        view(tx, &me, &scope, id)
    };
    app.db.write(In::County(by.county), work).await
}
