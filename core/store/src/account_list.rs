//! Lists of accounts, and the legal workers who have none.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use falin_domain::access::{Role, Scope};
use falin_domain::directory::WorkerKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{CountyId, WorkerId};

use crate::account::{Account, Row, from_row};
use crate::conn::literal;
use crate::county::id;
use crate::schema::{account, account_role, worker};
use crate::stop::Stop;
use crate::tx::Tx;

/// Which accounts a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Part of the log-in name or the person's name.
    pub text: Option<String>,
    /// Only holders of this role in the county.
    pub role: Option<Role>,
    /// Only disabled or only enabled ones.
    pub disabled: Option<bool>,
    /// Only those with a password, or only those without.
    pub activated: Option<bool>,
}

type Boxed = account::BoxedQuery<'static, crate::conn::MultiBackend>;

/// How many accounts of a scope match.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter) -> Result<u64, Stop> {
    let n: i64 = filtered(tx, scope, filter).count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

fn filtered(tx: &Tx<'_>, scope: &Scope, filter: &Filter) -> Boxed {
    let county = scope.county;
    let mut query = account::table.filter(account::county_id.eq(county.bytes())).into_boxed();
    if let Some(text) = &filter.text {
        let part = format!("%{}%", text.replace(['%', '_', '\\'], ""));
        query =
            query.filter(account::username.like(part.to_lowercase()).or(account::display_name.like(part)));
    }
    if let Some(role) = filter.role {
        let holders = account_role::table
            .filter(account_role::county_id.eq(county.bytes()))
            .filter(account_role::role.eq(role.code()))
            .select(account_role::account_id);
        query = query.filter(account::id.eq_any(holders));
    }
    if let Some(disabled) = filter.disabled {
        query = query.filter(account::disabled.eq(disabled));
    }
    if let Some(kept) = kept(tx, scope) {
        query = query.filter(kept);
    }
    match filter.activated {
        Some(true) => query.filter(account::password_hash.is_not_null()),
        Some(false) => query.filter(account::password_hash.is_null()),
        None => query,
    }
}

/// Accounts all of whose roles in the county are held within a scope's places, and who are no legal worker: whoever
/// keeps a part of the county keeps these alone. None where the scope is the whole of it.
pub(crate) fn kept(tx: &Tx<'_>, scope: &Scope) -> Option<SqlLiteral<Bool>> {
    let places = scope.places.as_ref()?;
    let county = literal(tx.conn, &scope.county.bytes());
    let above: Vec<String> = places.iter().map(|place| literal(tx.conn, &place.bytes())).collect();
    let above = if above.is_empty() { "NULL".to_owned() } else { above.join(", ") };
    let inside = format!(
        "(SELECT p.below_id FROM division_path p WHERE p.county_id = {county} AND p.above_id IN ({above}))"
    );
    let role = format!(
        "(SELECT 1 FROM account_role r WHERE r.account_id = account.id AND r.county_id = {county} AND r.place_id"
    );
    Some(sql::<Bool>(&format!(
        "(account.worker_id IS NULL AND EXISTS {role} IN {inside}) AND NOT EXISTS {role} NOT IN {inside}))"
    )))
}

/// A page of the accounts that a scope keeps, oldest first.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Account>, Stop> {
    let mut query = filtered(tx, scope, filter);
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query =
            query.filter(account::created_ms.ge(ms).and(account::created_ms.gt(ms).or(account::id.gt(id))));
    }
    let rows: Vec<Row> = query
        .order((account::created_ms, account::id))
        .limit(i64::from(window.limit) + 1)
        .select(Row::as_select())
        .load(tx.conn)?;
    let rows = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    let mark = |a: &Account| Mark { key: a.created.millis().to_string(), id: a.id.uuid() };
    Ok(Page::cut(rows, window, mark))
}

/// Accounts of a county whose slip has not been used, in order of the person's name.
///
/// # Errors
/// The database's own.
pub fn waiting(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Account>, Stop> {
    let rows: Vec<Row> = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::activation_sealed.is_not_null())
        .filter(account::disabled.eq(false))
        .order((account::display_name, account::id))
        .select(Row::as_select())
        .load(tx.conn)?;
    rows.into_iter().map(from_row).collect()
}

/// The kinds of workers who answer questions and take cases: none else has a use for a lawyer's account.
fn advising() -> Vec<&'static str> {
    WorkerKind::ADVISING.iter().map(|kind| kind.code()).collect()
}

/// Up to `most` active workers of a county who advise and whom nobody signs in as: id, name.
///
/// # Errors
/// The database's own.
pub fn workers_without(
    tx: &mut Tx<'_>,
    county: CountyId,
    most: i64,
) -> Result<Vec<(WorkerId, String)>, Stop> {
    let with = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::worker_id.is_not_null())
        .select(account::worker_id.assume_not_null());
    let rows: Vec<(Vec<u8>, String)> = worker::table
        .filter(worker::county_id.eq(county.bytes()))
        .filter(worker::active.eq(true))
        .filter(worker::kind.eq_any(advising()))
        .filter(worker::id.ne_all(with))
        .order((worker::sort_key, worker::id))
        .limit(most)
        .select((worker::id, worker::name))
        .load(tx.conn)?;
    rows.into_iter().map(|(bytes, name)| Ok((id(&bytes)?, name))).collect()
}

/// Active workers of a county who advise, and those of them that nobody signs in as.
///
/// # Errors
/// The database's own.
pub fn worker_counts(tx: &mut Tx<'_>, county: CountyId) -> Result<(i64, i64), Stop> {
    let with = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::worker_id.is_not_null())
        .select(account::worker_id.assume_not_null());
    let active = worker::table
        .filter(worker::county_id.eq(county.bytes()))
        .filter(worker::active.eq(true))
        .filter(worker::kind.eq_any(advising()));
    let people = active.clone().count().get_result(tx.conn)?;
    let lacking = active.filter(worker::id.ne_all(with)).count().get_result(tx.conn)?;
    Ok((people, lacking))
}
