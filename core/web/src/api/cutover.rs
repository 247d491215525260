//! `/api/v1/cutover-lists`: open cases and bookings of an old system, checked, taken over, taken back.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::cutover;
use falin_app::plugin::{self, Batch};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::PluginBatchNoun;
use falin_domain::workflow::Chosen;
use serde_json::{Value, json};

use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::{Doc, PAGE, Reply};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

const TEXT: Shape = Shape::Text(300);
const COUNT: Shape = Shape::Whole(0, i64::MAX);
const FINDING: Shape = Shape::Object(
    "CutoverFinding",
    &[must("sheet", TEXT), must("row", COUNT), must("column", TEXT), must("code", TEXT)],
);
const BATCH: Shape = Shape::Object(
    "CutoverList",
    &[
        must("id", Shape::Uuid),
        must("kind", TEXT),
        must("file", TEXT),
        must("state", Shape::OneOf(&["checked", "done", "undoing", "undone", "dropped"])),
        must("rows", COUNT),
        must("accepted", COUNT),
        must("known", COUNT),
        must("findings", Shape::List(&FINDING, 10_000)),
        must("created_at", Shape::Time),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const BATCHES: Shape = crate::listed!("CutoverLists", BATCH);
const ACT: Shape = Shape::Object(
    "CutoverAct",
    &[
        must("action", Shape::OneOf(&["commit", "undo", "drop", "columns"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("columns", Shape::Any),
    ],
);

/// Document of the lists.
pub const LIST: Doc =
    Doc::read("roster", "Lists of an old system that were brought, newest first.", &BATCHES).query(&PAGE);
/// Document of one.
pub const ONE: Doc = Doc::read("roster", "One list with what must be put right in it.", &BATCH);
/// Document of a new one.
pub const ADD: Doc = Doc {
    body: None,
    reply: Reply::Json(201, &BATCH),
    ..Doc::act(
        "roster",
        "Reads a list: multipart/form-data with `kind` (a flow's name, or `bookings`) and `file`. It says what it \
         would do; nothing is taken yet.",
        &ACT,
        &BATCH,
    )
}
.refusals(&["file.unreadable", "file.too_large", "form.invalid"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "roster",
    "Takes every sound row over (`commit`), takes all of it back while nothing has happened to it (`undo`), or says \
     by `columns` (head: column) what the heads stand for.",
    &ACT,
    &BATCH,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "import.undone",
    "import.used",
    "header.missing",
    "booking.conflict",
]);

fn show(batch: &Batch) -> Value {
    let finding = |one: &falin_domain::workflow::Misread| json!({ "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code });
    json!({
        "id": batch.id, "kind": batch.code, "file": batch.file_name, "state": batch.state,
        "rows": batch.row_count, "accepted": batch.accepted, "known": batch.known,
        "findings": plugin::findings(batch).iter().map(finding).collect::<Vec<_>>(),
        "created_at": Instant::from_millis(batch.created_ms), "version": batch.version,
    })
}

/// `GET /api/v1/cutover-lists`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let mut all = cutover::batches(&site.app, &me.visitor).await?;
    all.reverse();
    // Newest first: what is later has the smaller key.
    let mark = |one: &Batch| Mark { key: format!("{:020}", i64::MAX - one.created_ms), id: one.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |batch| show(&batch))
}

/// `GET /api/v1/cutover-lists/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PluginBatchNoun>) -> Answer {
    let batch = cutover::batch(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, batch.version, &show(&batch))
}

/// `POST /api/v1/cutover-lists`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    let kind = upload.fields.get("kind").unwrap_or_default();
    let known = cutover::kinds(&site.app, &me.visitor)?;
    if !known.iter().any(|one| one.code == kind) {
        return Err(Refusal::field("kind", "unknown").into());
    }
    let given = (file.name.clone(), file.bytes.to_vec());
    let batch = cutover::check(&site.app, &me.visitor, kind, given).await?;
    one(&req, 201, batch.version, &show(&batch))
}

/// `POST /api/v1/cutover-lists/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PluginBatchNoun>,
    body: Body,
) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    cutover::batch(app, visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let batch = match given.action.as_str() {
        "commit" => cutover::commit(app, visitor, id.0, given.version).await?,
        "drop" => cutover::throw_away(app, visitor, id.0, given.version).await?,
        "undo" => cutover::undo(app, visitor, id.0, given.version).await?,
        _ => {
            let chosen = given.members.get("columns").and_then(Value::as_object);
            let chosen = chosen.ok_or_else(|| Refusal::field("columns", "required"))?;
            let text = |(head, code): (&String, &Value)| {
                let code = code.as_str().unwrap_or_default().to_owned();
                (head.clone(), code)
            };
            let chosen: Chosen = chosen.iter().map(text).collect();
            cutover::choose(app, visitor, (id.0, given.version), chosen).await?
        }
    };
    one(&req, 200, batch.version, &show(&batch))
}
