//! `/api/v1/accounts`, `/api/v1/me`: who may sign in, with which roles for which places.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::account::{self, AccountAct, Filter, NewAccount, Slip};
use falin_domain::access::{Post, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountNoun, DivisionId, WorkerId};
use serde_json::{Map, Value, json};

use super::form::{Names, told};
use super::{Given, code, listed, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAMES: Names = &[("name", "display_name"), ("worker_id", "worker")];

fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).collect()
}

const HELD: Shape =
    Shape::Object("HeldRole", &[must("role", Shape::Code(roles)), must("place", Shape::Maybe(&Shape::Uuid))]);
const STATES: Shape = Shape::OneOf(&["active", "fresh", "disabled"]);
const ACTIVATION: Shape =
    Shape::Object("Activation", &[must("code", Shape::Text(20)), must("until", Shape::Time)]);
const ACCOUNT: Shape = Shape::Object(
    "Account",
    &[
        must("id", Shape::Uuid),
        must("username", Shape::Text(32)),
        must("name", Shape::Text(200)),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("roles", Shape::List(&HELD, 200)),
        must("state", STATES),
        must("second_factor", Shape::Bool),
        must("last_used", Shape::Maybe(&Shape::Time)),
        must("version", Shape::Whole(1, i64::MAX)),
        may("activation", ACTIVATION),
    ],
);
const ACCOUNTS: Shape = crate::listed!("Accounts", ACCOUNT);
const NEW: Shape = Shape::Object(
    "NewAccount",
    &[
        may("username", Shape::Text(32)),
        must("name", Shape::Text(100)),
        must("role", Shape::Code(roles)),
        may("place", Shape::Maybe(&Shape::Text(36))),
        may("worker_id", Shape::Maybe(&Shape::Uuid)),
    ],
);
const ACT: Shape = Shape::Object(
    "AccountAct",
    &[
        must("action", Shape::OneOf(ACTIONS)),
        must("version", Shape::Whole(1, i64::MAX)),
        may("role", Shape::Code(roles)),
        may("place", Shape::Maybe(&Shape::Text(36))),
    ],
);
const ACTIONS: &[&str] = &["add_role", "remove_role", "disable", "enable", "new_slip", "reset_second_factor"];
const FILTERS: &[Member] = &[
    may("role", Shape::Code(roles)),
    may("state", STATES),
    may("q", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];
const COUNTY: Shape =
    Shape::Object("CountyName", &[must("code", Shape::Text(12)), must("name", Shape::Text(200))]);
const ME: Shape = Shape::Object(
    "Me",
    &[
        must("id", Shape::Uuid),
        must("username", Shape::Text(32)),
        must("name", Shape::Text(200)),
        must("county", COUNTY),
        must("counties", Shape::List(&COUNTY, 1000)),
        must("roles", Shape::List(&HELD, 200)),
        must("second_factor", Shape::Bool),
    ],
);

/// Document of the list.
pub const LIST: Doc = Doc::read("account", "Accounts of the county, oldest first.", &ACCOUNTS).query(FILTERS);
/// Document of one.
pub const ONE: Doc = Doc::read("account", "One account.", &ACCOUNT);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "account",
    "Makes an account; its owner sets the password with the activation code, which is shown this once. \
     `place` takes an id or a code; without it the role is held for the whole county.",
    &NEW,
    &ACCOUNT,
)
.refusals(&["account.name_taken"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "account",
    "Gives or takes a role, disables, enables, replaces the password by a slip, resets the second factor. All but \
     the last two's results end every session of the account within a second.",
    &ACT,
    &ACCOUNT,
)
.refusals(&[
    "state.changed",
    "account.own",
    "account.roles_exclude",
    "account.last_security_admin",
    "account.wider",
]);
/// Document of one's own account.
pub const MINE: Doc = Doc::read("account", "The account behind this token or session.", &ME);

fn held<'a>(posts: impl Iterator<Item = &'a Post>) -> Vec<Value> {
    posts.map(|post| json!({ "role": post.role, "place": post.place })).collect()
}

