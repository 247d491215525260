//! Signing in: password, then second factor; and the first password by activation slip.

use std::time::Duration;

use falin_domain::access::Post;
use falin_domain::identity::{
    self, Guesses, HALF_SESSION_SECONDS, SlipCode, Step, absolute_seconds, step_after_password,
};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_store::account::{self as rows, Account, Change};
use falin_store::guess::{self, Tags};
use falin_store::session::New;
use falin_store::{In, Tx, county, session};

use super::hash::{self, Turn};
use super::{Source, TokenHash, hash_of, new_token, record, totp, usual_county};
use crate::{App, Stop};

/// What somebody typed at the sign-in page. No Debug: it holds a password.
#[derive(Clone, Default)]
pub struct Attempt {
    /// Name as typed.
    pub username: String,
    /// Password as typed.
    pub password: String,
    /// Code of the second factor, where it was typed on the same page.
    pub totp: Option<String>,
    /// Code of the county in which to act; None for the account's own.
    pub county: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The session that the browser holds already; it ends.
    pub replaces: Option<TokenHash>,
}

/// A session that began. No Debug: it holds the token.
#[derive(Clone)]
pub struct SignedIn {
    /// The session's token, for the cookie; stored nowhere.
    pub token: String,
    /// What is still missing; until it is [`Step::Done`] the session opens nothing else.
    pub step: Step,
    /// When it ends, however busy.
    pub until: Instant,
    /// What the browser keeps, to be known at the next sign-in; present where the step is [`Step::Done`].
    pub device: Option<String>,
}

/// How an attempt went, out of its transaction: a wrong one has to be kept, so it is no error there.
enum Outcome {
    In(SignedIn),
    WrongCode,
}

/// Checks name and password, and the second factor where it is there.
///
/// # Errors
/// `form.invalid`, `account.signin_failed` (the same for an unknown name, a wrong password and an account that was
/// never activated), `account.too_many_attempts` with `seconds`, `account.disabled`, `county.unknown`.
pub async fn sign_in(app: &App, attempt: &Attempt) -> Result<SignedIn, Stop> {
    check_filled(attempt)?;
    let name = identity::folded(&attempt.username);
    let (turn, found, counted) = open_attempt(app, &name, &attempt.source).await?;
    let phc = found.as_ref().and_then(|account| account.password_hash.clone());
    let right = turn.verify(&attempt.password, phc).await?;
    let Some(account) = found.filter(|_| right) else {
        return Err(Refusal::new("account.signin_failed").into());
    };
    if account.disabled {
        return Err(Refusal::new("account.disabled").into());
    }
    let attempt = attempt.clone();
    let outcome = app
        .db
        .write(In::All, move |tx| {
            let tags = attempt.source.tags(tx, &name)?;
            after_password(tx, &account, &attempt, &tags)
        })
        .await?;
    drop(turn);
    tracing::debug!(failures = counted.today, "signed in");
    outcome_of(outcome)
}

fn outcome_of(outcome: Outcome) -> Result<SignedIn, Stop> {
    match outcome {
        Outcome::In(signed) => Ok(signed),
        Outcome::WrongCode => Err(Refusal::field("code", "code.invalid").into()),
    }
}

fn check_filled(attempt: &Attempt) -> Result<(), Refusal> {
    let typed = [("username", attempt.username.trim()), ("password", attempt.password.as_str())];
    let empty = typed.iter().filter(|(_, text)| text.is_empty());
    let faults: Vec<_> = empty.map(|(name, _)| FieldError::new(name, "required")).collect();
    if !faults.is_empty() {
        return Err(Refusal::form(faults));
    }
    if attempt.password.chars().count() > identity::PASSWORD_MOST {
        return Err(Refusal::new("account.signin_failed"));
    }
    Ok(())
}

