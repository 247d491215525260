//! Around every request: its id, its line in the log, its counters, security headers, caught panics, and one form
//! for whatever went wrong.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};
use falin_domain::refusal::Refusal;
use futures_util::FutureExt;

use crate::gate::{self, Interrupted, Matched};
use crate::look::Frame;
use crate::look::public::fault::Fault;
use crate::problem::{self, Asker, Refused, Said};
use crate::site::Site;

/// One request while it is under way.
struct Watch {
    site: web::Data<Site>,
    id: String,
    asker: Asker,
    method: Method,
    start: Instant,
}

/// The outermost layer of the server.
///
/// # Errors
/// What comes from below as an error leaves as a finished answer.
pub async fn around(req: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(site) = req.app_data::<web::Data<Site>>().cloned() else {
        return Err(Refused(Refusal::new("server.failed")).into());
    };
    let watch = Watch {
        id: site.next_request(),
        asker: Asker::of(req.path(), req.headers()),
        method: req.method().clone(),
        start: Instant::now(),
        site,
    };
    watch.site.metrics.begin();
    // The request is moved in: routing needs it for itself, so no copy of it may be kept outside.
    match AssertUnwindSafe(async move { next.call(req).await }).catch_unwind().await {
        Ok(Ok(answer)) => Ok(watch.finish(answer)),
        Ok(Err(error)) => Err(watch.fail(&problem::of_error(&error))),
        Err(_) => {
            watch.site.metrics.panicked();
            tracing::error!(request = %watch.id, "a handler panicked");
            Err(watch.fail(&Refusal::new("server.failed")))
        }
    }
}

impl Watch {
    fn finish(&self, mut answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let place = answer.request().extensions().get::<Matched>().map(|matched| matched.0);
        if let Some(refusal) = refusal_of(answer.response()) {
            let (req, old) = answer.into_parts();
            let mut new = self.word(&refusal, Some(&req));
            keep_headers(&old, &mut new);
            answer = ServiceResponse::new(req, new);
        }
        self.seal(answer.response_mut());
        self.note(place, answer.status().as_u16());
        answer
    }

    fn fail(&self, refusal: &Refusal) -> Error {
        let mut answer = self.word(refusal, None);
        self.seal(&mut answer);
        self.note(None, answer.status().as_u16());
        InternalError::from_response(refusal.code(), answer).into()
    }

    /// The refusal in the asker's language and form; a person without a session is sent to sign in.
    fn word(&self, refusal: &Refusal, req: Option<&HttpRequest>) -> HttpResponse {
        if let Some(req) = req.filter(|_| refusal.code() == "access.unauthenticated" && !self.asker.program) {
            let interrupted = req.extensions().get::<Interrupted>().cloned();
            match (&self.site.resume, interrupted) {
                (Some(resume), Some(form)) => return resume(req, self.asker.lang, &form),
                _ if self.method == Method::GET || self.method == Method::HEAD => {
                    let here = req.uri().path_and_query().map_or("/", |p| p.as_str());
                    return gate::to_sign_in(&(self.site.sign_in)(self.asker.lang), here);
                }
                _ => {}
            }
        }
        let said = problem::say(&self.site.look.say(self.asker.lang), refusal, &self.id);
        if self.asker.program {
            return problem::for_program(self.asker.lang, &said);
        }
        problem::for_person(self.asker.lang, said.status, self.page(refusal, &said))
    }

    fn page(&self, refusal: &Refusal, said: &Said) -> String {
        let lang = self.asker.lang;
        let frame = Frame::public(lang, self.asker.size, None, "");
        let sign_in = (self.site.sign_in)(lang);
        let mut fault = Fault::of(&self.site.look.say(lang), refusal, &sign_in);
        fault.desk = self.asker.desk && fault.sign_in.is_empty();
        fault.trace = said.instance.as_ref().map(|_| self.id.clone()).unwrap_or_default();
        self.site.look.render(&frame, &fault).unwrap_or_else(|fault| {
            tracing::error!(%fault, "the page for refusals does not render");
            problem::bare_page(lang, said)
        })
    }

    fn seal(&self, answer: &mut HttpResponse) {
        crate::headers::secure(answer.headers_mut(), self.site.settings.https);
        // The rest of a refused body is not worth reading.
        if matches!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
            answer.head_mut().set_connection_type(ConnectionType::Close);
        }
    }

    /// Counts and logs; the route is told by its pattern, since paths and queries may hold secrets.
    fn note(&self, place: Option<usize>, status: u16) {
        let took = self.start.elapsed();
        self.site.metrics.end(place, status, took);
        let route = self.site.metrics.route_name(place);
        let ms = took.as_secs_f64() * 1e3;
        tracing::info!(target: "falin::request", request = %self.id, method = %self.method, route, status, ms);
    }
}

/// The refusal that an answer stands for; None for answers that a handler wrote itself.
fn refusal_of(answer: &HttpResponse) -> Option<Refusal> {
    if let Some(refusal) = answer.extensions().get::<Refusal>() {
        return Some(refusal.clone());
    }
    let failed = answer.status().is_client_error() || answer.status().is_server_error();
    let written = answer.headers().contains_key(header::CONTENT_TYPE);
    match answer.error() {
        _ if !failed => None,
        Some(error) => Some(problem::of_error(error)),
        None if written => None,
        None => Some(problem::of_status(answer.status())),
    }
}

/// Allow, Retry-After, Set-Cookie and the like survive the rewording; what describes the old body does not.
fn keep_headers(old: &HttpResponse, new: &mut HttpResponse) {
    for (name, value) in old.headers() {
        let of_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING].contains(name);
        if !of_body && !new.headers().contains_key(name) {
            new.headers_mut().append(name.clone(), value.clone());
        }
    }
}