fn show(it: &account::Listed, slip: Option<&Slip>) -> Value {
    let state = match (it.disabled, it.active) {
        (true, _) => "disabled",
        (false, true) => "active",
        (false, false) => "fresh",
    };
    let mut value = json!({
        "id": it.id, "username": it.username, "name": it.display_name, "worker_id": it.worker,
        "roles": held(it.posts.iter()), "state": state, "second_factor": it.second_factor,
        "last_used": it.seen, "version": it.version,
    });
    if let Some(slip) = slip {
        value["activation"] = json!({ "code": slip.code, "until": slip.until });
    }
    value
}

/// `GET /api/v1/accounts`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let state = query.filled("state");
    let filter = Filter {
        text: query.filled("q").map(str::to_owned),
        role: code(&query, "role", Role::from_code),
        disabled: state.map(|state| state == "disabled"),
        activated: state.filter(|state| *state != "disabled").map(|state| state == "active"),
    };
    let page = account::list(&site.app, &me.visitor, &filter, &query.window()?).await?;
    listed(page, |it| show(&it, None))
}

/// `GET /api/v1/accounts/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<AccountNoun>) -> Answer {
    let found = account::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.version, &show(&found, None))
}

/// `POST /api/v1/accounts`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let worker = given.get("worker_id").and_then(Value::as_str);
    let worker: Option<WorkerId> = worker.and_then(|text| text.parse().ok());
    let (role, place) = role_of(&site, &me.visitor, &given).await?;
    let new = NewAccount { username: text("username"), display_name: text("name"), role, place, worker };
    let slip = account::create(&site.app, &me.visitor, &new).await.map_err(told(NAMES))?;
    let made = account::one(&site.app, &me.visitor, slip.account).await?;
    one(&req, 201, made.version, &show(&made, Some(&slip)))
}

/// The role among the members, and its place by id or code.
async fn role_of(
    site: &Data<Site>,
    visitor: &Visitor,
    given: &Map<String, Value>,
) -> Result<(Role, Option<DivisionId>), Refused> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let role = text("role").and_then(Role::from_code).ok_or_else(|| Refusal::field("role", "required"))?;
    let Some(wanted) = text("place") else { return Ok((role, None)) };
    let all = account::place_names(&site.app, visitor.county).await?;
    let named =
        |place: &&account::PlaceName| place.code.as_deref() == Some(wanted) || place.id.to_string() == wanted;
    let found = all.iter().find(named).ok_or_else(|| Refusal::field("place", "unknown"))?;
    Ok((role, Some(found.id)))
}

/// `POST /api/v1/accounts/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<AccountNoun>,
    body: Body,
) -> Answer {
    account::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let act = match given.action.as_str() {
        "disable" => AccountAct::Disable,
        "enable" => AccountAct::Enable,
        "new_slip" => AccountAct::NewSlip,
        "reset_second_factor" => AccountAct::ResetSecondFactor,
        name => {
            let (role, place) = role_of(&site, &me.visitor, &given.members).await?;
            match name {
                "add_role" => AccountAct::AddRole(role, place),
                _ => AccountAct::RemoveRole(role, place),
            }
        }
    };
    let (done, slip) = account::act(&site.app, &me.visitor, id.0, given.version, act).await?;
    one(&req, 200, done.version, &show(&done, slip.as_ref()))
}

/// `GET /api/v1/me`.
///
/// # Errors
/// `access.unauthenticated`.
pub async fn mine(site: Data<Site>, me: Signed) -> Answer {
    let own = account::me(&site.app, &me.visitor).await?;
    let county = |it: &falin_app::county::County| json!({ "code": it.code, "name": it.name });
    let here = own.posts.iter().filter(|post| post.county == own.county.id);
    Ok(actix_web::HttpResponse::Ok().json(json!({
        "id": own.id, "username": own.username, "name": own.display_name, "county": county(&own.county),
        "counties": own.counties.iter().map(county).collect::<Vec<_>>(), "roles": held(here),
        "second_factor": own.second_factor,
    })))
}
