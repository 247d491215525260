//! The gate before every route: flood limit, who is asking, where from, whether they may, and the body's bounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use falin_app::account::by_token;
use falin_domain::access::Act;
use falin_domain::refusal::{FieldError, Refusal};

use crate::body::{self, Bounds, Fields};
use crate::flood::{self, BAD_CREDENTIAL, Caller};
use crate::idempotency;
use crate::openapi::Doc;
use crate::problem::{Answer, Refused};
use crate::routes::{Access, Route};
use crate::shape;
use crate::site::Site;
use crate::upload::{self, Upload};
use crate::visitor::{self, Credential, Kind, Remembered, Signed};

/// The place of the matched line in the route table; counters and the log read it.
#[derive(Clone, Copy)]
pub struct Matched(pub usize);

/// The form that a person sent after the session had ended: signing in gives it back (trust.md "Sessions").
#[derive(Clone, Debug)]
pub struct Interrupted {
    /// Where it was sent, query included: a version may stand there.
    pub path: String,
    /// What was typed; None where a file came along, which nobody keeps.
    pub fields: Option<Fields>,
}

/// Longest wait for something that others hold; then 503 with Retry-After (trust.md "Durability").
const PATIENCE: Duration = Duration::from_secs(2);

/// The lines of one path, with their places in the table.
pub type Lines = Arc<[(usize, Route)]>;

/// Lets a request through to its handler, or answers in its place.
///
/// # Errors
/// Those of the handler.
pub async fn pass(
    lines: Lines,
    mut req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let method = if req.method() == Method::HEAD { Method::GET } else { req.method().clone() };
    let Some((place, line)) = lines.iter().find(|(_, line)| line.method == method) else {
        return Ok(wrong_method(req, &lines));
    };
    req.extensions_mut().insert(Matched(*place));
    if line.access == Access::Open {
        return next.call(req).await;
    }
    if let Err(refused) = examine(&mut req, line).await {
        return Ok(refuse(req, refused));
    }
    match idempotency::asked(&mut req, line).await {
        Ok(None) => handled(next, req).await,
        Ok(Some(once)) => idempotency::answer(req, next, once).await,
        Err(refused) => Ok(refuse(req, refused)),
    }
}

/// Runs the handler; what a program asks for by a token is done under that token's name.
///
/// # Errors
/// The handler's own.
pub async fn handled(next: Next<BoxBody>, req: ServiceRequest) -> Result<ServiceResponse<BoxBody>, Error> {
    let token = req.extensions().get::<Signed>().and_then(|signed| signed.visitor.token);
    match token {
        Some(token) => by_token(token, next.call(req)).await,
        None => next.call(req).await,
    }
}

/// For paths that no line has: counted like any other request, then 404.
pub async fn nothing_here(req: HttpRequest, site: web::Data<Site>) -> Answer {
    let caller = Caller::Address(address(&req, &site));
    if let Err(wait) = site.flood.take(caller, 1.0, Instant::now()) {
        return Err(flooded(&site, wait).into());
    }
    Err(Refusal::absent().into())
}

