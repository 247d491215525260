//! A roster that somebody brings over HTTP, by a page or a program: kept and checked, then taken beside the requests.

use std::time::Duration;

use falin_app::account::by_token;
use falin_app::import::{self, Batch, Source};
use falin_app::{App, Stop};
use falin_domain::access::Visitor;
use falin_domain::words::BatchId;

/// How long the answer to a confirmation waits for a short import to end.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Keeps a file and reads it once. Where its headers are not clear it stays `uploaded` until its columns are chosen;
/// a file that cannot be read is not kept.
///
/// # Errors
/// `access.denied`; `file.unreadable`, `file.too_large`.
pub async fn keep(app: &App, visitor: &Visitor, source: &Source) -> Result<Batch, Stop> {
    let id = import::upload(app, visitor, source).await?;
    let checked = import::check_uploaded(app, visitor, (id, None), None, source.household_kind).await;
    match checked {
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "header.missing") => {
            import::one(app, visitor, id).await
        }
        Err(stop) => {
            import::forget(app, visitor, id, None).await?;
            Err(stop)
        }
        done => done,
    }
}

/// Starts an import; a short one is waited for, a long one goes on and tells how far it is.
///
/// # Errors
/// As [`import::commit_uploaded`], while it is waited for.
pub async fn commit(app: &App, visitor: &Visitor, id: BatchId, version: i64) -> Result<(), Stop> {
    let (app, visitor) = (app.clone(), visitor.clone());
    let token = visitor.token;
    let work = async move { import::commit_uploaded(&app, &visitor, id, version, &|_, _| {}).await };
    // A task of its own: whoever goes away does not stop the import.
    let running = actix_web::rt::spawn(async move {
        let done = match token {
            Some(token) => by_token(token, work).await,
            None => work.await,
        };
        if let Err(stop) = &done {
            tracing::warn!(batch = %id, %stop, "an import did not take effect");
        }
        done
    });
    match tokio::time::timeout(PATIENCE, running).await {
        Ok(Ok(done)) => done,
        _ => Ok(()),
    }
}
