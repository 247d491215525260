//! What administrators do with accounts: list them, give and take roles, disable, hand out new slips.

use falin_domain::access::{Act, Noun, Post, Role, Scope, Visitor};
use falin_domain::identity::{check_exclusion, check_password};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, DivisionId, WorkerId};
use falin_store::account::{self as rows, Account, Change};
use falin_store::account_list::{self as lists, Filter};
use falin_store::{In, Tx, session, token};

use super::kept::{at_home, kept};
use super::make::{check_place, operators};
use super::slip::{self, Slip};
use super::{hash, record};
use crate::{App, Stop};

/// An account as administrators see it; never its password or secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Id.
    pub id: AccountId,
    /// Log-in name.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The legal worker that it is.
    pub worker: Option<WorkerId>,
    /// Its roles in the asker's county.
    pub posts: Vec<Post>,
    /// True where it has a password.
    pub active: bool,
    /// True where nobody may sign in with it.
    pub disabled: bool,
    /// True where a second factor is enrolled.
    pub second_factor: bool,
    /// When it was last used, to the minute.
    pub seen: Option<Instant>,
    /// Until when its slip is good; None where there is none.
    pub slip_until: Option<Instant>,
    /// When it was made.
    pub created: Instant,
    /// Counts changes.
    pub version: i64,
}

/// What is done to an account.
#[derive(Clone, Debug)]
pub enum AccountAct {
    /// Give a role for a place, None for the whole county.
    AddRole(Role, Option<DivisionId>),
    /// Take it away.
    RemoveRole(Role, Option<DivisionId>),
    /// Give (true) or take a role in any county: the operator's alone, who acts in all of them.
    RoleIn(bool, Role, CountyId, Option<DivisionId>),
    /// Nobody may sign in with it; its sessions and tokens end.
    Disable,
    /// It may be used again.
    Enable,
    /// A new slip replaces the password.
    NewSlip,
    /// The second factor is forgotten; the next sign-in enrols another.
    ResetSecondFactor,
}

fn listed(account: Account, posts: Vec<Post>, county: CountyId) -> Listed {
    Listed {
        id: account.id,
        username: account.username,
        display_name: account.display_name,
        worker: account.worker,
        posts: posts.into_iter().filter(|post| post.county == county).collect(),
        active: account.password_hash.is_some(),
        disabled: account.disabled,
        second_factor: account.totp_sealed.is_some(),
        seen: account.seen,
        slip_until: account.slip_until,
        created: account.created,
        version: account.version,
    }
}

/// A page of the accounts that the visitor keeps, oldest first.
///
/// # Errors
/// `access.denied`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Listed>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Account)?;
    let (filter, window) = (filter.clone(), window.clone());
    let work = move |tx: &mut Tx<'_>| {
        let page = lists::page(tx, &scope, &filter, &window)?;
        let ids: Vec<AccountId> = page.items.iter().map(|account| account.id).collect();
        let mut posts = rows::posts_of_each(tx, &ids)?;
        Ok(page.map(|account| {
            let posts = posts.remove(&account.id).unwrap_or_default();
            listed(account, posts, scope.county)
        }))
    };
    app.db.read(In::All, work).await
}

/// How many of them match.
///
/// # Errors
/// `access.denied`.
pub async fn count(app: &App, visitor: &Visitor, filter: &Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Account)?;
    let filter = filter.clone();
    app.db.read(In::All, move |tx| lists::count(tx, &scope, &filter)).await
}

/// One of them.
///
/// # Errors
/// `access.denied`, or `not_found` for an account of another county or beyond the visitor's places.
pub async fn one(app: &App, visitor: &Visitor, id: AccountId) -> Result<Listed, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Account)?;
    let work = move |tx: &mut Tx<'_>| {
        kept(tx, &scope, id)?;
        read(tx, scope.county, id)
    };
    app.db.read(In::All, work).await
}

fn read(tx: &mut Tx<'_>, county: CountyId, id: AccountId) -> Result<Listed, Stop> {
    let account = rows::of_county(tx, county, id)?;
    let posts = rows::posts(tx, id)?;
    Ok(listed(account, posts, county))
}

/// The account with this log-in name and the county that manages it, for commands of the operator.
///
/// # Errors
/// `not_found`.
pub async fn by_username(app: &App, username: &str) -> Result<(AccountId, CountyId), Stop> {
    let name = falin_domain::identity::folded(username);
    let found = app.db.read(In::All, move |tx| rows::by_username(tx, &name)).await?;
    found.map(|account| (account.id, account.county)).ok_or_else(|| Refusal::absent().into())
}

