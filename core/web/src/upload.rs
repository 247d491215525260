//! Forms with files: `multipart/form-data` (RFC 7578), read whole within the route's bounds and taken apart strictly. A
//! plain form is one without files.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use falin_domain::refusal::{FieldError, Refusal};
use futures_util::future::LocalBoxFuture;

use crate::body::{self, Fields};
use crate::problem::Refused;

/// Parts of one form at most.
const MOST_PARTS: usize = 200;
/// Longest head of a part in bytes.
const LONGEST_HEAD: usize = 4096;
/// Longest value of a field that is no file, in bytes.
const LONGEST_FIELD: usize = 64 << 10;

/// A form with files, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// Fields that are no files.
    pub fields: Fields,
    /// Files that were chosen; an empty file control counts as none.
    pub files: Vec<File>,
}

/// One uploaded file.
#[derive(Clone)]
pub struct File {
    /// Name of the form control.
    pub field: String,
    /// The file's name as the sender called it, without folders; to show and to tell the format, never a path.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", self.field, self.bytes.len())
    }
}

impl FromRequest for Upload {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = content_type(req.headers());
        let mut payload = payload.take();
        let plain = body::media_type(req.headers()) == body::FORM;
        Box::pin(async move {
            let bytes = body::read(&mut payload).await?;
            match plain {
                true => Ok(Self { fields: Fields::parse(&bytes)?, files: Vec::new() }),
                false => Ok(Self::parse(&content_type, &bytes)?),
            }
        })
    }
}

/// The whole Content-Type, with its boundary; empty where there is none.
pub fn content_type(headers: &header::HeaderMap) -> String {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

impl Upload {
    /// Takes a form apart.
    ///
    /// # Errors
    /// `request.media_type` where it is no such form, `request.malformed` where its parts are not as they must be;
    /// `form.invalid` at a field that holds no text.
    pub fn parse(content_type: &str, bytes: &Bytes) -> Result<Self, Refusal> {
        let boundary = boundary(content_type).ok_or_else(|| Refusal::new("request.media_type"))?;
        let mut upload = Self::default();
        let parts = Self::parts(&boundary, bytes).ok_or_else(|| Refusal::new("request.malformed"))?;
        for (start, end) in parts {
            upload.take(bytes, start, end)?;
        }
        Ok(upload)
    }

    /// Where the parts begin and end.
    fn parts(boundary: &str, bytes: &Bytes) -> Option<Vec<(usize, usize)>> {
        let opening = format!("--{boundary}");
        let between = format!("\r\n--{boundary}");
        let mut at = find(bytes, opening.as_bytes(), 0)? + opening.len();
        let mut parts = Vec::new();
        for _ in 0..=MOST_PARTS {
            if bytes.get(at..at + 2)? == b"--" {
                return Some(parts);
            }
            let start = at + find(bytes.get(at..)?, b"\r\n", 0).filter(|gap| *gap < 80)? + 2;
            let end = find(bytes, between.as_bytes(), start.checked_sub(2)?)?;
            parts.push((start, end));
            at = end + between.len();
        }
        None
    }

    /// One part: head, empty line, content.
    fn take(&mut self, bytes: &Bytes, start: usize, end: usize) -> Result<(), Refusal> {
        let (field, file, content) =
            headed(bytes, start, end).ok_or_else(|| Refusal::new("request.malformed"))?;
        if field.contains('\0') || file.as_ref().is_some_and(|name| name.contains('\0')) {
            return Err(Refusal::field(&field, "control"));
        }
        match file {
            Some(name) if name.is_empty() && content.is_empty() => {}
            Some(name) => self.files.push(File { field, name: base_name(&name), bytes: content }),
            None if content.len() > LONGEST_FIELD => {
                let fault = FieldError::new(&field, "too_long").with("max", LONGEST_FIELD);
                return Err(Refusal::form(vec![fault]));
            }
            None => {
                let text = std::str::from_utf8(&content).ok().filter(|text| !text.contains('\0'));
                let text = text.ok_or_else(|| Refusal::field(&field, "control"))?.to_owned();
                self.fields.0.push((field, text));
            }
        }
        Ok(())
    }

    /// The file under this form control; None where none was chosen.
    pub fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// A part's field, the name of its file where it has one, and its content.
fn headed(bytes: &Bytes, start: usize, end: usize) -> Option<(String, Option<String>, Bytes)> {
    let part = bytes.get(start..end)?;
    let gap = find(&part[..part.len().min(LONGEST_HEAD)], b"\r\n\r\n", 0)?;
    let head = std::str::from_utf8(&part[..gap]).ok()?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then(|| value.trim())
    })?;
    let field = parameter(disposition, "name")?;
    Some((field, parameter(disposition, "filename"), bytes.slice(start + gap + 4..end)))
}

