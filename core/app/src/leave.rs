//! Absences of legal workers, and whose households wait for somebody because of one.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, Id, WorkerId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::worker::Worker;
use falin_store::{Stop, Tx, casefile_people, pairing, worker};

pub use falin_store::worker::Leave;

use crate::booking::{Hand, Touched, reexamine};
use crate::handover::{OpenWork, open_work};
use crate::plan::{too_long, trigger};
use crate::{App, duty};

/// Most characters of a reason.
const REASON: usize = 200;

/// An absence to be recorded.
#[derive(Clone)]
pub struct Absence {
    /// First day.
    pub from: Date,
    /// Last day; None while nobody knows.
    pub to: Option<Date>,
    /// Why, in the county's words.
    pub reason: String,
}

/// Somebody whose households or cases wait for another.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// Who.
    pub worker: Worker,
    /// Their absence, on or to come; None where they have left.
    pub leave: Option<Leave>,
    /// Households that are theirs in person.
    pub households: i64,
    /// Open cases that they lead.
    pub cases: i64,
}

/// The last day of an absence of which nobody knows the end.
pub fn open_end() -> Date {
    Date::new(9999, 12, 31).unwrap_or(falin_domain::time::Instant::from_millis(i64::MAX).date())
}

/// Records an absence and tells what waits for a handover: plans from that day on give its worker nobody.
///
/// # Errors
/// `access.denied` for anybody but the worker and those who keep the workers; `not_found`; `form.invalid` at
/// `leave_to` or `leave_why`.
pub async fn add(
    app: &App,
    visitor: &Visitor,
    worker: WorkerId,
    absence: Absence,
) -> Result<(Id<Leave>, OpenWork), Stop> {
    let county = may(visitor, worker)?;
    let to = absence.to.unwrap_or_else(open_end);
    if to < absence.from {
        return Err(Refusal::field("leave_to", "date.invalid").into());
    }
    if absence.reason.chars().count() > REASON {
        return Err(too_long("leave_why", REASON).into());
    }
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        Worker::by_id(tx, county, worker)?;
        let leave = Leave {
            county_id: county,
            id: tx.id(),
            worker_id: worker,
            from_date: absence.from,
            to_date: to,
            reason: absence.reason.trim().to_owned(),
            created_ms: tx.now.millis(),
        };
        worker::add_leave(tx, &leave)?;
        let flagged = duty::flag(tx, (county, account), worker, (absence.from, to), "leave")?;
        let work = open_work(tx, county, worker)?;
        let details = serde_json::json!({
            "from": absence.from, "to": absence.to, "households": work.households, "posts": work.posts,
            "cases": work.cases, "shifts": flagged,
        });
        record(tx, county, account, worker, details)?;
        Ok((leave.id, work))
    };
    app.db.write(In::County(county), write).await
}

/// Absences of a worker that are on or to come, the next first.
///
/// # Errors
/// `access.denied`; `not_found`.
pub async fn list(app: &App, visitor: &Visitor, worker: WorkerId) -> Result<Vec<Leave>, Stop> {
    let county = may(visitor, worker)?;
    let look = move |tx: &mut Tx<'_>| {
        Worker::by_id(tx, county, worker)?;
        worker::leaves(tx, county, Some(worker), tx.now.date())
    };
    app.db.read(In::County(county), look).await
}

/// Absences of all workers that are on or to come, the next first.
///
/// # Errors
/// `access.denied` for anybody but those who keep the workers.
pub async fn all(app: &App, visitor: &Visitor) -> Result<Vec<Leave>, Stop> {
    let county = visitor.scope(Act::Write, Noun::Worker)?.county;
    app.db.read(In::County(county), move |tx| worker::leaves(tx, county, None, tx.now.date())).await
}