/// Counts the attempt as failed before it is checked, so that a crash or a second server never gives one away; a
/// wait of a second or less is waited out here rather than refused.
async fn open_attempt(
    app: &App,
    name: &str,
    source: &Source,
) -> Result<(Turn, Option<Account>, Guesses), Stop> {
    let mut patient = true;
    loop {
        let turn = hash::turn().await?;
        let (name, source) = (name.to_owned(), source.clone());
        let counted = app.db.write(In::All, move |tx| count_attempt(tx, &name, &source)).await?;
        match counted {
            Ok((account, guesses)) => return Ok((turn, account, guesses)),
            Err(1) if patient => {
                patient = false;
                drop(turn);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(seconds) => return Err(too_many(seconds).into()),
        }
    }
}

fn too_many(seconds: i64) -> Refusal {
    Refusal::new("account.too_many_attempts").with("seconds", seconds)
}

type Counted = Result<(Option<Account>, Guesses), i64>;

fn count_attempt(tx: &mut Tx<'_>, name: &str, source: &Source) -> Result<Counted, Stop> {
    let tags = source.tags(tx, name)?;
    let before = guess::read(tx, &tags)?;
    if let Some(seconds) = before.wait(tx.now) {
        return Ok(Err(seconds));
    }
    let after = guess::fail(tx, &tags, before)?;
    let account = rows::by_username(tx, name)?;
    if let Some(account) = account.as_ref().filter(|_| after.today == identity::GUESSES_TOLD) {
        let details = serde_json::json!({ "failures": after.today });
        record(tx, account.county, None, Event::AccountGuessed, account.id, details)?;
    }
    Ok(Ok((account, after)))
}

fn after_password(
    tx: &mut Tx<'_>,
    account: &Account,
    attempt: &Attempt,
    tags: &Tags,
) -> Result<Outcome, Stop> {
    // The hash takes its time: whoever was disabled, or given another password, meanwhile has not signed in.
    let now = rows::by_id(tx, account.id)?.filter(|now| now.password_hash == account.password_hash);
    let Some(account) = &now else { return Err(Refusal::new("account.signin_failed").into()) };
    if account.disabled {
        return Err(Refusal::new("account.disabled").into());
    }
    let posts = rows::posts(tx, account.id)?;
    let county = chosen_county(tx, account, &posts, attempt.county.as_deref())?;
    let mut step = step_after_password(&posts, account.totp_sealed.is_some());
    if let (Step::SecondFactor, Some(code)) = (step, attempt.totp.as_deref()) {
        if !totp::use_code(tx, account, code)? {
            return Ok(Outcome::WrongCode);
        }
        step = Step::Done;
    }
    if let Some(old) = &attempt.replaces {
        session::end(tx, old)?;
    }
    guess::take_back(tx, tags)?;
    let second = step == Step::Done && account.totp_sealed.is_some();
    start(tx, account, county, step, second, tags, &attempt.source).map(Outcome::In)
}

fn chosen_county(
    tx: &mut Tx<'_>,
    account: &Account,
    posts: &[Post],
    code: Option<&str>,
) -> Result<CountyId, Stop> {
    let Some(code) = code else {
        return Ok(usual_county(account, posts));
    };
    let wanted = county::by_code(tx, code)?.map(|county| county.id);
    let held = wanted.filter(|id| *id == account.county || posts.iter().any(|post| post.county == *id));
    held.ok_or_else(|| Refusal::new("county.unknown").into())
}

/// Starts a session: whole where `step` is done, else one that only waits for the second factor.
pub(super) fn start(
    tx: &mut Tx<'_>,
    account: &Account,
    county: CountyId,
    step: Step,
    second_factor: bool,
    tags: &Tags,
    source: &Source,
) -> Result<SignedIn, Stop> {
    session::prune(tx)?;
    let token = new_token(tx);
    let whole = step == Step::Done;
    let until = tx.now.plus_seconds(if whole { absolute_seconds() } else { HALF_SESSION_SECONDS });
    let (token_hash, account_id) = (hash_of(&token), account.id);
    let device = identity::device_of(source.agent.as_deref().unwrap_or_default());
    let new =
        New { token_hash: &token_hash, account: account_id, county, second_factor, device: &device, until };
    session::insert(tx, new)?;
    let mut device = None;
    if whole {
        rows::touch(tx, account.id)?;
        let kept = source.browser().map_or_else(|| new_token(tx), str::to_owned);
        guess::settle(tx, tags, false)?;
        let browser = Tags::new(tx, &account.username, kept.as_bytes());
        guess::settle(tx, &browser, true)?;
        device = Some(kept);
        let details = serde_json::json!({ "second_factor": second_factor });
        record(tx, county, Some(account.id), Event::SignedIn, account.id, details)?;
    }
    Ok(SignedIn { token, step, until, device })
}

/// Completes a session that waits for its second factor; its token is replaced by the new one.
///
/// # Errors
/// `access.unauthenticated` where no such session waits, `form.invalid` with `code.invalid`,
/// `account.too_many_attempts`.
pub async fn second_factor(
    app: &App,
    half: TokenHash,
    code: &str,
    source: &Source,
) -> Result<SignedIn, Stop> {
    let (code, source) = (code.to_owned(), source.clone());
    let outcome = app
        .db
        .write(In::All, move |tx| {
            let (account, county) = super::session::waiting(tx, &half, Step::SecondFactor)?;
            let tags = match guarded(tx, &account.username, &source)? {
                Ok(tags) => tags,
                Err(seconds) => return Ok(Err(seconds)),
            };
            if !totp::use_code(tx, &account, &code)? {
                return Ok(Ok(Outcome::WrongCode));
            }
            session::end(tx, &half)?;
            guess::take_back(tx, &tags)?;
            let signed = start(tx, &account, county, Step::Done, true, &tags, &source)?;
            Ok(Ok(Outcome::In(signed)))
        })
        .await?;
    outcome.map_err(too_many).map_err(Stop::from).and_then(outcome_of)
}

/// Counts one more guess of an account's second factor, or says how long to wait.
pub(super) fn guarded(tx: &mut Tx<'_>, username: &str, source: &Source) -> Result<Result<Tags, i64>, Stop> {
    let tags = source.tags(tx, username)?;
    let before = guess::read(tx, &tags)?;
    if let Some(seconds) = before.wait(tx.now) {
        return Ok(Err(seconds));
    }
    guess::fail(tx, &tags, before)?;
    Ok(Ok(tags))
}

/// Sets the first password with a printed code and signs in with it.
///
/// # Errors
/// `form.invalid` at `slip` or `password`, `account.activation_invalid` (wrong, used and expired alike).
pub async fn activate(app: &App, code: &str, password: &str, source: &Source) -> Result<SignedIn, Stop> {
    let code = SlipCode::parse(code).map_err(|fault| Refusal::field("slip", fault))?;
    let wanted = code.clone();
    let found = app.db.read(In::All, move |tx| super::slip::find(tx, &wanted)).await?;
    let Some(account) = found else {
        return Err(Refusal::new("account.activation_invalid").into());
    };
    identity::check_password(password, &account.username)?;
    let phc = hash::turn().await?.hash(app, password).await?;
    let source = source.clone();
    let work = move |tx: &mut Tx<'_>| {
        let Some(account) = super::slip::find(tx, &code)? else {
            return Err(Refusal::new("account.activation_invalid").into());
        };
        rows::change(tx, account.id, Change::Password(phc.clone()))?;
        session::end_all(tx, account.id)?;
        let none = serde_json::json!({});
        record(tx, account.county, Some(account.id), Event::AccountActivated, account.id, none)?;
        let posts = rows::posts(tx, account.id)?;
        let step = step_after_password(&posts, account.totp_sealed.is_some());
        let tags = source.tags(tx, &account.username)?;
        start(tx, &account, usual_county(&account, &posts), step, false, &tags, &source)
    };
    app.db.write(In::All, work).await
}
