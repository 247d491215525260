//! `GET /api/v1/advisers`: who advises a village today, for anybody; never a household.

use actix_web::web::Data;
use falin_app::public;
use falin_app::worker::{Filter, Shown};
use serde_json::{Value, json};

use super::form::words;
use super::{counties, listed, workers};
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const VILLAGE: Shape = Shape::Object(
    "AdvisedVillage",
    &[
        must("id", Shape::Uuid),
        must("code", Shape::Maybe(&Shape::Text(12))),
        must("name", Shape::Text(200)),
        must("hours", Shape::Text(400)),
    ],
);
const ADVISER: Shape = Shape::Object(
    "Adviser",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(workers::kinds)),
        must("name", Shape::Text(100)),
        must("firm", Shape::Maybe(&Shape::Text(200))),
        must("phone", Shape::Text(200)),
        must("specialties", Shape::List(&Shape::Text(100), 100)),
        must("languages", Shape::List(&Shape::Text(100), 100)),
        must("away", Shape::Bool),
        must("away_until", Shape::Maybe(&Shape::Date)),
        must("villages", Shape::List(&VILLAGE, 1000)),
    ],
);
const ADVISERS: Shape = crate::listed!("Advisers", ADVISER);
const FILTERS: &[Member] = &[
    may("village", Shape::Text(36)),
    may("q", Shape::Text(100)),
    may("specialty", Shape::Text(100)),
    may("language", Shape::Text(100)),
    may("county", Shape::Text(12)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "adviser",
    "Present advisers in pinyin order; `village` takes an id or a code, `q` a name or pinyin of adviser or place.",
    &ADVISERS,
)
.query(FILTERS)
.refusals(&["division.unknown", "county.unknown", "search.digits"]);

fn show(shown: &Shown) -> Value {
    let it = &shown.worker;
    let village = |(post, village): &(falin_app::adviser::AdviserPost, falin_app::division::Division)| json!({ "id": village.id, "code": village.code, "name": village.name, "hours": post.hours });
    json!({
        "id": it.id, "kind": it.kind.code(), "name": it.name,
        "firm": shown.firm.as_ref().map(|firm| &firm.name), "phone": it.phone,
        "specialties": words(&it.specialties), "languages": words(&it.languages),
        "away": shown.away.is_some(), "away_until": shown.away.as_ref().and_then(workers::away_until),
        "villages": shown.villages.iter().map(village).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/advisers`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, signed: Option<Signed>, query: Query) -> Answer {
    let text = |name: &str| query.filled(name).map(str::to_owned);
    let filter = Filter {
        place: text("village"),
        specialty: text("specialty"),
        language: text("language"),
        q: text("q").unwrap_or_default(),
        advising: true,
        ..Filter::default()
    };
    let within = counties(&site, signed.as_ref(), &query).await?;
    listed(public::workers(&site.app, within, filter, query.window()?).await?, |row| show(&row))
}
