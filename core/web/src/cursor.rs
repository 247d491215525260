//! Lists in pages: `?limit=` and an opaque, URL-safe `?cursor=` that says where the next page starts.

use falin_domain::refusal::Refusal;
use serde::Serialize;

/// Rows on a page where `?limit=` is absent.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most rows on a page (contract.md "HTTP").
pub const MAX_LIMIT: u32 = 200;

/// Where the last page ended: the row's place in the order, and its id to break ties.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum After {
    /// In lists ordered by (created_ms, id): the last row's instant of creation in ms, and its id.
    Created(i64, [u8; 16]),
    /// In lists ordered by (sort key, id): the last row's sort key, and its id.
    Key(String, [u8; 16]),
}

/// One page asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Rows wanted, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// The last row already seen; None for the first page.
    pub after: Option<After>,
}

/// One page given: the rows, and the cursor of the next page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Listed<T> {
    /// The rows in order.
    pub items: Vec<T>,
    /// What to send as `?cursor=` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl Page {
    /// From the texts of `limit` and `cursor`.
    ///
    /// # Errors
    /// `page.limit` where it is no number from 1 to 200, `page.cursor` where it was not given out by a list.
    pub fn parse(limit: Option<&str>, cursor: Option<&str>) -> Result<Self, Refusal> {
        let limit = match limit {
            None => DEFAULT_LIMIT,
            Some(text) => {
                parse_limit(text).ok_or_else(|| Refusal::new("page.limit").with("max", MAX_LIMIT))?
            }
        };
        let after = match cursor {
            None => None,
            Some(text) => Some(After::decode(text).ok_or_else(|| Refusal::new("page.cursor"))?),
        };
        Ok(Self { limit, after })
    }
}

/// Digits only: `+5` or ` 5` are not what a program meant to send.
fn parse_limit(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && (1..=MAX_LIMIT).contains(n))
}

impl<T> Listed<T> {
    /// A page from at most `limit + 1` rows: one row too many tells that another page follows.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, place: impl Fn(&T) -> After) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(|row| place(row).encode());
        Self { items: rows, next_cursor }
    }
}

impl After {
    /// URL-safe text; opaque to the caller.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(32);
        match self {
            Self::Created(ms, id) => {
                bytes.push(b'c');
                bytes.extend_from_slice(id);
                bytes.extend_from_slice(&ms.to_be_bytes());
            }
            Self::Key(key, id) => {
                bytes.push(b'k');
                bytes.extend_from_slice(id);
                bytes.extend_from_slice(key.as_bytes());
            }
        }
        base64url(&bytes)
    }

    /// The place that `text` names; None where it was not made by [`After::encode`].
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > 1024 {
            return None;
        }
        let bytes = unbase64url(text)?;
        let (tag, rest) = bytes.split_first()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        match tag {
            b'c' => Some(Self::Created(i64::from_be_bytes(rest.try_into().ok()?), *id)),
            b'k' => Some(Self::Key(String::from_utf8(rest.to_vec()).ok()?, *id)),
            _ => None,
        }
    }
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
        for after in [After::Created(-5, [7; 16]), After::Key("wangxiaoming 王".into(), [0; 16])] {
            let text = after.encode();
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
            assert_eq!(After::decode(&text), Some(after));
        }
    }

    #[test]
    fn what_no_list_gave_out_is_refused() {
        for text in ["", "x", "%00", "Y2FmZQ==", "zzzzzzzzzzzzzzzzzzzzzzzz", &"A".repeat(2000)] {
            assert_eq!(Page::parse(None, Some(text)).unwrap_err().code(), "page.cursor", "{text}");
        }
        for text in ["0", "201", "-1", "+5", "", "ten", "99999999999"] {
            assert_eq!(Page::parse(Some(text), None).unwrap_err().code(), "page.limit", "{text}");
        }
        assert_eq!(Page::parse(Some("200"), None).unwrap().limit, 200);
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let place = |n: &i64| After::Created(*n, [1; 16]);
        let page = Listed::from_rows(vec![1, 2, 3], 2, place);
        assert_eq!((page.items.len(), page.next_cursor.is_some()), (2, true));
        assert!(Listed::from_rows(vec![1, 2], 2, place).next_cursor.is_none());
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
