//! What the county's administrator does about a wish for erasure.

use falin_domain::access::{Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::restriction::{RestrictionAct, RestrictionState, four_eyes, is_due};
use falin_domain::words::{AccountId, HouseholdId, RestrictionId};
use falin_store::casefile::{self, Case};
use falin_store::household::{self, Household};
use falin_store::restriction::{self, Restriction};
use falin_store::{In, Tx, card, gram, pairing, plugin_desk, plugin_stage, resident, session, token};

use super::list::{Shown, whole};
use super::{destroy, due_on, record, told};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop, deadline, notice};

/// Most characters of a reason.
const REASON: usize = 500;
/// Most characters of what names a request.
const REFERENCE: usize = 60;

/// A household to be restricted without a request at its own page: by letter, at the window.
#[derive(Clone, Default)]
pub struct New {
    /// Why.
    pub reason: String,
    /// What names the request.
    pub reference: String,
}

/// What is done about a wish.
#[derive(Clone)]
pub struct Typed {
    /// What.
    pub action: RestrictionAct,
    /// Why; must be said of what the household is told.
    pub reason: String,
    /// What names the request, or the wish to take it back; needed only where that did not come from the own page.
    pub reference: String,
}

/// Restricts a household: from now on it is only stored. A wish that waits is answered by it.
///
/// # Errors
/// `access.denied`; `not_found`; `form.invalid` at `reason` or `reference`; `household.in_use` where cases are open or
/// bookings to come; `restriction.open` where it is restricted already.
pub async fn restrict(app: &App, visitor: &Visitor, household: HouseholdId, new: New) -> Result<Shown, Stop> {
    let by = By::whole_county(visitor, Noun::Restriction)?;
    let mut reader = Reader::default();
    let reason = reader.required("reason", &new.reason, REASON);
    let reference = reader.required("reference", &new.reference, REFERENCE);
    let (reason, reference) = reader.finish((reason, reference))?;
    let who = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let home = Household::by_id(tx, by.county, household)?;
        if home.staged {
            return Err(Refusal::absent().into());
        }
        let waiting = restriction::latest(tx, by.county, household)?.filter(|row| row.ended_ms.is_none());
        let (mut row, fresh) = match waiting {
            Some(row) if row.state == RestrictionState::Asked => (row, false),
            Some(_) => return Err(Refusal::new("restriction.open").into()),
            None if home.restricted_ms.is_some() => return Err(Refusal::new("household.restricted").into()),
            None => (Restriction::new(tx, by.county, household), true),
        };
        row.reference.clone_from(&reference);
        if fresh {
            row.insert(tx).map_err(|stop| stop.or_rule("restriction.open"))?;
        }
        store_only(tx, &mut row, by.account, &reason)?;
        whole(tx, &who, row)
    };
    app.db.write(In::All, work).await
}

/// Does what may be done about a wish now.
///
/// # Errors
/// `access.denied`, `not_found`; `form.invalid` at `reason` or `reference`; `state.changed`; `action.not_allowed`; `household.in_use`;
/// `restriction.not_due` and `restriction.four_eyes` of a destruction.
pub async fn act(
    app: &App,
    visitor: &Visitor,
    id: RestrictionId,
    version: i64,
    typed: Typed,
) -> Result<Shown, Stop> {
    let by = By::whole_county(visitor, Noun::Restriction)?;
    let (flows, who) = (app.flows.clone(), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut row = Restriction::by_id(tx, by.county, id)?;
        let (reason, reference) = typed.read()?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        let next = row.state.after(typed.action).ok_or_else(|| Refusal::new("action.not_allowed"))?;
        if typed.action == RestrictionAct::Lift && row.lift_asked_ms.is_none() && reference.is_empty() {
            return Err(Refusal::field("reference", "required").into());
        }
        if !reference.is_empty() {
            row.reference = reference;
        }
        match typed.action {
            RestrictionAct::Restrict => store_only(tx, &mut row, by.account, &reason)?,
            RestrictionAct::Refuse => {
                row.seal_reason(tx, &reason)?;
                ended(tx, &mut row, next)?;
                record(tx, &row, by.account, Event::ErasureRefused)?;
                told::people(tx, &row, "notice-erasure-refused")?;
            }
            RestrictionAct::Lift => lift(tx, &mut row, by.account, &reason)?,
            RestrictionAct::Propose => {
                let me = four_eyes(None, by.account)?;
                due_now(tx, &row)?;
                (row.state, row.proposed_by, row.proposed_ms) = (next, Some(me), Some(tx.now.millis()));
                row.save(tx)?;
                record(tx, &row, by.account, Event::DestructionProposed)?;
                told::administrators(tx, &row, "notice-erasure-proposed")?;
            }
            RestrictionAct::Decline => {
                (row.state, row.proposed_by, row.proposed_ms) = (next, None, None);
                row.save(tx)?;
                record(tx, &row, by.account, Event::DestructionDeclined)?;
            }
            RestrictionAct::Approve => {
                row.approved_by = Some(four_eyes(row.proposed_by, by.account)?);
                due_now(tx, &row)?;
                destroy::whole(tx, &flows, &row)?;
                row.reason_sealed = None;
                ended(tx, &mut row, next)?;
                record(tx, &row, by.account, Event::HouseholdDestroyed)?;
                tx.bump(row.county_id, household::NOUN)?;
            }
        }
        whole(tx, &who, row)
    };
    app.db.write(In::All, work).await
}

