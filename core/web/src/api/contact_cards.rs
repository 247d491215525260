//! `/api/v1/contact-cards` and a household's `card`: which wait to be printed, what they say, and noting them printed.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use falin_app::card::{self, Held, Order, Printed, Sheets};
use falin_app::{Stop, household};
use falin_domain::access::{Act, Noun};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CardId, HouseholdId, HouseholdNoun};
use serde::Deserialize;
use serde_json::{Value, json};

use super::households::{PROVIDER, VILLAGE, provider_json, village_json};
use super::listed;
use crate::body::Body;
use crate::cursor;
use crate::openapi::{Doc, PAGE};
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const MOST: usize = card::MOST as usize;
const WAITING: Shape = Shape::Object(
    "CardWaiting",
    &[
        must("household_id", Shape::Uuid),
        must("head", Shape::Text(200)),
        must("village", Shape::Maybe(&VILLAGE)),
        must("provider", Shape::Maybe(&PROVIDER)),
    ],
);
const SHEET: Shape = Shape::Object(
    "CardSheet",
    &[
        must("household_id", Shape::Uuid),
        must("head", Shape::Text(200)),
        must("village", Shape::Text(200)),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("firm", Shape::Maybe(&Shape::Text(200))),
        must("path", Shape::Text(100)),
    ],
);
const ORDERED: Shape = Shape::Object(
    "CardSheets",
    &[
        must("items", Shape::List(&SHEET, MOST)),
        must("missing", Shape::Whole(0, MOST as i64)),
        must("next_cursor", Shape::Maybe(&Shape::Text(cursor::LONGEST))),
    ],
);
const PRINT: Shape = Shape::Object(
    "CardsAct",
    &[
        must("action", Shape::OneOf(&["printed"])),
        may("village", Shape::Maybe(&Shape::Text(36))),
        may("all", Shape::Bool),
        may("cursor", Shape::Text(cursor::LONGEST)),
    ],
);
const CARD: Shape = Shape::Object(
    "ContactCard",
    &[
        must("id", Shape::Uuid),
        must("path", Shape::Text(100)),
        must("village", Shape::Text(200)),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("firm", Shape::Maybe(&Shape::Text(200))),
        must("created_at", Shape::Time),
        must("printed_at", Shape::Maybe(&Shape::Time)),
    ],
);
const OF_HOUSEHOLD: Shape =
    Shape::Object("HouseholdCard", &[must("household_id", Shape::Uuid), must("card", Shape::Maybe(&CARD))]);
const CARD_ACT: Shape = Shape::Object(
    "HouseholdCardAct",
    &[must("action", Shape::OneOf(&["printed", "renew", "revoke"])), may("card", Shape::Maybe(&Shape::Uuid))],
);

/// Document of those that wait.
pub const LIST: Doc = Doc::read(
    "card",
    "Households whose printed card names somebody else than they have now, village by village; `village` takes an id \
     or a code.",
    &crate::listed!("CardsWaiting", WAITING),
)
.query(&[may("village", Shape::Text(36)), PAGE[0], PAGE[1]])
.refusals(&["division.unknown"]);
/// Document of the sheets.
pub const SHEETS: Doc = Doc::read(
    "card",
    "What the cards say that wait to be printed, or with `all` every card of a village, 400 at a time unless `limit` says \
     fewer; `path` is what the QR code opens, `missing` counts households that have no card yet.",
    &ORDERED,
)
.query(&[may("village", Shape::Text(36)), may("all", Shape::Bool), PAGE[0], PAGE[1]])
.refusals(&["division.unknown"]);
/// Document of printing.
pub const ACTS: Doc = Doc::act(
    "card",
    "Makes the cards that are missing in such an order and notes all of it as printed (`printed`), 400 at a time from \
     `cursor` on. Doing it twice notes it twice and changes nothing else.",
    &PRINT,
    &ORDERED,
)
.refusals(&["division.unknown", "page.cursor"]);
/// Document of a household's card.
pub const CARD_ONE: Doc =
    Doc::read("card", "The card of a household; null while it has none.", &OF_HOUSEHOLD);
