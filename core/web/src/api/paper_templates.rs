//! `/api/v1/paper-kinds/{kind}/templates`: a county's own templates of a paper, checked before they are in use.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::paper::{self, PaperTemplate};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::PaperTemplateId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::listed;
use crate::body::Body;
use crate::openapi::{Doc, PAGE, Reply};
use crate::pages::papers::attached;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Shape, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

const TEMPLATE: Shape = Shape::Object(
    "PaperTemplate",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Text(100)),
        must("n", Shape::Whole(1, 1_000_000)),
        must("file", Shape::Text(200)),
        must("in_use", Shape::Bool),
        must("created_at", Shape::Time),
    ],
);
const ACT: Shape = Shape::Object(
    "PaperTemplateAct",
    &[must("action", Shape::OneOf(&["revert"])), must("template", Shape::Uuid)],
);
const REVERTED: Shape = Shape::Object(
    "PaperTemplateReverted",
    &[must("kind", Shape::Text(100)), must("own_template", Shape::Bool)],
);

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "paper",
    "The county's own templates of a kind of paper, the newest first.",
    &crate::listed!("PaperTemplates", TEMPLATE),
)
.query(&PAGE);
/// Document of a new one.
pub const ADD: Doc = Doc {
    summary: "Checks a .docx with the kind's placeholders, as multipart/form-data with `file`, and puts it in use.",
    tag: "paper",
    query: &[],
    body: None,
    reply: Reply::Json(201, &TEMPLATE),
    refusals: &["form.invalid"],
};
/// Document of the file.
pub const FILE: Doc = Doc {
    summary: "The template in use, as it was brought; 404 while the built-in layout is.",
    tag: "paper",
    query: &[],
    body: None,
    reply: Reply::File("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    refusals: &[],
};
/// Document of the act.
pub const ACTS: Doc = Doc::act(
    "paper",
    "Goes back to the built-in layout; `template` is the one that was seen in use.",
    &ACT,
    &REVERTED,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn kind(req: &HttpRequest) -> &str {
    req.match_info().query("kind")
}

fn show(it: &PaperTemplate) -> Value {
    json!({
        "id": it.id, "kind": it.kind, "n": it.n, "file": it.file_name, "in_use": it.active,
        "created_at": Instant::from_millis(it.created_ms),
    })
}

/// `GET /api/v1/paper-kinds/{kind}/templates`.
///
/// # Errors
/// `not_found`.
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let all = paper::history(&site.app, &me.visitor, kind(&req)).await?;
    // Newest first: what is later has the smaller key.
    let mark = |it: &PaperTemplate| Mark { key: format!("{:010}", i32::MAX - it.n), id: it.id.uuid() };
    listed(Page::of_all(all, &query.window()?, mark), |it| show(&it))
}

/// `POST /api/v1/paper-kinds/{kind}/templates`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let (app, visitor, code) = (&site.app, &me.visitor, kind(&req));
    // 404 before 422.
    paper::history(app, visitor, code).await?;
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    let it = paper::replace(app, visitor, code, &file.name, &file.bytes).await?;
    Ok(HttpResponse::Created().json(show(&it)))
}

/// `GET /api/v1/paper-kinds/{kind}/template.docx`.
///
/// # Errors
/// `not_found`.
pub async fn file(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let (name, bytes) = paper::file_of(&site.app, &me.visitor, kind(&req)).await?;
    Ok(attached(&name, bytes))
}

#[derive(Deserialize)]
struct Seen {
    template: PaperTemplateId,
}

/// `POST /api/v1/paper-kinds/{kind}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let (app, visitor, code) = (&site.app, &me.visitor, kind(&req));
    paper::history(app, visitor, code).await?;
    let seen: Seen = body.json(&ACT)?;
    paper::revert(app, visitor, code, Some(seen.template)).await?;
    Ok(HttpResponse::Ok().json(json!({ "kind": code, "own_template": false })))
}
