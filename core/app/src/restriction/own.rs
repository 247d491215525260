//! What a resident asks at the own page, and where that stands.

use falin_domain::access::Visitor;
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::restriction::RestrictionState;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, HouseholdId};
use falin_store::restriction::{self, Restriction};
use falin_store::{In, Tx, member, resident};

use super::{record, told as tell};
use crate::{App, Stop};

/// Where the wish of a resident's household stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own {
    /// Where it stands.
    pub state: RestrictionState,
    /// The day on which it was asked for, or written down.
    pub since: Date,
    /// The first day on which nothing must be kept any more; None before it is restricted.
    pub due: Option<Date>,
    /// Why, in the county's words; empty where it has said nothing.
    pub reason: String,
    /// Whether the household has asked to take it back.
    pub lift_asked: bool,
    /// The day on which it was refused or taken back.
    pub ended: Option<Date>,
}

/// The household for which an account stands today: of its head, or of a member who still belongs to it.
fn tied(tx: &mut Tx<'_>, county: CountyId, me: AccountId) -> Result<Option<HouseholdId>, Stop> {
    let Some(tie) = resident::of_account(tx, county, me)? else { return Ok(None) };
    let Some(who) = tie.member_id else { return Ok(Some(tie.household_id)) };
    let today = tx.now.date();
    let there = member::of(tx, county, tie.household_id)?;
    let belongs = there.iter().any(|one| one.id == who && one.belongs(today));
    Ok(belongs.then_some(tie.household_id))
}

/// Who stands for no household has nothing to ask here.
fn nobody() -> Refusal {
    Refusal::new("action.not_allowed")
}

/// The latest wish about the visitor's household; None where there is none.
///
/// # Errors
/// The store's own.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Option<Own>, Stop> {
    let (county, Some(me)) = (visitor.county, visitor.account) else { return Ok(None) };
    let look = move |tx: &mut Tx<'_>| {
        let Some(home) = tied(tx, county, me)? else { return Ok(None) };
        restriction::latest(tx, county, home)?.map(|row| told(tx, &row)).transpose()
    };
    app.db.read(In::County(county), look).await
}

fn told(tx: &Tx<'_>, row: &Restriction) -> Result<Own, Stop> {
    Ok(Own {
        state: row.state,
        since: Instant::from_millis(row.created_ms).date(),
        due: row.due_on.filter(|_| row.state.holds()),
        reason: row.reason(tx)?,
        lift_asked: row.lift_asked_ms.is_some(),
        ended: row.ended_ms.map(|ms| Instant::from_millis(ms).date()),
    })
}

/// A resident asks that what is kept about the household be erased; the county's administrators are told.
///
/// # Errors
/// `action.not_allowed` where the account stands for no household; `restriction.open` where it was asked for already.
pub async fn ask(app: &App, visitor: &Visitor) -> Result<Own, Stop> {
    let (county, me) = (visitor.county, visitor.account.ok_or_else(nobody)?);
    let work = move |tx: &mut Tx<'_>| {
        let home = tied(tx, county, me)?.ok_or_else(nobody)?;
        let mut row = Restriction::new(tx, county, home);
        row.asked_by = Some(me);
        row.insert(tx).map_err(|stop| stop.or_rule("restriction.open"))?;
        record(tx, &row, Some(me), Event::ErasureAsked)?;
        tell::administrators(tx, &row, "notice-erasure-asked")?;
        told(tx, &row)
    };
    app.db.write(In::County(county), work).await
}

/// A resident asks that the restriction be taken back.
///
/// # Errors
/// `action.not_allowed` where the account stands for no household, or for one that is not restricted, or has asked.
pub async fn ask_lift(app: &App, visitor: &Visitor) -> Result<Own, Stop> {
    let (county, me) = (visitor.county, visitor.account.ok_or_else(nobody)?);
    let work = move |tx: &mut Tx<'_>| {
        let home = tied(tx, county, me)?.ok_or_else(nobody)?;
        let open = restriction::latest(tx, county, home)?;
        let open = open.filter(|row| row.state.holds() && row.lift_asked_ms.is_none());
        let mut row = open.ok_or_else(nobody)?;
        row.lift_asked_ms = Some(tx.now.millis());
        row.save(tx)?;
        record(tx, &row, Some(me), Event::LiftAsked)?;
        tell::administrators(tx, &row, "notice-erasure-lift-asked")?;
        told(tx, &row)
    };
    app.db.write(In::County(county), work).await
}
