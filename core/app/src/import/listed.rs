//! Imports as they stand: the list, one, its findings.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::words::BatchId;
use falin_store::Tx;
use falin_store::db::In;
use falin_store::import::{self, Batch, StoredFinding};

use crate::{App, Stop};

/// Imports of the county, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, window: Window) -> Result<Page<Batch>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Roster)?.county;
    app.db.read(In::County(county), move |tx| import::page(tx, county, &window)).await
}

/// One import.
///
/// # Errors
/// `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: BatchId) -> Result<Batch, Stop> {
    let county = visitor.scope(Act::Read, Noun::Roster)?.county;
    app.db.read(In::County(county), move |tx| Batch::by_id(tx, county, id)).await
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
    let county = visitor.scope(Act::Read, Noun::Roster)?.county;
    let work = move |tx: &mut Tx<'_>| {
        Batch::by_id(tx, county, id)?;
        import::findings(tx, county, id, after, limit)
    };
    app.db.read(In::County(county), work).await
}
