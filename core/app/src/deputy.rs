//! Deputies (AB岗): who stands in for a legal worker or mediator, from one day to another.
//!
//! During these days the deputy sees and acts in the other's open cases, finds them among the own ones, and is told what
//! the other is told. The history, the journal and the case's page say who acted for whom.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DeputyId, WorkerId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::worker::Worker;
use falin_store::{Stop, Tx, account, deputy, if_there, worker};
use serde_json::json;

pub use falin_store::deputy::Deputy;

use crate::App;
use crate::notice::{self, New as Message, To};

/// Most days for which one deputy is named at once.
const MOST_DAYS: i64 = 366;

/// A deputy to be named.
#[derive(Clone, Copy, Debug)]
pub struct New {
    /// For whom.
    pub worker: WorkerId,
    /// Who stands in.
    pub deputy: WorkerId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A deputy with both names.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The row.
    pub deputy: Deputy,
    /// Name of who is away.
    pub worker: String,
    /// Name of who stands in.
    pub stands_in: String,
    /// Whether it is on today.
    pub on: bool,
}

/// Deputies that are on or to come, the next first; of one worker on either side, or of all.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, of: Option<WorkerId>) -> Result<Vec<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Deputy)?;
    let of = match (scope.only_mine, scope.mine) {
        (true, None) => return Ok(Vec::new()),
        (true, me) => me,
        (false, _) => of,
    };
    let look = move |tx: &mut Tx<'_>| {
        let rows = deputy::from(tx, scope.county, of, tx.now.date())?;
        shown(tx, scope.county, rows)
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Workers on duty who can stand in for another: those with an account, in pinyin order.
///
/// # Errors
/// `access.denied`.
pub async fn candidates(app: &App, visitor: &Visitor) -> Result<Vec<Worker>, Stop> {
    let mut all = crate::worker::choices(app, visitor).await?;
    let county = visitor.county;
    let with = app.db.read(In::County(county), move |tx| account::workers_with(tx, county)).await?;
    all.retain(|worker| with.contains(&worker.id));
    Ok(all)
}

fn shown(tx: &mut Tx<'_>, county: CountyId, rows: Vec<Deputy>) -> Result<Vec<Shown>, Stop> {
    let ids: Vec<WorkerId> = rows.iter().flat_map(|row| [row.worker_id, row.deputy_id]).collect();
    let names: HashMap<WorkerId, Worker> = Worker::by_ids(tx, county, &ids)?;
    let name = |id: WorkerId| names.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
    let today = tx.now.date();
    let one = |row: Deputy| Shown {
        worker: name(row.worker_id),
        stands_in: name(row.deputy_id),
        on: row.from_date <= today && today <= row.to_date,
        deputy: row,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Names a deputy and tells both.
///
/// # Errors
/// `access.denied`; `form.invalid` at `worker`, `deputy`, `from` or `to`; `deputy.overlap` where the worker has one on
/// some of these days.
pub async fn add(app: &App, visitor: &Visitor, new: New) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Write, Noun::Deputy)?.county;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        checked(tx, county, &new)?;
        let row = Deputy {
            county_id: county,
            id: tx.id(),
            worker_id: new.worker,
            deputy_id: new.deputy,
            from_date: new.from,
            to_date: new.to,
            account_id: account,
            created_ms: tx.now.millis(),
            ended_ms: None,
            version: 1,
        };
        row.insert(tx).map_err(|stop| stop.or_rule("deputy.overlap"))?;
        record(tx, (county, account), &row, "named")?;
        let shown = shown(tx, county, vec![row])?;
        let shown = shown.into_iter().next().ok_or_else(Refusal::absent)?;
        tell(tx, &shown, "notice-deputy-named")?;
        Ok(shown)
    };
    app.db.write(In::County(county), work).await
}

type By = (CountyId, Option<AccountId>);

