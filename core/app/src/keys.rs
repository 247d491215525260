//! The sealing key: printed for the safe, rotated under load.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_store::Tx;
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::reseal::{self, SEALED};

use crate::{App, Stop};

/// Rows of one step, fewer where they hold files: nobody waits long behind it.
const STEP: i64 = 500;

/// What the keys' page shows; nothing of it is secret.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct KeyFacts {
    /// Fingerprint that backups record.
    pub fingerprint: String,
    /// Number of the key that seals now.
    pub active: u32,
}

/// Fingerprint and number of the key.
///
/// # Errors
/// `access.denied`.
pub fn facts(app: &App, visitor: &Visitor) -> Result<KeyFacts, Stop> {
    visitor.scope(Act::Read, Noun::Platform)?;
    let keys = app.db.keys();
    Ok(KeyFacts { fingerprint: keys.fingerprint(), active: keys.active() })
}

/// Makes a new sealing key, puts it into use and seals every field anew. What was cut off goes on with the
/// next call of [`reseal`].
///
/// # Errors
/// `access.denied`; a fault where the key file cannot be written.
pub async fn rotate(
    app: &App,
    visitor: &Visitor,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, Stop> {
    let county = visitor.scope(Act::Write, Noun::Platform)?.county;
    let fresh = app.db.keys().rotated(&mut app.entropy())?;
    let id = fresh.active();
    app.db.use_keys(fresh);
    let done = reseal(app, progress).await?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        tx.record(Entry {
            county,
            account,
            event: Event::KeyRotated,
            reason: Reason::Operator,
            subject: None,
            details: serde_json::json!({ "key": id, "fields": done }),
        })
    };
    app.db.write(In::All, work).await?;
    Ok(done)
}

/// Seals every field with the active key that another key has sealed; returns how many.
///
/// # Errors
/// A fault where a field cannot be opened.
pub async fn reseal(app: &App, progress: &(dyn Fn(usize) + Send + Sync)) -> Result<usize, Stop> {
    let mut done = 0;
    for field in SEALED {
        let mut after = None;
        loop {
            let from = after.take();
            let page = move |tx: &mut Tx<'_>| reseal::page(tx, field, from.as_ref(), STEP);
            let (n, last) = app.db.write(In::All, page).await?;
            done += n;
            progress(done);
            let Some(last) = last else { break };
            after = Some(last);
        }
    }
    Ok(done)
}

/// The key file's text for the safe.
///
/// # Errors
/// `key.missing` where the file is gone.
pub fn sheet(app: &App) -> Result<zeroize::Zeroizing<String>, Stop> {
    app.db.keys().sheet()
}

pub use falin_store::reseal::nobody;
