//! Bearer tokens of programs: only the hash of a token is kept.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, TokenId};

use crate::account_list;
use crate::conn::direct;
use crate::county::id;
use crate::said::one_of;
use crate::schema::{account, token};
use crate::stop::Stop;
use crate::tx::Tx;

/// A token as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Names it where the token itself must not appear.
    pub id: TokenId,
    /// Whose rights it has.
    pub account: AccountId,
    /// The log-in name of that account.
    pub username: String,
    /// The county in which it acts.
    pub county: CountyId,
    /// What it is for, in the issuer's words.
    pub name: String,
    /// When it was issued.
    pub created: Instant,
    /// When it ends.
    pub until: Instant,
    /// When it was last used, to the minute.
    pub used: Option<Instant>,
    /// When it was revoked.
    pub revoked: Option<Instant>,
}

type Row = (Vec<u8>, Vec<u8>, String, Vec<u8>, String, i64, i64, Option<i64>, Option<i64>);
const COLUMNS: (
    token::id,
    token::account_id,
    account::username,
    token::county_id,
    token::name,
    token::created_ms,
    token::until_ms,
    token::used_ms,
    token::revoked_ms,
) = (
    token::id,
    token::account_id,
    account::username,
    token::county_id,
    token::name,
    token::created_ms,
    token::until_ms,
    token::used_ms,
    token::revoked_ms,
);

fn from_row(row: Row) -> Result<Token, Stop> {
    Ok(Token {
        id: id(&row.0)?,
        account: id(&row.1)?,
        username: row.2,
        county: id(&row.3)?,
        name: row.4,
        created: Instant::from_millis(row.5),
        until: Instant::from_millis(row.6),
        used: row.7.map(Instant::from_millis),
        revoked: row.8.map(Instant::from_millis),
    })
}

/// Adds a token under its SHA-256.
///
/// # Errors
/// The database's own.
pub fn insert(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    account: AccountId,
    county: CountyId,
    name: &str,
    until: Instant,
) -> Result<TokenId, Stop> {
    let id: TokenId = tx.id();
    let values = (
        token::id.eq(id.bytes()),
        token::token_hash.eq(token_hash),
        token::account_id.eq(account.bytes()),
        token::county_id.eq(county.bytes()),
        token::name.eq(name),
        token::created_ms.eq(tx.now.millis()),
        token::until_ms.eq(until.millis()),
        token::revoked_ms.eq(None::<i64>),
    );
    diesel::insert_into(token::table).values(values).execute(tx.conn)?;
    Ok(id)
}

/// The token under this hash.
///
/// # Errors
/// The database's own.
pub fn by_hash(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<Token>, Stop> {
    let rows = token::table.inner_join(account::table.on(account::id.eq(token::account_id)));
    let row: Option<Row> =
        rows.filter(token::token_hash.eq(token_hash)).select(COLUMNS).first(tx.conn).optional()?;
    row.map(from_row).transpose()
}

/// The token with this id in this county.
///
/// # Errors
/// `not_found` where it is not there, or another county's.
pub fn of_county(tx: &mut Tx<'_>, county: CountyId, id: TokenId) -> Result<Token, Stop> {
    among(tx, county, &[id])?.pop().ok_or_else(|| falin_domain::refusal::Refusal::absent().into())
}

/// Those of these tokens that a county has, asked for at once.
///
/// # Errors
/// The database's own.
pub fn among(tx: &mut Tx<'_>, county: CountyId, ids: &[TokenId]) -> Result<Vec<Token>, Stop> {
    let rows = token::table.inner_join(account::table.on(account::id.eq(token::account_id)));
    let query = rows
        .filter(token::county_id.eq(county.bytes()))
        .filter(one_of(token::id, ids.iter().map(|id| id.bytes()).collect()))
        .select(COLUMNS);
    let rows: Vec<Row> = direct!(tx.conn, conn => query.load(conn))?;
    rows.into_iter().map(from_row).collect()
}

/// A page of the tokens of accounts that a scope keeps, newest first; of one account where given.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    owner: Option<AccountId>,
    window: &Window,
) -> Result<Page<Token>, Stop> {
    let rows = token::table.inner_join(account::table.on(account::id.eq(token::account_id)));
    let mut query = rows.filter(token::county_id.eq(scope.county.bytes())).into_boxed();
    if let Some(kept) = account_list::kept(tx, scope) {
        query = query.filter(kept);
    }
    if let Some(owner) = owner {
        query = query.filter(token::account_id.eq(owner.bytes()));
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(token::created_ms.le(ms).and(token::created_ms.lt(ms).or(token::id.lt(id))));
    }
    let rows: Vec<Row> = query
        .order((token::created_ms.desc(), token::id.desc()))
        .limit(i64::from(window.limit) + 1)
        .select(COLUMNS)
        .load(tx.conn)?;
    let rows = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(rows, window, |t| Mark { key: t.created.millis().to_string(), id: t.id.uuid() }))
}

/// Notes that a token was used now.
///
/// # Errors
/// The database's own.
pub fn touch(tx: &mut Tx<'_>, id: TokenId) -> Result<(), Stop> {
    let row = token::table.find(id.bytes());
    diesel::update(row).set(token::used_ms.eq(Some(tx.now.millis()))).execute(tx.conn)?;
    Ok(())
}

/// Revokes a token; false where it was revoked before.
///
/// # Errors
/// The database's own.
pub fn revoke(tx: &mut Tx<'_>, id: TokenId) -> Result<bool, Stop> {
    let row = token::table.filter(token::id.eq(id.bytes())).filter(token::revoked_ms.is_null());
    Ok(diesel::update(row).set(token::revoked_ms.eq(Some(tx.now.millis()))).execute(tx.conn)? > 0)
}

/// Revokes every token of an account and returns how many.
///
/// # Errors
/// The database's own.
pub fn revoke_all(tx: &mut Tx<'_>, account: AccountId) -> Result<usize, Stop> {
    let rows = token::table.filter(token::account_id.eq(account.bytes())).filter(token::revoked_ms.is_null());
    Ok(diesel::update(rows).set(token::revoked_ms.eq(Some(tx.now.millis()))).execute(tx.conn)?)
}
