//! Which accounts somebody keeps: those of the county, or of a part of it those that can do nothing beyond that part.

use falin_domain::access::Scope;
use falin_domain::refusal::Refusal;
use falin_domain::words::AccountId;
use falin_store::Tx;
use falin_store::account::{self as rows, Account};

use crate::Stop;
use crate::division::holds;

/// An account that whoever has this scope keeps.
///
/// # Errors
/// `not_found` where it is another county's, or may do more than the scope holds: whoever signs in as somebody has
/// what they have.
pub(super) fn kept(tx: &mut Tx<'_>, scope: &Scope, id: AccountId) -> Result<Account, Stop> {
    let account = rows::of_county(tx, scope.county, id)?;
    if keeps(tx, scope, &account)? { Ok(account) } else { Err(Refusal::absent().into()) }
}

/// Whether all that an account of the county may do there lies within a scope. A legal worker's cases lie anywhere, and
/// an account without a role may be given one for the whole county.
pub(super) fn keeps(tx: &mut Tx<'_>, scope: &Scope, account: &Account) -> Result<bool, Stop> {
    if scope.places.is_none() {
        return Ok(true);
    }
    let mut posts = rows::posts(tx, account.id)?;
    posts.retain(|post| post.county == scope.county);
    for post in &posts {
        if !holds(tx, scope, post.place)? {
            return Ok(false);
        }
    }
    Ok(account.worker.is_none() && !posts.is_empty())
}

/// Refuses what would let a county's administrator sign in as somebody who has roles in other counties too: only the
/// operator, who acts in all of them, hands out such an account.
///
/// # Errors
/// `account.wider`.
pub(super) fn at_home(tx: &mut Tx<'_>, by: Option<AccountId>, account: &Account) -> Result<(), Stop> {
    let posts = rows::posts(tx, account.id)?;
    if by.is_some() && posts.iter().any(|post| post.county != account.county) {
        return Err(Refusal::new("account.wider").into());
    }
    Ok(())
}
