//! Who answers for a case (首办责任): the first handler, and those to whom it has passed since.

use diesel::prelude::*;
use falin_domain::words::{AccountId, CaseId, CountyId, WorkerId};

use crate::column::{load, noun};
use crate::schema::casefile_answerable;
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A span in which somebody answers for a case.
    Answerable in casefile_answerable {
        /// County.
        county_id: CountyId,
        /// The case.
        case_id: CaseId,
        /// 1 for the first handler.
        n: i32,
        /// The worker; None where an account without one took it.
        worker_id: Option<WorkerId>,
        /// The account, where it is no worker's.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        from_ms: i64,
        /// UTC milliseconds; None for who answers now.
        to_ms: Option<i64>,
    }
}

/// Who a case can rest on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// A legal worker or mediator.
    Worker(WorkerId),
    /// An account that is no worker's, such as a window clerk's.
    Account(AccountId),
}

impl Answerable {
    /// Who it is.
    pub fn who(&self) -> Option<Who> {
        self.worker_id.map(Who::Worker).or(self.account_id.map(Who::Account))
    }
}

/// Everybody who has answered for a case, the first handler first.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Answerable>, Stop> {
    let query = casefile_answerable::table
        .filter(casefile_answerable::county_id.eq(county.bytes()))
        .filter(casefile_answerable::case_id.eq(case.bytes()))
        .order(casefile_answerable::n);
    load!(Answerable, query, tx)
}

/// The case passes to `next`, from whoever answers now; nothing where that is the same. Says whether it passed.
///
/// # Errors
/// The database's own.
pub fn pass(tx: &mut Tx<'_>, county: CountyId, case: CaseId, next: Who) -> Result<bool, Stop> {
    let there = of(tx, county, case)?;
    let last = there.last();
    if last.is_some_and(|one| one.who() == Some(next)) {
        return Ok(false);
    }
    let now = last.map_or(tx.now.millis(), |one| tx.now.millis().max(one.from_ms));
    let open = casefile_answerable::table
        .filter(casefile_answerable::county_id.eq(county.bytes()))
        .filter(casefile_answerable::case_id.eq(case.bytes()))
        .filter(casefile_answerable::to_ms.is_null());
    diesel::update(open).set(casefile_answerable::to_ms.eq(Some(now))).execute(tx.conn)?;
    let (worker_id, account_id) = match next {
        Who::Worker(worker) => (Some(worker), None),
        Who::Account(account) => (None, Some(account)),
    };
    let n = last.map_or(1, |one| one.n + 1);
    let row =
        Answerable { county_id: county, case_id: case, n, worker_id, account_id, from_ms: now, to_ms: None };
    diesel::insert_into(casefile_answerable::table).values(row.values()).execute(tx.conn)?;
    Ok(true)
}

/// The first handler, where the case has none yet. Says whether it had none.
///
/// # Errors
/// The database's own.
pub fn first(tx: &mut Tx<'_>, county: CountyId, case: CaseId, who: Who) -> Result<bool, Stop> {
    if of(tx, county, case)?.is_empty() { pass(tx, county, case, who) } else { Ok(false) }
}
