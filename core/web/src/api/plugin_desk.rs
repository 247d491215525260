//! What programs do with a workflow beside its cases: settings, posts, tables that are read into its cases.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::plugin::{self, Batch, Giving, PostsSeen, SettingsSeen};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{PluginBatchNoun, PluginNoun, PluginPostNoun};
use falin_domain::workflow::{Manner, Values};
use serde_json::{Map, Value, json};

use super::Given;
use crate::body::Body;
use crate::openapi::{Doc, Reply};
use crate::problem::Answer;
use crate::query::{PathId, path_id};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

const TEXT: Shape = Shape::Text(8000);
const COUNT: Shape = Shape::Whole(0, i64::MAX);
const SETTINGS: Shape = Shape::Object(
    "PluginSettings",
    &[must("plugin", TEXT), must("values", Shape::Any), must("given", Shape::Any), must("version", COUNT)],
);
const SET: Shape =
    Shape::Object("PluginSettingsSet", &[must("settings", Shape::Any), must("version", COUNT)]);
const POST: Shape = Shape::Object(
    "PluginPost",
    &[
        must("id", Shape::Uuid),
        must("post", TEXT),
        must("account_id", Shape::Uuid),
        must("name", TEXT),
        must("place", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Time),
        must("version", COUNT),
    ],
);
const POSTS: Shape = Shape::Object(
    "PluginPosts",
    &[must("items", Shape::List(&POST, 10_000)), must("next_cursor", Shape::Maybe(&TEXT))],
);
const GIVE: Shape = Shape::Object(
    "PluginPostGiven",
    &[must("post", Shape::Text(60)), must("account", Shape::Text(100)), may("place", Shape::Text(36))],
);
const WITHDRAW: Shape = Shape::Object(
    "PluginPostAct",
    &[must("action", Shape::OneOf(&["withdraw"])), must("version", Shape::Whole(1, i64::MAX))],
);
const FINDING: Shape = Shape::Object(
    "PluginImportFinding",
    &[must("sheet", TEXT), must("row", COUNT), must("column", TEXT), must("code", TEXT)],
);
const BATCH: Shape = Shape::Object(
    "PluginImport",
    &[
        must("id", Shape::Uuid),
        must("plugin", TEXT),
        must("import", TEXT),
        must("file", TEXT),
        must("state", TEXT),
        must("rows", COUNT),
        must("accepted", COUNT),
        must("known", COUNT),
        must("findings", Shape::List(&FINDING, 1000)),
        must("created_at", Shape::Time),
        must("version", COUNT),
    ],
);
const BATCHES: Shape = Shape::Object(
    "PluginImports",
    &[must("items", Shape::List(&BATCH, 100)), must("next_cursor", Shape::Maybe(&TEXT))],
);
const BATCH_ACT: Shape = Shape::Object(
    "PluginImportAct",
    &[must("action", Shape::OneOf(&["commit", "undo", "drop"])), must("version", Shape::Whole(1, i64::MAX))],
);

/// Document of the settings.
pub const SETTINGS_DOC: Doc =
    Doc::read("plugin", "Settings of a workflow: what holds, and what of it the county has said.", &SETTINGS);
/// Document of setting them.
pub const SET_DOC: Doc = Doc::act(
    "plugin",
    "Says what holds in the county; what is left out goes back to what the workflow declares.",
    &SET,
    &SETTINGS,
)
.refusals(&["state.changed", "form.invalid"]);
/// Document of the posts.
pub const POSTS_DOC: Doc = Doc::read("plugin", "Who holds the posts of a workflow, and where.", &POSTS);
/// Document of giving one.
pub const GIVE_DOC: Doc = Doc::create(
    "plugin",
    "Gives a post to an account that holds the role under it at the place.",
    &GIVE,
    &POSTS,
)
.refusals(&["form.invalid"]);
/// Document of taking one back.
pub const WITHDRAW_DOC: Doc =
    Doc::act("plugin", "Takes a post back.", &WITHDRAW, &POSTS).refusals(&["state.changed"]);
/// Document of the tables that were read.
pub const BATCHES_DOC: Doc =
    Doc::read("workflow", "Tables that were read into a workflow's cases, newest first.", &BATCHES);
/// Document of a new table.
pub const CHECK_DOC: Doc = Doc {
    body: None,
    reply: Reply::Json(201, &BATCH),
    ..Doc::act(
        "workflow",
        "Reads a table: multipart/form-data with the field `file`. It says what it would do; nothing is opened yet.",
        &BATCH_ACT,
        &BATCH,
    )
}
.refusals(&[
    "file.unreadable",
    "file.too_large",
    "header.missing",
    "import.persons",
    "import.refused_head",
    "form.invalid",
]);
/// Document of one table.
pub const BATCH_DOC: Doc =
    Doc::read("workflow", "A table that was read, with what must be put right in it.", &BATCH);
/// Document of its acts.
pub const BATCH_ACTS: Doc = Doc::act(
    "workflow",
    "Opens the cases of a table, takes them back, or throws a table away that was only checked.",
    &BATCH_ACT,
    &BATCH,
)
.refusals(&["state.changed", "action.not_allowed", "import.undone", "import.used", "form.invalid"]);

fn settings_json(seen: &SettingsSeen) -> Value {
    json!({"plugin": seen.install.plugin, "values": seen.values, "given": seen.given, "version": seen.version})
}

