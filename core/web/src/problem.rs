//! How a refusal is answered: `application/problem+json` for programs (RFC 9457), a page for people.

use std::collections::BTreeMap;
use std::fmt;

use actix_web::body::BoxBody;
use actix_web::error::{JsonPayloadError, PayloadError, ResponseError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use falin_app::Stop;
use falin_domain::refusal::{FieldError, Refusal};
use serde::Serialize;

use crate::lang;
use crate::look::{Lang, Say, Size, parse_segment};
use crate::visitor;

/// What a handler gives back: an answer, or a refusal that becomes one in the asker's language and form.
pub type Answer = Result<HttpResponse, Refused>;

/// A refusal on its way out of a handler.
#[derive(Debug)]
pub struct Refused(pub Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self(of_stop(stop))
    }
}

/// What the client sees of a stop; what the operator needs of it goes to the log.
pub fn of_stop(stop: Stop) -> Refusal {
    match stop {
        Stop::Refused(refusal) => *refusal,
        Stop::Busy | Stop::Retry => Refusal::new("database.busy"),
        fault => {
            tracing::error!(%fault, "a use case failed");
            Refusal::new("server.failed")
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Carries the refusal along; [`crate::observe`] writes the body, since only there the asker is known.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::new(self.status_code());
        answer.extensions_mut().insert(self.0.clone());
        answer
    }
}

/// Who asked, as far as the answer's form depends on it. Taken before routing, which consumes the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asker {
    /// From the path, else as the asker keeps it, else from Accept-Language.
    pub lang: Lang,
    /// From the path, else as the asker keeps it.
    pub size: Size,
    /// Whether it is a page behind the door: the way back leads to the own desk.
    pub desk: bool,
    /// True for programs: they get problem+json instead of a page.
    pub program: bool,
}

/// The cookie that keeps language and size of pages whose address does not say them, such as `zh-large`.
pub const VIEW: &str = "view";

impl Asker {
    /// From path, method and headers.
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or_default();
        let program = path.starts_with("/api/") || !text(header::ACCEPT).contains("text/html");
        let first = path.split('/').nth(1).unwrap_or_default();
        let kept = || visitor::cookie(headers, VIEW).and_then(parse_segment);
        let (lang, size) = parse_segment(first)
            .or_else(kept)
            .unwrap_or_else(|| (lang::of_accept(text(header::ACCEPT_LANGUAGE)), Size::Normal));
        Self { lang, size, desk: matches!(first, "desk" | "my" | "me"), program }
    }
}

/// A refusal in words (RFC 9457 §3.1 with `code` and `fields`).
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// `urn:falin:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What was refused.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Why, and what to do next.
    pub detail: String,
    /// Stable code of the refusal table.
    pub code: &'static str,
    /// Id of the request, also in the log; given where the fault is ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Faults at fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<SaidField>,
    /// What a booking clashes with, every kind of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<SaidConflict>,
}

/// One kind of thing that is taken at the time asked for.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct SaidConflict {
    /// `room`, `mediator`, `lawyer` or `party`.
    pub kind: String,
}

/// One field's fault in words.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct SaidField {
    /// Name of the form control or JSON member.
    pub name: String,
    /// Stable code.
    pub code: String,
    /// What is wrong with what was typed.
    pub detail: String,
    /// Of a fault in a file that was handed in: where it is, and what its text speaks of.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub spot: Option<SaidSpot>,
}

/// Where in a file a fault is; the file is the field's name.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct SaidSpot {
    /// What the text speaks of.
    pub args: BTreeMap<String, String>,
    /// The way into the file, such as `flow[0].step[2].guards[1]`; empty for the whole of it.
    pub place: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// Puts one field's fault into words.
pub fn say_field(words: &Say<'_>, fault: &FieldError) -> SaidField {
    let spot = fault.spot.as_ref().map(|spot| SaidSpot {
        args: fault.args.iter().cloned().collect(),
        place: spot.path(),
        line: spot.line,
    });
    SaidField { name: fault.name.clone(), code: fault.code.clone(), detail: words.field_error(fault), spot }
}

/// Puts a refusal into words; `request` is the id shown where the fault is ours.
pub fn say(words: &Say<'_>, refusal: &Refusal, request: &str) -> Said {
    let code = refusal.code();
    let status = refusal.kind().status();
    let fields = refusal.fields.iter().map(|fault| say_field(words, fault));
    let conflicts = refusal.args.iter().filter(|(key, _)| *key == "conflict");
    Said {
        conflicts: conflicts.map(|(_, kind)| SaidConflict { kind: kind.clone() }).collect(),
        kind: format!("urn:falin:problem:{code}"),
        title: words.refusal_title(refusal),
        status,
        detail: words.refusal_detail(refusal),
        code,
        instance: (status >= 500).then(|| format!("urn:falin:request:{request}")),
        fields: fields.collect(),
    }
}

