//! What everybody may do with the own account: see it, change the password, end sessions.

use falin_domain::access::{Post, Visitor};
use falin_domain::identity::{self, Step};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, SessionId};
use falin_store::account::{self as rows, Account, Change};
use falin_store::county::{self, County};
use falin_store::session::{self as stored, Session};
use falin_store::{In, Tx, guess};

use super::hash::{self, Turn};
use super::sign_in::{SignedIn, guarded, start};
use super::{Source, TokenHash, record};
use crate::{App, Stop};

/// The own account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Me {
    /// Id.
    pub id: AccountId,
    /// Log-in name.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The county in which it acts now.
    pub county: County,
    /// All counties in which it has a role.
    pub counties: Vec<County>,
    /// Its roles, in every county.
    pub posts: Vec<Post>,
    /// True where a second factor is enrolled.
    pub second_factor: bool,
}

fn own_id(visitor: &Visitor) -> Result<AccountId, Refusal> {
    visitor.account.ok_or_else(|| Refusal::new("access.unauthenticated"))
}

/// The visitor's own account.
///
/// # Errors
/// `access.unauthenticated` for the operator, who has none.
pub async fn me(app: &App, visitor: &Visitor) -> Result<Me, Stop> {
    let (id, here) = (own_id(visitor)?, visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        let account = rows::by_id(tx, id)?.ok_or_else(|| Refusal::new("access.unauthenticated"))?;
        let posts = rows::posts(tx, id)?;
        let mut counties = county::all(tx)?;
        let current = counties.iter().find(|county| county.id == here).cloned();
        counties.retain(|county| posts.iter().any(|post| post.county == county.id));
        Ok(Me {
            id,
            username: account.username,
            display_name: account.display_name,
            county: current.ok_or_else(Refusal::absent)?,
            counties,
            posts,
            second_factor: account.totp_sealed.is_some(),
        })
    };
    app.db.read(In::All, work).await
}

/// The visitor's sessions, the one seen last first.
///
/// # Errors
/// `access.unauthenticated` for the operator.
pub async fn my_sessions(app: &App, visitor: &Visitor) -> Result<Vec<Session>, Stop> {
    let id = own_id(visitor)?;
    app.db.read(In::All, move |tx| stored::of_account(tx, id)).await
}

/// Ends one of the visitor's sessions.
///
/// # Errors
/// `not_found` where it is no session of the visitor.
pub async fn end_session(app: &App, visitor: &Visitor, session: SessionId) -> Result<(), Stop> {
    let (id, county) = (own_id(visitor)?, visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        if !stored::end_one(tx, id, session)? {
            return Err(Refusal::absent().into());
        }
        record(tx, county, Some(id), Event::SignedOut, id, serde_json::json!({ "session": session }))
    };
    app.db.write(In::All, work).await
}

/// Ends every session of the visitor but `keep`, and returns how many.
///
/// # Errors
/// `access.unauthenticated` for the operator.
pub async fn end_other_sessions(app: &App, visitor: &Visitor, keep: TokenHash) -> Result<usize, Stop> {
    let (id, county) = (own_id(visitor)?, visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        let ended = stored::end_others(tx, id, &keep)?;
        if ended > 0 {
            let details = serde_json::json!({ "sessions": ended });
            record(tx, county, Some(id), Event::SignedOut, id, details)?;
        }
        Ok(ended)
    };
    app.db.write(In::All, work).await
}

/// Proves that whoever holds the session knows its password too; a wrong one counts like a guess at the door.
///
/// # Errors
/// `access.unauthenticated`, `form.invalid` at `current` (`password.wrong`), `account.too_many_attempts`.
pub(super) async fn proved(
    app: &App,
    session: TokenHash,
    password: &str,
    source: &Source,
) -> Result<(Turn, Account), Stop> {
    if password.is_empty() {
        return Err(Refusal::field("current", "required").into());
    }
    let turn = hash::turn().await?;
    let place = source.clone();
    let work = move |tx: &mut Tx<'_>| {
        let seen = super::session::whole(tx, &session)?;
        let account = seen.ok_or_else(|| Refusal::new("access.unauthenticated"))?.account;
        match guarded(tx, &account.username, &place)? {
            Ok(_) => Ok(account),
            Err(seconds) => Err(Refusal::new("account.too_many_attempts").with("seconds", seconds).into()),
        }
    };
    let account = app.db.write(In::All, work).await?;
    if !turn.verify(password, account.password_hash.clone()).await? {
        return Err(Refusal::field("current", "password.wrong").into());
    }
    let (name, place) = (account.username.clone(), source.clone());
    let right = move |tx: &mut Tx<'_>| {
        let tags = place.tags(tx, &name)?;
        guess::take_back(tx, &tags)
    };
    app.db.write(In::All, right).await?;
    Ok((turn, account))
}

/// Changes the own password. Every session ends, and other browsers are no longer known; the one that asks
/// continues in a new session.
///
/// # Errors
/// `form.invalid` at `current` (`password.wrong`) or `password`, `account.too_many_attempts`.
pub async fn change_password(
    app: &App,
    session: TokenHash,
    old: &str,
    new: &str,
    source: &Source,
) -> Result<SignedIn, Stop> {
    let (turn, account) = proved(app, session, old, source).await?;
    identity::check_password(new, &account.username)?;
    let phc = turn.hash(app, new).await?;
    let source = source.clone();
    let work = move |tx: &mut Tx<'_>| {
        let seen = super::session::whole(tx, &session)?;
        let seen = seen.ok_or_else(|| Refusal::new("access.unauthenticated"))?;
        let (account, county) = (seen.account, seen.visitor.county);
        rows::change(tx, account.id, Change::Password(phc.clone()))?;
        stored::end_all(tx, account.id)?;
        guess::forget(tx, &account.username)?;
        record(tx, county, Some(account.id), Event::PasswordChanged, account.id, serde_json::json!({}))?;
        let tags = source.tags(tx, &account.username)?;
        start(tx, &account, county, Step::Done, seen.info.second_factor, &tags, &source)
    };
    app.db.write(In::All, work).await
}
