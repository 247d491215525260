//! Sessions and tokens that come with requests: whose they are, and how they end.

use falin_domain::access::Visitor;
use falin_domain::identity::{
    SEEN_EVERY_SECONDS, Step, idle_seconds, needs_second_factor, step_after_password,
};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, SessionId};
use falin_store::account::{self as rows, Account};
use falin_store::session::{self as stored, Session};
use falin_store::{In, Tx, county, token};

use super::{TokenHash, record, visitor_of};
use crate::{App, Stop};

/// What a page shows about the session that asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionInfo {
    /// Names the session.
    pub id: SessionId,
    /// When it ends, however busy.
    pub until: Instant,
    /// Seconds of rest after which it ends.
    pub idle_seconds: i64,
    /// True where a second factor was given.
    pub second_factor: bool,
}

/// A session that waits for its second factor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Half {
    /// What it waits for.
    pub step: Step,
    /// When it ends.
    pub until: Instant,
}

/// A whole session with its account.
pub(super) struct Whole {
    pub account: Account,
    pub visitor: Visitor,
    pub info: SessionInfo,
    seen: Instant,
}

/// The session and its account where neither has ended.
fn alive(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<Option<(Session, Account, Visitor)>, Stop> {
    let Some(session) = stored::by_hash(tx, hash)?.filter(|session| session.until > tx.now) else {
        return Ok(None);
    };
    let Some(account) = rows::by_id(tx, session.account)?.filter(|account| !account.disabled) else {
        return Ok(None);
    };
    let posts = rows::posts(tx, account.id)?;
    let visitor = visitor_of(&account, posts, session.county);
    let rested = tx.now.millis() - session.seen.millis();
    let idle = idle_seconds(&visitor.posts) * 1000;
    Ok(Some((session, account, visitor)).filter(|_| rested <= idle))
}

/// A session is whole where its second factor was given, or none is needed.
fn is_whole(session: &Session, account: &Account, visitor: &Visitor) -> bool {
    session.second_factor || !(needs_second_factor(&visitor.posts) || account.totp_sealed.is_some())
}

/// The whole session under this hash.
pub(super) fn whole(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<Option<Whole>, Stop> {
    let Some((session, account, visitor)) = alive(tx, hash)? else {
        return Ok(None);
    };
    if !is_whole(&session, &account, &visitor) {
        return Ok(None);
    }
    let info = SessionInfo {
        id: session.id,
        until: session.until,
        idle_seconds: idle_seconds(&visitor.posts),
        second_factor: session.second_factor,
    };
    Ok(Some(Whole { account, visitor, info, seen: session.seen }))
}

/// The account and county of a session that waits for `step`.
pub(super) fn waiting(tx: &mut Tx<'_>, hash: &TokenHash, step: Step) -> Result<(Account, CountyId), Stop> {
    let found = alive(tx, hash)?.filter(|(session, account, visitor)| {
        let next = step_after_password(&visitor.posts, account.totp_sealed.is_some());
        !is_whole(session, account, visitor) && next == step
    });
    match found {
        Some((_, account, visitor)) => Ok((account, visitor.county)),
        None => Err(Refusal::new("access.unauthenticated").into()),
    }
}

/// Whose session this is; None where it is nobody's (any more) or waits for its second factor.
///
/// # Errors
/// The store's own.
pub async fn session(app: &App, hash: TokenHash) -> Result<Option<(Visitor, SessionInfo)>, Stop> {
    let Some(found) = app.db.read(In::All, move |tx| whole(tx, &hash)).await? else {
        return Ok(None);
    };
    if app.now() >= found.seen.plus_seconds(SEEN_EVERY_SECONDS) {
        let account = found.account.id;
        let work = move |tx: &mut Tx<'_>| {
            stored::touch(tx, &hash)?;
            rows::touch(tx, account)
        };
        noted(app.db.write(In::All, work).await);
    }
    Ok(Some((found.visitor, found.info)))
}

/// What a session still waits for; None where it is whole or nobody's.
///
/// # Errors
/// The store's own.
pub async fn half(app: &App, hash: TokenHash) -> Result<Option<Half>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let found = alive(tx, &hash)?.filter(|(s, account, visitor)| !is_whole(s, account, visitor));
        Ok(found.map(|(session, account, visitor)| {
            let step = step_after_password(&visitor.posts, account.totp_sealed.is_some());
            Half { step, until: session.until }
        }))
    };
    app.db.read(In::All, work).await
}

/// Whose token this is; None where it is nobody's (any more).
///
/// # Errors
/// The store's own.
pub async fn bearer(app: &App, hash: TokenHash) -> Result<Option<Visitor>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let Some(token) = token::by_hash(tx, &hash)? else {
            return Ok(None);
        };
        if token.revoked.is_some() || token.until <= tx.now {
            return Ok(None);
        }
        let Some(account) = rows::by_id(tx, token.account)?.filter(|account| !account.disabled) else {
            return Ok(None);
        };
        let posts = rows::posts(tx, account.id)?;
        let old = token.used.is_none_or(|used| tx.now >= used.plus_seconds(SEEN_EVERY_SECONDS));
        let visitor = Visitor { token: Some(token.id), ..visitor_of(&account, posts, token.county) };
        Ok(Some((visitor, Some(token.id).filter(|_| old))))
    };
    let Some((visitor, unseen)) = app.db.read(In::All, work).await? else {
        return Ok(None);
    };
    if let Some(id) = unseen {
        noted(app.db.write(In::All, move |tx| token::touch(tx, id)).await);
    }
    Ok(Some(visitor))
}

/// A note of when somebody was seen may fail, on a full disk for instance: reading goes on.
fn noted(done: Result<(), Stop>) {
    if let Err(stop) = done {
        tracing::warn!(%stop, "last use not noted");
    }
}

/// Ends a session, whole or not; ending one that is no more does nothing.
///
/// # Errors
/// The store's own.
pub async fn sign_out(app: &App, hash: TokenHash) -> Result<(), Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let Some(session) = stored::by_hash(tx, &hash)? else {
            return Ok(());
        };
        stored::end(tx, &hash)?;
        let (by, none) = (session.account, serde_json::json!({}));
        record(tx, session.county, Some(by), Event::SignedOut, by, none)
    };
    app.db.write(In::All, work).await
}

/// Lets a session act in another county where its account has a role.
///
/// # Errors
/// `access.unauthenticated`, or `county.unknown` (also where it has no role there).
pub async fn move_to(app: &App, hash: TokenHash, code: &str) -> Result<(), Stop> {
    let code = code.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let found = whole(tx, &hash)?.ok_or_else(|| Refusal::new("access.unauthenticated"))?;
        let wanted = county::by_code(tx, &code)?.map(|county| county.id);
        let held = wanted.filter(|id| found.visitor.posts.iter().any(|post| post.county == *id));
        let county = held.ok_or_else(|| Refusal::new("county.unknown"))?;
        stored::move_to(tx, &hash, county)
    };
    app.db.write(In::All, work).await
}
