//! Reading plans: the list, one with its figures, its rows, and who else could take a household.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, HouseholdId, PlanId};
use falin_store::db::In;
use falin_store::plan::{self, Flow, Plan, PlanRow, RowFilter};
use falin_store::{Stop, Tx, account};

use super::in_scope;
use super::naming::Names;
use super::recheck::stand;
use super::summary::Summary;
use crate::App;
use crate::division::held;

/// A plan of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The plan.
    pub plan: Plan,
    /// Its figures.
    pub summary: Summary,
    /// Which of its kind it is, from the county's first.
    pub number: i64,
    /// Who made it; empty for the operator.
    pub author: String,
}

/// A county's plans, with what is said of each asked for at once.
fn listed(tx: &mut Tx<'_>, county: CountyId, plans: Vec<Plan>) -> Result<Vec<Listed>, Stop> {
    let numbers = plan::numbers(tx, county)?;
    let authors: Vec<_> = plans.iter().filter_map(|plan| plan.account_id).collect();
    let authors = account::names(tx, &authors)?;
    let each = |plan: Plan| {
        let author = plan.account_id.and_then(|id| authors.get(&id)).cloned().unwrap_or_default();
        let number = numbers.get(&plan.id).copied().unwrap_or_default();
        Ok(Listed { summary: Summary::parse(&plan.summary)?, number, author, plan })
    };
    plans.into_iter().map(each).collect()
}

/// A plan with its figures.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The plan as a list has it.
    pub listed: Listed,
    /// Its rows by village, kind, new provider and reason.
    pub flows: Vec<Flow>,
    /// What the ids are called.
    pub names: Names,
}

/// A row with the head's name.
#[derive(Clone, PartialEq, Debug)]
pub struct RowView {
    /// The row.
    pub row: PlanRow,
    /// Name of the head.
    pub head: String,
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The rows.
    pub page: Page<RowView>,
    /// What the ids are called.
    pub names: Names,
}

/// Somebody who may take a household.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Who.
    pub who: ProviderRef,
    /// 0 the village's own adviser, 1 of the township, 2 of the county.
    pub place_cost: u8,
    /// Households with the plan as it is.
    pub load: u32,
    /// Most households.
    pub capacity: u32,
}

/// Plans or handovers, newest first, of those that a scope reaches.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    kind: Option<&'static str>,
    state: Option<&str>,
    window: Window,
) -> Result<(Page<Listed>, Names), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let state = state.map(str::to_owned);
    let look = move |tx: &mut Tx<'_>| {
        let found = plan::page(tx, scope.county, kind, state.as_deref(), &window)?;
        let places: Vec<_> = found.items.iter().map(|one| one.place_id).collect();
        let reached = held(tx, &scope, &places)?;
        let theirs = found.items.into_iter().filter(|one| reached.contains(&one.place_id)).collect();
        let items = listed(tx, scope.county, theirs)?;
        Ok((Page { items, next: found.next }, Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}

/// One plan.
///
/// # Errors
/// `not_found`; `access.denied`.
pub async fn show(app: &App, visitor: &Visitor, id: PlanId) -> Result<Shown, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| {
        let plan = in_scope(tx, &scope, id)?;
        let listed = listed(tx, scope.county, vec![plan])?.pop().ok_or_else(Refusal::absent)?;
        Ok(Shown { listed, flows: plan::flows(tx, scope.county, id)?, names: Names::read(tx, scope.county)? })
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Whether there is such a plan for the visitor, before anything else about a request is judged.
///
/// # Errors
/// `not_found`; `access.denied`.
pub async fn exists(app: &App, visitor: &Visitor, id: PlanId) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| in_scope(tx, &scope, id).map(|_| ());
    app.db.read(In::County(visitor.county), look).await
}

/// Names of the visitor's county.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn names(app: &App, visitor: &Visitor) -> Result<Names, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    app.db.read(In::County(visitor.county), move |tx: &mut Tx<'_>| Names::read(tx, scope.county)).await
}

/// The county of a plan, for the operator, who is given nothing but its id.
///
/// # Errors
/// `not_found`.
pub async fn county_of(app: &App, id: PlanId) -> Result<CountyId, Stop> {
    let found = app.db.read(In::All, move |tx: &mut Tx<'_>| plan::county_of(tx, id)).await?;
    found.ok_or_else(|| Refusal::absent().into())
}

/// Households that a plan changes or cannot place.
///
/// # Errors
/// `not_found`; `access.denied`.
pub async fn rows(
    app: &App,
    visitor: &Visitor,
    id: PlanId,
    filter: RowFilter,
    window: Window,
) -> Result<Rows, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| {
        in_scope(tx, &scope, id)?;
        let found = plan::rows(tx, scope.county, id, &filter, &window)?;
        let ids: Vec<_> = found.items.iter().map(|row| row.household_id).collect();
        let mut heads = plan::heads(tx, scope.county, &ids)?;
        let page =
            found.map(|row| RowView { head: heads.remove(&row.household_id).unwrap_or_default(), row });
        Ok(Rows { page, names: Names::read(tx, scope.county)? })
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Who may take all of these households of a draft, the nearest and least loaded first.
///
/// # Errors
/// `not_found`; `plan.changed`.
pub async fn candidates(
    app: &App,
    visitor: &Visitor,
    id: PlanId,
    households: Vec<HouseholdId>,
) -> Result<(Vec<Candidate>, Names), Stop> {
    let scope: Scope = visitor.scope(Act::Write, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| {
        let plan = super::draft(tx, &scope, id, None)?;
        let day = tx.now.date().max(plan.effective_on);
        let standing = stand(tx, &plan, day)?;
        let input = &standing.question.input;
        let mut asked = Vec::with_capacity(households.len());
        for id in &households {
            let at = standing.question.household(*id).ok_or_else(Refusal::absent)?;
            asked.push(&input.households[at as usize]);
        }
        let mut loads: Vec<u32> = input.providers.iter().map(|provider| provider.held).collect();
        standing.assignment.iter().flatten().for_each(|&provider| loads[provider as usize] += 1);
        let mut found = Vec::new();
        for (at, provider) in input.providers.iter().enumerate() {
            let number = at as u32;
            if asked.is_empty() || !asked.iter().all(|due| input.may(due, number)) {
                continue;
            }
            let worst = asked.iter().map(|due| input.place_cost(due.village, number)).max();
            found.push(Candidate {
                who: standing.question.providers[at].who,
                place_cost: worst.unwrap_or(2),
                load: loads[at],
                capacity: provider.capacity,
            });
        }
        let share = |one: &Candidate| u64::from(one.load) * 10_000 / u64::from(one.capacity.max(1));
        found.sort_by_key(|one| (one.place_cost, share(one)));
        Ok((found, Names::read(tx, scope.county)?))
    };
    app.db.read(In::County(visitor.county), look).await
}
