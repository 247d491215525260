//! Who is asking: the session cookie or bearer token of a request, its origin, and the token that forms carry.

use std::collections::HashMap;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::cursor::base64url;
use crate::problem::Refused;

/// How long a session or token that was found valid is believed without asking again (design.md "Sessions").
const BELIEVED: Duration = Duration::from_secs(1);
/// How long it is remembered as one that was valid, so that a flood from its address does not shut it out.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Credentials remembered at once.
const REMEMBERED_AT_MOST: usize = 20_000;

/// What a request shows: the hash that the store knows it by, never the secret itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Credential {
    /// Session cookie or bearer token.
    pub kind: Kind,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
}

/// The two ways to be known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A person's session, by cookie.
    Session,
    /// A program's token, by `Authorization: Bearer`.
    Token,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(…)", self.kind)
    }
}

/// The hash under which the store keeps a session or token.
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// What a request showed, with the form token that belongs to it.
#[derive(Clone)]
pub struct Shown {
    /// To look up.
    pub credential: Credential,
    /// The form token of this session; None for programs, which send no cookie by accident.
    pub form_token: Option<String>,
}

/// A signed-in caller; as an extractor it refuses with 401 where there is none.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account, its county and its posts.
    pub visitor: Visitor,
    /// How it is known.
    pub credential: Credential,
    /// What forms on its pages carry as `csrf`; empty for programs.
    pub form_token: String,
}

impl FromRequest for Signed {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed = req.extensions().get::<Signed>().cloned();
        ready(signed.ok_or_else(|| Refused(Refusal::new("access.unauthenticated"))))
    }
}

/// The session cookie's name: the `__Host-` prefix binds it to this host and to TLS (RFC 6265bis §4.1.3.2).
pub const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-sid" } else { "sid" }
}

/// The Set-Cookie value that starts a session; `seconds` bounds its life in the browser, None: until it closes.
pub fn session_cookie(secret: &str, https: bool, seconds: Option<u32>) -> HeaderValue {
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", cookie_name(https));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// What the request shows: a bearer token first, since a program that sends one means it.
pub fn shown(headers: &HeaderMap, https: bool) -> Option<Shown> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.split_at_checked(7).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer "));
        let hash = secret_hash(token.map_or("", |(_, token)| token.trim()));
        return Some(Shown { credential: Credential { kind: Kind::Token, hash }, form_token: None });
    }
    let secret = cookie(headers, cookie_name(https))?;
    let credential = Credential { kind: Kind::Session, hash: secret_hash(secret) };
    Some(Shown { credential, form_token: Some(form_token(secret)) })
}

/// The value of a cookie; None where it is absent or empty.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
}

/// The token that forms of this session carry: an HMAC keyed with the session's own secret, so that every server
/// computes the same, nobody else can, and it ends with the session.
pub fn form_token(secret: &str) -> String {
    // An HMAC takes a key of any length, so the error cannot arise; an empty token would never match.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(b"falin form token 1");
    base64url(&mac.finalize().into_bytes())
}

/// Compares a form token in constant time.
///
/// # Errors
/// `csrf.invalid` where it is missing, forged, or another session's.
pub fn check_form_token(expected: &str, given: Option<&str>) -> Result<(), Refusal> {
    let given = given.unwrap_or_default();
    let equal: bool = expected.as_bytes().ct_eq(given.as_bytes()).into();
    if equal && !expected.is_empty() { Ok(()) } else { Err(Refusal::new("csrf.invalid")) }
}

/// Refuses a changing request that another site started: by Sec-Fetch-Site where the browser says it, else by
/// Origin. Without either the request comes from a program or an old browser, and the form token decides.
///
/// # Errors
/// `csrf.invalid` for a foreign origin.
pub fn check_origin(headers: &HeaderMap, own: &[String]) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site_ok = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_ok = text("origin").is_none_or(|origin| own.iter().any(|o| o.eq_ignore_ascii_case(origin)));
    if site_ok && origin_ok { Ok(()) } else { Err(Refusal::new("csrf.invalid")) }
}

