//! Accounts, their roles for places, and their activation slips, one at a time.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::access::{Post, Role};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, Id, WorkerId};

use crate::conn::direct;
use crate::county::id;
use crate::said::one_of;
use crate::schema::{account, account_role};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// An account as stored. No Debug: it holds a password's hash.
#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = account)]
pub(crate) struct Row {
    id: Vec<u8>,
    username: String,
    display_name: String,
    county_id: Vec<u8>,
    worker_id: Option<Vec<u8>>,
    password_hash: Option<String>,
    activation_sealed: Option<Vec<u8>>,
    activation_until_ms: Option<i64>,
    totp_sealed: Option<Vec<u8>>,
    totp_step: i64,
    disabled: bool,
    seen_ms: Option<i64>,
    created_ms: i64,
    version: i64,
}

/// An account. No Debug: it holds a password's hash.
#[derive(Clone)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// Log-in name, unique in the whole installation.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The county that manages it.
    pub county: CountyId,
    /// The legal worker that it is.
    pub worker: Option<WorkerId>,
    /// PHC text of argon2id; None until activated.
    pub password_hash: Option<String>,
    /// The printed code, sealed, until used.
    pub slip_sealed: Option<Vec<u8>>,
    /// Until when the printed code is good.
    pub slip_until: Option<Instant>,
    /// Secret of the second factor, sealed.
    pub totp_sealed: Option<Vec<u8>>,
    /// Last step of the second factor that was used up.
    pub totp_step: i64,
    /// True where nobody may sign in with it.
    pub disabled: bool,
    /// When it was last used, to the minute.
    pub seen: Option<Instant>,
    /// When it was made.
    pub created: Instant,
    /// Counts changes.
    pub version: i64,
}

/// What is known of an account before it exists.
#[derive(Clone)]
pub struct New {
    /// Log-in name.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The county that manages it.
    pub county: CountyId,
    /// The legal worker that it is.
    pub worker: Option<WorkerId>,
}

pub(crate) fn from_row(row: Row) -> Result<Account, Stop> {
    Ok(Account {
        id: id(&row.id)?,
        username: row.username,
        display_name: row.display_name,
        county: id(&row.county_id)?,
        worker: row.worker_id.as_deref().map(id).transpose()?,
        password_hash: row.password_hash,
        slip_sealed: row.activation_sealed,
        slip_until: row.activation_until_ms.map(Instant::from_millis),
        totp_sealed: row.totp_sealed,
        totp_step: row.totp_step,
        disabled: row.disabled,
        seen: row.seen_ms.map(Instant::from_millis),
        created: Instant::from_millis(row.created_ms),
        version: row.version,
    })
}

/// Adds an account without password; it waits for its slip to be used.
///
/// # Errors
/// [`Stop::Rule`] where the name is taken or the worker has an account.
pub fn insert(tx: &mut Tx<'_>, new: &New) -> Result<AccountId, Stop> {
    let id: AccountId = tx.id();
    let values = (
        account::id.eq(id.bytes()),
        account::username.eq(&new.username),
        account::display_name.eq(&new.display_name),
        account::county_id.eq(new.county.bytes()),
        account::worker_id.eq(new.worker.map(Id::bytes)),
        account::totp_step.eq(0_i64),
        account::disabled.eq(false),
        account::created_ms.eq(tx.now.millis()),
        account::version.eq(1_i64),
    );
    diesel::insert_into(account::table).values(values).execute(tx.conn)?;
    Ok(id)
}

/// The account with this id.
///
/// # Errors
/// The database's own.
pub fn by_id(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>, Stop> {
    let row = account::table.find(id.bytes()).select(Row::as_select()).first(tx.conn).optional()?;
    row.map(from_row).transpose()
}

/// Those of these accounts that are there, asked for at once.
///
/// # Errors
/// The database's own.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[AccountId]) -> Result<HashMap<AccountId, Account>, Stop> {
    let ids = ids.iter().map(|id| id.bytes()).collect();
    let query = account::table.filter(one_of(account::id, ids)).select(Row::as_select());
    let rows: Vec<Row> = query.load(tx.conn)?;
    rows.into_iter().map(|row| from_row(row).map(|account| (account.id, account))).collect()
}

/// The account with this id that this county manages.
///
/// # Errors
/// `not_found` where it is not there, or another county's.
pub fn of_county(tx: &mut Tx<'_>, county: CountyId, id: AccountId) -> Result<Account, Stop> {
    let found = by_id(tx, id)?.filter(|account| account.county == county);
    found.ok_or_else(|| falin_domain::refusal::Refusal::absent().into())
}

/// The account with this log-in name.
///
/// # Errors
/// The database's own.
pub fn by_username(tx: &mut Tx<'_>, username: &str) -> Result<Option<Account>, Stop> {
    let query = account::table.filter(account::username.eq(username));
    query.select(Row::as_select()).first(tx.conn).optional()?.map(from_row).transpose()
}

