//! `/api/v1/statistics/villages`: the villages' scorecard.

use actix_web::web::Data;
use falin_app::statistics::scorecard::{self, Card};
use falin_domain::statistics::scorecard::MARKS;
use serde_json::{Map, Value, json};

use super::statistics::asked;
use super::{PLACE, listed, place};
use crate::figures_json::written;
use crate::openapi::{Doc, PAGE};
use crate::pages::scorecard::only_sites;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const COUNT: Shape = Shape::Maybe(&Shape::Whole(0, i64::MAX));
const NUMBERS: Shape = Shape::Object(
    "VillageNumbers",
    &[
        must("raised", COUNT),
        must("settled", COUNT),
        must("failed", COUNT),
        must("consultations", COUNT),
        must("lectures", COUNT),
        must("audience", COUNT),
        must("visits", COUNT),
        must("on_site", COUNT),
        must("households", COUNT),
        must("paired", COUNT),
        must("advised", COUNT),
    ],
);
const NAME: Shape =
    Shape::Object("VillageFigureName", &[must("zh", Shape::Text(1000)), must("en", Shape::Text(1000))]);
const OWN: Shape = Shape::Object(
    "VillageWorkflowFigure",
    &[
        must("code", Shape::Text(100)),
        must("name", NAME),
        must("unit", NAME),
        must("value", Shape::Maybe(&Shape::Number)),
    ],
);
const LINE: Shape = Shape::Object(
    "VillageLine",
    &[
        must("code", Shape::OneOf(&["settled_share", "unsettled", "lectures", "visits", "paired_share"])),
        must("at", Shape::Whole(0, 10_000)),
        must("reached", Shape::Maybe(&Shape::Bool)),
    ],
);
const CARD: Shape = Shape::Object(
    "VillageCard",
    &[
        must("village", PLACE),
        must("township", Shape::Maybe(&PLACE)),
        must("site_since", Shape::Maybe(&Shape::Date)),
        must("numbers", NUMBERS),
        must("workflows", Shape::List(&OWN, 500)),
        must("lines", Shape::List(&LINE, 5)),
        must("kept_back", Shape::Bool),
    ],
);
const CARDS: Shape = crate::listed!("VillageCards", CARD);
const QUERY: &[Member] = &[
    may("place", Shape::Text(36)),
    may("sites", Shape::OneOf(&["yes"])),
    may("from", Shape::Date),
    may("to", Shape::Date),
    PAGE[0],
    PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "statistics",
    "Villages in the order of their codes with what is counted of each: places, never persons, and no rank. null is kept \
     back because it is small. `lines` are those that the county has drawn; without any it is empty. `sites=yes` gives those alone that the county has \
     declared 无讼村 sites.",
    &CARDS,
)
.query(QUERY)
.refusals(&["division.unknown"]);

fn shown(card: Card) -> Value {
    let numbers: Map<String, Value> =
        MARKS.iter().zip(&card.values).map(|(mark, value)| (mark.code.to_owned(), json!(value))).collect();
    let own = card.own.iter().map(|mark| {
        let one = &mark.line.statistic;
        json!({"code": mark.code, "name": one.name, "unit": one.unit, "value": written(mark.line.written, mark.value)})
    });
    let lines =
        card.lines.iter().map(|(line, at, held)| json!({"code": line.code(), "at": at, "reached": held}));
    json!({
        "village": place(&card.village), "township": card.township.as_ref().map(place), "site_since": card.site,
        "numbers": numbers,
        "workflows": own.collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>(), "kept_back": card.kept_back,
    })
}

/// `GET /api/v1/statistics/villages`.
///
/// # Errors
/// As documented.
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let cards =
        scorecard::list(&site.app, &me.visitor, asked(&query)?, (only_sites(&query), query.window()?))
            .await?;
    listed(cards.page, shown)
}