/// The boundary of a multipart Content-Type: 1 to 70 characters of those that RFC 2046 §5.1.1 allows.
fn boundary(content_type: &str) -> Option<String> {
    let (media, rest) = content_type.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut pairs = rest.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let value = value.trim_matches('"');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&b);
    ((1..=70).contains(&value.len()) && value.bytes().all(allowed)).then(|| value.to_owned())
}

/// `name` of `form-data; name="a"; filename="b"`; browsers write `"` as `%22` and line ends as `%0D%0A`.
fn parameter(disposition: &str, wanted: &str) -> Option<String> {
    let mut rest = disposition.strip_prefix("form-data")?;
    while let Some((_, after)) = rest.split_once(';') {
        let (name, value) = after.split_once('=')?;
        let (value, left) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            let text = value.replace("%22", "\"").replace("%0D", "").replace("%0A", "");
            return Some(text).filter(|text| text.len() <= 1000);
        }
        rest = left;
    }
    None
}

/// Old browsers send the whole path, and a hostile sender may send any.
fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The first place of `needle` in `bytes` at or after `from`. Looks for its first byte only, and compares there: a
/// boundary begins with a line end, which real files hold rarely enough.
fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| b == first)?;
        if bytes.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=--X9";

    fn parse(text: &str) -> Result<Upload, Refusal> {
        Upload::parse(TYPE, &Bytes::from(text.replace('\n', "\r\n")))
    }

    const FORM: &str = "----X9\nContent-Disposition: form-data; name=\"csrf\"\n\nabc\n\
        ----X9\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\名册\\农村 %22a%22.xlsx\"\n\
        Content-Type: application/x\n\nPK\n----X\n\n\n----X9\n\
        Content-Disposition: form-data; name=\"none\"; filename=\"\"\n\n\n----X9--\n";

    #[test]
    fn fields_and_files_are_told_apart() {
        let upload = parse(FORM).unwrap();
        assert_eq!(upload.fields.get("csrf"), Some("abc"));
        let file = upload.file("file").unwrap();
        assert_eq!((file.name.as_str(), &file.bytes[..]), ("农村 \"a\".xlsx", &b"PK\r\n----X\r\n\r\n"[..]));
        assert!(upload.file("none").is_none());
    }

    #[test]
    fn an_empty_form_has_nothing() {
        let upload = parse("----X9--\n").unwrap();
        assert!(upload.fields.0.is_empty() && upload.files.is_empty());
    }

    #[test]
    fn whatever_is_cut_or_bent_is_refused() {
        let whole = FORM.replace('\n', "\r\n");
        for end in 0..whole.len() - 6 {
            if whole.is_char_boundary(end) {
                let cut = Upload::parse(TYPE, &Bytes::copy_from_slice(&whole.as_bytes()[..end]));
                assert_eq!(cut.unwrap_err().code(), "request.malformed", "{end}");
            }
        }
        for bent in ["----X9\nX: y\n\na\n----X9--", "----X9\n\n\n----X9--", "no boundary"] {
            assert_eq!(parse(bent).unwrap_err().code(), "request.malformed", "{bent}");
        }
        for odd in [
            "application/json",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "text/plain; boundary=x",
        ] {
            assert_eq!(Upload::parse(odd, &Bytes::new()).unwrap_err().code(), "request.media_type");
        }
        let nul = "----X9\nContent-Disposition: form-data; name=\"a\0\"\n\nb\n----X9--";
        assert_eq!(parse(nul).unwrap_err().fields[0].code, "control");
        let many = "----X9\nContent-Disposition: form-data; name=\"a\"\n\nb\n".repeat(300) + "----X9--";
        assert!(parse(&many).is_err());
    }
}
