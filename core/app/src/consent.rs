//! Both sides' word on a pairing, where a county wants it.
//!
//! A pairing counts from the day on which it begins, so that nobody is left without an adviser while answers come in;
//! what is missing or declined waits in a list for the lawyer, the clerk and the administrator.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{Page, Window};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::words::PairingId;
use falin_store::consent::{self, Consent, SIDES};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::notice::account_of;
use falin_store::plan::{Plan, PlanRow};
use falin_store::worker::{self, Worker};
use falin_store::{Stop, Tx, household_list, pairing};

pub use falin_store::consent::Waiting;

use crate::App;
use crate::notice::{self, New, To};
use crate::plan::{Names, too_long};
use crate::settings;

/// Most characters of what was said with an answer.
const NOTE: usize = 500;

/// Whose answer it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The lawyer's or firm's.
    Provider,
    /// The household's.
    Household,
}

impl Side {
    /// Its code in rows and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Provider => SIDES[0],
            Self::Household => SIDES[1],
        }
    }

    /// The side with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Provider, Self::Household].into_iter().find(|side| side.code() == code)
    }
}

/// How a household said it.
pub const HOWS: [&str; 3] = ["paper", "phone", "visit"];

/// An answer to be recorded.
#[derive(Clone)]
pub struct Answer {
    /// Whose.
    pub side: Side,
    /// Yes or no.
    pub accepted: bool,
    /// One of [`HOWS`]; needed for the household's.
    pub how: Option<String>,
    /// What was said with it; needed for a no.
    pub note: String,
}

/// One side's answer as it was recorded. No Debug: the note is the household's own word.
#[derive(Clone)]
pub struct Said {
    /// Yes or no.
    pub accepted: bool,
    /// What was said with it.
    pub note: Option<String>,
}

/// A pairing that waits, with the answers so far.
#[derive(Clone)]
pub struct Open {
    /// The pairing.
    pub waiting: Waiting,
    /// The provider's answer.
    pub provider: Option<Said>,
    /// The household's answer.
    pub household: Option<Said>,
}

impl Open {
    /// Who looks after the household.
    pub fn who(&self) -> Option<ProviderRef> {
        ProviderRef::of(self.waiting.span.worker_id, self.waiting.span.firm_id)
    }
}

/// Pairings that wait for an answer, or were declined, oldest first; none where the county asks for no consent.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn waiting(app: &App, visitor: &Visitor, window: Window) -> Result<(Page<Open>, Names), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        let rules = settings::read(tx, scope.county)?.1;
        let names = Names::read(tx, scope.county)?;
        if !rules.consent {
            return Ok((Page { items: Vec::new(), next: None }, names));
        }
        let found = consent::waiting(tx, &scope, rules.consent_since, &window)?;
        let ids: Vec<PairingId> = found.items.iter().map(|waiting| waiting.span.id).collect();
        let answers = consent::of(tx, scope.county, &ids)?;
        let items = found.items.into_iter().map(|waiting| open(tx, waiting, &answers));
        Ok((Page { items: items.collect::<Result<_, _>>()?, next: found.next }, names))
    };
    app.db.read(In::County(visitor.county), look).await
}

/// How many pairings [`waiting`] lists in all.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn count(app: &App, visitor: &Visitor) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        let rules = settings::read(tx, scope.county)?.1;
        Ok(if rules.consent { consent::count(tx, &scope, rules.consent_since)?.unsigned_abs() } else { 0 })
    };
    app.db.read(In::County(visitor.county), look).await
}