/// Document of a card's acts.
pub const CARD_ACTS: Doc = Doc::act(
    "card",
    "Notes a household's card as printed, and makes it where there is none (`printed`); puts a new one in place of \
     `card`, null for the first (`renew`); or revokes `card`. It says which card it means instead of a version: a \
     card never changes.",
    &CARD_ACT,
    &OF_HOUSEHOLD,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn path(it: &Printed) -> String {
    format!("/c/{}", it.secret)
}

fn firm(it: &Printed) -> Option<&str> {
    it.provider.as_ref().map(|provider| provider.firm.as_str()).filter(|firm| !firm.is_empty())
}

fn sheet(it: &Printed) -> Value {
    json!({
        "household_id": it.household, "head": it.head_name, "village": it.village,
        "provider": provider_json(&it.provider), "firm": firm(it), "path": path(it),
    })
}

/// A card's secret opens it to whoever holds it: no cache keeps it.
fn unkept(value: &Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(value)
}

fn ordered(sheets: &Sheets) -> HttpResponse {
    unkept(&json!({
        "items": sheets.cards.iter().map(sheet).collect::<Vec<_>>(), "missing": sheets.missing,
        "next_cursor": sheets.next.as_ref().map(cursor::encode),
    }))
}

/// `GET /api/v1/contact-cards`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let village = match query.filled("village") {
        Some(text) => Some(card::village(&site.app, &me.visitor, text).await?),
        None => None,
    };
    listed(card::to_reprint(&site.app, &me.visitor, village, query.window()?).await?, |it| {
        json!({
            "household_id": it.household, "head": it.head_name, "village": village_json(&it.place),
            "provider": provider_json(&it.provider),
        })
    })
}

async fn order(
    site: &Site,
    me: &Signed,
    (village, all): (Option<&str>, bool),
    window: Window,
) -> Result<Order, Refused> {
    let village = match village {
        Some(text) => Some(card::village(&site.app, &me.visitor, text).await?),
        None => None,
    };
    match (village, all) {
        (Some(village), true) => Ok(Order::Village(village, window)),
        (None, true) => Err(Refusal::field("village", "required").into()),
        (village, false) => Ok(Order::Reprint(village, window)),
    }
}

/// `GET /api/v1/contact-cards/sheets`.
///
/// # Errors
/// See [`SHEETS`].
pub async fn sheets(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let mut window = query.window()?;
    if query.filled("limit").is_none() {
        window.limit = card::MOST;
    }
    let asked = (query.filled("village"), super::truth(&query, "all") == Some(true));
    let order = order(&site, &me, asked, window).await?;
    Ok(ordered(&card::sheets(&site.app, &me.visitor, order).await?))
}

#[derive(Deserialize)]
struct Print {
    village: Option<String>,
    #[serde(default)]
    all: bool,
    cursor: Option<String>,
}

/// `POST /api/v1/contact-cards/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Print = body.json(&PRINT)?;
    let window = Window { limit: card::MOST, ..cursor::window(None, given.cursor.as_deref())? };
    let order = order(&site, &me, (given.village.as_deref(), given.all), window).await?;
    Ok(ordered(&card::print(&site.app, &me.visitor, order).await?))
}

fn of_household(id: HouseholdId, held: Option<&Held>) -> Value {
    let card = held.map(|it| {
        json!({
            "id": it.id, "path": path(&it.words), "village": it.words.village,
            "provider": provider_json(&it.words.provider), "firm": firm(&it.words),
            "created_at": Instant::from_millis(it.created_ms),
            "printed_at": it.printed_ms.map(Instant::from_millis),
        })
    });
    json!({ "household_id": id, "card": card })
}

/// `GET /api/v1/households/{id}/card`.
///
/// # Errors
/// `not_found`.
pub async fn one_card(site: Data<Site>, me: Signed, id: PathId<HouseholdNoun>) -> Answer {
    let held = card::held(&site.app, &me.visitor, id.0).await?;
    Ok(unkept(&of_household(id.0, held.as_ref())))
}

#[derive(Deserialize)]
struct CardAct {
    action: String,
    // Absent is not null: null says that there was none.
    #[serde(default, with = "double")]
    card: Option<Option<CardId>>,
}

/// Tells a member that is absent from one that is null.
mod double {
    use falin_domain::words::CardId;
    use serde::{Deserialize, Deserializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<CardId>>, D::Error> {
        Option::deserialize(from).map(Some)
    }
}

/// `POST /api/v1/households/{id}/card/actions`.
///
/// # Errors
/// See [`CARD_ACTS`].
pub async fn card_act(site: Data<Site>, me: Signed, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    household::seen(app, visitor, id.0).await?;
    let given: CardAct = body.json(&CARD_ACT)?;
    if given.action != "printed" && !visitor.may(Act::Write, Noun::Card) {
        return Err(Refusal::new("access.denied").into());
    }
    let seen = given.card;
    match (given.action.as_str(), seen) {
        ("printed", _) => drop(card::print(app, visitor, Order::One(id.0)).await?),
        (_, None) => return Err(Refusal::field("card", "required").into()),
        ("renew", seen) => card::renew(app, visitor, id.0, seen).await?,
        (_, seen) => card::revoke(app, visitor, id.0, seen).await.map_err(|stop| match stop {
            // The household was seen a moment ago: what is absent is its card.
            Stop::Refused(refusal) if refusal.code() == "not_found" => {
                Refusal::new("action.not_allowed").into()
            }
            other => other,
        })?,
    }
    let held = card::held(app, visitor, id.0).await?;
    Ok(unkept(&of_household(id.0, held.as_ref())))
}
