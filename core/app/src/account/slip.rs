//! Activation slips: a printed code with which the owner sets the first password.

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::identity::{SLIP_DAYS, SlipCode};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId};
use falin_store::account::{self as rows, Account, Change};
use falin_store::account_list as lists;
use falin_store::journal::Entry;
use falin_store::keys::Bound;
use falin_store::{In, Tx};

use super::kept::keeps;
use super::roster;
use crate::{App, Stop};

/// A slip to print. No Debug: it holds the code.
#[derive(Clone)]
pub struct Slip {
    /// Whose.
    pub account: AccountId,
    /// Log-in name.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The code in groups of four.
    pub code: String,
    /// Until when it is good.
    pub until: Instant,
}

/// The code is the same key in every county, since whoever types it has not said which one is theirs.
fn index(tx: &Tx<'_>, code: &SlipCode) -> Vec<u8> {
    tx.keys().mac("activation", &[code.plain().as_bytes()])
}

fn place(county: CountyId, row: &[u8]) -> Bound<'_> {
    Bound { table: "account", column: "activation_sealed", row, county }
}

/// The account whose slip has this code, still good.
pub(super) fn find(tx: &mut Tx<'_>, code: &SlipCode) -> Result<Option<Account>, Stop> {
    let index = index(tx, code);
    let now = tx.now;
    let good = |account: &Account| !account.disabled && account.slip_until.is_some_and(|until| until > now);
    Ok(rows::by_slip(tx, &index)?.filter(good))
}

/// Gives an account a new slip; the old password and the old slip stop working.
pub(super) fn issue(tx: &mut Tx<'_>, account: &Account) -> Result<Slip, Stop> {
    let code = SlipCode::from_random(|| tx.random::<32>());
    let index = index(tx, &code);
    let row = account.id.bytes();
    let sealed = tx.seal(place(account.county, &row), &code.grouped())?;
    let until = tx.now.plus_seconds(SLIP_DAYS * 86_400);
    rows::change(tx, account.id, Change::Slip(index, sealed, until))?;
    Ok(slip(account, code.grouped(), until))
}

fn slip(account: &Account, code: String, until: Instant) -> Slip {
    let (username, display_name) = (account.username.clone(), account.display_name.clone());
    Slip { account: account.id, username, display_name, code, until }
}

/// The person whose slip this is, where name and code belong together and the slip is still good. It is no guess at
/// a password, so nothing is counted: 58 bits are not guessed through the flood limit in 14 days.
///
/// # Errors
/// `form.invalid` at `slip`, `account.activation_invalid`.
pub async fn find_slip(app: &App, username: &str, code: &str) -> Result<String, Stop> {
    let code = SlipCode::parse(code).map_err(|fault| Refusal::field("slip", fault))?;
    let name = falin_domain::identity::folded(username);
    let found = app.db.read(In::All, move |tx| find(tx, &code)).await?;
    let owner = found.filter(|account| account.username == name);
    owner.map(|account| account.display_name).ok_or_else(|| Refusal::new("account.activation_invalid").into())
}

/// The slips of a county that were not used yet and are still good, or that of `one` account, in order of the person's
/// name, for printing; the journal notes it. The county's administrator gets those of legal workers only, since whoever holds a slip
/// becomes that account.
///
/// # Errors
/// `access.denied`.
pub async fn slips(app: &App, visitor: &Visitor, one: Option<AccountId>) -> Result<Vec<Slip>, Stop> {
    // Who keeps the accounts of a part of the county prints those of that part.
    let scope = visitor.scope(Act::Write, Noun::Account).or_else(|_| roster::scope(visitor))?;
    let every = visitor.may(Act::Write, Noun::Account);
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let mut printed = Vec::new();
        let waiting = lists::waiting(tx, scope.county)?;
        for account in waiting.into_iter().filter(|account| one.is_none_or(|one| account.id == one)) {
            let posts = rows::posts(tx, account.id)?;
            let plain = account.worker.is_some() && posts.iter().all(|post| post.role == Role::Lawyer);
            if (every || plain) && keeps(tx, &scope, &account)? {
                printed.extend(open(tx, &account)?);
            }
        }
        if printed.is_empty() {
            return Ok(printed);
        }
        tx.record(Entry {
            county: scope.county,
            account: by,
            event: Event::SlipsPrinted,
            reason: if by.is_some() { Reason::Person } else { Reason::Operator },
            subject: one.map(|one| ("account", one.bytes())),
            details: serde_json::json!({ "count": printed.len() }),
        })?;
        Ok(printed)
    };
    app.db.write(In::All, work).await
}

fn open(tx: &Tx<'_>, account: &Account) -> Result<Option<Slip>, Stop> {
    let Some((sealed, until)) = account.slip_sealed.as_ref().zip(account.slip_until) else {
        return Ok(None);
    };
    if until <= tx.now {
        return Ok(None);
    }
    let code = tx.open(place(account.county, &account.id.bytes()), sealed)?;
    Ok(Some(slip(account, code, until)))
}
