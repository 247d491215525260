//! `/api/v1/channels`: a county's gateway, mail server and quiet hours, and what goes by which. Secrets go in only.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::notice::{self, Shown, TypedChannels};
use falin_domain::notice::KINDS;
use serde_json::{Map, Value, json};

use super::form::{over, told};
use super::{Given, one};
use crate::body::Body;
use crate::etag;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

fn kinds() -> Vec<&'static str> {
    KINDS.to_vec()
}

const CARRIED: Shape = Shape::List(&Shape::Code(kinds), 200);
const SECURITY: Shape = Shape::OneOf(&["tls", "starttls", "none"]);
const COUNT: Shape = Shape::Whole(0, i64::MAX);
const TALLY: Shape = Shape::Object(
    "ChannelTally",
    &[must("waiting", COUNT), must("sent", COUNT), must("failed", COUNT), must("cancelled", COUNT)],
);
const CHANNELS: Shape = Shape::Object(
    "Channels",
    &[
        must("gateway", Shape::Text(300)),
        must("has_secret", Shape::Bool),
        must("sms", Shape::Bool),
        must("wechat", Shape::Bool),
        must("host", Shape::Text(200)),
        must("port", Shape::Maybe(&Shape::Whole(1, 65_535))),
        must("security", SECURITY),
        must("user", Shape::Text(200)),
        must("has_password", Shape::Bool),
        must("from", Shape::Text(200)),
        must("quiet_from", Shape::Text(5)),
        must("quiet_to", Shape::Text(5)),
        must("mail_kinds", CARRIED),
        must("sms_kinds", CARRIED),
        must("wechat_kinds", CARRIED),
        must("messages", TALLY),
        must("version", Shape::Whole(0, i64::MAX)),
    ],
);
const ACT: Shape = Shape::Object(
    "ChannelsAct",
    &[
        must("action", Shape::OneOf(&["save"])),
        must("version", Shape::Whole(0, i64::MAX)),
        may("gateway", Shape::Text(300)),
        may("secret", Shape::Text(500)),
        may("sms", Shape::Bool),
        may("wechat", Shape::Bool),
        may("host", Shape::Text(200)),
        may("port", Shape::Maybe(&Shape::Whole(1, 65_535))),
        may("security", SECURITY),
        may("user", Shape::Text(200)),
        may("password", Shape::Text(500)),
        may("from", Shape::Text(200)),
        may("quiet_from", Shape::Text(5)),
        may("quiet_to", Shape::Text(5)),
        may("mail_kinds", CARRIED),
        may("sms_kinds", CARRIED),
        may("wechat_kinds", CARRIED),
    ],
);

/// Document of what is set.
pub const SHOW: Doc = Doc::read(
    "channel",
    "The county's channels and its messages by state; of a secret, only whether one is kept.",
    &CHANNELS,
);
/// Document of the act.
pub const ACTS: Doc = Doc::act(
    "channel",
    "Saves the channels; what is left out stays, a secret or password that is empty too. `version` is 0 before the \
     first.",
    &ACT,
    &CHANNELS,
)
.refusals(&["state.changed"]);

fn show(it: &Shown) -> Value {
    let set = TypedChannels::of(&it.channels);
    let mut messages = json!({ "waiting": 0, "sent": 0, "failed": 0, "cancelled": 0 });
    for (state, count) in &it.tally {
        messages[state.code()] = json!(count);
    }
    let carried = |kinds: &str| json!(kinds.split_whitespace().collect::<Vec<_>>());
    json!({
        "gateway": set.gateway, "has_secret": it.has_secret, "sms": it.channels.sms,
        "wechat": it.channels.wechat, "host": set.host, "port": set.port.parse::<u16>().ok(),
        "security": set.security, "user": set.user, "has_password": it.has_password, "from": set.from,
        "quiet_from": set.quiet_from, "quiet_to": set.quiet_to, "mail_kinds": carried(&set.mail_kinds),
        "sms_kinds": carried(&set.sms_kinds), "wechat_kinds": carried(&set.wechat_kinds),
        "messages": messages, "version": it.version,
    })
}

/// `GET /api/v1/channels`.
///
/// # Errors
/// `access.denied`.
pub async fn get(site: Data<Site>, me: Signed) -> Answer {
    let it = notice::shown(&site.app, &me.visitor).await?;
    // Told whole each time: the messages beside the settings are counted without a version.
    let tag = etag::of_version(it.version);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).json(show(&it)))
}

/// Members as the desk's form takes them: `on`, and kinds joined by spaces.
fn typed(given: &Map<String, Value>) -> Map<String, Value> {
    let control = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::Bool(yes) => json!(if *yes { "on" } else { "" }),
            Value::Array(kinds) => {
                json!(kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            }
            other => other.clone(),
        };
        (name.clone(), value)
    };
    given.iter().map(control).collect()
}

/// `POST /api/v1/channels/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given = Given::read(&req, &body, &ACT)?;
    let there = notice::shown(&site.app, &me.visitor).await?;
    let form = over(&TypedChannels::of(&there.channels), &[], &typed(&given.members))?;
    let saved = notice::save(&site.app, &me.visitor, given.version, &form).await;
    let it = saved.map_err(told(&[]))?;
    one(&req, 200, it.version, &show(&it))
}
