//! The same request twice is one act: claims and kept answers of requests with an Idempotency-Key.

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_store::db::In;
use falin_store::idempotency as rows;

pub use falin_store::idempotency::{Found, Kept, Name};

use crate::{App, Stop};

/// The name under which a visitor's request is kept; None for the operator, who sends none.
pub fn name(visitor: &Visitor, route: &str, key: &str) -> Option<Name> {
    // An account that acts in two counties sends two requests.
    let caller = [visitor.account?.bytes(), visitor.county.bytes()].concat();
    Some(Name { caller, route: route.to_owned(), key: key.to_owned() })
}

/// Claims a name, or finds what is under it.
///
/// # Errors
/// `idempotency.mismatch` where the key came with another body.
pub async fn claim(app: &App, name: &Name, body: &[u8]) -> Result<Found, Stop> {
    let (mine, bytes) = (name.clone(), body.to_vec());
    match app.db.write(In::All, move |tx| rows::claim(tx, &mine, &bytes)).await {
        Err(Stop::Rule(_)) => Ok(found(app, name, body).await?.unwrap_or(Found::Waiting)),
        Ok(Found::Other) => Err(Refusal::new("idempotency.mismatch").into()),
        other => other,
    }
}

/// What is under a name now; None where whoever claimed it has given it free.
///
/// # Errors
/// As [`claim`].
pub async fn found(app: &App, name: &Name, body: &[u8]) -> Result<Option<Found>, Stop> {
    let (name, bytes) = (name.clone(), body.to_vec());
    match app.db.read(In::All, move |tx| rows::look(tx, &name, &bytes)).await? {
        Some(Found::Other) => Err(Refusal::new("idempotency.mismatch").into()),
        found => Ok(found),
    }
}

/// Keeps the answer of a claimed name.
///
/// # Errors
/// The store's own.
pub async fn settle(app: &App, name: Name, kept: Kept) -> Result<(), Stop> {
    app.db.write(In::All, move |tx| rows::settle(tx, &name, &kept)).await
}

/// Gives a claimed name free.
///
/// # Errors
/// The store's own.
pub async fn release(app: &App, name: Name) -> Result<(), Stop> {
    app.db.write(In::All, move |tx| rows::release(tx, &name)).await
}
