//! Imports as they stand: the list, one, its findings.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, BatchId, CountyId};
use falin_store::Tx;
use falin_store::db::In;
use falin_store::import::{self, Batch, StoredFinding};

use crate::{App, Stop};

/// Whose imports somebody sees: who keeps the whole county everybody's (None), who keeps a place those that they brought
/// themselves, which hold rows of that place alone.
pub(crate) fn whose(scope: &Scope, visitor: &Visitor) -> Option<Option<AccountId>> {
    scope.places.is_some().then_some(visitor.account)
}

/// An import that somebody sees.
///
/// # Errors
/// `not_found`.
pub(super) fn in_reach(
    tx: &mut Tx<'_>,
    county: CountyId,
    by: Option<Option<AccountId>>,
    id: BatchId,
) -> Result<Batch, Stop> {
    let batch = Batch::by_id(tx, county, id)?;
    match by {
        Some(by) if batch.account_id != by => Err(Refusal::absent().into()),
        _ => Ok(batch),
    }
}

/// Imports of the county, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, window: Window) -> Result<Page<Batch>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Roster)?;
    let by = whose(&scope, visitor);
    app.db.read(In::County(scope.county), move |tx| import::page(tx, scope.county, by, &window)).await
}

/// One import.
///
/// # Errors
/// `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: BatchId) -> Result<Batch, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Roster)?;
    let by = whose(&scope, visitor);
    app.db.read(In::County(scope.county), move |tx| in_reach(tx, scope.county, by, id)).await
}

/// Findings of an import in the file's order, after the `after`th.
///
/// # Errors
/// `not_found`.
pub async fn findings(
    app: &App,
    visitor: &Visitor,
    id: BatchId,
    after: i32,
    limit: i64,
) -> Result<Vec<StoredFinding>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Roster)?;
    let (county, by) = (scope.county, whose(&scope, visitor));
    let work = move |tx: &mut Tx<'_>| {
        in_reach(tx, county, by, id)?;
        import::findings(tx, county, id, after, limit)
    };
    app.db.read(In::County(county), work).await
}
