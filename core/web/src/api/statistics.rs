//! `/api/v1/statistics`: figures of a place and of the places right below it, with unit and denominator.

use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::statistics::{self, Asked};

use crate::figures_json;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const PART: Shape = Shape::Object(
    "FigurePlace",
    &[must("id", Shape::Uuid), must("code", Shape::Maybe(&Shape::Text(12))), must("name", Shape::Text(200))],
);
const NAME: Shape =
    Shape::Object("FigureName", &[must("zh", Shape::Text(100)), must("en", Shape::Text(100))]);
const RATE: Shape =
    Shape::Object("FigureRate", &[must("part", Shape::Text(60)), must("whole", Shape::Text(60))]);
const VALUE: Shape = Shape::Maybe(&Shape::Number);
const FIGURE: Shape = Shape::Object(
    "Figure",
    &[
        must("code", Shape::Text(60)),
        must("name", NAME),
        must("unit", Shape::Text(20)),
        must("rate_of", Shape::Maybe(&RATE)),
        must("value", VALUE),
        must("parts", Shape::List(&VALUE, 10_000)),
        must("elsewhere", VALUE),
    ],
);
const OWN_NAME: Shape =
    Shape::Object("FigureWords", &[must("zh", Shape::Text(1000)), must("en", Shape::Text(1000))]);
const LAST_YEAR: Shape = Shape::Object(
    "FigureLastYear",
    &[
        must("value", VALUE),
        must("parts", Shape::List(&VALUE, 10_000)),
        must("change", VALUE),
        must("changes", Shape::List(&VALUE, 10_000)),
    ],
);
const SPLIT_ROW: Shape = Shape::Object(
    "FigureSplitRow",
    &[
        must("code", Shape::Text(1000)),
        must("name", OWN_NAME),
        must("value", VALUE),
        must("parts", Shape::List(&VALUE, 10_000)),
        must("elsewhere", VALUE),
        must("last_year", Shape::Maybe(&LAST_YEAR)),
    ],
);
const SPLIT: Shape = Shape::Object(
    "FigureSplit",
    &[must("field", Shape::Text(60)), must("name", OWN_NAME), must("rows", Shape::List(&SPLIT_ROW, 100))],
);
const OWN_FIGURE: Shape = Shape::Object(
    "WorkflowFigure",
    &[
        must("code", Shape::Text(60)),
        must("name", OWN_NAME),
        must("unit", OWN_NAME),
        must("flow", Shape::Text(100)),
        must("share_of", Shape::Maybe(&Shape::Text(60))),
        must("per", Shape::Maybe(&Shape::Whole(1, i64::MAX))),
        must("value", VALUE),
        must("parts", Shape::List(&VALUE, 10_000)),
        must("elsewhere", VALUE),
        must("last_year", Shape::Maybe(&LAST_YEAR)),
        must("splits", Shape::List(&SPLIT, 100)),
    ],
);
const OWN: Shape = Shape::Object(
    "WorkflowFigures",
    &[
        must("plugin", Shape::Text(60)),
        must("name", OWN_NAME),
        must("figures", Shape::List(&OWN_FIGURE, 500)),
    ],
);
const TABLE: Shape = Shape::Object(
    "Figures",
    &[
        must("place", Shape::Maybe(&PART)),
        must("from", Shape::Date),
        must("to", Shape::Date),
        must("parts", Shape::List(&PART, 10_000)),
        must("figures", Shape::List(&FIGURE, 500)),
        must("workflows", Shape::List(&OWN, 100)),
    ],
);
const FILTERS: &[Member] = &[may("place", Shape::Text(36)), may("from", Shape::Date), may("to", Shape::Date)];

/// Document of the table.
pub const TABLES: Doc = Doc::read(
    "statistics",
    "Figures of a place and of the places right below it. Rates name the two figures that they divide; null is kept \
     back because it is small, or there is nothing to divide by. Money is in fen. Figures of the county's own workflows \
     stand under `workflows`; a share is for so many as `per` says. `last_year` \
     holds the same period of the last year where a workflow compares with it, and by how many per cent the values \
     differ: up to today's day of that year, and of no period that is longer than a year.",
    &TABLE,
)
.query(FILTERS)
.refusals(&["division.unknown"]);

/// What a query asks for; pages read the same names.
///
/// # Errors
/// `form.invalid` at a date that is none.
pub(crate) fn asked(query: &Query) -> Result<Asked, falin_domain::refusal::Refusal> {
    Ok(Asked {
        place: query.filled("place").map(str::to_owned),
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
    })
}

/// `GET /api/v1/statistics`.
///
/// # Errors
/// As documented.
pub async fn show(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let table = statistics::table(&site.app, &me.visitor, asked(&query)?).await?;
    Ok(HttpResponse::Ok().json(figures_json::table(&table)))
}
