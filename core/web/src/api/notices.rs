//! `/api/v1/notices`: one's own inbox; `/api/v1/calls`: calls that clerks make where no notice reaches.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::notice::{self, ToCall, Told};
use falin_domain::notice::{CallOutcome, CallReason};
use falin_domain::time::Instant;
use falin_domain::words::{CallNoun, MessageNoun};
use serde_json::{Value, json};

use super::{Given, PLACE, listed, one, place, truth};
use crate::body::Body;
use crate::look::Say;
use crate::openapi::{Doc, PAGE};
use crate::pages::inbox::words;
use crate::problem::{Answer, Asker};
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const SUBJECT: Shape =
    Shape::Object("NoticeSubject", &[must("noun", Shape::Text(100)), must("id", Shape::Uuid)]);
const NOTICE: Shape = Shape::Object(
    "Notice",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Text(100)),
        must("title", Shape::Text(1000)),
        must("text", Shape::Text(4000)),
        must("subject", SUBJECT),
        must("at", Shape::Time),
        must("read", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const NOTICES: Shape = crate::listed!("Notices", NOTICE);
const READ: Shape = Shape::Object(
    "NoticeAct",
    &[must("action", Shape::OneOf(&["read"])), must("version", Shape::Whole(1, i64::MAX))],
);
const READ_ALL: Shape = Shape::Object("NoticesAct", &[must("action", Shape::OneOf(&["read_all"]))]);
const UNREAD_LEFT: Shape = Shape::Object("NoticesRead", &[must("unread", Shape::Whole(0, i64::MAX))]);
const CALL: Shape = Shape::Object(
    "Call",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Text(100)),
        must("name", Shape::Text(200)),
        must("phone", Shape::Text(200)),
        must("text", Shape::Text(4000)),
        must("reason", Shape::Code(reasons)),
        must("subject", SUBJECT),
        must("division", Shape::Maybe(&PLACE)),
        must("since", Shape::Time),
        must("outcome", Shape::Maybe(&Shape::Code(outcomes))),
        must("done_at", Shape::Maybe(&Shape::Time)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const CALLS: Shape = crate::listed!("Calls", CALL);
const END: Shape = Shape::Object(
    "CallAct",
    &[
        must("action", Shape::OneOf(&["end"])),
        must("version", Shape::Whole(1, i64::MAX)),
        must("outcome", Shape::Code(outcomes)),
    ],
);
const UNREAD: &[Member] = &[may("unread", Shape::Bool), PAGE[0], PAGE[1]];
const DONE: &[Member] = &[may("done", Shape::Bool), PAGE[0], PAGE[1]];

fn reasons() -> Vec<&'static str> {
    CallReason::ALL.iter().map(|reason| reason.code()).collect()
}
fn outcomes() -> Vec<&'static str> {
    CallOutcome::ALL.iter().map(|outcome| outcome.code()).collect()
}

/// Document of the inbox.
pub const LIST: Doc =
    Doc::read("notice", "The caller's own inbox, newest first; texts in the language asked for.", &NOTICES)
        .query(UNREAD);
/// Document of its act.
pub const ACTS: Doc =
    Doc::act("notice", "Marks a message of one's own as read.", &READ, &NOTICE).refusals(&["state.changed"]);
/// Document of the act on all.
pub const ALL_ACTS: Doc =
    Doc::act("notice", "Marks every message of one's own as read.", &READ_ALL, &UNREAD_LEFT);
/// Document of the calls.
pub const CALL_LIST: Doc = Doc::read(
    "notice",
    "People whom no notice reaches, the longest waiting first; `done` shows the calls that were made.",
    &CALLS,
)
.query(DONE);
/// Document of a call's act.
pub const CALL_ACTS: Doc = Doc::act("notice", "Notes how a call ended.", &END, &CALL)
    .refusals(&["state.changed", "action.not_allowed"]);

fn show(say: &Say<'_>, it: &Told) -> Value {
    let (title, text) = words(say, &it.kind, &it.args);
    json!({
        "id": it.id, "kind": it.kind, "title": title, "text": text,
        "subject": { "noun": it.subject.0, "id": it.subject.1 }, "at": it.at, "read": it.read,
        "version": it.version,
    })
}

fn show_call(say: &Say<'_>, it: &ToCall) -> Value {
    let (_, text) = words(say, &it.call.kind, &it.args);
    json!({
        "id": it.call.id, "kind": it.call.kind, "name": it.name, "phone": it.phone, "text": text,
        "reason": it.call.reason, "subject": { "noun": it.call.noun, "id": it.call.subject_id },
        "division": it.division.as_ref().map(place), "since": Instant::from_millis(it.call.created_ms),
        "outcome": it.call.outcome, "done_at": it.call.done_ms.map(Instant::from_millis),
        "version": it.call.version,
    })
}

fn say<'a>(site: &'a Site, req: &HttpRequest) -> Say<'a> {
    site.look.say(Asker::of(req.path(), req.headers()).lang)
}

/// `GET /api/v1/notices`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let unread = truth(&query, "unread") == Some(true);
    let page = notice::inbox(&site.app, &me.visitor, unread, query.window()?).await?;
    let say = say(&site, &req);
    listed(page, |told| show(&say, &told))
}

/// `POST /api/v1/notices/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<MessageNoun>,
    body: Body,
) -> Answer {
    let there = notice::message(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &READ)?;
    if given.version != there.version {
        return Err(falin_domain::refusal::Refusal::new("state.changed").into());
    }
    notice::read(&site.app, &me.visitor, Some(id.0)).await?;
    let now = notice::message(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, now.version, &show(&say(&site, &req), &now))
}

/// `POST /api/v1/notices/actions`.
///
/// # Errors
/// `form.invalid`.
pub async fn act_on_all(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let _: Value = body.json(&READ_ALL)?;
    notice::read(&site.app, &me.visitor, None).await?;
    let unread = notice::unread(&site.app, &me.visitor).await?;
    Ok(HttpResponse::Ok().json(json!({ "unread": unread })))
}

/// `GET /api/v1/calls`.
///
/// # Errors
/// See [`CALL_LIST`].
pub async fn calls(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let done = truth(&query, "done") == Some(true);
    let page = notice::calls(&site.app, &me.visitor, done, query.window()?).await?;
    let say = say(&site, &req);
    listed(page, |call| show_call(&say, &call))
}

/// `POST /api/v1/calls/{id}/actions`.
///
/// # Errors
/// See [`CALL_ACTS`].
pub async fn call_act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<CallNoun>,
    body: Body,
) -> Answer {
    notice::call(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &END)?;
    let outcome = given.members.get("outcome").and_then(Value::as_str).unwrap_or_default();
    let done = notice::end_call(&site.app, &me.visitor, id.0, given.version, outcome).await?;
    one(&req, 200, done.call.version, &show_call(&say(&site, &req), &done))
}
