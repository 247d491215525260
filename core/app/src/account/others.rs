//! What administrators see and end of other people's sessions, and how often an account was guessed at.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, SessionId};
use falin_store::session::{self as stored, Session};
use falin_store::{In, Tx, guess};

use super::kept::kept;
use super::record;
use crate::{App, Stop};

/// Sessions of an account of the county, the one seen last first, and its failed sign-ins of today.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn sessions_of(app: &App, visitor: &Visitor, id: AccountId) -> Result<(Vec<Session>, i32), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Account)?;
    let work = move |tx: &mut Tx<'_>| {
        let account = kept(tx, &scope, id)?;
        Ok((stored::of_account(tx, id)?, guess::today(tx, &account.username)?))
    };
    app.db.read(In::All, work).await
}

/// Ends one session of an account of the county.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn end_session_of(
    app: &App,
    visitor: &Visitor,
    id: AccountId,
    session: SessionId,
) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Account)?;
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        kept(tx, &scope, id)?;
        if !stored::end_one(tx, id, session)? {
            return Err(Refusal::absent().into());
        }
        record(tx, scope.county, by, Event::SignedOut, id, serde_json::json!({ "session": session }))
    };
    app.db.write(In::All, work).await
}
