//! Alive, ready, and counted: `/healthz`, `/readyz`, `/metrics`.

use std::sync::RwLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use falin_app::county;
use serde_json::json;

use crate::metrics;
use crate::problem::Answer;
use crate::site::Site;

/// What still has to happen before the server is ready.
pub struct Health(RwLock<Option<&'static str>>);

impl Default for Health {
    fn default() -> Self {
        Self(RwLock::new(Some("starting")))
    }
}

impl Health {
    /// Says what is being waited for (`loading`); None once there is nothing left.
    pub fn wait_for(&self, what: Option<&'static str>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = what;
    }

    fn waiting(&self) -> Option<&'static str> {
        *self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The loading is done, and the database answers with the schema that we know.
async fn missing(site: &Site) -> Option<&'static str> {
    match site.health.waiting() {
        Some(what) => Some(what),
        None => county::all(&site.app).await.is_err().then_some("database"),
    }
}

/// `GET /healthz`: this process answers.
pub async fn healthz() -> Answer {
    Ok(HttpResponse::Ok().json(json!({"status": "alive"})))
}

/// `GET /readyz`: 200 once database, migrations and loading are done, else 503 with what is waited for.
pub async fn readyz(site: web::Data<Site>) -> Answer {
    Ok(match missing(&site).await {
        None => HttpResponse::Ok().json(json!({"status": "ready"})),
        Some(what) => HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "1"))
            .json(json!({"status": "waiting", "for": what})),
    })
}

/// `GET /metrics`: counters of requests and of what county workflows run, as Prometheus text. A database that does not
/// answer costs no more than the counties' codes.
pub async fn metrics(site: web::Data<Site>) -> Answer {
    let counties = county::all(&site.app).await.unwrap_or_default();
    let place = |id| counties.iter().find(|county| county.id == id).map_or("", |county| county.code.as_str());
    let (work, swaps) = site.app.plugins.all_work();
    let libraries: Vec<metrics::Library<'_>> = work
        .iter()
        .map(|(key, work)| metrics::Library {
            county: place(key.county),
            plugin: &key.plugin,
            generation: &key.version,
            work,
        })
        .collect();
    let text = site.metrics.render(site.app.db.sent(), &libraries, &swaps);
    Ok(HttpResponse::Ok().content_type(metrics::CONTENT_TYPE).body(text))
}
