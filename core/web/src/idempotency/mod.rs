//! Idempotency-Key on the API's POSTs: one act, and the same answer again for seven days (contract.md "HTTP").

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use falin_app::App;
use falin_app::idempotency::{self as kept, Found, Kept, Name};
use falin_domain::refusal::Refusal;

use crate::body;
use crate::gate;
use crate::problem::{self, Asker, Refused};
use crate::routes::Route;
use crate::site::Site;
use crate::visitor::Signed;

/// Says that an answer is an earlier one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How long a second request waits for the first one's answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks for it.
const PAUSE: Duration = Duration::from_millis(20);
/// Headers that belong to an answer; the others are each request's own.
const HEADERS: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::ETAG, header::LOCATION];

/// Put on an answer that holds what somebody revealed: it is never kept, and the same request again is an act of its own
/// with its own entry in the journal.
pub struct Revealing;

/// A request that is to have one effect under its name.
pub struct Once {
    name: Name,
    /// Query and body: what must be the same for the same answer.
    content: Vec<u8>,
    body: Bytes,
}

/// What the request asks of its key: None where it carries none, or where keys mean nothing.
///
/// # Errors
/// `form.invalid` for a key that is not 1 to 255 visible ASCII characters; faults of the body.
pub async fn asked(req: &mut ServiceRequest, line: &Route) -> Result<Option<Once>, Refusal> {
    if !line.is_api() || line.method != Method::POST {
        return Ok(None);
    }
    let Some(key) = body::idempotency_key(req.headers())? else { return Ok(None) };
    let Some(visitor) = req.extensions().get::<Signed>().map(|signed| signed.visitor.clone()) else {
        return Ok(None);
    };
    let Some(name) = kept::name(&visitor, &format!("POST {}", req.path()), &key) else { return Ok(None) };
    let body = body::read(&mut req.take_payload()).await?;
    let content = [req.query_string().as_bytes(), b"\n", &body].concat();
    Ok(Some(Once { name, content, body }))
}

/// Answers from what is kept, or acts and keeps the answer.
///
/// # Errors
/// Those of the handler.
pub async fn answer(
    mut req: ServiceRequest,
    next: Next<BoxBody>,
    once: Once,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(site) = req.app_data::<Data<Site>>().cloned() else { return next.call(req).await };
    match claim(&site.app, &once).await {
        Ok(None) => {}
        Ok(Some(found)) => return Ok(req.into_response(replay(found))),
        Err(refusal) => return Ok(req.into_response(Refused(refusal).error_response())),
    }
    req.set_payload(body::replay(once.body.clone()));
    // Not part of the connection's own future: a caller who hangs up must find the answer when asking again.
    let (app, name) = (site.app.clone(), once.name.clone());
    let act = actix_web::rt::spawn(async move { act(&site, next, req, once.name).await });
    match act.await {
        Ok(answer) => answer,
        Err(_) => {
            // The handler panicked: its transaction did not commit.
            kept::release(&app, name).await;
            Err(Refused(Refusal::new("server.failed")).into())
        }
    }
}

/// None where the request is ours to do; else the answer that another one has left.
async fn claim(app: &App, once: &Once) -> Result<Option<Kept>, Refusal> {
    let start = Instant::now();
    let mut found = kept::claim(app, &once.name, &once.content).await.map_err(problem::of_stop)?;
    loop {
        match found {
            Found::Claimed => return Ok(None),
            Found::Kept(kept) => return Ok(Some(kept)),
            Found::Other => return Err(Refusal::new("idempotency.mismatch")),
            Found::Acted => return Err(Refusal::new("idempotency.acted")),
            Found::Waiting if start.elapsed() >= PATIENCE => return Err(Refusal::new("database.busy")),
            Found::Waiting => {}
        }
        actix_web::rt::time::sleep(PAUSE).await;
        let now = kept::found(app, &once.name, &once.content).await.map_err(problem::of_stop)?;
        found = match now {
            Some(found) => found,
            // The first one had no effect: this one may.
            None => kept::claim(app, &once.name, &once.content).await.map_err(problem::of_stop)?,
        };
    }
}

async fn act(
    site: &Data<Site>,
    next: Next<BoxBody>,
    req: ServiceRequest,
    name: Name,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asker = Asker::of(req.path(), req.headers());
    let outcome = kept::acting(name.clone(), gate::handled(next, req)).await;
    let answer = match outcome {
        Ok(answer) => answer,
        Err(error) => {
            kept::release(&site.app, name).await;
            return Err(error);
        }
    };
    let (req, answer) = answer.into_parts();
    let answer = worded(site, asker, answer);
    if answer.extensions().get::<Revealing>().is_some() {
        kept::forget(&site.app, name).await;
        return Ok(ServiceResponse::new(req, answer));
    }
    if !is_kept(answer.status()) {
        kept::release(&site.app, name).await;
        return Ok(ServiceResponse::new(req, answer));
    }
    let answer = keep(site, answer, name).await;
    Ok(ServiceResponse::new(req, answer))
}

/// Successes and what the domain said (design.md "Idempotency"); never what another try may change.
fn is_kept(status: StatusCode) -> bool {
    status.is_success() || matches!(status.as_u16(), 409 | 422)
}

/// A refusal in words now, so that everybody with this key reads the same ones.
fn worded(site: &Site, asker: Asker, answer: HttpResponse) -> HttpResponse {
    let refusal = answer.extensions().get::<Refusal>().cloned();
    match refusal.filter(|refusal| matches!(refusal.kind().status(), 409 | 422)) {
        Some(refusal) => {
            let said = problem::say(&site.look.say(asker.lang), &refusal, "");
            problem::for_program(asker.lang, &said)
        }
        None => answer,
    }
}

async fn keep(site: &Site, answer: HttpResponse, name: Name) -> HttpResponse {
    let status = answer.status().as_u16();
    let (head, body) = answer.into_parts();
    let Ok(bytes) = actix_web::body::to_bytes(body).await else {
        kept::release(&site.app, name).await;
        return Refused(Refusal::new("server.failed")).error_response();
    };
    let text = |name: &HeaderName| {
        let value = head.headers().get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let headers: Vec<(String, String)> = HEADERS.iter().filter_map(text).collect();
    let mut answer = serde_json::to_vec(&headers).unwrap_or_default();
    answer.push(b'\n');
    answer.extend_from_slice(&bytes);
    if let Err(fault) = kept::settle(&site.app, name, Kept { status, answer }).await {
        // The act is done; without its answer the key stays claimed, and nobody does it twice.
        tracing::error!(%fault, "an answer was not kept");
    }
    head.set_body(bytes).map_into_boxed_body()
}

/// An earlier answer.
fn replay(kept: Kept) -> HttpResponse {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let split = kept.answer.iter().position(|byte| *byte == b'\n').unwrap_or(kept.answer.len());
    let (head, body) = kept.answer.split_at(split);
    let headers: Vec<(String, String)> = serde_json::from_slice(head).unwrap_or_default();
    let body = Bytes::copy_from_slice(body.get(1..).unwrap_or_default());
    let mut answer = HttpResponse::with_body(status, body.boxed());
    for (name, value) in headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

#[cfg(test)]
mod tests;