/// Whose absence this is, where it is on or to come and the visitor may see it.
///
/// # Errors
/// `not_found`.
pub async fn worker_of(app: &App, visitor: &Visitor, id: Id<Leave>) -> Result<WorkerId, Stop> {
    let county = visitor.county;
    let look = move |tx: &mut Tx<'_>| {
        let all = worker::leaves(tx, county, None, tx.now.date())?;
        Ok(all.iter().find(|leave| leave.id == id).map(|leave| leave.worker_id))
    };
    let worker = app.db.read(In::County(county), look).await?.ok_or_else(Refusal::absent)?;
    may(visitor, worker).map_err(|_| Refusal::absent())?;
    Ok(worker)
}

/// What a worker has in hand that somebody would have to take over.
///
/// # Errors
/// `access.denied`; `not_found`.
pub async fn in_hand(app: &App, visitor: &Visitor, worker: WorkerId) -> Result<OpenWork, Stop> {
    let county = may(visitor, worker)?;
    let look = move |tx: &mut Tx<'_>| {
        Worker::by_id(tx, county, worker)?;
        open_work(tx, county, worker)
    };
    app.db.read(In::County(county), look).await
}

/// Takes an absence back that has not begun.
///
/// # Errors
/// `access.denied`; `not_found`; `action.not_allowed` where it has begun.
pub async fn remove(app: &App, visitor: &Visitor, worker: WorkerId, id: Id<Leave>) -> Result<(), Stop> {
    let county = may(visitor, worker)?;
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        let all = worker::leaves(tx, county, Some(worker), tx.now.date())?;
        let leave = all.iter().find(|leave| leave.id == id).ok_or_else(Refusal::absent)?;
        if leave.from_date <= tx.now.date() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        worker::remove_leave(tx, county, id)?;
        duty::unflag(tx, (county, account), worker, (leave.from_date, leave.to_date), "leave")?;
        record(tx, county, account, worker, serde_json::json!({ "removed": id }))
    };
    app.db.write(In::County(county), write).await
}

/// Workers who have left or are on leave, or soon will be, and still have households or lead open cases; most urgent
/// first.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn waiting(app: &App, visitor: &Visitor) -> Result<Vec<Waiting>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| {
        let mut loads: HashMap<WorkerId, i64> = pairing::loads(tx, scope.county)?
            .into_iter()
            .filter_map(|(worker, _, load)| Some((worker?, load)))
            .collect();
        let mut led = casefile_people::open_led(tx, scope.county)?;
        let mut leaves: HashMap<WorkerId, Leave> = HashMap::new();
        for leave in worker::leaves(tx, scope.county, None, tx.now.date())? {
            leaves.entry(leave.worker_id).or_insert(leave);
        }
        let mut found = Vec::new();
        for worker in worker::all(tx, scope.county)? {
            let leave = leaves.remove(&worker.id).filter(|_| worker.active);
            let households = loads.remove(&worker.id).unwrap_or(0);
            let cases = led.remove(&worker.id).map_or(0, i64::from);
            if households + cases > 0 && (leave.is_some() || !worker.active) {
                found.push(Waiting { worker, leave, households, cases });
            }
        }
        // None, who has left, comes before any date.
        found.sort_by_key(|one| one.leave.as_ref().map(|leave| leave.from_date));
        Ok(found)
    };
    app.db.read(In::County(visitor.county), look).await
}

/// The county in which the visitor may see and record this worker's absences: one's own, or as who keeps the workers.
fn may(visitor: &Visitor, worker: WorkerId) -> Result<CountyId, Refusal> {
    let own = visitor.worker == Some(worker) && visitor.may(Act::Write, Noun::Own);
    if !own {
        visitor.scope(Act::Write, Noun::Worker)?;
    }
    Ok(visitor.county)
}

fn record(
    tx: &mut Tx<'_>,
    county: CountyId,
    account: Option<falin_domain::words::AccountId>,
    worker: WorkerId,
    details: serde_json::Value,
) -> Result<(), Stop> {
    let reason: Reason = trigger(account.is_some());
    let subject = Some(("worker", worker.bytes()));
    tx.record(Entry { county, account, event: Event::WorkerLeave, reason, subject, details })?;
    reexamine(tx, &Hand::behind(county, account), Touched::Worker(worker))?;
    tx.bump(county, worker::NOUN)
}
