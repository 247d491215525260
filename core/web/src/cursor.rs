//! Lists in pages: `?limit=` and an opaque, URL-safe `?cursor=` that says where the next page starts.

use falin_domain::page::{MOST, Mark, Page, USUAL, Window};
use falin_domain::refusal::Refusal;
use serde::Serialize;
use uuid::Uuid;

/// Longest cursor that is looked at, in characters.
pub const LONGEST: usize = 1024;

/// One page as programs get it (contract.md "HTTP").
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Listed<T> {
    /// The rows in order.
    pub items: Vec<T>,
    /// What to send as `?cursor=` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        Self { next_cursor: page.next.as_ref().map(encode), items: page.items }
    }
}

/// The page that the texts of `limit` and `cursor` ask for.
///
/// # Errors
/// `page.limit` where it is no number from 1 to 200, `page.cursor` where it was not given out by a list.
pub fn window(limit: Option<&str>, cursor: Option<&str>) -> Result<Window, Refusal> {
    let limit = match limit {
        None => USUAL,
        Some(text) => parse_limit(text).ok_or_else(|| Refusal::new("page.limit").with("max", MOST))?,
    };
    let after = match cursor {
        None => None,
        Some(text) => Some(decode(text).ok_or_else(|| Refusal::new("page.cursor"))?),
    };
    Ok(Window { limit, after })
}

/// Digits only: `+5` or ` 5` are not what a program meant to send.
fn parse_limit(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && (1..=MOST).contains(n))
}

/// A mark as URL-safe text, opaque to the caller.
pub fn encode(mark: &Mark) -> String {
    base64url(&[mark.id.as_bytes(), mark.key.as_bytes()].concat())
}

/// The mark that `text` names; None where it was not made by [`encode`].
pub fn decode(text: &str) -> Option<Mark> {
    let bytes = Some(text).filter(|text| text.len() <= LONGEST).and_then(unbase64url)?;
    let (id, key) = bytes.split_first_chunk::<16>()?;
    let key = String::from_utf8(key.to_vec()).ok().filter(|key| !key.contains('\0'))?;
    Some(Mark { key, id: Uuid::from_bytes(*id) })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 with the URL-safe alphabet, without padding (RFC 4648 §5).
pub fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let b = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let word = (u32::from(b[0]) << 16) | (u32::from(b[1]) << 8) | u32::from(b[2]);
        for i in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * i)) as usize & 63]));
        }
    }
    out
}

/// The bytes of [`base64url`] text; None where it is malformed or not the one way to write them.
pub fn unbase64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut word, mut bits) = (0_u32, 0);
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|a| *a == byte)?;
        word = (word << 6) | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    (word == 0 && bits < 6).then_some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        for key in ["1767225600000", "wangxiaoming 王", ""] {
            let mark = Mark { key: key.to_owned(), id: Uuid::from_u128(7) };
            let text = encode(&mark);
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
            assert_eq!(window(None, Some(&text)).unwrap().after, Some(mark));
        }
    }

    #[test]
    fn what_no_list_gave_out_is_refused() {
        for text in ["", "x", "%00", "Y2FmZQ==", &"_".repeat(30), &"A".repeat(2000), &"A".repeat(24)] {
            assert_eq!(window(None, Some(text)).unwrap_err().code(), "page.cursor", "{text}");
        }
        for text in ["0", "201", "-1", "+5", "", "ten", "99999999999"] {
            assert_eq!(window(Some(text), None).unwrap_err().code(), "page.limit", "{text}");
        }
        assert_eq!(window(Some("200"), None).unwrap().limit, 200);
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let mark = |n: &u128| Mark { key: n.to_string(), id: Uuid::from_u128(*n) };
        let rows = |window: &Window, rows: Vec<u128>| Listed::from(Page::cut(rows, window, mark));
        let two = window(Some("2"), None).unwrap();
        let first = rows(&two, vec![1, 2, 3]);
        assert_eq!(window(None, first.next_cursor.as_deref()).unwrap().after, Some(mark(&2)));
        assert_eq!(rows(&two, vec![1, 2]).next_cursor, None);
    }

    #[test]
    fn base64_has_one_way_to_write_a_thing() {
        for bytes in [&b""[..], b"f", b"fo", b"foo", b"foob", &[255, 254, 253, 0]] {
            assert_eq!(unbase64url(&base64url(bytes)).as_deref(), Some(bytes));
        }
        assert_eq!(base64url(b"foob"), "Zm9vYg");
        assert_eq!(unbase64url("Zm9vYh"), None);
        assert_eq!(unbase64url("A"), None);
    }
}