/// The account whose unused slip has this index.
///
/// # Errors
/// The database's own.
pub fn by_slip(tx: &mut Tx<'_>, index: &[u8]) -> Result<Option<Account>, Stop> {
    let query = account::table.filter(account::activation_index.eq(index));
    query.select(Row::as_select()).first(tx.conn).optional()?.map(from_row).transpose()
}

/// Names that begin with `stem`, to find a free one.
///
/// # Errors
/// The database's own.
pub fn names_like(tx: &mut Tx<'_>, stem: &str) -> Result<Vec<String>, Stop> {
    let query = account::table.filter(account::username.like(format!("{stem}%")));
    Ok(query.select(account::username).load(tx.conn)?)
}

/// Roles of an account, in every county.
///
/// # Errors
/// The database's own.
pub fn posts(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Post>, Stop> {
    let rows: Vec<(Vec<u8>, String, Vec<u8>)> = account_role::table
        .filter(account_role::account_id.eq(account.bytes()))
        .order((account_role::county_id, account_role::role, account_role::place_id))
        .select((account_role::county_id, account_role::role, account_role::place_id))
        .load(tx.conn)?;
    rows.into_iter().map(post).collect()
}

/// The same for several accounts at once; those without any are not in it.
///
/// # Errors
/// The database's own.
pub fn posts_of_each(tx: &mut Tx<'_>, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<Post>>, Stop> {
    let query = account_role::table
        .filter(one_of(account_role::account_id, accounts.iter().map(|id| id.bytes()).collect()))
        .order((account_role::county_id, account_role::role, account_role::place_id))
        .select((
            account_role::account_id,
            (account_role::county_id, account_role::role, account_role::place_id),
        ));
    let rows: Vec<(Vec<u8>, (Vec<u8>, String, Vec<u8>))> = direct!(tx.conn, conn => query.load(conn))?;
    let mut posts: HashMap<AccountId, Vec<Post>> = HashMap::new();
    for (account, row) in rows {
        posts.entry(id(&account)?).or_default().push(post(row)?);
    }
    Ok(posts)
}

/// The place's column is part of the key and so never null: empty stands for the whole county.
fn post((county, role, place): (Vec<u8>, String, Vec<u8>)) -> Result<Post, Stop> {
    let role = Role::from_code(&role).ok_or_else(|| Fault::new("account", "a role this release lacks"))?;
    let place = if place.is_empty() { None } else { Some(id(&place)?) };
    Ok(Post { role, county: id(&county)?, place })
}

fn place_bytes(post: &Post) -> Vec<u8> {
    post.place.map(Id::bytes).unwrap_or_default()
}

/// Gives a role for a place; true where it was not held yet.
///
/// # Errors
/// [`Stop::Rule`] where it would be a second administrator's role.
pub fn grant(tx: &mut Tx<'_>, account: AccountId, post: &Post) -> Result<bool, Stop> {
    if posts(tx, account)?.contains(post) {
        return Ok(false);
    }
    let values = (
        account_role::account_id.eq(account.bytes()),
        account_role::county_id.eq(post.county.bytes()),
        account_role::role.eq(post.role.code()),
        account_role::place_id.eq(place_bytes(post)),
    );
    diesel::insert_into(account_role::table).values(values).execute(tx.conn)?;
    Ok(true)
}

/// Takes a role for a place away; true where it was held.
///
/// # Errors
/// The database's own.
pub fn withdraw(tx: &mut Tx<'_>, account: AccountId, post: &Post) -> Result<bool, Stop> {
    let row =
        account_role::table.find((account.bytes(), post.county.bytes(), post.role.code(), place_bytes(post)));
    Ok(diesel::delete(row).execute(tx.conn)? > 0)
}

/// Enabled accounts with a password that hold `role` for the whole county, besides `but`.
///
/// # Errors
/// The database's own.
pub fn others_with(tx: &mut Tx<'_>, county: CountyId, role: Role, but: AccountId) -> Result<i64, Stop> {
    let holders = account_role::table
        .filter(account_role::county_id.eq(county.bytes()))
        .filter(account_role::role.eq(role.code()))
        .filter(account_role::place_id.eq(Vec::new()))
        .filter(account_role::account_id.ne(but.bytes()))
        .select(account_role::account_id);
    let query = account::table
        .filter(account::id.eq_any(holders))
        .filter(account::disabled.eq(false))
        .filter(account::password_hash.is_not_null());
    Ok(query.count().get_result(tx.conn)?)
}

/// What changes of an account; each counts its version up.
pub enum Change {
    /// A new password's hash; a waiting slip is used up.
    Password(String),
    /// A new slip: index, sealed code, last instant. The old password stops working.
    Slip(Vec<u8>, Vec<u8>, Instant),
    /// A second factor: sealed secret and the step that proved it; or none any more.
    SecondFactor(Option<(Vec<u8>, i64)>),
    /// Whether it is disabled.
    Disabled(bool),
    /// The person's name.
    Name(String),
    /// Its roles, which stand in rows of their own.
    Roles,
}

/// Changes an account.
///
/// # Errors
/// The database's own.
pub fn change(tx: &mut Tx<'_>, account: AccountId, change: Change) -> Result<(), Stop> {
    let row = account::table.find(account.bytes());
    let next = account::version.eq(account::version + 1);
    let (none_bytes, none_ms) = (None::<Vec<u8>>, None::<i64>);
    let no_slip = (
        account::activation_index.eq(none_bytes.clone()),
        account::activation_sealed.eq(none_bytes.clone()),
        account::activation_until_ms.eq(none_ms),
    );
    match change {
        Change::Password(hash) => diesel::update(row)
            .set((account::password_hash.eq(Some(hash)), no_slip, next))
            .execute(tx.conn)?,
        Change::Slip(index, sealed, until) => diesel::update(row)
            .set((
                account::password_hash.eq(None::<String>),
                account::activation_index.eq(Some(index)),
                account::activation_sealed.eq(Some(sealed)),
                account::activation_until_ms.eq(Some(until.millis())),
                next,
            ))
            .execute(tx.conn)?,
        Change::SecondFactor(factor) => {
            let (sealed, step) = factor.map_or((None, 0), |(sealed, step)| (Some(sealed), step));
            let set = (account::totp_sealed.eq(sealed), account::totp_step.eq(step), next);
            diesel::update(row).set(set).execute(tx.conn)?
        }
        Change::Disabled(disabled) => {
            diesel::update(row).set((account::disabled.eq(disabled), next)).execute(tx.conn)?
        }
        Change::Roles => diesel::update(row).set(next).execute(tx.conn)?,
        Change::Name(name) => {
            diesel::update(row).set((account::display_name.eq(name), next)).execute(tx.conn)?
        }
    };
    Ok(())
}

/// Notes that an account was used now; no change of the account.
///
/// # Errors
/// The database's own.
pub fn touch(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Stop> {
    let row = account::table.find(account.bytes());
    diesel::update(row).set(account::seen_ms.eq(Some(tx.now.millis()))).execute(tx.conn)?;
    Ok(())
}

/// Uses up a step of the second factor; false where it, or a later one, was used before (RFC 6238 §5.2).
///
/// # Errors
/// The database's own.
pub fn use_step(tx: &mut Tx<'_>, account: AccountId, step: i64) -> Result<bool, Stop> {
    let row = account::table.find(account.bytes()).filter(account::totp_step.lt(step));
    Ok(diesel::update(row).set(account::totp_step.eq(step)).execute(tx.conn)? == 1)
}

/// Workers of a county who have an account that is not switched off.
///
/// # Errors
/// The database's own.
pub fn workers_with(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<WorkerId>, Stop> {
    let found: Vec<Vec<u8>> = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::worker_id.is_not_null())
        .filter(account::disabled.eq(false))
        .select(account::worker_id.assume_not_null())
        .load(tx.conn)?;
    Ok(found.iter().filter_map(|id| WorkerId::from_bytes(id)).collect())
}

/// Workers of a county whose account is not switched off and holds one of these roles there.
///
/// # Errors
/// The database's own.
pub fn workers_who_are(tx: &mut Tx<'_>, county: CountyId, roles: &[Role]) -> Result<Vec<WorkerId>, Stop> {
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let holders = account_role::table
        .filter(account_role::county_id.eq(county.bytes()))
        .filter(account_role::role.eq_any(roles))
        .select(account_role::account_id);
    let found: Vec<Vec<u8>> = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::id.eq_any(holders))
        .filter(account::worker_id.is_not_null())
        .filter(account::disabled.eq(false))
        .select(account::worker_id.assume_not_null())
        .load(tx.conn)?;
    Ok(found.iter().filter_map(|id| WorkerId::from_bytes(id)).collect())
}

/// The account that a legal worker signs in with; None where there is none.
///
/// # Errors
/// The database's own.
pub fn of_worker(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<Option<AccountId>, Stop> {
    let found: Option<Vec<u8>> = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::worker_id.eq(Some(worker.bytes())))
        .filter(account::disabled.eq(false))
        .select(account::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.and_then(|id| AccountId::from_bytes(&id)))
}

/// Display names of these accounts.
///
/// # Errors
/// The database's own.
pub fn names(tx: &mut Tx<'_>, ids: &[AccountId]) -> Result<HashMap<AccountId, String>, Stop> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = ids.iter().map(|id| id.bytes()).collect();
    let query = account::table.filter(one_of(account::id, ids)).select((account::id, account::display_name));
    let rows: Vec<(Vec<u8>, String)> = direct!(tx.conn, conn => query.load(conn))?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((AccountId::from_bytes(&id)?, name))).collect())
}
