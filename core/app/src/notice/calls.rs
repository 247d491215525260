//! Calls that clerks make where no notice reaches the person.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::notice::CallOutcome;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CallId, CountyId, DivisionId};
use falin_store::division::Division;
use falin_store::journal::Entry;
use falin_store::notice::{self as rows, Call, bound};
use falin_store::{In, Tx};

use super::{Args, args_from};
use crate::{App, Stop};

/// A call as a clerk reads it.
#[derive(Clone, Debug)]
pub struct ToCall {
    /// The row.
    pub call: Call,
    /// The person's name.
    pub name: String,
    /// The telephone; empty where none is known.
    pub phone: String,
    /// Arguments of the text that is to be told.
    pub args: Args,
    /// Where it belongs.
    pub division: Option<Division>,
}

fn opened(tx: &mut Tx<'_>, call: Call) -> Result<ToCall, Stop> {
    let id = call.id.bytes();
    let county = call.county_id;
    let open = |column, sealed: &[u8]| tx.open(bound("call_task", column, &id, county), sealed);
    let (name, phone) = (open("who_sealed", &call.who_sealed)?, open("phone_sealed", &call.phone_sealed)?);
    let args = args_from(&open("args_sealed", &call.args_sealed)?)?;
    Ok(ToCall { call, name, phone, args, division: None })
}

/// Somebody to call, with all that is to be told, the longest waiting first.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The calls; never empty.
    pub calls: Vec<ToCall>,
}

/// Most calls that are looked through for one list; the oldest, so that the rest comes up when these are made.
const MOST: u16 = 2000;

/// People to call in the visitor's places, the longest waiting first, each once, and how many they are. What is shown
/// is traced.
///
/// # Errors
/// `access.denied`.
pub async fn callers(app: &App, visitor: &Visitor, window: Window) -> Result<(Page<Caller>, usize), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Call)?;
    let (county, account) = (scope.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let rows = rows::calls(tx, &scope, false, &Window { limit: MOST, after: None })?.items;
        let places: Vec<DivisionId> = rows.iter().filter_map(|row| row.division_id).collect();
        let places = Division::by_ids(tx, county, &places)?;
        let mut people: Vec<Caller> = Vec::new();
        for row in rows {
            let place = row.division_id.and_then(|id| places.get(&id).cloned());
            let call = ToCall { division: place, ..opened(tx, row)? };
            match people.iter_mut().find(|known| known.is(&call)) {
                Some(known) => known.calls.push(call),
                None => people.push(Caller { calls: vec![call] }),
            }
        }
        let all = people.len();
        if let Some(after) = &window.after {
            let at = people.iter().position(|one| one.mark().id == after.id);
            let later = |one: &Caller| (one.mark().millis(), one.mark().id) > (after.millis(), after.id);
            people = match at {
                Some(at) => people.split_off(at + 1),
                // Whoever closed the page before has been called meanwhile.
                None => people.into_iter().filter(later).collect(),
            };
        }
        Ok((Page::cut(people, &window, Caller::mark), all))
    };
    let (page, all) = app.db.read(In::County(county), work).await?;
    let shown = page.items.iter().flat_map(|one| one.calls.iter()).map(|call| call.call.id.to_string());
    traced(app, county, account, shown.collect());
    Ok((page, all))
}

impl Caller {
    /// Whether a call is for the same person: the same name at the same telephone; without a telephone, about the
    /// same place.
    fn is(&self, call: &ToCall) -> bool {
        let known = &self.calls[0];
        let place = |one: &ToCall| one.call.division_id;
        known.name == call.name
            && known.phone == call.phone
            && (!call.phone.is_empty() || place(known) == place(call))
    }

    fn mark(&self) -> Mark {
        let first = &self.calls[0].call;
        Mark { key: first.created_ms.to_string(), id: first.id.uuid() }
    }
}

/// Notes in the journal which calls somebody was shown.
fn traced(app: &App, county: CountyId, account: Option<AccountId>, shown: Vec<String>) {
    if shown.is_empty() {
        return;
    }
    app.db.post(In::County(county), move |tx| {
        tx.record(Entry {
            county,
            account,
            event: Event::CallRevealed,
            reason: Reason::Person,
            subject: None,
            details: serde_json::json!({ "calls": shown }),
        })
    });
}