/// Does one thing to an account that is still at `version`; a slip where one was asked for. Whatever changes what
/// the account may do ends its sessions.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `account.own` for one's own account, `account.roles_exclude`,
/// `account.last_security_admin`; `account.wider` for a slip or reset of one with roles in other counties.
pub async fn act(
    app: &App,
    visitor: &Visitor,
    id: AccountId,
    version: i64,
    act: AccountAct,
) -> Result<(Listed, Option<Slip>), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Account)?;
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let account = kept(tx, &scope, id)?;
        if account.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if by == Some(id) {
            return Err(Refusal::new("account.own").into());
        }
        let slip = apply(tx, &scope, by, &account, &act)?;
        Ok((read(tx, scope.county, id)?, slip))
    };
    app.db.write(In::All, work).await
}

fn apply(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: Option<AccountId>,
    account: &Account,
    act: &AccountAct,
) -> Result<Option<Slip>, Stop> {
    let mut slip = None;
    let (event, details) = match act {
        AccountAct::AddRole(role, place)
        | AccountAct::RemoveRole(role, place)
        | AccountAct::RoleIn(_, role, _, place) => {
            let (adds, county) = match act {
                AccountAct::RoleIn(adds, _, county, _) if by.is_none() => (*adds, *county),
                AccountAct::RoleIn(..) => return Err(Refusal::new("access.denied").into()),
                other => (matches!(other, AccountAct::AddRole(..)), scope.county),
            };
            let post = Post { role: *role, county, place: *place };
            if !change_role(tx, scope, account, &post, adds)? {
                return Ok(None);
            }
            (Event::AccountRolesChanged, serde_json::json!({ "role": role, "place": place, "added": adds }))
        }
        AccountAct::Disable => {
            keep_one_security_admin(tx, None, account)?;
            rows::change(tx, account.id, Change::Disabled(true))?;
            token::revoke_all(tx, account.id)?;
            (Event::AccountDisabled, serde_json::json!({}))
        }
        AccountAct::Enable => {
            rows::change(tx, account.id, Change::Disabled(false))?;
            (Event::AccountEnabled, serde_json::json!({}))
        }
        AccountAct::NewSlip => {
            at_home(tx, by, account)?;
            slip = Some(slip::issue(tx, account)?);
            falin_store::guess::forget(tx, &account.username)?;
            (Event::SlipIssued, serde_json::json!({}))
        }
        AccountAct::ResetSecondFactor => {
            at_home(tx, by, account)?;
            rows::change(tx, account.id, Change::SecondFactor(None))?;
            (Event::TotpRemoved, serde_json::json!({}))
        }
    };
    session::end_all(tx, account.id)?;
    record(tx, scope.county, by, event, account.id, details)?;
    Ok(slip)
}

/// True where anything changed.
fn change_role(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: &Account,
    post: &Post,
    adds: bool,
) -> Result<bool, Stop> {
    check_place(tx, scope, post.place)?;
    let changed = if adds {
        check_exclusion(&rows::posts(tx, account.id)?, post.role)?;
        rows::grant(tx, account.id, post).map_err(|stop| stop.or_rule("account.roles_exclude"))?
    } else {
        if post.role == Role::SecurityAdmin && post.place.is_none() {
            keep_one_security_admin(tx, Some(post.county), account)?;
        }
        rows::withdraw(tx, account.id, post)?
    };
    if changed {
        rows::change(tx, account.id, Change::Roles)?;
    }
    Ok(changed)
}

/// A county without a security administrator could never appoint another from a page: each county in which the account
/// is one keeps another, or of one county alone (`only`).
fn keep_one_security_admin(tx: &mut Tx<'_>, only: Option<CountyId>, account: &Account) -> Result<(), Stop> {
    // A post for a place alone appoints nobody.
    let held = |post: &Post| post.role == Role::SecurityAdmin && post.place.is_none();
    for post in rows::posts(tx, account.id)?.into_iter().filter(held) {
        if only.is_none_or(|only| only == post.county)
            && rows::others_with(tx, post.county, Role::SecurityAdmin, account.id)? == 0
        {
            return Err(Refusal::new("account.last_security_admin").into());
        }
    }
    Ok(())
}

/// Sets a password from the command line; every session of the account ends and its guesses are forgotten.
///
/// # Errors
/// `access.denied` for anybody but the operator, `not_found`, `form.invalid` at `password`.
pub async fn set_password(app: &App, visitor: &Visitor, id: AccountId, password: &str) -> Result<(), Stop> {
    let scope = operators(visitor)?;
    let account = app.db.read(In::All, move |tx| rows::of_county(tx, scope.county, id)).await?;
    check_password(password, &account.username)?;
    let phc = hash::turn().await?.hash(app, password).await?;
    let work = move |tx: &mut Tx<'_>| {
        let account = rows::of_county(tx, account.county, id)?;
        rows::change(tx, id, Change::Password(phc.clone()))?;
        session::end_all(tx, id)?;
        falin_store::guess::forget(tx, &account.username)?;
        record(tx, account.county, None, Event::PasswordChanged, id, serde_json::json!({}))
    };
    app.db.write(In::All, work).await
}