/// Credentials that were found valid lately, so that the store is asked at most once a second for each.
#[derive(Default)]
pub struct Known {
    by_hash: Mutex<HashMap<[u8; 32], (Instant, Visitor)>>,
}

/// What is remembered of a credential.
#[derive(Clone, PartialEq, Debug)]
pub enum Remembered {
    /// Checked within the last second.
    Fresh(Visitor),
    /// Valid a while ago; ask again, but do not count it as a stranger.
    Stale,
    /// Never seen valid.
    Unknown,
}

impl Known {
    /// What is remembered at `now`.
    pub fn recall(&self, credential: &Credential, now: Instant) -> Remembered {
        let map = self.lock();
        match map.get(&credential.hash) {
            None => Remembered::Unknown,
            Some((at, visitor)) if now.saturating_duration_since(*at) < BELIEVED => {
                Remembered::Fresh(visitor.clone())
            }
            Some(_) => Remembered::Stale,
        }
    }

    /// Notes what the store said: valid as this visitor, or not valid (any more).
    pub fn note(&self, credential: &Credential, visitor: Option<&Visitor>, now: Instant) {
        let mut map = self.lock();
        if map.len() >= REMEMBERED_AT_MOST {
            map.retain(|_, (at, _)| now.saturating_duration_since(*at) < REMEMBERED);
        }
        if map.len() >= REMEMBERED_AT_MOST {
            map.clear();
        }
        match visitor {
            Some(visitor) => map.insert(credential.hash, (now, visitor.clone())),
            None => map.remove(&credential.hash),
        };
    }

    /// Forgets one at once: after signing out nobody waits for the second to pass.
    pub fn forget(&self, credential: &Credential) {
        self.lock().remove(&credential.hash);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], (Instant, Visitor)>> {
        self.by_hash.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::test::TestRequest;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let request = pairs.iter().fold(TestRequest::post(), |req, pair| req.insert_header(*pair));
        request.to_http_request().headers().clone()
    }

    #[test]
    fn a_cookie_counts_only_under_its_own_name() {
        let plain = headers(&[("cookie", "a=b; sid=secret; __Host-sid=other")]);
        let kept = shown(&plain, false).unwrap();
        assert_eq!(kept.credential.hash, secret_hash("secret"));
        assert_eq!(shown(&plain, true).unwrap().credential.hash, secret_hash("other"));
        assert!(shown(&headers(&[("cookie", "sid=")]), false).is_none());
        assert_eq!(kept.form_token, Some(form_token("secret")));
        assert_eq!(format!("{:?}", kept.credential), "Session(…)");
    }

    #[test]
    fn a_bearer_token_is_never_replaced_by_a_cookie() {
        let both = headers(&[("cookie", "sid=secret"), ("authorization", "Bearer t0ken")]);
        let found = shown(&both, false).unwrap();
        assert_eq!((found.credential.kind, found.credential.hash), (Kind::Token, secret_hash("t0ken")));
        let odd = shown(&headers(&[("cookie", "sid=secret"), ("authorization", "Basic 天")]), false).unwrap();
        assert_eq!(odd.credential.hash, secret_hash(""));
    }

    #[test]
    fn form_tokens_are_bound_to_their_session() {
        let mine = form_token("mine");
        assert!(check_form_token(&mine, Some(&mine)).is_ok());
        for bad in [None, Some(""), Some("x"), Some(form_token("theirs").as_str())] {
            assert_eq!(check_form_token(&mine, bad).unwrap_err().code(), "csrf.invalid");
        }
        assert!(check_form_token("", Some("")).is_err());
    }

    #[test]
    fn another_site_is_refused() {
        let own = ["http://127.0.0.1:8080".to_owned()];
        let ok = |pairs: &[(&str, &str)]| check_origin(&headers(pairs), &own).is_ok();
        assert!(ok(&[]) && ok(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(!ok(&[("origin", "https://evil.example")]));
        assert!(!ok(&[("origin", "null")]));
        assert!(!ok(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "cross-site")]));
        assert!(!ok(&[("sec-fetch-site", "same-site")]));
    }
}
