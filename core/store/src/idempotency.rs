//! Answers to requests that carry an Idempotency-Key: claimed before the act, marked in its own transaction, kept for
//! seven days after it.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::keys::Bound;
use crate::reseal::nobody;
use crate::schema::idempotency as i;
use crate::stop::Stop;
use crate::tx::Tx;

/// How long an answer is kept.
const KEPT_MS: i64 = 7 * 86_400_000;
/// A claim without an answer for so long belongs to a process that is gone; no act of ours takes this long.
const ABANDONED_MS: i64 = 15 * 60_000;
/// How long an answer may take to be kept after the last thing that its act wrote, where another process acts.
const UNANSWERED_MS: i64 = 5_000;
/// The status of a claim that has no answer yet.
const CLAIMED: i32 = 0;
/// The status of a claim under which something has been written: it is never given free, so that nobody does it twice.
const ACTED: i32 = 1;

/// Acts of this process that are under way: as long as one is, its claim is no lost one, however long it takes.
static UNDER_WAY: Mutex<Vec<Arc<Name>>> = Mutex::new(Vec::new());

/// Takes an act off the list when it ends, also where its request was dropped.
struct Ends(Arc<Name>);

impl Drop for Ends {
    fn drop(&mut self) {
        let mut all = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = all.iter().position(|one| Arc::ptr_eq(one, &self.0)) {
            all.swap_remove(at);
        }
    }
}

fn is_under_way(name: &Name) -> bool {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|one| **one == *name)
}

tokio::task_local! {
    /// The claim whose act is under way.
    static ACTING: Arc<Name>;
}

/// Runs an act: whatever it writes is committed together with the mark that something was done under this name.
pub async fn acting<F: Future>(name: Name, act: F) -> F::Output {
    let name = Arc::new(name);
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&name));
    let _ends = Ends(Arc::clone(&name));
    ACTING.scope(name, act).await
}

/// The name of the act that this task is at.
pub(crate) fn under_way() -> Option<Arc<Name>> {
    ACTING.try_with(Arc::clone).ok()
}

/// Marks the claim in the act's own transaction, with the moment of its last sign of life.
pub(crate) fn mark(tx: &mut Tx<'_>, name: &Name) -> Result<(), Stop> {
    let row = i::table.find((&name.caller, &name.route, &name.key)).filter(i::status.le(ACTED));
    let set = (i::status.eq(ACTED), i::created_ms.eq(tx.now.millis()));
    diesel::update(row).set(set).execute(tx.conn)?;
    Ok(())
}

/// Who asked for what under which key.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// Account and county, as bytes.
    pub caller: Vec<u8>,
    /// Method and path.
    pub route: String,
    /// The key as it was sent.
    pub key: String,
}

/// An answer as it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// HTTP status.
    pub status: u16,
    /// Headers and body, in the form that the web room writes.
    pub answer: Vec<u8>,
}

/// What was found under a name.
#[derive(Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the name is now the asker's, who acts and then settles or releases it.
    Claimed,
    /// Somebody else is acting.
    Waiting,
    /// Something was done, and its answer was lost with the process or the database that had it.
    Acted,
    /// The same key with another body.
    Other,
    /// The answer.
    Kept(Kept),
}

impl Name {
    /// What the answer's seal is bound to: a row moved under another name does not open.
    fn row(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [&self.caller[..], self.route.as_bytes(), self.key.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().to_vec()
    }
}

fn bound(row: &[u8]) -> Bound<'_> {
    Bound { table: "idempotency", column: "answer", row, county: nobody() }
}

type Stored = (Vec<u8>, i32, Vec<u8>, i64);