impl Typed {
    fn read(&self) -> Result<(String, String), Refusal> {
        let mut reader = Reader::default();
        let reason = match self.action {
            RestrictionAct::Restrict | RestrictionAct::Refuse | RestrictionAct::Lift => {
                reader.required("reason", &self.reason, REASON)
            }
            _ => reader.text("reason", &self.reason, REASON),
        };
        let reference = reader.text("reference", &self.reference, REFERENCE);
        reader.finish((reason, reference))
    }
}

fn ended(tx: &mut Tx<'_>, row: &mut Restriction, state: RestrictionState) -> Result<(), Stop> {
    (row.state, row.ended_ms) = (state, Some(tx.now.millis()));
    row.save(tx)
}

/// Whether the day has come.
fn due_now(tx: &Tx<'_>, row: &Restriction) -> Result<(), Stop> {
    let due = row.due_on.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    Ok(is_due(due, tx.now.date())?)
}

/// Ends whatever goes on with a household, and marks it and its cases.
fn store_only(
    tx: &mut Tx<'_>,
    row: &mut Restriction,
    by: Option<AccountId>,
    reason: &str,
) -> Result<(), Stop> {
    let (county, home) = (row.county_id, row.household_id);
    let going = restriction::in_use(tx, county, home)?;
    if going.cases + going.bookings > 0 {
        let refusal = Refusal::new("household.in_use");
        return Err(refusal.with("cases", going.cases).with("bookings", going.bookings).into());
    }
    pairing::end(tx, county, home, "restricted")?;
    if card::valid(tx, county, home)?.is_some() {
        card::revoke(tx, county, home)?;
    }
    restriction::call_off_visits(tx, county, home)?;
    restriction::mark(tx, county, home, true)?;
    notice::cancel(tx, county, home.cast())?;
    gram::remove(tx, county, &home.bytes())?;
    for case in restriction::cases(tx, county, home)? {
        // What could still be done in time on a closed case is nobody's to do any more, whatever reminds of it.
        deadline::drop_all(tx, county, case.id.cast())?;
        plugin_stage::lay_aside(tx, county, case.id)?;
        plugin_desk::forget_exports_of(tx, county, &case.flow)?;
        notice::cancel(tx, county, case.id.cast())?;
        for booking in restriction::bookings(tx, county, case.id)? {
            notice::cancel(tx, county, booking.cast())?;
        }
        gram::remove(tx, county, &case.id.bytes())?;
    }
    for tie in resident::of_household(tx, county, home)? {
        session::end_all(tx, tie.account_id)?;
        token::revoke_all(tx, tie.account_id)?;
        notice::cancel(tx, county, tie.account_id.cast())?;
    }
    let today = tx.now.date();
    row.seal_reason(tx, reason)?;
    row.state = RestrictionState::Restricted;
    (row.restricted_by, row.restricted_ms) = (by, Some(tx.now.millis()));
    row.due_on = Some(due_on(tx, county, home, today)?);
    row.save(tx)?;
    tx.bump(county, pairing::NOUN)?;
    tx.bump(county, household::NOUN)?;
    record(tx, row, by, Event::HouseholdRestricted)?;
    told::people(tx, row, "notice-erasure-restricted")
}

/// Takes a restriction back: lists find the household and its cases again, and deadlines that were dropped with it run
/// on where they can still be kept. What was ended otherwise stays ended.
fn lift(tx: &mut Tx<'_>, row: &mut Restriction, by: Option<AccountId>, reason: &str) -> Result<(), Stop> {
    let (county, id) = (row.county_id, row.household_id);
    let cases = restriction::cases(tx, county, id)?;
    restriction::mark(tx, county, id, false)?;
    if let Some(since) = row.restricted_ms {
        cases.iter().try_for_each(|case| deadline::take_up(tx, county, case.id.cast(), since))?;
    }
    let home = Household::by_id(tx, county, id)?;
    household::index_names(tx, &home)?;
    for case in cases {
        let case = Case::by_id(tx, county, case.id)?;
        gram::index(tx, county, casefile::NOUN, &case.id.bytes(), &case.person_name)?;
    }
    row.seal_reason(tx, reason)?;
    (row.proposed_by, row.proposed_ms) = (None, None);
    ended(tx, row, RestrictionState::Lifted)?;
    tx.bump(county, household::NOUN)?;
    record(tx, row, by, Event::RestrictionLifted)?;
    told::people(tx, row, "notice-erasure-lifted")
}
