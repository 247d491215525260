//! Putting a plan into effect and taking it back: each in one transaction, each at most once.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, PlanId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::{Stop, Tx, firm, pairing, plan_effect, worker};

use super::recheck::{changed, stand};
use super::stage::trigger;
use super::summary::{Summary, Why};
use super::{Acted, draft, in_scope, known_version};
use crate::{App, consent, handover, notice};

/// Puts a draft into effect, from the version that the visitor saw (None: whichever it is).
///
/// # Errors
/// `not_found`; `state.changed`; `plan.committed`, `plan.undone`; `plan.too_early` before its day;
/// `plan.changed` where anything that it checked has changed since: then nothing happens.
pub async fn commit(app: &App, visitor: &Visitor, id: PlanId, version: Option<i64>) -> Result<Acted, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Plan)?;
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        let mut plan = draft(tx, &scope, id, version)?;
        if tx.now.date() < plan.effective_on {
            return Err(Refusal::new("plan.too_early").with("date", plan.effective_on).into());
        }
        plan.effective_on = tx.now.date();
        let standing = stand(tx, &plan, plan.effective_on)?;
        let summary = Summary::parse(&plan.summary)?;
        // A household that got a pairing after all the checks breaks the database's own rule.
        let (ended, begun) =
            plan_effect::put_into_effect(tx, &plan).map_err(|stop| rule(stop, changed("households")))?;
        if let (Some(leaver), Some(worker)) = (&summary.leaver, plan.leaver_id)
            && leaver.why == Why::Left
        {
            handover::leave(tx, &plan, worker, leaver, account)?;
        }
        consent::ask(tx, &plan, &standing.rows)?;
        plan.state = "committed".to_owned();
        plan.committed_ms = Some(tx.now.millis());
        plan.save(tx)?;
        tx.record(Entry {
            county: plan.county_id,
            account,
            event: Event::PlanCommitted,
            reason: trigger(account.is_some()),
            subject: Some(("plan", plan.id.bytes())),
            details: serde_json::json!({
                "kind": plan.kind, "ended": ended, "begun": begun, "rows": standing.rows.len(),
            }),
        })?;
        bump(tx, plan.county_id)?;
        Ok(Acted::of(&plan))
    };
    app.db.write(In::County(visitor.county), write).await
}

/// Takes a committed plan back: everybody has again whom they had before.
///
/// # Errors
/// `not_found`; `state.changed`; `plan.undone`; `action.not_allowed` for a draft; `plan.used` where one of its
/// pairings, or somebody to whom households would go back, has changed since: then nothing happens.
pub async fn undo(app: &App, visitor: &Visitor, id: PlanId, version: Option<i64>) -> Result<Acted, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Plan)?;
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        let mut plan = in_scope(tx, &scope, id)?;
        known_version(&plan, version)?;
        match plan.state.as_str() {
            "undone" => return Err(Refusal::new("plan.undone").into()),
            "committed" => {}
            _ => return Err(Refusal::new("action.not_allowed").into()),
        }
        let summary = Summary::parse(&plan.summary)?;
        if let (Some(leaver), Some(worker)) = (&summary.leaver, plan.leaver_id)
            && leaver.why == Why::Left
        {
            handover::return_to(tx, &plan, worker, leaver, account)?;
        }
        let used = || Stop::from(Refusal::new("plan.used"));
        let begun = plan_effect::take_back(tx, &plan).map_err(|stop| rule(stop, used()))?;
        notice::cancel(tx, plan.county_id, plan.id.cast())?;
        still_fits(tx, plan.county_id, &summary)?;
        plan.state = "undone".to_owned();
        plan.undone_ms = Some(tx.now.millis());
        plan.save(tx)?;
        tx.record(Entry {
            county: plan.county_id,
            account,
            event: Event::PlanUndone,
            reason: Reason::Undo,
            subject: Some(("plan", plan.id.bytes())),
            details: serde_json::json!({ "kind": plan.kind, "begun": begun }),
        })?;
        bump(tx, plan.county_id)?;
        Ok(Acted::of(&plan))
    };
    app.db.write(In::County(visitor.county), write).await
}

/// Gives a draft up: it stays on record and can no longer be committed.
///
/// # Errors
/// `not_found`; `state.changed`; `plan.committed`, `plan.undone`.
pub async fn drop(app: &App, visitor: &Visitor, id: PlanId, version: Option<i64>) -> Result<Acted, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Plan)?;
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        let mut plan = draft(tx, &scope, id, version)?;
        plan.state = "undone".to_owned();
        plan.undone_ms = Some(tx.now.millis());
        plan.save(tx)?;
        tx.record(Entry {
            county: plan.county_id,
            account,
            event: Event::PlanUndone,
            reason: trigger(account.is_some()),
            subject: Some(("plan", plan.id.bytes())),
            details: serde_json::json!({ "kind": plan.kind, "begun": 0 }),
        })?;
        tx.bump(plan.county_id, "plan")?;
        Ok(Acted::of(&plan))
    };
    app.db.write(In::County(visitor.county), write).await
}

/// A broken rule of the database as the refusal that it means here.
fn rule(stop: Stop, meant: Stop) -> Stop {
    match stop {
        Stop::Rule(_) => meant,
        other => other,
    }
}

fn bump(tx: &mut Tx<'_>, county: CountyId) -> Result<(), Stop> {
    tx.bump(county, pairing::NOUN)?;
    tx.bump(county, "card")?;
    tx.bump(county, "plan")
}

/// Refuses to give households back to somebody who cannot take them any more, or no longer has the room.
fn still_fits(tx: &mut Tx<'_>, county: CountyId, summary: &Summary) -> Result<(), Stop> {
    let mut gone: HashMap<ProviderRef, bool> = HashMap::new();
    for one in worker::all(tx, county)? {
        gone.insert(ProviderRef::Worker(one.id), !one.active);
    }
    for one in firm::all(tx, county)? {
        gone.insert(ProviderRef::Firm(one.id), !one.active);
    }
    let now: HashMap<_, _> = pairing::loads(tx, county)?
        .into_iter()
        .filter_map(|(worker, firm, load)| Some((ProviderRef::of(worker, firm)?, load)))
        .collect();
    for load in summary.loads.iter().filter(|load| load.after < load.before) {
        let has = now.get(&load.who).copied().unwrap_or(0);
        let full = has > i64::from(load.capacity.max(load.before));
        if full || (load.active && gone.get(&load.who).copied().unwrap_or(true)) {
            return Err(Refusal::new("plan.used").into());
        }
    }
    Ok(())
}