fn wrong_method(req: ServiceRequest, lines: &Lines) -> ServiceResponse<BoxBody> {
    let mut allowed: Vec<&str> = lines.iter().map(|(_, line)| line.method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let allow = header::HeaderValue::from_str(&allowed.join(", "));
    let mut answer = refuse(req, Refusal::new("request.method"));
    if let Ok(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

fn refuse(req: ServiceRequest, refusal: Refusal) -> ServiceResponse<BoxBody> {
    let retry = refusal.args.iter().find(|(key, _)| *key == "seconds").map(|(_, value)| value.clone());
    let mut answer = Refused(refusal).error_response();
    if let Some(Ok(value)) = retry.map(|seconds| header::HeaderValue::from_str(&seconds)) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    req.into_response(answer)
}

/// The order of checks is the contract's: 429, 401, 404 or 403, then the form (contract.md "HTTP").
async fn examine(req: &mut ServiceRequest, line: &Route) -> Result<(), Refusal> {
    let Some(site) = req.app_data::<web::Data<Site>>().map(|site| Arc::clone(site)) else {
        return Err(Refusal::new("server.failed"));
    };
    let shown = visitor::shown(req.headers(), site.settings.https);
    let signed = identify(req, &site, shown).await?;
    bound_body(req, line, &site)?;
    let changing = !matches!(line.method, Method::GET);
    if changing {
        let host = req.connection_info().host().to_owned();
        visitor::check_origin(req.headers(), &site.own_origins(&host))?;
    }
    may_enter(line, signed.as_ref(), req).await?;
    wait_for_room(req, line, &site, signed.is_none()).await?;
    if let Some(signed) = signed.filter(|_| !line.stranger) {
        if changing && signed.credential.kind == Kind::Session {
            let given = given_form_token(req).await?;
            visitor::check_form_token(&signed.form_token, given.as_deref())?;
        }
        req.extensions_mut().insert(signed);
    }
    check_query(line, req.query_string())
}

/// Who shows what, within the flood limits: a valid credential is counted by itself, everybody else by address.
async fn identify(
    req: &ServiceRequest,
    site: &Site,
    shown: Option<visitor::Shown>,
) -> Result<Option<Signed>, Refusal> {
    let now = Instant::now();
    let stranger = Caller::Address(address(req.request(), site));
    let take = |caller, cost| site.flood.take(caller, cost, now).map_err(|wait| flooded(site, wait));
    let Some(shown) = shown else {
        return take(stranger, 1.0).map(|()| None);
    };
    let credential = shown.credential;
    let visitor = match site.known.recall(&credential, now) {
        Remembered::Fresh(visitor) => Some(visitor),
        Remembered::Stale => ask(site, credential).await?,
        Remembered::Unknown => {
            take(stranger, 0.0)?;
            ask(site, credential).await?
        }
    };
    let Some(visitor) = visitor else {
        return take(stranger, BAD_CREDENTIAL).map(|()| None);
    };
    take(Caller::Credential(credential.hash), 1.0)?;
    Ok(Some(Signed { visitor, credential, form_token: shown.form_token.unwrap_or_default() }))
}

async fn ask(site: &Site, credential: Credential) -> Result<Option<falin_domain::access::Visitor>, Refusal> {
    let visitor = (site.authenticate)(credential).await?;
    site.known.note(&credential, visitor.as_ref(), Instant::now());
    Ok(visitor)
}

/// The network address that a request comes from, past the proxies that are trusted.
pub fn address(req: &HttpRequest, site: &Site) -> std::net::IpAddr {
    let lines = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let forwarded = lines.collect::<Vec<_>>().join(",");
    flood::caller_address(req.peer_addr(), &forwarded, site.settings.behind_proxy)
}

fn flooded(site: &Site, seconds: u32) -> Refusal {
    site.metrics.flooded();
    Refusal::new("rate.limited").with("seconds", seconds)
}

/// Refuses a body that says it is too large before a byte of it is read, and bounds every other.
fn bound_body(req: &mut ServiceRequest, line: &Route, site: &Site) -> Result<(), Refusal> {
    if body::declared_size(req.headers()).is_some_and(|size| size > line.body_bytes as u64) {
        return Err(Refusal::new("form.too_large").with("max", line.body_bytes));
    }
    let bounds = Bounds { bytes: line.body_bytes, grace: site.settings.body_grace };
    let payload = req.take_payload();
    req.set_payload(body::bounded(payload, bounds));
    Ok(())
}

/// An upload waits its turn, so that many at once cannot fill the memory; its place is free when it is answered. The
/// turn begins with the body's first bytes, so that a line that stays silent holds none, and strangers have turns of
/// their own, so that none of them can keep the house from its rosters.
async fn wait_for_room(
    req: &mut ServiceRequest,
    line: &Route,
    site: &Site,
    stranger: bool,
) -> Result<(), Refusal> {
    if !line.takes_files() {
        return Ok(());
    }
    let begun = body::begun(req.take_payload()).await?;
    req.set_payload(begun);
    let turns = if stranger { &site.strangers_uploads } else { &site.uploads };
    let turn = tokio::time::timeout(PATIENCE, Arc::clone(turns).acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Refusal::new("database.busy")) };
    req.extensions_mut().insert(turn);
    Ok(())
}

async fn may_enter(line: &Route, signed: Option<&Signed>, req: &mut ServiceRequest) -> Result<(), Refusal> {
    let needs = match line.access {
        Access::Open | Access::Public => return Ok(()),
        Access::SignedIn => None,
        Access::Needs(act, noun) => Some((act, noun)),
    };
    let Some(signed) = signed else {
        keep_form(line, req).await?;
        return Err(Refusal::new("access.unauthenticated"));
    };
    match needs {
        Some((act, noun)) if !signed.visitor.may(act, noun) => {
            // A single thing that one may not see does not exist; a list that one may not see is denied.
            let hidden = line.path.contains('{') && !signed.visitor.may(Act::Read, noun);
            Err(if hidden { Refusal::absent() } else { Refusal::new("access.denied") })
        }
        _ => Ok(()),
    }
}

/// A page's form that comes after the session ended goes along to the sign-in page.
async fn keep_form(line: &Route, req: &mut ServiceRequest) -> Result<(), Refusal> {
    if line.is_api() || line.method == Method::GET {
        return Ok(());
    }
    let fields = match body::media_type(req.headers()).as_str() {
        "application/x-www-form-urlencoded" => {
            Some(Fields::parse(&body::read(&mut req.take_payload()).await?)?)
        }
        "multipart/form-data" => None,
        _ => return Ok(()),
    };
    let path = req.uri().path_and_query().map_or_else(|| req.path(), |all| all.as_str()).to_owned();
    req.extensions_mut().insert(Interrupted { path, fields });
    Ok(())
}

/// The form token from the header or the form's field `csrf`; the body can be read again afterwards.
async fn given_form_token(req: &mut ServiceRequest) -> Result<Option<String>, Refusal> {
    if let Some(value) = req.headers().get("x-csrf-token") {
        return Ok(value.to_str().ok().map(str::to_owned));
    }
    let media_type = body::media_type(req.headers());
    let multipart = media_type == "multipart/form-data";
    if !multipart && media_type != body::FORM {
        return Ok(None);
    }
    let bytes = body::read(&mut req.take_payload()).await?;
    let fields = if multipart {
        Upload::parse(&upload::content_type(req.headers()), &bytes)?.fields
    } else {
        Fields::parse(&bytes)?
    };
    req.set_payload(body::replay(bytes));
    Ok(fields.get("csrf").map(str::to_owned))
}

/// Matches the query of an API route against its document: a misspelt filter must not return everything.
fn check_query(line: &Route, query: &str) -> Result<(), Refusal> {
    let Some(doc) = line.doc else { return Ok(()) };
    let fields = Fields::parse(query.as_bytes())?;
    let faults: Vec<FieldError> =
        fields.0.iter().filter_map(|(name, text)| query_fault(doc, name, text)).collect();
    let missing = doc.query.iter().filter(|param| param.required && fields.get(param.name).is_none());
    let missing = missing.map(|param| FieldError::new(param.name, "required"));
    let faults: Vec<FieldError> = faults.into_iter().chain(missing).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults)) }
}

fn query_fault(doc: &Doc, name: &str, text: &str) -> Option<FieldError> {
    // Their own refusals tell more (contract.md "HTTP").
    if matches!(name, "limit" | "cursor") && doc.paged() {
        return None;
    }
    let short: String = name.chars().take(60).collect();
    match doc.query.iter().find(|param| param.name == name) {
        None => Some(FieldError::new(&short, "not_expected")),
        Some(param) => shape::query_fault(name, &param.shape, text),
    }
}

/// The answer for a person who has to sign in first: to the sign-in page, coming back here afterwards.
pub fn to_sign_in(sign_in: &str, path_and_query: &str) -> HttpResponse {
    let mut next = String::with_capacity(path_and_query.len());
    for byte in path_and_query.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                next.push(char::from(byte))
            }
            other => next.push_str(&format!("%{other:02X}")),
        }
    }
    let location = format!("{sign_in}?next={next}");
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}
