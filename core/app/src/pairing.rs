//! Who looks after a household, who did, and who must not.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{HouseholdId, Id};
use falin_store::consent::{self, Consent};
use falin_store::db::In;
use falin_store::firm::Firm;
use falin_store::journal::Entry;
use falin_store::worker::Worker;
use falin_store::{Stop, Tx, casefile_match, household_list, pairing};

pub use falin_store::pairing::{Conflict, Pairing};

use crate::plan::{Names, too_long};
use crate::{App, booking};

/// Most characters of a conflict's reason.
const REASON: usize = 500;

/// A pairing as it is shown.
#[derive(Clone, Debug)]
pub struct Span {
    /// The span.
    pub span: Pairing,
    /// Both sides' answers, where the county asks for them.
    pub answers: Vec<Consent>,
}

impl Span {
    /// Who looks after the household.
    pub fn who(&self) -> Option<ProviderRef> {
        ProviderRef::of(self.span.worker_id, self.span.firm_id)
    }
}

/// All pairings of a household, newest first.
///
/// # Errors
/// `not_found` where the household is not there or not the visitor's to see; `access.denied`.
pub async fn history(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<(Vec<Span>, Names), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        let spans = pairing::history(tx, scope.county, id)?;
        Ok((answered(tx, &scope, spans)?, Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}

/// The pairing that held on `day`: who was responsible.
///
/// # Errors
/// As [`history`].
pub async fn on(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    day: Date,
) -> Result<(Option<Span>, Names), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        let spans = pairing::on(tx, scope.county, id, day)?.into_iter().collect();
        Ok((answered(tx, &scope, spans)?.pop(), Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}

fn answered(tx: &mut Tx<'_>, scope: &Scope, spans: Vec<Pairing>) -> Result<Vec<Span>, Stop> {
    let ids: Vec<_> = spans.iter().map(|span| span.id).collect();
    let answers = consent::of(tx, scope.county, &ids)?;
    let own = |span: &Pairing| answers.iter().filter(|one| one.pairing_id == span.id).cloned().collect();
    Ok(spans.into_iter().map(|span| Span { answers: own(&span), span }).collect())
}

/// Conflicts of interest that stand for a household.
///
/// # Errors
/// As [`history`].
pub async fn conflicts(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
) -> Result<(Vec<Conflict>, Names), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        Ok((pairing::conflicts(tx, scope.county, Some(id))?, Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Records that a provider must not look after a household (律师法 39). A pairing with that provider is not ended
/// by it: `falin pair check` and the next plan name it, and a person decides.
///
/// # Errors
/// `not_found`; `form.invalid` at `provider` or `reason`; `access.denied`.
pub async fn add_conflict(
    app: &App,
    visitor: &Visitor,
    household: HouseholdId,
    who: ProviderRef,
    reason: &str,
) -> Result<Id<Conflict>, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Refusal::field("reason", "required").into());
    }
    if reason.chars().count() > REASON {
        return Err(too_long("reason", REASON).into());
    }
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, household)?;
        let known = match who {
            ProviderRef::Worker(id) => Worker::by_id(tx, scope.county, id).map(|_| ()),
            ProviderRef::Firm(id) => Firm::by_id(tx, scope.county, id).map(|_| ()),
        };
        known.map_err(|stop| stop.if_absent(|| Refusal::field("provider", "provider.unknown")))?;
        let (worker_id, firm_id) = who.columns();
        let conflict = Conflict {
            county_id: scope.county,
            id: tx.id(),
            household_id: household,
            worker_id,
            firm_id,
            reason: reason.clone(),
            created_ms: tx.now.millis(),
            lifted_ms: None,
        };
        pairing::add_conflict(tx, &conflict)?;
        let barred = |worker: &Worker| {
            Some(worker.id) == worker_id || (firm_id.is_some() && worker.firm_id == firm_id)
        };
        for case in casefile_match::open_of_household(tx, scope.county, household)? {
            booking::conflict_found(tx, scope.county, account, case.cast(), barred)?;
        }
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::HouseholdSaved,
            reason: Reason::Person,
            subject: Some((falin_store::household::NOUN, household.bytes())),
            details: serde_json::json!({ "conflict": conflict.id, "provider": who }),
        })?;
        tx.bump(scope.county, pairing::NOUN)?;
        Ok(conflict.id)
    };
    app.db.write(In::County(visitor.county), write).await
}

/// Lifts a conflict of a household.
///
/// # Errors
/// `not_found`; `access.denied`.
pub async fn lift_conflict(
    app: &App,
    visitor: &Visitor,
    household: HouseholdId,
    id: Id<Conflict>,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    let account = visitor.account;
    let write = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, household)?;
        let standing = pairing::conflicts(tx, scope.county, Some(household))?;
        if !standing.iter().any(|one| one.id == id) {
            return Err(Refusal::absent().into());
        }
        pairing::lift_conflict(tx, scope.county, id)?;
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::HouseholdSaved,
            reason: Reason::Person,
            subject: Some((falin_store::household::NOUN, household.bytes())),
            details: serde_json::json!({ "conflict_lifted": id }),
        })?;
        tx.bump(scope.county, pairing::NOUN)
    };
    app.db.write(In::County(visitor.county), write).await
}