/// `GET /api/v1/plugins/{id}/settings`.
///
/// # Errors
/// `not_found`.
pub async fn settings(site: Data<Site>, me: Signed, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::settings(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(settings_json(&seen)))
}

/// `POST /api/v1/plugins/{id}/settings`.
///
/// # Errors
/// As documented.
pub async fn set(site: Data<Site>, me: Signed, id: PathId<PluginNoun>, body: Body) -> Answer {
    plugin::settings(&site.app, &me.visitor, id.0).await?;
    let given: Map<String, Value> = body.json(&SET)?;
    let version = given.get("version").and_then(Value::as_f64).unwrap_or_default() as i64;
    let Some(Value::Object(settings)) = given.get("settings") else {
        return Err(Refusal::field("settings", "type").into());
    };
    let settings: Values = settings.clone();
    let seen = plugin::set(&site.app, &me.visitor, id.0, version, (settings, Manner::Program)).await?;
    Ok(HttpResponse::Ok().json(settings_json(&seen)))
}

fn posts_json(seen: &PostsSeen) -> Value {
    let items = seen.held.iter().map(|one| {
        json!({
            "id": one.row.id, "post": one.row.post, "account_id": one.row.account_id, "name": one.who,
            "place": one.row.division_id, "from": Instant::from_millis(one.row.from_ms).to_string(),
            "version": one.row.version,
        })
    });
    json!({"items": items.collect::<Vec<_>>(), "next_cursor": null})
}

/// `GET /api/v1/plugins/{id}/posts`.
///
/// # Errors
/// `not_found`.
pub async fn posts(site: Data<Site>, me: Signed, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::posts(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(posts_json(&seen)))
}

/// `POST /api/v1/plugins/{id}/posts`.
///
/// # Errors
/// As documented.
pub async fn give(site: Data<Site>, me: Signed, id: PathId<PluginNoun>, body: Body) -> Answer {
    plugin::posts(&site.app, &me.visitor, id.0).await?;
    let given: Map<String, Value> = body.json(&GIVE)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
    let giving = Giving {
        post: text("post").unwrap_or_default(),
        account: text("account").unwrap_or_default(),
        place: text("place"),
    };
    let seen = plugin::give(&site.app, &me.visitor, id.0, giving).await?;
    Ok(HttpResponse::Created().json(posts_json(&seen)))
}

/// `POST /api/v1/plugins/{id}/posts/{post}/actions`.
///
/// # Errors
/// As documented.
pub async fn withdraw(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PluginNoun>,
    body: Body,
) -> Answer {
    let post = path_id::<PluginPostNoun>(&req, "post")?;
    plugin::posts(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &WITHDRAW)?;
    let seen = plugin::withdraw(&site.app, &me.visitor, id.0, post, given.version).await?;
    Ok(HttpResponse::Ok().json(posts_json(&seen)))
}

/// A table that was read, as programs and the command line see it.
pub(crate) fn batch_json(batch: &Batch) -> Value {
    let findings = plugin::findings(batch);
    let finding = |one: &falin_domain::workflow::Misread| json!({"sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code});
    json!({
        "id": batch.id, "plugin": batch.plugin, "import": batch.code, "file": batch.file_name, "state": batch.state,
        "rows": batch.row_count, "accepted": batch.accepted, "known": batch.known,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "created_at": Instant::from_millis(batch.created_ms).to_string(), "version": batch.version,
    })
}

/// `GET /api/v1/workflow-imports/{plugin}`.
///
/// # Errors
/// `not_found`.
pub async fn batches(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let all = plugin::batches(&site.app, &me.visitor, req.match_info().query("plugin")).await?;
    let items: Vec<Value> = all.iter().map(batch_json).collect();
    Ok(HttpResponse::Ok().json(json!({"items": items, "next_cursor": null})))
}

/// `POST /api/v1/workflow-imports/{plugin}/{code}`.
///
/// # Errors
/// As documented.
pub async fn check(req: HttpRequest, site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let which = (req.match_info().query("plugin"), req.match_info().query("code"));
    plugin::readable(&site.app, &me.visitor, which.0)?;
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    let given = (file.name.clone(), file.bytes.to_vec());
    let batch = plugin::check(&site.app, &me.visitor, which, given).await?;
    Ok(HttpResponse::Created().json(batch_json(&batch)))
}

/// `GET /api/v1/import-batches/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn batch(site: Data<Site>, me: Signed, id: PathId<PluginBatchNoun>) -> Answer {
    let (batch, _) = plugin::batch(&site.app, &me.visitor, id.0).await?;
    Ok(HttpResponse::Ok().json(batch_json(&batch)))
}

/// `POST /api/v1/import-batches/{id}/actions`.
///
/// # Errors
/// As documented.
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PluginBatchNoun>,
    body: Body,
) -> Answer {
    plugin::batch(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &BATCH_ACT)?;
    let done = match given.action.as_str() {
        "commit" => plugin::commit(&site.app, &me.visitor, id.0, given.version).await?,
        "drop" => plugin::throw_away(&site.app, &me.visitor, id.0, given.version).await?,
        _ => plugin::undo(&site.app, &me.visitor, id.0, given.version).await?,
    };
    Ok(HttpResponse::Ok().json(batch_json(&done)))
}
