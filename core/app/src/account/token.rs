//! Bearer tokens of programs: issued for an account, shown once.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::identity::TOKEN_DAYS_MOST;
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{AccountId, CountyId, TokenId};
pub use falin_store::journal::by_token;
use falin_store::token::{self as stored, Token};
use falin_store::{In, Tx};

use super::kept::{at_home, kept};
use super::{hash_of, new_token, record};
use crate::{App, Stop};

/// Issues a token with the rights of `account`, and returns it with its id; it is shown this once.
///
/// # Errors
/// `access.denied`, `not_found` for an account of another county, `form.invalid` at `name` or `days`,
/// `account.disabled`, `account.wider`.
pub async fn issue_token(
    app: &App,
    visitor: &Visitor,
    account: AccountId,
    name: &str,
    days: i64,
) -> Result<(TokenId, String), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Token)?;
    if !(1..=TOKEN_DAYS_MOST).contains(&days) {
        let fault = FieldError::new("days", "out_of_range").with("min", 1).with("max", TOKEN_DAYS_MOST);
        return Err(Refusal::form(vec![fault]).into());
    }
    if name.trim().is_empty() {
        return Err(Refusal::field("name", "required").into());
    }
    if name.chars().count() > 100 {
        return Err(Refusal::form(vec![FieldError::new("name", "too_long").with("max", 100)]).into());
    }
    let (name, by) = (name.trim().to_owned(), visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let owner = kept(tx, &scope, account)?;
        at_home(tx, by, &owner)?;
        if owner.disabled {
            return Err(Refusal::new("account.disabled").into());
        }
        put(tx, scope.county, by, owner.id, &name, days)
    };
    app.db.write(In::All, work).await
}

/// Writes a token and its entry in the journal.
pub(super) fn put(
    tx: &mut Tx<'_>,
    county: CountyId,
    by: Option<AccountId>,
    owner: AccountId,
    name: &str,
    days: i64,
) -> Result<(TokenId, String), Stop> {
    let token = new_token(tx);
    let until = tx.now.plus_seconds(days * 86_400);
    let id = stored::insert(tx, &hash_of(&token), owner, county, name, until)?;
    let details = serde_json::json!({ "token": id, "days": days });
    record(tx, county, by, Event::TokenIssued, owner, details)?;
    Ok((id, token))
}

/// Revokes a token; revoking it again does nothing.
///
/// # Errors
/// `access.denied`, or `not_found` for a token of another county.
pub async fn revoke_token(app: &App, visitor: &Visitor, id: TokenId) -> Result<Token, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Token)?;
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let token = seen(tx, &scope, id)?;
        if stored::revoke(tx, id)? {
            let details = serde_json::json!({ "token": id });
            record(tx, scope.county, by, Event::TokenRevoked, token.account, details)?;
        }
        stored::of_county(tx, scope.county, id)
    };
    app.db.write(In::All, work).await
}

/// A page of the tokens of accounts that the visitor keeps, newest first; of one account where given.
///
/// # Errors
/// `access.denied`.
pub async fn tokens(
    app: &App,
    visitor: &Visitor,
    owner: Option<AccountId>,
    window: &Window,
) -> Result<Page<Token>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Token)?;
    let window = window.clone();
    app.db.read(In::All, move |tx| stored::page(tx, &scope, owner, &window)).await
}

/// One token of the county.
///
/// # Errors
/// `access.denied`, or `not_found` for a token of another county.
pub async fn token(app: &App, visitor: &Visitor, id: TokenId) -> Result<Token, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Token)?;
    app.db.read(In::All, move |tx| seen(tx, &scope, id)).await
}

/// A token of the county, of an account that whoever has this scope keeps.
fn seen(tx: &mut Tx<'_>, scope: &Scope, id: TokenId) -> Result<Token, Stop> {
    let token = stored::of_county(tx, scope.county, id)?;
    kept(tx, scope, token.account)?;
    Ok(token)
}