/// A page of the calls of the visitor's places, the longest waiting first. Opening the list is traced.
///
/// # Errors
/// `access.denied`.
pub async fn calls(app: &App, visitor: &Visitor, done: bool, window: Window) -> Result<Page<ToCall>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Call)?;
    let (county, account) = (scope.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let page = rows::calls(tx, &scope, done, &window)?;
        let places: Vec<DivisionId> = page.items.iter().filter_map(|row| row.division_id).collect();
        let places = Division::by_ids(tx, county, &places)?;
        let mut items = Vec::new();
        for row in page.items {
            let place = row.division_id.and_then(|id| places.get(&id).cloned());
            items.push(ToCall { division: place, ..opened(tx, row)? });
        }
        Ok(Page { items, next: page.next })
    };
    let page = app.db.read(In::County(county), work).await?;
    traced(app, county, account, page.items.iter().map(|item| item.call.id.to_string()).collect());
    Ok(page)
}

/// How many calls wait in the visitor's places.
///
/// # Errors
/// `access.denied`.
pub async fn call_count(app: &App, visitor: &Visitor, done: bool) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Call)?;
    app.db.read(In::County(visitor.county), move |tx| rows::call_count(tx, &scope, done)).await
}

/// One call of the visitor's places.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn call(app: &App, visitor: &Visitor, id: CallId) -> Result<ToCall, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Call)?;
    app.db
        .read(In::County(visitor.county), move |tx| {
            let row = rows::call(tx, &scope, id)?;
            opened(tx, row)
        })
        .await
}

/// Notes how a call ended.
///
/// # Errors
/// `access.denied`, `not_found`, `form.invalid` for an unknown outcome, `state.changed`, `action.not_allowed` where
/// it has ended already.
pub async fn end_call(
    app: &App,
    visitor: &Visitor,
    id: CallId,
    version: i64,
    outcome: &str,
) -> Result<ToCall, Stop> {
    let mut ended = end_calls(app, visitor, vec![(id, version)], outcome).await?;
    Ok(ended.pop().ok_or_else(Refusal::absent)?)
}

/// Notes how one call ended in which all this was told: each by its id and the version that was seen, all or none.
///
/// # Errors
/// As [`end_call`].
pub async fn end_calls(
    app: &App,
    visitor: &Visitor,
    told: Vec<(CallId, i64)>,
    outcome: &str,
) -> Result<Vec<ToCall>, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Call)?;
    let (county, account) = (scope.county, visitor.account);
    let outcome = CallOutcome::from_code(outcome);
    let work = move |tx: &mut Tx<'_>| {
        let mut ended = Vec::with_capacity(told.len());
        for (id, version) in &told {
            ended.push(end_one(tx, &scope, (*id, *version), outcome, account)?);
        }
        Ok(ended)
    };
    app.db.write(In::County(county), work).await
}

/// Ends calls about appointments that have passed: nobody need be told of them any more.
///
/// # Errors
/// The store's own.
pub(crate) async fn end_past_calls(app: &App, county: CountyId) -> Result<(), Stop> {
    let look = move |tx: &mut Tx<'_>| rows::about_past_bookings(tx, county, i64::from(MOST));
    if app.db.read(In::County(county), look).await?.is_empty() {
        return Ok(());
    }
    let work = move |tx: &mut Tx<'_>| {
        for subject in rows::about_past_bookings(tx, county, i64::from(MOST))? {
            super::cancel(tx, county, subject)?;
        }
        Ok(())
    };
    app.db.write(In::County(county), work).await
}

fn end_one(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, version): (CallId, i64),
    outcome: Option<CallOutcome>,
    account: Option<AccountId>,
) -> Result<ToCall, Stop> {
    let mut row = rows::call(tx, scope, id)?;
    let outcome = outcome.ok_or_else(|| Refusal::field("outcome", "unknown"))?;
    if row.version != version {
        return Err(Refusal::new("state.changed").into());
    }
    if row.done_ms.is_some() {
        return Err(Refusal::new("action.not_allowed").into());
    }
    row.outcome = Some(outcome.code().to_owned());
    row.done_ms = Some(tx.now.millis());
    row.account_id = account;
    row.save(tx)?;
    tx.record(Entry {
        county: scope.county,
        account,
        event: Event::CallDone,
        reason: Reason::Person,
        subject: Some(("call", id.bytes())),
        details: serde_json::json!({ "outcome": outcome.code() }),
    })?;
    opened(tx, row)
}