/// The answer to a program.
pub fn for_program(lang: Lang, said: &Said) -> HttpResponse {
    let mut answer = begin(lang, said.status);
    answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    answer.body(serde_json::to_string(said).unwrap_or_default())
}

/// The answer to a person: the page `html`.
pub fn for_person(lang: Lang, status: u16, html: String) -> HttpResponse {
    let mut answer = begin(lang, status);
    answer.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
    answer.body(html)
}

fn begin(lang: Lang, status: u16) -> HttpResponseBuilder {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(code);
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer.insert_header((header::CONTENT_LANGUAGE, lang.code()));
    answer.insert_header((header::VARY, "accept, accept-language, cookie"));
    hint(&mut answer, status);
    answer
}

/// What the status obliges us to say in headers (RFC 9110 §11.6.1, §10.2.3).
fn hint(answer: &mut HttpResponseBuilder, status: u16) {
    match status {
        401 => answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"falin\"")),
        503 => answer.insert_header((header::RETRY_AFTER, "2")),
        _ => answer,
    };
}

/// The page where the templates themselves fail: plain, but in words.
pub fn bare_page(lang: Lang, said: &Said) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, detail) = (escape(&said.title), escape(&said.detail));
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <h1>{title}</h1><p>{detail}</p><p>{}</p><p><a href=\"/\">法邻</a></p></html>",
        lang.code(),
        escape(said.instance.as_deref().unwrap_or_default())
    )
}

/// The refusal that an error of the framework stands for.
pub fn of_error(error: &actix_web::Error) -> Refusal {
    if let Some(refused) = error.as_error::<Refused>() {
        return refused.0.clone();
    }
    if let Some(payload) = error.as_error::<PayloadError>() {
        return of_payload(payload);
    }
    match error.as_error::<JsonPayloadError>() {
        Some(JsonPayloadError::Payload(inner)) => return of_payload(inner),
        Some(JsonPayloadError::ContentType) => return Refusal::new("request.media_type"),
        _ => {}
    }
    match error.as_error::<UrlencodedError>() {
        Some(UrlencodedError::Payload(inner)) => return of_payload(inner),
        Some(UrlencodedError::ContentType) => return Refusal::new("request.media_type"),
        _ => {}
    }
    of_status(error.as_response_error().status_code())
}

/// The refusal of a body that did not arrive as it should.
pub fn of_payload(error: &PayloadError) -> Refusal {
    match error {
        PayloadError::Overflow => Refusal::new("form.too_large"),
        PayloadError::Io(io) if io.kind() == std::io::ErrorKind::TimedOut => Refusal::new("request.timeout"),
        _ => Refusal::new("request.malformed"),
    }
}

/// The refusal that a bare status of the framework stands for.
pub fn of_status(status: StatusCode) -> Refusal {
    let code = match status.as_u16() {
        401 => "access.unauthenticated",
        403 => "access.denied",
        404 => "not_found",
        405 => "request.method",
        408 => "request.timeout",
        413 => "form.too_large",
        415 => "request.media_type",
        429 => "rate.limited",
        503 => "database.busy",
        400..=499 => "request.malformed",
        _ => "server.failed",
    };
    Refusal::new(code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::look::Look;
    use actix_web::body::MessageBody;

    #[test]
    fn a_program_gets_a_problem_in_its_language() {
        let look = Look::load(None).unwrap();
        let refusal = Refusal::form(vec![FieldError::new("phone", "phone.invalid")]);
        let said = say(&look.say(Lang::En), &refusal, "r1");
        let answer = for_program(Lang::En, &said);
        assert_eq!(answer.status(), 422);
        assert_eq!(answer.headers().get("content-type").unwrap(), "application/problem+json");
        let body = answer.into_body().try_into_bytes().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(json["code"], "form.invalid");
        assert_eq!(json["type"], "urn:falin:problem:form.invalid");
        assert_eq!(json["fields"][0]["name"], "phone");
        assert_eq!(json.get("instance"), None);
    }

    #[test]
    fn a_page_without_templates_holds_no_markup_of_others() {
        let look = Look::load(None).unwrap();
        let said = say(&look.say(Lang::Zh), &Refusal::new("server.failed"), "r7");
        let html = bare_page(Lang::Zh, &Said { detail: "<b>&".into(), ..said });
        assert!(html.contains("&lt;b&gt;&amp;") && html.contains("r7") && html.contains("lang=\"zh\""));
    }

    #[test]
    fn form_and_language_follow_the_asker() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html,*/*"));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        assert_eq!(
            Asker::of("/x", &headers),
            Asker { lang: Lang::En, size: Size::Normal, desk: false, program: false }
        );
        assert_eq!(Asker::of("/zh/x", &headers).lang, Lang::Zh);
        headers.insert(header::COOKIE, HeaderValue::from_static("sid=1; view=zh-large"));
        assert_eq!(
            Asker::of("/desk/x", &headers),
            Asker { lang: Lang::Zh, size: Size::Large, desk: true, program: false }
        );
        assert!(Asker::of("/api/v1/firms", &headers).program);
    }
}
