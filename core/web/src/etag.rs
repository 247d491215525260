//! Entity tags: whether the caller's copy is still the one we would send (RFC 9110 §8.8, §13).

use actix_web::HttpRequest;
use actix_web::http::header;
use falin_domain::refusal::Refusal;
use sha2::{Digest, Sha256};

use crate::cursor::base64url;

/// A tag for these bytes, quoted; the same bytes give the same tag on every server.
pub fn of_bytes(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("\"{}\"", base64url(&digest[..12]))
}

/// The tag of a case or row at this version, quoted: versions count up from 1 and never return.
pub fn of_version(version: i64) -> String {
    format!("\"v{version}\"")
}

/// True where If-None-Match holds `tag` (weak comparison), so that 304 is the answer.
pub fn none_match(req: &HttpRequest, tag: &str) -> bool {
    listed(req, &header::IF_NONE_MATCH, tag, true)
}

/// Refuses an act whose If-Match no longer holds; without the header there is nothing to compare.
///
/// # Errors
/// `state.changed` where the header is there and names another version.
pub fn must_match(req: &HttpRequest, tag: &str) -> Result<(), Refusal> {
    let absent = !req.headers().contains_key(header::IF_MATCH);
    if absent || listed(req, &header::IF_MATCH, tag, false) {
        Ok(())
    } else {
        Err(Refusal::new("state.changed"))
    }
}

fn listed(req: &HttpRequest, name: &header::HeaderName, tag: &str, weak: bool) -> bool {
    let bare = |text: &'_ str| if weak { text.trim_start_matches("W/").to_owned() } else { text.to_owned() };
    let wanted = bare(tag);
    req.headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').map(str::trim).any(|item| item == "*" || bare(item) == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn tags_are_compared_weakly_for_reading_and_strongly_for_acting() {
        let read = TestRequest::get().insert_header(("If-None-Match", "\"a\", W/\"v3\"")).to_http_request();
        assert!(none_match(&read, &of_version(3)));
        assert!(!none_match(&read, &of_version(4)));
        let act = TestRequest::post().insert_header(("If-Match", "W/\"v3\"")).to_http_request();
        assert_eq!(must_match(&act, &of_version(3)).map_err(|r| r.code()), Err("state.changed"));
        assert!(must_match(&TestRequest::post().to_http_request(), "\"v3\"").is_ok());
    }

    #[test]
    fn equal_bytes_have_equal_tags() {
        assert_eq!(of_bytes(b"a"), of_bytes(b"a"));
        assert_ne!(of_bytes(b"a"), of_bytes(b"b"));
    }
}