/// How many pairings of a scope have no word of their provider; None where the county asks for no consent.
///
/// # Errors
/// The store's own.
pub(crate) fn unanswered(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<usize>, Stop> {
    let rules = settings::read(tx, scope.county)?.1;
    if !rules.consent {
        return Ok(None);
    }
    let count = consent::unanswered(tx, scope, rules.consent_since)?;
    Ok(Some(usize::try_from(count).unwrap_or(0)))
}

/// Tells those to whom a plan gives households that their word is waited for, where the county wants it; of a firm
/// everybody who can sign in. Undoing the plan calls it off.
///
/// # Errors
/// The store's own.
pub(crate) fn ask(tx: &mut Tx<'_>, plan: &Plan, rows: &[PlanRow]) -> Result<(), Stop> {
    let county = plan.county_id;
    if !settings::read(tx, county)?.1.consent {
        return Ok(());
    }
    let mut given: BTreeMap<ProviderRef, usize> = BTreeMap::new();
    let changes = |row: &&PlanRow| (row.worker_id, row.firm_id) != (row.old_worker_id, row.old_firm_id);
    for who in rows.iter().filter(changes).filter_map(|row| ProviderRef::of(row.worker_id, row.firm_id)) {
        *given.entry(who).or_default() += 1;
    }
    for (who, count) in given {
        match who {
            ProviderRef::Worker(worker) => tell(tx, plan, To::Worker(worker), (who, count))?,
            ProviderRef::Firm(firm) => {
                for one in worker::all(tx, county)?.into_iter().filter(|one| one.firm_id == Some(firm)) {
                    if let Some(account) = account_of(tx, county, one.id)? {
                        tell(tx, plan, To::Account(account), (who, count))?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, plan: &Plan, to: To, (who, count): (ProviderRef, usize)) -> Result<(), Stop> {
    let (worker, firm) = who.columns();
    let whose = worker.map(|id| id.to_string()).or(firm.map(|id| id.to_string())).unwrap_or_default();
    let new = New {
        county: plan.county_id,
        key: format!("plan/{}/asked/{whose}", plan.id),
        to,
        text_key: "notice-pairing-asked",
        args: vec![("count", count.to_string().into())],
        subject: ("consent", plan.id.cast()),
        division: plan.place_id,
        not_before: None,
        language: None,
    };
    notice::queue(tx, new)
}

/// A pairing with those of the answers that are its own.
fn open(tx: &Tx<'_>, waiting: Waiting, answers: &[Consent]) -> Result<Open, Stop> {
    let own = |one: &&Consent| one.pairing_id == waiting.span.id;
    let said = |side: Side| match answers.iter().filter(own).find(|one| one.side == side.code()) {
        None => Ok(None),
        Some(one) => consent::open_note(tx, one).map(|note| Some(Said { accepted: one.accepted, note })),
    };
    let (provider, household) = (said(Side::Provider)?, said(Side::Household)?);
    Ok(Open { waiting, provider, household })
}

/// One current pairing with the answers so far.
///
/// # Errors
/// `not_found` where it is not there, has ended, or is not the visitor's; `access.denied`.
pub async fn one(app: &App, visitor: &Visitor, id: PairingId) -> Result<(Open, Names), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    let look = move |tx: &mut Tx<'_>| {
        let span = pairing::by_id(tx, scope.county, id)?;
        let household = household_list::one(tx, &scope, span.household_id)?;
        if span.to_date.is_some() {
            return Err(Refusal::absent().into());
        }
        let waiting = Waiting { span, head: household.head_name, village: household.village_id };
        let answers = consent::of(tx, scope.county, &[id])?;
        Ok((open(tx, waiting, &answers)?, Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Records one side's answer to a current pairing; a later answer takes its place.
///
/// # Errors
/// `not_found`; `access.denied` where the provider's answer is given by another lawyer; `action.not_allowed` where the
/// county asks for no consent or the pairing has ended; `form.invalid` at `how` or `reason`.
pub async fn answer(app: &App, visitor: &Visitor, id: PairingId, answer: Answer) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Pairing)?;
    check(&answer)?;
    let (account, me) = (visitor.account, visitor.worker);
    let write = move |tx: &mut Tx<'_>| {
        let span = pairing::by_id(tx, scope.county, id)?;
        household_list::one(tx, &scope, span.household_id)?;
        if span.to_date.is_some() || !settings::read(tx, scope.county)?.1.consent {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if answer.side == Side::Provider && scope.only_mine {
            let firm =
                me.map(|me| Worker::by_id(tx, scope.county, me)).transpose()?.and_then(|own| own.firm_id);
            let own = (span.worker_id.is_some() && span.worker_id == me)
                || (span.firm_id.is_some() && span.firm_id == firm);
            if !own {
                return Err(Refusal::new("access.denied").into());
            }
        }
        let note = answer.note.trim();
        let note_sealed = match note.is_empty() {
            true => None,
            false => Some(consent::seal_note(tx, scope.county, id, note)?),
        };
        let said = Consent {
            county_id: scope.county,
            pairing_id: id,
            side: answer.side.code().to_owned(),
            accepted: answer.accepted,
            how: answer.how.clone().filter(|_| answer.side == Side::Household),
            note_sealed,
            account_id: account,
            at_ms: tx.now.millis(),
        };
        consent::record(tx, &said)?;
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::PairingConsented,
            reason: Reason::Person,
            subject: Some(("pairing", id.bytes())),
            details: serde_json::json!({ "side": said.side, "accepted": said.accepted, "how": said.how }),
        })?;
        tx.bump(scope.county, pairing::NOUN)
    };
    app.db.write(In::County(visitor.county), write).await
}

fn check(answer: &Answer) -> Result<(), Refusal> {
    let how = answer.how.as_deref();
    if answer.side == Side::Household && !how.is_some_and(|how| HOWS.contains(&how)) {
        return Err(Refusal::field("how", "required"));
    }
    if !answer.accepted && answer.note.trim().is_empty() {
        return Err(Refusal::field("reason", "required"));
    }
    if answer.note.chars().count() > NOTE {
        return Err(too_long("reason", NOTE));
    }
    Ok(())
}
