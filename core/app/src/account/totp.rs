//! The second factor: codes of an authenticator app (RFC 6238), each good once.

use falin_domain::identity::{Step, TOTP_STEP_SECONDS};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId};
use falin_store::account::{self as rows, Account, Change};
use falin_store::keys::Bound;
use falin_store::{In, Tx, guess, session};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Secret, TOTP};

use super::sign_in::{SignedIn, guarded, start};
use super::{Source, TokenHash, own, record};
use crate::{App, Fault, Stop};

/// Steps by which a phone's clock may be wrong, either way.
const SKEW: i64 = 1;

/// What the enrolment page shows. No Debug: it holds the secret.
pub struct Enrolment {
    /// The secret in base32, for typing.
    pub secret: String,
    /// `otpauth://…`, for the QR.
    pub url: String,
    /// True where the session waits for it; false where an old factor is being replaced.
    pub first: bool,
}

/// A secret of 160 bits as base32, as the demo writes it into `accounts.json`.
pub(super) fn base32(secret: &[u8]) -> String {
    match Secret::Raw(secret.to_vec()).to_encoded() {
        Secret::Encoded(text) => text,
        Secret::Raw(_) => String::new(),
    }
}

fn fault(error: impl std::fmt::Display) -> Stop {
    Fault::new("totp", error.to_string()).into()
}

/// SHA-1 and six digits are what authenticator apps agree on.
fn generator(secret: &[u8]) -> Result<TOTP, Stop> {
    TOTP::new(Algorithm::SHA1, 6, 1, TOTP_STEP_SECONDS as u64, secret.to_vec()).map_err(fault)
}

/// What an authenticator app shows at `now` for a secret in base32.
///
/// # Errors
/// A fault where it is no such secret.
pub fn code(secret: &str, now: Instant) -> Result<String, Stop> {
    let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().map_err(fault)?;
    Ok(generator(&secret)?.generate(now.millis().div_euclid(1000).max(0) as u64))
}

/// The step whose code this is; None where it is none of now and the steps around.
fn step_of(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, Stop> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let generator = generator(secret)?;
    let here = now.millis().div_euclid(TOTP_STEP_SECONDS * 1000);
    let mut found = None;
    for step in here - SKEW..=here + SKEW {
        let expected = generator.generate((step * TOTP_STEP_SECONDS).max(0) as u64);
        if bool::from(expected.as_bytes().ct_eq(typed.as_bytes())) {
            found = Some(step);
        }
    }
    Ok(found)
}

fn place(county: CountyId, row: &[u8]) -> Bound<'_> {
    Bound { table: "account", column: "totp_sealed", row, county }
}

/// Seals a secret for an account.
pub(super) fn seal(
    tx: &mut Tx<'_>,
    account: AccountId,
    county: CountyId,
    secret: &[u8],
) -> Result<Vec<u8>, Stop> {
    let row = account.bytes();
    tx.seal(place(county, &row), &base32(secret))
}

/// Uses up a code of the account's factor; false where it is wrong or was used before.
pub(super) fn use_code(tx: &mut Tx<'_>, account: &Account, code: &str) -> Result<bool, Stop> {
    let Some(sealed) = &account.totp_sealed else {
        return Ok(false);
    };
    let row = account.id.bytes();
    let text = tx.open(place(account.county, &row), sealed)?;
    let secret = Secret::Encoded(text).to_bytes().map_err(fault)?;
    match step_of(&secret, code, tx.now)? {
        Some(step) => rows::use_step(tx, account.id, step),
        None => Ok(false),
    }
}

/// The secret that a session may enrol: derived, so that nothing unproved is stored, and new after each change of
/// the account.
fn proposal(tx: &Tx<'_>, hash: &TokenHash, account: &Account) -> Vec<u8> {
    let parts: [&[u8]; 3] = [hash, &account.id.bytes(), &account.version.to_be_bytes()];
    tx.keys().mac("totp proposal", &parts)[..20].to_vec()
}

/// The account that this session may enrol a factor for, its county, and whether the session waits for it.
fn enroller(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<(Account, CountyId, bool), Stop> {
    if let Ok((account, county)) = super::session::waiting(tx, hash, Step::Enrol) {
        return Ok((account, county, true));
    }
    let seen = super::session::whole(tx, hash)?.ok_or_else(|| Refusal::new("access.unauthenticated"))?;
    Ok((seen.account, seen.visitor.county, false))
}

/// A new secret for the session's account, shown until it is proved by a code.
///
/// # Errors
/// `access.unauthenticated` where the session is none.
pub async fn enrolment(app: &App, session: TokenHash) -> Result<Enrolment, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let (account, _, first) = enroller(tx, &session)?;
        let secret = base32(&proposal(tx, &session, &account));
        // Log-in names need no escaping: they are a–z, 0–9 and marks that URLs keep.
        let url = format!("otpauth://totp/Falin:{}?secret={secret}&issuer=Falin", account.username);
        Ok(Enrolment { secret, url, first })
    };
    app.db.read(In::All, work).await
}

/// Enrols the shown secret, proved by a code; a session that waited for it begins anew and whole. Replacing a
/// factor in use, or adding one where none is needed, takes the password besides: a session left open is not enough.
///
/// # Errors
/// `access.unauthenticated`, `form.invalid` at `code` (`code.invalid`) or `current` (`password.wrong`),
/// `account.too_many_attempts`.
pub async fn confirm_enrolment(
    app: &App,
    session: TokenHash,
    code: &str,
    password: &str,
    source: &Source,
) -> Result<Option<SignedIn>, Stop> {
    let (_, _, first) = app.db.read(In::All, move |tx| enroller(tx, &session)).await?;
    // Kept until the end: guesses of one account do not run side by side.
    let _turn = if first { None } else { Some(own::proved(app, session, password, source).await?.0) };
    let (code, source) = (code.to_owned(), source.clone());
    let work = move |tx: &mut Tx<'_>| enrol(tx, &session, &code, &source);
    let proved = app.db.write(In::All, work).await?;
    proved.ok_or_else(|| Refusal::field("code", "code.invalid").into())
}

/// The new session where one was waiting, None beside a wrong code.
type Enrolled = Option<Option<SignedIn>>;

fn enrol(tx: &mut Tx<'_>, session: &TokenHash, code: &str, source: &Source) -> Result<Enrolled, Stop> {
    let (account, county, first) = enroller(tx, session)?;
    let tags = match guarded(tx, &account.username, source)? {
        Ok(tags) => tags,
        Err(seconds) => {
            return Err(Refusal::new("account.too_many_attempts").with("seconds", seconds).into());
        }
    };
    let secret = proposal(tx, session, &account);
    let Some(step) = step_of(&secret, code, tx.now)? else {
        return Ok(None);
    };
    guess::take_back(tx, &tags)?;
    let sealed = seal(tx, account.id, account.county, &secret)?;
    rows::change(tx, account.id, Change::SecondFactor(Some((sealed, step))))?;
    let none = serde_json::json!({});
    record(tx, county, Some(account.id), Event::TotpEnrolled, account.id, none)?;
    if !first {
        session::mark_second_factor(tx, session)?;
        return Ok(Some(None));
    }
    session::end(tx, session)?;
    start(tx, &account, county, Step::Done, true, &tags, source).map(|signed| Some(Some(signed)))
}