/// Looks under a name; `body` is the request's own content, of which only a keyed digest is kept.
///
/// # Errors
/// The database's own.
pub fn look(tx: &mut Tx<'_>, name: &Name, body: &[u8]) -> Result<Option<Found>, Stop> {
    let columns = (i::body_mac, i::status, i::answer, i::created_ms);
    let row = i::table.find((&name.caller, &name.route, &name.key)).select(columns);
    let Some((mac, status, answer, created)): Option<Stored> = row.first(tx.conn).optional()? else {
        return Ok(None);
    };
    let age = tx.now.millis() - created;
    if age > KEPT_MS || (status == CLAIMED && age > ABANDONED_MS) {
        return Ok(None);
    }
    if mac != digest(tx, body) {
        return Ok(Some(Found::Other));
    }
    if status == CLAIMED {
        return Ok(Some(Found::Waiting));
    }
    if status == ACTED {
        let lost = age > UNANSWERED_MS && !is_under_way(name);
        return Ok(Some(if lost { Found::Acted } else { Found::Waiting }));
    }
    let answer = tx.keys().open_bytes(bound(&name.row()), &answer)?;
    Ok(Some(Found::Kept(Kept { status: u16::try_from(status).unwrap_or(500), answer })))
}

fn digest(tx: &Tx<'_>, body: &[u8]) -> Vec<u8> {
    tx.keys().mac("idempotency", &[body])
}

/// Looks under a name and claims it where nothing is there.
///
/// # Errors
/// [`Stop::Rule`] where another transaction claimed it meanwhile: look again.
pub fn claim(tx: &mut Tx<'_>, name: &Name, body: &[u8]) -> Result<Found, Stop> {
    if let Some(found) = look(tx, name, body)? {
        return Ok(found);
    }
    // What is there is old.
    diesel::delete(i::table.find((&name.caller, &name.route, &name.key))).execute(tx.conn)?;
    let values = (
        i::caller.eq(&name.caller),
        i::route.eq(&name.route),
        i::key.eq(&name.key),
        i::body_mac.eq(digest(tx, body)),
        i::status.eq(CLAIMED),
        i::answer.eq(Vec::new()),
        i::created_ms.eq(tx.now.millis()),
    );
    diesel::insert_into(i::table).values(values).execute(tx.conn)?;
    Ok(Found::Claimed)
}

/// Keeps the answer under a claimed name.
///
/// # Errors
/// The database's own.
pub fn settle(tx: &mut Tx<'_>, name: &Name, kept: &Kept) -> Result<(), Stop> {
    let sealed = tx.seal_bytes(bound(&name.row()), &kept.answer)?;
    let row = i::table.find((&name.caller, &name.route, &name.key));
    // The seven days begin with the answer.
    let (status, now) = (i::status.eq(i32::from(kept.status)), tx.now.millis());
    let set = (status, i::answer.eq(sealed), i::created_ms.eq(now));
    diesel::update(row).set(set).execute(tx.conn)?;
    Ok(())
}

/// Gives a name free, unless its request had an effect.
///
/// # Errors
/// The database's own.
pub fn release(tx: &mut Tx<'_>, name: &Name) -> Result<(), Stop> {
    let row = i::table.find((&name.caller, &name.route, &name.key)).filter(i::status.eq(CLAIMED));
    diesel::delete(row).execute(tx.conn)?;
    Ok(())
}

/// Forgets a name whose act may be done again: its answer is nobody's to have without doing it.
///
/// # Errors
/// The database's own.
pub fn forget(tx: &mut Tx<'_>, name: &Name) -> Result<(), Stop> {
    diesel::delete(i::table.find((&name.caller, &name.route, &name.key))).execute(tx.conn)?;
    Ok(())
}

/// Removes answers older than seven days and returns how many.
///
/// # Errors
/// The database's own.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Stop> {
    let old = i::table.filter(i::created_ms.lt(tx.now.millis() - KEPT_MS));
    Ok(diesel::delete(old).execute(tx.conn)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn name(key: &str) -> Name {
        Name { caller: b"account".to_vec(), route: "POST /x".to_owned(), key: key.to_owned() }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_act_is_under_way_until_it_ends_however_it_ends() {
        let long = name("long");
        acting(long.clone(), async { assert!(is_under_way(&name("long")) && !is_under_way(&name("other"))) })
            .await;
        assert!(!is_under_way(&long));
        // A request whose client has gone is dropped in the middle.
        let dropped = acting(long.clone(), std::future::pending::<()>());
        let _ = tokio::time::timeout(std::time::Duration::from_millis(20), dropped).await;
        assert!(!is_under_way(&long));
    }
}
