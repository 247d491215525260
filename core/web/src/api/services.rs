//! `GET /api/v1/services`: the catalogue of services, for anybody.

use actix_web::HttpResponse;
use falin_domain::catalogue::{self, Need, Service, Way};
use serde_json::{Value, json};

use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Member, Shape, may, must};

const WORDS: Shape = Shape::Object("Words", &[must("zh", Shape::Text(2000)), must("en", Shape::Text(2000))]);
const SERVICE: Shape = Shape::Object(
    "Service",
    &[
        must("code", Shape::Text(40)),
        must("need", Shape::Code(needs)),
        must("way", Shape::Code(ways)),
        must("flow", Shape::Maybe(&Shape::Text(40))),
        must("name", WORDS),
        must("about", WORDS),
        must("who", WORDS),
        must("bring", Shape::List(&WORDS, 20)),
        must("fee", WORDS),
        must("time", WORDS),
        must("law", Shape::Maybe(&WORDS)),
    ],
);
const SERVICES: Shape = crate::listed!("Services", SERVICE);
const FILTERS: &[Member] = &[may("q", Shape::Text(100))];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "service",
    "What residents can ask for, in the order of the page; `q` takes a name or the words that people use.",
    &SERVICES,
)
.query(FILTERS);

fn needs() -> Vec<&'static str> {
    Need::ALL.iter().map(|need| need.code()).collect()
}

fn ways() -> Vec<&'static str> {
    Way::ALL.iter().map(|way| way.code()).collect()
}

fn show(one: &Service) -> Value {
    let flow = Some(&one.flow).filter(|flow| !flow.is_empty());
    json!({
        "code": one.code, "need": one.need.code(), "way": one.way.code(), "flow": flow, "name": one.name,
        "about": one.about, "who": one.who, "bring": one.bring, "fee": one.fee, "time": one.time, "law": one.law,
    })
}

/// `GET /api/v1/services`.
///
/// # Errors
/// None.
pub async fn list(query: Query) -> Answer {
    let found = catalogue::found(query.filled("q").unwrap_or_default());
    let items: Vec<Value> = found.into_iter().map(show).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": null })))
}
