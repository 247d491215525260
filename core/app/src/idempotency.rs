//! The same request twice is one act: claims and kept answers of requests with an Idempotency-Key.

use std::time::Duration;

use falin_domain::access::Visitor;
use falin_store::db::In;
use falin_store::idempotency as rows;

pub use falin_store::idempotency::{Found, Kept, Name, acting};

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
/// The store's own.
pub async fn claim(app: &App, name: &Name, body: &[u8]) -> Result<Found, Stop> {
    let (mine, bytes) = (name.clone(), body.to_vec());
    match app.db.write(In::All, move |tx| rows::claim(tx, &mine, &bytes)).await {
        Err(Stop::Rule(_)) => Ok(found(app, name, body).await?.unwrap_or(Found::Waiting)),
        other => other,
    }
}

/// What is under a name now; None where whoever claimed it has given it free.
///
/// # Errors
/// The store's own.
pub async fn found(app: &App, name: &Name, body: &[u8]) -> Result<Option<Found>, Stop> {
    let (name, bytes) = (name.clone(), body.to_vec());
    app.db.read(In::All, move |tx| rows::look(tx, &name, &bytes)).await
}

/// Keeps the answer of a claimed name.
///
/// # Errors
/// The store's own.
pub async fn settle(app: &App, name: Name, kept: Kept) -> Result<(), Stop> {
    app.db.write(In::All, move |tx| rows::settle(tx, &name, &kept)).await
}

/// Forgets a claimed name: the same request is done anew. Where that fails the claim stays, and nothing is answered.
pub async fn forget(app: &App, name: Name) {
    if let Err(fault) = app.db.write(In::All, move |tx| rows::forget(tx, &name)).await {
        tracing::warn!(%fault, "a claim was not forgotten");
    }
}

/// Pauses between tries to give a name free, in seconds: a database that is away comes back or is brought back.
const PAUSES: [u64; 6] = [1, 2, 5, 15, 60, 240];

/// Gives a claimed name free, unless something was done under it. Where the database is away, it is tried again beside
/// what follows.
pub async fn release(app: &App, name: Name) {
    if released(app, &name).await {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        for seconds in PAUSES {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            if released(&app, &name).await {
                return;
            }
        }
        tracing::error!("a claim was not given free");
    });
}

async fn released(app: &App, name: &Name) -> bool {
    let name = name.clone();
    app.db.write(In::All, move |tx| rows::release(tx, &name)).await.is_ok()
}