fn checked(tx: &mut Tx<'_>, county: CountyId, new: &New) -> Result<(), Stop> {
    let mut faults = Vec::new();
    let there = |tx: &mut Tx<'_>, id| -> Result<bool, Stop> {
        Ok(if_there(Worker::by_id(tx, county, id))?.is_some_and(|worker| worker.active))
    };
    if !there(tx, new.worker)? {
        faults.push(FieldError::new("worker", "worker.unknown"));
    }
    if new.deputy == new.worker {
        faults.push(FieldError::new("deputy", "deputy.self"));
    } else if !there(tx, new.deputy)? {
        faults.push(FieldError::new("deputy", "worker.unknown"));
    } else if account::of_worker(tx, county, new.deputy)?.is_none() {
        faults.push(FieldError::new("deputy", "deputy.no_account"));
    } else if away(tx, county, new)? {
        faults.push(FieldError::new("deputy", "deputy.away"));
    }
    if new.to < new.from || new.to < tx.now.date() {
        faults.push(FieldError::new("to", "date.invalid"));
    } else if new.from.days_until(new.to) >= MOST_DAYS {
        faults.push(FieldError::new("to", "out_of_range").with("min", 1).with("max", MOST_DAYS));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults).into()) }
}

/// Whether the deputy is away on one of these days.
fn away(tx: &mut Tx<'_>, county: CountyId, new: &New) -> Result<bool, Stop> {
    let leaves = worker::leaves(tx, county, Some(new.deputy), new.from)?;
    Ok(leaves.iter().any(|leave| leave.from_date <= new.to && new.from <= leave.to_date))
}

/// Refuses where there is no such deputy: before an act's form is looked at.
///
/// # Errors
/// `not_found`.
pub async fn there(app: &App, visitor: &Visitor, id: DeputyId) -> Result<(), Stop> {
    let county = visitor.county;
    app.db.read(In::County(county), move |tx| Deputy::by_id(tx, county, id).map(drop)).await
}

/// Ends a deputy's time, from now on.
///
/// # Errors
/// `access.denied`, `not_found`; `state.changed`; `action.not_allowed` where it is over.
pub async fn end(app: &App, visitor: &Visitor, id: DeputyId, version: i64) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Write, Noun::Deputy)?.county;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = Deputy::by_id(tx, county, id)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if row.ended_ms.is_some() || row.to_date < tx.now.date() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        row.ended_ms = Some(tx.now.millis());
        row.save(tx)?;
        record(tx, (county, account), &row, "ended")?;
        let shown = shown(tx, county, vec![row])?;
        let shown = shown.into_iter().next().ok_or_else(Refusal::absent)?;
        tell(tx, &shown, "notice-deputy-ended")?;
        Ok(Shown { on: false, ..shown })
    };
    app.db.write(In::County(county), work).await
}

fn record(tx: &mut Tx<'_>, (county, account): By, row: &Deputy, what: &str) -> Result<(), Stop> {
    tx.record(Entry {
        county,
        account,
        event: Event::DeputySaved,
        reason: if account.is_some() { Reason::Person } else { Reason::Operator },
        subject: Some(("worker", row.worker_id.bytes())),
        details: json!({
            "deputy": row.deputy_id, "from": row.from_date, "to": row.to_date, "what": what,
        }),
    })?;
    tx.bump(county, "worker")
}

fn tell(tx: &mut Tx<'_>, shown: &Shown, text_key: &str) -> Result<(), Stop> {
    let row = &shown.deputy;
    for worker in [row.worker_id, row.deputy_id] {
        // A worker without an account is told by the administrator who names the deputy: no clerk has to call.
        let Some(account) = account::of_worker(tx, row.county_id, worker)? else { continue };
        notice::queue(
            tx,
            Message {
                county: row.county_id,
                key: format!("deputy/{}/{worker}/{}", row.id, row.version),
                to: To::Account(account),
                text_key,
                args: vec![
                    ("worker", shown.worker.as_str().into()),
                    ("deputy", shown.stands_in.as_str().into()),
                    ("from", row.from_date.into()),
                    ("to", row.to_date.into()),
                ],
                subject: ("worker", row.worker_id.cast()),
                division: None,
                not_before: None,
                language: None,
            },
        )?;
    }
    Ok(())
}
