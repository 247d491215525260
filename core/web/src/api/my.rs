//! `/api/v1/me/data`: everything that is kept about the caller as a resident, to take along.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use falin_app::consultation::{self, Reading};
use falin_app::household::{self, Home};
use serde_json::{Value, json};

use super::households::{VILLAGE, village_json};
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::shape::{Shape, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAME: Shape = Shape::Text(200);
const NOTE: Shape = Shape::Text(1_000);
const MEMBER: Shape = Shape::Object(
    "MyMember",
    &[
        must("name", NAME),
        must("relation", Shape::Text(20)),
        must("from_date", Shape::Date),
        must("to_date", Shape::Maybe(&Shape::Date)),
    ],
);
const CATEGORY: Shape = Shape::Object(
    "MyCategory",
    &[
        must("category", Shape::Text(40)),
        must("from_date", Shape::Date),
        must("to_date", Shape::Maybe(&Shape::Date)),
    ],
);
const READER: Shape = Shape::Object(
    "MyReader",
    &[must("name", NAME), must("at", Shape::Time), must("reason", Shape::Maybe(&Shape::Text(20)))],
);
const HOME: Shape = Shape::Object(
    "MyHousehold",
    &[
        must("head", NAME),
        must("village", Shape::Maybe(&VILLAGE)),
        must("id_number", Shape::Maybe(&Shape::Text(60))),
        must("phones", Shape::List(&Shape::Text(32), 20)),
        must("address", Shape::Maybe(&NOTE)),
        must("note", Shape::Maybe(&NOTE)),
        must("members", Shape::List(&MEMBER, 200)),
        must("categories", Shape::List(&CATEGORY, 200)),
        must("readings", Shape::List(&READER, 400)),
    ],
);
const CASE: Shape = Shape::Object(
    "MyCase",
    &[must("id", Shape::Uuid), must("flow", NAME), must("number", NAME), must("state", NAME)],
);
const READING: Shape =
    Shape::Object("MyReading", &[must("number", NAME), must("name", NAME), must("at", Shape::Time)]);
const DATA: Shape = Shape::Object(
    "MyData",
    &[
        must("household", Shape::Maybe(&HOME)),
        must("cases", Shape::List(&CASE, 100)),
        must("readings", Shape::List(&READING, 200)),
    ],
);

/// Document of one's own data.
pub const DATA_DOC: Doc = Doc::read(
    "account",
    "What is kept about the caller as a resident, numbers in clear: the household to which the account is tied, the own \
     cases, and who has read either and when. Of ID numbers only the caller's own. That it was taken is journalled.",
    &DATA,
);

fn home(it: &Home) -> Value {
    let member = |one: &household::Member| {
        json!({
            "name": one.name, "relation": one.relation.code(), "from_date": one.from_date, "to_date": one.to_date,
        })
    };
    let category = |one: &household::DatedCategory| json!({ "category": one.category.code(), "from_date": one.from_date, "to_date": one.to_date });
    let reader = |one: &household::Reader| json!({ "name": one.name, "at": one.at, "reason": one.reason.map(|reason| reason.code()) });
    json!({
        "head": it.clear.head_name, "village": village_json(&it.place), "id_number": it.clear.id_number,
        "phones": it.clear.phones, "address": it.clear.address, "note": it.clear.note,
        "members": it.members.iter().map(member).collect::<Vec<_>>(),
        "categories": it.categories.iter().map(category).collect::<Vec<_>>(),
        "readings": it.readings.iter().map(reader).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/me/data`.
///
/// # Errors
/// The store's own.
pub async fn data(site: Data<Site>, me: Signed) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    let own = consultation::my_data(app, visitor).await?;
    let household = household::copy(app, visitor).await?;
    let cases = own.cases.iter().map(|line| {
        let it = &line.case;
        json!({ "id": it.id, "flow": it.flow, "number": it.number, "state": it.state })
    });
    let reading = |one: &Reading| json!({ "number": one.number, "name": one.who, "at": one.at });
    let all = json!({
        "household": household.as_ref().map(home), "cases": cases.collect::<Vec<_>>(),
        "readings": own.readings.iter().map(reading).collect::<Vec<_>>(),
    });
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(all))
}
