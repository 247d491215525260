//! `/api/v1/tokens`: bearer tokens of programs.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::account::{self, Token};
use falin_domain::identity::TOKEN_DAYS_MOST;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountNoun, TokenNoun};
use serde_json::{Map, Value, json};

use super::form::{Names, told};
use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[];

const TOKEN: Shape = Shape::Object(
    "Token",
    &[
        must("id", Shape::Uuid),
        must("account_id", Shape::Uuid),
        must("username", Shape::Text(32)),
        must("name", Shape::Text(200)),
        must("issued", Shape::Time),
        must("until", Shape::Time),
        must("last_used", Shape::Maybe(&Shape::Time)),
        must("revoked", Shape::Maybe(&Shape::Time)),
        must("version", Shape::Whole(1, i64::MAX)),
        may("token", Shape::Text(100)),
    ],
);
const TOKENS: Shape = crate::listed!("Tokens", TOKEN);
const NEW: Shape = Shape::Object(
    "NewToken",
    &[
        must("account_id", Shape::Uuid),
        must("name", Shape::Text(100)),
        must("days", Shape::Whole(1, TOKEN_DAYS_MOST)),
    ],
);
const ACT: Shape = Shape::Object(
    "TokenAct",
    &[must("action", Shape::OneOf(&["revoke"])), must("version", Shape::Whole(1, i64::MAX))],
);
const FILTERS: &[Member] = &[may("account", Shape::Uuid), crate::openapi::PAGE[0], crate::openapi::PAGE[1]];

/// Document of the list.
pub const LIST: Doc = Doc::read("token", "Tokens of the county, newest first.", &TOKENS).query(FILTERS);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "token",
    "Issues a token with the rights of an account; `token` is shown this once.",
    &NEW,
    &TOKEN,
)
.refusals(&["account.disabled", "account.wider"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act("token", "Revokes a token; it opens nothing after a second.", &ACT, &TOKEN)
    .refusals(&["state.changed"]);

/// A token changes once: 1 until it is revoked, 2 afterwards.
fn version(it: &Token) -> i64 {
    if it.revoked.is_some() { 2 } else { 1 }
}

fn show(it: &Token) -> Value {
    json!({
        "id": it.id, "account_id": it.account, "username": it.username, "name": it.name,
        "issued": it.created, "until": it.until, "last_used": it.used, "revoked": it.revoked,
        "version": version(it),
    })
}

/// `GET /api/v1/tokens`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let owner = query.id::<AccountNoun>("account")?;
    let page = account::tokens(&site.app, &me.visitor, owner, &query.window()?).await?;
    listed(page, |it| show(&it))
}

/// `POST /api/v1/tokens`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let owner = text("account_id").parse().map_err(|_| Refusal::field("account_id", "unknown"))?;
    let days = given.get("days").and_then(Value::as_f64).unwrap_or_default() as i64;
    let issued = account::issue_token(&site.app, &me.visitor, owner, text("name"), days).await;
    let (id, token) = issued.map_err(told(NAMES)).map_err(|mut refused| {
        // The account is a member of the form, not a thing of the address.
        if refused.0.code() == "not_found" {
            refused.0 = Refusal::field("account_id", "unknown");
        }
        refused
    })?;
    let made = account::token(&site.app, &me.visitor, id).await?;
    let mut value = show(&made);
    value["token"] = Value::String(token);
    one(&req, 201, version(&made), &value)
}

/// `POST /api/v1/tokens/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<TokenNoun>,
    body: Body,
) -> Answer {
    let there = account::token(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    if given.version != version(&there) || there.revoked.is_some() {
        return Err(Refusal::new("state.changed").into());
    }
    let done = account::revoke_token(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, version(&done), &show(&done))
}
