//! Making accounts: with a slip for their owner, or ready for use by the operator.

use falin_domain::access::{Act, Noun, Post, Role, Scope, Visitor};
use falin_domain::identity::{Username, check_password};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{AccountId, DivisionId, PersonName, WorkerId, sort_key};
use falin_store::account::{self as rows, Account, Change, New};
use falin_store::division::Division;
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use super::slip::{self, Slip};
use super::{hash, record, totp};
use crate::division::must_hold;
use crate::{App, Stop};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Log-in name; blank for one from the person's name.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// Its first role.
    pub role: Role,
    /// The place of that role; None for the whole county.
    pub place: Option<DivisionId>,
    /// The legal worker that it is.
    pub worker: Option<WorkerId>,
}

/// Makes an account and its activation slip.
///
/// # Errors
/// `access.denied`, `form.invalid` at `username`, `display_name`, `place` or `worker`, `account.name_taken`.
pub async fn create(app: &App, visitor: &Visitor, new: &NewAccount) -> Result<Slip, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Account)?;
    let form = Form::check(new)?;
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let account = put(tx, &scope, by, &form)?;
        slip::issue(tx, &account)
    };
    app.db.write(In::All, work).await
}

/// Makes an account that may sign in at once: name, id, and the secret of its second factor where its role needs
/// one. Only the operator may, for the demo and for installations without printers.
///
/// # Errors
/// As [`create`], and `form.invalid` at `password`.
pub async fn ready_made(
    app: &App,
    visitor: &Visitor,
    new: &NewAccount,
    password: &str,
) -> Result<(AccountId, Option<String>), Stop> {
    let scope = operators(visitor)?;
    let form = Form::check(new)?;
    check_password(password, &form.username)?;
    let phc = hash::turn().await?.hash(app, password).await?;
    let work = move |tx: &mut Tx<'_>| {
        let account = put(tx, &scope, None, &form)?;
        rows::change(tx, account.id, Change::Password(phc.clone()))?;
        if !form.role.is_staff() {
            return Ok((account.id, None));
        }
        let secret = tx.random::<20>();
        let sealed = totp::seal(tx, account.id, account.county, &secret)?;
        rows::change(tx, account.id, Change::SecondFactor(Some((sealed, 0))))?;
        Ok((account.id, Some(totp::base32(&secret))))
    };
    app.db.write(In::All, work).await
}

pub(super) fn operators(visitor: &Visitor) -> Result<Scope, Refusal> {
    if visitor.account.is_some() {
        return Err(Refusal::new("access.denied"));
    }
    visitor.scope(Act::Write, Noun::Account)
}

/// A checked form.
#[derive(Clone)]
struct Form {
    username: String,
    proposed: bool,
    display_name: String,
    role: Role,
    place: Option<DivisionId>,
    worker: Option<WorkerId>,
}

impl Form {
    fn check(new: &NewAccount) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let proposed = new.username.trim().is_empty();
        let username = match Username::parse(&new.username) {
            Ok(name) => name.as_str().to_owned(),
            Err(_) if proposed => String::new(),
            Err(code) => {
                faults.push(FieldError::new("username", code));
                String::new()
            }
        };
        let display_name = match PersonName::parse(&new.display_name) {
            Ok(name) => name.as_str().to_owned(),
            Err(_) => {
                faults.push(FieldError::new("display_name", "name.invalid"));
                String::new()
            }
        };
        if !faults.is_empty() {
            return Err(Refusal::form(faults));
        }
        Ok(Self { username, proposed, display_name, role: new.role, place: new.place, worker: new.worker })
    }
}

fn put(tx: &mut Tx<'_>, scope: &Scope, by: Option<AccountId>, form: &Form) -> Result<Account, Stop> {
    if let Some(worker) = form.worker {
        // A legal worker's cases lie anywhere in the county.
        must_hold(tx, scope, None)?;
        let known = Worker::by_id(tx, scope.county, worker);
        known.map_err(|stop| stop.if_absent(|| Refusal::field("worker", "worker.unknown")))?;
    }
    let username =
        if form.proposed { free_name(tx, &form.display_name, &[])? } else { form.username.clone() };
    if rows::by_username(tx, &username)?.is_some() {
        return Err(Refusal::new("account.name_taken").into());
    }
    let post = Post { role: form.role, county: scope.county, place: form.place };
    add(tx, scope, by, &username, &form.display_name, form.worker, &post)
}

/// Adds an account with one role, and the journal's entry.
pub(super) fn add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: Option<AccountId>,
    username: &str,
    display_name: &str,
    worker: Option<WorkerId>,
    post: &Post,
) -> Result<Account, Stop> {
    check_place(tx, scope, post.place)?;
    let (username, display_name) = (username.to_owned(), display_name.to_owned());
    let new = New { username, display_name, county: scope.county, worker };
    let id = rows::insert(tx, &new).map_err(|stop| stop.or_rule("account.name_taken"))?;
    rows::grant(tx, id, post)?;
    let details = serde_json::json!({ "role": post.role, "place": post.place });
    record(tx, scope.county, by, Event::AccountCreated, id, details)?;
    rows::of_county(tx, scope.county, id)
}

/// The first free name from a person's pinyin, none of `besides`.
pub(super) fn free_name(tx: &mut Tx<'_>, person: &str, besides: &[String]) -> Result<String, Stop> {
    let pinyin: String = sort_key(person).chars().filter(char::is_ascii_alphabetic).collect();
    let stem = Username::propose(&pinyin, 1);
    let mut taken = rows::names_like(tx, stem.as_str())?;
    taken.extend_from_slice(besides);
    let mut n = 1;
    loop {
        let name = Username::propose(&pinyin, n);
        if !taken.iter().any(|other| other == name.as_str()) {
            return Ok(name.as_str().to_owned());
        }
        n += 1;
    }
}

/// A role's place lies in the county, and within the giver's own places.
pub(super) fn check_place(tx: &mut Tx<'_>, scope: &Scope, place: Option<DivisionId>) -> Result<(), Stop> {
    if let Some(place) = place {
        let known = Division::by_id(tx, scope.county, place);
        known.map_err(|stop| stop.if_absent(|| Refusal::field("place", "division.unknown")))?;
    }
    must_hold(tx, scope, place)
}
