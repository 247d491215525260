//! Bodies of requests: bounded in size and time at the door, then read whole and parsed against their shape.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use falin_domain::refusal::Refusal;
use futures_util::future::LocalBoxFuture;
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Sleep;

use crate::problem::{Refused, of_payload};
use crate::shape::{self, Shape};

/// Largest form or JSON body in bytes.
pub const FORM_BYTES: usize = 256 << 10;
/// Media type of a plain HTML form.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// Largest upload in bytes: the largest roster that is read (32 MiB), with the form around it.
pub const UPLOAD_BYTES: usize = (32 << 20) + FORM_BYTES;
/// Bytes a second that a body must reach on average, after the grace time.
const SLOWEST: u64 = 1024;
/// Longest time that any body may take: the largest roster over a line of half a megabit a second.
const LONGEST: Duration = Duration::from_secs(600);

/// The bounds of a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Largest size in bytes.
    pub bytes: usize,
    /// Time without asking for speed.
    pub grace: Duration,
}

/// A payload that ends with an error where it grows too large or comes too slowly.
struct Bounded {
    inner: Payload,
    seen: usize,
    bounds: Bounds,
    start: Instant,
    alarm: Pin<Box<Sleep>>,
}

/// Wraps `inner` with `bounds`.
pub fn bounded(inner: Payload, bounds: Bounds) -> Payload {
    if matches!(inner, Payload::None) {
        return inner;
    }
    let alarm = Box::pin(tokio::time::sleep(bounds.grace));
    let stream = Bounded { inner, seen: 0, bounds, start: Instant::now(), alarm };
    Payload::Stream { payload: Box::pin(stream) }
}

/// A payload that yields `bytes` again, after they were looked at.
pub fn replay(bytes: Bytes) -> Payload {
    Payload::Stream { payload: Box::pin(futures_util::stream::once(std::future::ready(Ok(bytes)))) }
}

impl Stream for Bounded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.start.elapsed() < LONGEST
            && let Poll::Ready(item) = this.inner.poll_next_unpin(cx)
        {
            let Some(Ok(bytes)) = item else { return Poll::Ready(item) };
            this.seen += bytes.len();
            if this.seen > this.bounds.bytes {
                return Poll::Ready(Some(Err(PayloadError::Overflow)));
            }
            return Poll::Ready(Some(Ok(bytes)));
        }
        while this.alarm.as_mut().poll(cx).is_ready() {
            let due = this.bounds.grace + Duration::from_millis(this.seen as u64 * 1000 / SLOWEST);
            let due = due.min(LONGEST);
            let Some(left) = due.checked_sub(this.start.elapsed()).filter(|left| !left.is_zero()) else {
                let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                return Poll::Ready(Some(Err(PayloadError::Io(late))));
            };
            this.alarm = Box::pin(tokio::time::sleep(left));
        }
        Poll::Pending
    }
}

/// Waits for the first bytes of a body; they are read again afterwards.
///
/// # Errors
/// As [`read`].
pub async fn begun(mut payload: Payload) -> Result<Payload, Refusal> {
    if matches!(payload, Payload::None) {
        return Ok(payload);
    }
    let Some(first) = payload.next().await.transpose().map_err(|error| of_payload(&error))? else {
        return Ok(Payload::None);
    };
    let first = futures_util::stream::once(std::future::ready(Ok(first)));
    Ok(Payload::Stream { payload: Box::pin(first.chain(payload)) })
}

/// Reads a payload to its end.
///
/// # Errors
/// `form.too_large`, `request.timeout`, or `request.malformed` where it broke off.
pub async fn read(payload: &mut Payload) -> Result<Bytes, Refusal> {
    let mut next = async || payload.next().await.transpose().map_err(|error| of_payload(&error));
    let Some(first) = next().await? else { return Ok(Bytes::new()) };
    let Some(second) = next().await? else { return Ok(first) };
    let mut whole = [first, second].concat();
    while let Some(chunk) = next().await? {
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}

/// A body read whole, with its media type; parsed where the handler's order of checks has come to it.
#[derive(Clone, Debug)]
pub struct Body {
    /// As it came; its HMAC ties an Idempotency-Key to it.
    pub bytes: Bytes,
    media_type: String,
}

impl FromRequest for Body {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = media_type(req.headers());
        let mut payload = payload.take();
        Box::pin(async move { Ok(Self { bytes: read(&mut payload).await?, media_type }) })
    }
}

