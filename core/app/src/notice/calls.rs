//! Calls that clerks make where no notice reaches the person.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::notice::CallOutcome;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CallId, DivisionId};
use falin_store::division::{self, Division};
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
        let places = division::named(tx, county, &places)?;
        let mut items = Vec::new();
        for row in page.items {
            let place = row.division_id.and_then(|id| places.get(&id).cloned());
            items.push(ToCall { division: place, ..opened(tx, row)? });
        }
        Ok(Page { items, next: page.next })
    };
    let page = app.db.read(In::County(county), work).await?;
    let shown: Vec<String> = page.items.iter().map(|item| item.call.id.to_string()).collect();
    if !shown.is_empty() {
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
    let scope = visitor.scope(Act::Write, Noun::Call)?;
    let (county, account) = (scope.county, visitor.account);
    let outcome = CallOutcome::from_code(outcome);
    let work = move |tx: &mut Tx<'_>| {
        let mut row = rows::call(tx, &scope, id)?;
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
            county,
            account,
            event: Event::CallDone,
            reason: Reason::Person,
            subject: Some(("call", id.bytes())),
            details: serde_json::json!({ "outcome": outcome.code() }),
        })?;
        opened(tx, row)
    };
    app.db.write(In::County(county), work).await
}
