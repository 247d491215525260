//! `/api/v1/me/reach`: how the caller wants to be told outside the house.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::notice::{self, TypedReach};
use serde_json::{Value, json};

use super::form::{over, told};
use super::{Given, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const VERSION: Shape = Shape::Whole(0, i64::MAX);
const ADDRESS: Shape = Shape::Text(200);
const REACH: Shape = Shape::Object(
    "Reach",
    &[
        must("mail", ADDRESS),
        must("mail_yes", Shape::Bool),
        must("phone", ADDRESS),
        must("sms_yes", Shape::Bool),
        must("wechat", ADDRESS),
        must("wechat_yes", Shape::Bool),
        must("version", VERSION),
    ],
);
const ACT: Shape = Shape::Object(
    "ReachAct",
    &[
        must("action", Shape::OneOf(&["save"])),
        must("version", VERSION),
        may("mail", ADDRESS),
        may("mail_yes", Shape::Bool),
        may("phone", ADDRESS),
        may("sms_yes", Shape::Bool),
        may("wechat", ADDRESS),
        may("wechat_yes", Shape::Bool),
    ],
);

/// Document of what was said.
pub const SHOW: Doc =
    Doc::read("notice", "How the caller wants to be told; `version` is 0 before anything was said.", &REACH);
/// Document of the act.
pub const ACTS: Doc =
    Doc::act("notice", "Keeps how the caller wants to be told; what is left out stays.", &ACT, &REACH)
        .refusals(&["state.changed"]);

fn show(it: &TypedReach, version: i64) -> Value {
    json!({
        "mail": it.mail, "mail_yes": it.mail_yes == "on", "phone": it.phone, "sms_yes": it.sms_yes == "on",
        "wechat": it.wechat, "wechat_yes": it.wechat_yes == "on", "version": version,
    })
}

/// `GET /api/v1/me/reach`.
///
/// # Errors
/// `access.denied`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let (it, version) = notice::reach(&site.app, &me.visitor).await?;
    one(&req, 200, version, &show(&it, version))
}

/// `POST /api/v1/me/reach/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let mut given = Given::read(&req, &body, &ACT)?;
    let (there, _) = notice::reach(&site.app, &me.visitor).await?;
    for value in given.members.values_mut() {
        if let Value::Bool(yes) = value {
            *value = json!(if *yes { "on" } else { "" });
        }
    }
    let typed: TypedReach = over(&there, &[], &given.members)?;
    notice::set_reach(&site.app, &me.visitor, given.version, &typed).await.map_err(told(&[]))?;
    let (it, version) = notice::reach(&site.app, &me.visitor).await?;
    one(&req, 200, version, &show(&it, version))
}