impl Body {
    /// The JSON value of the body, matched against `shape` before any type of ours sees it.
    ///
    /// # Errors
    /// `request.media_type` where it is not JSON by its header, `request.malformed` where it is no JSON,
    /// `form.invalid` with every fault at its field where it does not match.
    pub fn json<T: DeserializeOwned>(&self, shape: &Shape) -> Result<T, Refusal> {
        if self.media_type != "application/json" {
            return Err(Refusal::new("request.media_type"));
        }
        let value: Value =
            serde_json::from_slice(&self.bytes).map_err(|_| Refusal::new("request.malformed"))?;
        let faults = shape::faults(shape, &value);
        if !faults.is_empty() {
            return Err(Refusal::form(faults));
        }
        // The shape has spoken; what the type still refuses is a gap between the two.
        serde_json::from_value(value).map_err(|_| Refusal::new("form.invalid"))
    }

    /// The fields of an HTML form, in order, each with its text trimmed of nothing.
    ///
    /// # Errors
    /// `request.media_type` where it is no urlencoded form, `request.malformed` where its text is not UTF-8.
    pub fn form(&self) -> Result<Fields, Refusal> {
        if self.media_type != FORM {
            return Err(Refusal::new("request.media_type"));
        }
        Fields::parse(&self.bytes)
    }
}

/// The fields of a form as they were typed, so that a refused form can be shown again with nothing lost.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// From urlencoded text.
    ///
    /// # Errors
    /// `request.malformed` where it is not UTF-8, holds a NUL (which no database of ours keeps) or too many fields.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = || Refusal::new("request.malformed");
        let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
        let mut fields = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.push((decode(name).ok_or_else(malformed)?, decode(value).ok_or_else(malformed)?));
        }
        if fields.len() > 5000 { Err(malformed()) } else { Ok(Self(fields)) }
    }

    /// The first value under `name`; None where it is absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value under `name`, trimmed; None where it is absent or blank.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Every value under `name`: check boxes and lists.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Percent-decoding with `+` as space (URL standard, application/x-www-form-urlencoded).
fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                (high * 16 + low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

/// The media type without parameters, in lower case; empty where there is none.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The declared size of the body; None where it is chunked.
pub fn declared_size(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The Idempotency-Key of a POST; None where there is none.
///
/// # Errors
/// `form.invalid` at `Idempotency-Key` where it is not 1 to 255 visible ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value
        .to_str()
        .ok()
        .filter(|t| (1..=255).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_graphic()));
    text.map(|t| Some(t.to_owned())).ok_or_else(|| Refusal::field("Idempotency-Key", "reference"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bounds(bytes: usize, millis: u64) -> Bounds {
        Bounds { bytes, grace: Duration::from_millis(millis) }
    }

    #[actix_web::test]
    async fn a_large_body_is_refused_where_it_grows_too_large() {
        let mut payload = bounded(replay(Bytes::from(vec![0; 100])), bounds(99, 1000));
        assert_eq!(read(&mut payload).await.unwrap_err().code(), "form.too_large");
        let mut payload = bounded(replay(Bytes::from(vec![0; 99])), bounds(99, 1000));
        assert_eq!(read(&mut payload).await.unwrap().len(), 99);
    }

    #[actix_web::test]
    async fn a_body_that_never_comes_is_refused_in_time() {
        let never: Payload = Payload::Stream { payload: Box::pin(futures_util::stream::pending()) };
        let start = Instant::now();
        let refused = read(&mut bounded(never, bounds(99, 50))).await.unwrap_err();
        assert_eq!(refused.code(), "request.timeout");
        assert!(start.elapsed() < Duration::from_secs(1));
    }

    #[actix_web::test]
    async fn a_body_that_has_begun_is_read_whole_and_one_that_has_not_is_waited_for_in_time() {
        let pieces = [b"one".as_slice(), b"two", b"three"].map(|piece| Ok(Bytes::from_static(piece)));
        let pieces: Payload = Payload::Stream { payload: Box::pin(futures_util::stream::iter(pieces)) };
        let mut payload = begun(bounded(pieces, bounds(99, 1000))).await.unwrap();
        assert_eq!(read(&mut payload).await.unwrap(), "onetwothree");
        let never: Payload = Payload::Stream { payload: Box::pin(futures_util::stream::pending()) };
        assert!(begun(bounded(never, bounds(99, 50))).await.is_err());
    }

    #[test]
    fn forms_are_decoded_or_refused() {
        let fields = Fields::parse("name=%E5%BC%A0+%E4%B8%89&tag=a&tag=b&empty=".as_bytes()).unwrap();
        assert_eq!(fields.get("name"), Some("张 三"));
        assert_eq!(fields.all("tag").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((fields.filled("empty"), fields.get("empty")), (None, Some("")));
        for bad in ["a=%", "a=%zz", "a=%ff", "a=%00"] {
            assert!(Fields::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
