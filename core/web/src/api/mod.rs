//! The API for programs, one file a noun: shapes, documents and handlers over the same use cases as the pages.

pub mod accounts;
pub mod advisers;
pub mod bookings;
pub mod cases;
pub mod channels;
pub mod closures;
pub mod committees;
pub mod consents;
pub mod contact_cards;
pub mod contact_groups;
pub mod cutover;
pub mod deadline_rules;
pub mod deadlines;
pub mod deputies;
pub mod divisions;
pub mod duty_rules;
pub mod duty_shifts;
pub mod facilities;
pub mod feeds;
pub mod firms;
mod form;
pub mod grids;
pub mod handovers;
pub mod households;
pub mod journal;
pub mod leaves;
pub mod my;
pub mod notary;
pub mod notices;
pub mod pairing_plans;
pub mod pairings;
pub mod paper_templates;
pub mod papers;
pub mod plugin_desk;
pub mod plugins;
pub mod posts;
pub mod reach;
pub mod reports;
pub mod restrictions;
pub mod rooms;
pub mod rosters;
pub mod scorecard;
pub mod service_logs;
pub mod services;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod today;
pub mod tokens;
pub mod visits;
pub mod waits;
pub mod workers;
pub mod workflow_pages;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::Stop;
use falin_app::division::Division;
use falin_domain::directory::DivisionLevel;
use falin_domain::page::Page;
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::body::Body;
use crate::cursor::Listed;
use crate::etag;
use crate::problem::{Answer, Refused};
use crate::query::Query;
use crate::shape::{Shape, must};
use crate::site::Site;
use crate::visitor::Signed;

/// A place as other things name it.
pub const PLACE: Shape = Shape::Object(
    "Place",
    &[
        must("id", Shape::Uuid),
        must("code", Shape::Maybe(&Shape::Text(12))),
        must("name", Shape::Text(200)),
        must("level", Shape::Code(levels)),
    ],
);

fn levels() -> Vec<&'static str> {
    DivisionLevel::ALL.iter().map(|level| level.code()).collect()
}

fn place(division: &Division) -> Value {
    json!({
        "id": division.id, "code": division.code, "name": division.name, "level": division.level.code(),
    })
}

/// A list's page.
fn listed<T>(page: Page<T>, show: impl FnMut(T) -> Value) -> Answer {
    Ok(HttpResponse::Ok().json(Listed::from(page.map(show))))
}

/// One thing with its version as ETag; 304 where the caller of a GET has this version.
fn one(req: &HttpRequest, status: u16, version: i64, value: &impl Serialize) -> Answer {
    let tag = etag::of_version(version);
    let reading = req.method() == actix_web::http::Method::GET;
    let fresh = reading && etag::none_match(req, &tag);
    let code = actix_web::http::StatusCode::from_u16(if fresh { 304 } else { status });
    let mut answer = HttpResponse::build(code.unwrap_or_default());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert_header((header::ETAG, tag));
    }
    // A version counts one thing's own changes; names beside it may change without it.
    answer.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if fresh { Ok(answer.finish()) } else { Ok(answer.json(value)) }
}

/// An act as it came: its name, the version it saw, and its other members.
struct Given {
    action: String,
    version: i64,
    members: Map<String, Value>,
}

impl Given {
    /// From a body of this shape, whose `action` and `version` the shape demands.
    fn read(req: &HttpRequest, body: &Body, shape: &Shape) -> Result<Self, Refused> {
        let members: Map<String, Value> = body.json(shape)?;
        let action = members.get("action").and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = members.get("version").and_then(Value::as_f64).unwrap_or_default() as i64;
        etag::must_match(req, &etag::of_version(version))?;
        Ok(Self { action, version, members })
    }

    /// A date among the members; a fault at its field where it is missing.
    fn date(&self, name: &str) -> Result<falin_domain::time::Date, Refusal> {
        let text = self.members.get(name).and_then(Value::as_str);
        let text = text.ok_or_else(|| Refusal::field(name, "required"))?;
        text.parse().map_err(|_| Refusal::field(name, "date.invalid"))
    }
}

/// The counties in which a caller of the public API looks: its own where it is signed in, else the one that
/// `county` names, else all that are served here.
///
/// # Errors
/// `county.unknown`.
async fn counties(
    site: &Data<Site>,
    signed: Option<&Signed>,
    query: &Query,
) -> Result<Vec<CountyId>, Refused> {
    if let Some(signed) = signed {
        return Ok(vec![signed.visitor.county]);
    }
    let all = falin_app::county::all(&site.app).await?;
    let found: Vec<CountyId> = match query.filled("county") {
        None => all.iter().map(|county| county.id).collect(),
        Some(code) => all.iter().filter(|county| county.code == code).map(|county| county.id).collect(),
    };
    if found.is_empty() && query.filled("county").is_some() {
        return Err(Refusal::new("county.unknown").into());
    }
    Ok(found)
}

/// A member of a closed list among the filters; the route's document has refused any other.
fn code<T>(query: &Query, name: &str, from: fn(&str) -> Option<T>) -> Option<T> {
    query.filled(name).and_then(from)
}

/// A truth value among the filters.
fn truth(query: &Query, name: &str) -> Option<bool> {
    query.filled(name).map(|text| text == "true")
}

/// What a use case says to a handler without members of its own.
fn plain(stop: Stop) -> Refused {
    stop.into()
}
