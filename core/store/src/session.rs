//! Signed-in browsers: only the hash of a session's token is kept.

use diesel::prelude::*;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, SessionId};

use crate::county::id;
use crate::schema::session;
use crate::stop::Stop;
use crate::tx::Tx;

/// A session as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Names it where its token must not appear.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The county in which it acts.
    pub county: CountyId,
    /// True where a second factor was given.
    pub second_factor: bool,
    /// What it runs on: `phone-wechat` ([`falin_domain::identity::device_of`]).
    pub device: String,
    /// When it began.
    pub created: Instant,
    /// When it was last seen, to the minute.
    pub seen: Instant,
    /// When it ends, however busy.
    pub until: Instant,
}

type Row = (Vec<u8>, Vec<u8>, Vec<u8>, bool, String, i64, i64, i64);
const COLUMNS: (
    session::id,
    session::account_id,
    session::county_id,
    session::second_factor,
    session::device,
    session::created_ms,
    session::seen_ms,
    session::until_ms,
) = (
    session::id,
    session::account_id,
    session::county_id,
    session::second_factor,
    session::device,
    session::created_ms,
    session::seen_ms,
    session::until_ms,
);

fn from_row(row: Row) -> Result<Session, Stop> {
    Ok(Session {
        id: id(&row.0)?,
        account: id(&row.1)?,
        county: id(&row.2)?,
        second_factor: row.3,
        device: row.4,
        created: Instant::from_millis(row.5),
        seen: Instant::from_millis(row.6),
        until: Instant::from_millis(row.7),
    })
}

/// A session about to begin.
#[derive(Clone, Copy)]
pub struct New<'a> {
    /// SHA-256 of its token.
    pub token_hash: &'a [u8],
    /// Whose.
    pub account: AccountId,
    /// The county in which it acts.
    pub county: CountyId,
    /// True where a second factor was given.
    pub second_factor: bool,
    /// What it runs on.
    pub device: &'a str,
    /// When it ends, however busy.
    pub until: Instant,
}

/// Starts a session.
///
/// # Errors
/// The database's own.
pub fn insert(tx: &mut Tx<'_>, new: New<'_>) -> Result<SessionId, Stop> {
    let id: SessionId = tx.id();
    let values = (
        session::token_hash.eq(new.token_hash),
        session::id.eq(id.bytes()),
        session::account_id.eq(new.account.bytes()),
        session::county_id.eq(new.county.bytes()),
        session::second_factor.eq(new.second_factor),
        session::device.eq(new.device),
        session::created_ms.eq(tx.now.millis()),
        session::seen_ms.eq(tx.now.millis()),
        session::until_ms.eq(new.until.millis()),
    );
    diesel::insert_into(session::table).values(values).execute(tx.conn)?;
    Ok(id)
}

/// The session under this hash.
///
/// # Errors
/// The database's own.
pub fn by_hash(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<Session>, Stop> {
    let row: Option<Row> = session::table.find(token_hash).select(COLUMNS).first(tx.conn).optional()?;
    row.map(from_row).transpose()
}

/// Sessions of an account that are not past their end, newest first.
///
/// # Errors
/// The database's own.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Session>, Stop> {
    let rows: Vec<Row> = session::table
        .filter(session::account_id.eq(account.bytes()))
        .filter(session::until_ms.gt(tx.now.millis()))
        .order((session::seen_ms.desc(), session::id))
        .select(COLUMNS)
        .load(tx.conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Notes that a session was seen now.
///
/// # Errors
/// The database's own.
pub fn touch(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<(), Stop> {
    let row = session::table.find(token_hash);
    diesel::update(row).set(session::seen_ms.eq(tx.now.millis())).execute(tx.conn)?;
    Ok(())
}

/// Notes that a running session has proved a second factor: it enrolled one.
///
/// # Errors
/// The database's own.
pub fn mark_second_factor(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<(), Stop> {
    let row = session::table.find(token_hash);
    diesel::update(row).set(session::second_factor.eq(true)).execute(tx.conn)?;
    Ok(())
}

/// Lets a session act in another county.
///
/// # Errors
/// The database's own.
pub fn move_to(tx: &mut Tx<'_>, token_hash: &[u8], county: CountyId) -> Result<(), Stop> {
    let row = session::table.find(token_hash);
    diesel::update(row).set(session::county_id.eq(county.bytes())).execute(tx.conn)?;
    Ok(())
}

/// Ends the session under this hash; true where there was one.
///
/// # Errors
/// The database's own.
pub fn end(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<bool, Stop> {
    Ok(diesel::delete(session::table.find(token_hash)).execute(tx.conn)? > 0)
}

/// Ends one session of an account; true where there was one.
///
/// # Errors
/// The database's own.
pub fn end_one(tx: &mut Tx<'_>, account: AccountId, session: SessionId) -> Result<bool, Stop> {
    let row = session::table
        .filter(session::account_id.eq(account.bytes()))
        .filter(session::id.eq(session.bytes()));
    Ok(diesel::delete(row).execute(tx.conn)? > 0)
}

/// Ends every session of an account and returns how many.
///
/// # Errors
/// The database's own.
pub fn end_all(tx: &mut Tx<'_>, account: AccountId) -> Result<usize, Stop> {
    let rows = session::table.filter(session::account_id.eq(account.bytes()));
    Ok(diesel::delete(rows).execute(tx.conn)?)
}

/// Ends every session of an account but the one under `keep`, and returns how many.
///
/// # Errors
/// The database's own.
pub fn end_others(tx: &mut Tx<'_>, account: AccountId, keep: &[u8]) -> Result<usize, Stop> {
    let rows = session::table
        .filter(session::account_id.eq(account.bytes()))
        .filter(session::token_hash.ne(keep.to_vec()));
    Ok(diesel::delete(rows).execute(tx.conn)?)
}

/// Removes sessions past their end.
///
/// # Errors
/// The database's own.
pub fn prune(tx: &mut Tx<'_>) -> Result<(), Stop> {
    diesel::delete(session::table.filter(session::until_ms.le(tx.now.millis()))).execute(tx.conn)?;
    Ok(())
}
