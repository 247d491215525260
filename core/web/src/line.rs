//! One line of the table of URLs, what makes the table sound, and how it comes behind the gate.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{HttpServiceFactory, ServiceRequest};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, Handler, Responder, Scope, guard, web};
use falin_domain::access::{Act, Noun};

use crate::body::{FORM_BYTES, UPLOAD_BYTES};
use crate::gate::{self, Lines};
use crate::openapi::Doc;

/// Who may come in. Finer questions (which place, whose case) are the use case's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Anybody, uncounted: liveness and static files.
    Open,
    /// Anybody, within the flood limit.
    Public,
    /// Anybody with an account.
    SignedIn,
    /// Whoever may do this act to this noun somewhere (`falin_domain::access`).
    Needs(Act, Noun),
}

/// One line of the table.
#[derive(Clone)]
pub struct Route {
    /// GET (which answers HEAD too), POST, PUT or DELETE.
    pub method: Method,
    /// Path pattern, such as `/api/v1/households/{id}`.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// Its part of the API's document; None for pages.
    pub doc: Option<&'static Doc>,
    /// Whether a session counts for nothing here: a form of a cached public page, which carries no form token. Where
    /// it comes from is checked all the same.
    pub stranger: bool,
    handler: Arc<dyn Fn() -> actix_web::Route + Send + Sync>,
}

impl Route {
    /// A line of the table; API lines add [`Route::doc`].
    pub fn new<F, Args>(method: Method, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let handler = Arc::new(move || web::route().to(handler.clone()));
        Self { method, path, access, body_bytes: FORM_BYTES, doc: None, stranger: false, handler }
    }

    /// Documents the route.
    pub fn doc(mut self, doc: &'static Doc) -> Self {
        self.doc = Some(doc);
        self
    }

    /// Lets files through.
    pub fn upload(mut self) -> Self {
        self.body_bytes = UPLOAD_BYTES;
        self
    }

    /// Whether files are let through.
    pub fn takes_files(&self) -> bool {
        self.body_bytes > FORM_BYTES
    }

    /// A form that everybody sends as a stranger, signed in or not.
    pub fn stranger(mut self) -> Self {
        self.stranger = true;
        self
    }

    /// True where the line serves programs, so that refusals are problems and nobody is sent to sign in.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

/// Checks the table once at start: a path under `/api/v1/` without a document, a line given twice, or a changing
/// line that anybody may send without being counted fails the start.
///
/// # Errors
/// What is wrong, naming the line.
pub fn check(routes: &[Route]) -> Result<(), String> {
    for (i, route) in routes.iter().enumerate() {
        let line = format!("{} {}", route.method, route.path);
        if routes[..i].iter().any(|other| other.path == route.path && other.method == route.method) {
            return Err(format!("{line} is there twice"));
        }
        if route.path.starts_with("/api/v1/") && route.doc.is_none() {
            return Err(format!("{line} has no document"));
        }
        if route.access == Access::Open && route.method != Method::GET {
            return Err(format!("{line} changes something and is not counted"));
        }
    }
    Ok(())
}

/// Where most addresses begin. The server looks through the lines of one hall, and there of one room, instead of
/// through all of them: with some 480 addresses that costs more than a cached page.
const HALLS: [&str; 3] = ["/api/v1", "/desk", "/{view:(?:zh|en)[-a-z0-9]*}/{county:[0-9]+}"];

/// Puts the table behind the gate: one resource a path, 405 with Allow for other methods.
pub fn register(routes: &[Route], config: &mut web::ServiceConfig) {
    let mut seen = HashSet::new();
    let all = routes.iter().map(|line| line.path);
    let mut paths: Vec<&'static str> = all.filter(|path| seen.insert(*path)).collect();
    for hall in HALLS {
        let inside = |path: &&'static str| below(hall, path).is_some();
        let (here, elsewhere): (Vec<_>, Vec<_>) = paths.into_iter().partition(inside);
        paths = elsewhere;
        let mut rooms: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        here.into_iter().for_each(|path| rooms.entry(room(hall, path)).or_default().push(path));
        // Lines without a room of their own come last: they would take what belongs to the others.
        let scope = rooms.into_iter().rev().fold(web::scope(hall), |scope, (room, all)| {
            let rest = |path: &'static str| path.get(hall.len() + room.len()..).unwrap_or_default();
            let lines = all.into_iter().map(|path| resource(routes, path, rest(path)));
            match room {
                "" => lines.fold(scope, Scope::service),
                _ => scope.service(lines.fold(web::scope(room), Scope::service)),
            }
        });
        config.service(scope);
    }
    for path in paths {
        config.service(resource(routes, path, path));
    }
    config.default_service(web::to(gate::nothing_here));
}

/// What comes after `prefix`, where the path is that or lies below it.
fn below(prefix: &str, path: &'static str) -> Option<&'static str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The first segment below the hall, such as `/households`; empty where it differs from request to request, and for
/// the hall's own address.
fn room(hall: &str, path: &'static str) -> &'static str {
    let rest = below(hall, path).unwrap_or_default();
    let end = rest.get(1..).and_then(|inner| inner.find('/')).map_or(rest.len(), |at| at + 1);
    rest.get(..end).filter(|first| !first.contains('{')).unwrap_or_default()
}

/// The lines of one path as one resource; `pattern` is what is left of the path where it is put.
fn resource(routes: &[Route], path: &str, pattern: &str) -> impl HttpServiceFactory + 'static {
    let lines = routes.iter().enumerate().filter(|(_, line)| line.path == path);
    let lines: Lines = lines.map(|(i, line)| (i, line.clone())).collect();
    let mut resource = web::resource(pattern);
    for (_, line) in lines.iter() {
        let actix = (line.handler)();
        resource = resource.route(match line.method {
            Method::GET => actix.guard(guard::Any(guard::Get()).or(guard::Head())),
            _ => actix.method(line.method.clone()),
        });
    }
    resource.wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| {
        gate::pass(Arc::clone(&lines), req, next)
    }))
}
