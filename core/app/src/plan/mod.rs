//! Pairing plans: made, shown, changed by hand, put into effect, taken back.
//!
//! A plan is a proposal over the whole county or a place of it. Nothing moves until it is committed, and a commit
//! re-checks on the county as it is then everything that the plan checked when it was made.

mod choose;
mod county_check;
mod effect;
mod naming;
mod question;
mod recheck;
mod show;
mod stage;
mod summary;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::pairing::solve;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{CountyId, DivisionId, PlanId};
use falin_store::db::In;
use falin_store::{Fault, Stop, Tx, county, division};

pub use choose::{Choice, choose};
pub use county_check::{Broken, Checked, check};
pub use effect::{commit, drop, undo};
pub use falin_store::plan::{Flow, Plan, PlanRow, RowFilter};
pub use naming::{Names, PlaceName, ProviderName};
pub use show::{
    Candidate, Listed, RowView, Rows, Shown, candidates, county_of as home_of, exists, list, names, rows,
    show,
};
pub use summary::{EndedPost, Figures, Gap, Leaver, Load, Overfull, Overridden, Summary, Why};

pub(crate) use question::{About, Question, read};
pub(crate) use stage::{Draft, stage, trigger};

use crate::App;
use crate::division::holds;

/// A plan after an act on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acted {
    /// Which.
    pub id: PlanId,
    /// `draft`, `committed` or `undone`.
    pub state: String,
    /// Its version now.
    pub version: i64,
}

impl Acted {
    fn of(plan: &Plan) -> Self {
        Self { id: plan.id, state: plan.state.clone(), version: plan.version }
    }
}

/// Makes the best plan for a place, given by its code, or for all that the visitor may plan; it waits as a draft.
///
/// # Errors
/// `access.denied`; `division.unknown` where there is no such place in the visitor's reach.
pub async fn make(app: &App, visitor: &Visitor, place: Option<&str>) -> Result<(Plan, Summary), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Plan)?;
    let (county, day) = (visitor.county, app.today());
    let place = place.map(str::to_owned);
    let asked = move |tx: &mut Tx<'_>| {
        let place = place_of(tx, &scope, place.as_deref())?;
        Ok((place, read(tx, county, About::Place(place), day)?))
    };
    let (place, question) = app.db.read(In::County(county), asked).await?;
    let answered = tokio::task::spawn_blocking(move || {
        let solved = solve(&question.input);
        (question, solved)
    });
    let (question, solved) = answered.await.map_err(|_| Fault::new("plan", "the planner broke off"))?;
    let summary = Summary::of(&question, &solved);
    let draft = Draft { place, leaver: None, day, summary: summary.clone() };
    Ok((stage(app, visitor, &question, &solved, draft).await?, summary))
}

/// A text of more than `most` characters in a field.
pub(crate) fn too_long(field: &str, most: usize) -> Refusal {
    Refusal::form(vec![FieldError::new(field, "too_long").with("max", most)])
}

/// The division that a code or the lack of one means within a scope; None for the whole county.
fn place_of(tx: &mut Tx<'_>, scope: &Scope, code: Option<&str>) -> Result<Option<DivisionId>, Stop> {
    let whole = match code {
        Some(code) => is_county(tx, scope.county, code)?,
        None => true,
    };
    let Some(code) = code.filter(|_| !whole) else {
        return match scope.places.as_deref() {
            None => Ok(None),
            Some([only]) => Ok(Some(*only)),
            Some(_) => Err(Refusal::field("place", "required").into()),
        };
    };
    let unknown = || Refusal::new("division.unknown").with("code", code);
    let found = division::by_code(tx, scope.county, code)?.ok_or_else(unknown)?;
    if !holds(tx, scope, Some(found.id))? {
        return Err(unknown().into());
    }
    Ok(Some(found.id))
}

fn is_county(tx: &mut Tx<'_>, id: CountyId, code: &str) -> Result<bool, Stop> {
    Ok(county::by_id(tx, id)?.is_some_and(|county| county.code == code))
}

/// A plan that is whole and within a scope.
fn in_scope(tx: &mut Tx<'_>, scope: &Scope, id: PlanId) -> Result<Plan, Stop> {
    let plan = Plan::by_id(tx, scope.county, id)?;
    if plan.state == falin_store::plan::STAGING || !holds(tx, scope, plan.place_id)? {
        return Err(Refusal::absent().into());
    }
    Ok(plan)
}

/// A plan that still waits, at the version that the visitor saw.
fn draft(tx: &mut Tx<'_>, scope: &Scope, id: PlanId, version: Option<i64>) -> Result<Plan, Stop> {
    let plan = in_scope(tx, scope, id)?;
    known_version(&plan, version)?;
    match plan.state.as_str() {
        "committed" => Err(Refusal::new("plan.committed").into()),
        "undone" => Err(Refusal::new("plan.undone").into()),
        _ => Ok(plan),
    }
}

fn known_version(plan: &Plan, version: Option<i64>) -> Result<(), Stop> {
    match version {
        Some(seen) if seen != plan.version => Err(Refusal::new("state.changed").into()),
        _ => Ok(()),
    }
}
