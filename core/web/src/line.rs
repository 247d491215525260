//! One line of the table of URLs, what makes the table sound, and how it comes behind the gate.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, Handler, Responder, guard, web};
use falin_domain::access::{Act, Noun};

use crate::body::{FORM_BYTES, UPLOAD_BYTES};
use crate::gate;
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

/// Puts the table behind the gate: one resource a path, 405 with Allow for other methods.
pub fn register(routes: &[Route], config: &mut web::ServiceConfig) {
    for (i, route) in routes.iter().enumerate() {
        if routes[..i].iter().any(|other| other.path == route.path) {
            continue;
        }
        let lines = routes.iter().enumerate().filter(|(_, line)| line.path == route.path);
        let lines: Arc<[(usize, Route)]> = lines.map(|(i, line)| (i, line.clone())).collect();
        let mut resource = web::resource(route.path);
        for (_, line) in lines.iter() {
            let actix = (line.handler)();
            resource = resource.route(match line.method {
                Method::GET => actix.guard(guard::Any(guard::Get()).or(guard::Head())),
                _ => actix.method(line.method.clone()),
            });
        }
        let gate = from_fn(move |req: ServiceRequest, next: Next<BoxBody>| {
            gate::pass(Arc::clone(&lines), req, next)
        });
        config.service(resource.wrap(gate));
    }
    config.default_service(web::to(gate::nothing_here));
}
