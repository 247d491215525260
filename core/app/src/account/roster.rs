//! Accounts for a whole roster in one act: one for each legal worker who has none yet.

use falin_domain::access::{Act, Noun, Post, Role, Scope, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::AccountId;
use falin_store::account_list as lists;
use falin_store::firm::Firm;
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use super::{make, slip};
use crate::{App, Stop};

/// Accounts made in one transaction, so that nobody waits behind a large roster.
const BATCH: i64 = 100;

/// How far the act has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RosterProgress {
    /// Accounts made by this run.
    pub made: usize,
    /// Slips that had run out unused and were made anew.
    pub renewed: usize,
}

/// How many legal workers there are, how many have an account, and who would get one first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RosterView {
    /// Active legal workers who advise.
    pub people: i64,
    /// Of these, without an account.
    pub lacking: i64,
    /// The first who would get one.
    pub first: Vec<Proposal>,
}

/// An account that would be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The person's name.
    pub name: String,
    /// The firm; may be empty.
    pub firm: String,
    /// The log-in name, unless somebody takes it before.
    pub username: String,
}

/// What the act would do, with up to `shown` of its accounts.
///
/// # Errors
/// `access.denied`.
pub async fn roster_view(app: &App, visitor: &Visitor, shown: i64) -> Result<RosterView, Stop> {
    let scope = scope(visitor)?;
    let work = move |tx: &mut Tx<'_>| {
        let (people, lacking) = lists::worker_counts(tx, scope.county)?;
        let mut first = Vec::new();
        let mut taken = Vec::new();
        for (id, name) in lists::workers_without(tx, scope.county, shown)? {
            let username = make::free_name(tx, &name, &taken)?;
            taken.push(username.clone());
            let firm = Worker::by_id(tx, scope.county, id)?.firm_id;
            let firm = firm.map(|firm| Firm::by_id(tx, scope.county, firm)).transpose()?;
            first.push(Proposal { name, firm: firm.map(|firm| firm.name).unwrap_or_default(), username });
        }
        Ok(RosterView { people, lacking, first })
    };
    app.db.read(In::All, work).await
}

/// Who may: whoever manages accounts of the whole county, and its administrator, for legal workers alone.
pub(super) fn scope(visitor: &Visitor) -> Result<Scope, Refusal> {
    visitor.whole_scope(Act::Write, Noun::Account).or_else(|_| visitor.whole_scope(Act::Commit, Noun::Roster))
}

/// Whether the visitor may make the accounts of a whole roster at once.
pub fn may_make_roster(visitor: &Visitor) -> bool {
    scope(visitor).is_ok()
}

/// Makes an account with the role of a legal worker, and its slip, for every active worker of the county who advises and
/// has none, and a new slip for those whose slip ran out unused. Interrupted, it goes on where it stopped. `progress`
/// is told after each batch.
///
/// # Errors
/// `access.denied`.
pub async fn accounts_for_roster(
    app: &App,
    visitor: &Visitor,
    progress: impl Fn(RosterProgress),
) -> Result<RosterProgress, Stop> {
    let scope = scope(visitor)?;
    let by = visitor.account;
    let mut done = RosterProgress::default();
    let again = scope.clone();
    done.renewed = app.db.write(In::All, move |tx| renew(tx, &again)).await?;
    loop {
        let scope = scope.clone();
        let made = app.db.write(In::All, move |tx| batch(tx, &scope, by)).await?;
        if made == 0 {
            return Ok(done);
        }
        done.made += made;
        progress(done);
    }
}

fn batch(tx: &mut Tx<'_>, scope: &Scope, by: Option<AccountId>) -> Result<usize, Stop> {
    let workers = lists::workers_without(tx, scope.county, BATCH)?;
    for (worker, name) in &workers {
        let username = make::free_name(tx, name, &[])?;
        let post = Post { role: Role::Lawyer, county: scope.county, place: None };
        let account = make::add(tx, scope, by, &username, name, Some(*worker), &post)?;
        slip::issue(tx, &account)?;
    }
    Ok(workers.len())
}

fn renew(tx: &mut Tx<'_>, scope: &Scope) -> Result<usize, Stop> {
    let now = tx.now;
    let mut renewed = 0;
    for account in lists::waiting(tx, scope.county)? {
        let ran_out = account.slip_until.is_some_and(|until| until <= now);
        if ran_out && account.worker.is_some() {
            slip::issue(tx, &account)?;
            renewed += 1;
        }
    }
    Ok(renewed)
}
