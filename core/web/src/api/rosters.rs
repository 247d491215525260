//! `/api/v1/rosters`: rosters from upload to undo, with their columns, their findings and how far they are.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use falin_app::import::{self, Batch, Columns, Source, StoredFinding};
use falin_domain::directory::HouseholdKind;
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::roster::{self, Field, RosterKind};
use falin_domain::time::Instant;
use falin_domain::words::BatchNoun;
use serde_json::{Value, json};

use super::{Given, listed, one};
use crate::body::Body;
use crate::openapi::{Doc, PAGE, Reply};
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::uploads;
use crate::visitor::Signed;

const COUNT: Shape = Shape::Whole(0, 2_147_483_647);
const VERSION: Shape = Shape::Whole(1, i64::MAX);
const STATES: Shape =
    Shape::OneOf(&["uploaded", "checked", "staging", "committed", "undone", "failed", "forgotten"]);

fn kinds() -> Vec<&'static str> {
    RosterKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn fields() -> Vec<&'static str> {
    Field::ALL.iter().map(|field| field.code()).collect()
}

const PROGRESS: Shape = Shape::Object("RosterProgress", &[must("done", COUNT), must("of", COUNT)]);
const ACTIONS: Shape = Shape::OneOf(&["columns", "commit", "drop", "undo"]);
const ROSTER: Shape = Shape::Object(
    "Roster",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("household_kind", Shape::Maybe(&Shape::OneOf(&["rural", "urban"]))),
        must("file", Shape::Text(200)),
        must("state", STATES),
        must("rows", COUNT),
        must("accepted", COUNT),
        must("new", COUNT),
        must("changed", COUNT),
        must("unchanged", COUNT),
        must("findings", COUNT),
        must("errors", COUNT),
        must("progress", Shape::Maybe(&PROGRESS)),
        must("created_at", Shape::Time),
        must("committed_at", Shape::Maybe(&Shape::Time)),
        must("undone_at", Shape::Maybe(&Shape::Time)),
        must("version", VERSION),
        must("allowed_actions", Shape::List(&ACTIONS, 4)),
    ],
);
const ROSTERS: Shape = crate::listed!("Rosters", ROSTER);
const FINDING: Shape = Shape::Object(
    "RosterFinding",
    &[
        must("sheet", Shape::Text(200)),
        must("row", COUNT),
        must("column", Shape::Text(300)),
        must("code", Shape::Text(60)),
        must("severity", Shape::OneOf(&["error", "warning"])),
    ],
);
const COLUMN: Shape = Shape::Object(
    "RosterColumn",
    &[
        must("header", Shape::Text(1000)),
        must("field", Shape::Maybe(&Shape::Code(fields))),
        must("examples", Shape::List(&Shape::Text(40_000), 3)),
    ],
);
const KNOWN: Shape = Shape::Object(
    "RosterField",
    &[
        must("field", Shape::Code(fields)),
        must("names", Shape::List(&Shape::Text(60), 40)),
        must("required", Shape::Bool),
    ],
);
const COLUMNS: Shape = Shape::Object(
    "RosterColumns",
    &[
        must("columns", Shape::List(&COLUMN, 20_000)),
        must("fields", Shape::List(&KNOWN, 40)),
        must("version", VERSION),
    ],
);
const CHOSEN: Shape = Shape::Object(
    "RosterColumnChoice",
    &[must("header", Shape::Text(1000)), must("field", Shape::Maybe(&Shape::Code(fields)))],
);
const ACT: Shape = Shape::Object(
    "RosterAct",
    &[must("action", ACTIONS), must("version", VERSION), may("columns", Shape::List(&CHOSEN, 500))],
);

/// Document of the list.
pub const LIST: Doc = Doc::read("roster", "Rosters that were brought, newest first.", &ROSTERS).query(&PAGE);
/// Document of a new one.
pub const ADD: Doc = Doc {
    body: None,
    reply: Reply::Json(201, &ROSTER),
    ..Doc::act(
        "roster",
        "Reads a roster: multipart/form-data with `kind`, `file`, for households `household_kind` (rural or urban), \
         and `place`, the county's own code where one is given. It says what it would do; nothing is taken yet. Where \
         its headers are not clear it stays `uploaded` until its columns are chosen.",
        &ACT,
        &ROSTER,
    )
}
.refusals(&["form.invalid", "file.unreadable", "file.too_large"]);
/// Document of one.
pub const ONE: Doc =
    Doc::read("roster", "One roster: its state, its figures and, while it is taken, how far it is.", &ROSTER);
/// Document of the findings.
pub const FINDINGS: Doc = Doc::read(
    "roster",
    "What must be put right, in the file's order: an error leaves its row out, a warning does not.",
    &crate::listed!("RosterFindings", FINDING),
)
.query(&PAGE);
/// Document of the columns.
pub const HEADS: Doc = Doc::read(
    "roster",
    "The headers of an uploaded file, what each is taken for, some cells beneath it with long numbers hidden, and \
     what its kind of roster has.",
    &COLUMNS,
)
.refusals(&["import.undone", "file.unreadable", "file.too_large"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "roster",
    "Says by `columns` what the headers stand for (one not named stays as it is) and checks the file again; takes it \
     as a whole (`commit`: a long one goes on, and the GET tells how far it is); gives it up (`drop`); or takes it \
     back (`undo`).",
    &ACT,
    &ROSTER,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "file.unreadable",
    "file.too_large",
    "header.missing",
    "import.changed",
    "import.undone",
    "import.used",
]);

fn show(it: &Batch) -> Value {
    let acts: &[&str] = match it.state.as_str() {
        "uploaded" => &["columns", "drop"],
        "checked" => &["columns", "commit", "drop"],
        "failed" => &["drop"],
        "committed" => &["undo"],
        _ => &[],
    };
    let of = it.new_rows + it.changed;
    let progress = (it.state == "staging").then(|| json!({ "done": it.staged_rows.min(of), "of": of }));
    json!({
        "id": it.id, "kind": it.kind, "household_kind": it.household_kind, "file": it.file_name,
        "state": it.state, "rows": it.total_rows, "accepted": it.accepted, "new": it.new_rows,
        "changed": it.changed, "unchanged": it.unchanged, "findings": it.findings, "errors": it.errors,
        "progress": progress, "created_at": Instant::from_millis(it.created_ms),
        "committed_at": it.committed_ms.map(Instant::from_millis),
        "undone_at": it.undone_ms.map(Instant::from_millis), "version": it.version, "allowed_actions": acts,
    })
}

/// `GET /api/v1/rosters`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    listed(import::list(&site.app, &me.visitor, query.window()?).await?, |it| show(&it))
}

/// `GET /api/v1/rosters/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<BatchNoun>) -> Answer {
    let it = import::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, it.version, &show(&it))
}

/// `POST /api/v1/rosters`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let source = source(&upload)?;
    if let Some(place) = upload.fields.filled("place") {
        let county = falin_app::county::all(&site.app).await?;
        let own = county.iter().any(|it| it.id == me.visitor.county && it.code == place);
        if !own {
            return Err(Refusal::field("place", "reference").into());
        }
    }
    let it = uploads::keep(&site.app, &me.visitor, &source).await?;
    let mut answer = one(&req, 201, it.version, &show(&it))?;
    if let Ok(address) = header::HeaderValue::from_str(&format!("/api/v1/rosters/{}", it.id)) {
        answer.headers_mut().insert(header::LOCATION, address);
    }
    Ok(answer)
}

fn source(upload: &Upload) -> Result<Source, Refusal> {
    const NAMES: [&str; 3] = ["kind", "household_kind", "place"];
    let given = upload.fields.0.iter().map(|(name, _)| name.as_str());
    let strange = given.filter(|name| !NAMES.contains(name));
    let files = upload.files.iter().map(|file| file.field.as_str()).filter(|name| *name != "file");
    let mut faults: Vec<_> =
        strange.chain(files).take(20).map(|name| FieldError::new(name, "not_expected")).collect();
    let mut fault = |name: &str, code: &str| faults.push(FieldError::new(name, code));
    let kind = upload.fields.filled("kind");
    let read = kind.and_then(RosterKind::from_code);
    if read.is_none() {
        fault("kind", if kind.is_some() { "unknown" } else { "required" });
    }
    let households = upload.fields.filled("household_kind");
    let household_kind = households.and_then(HouseholdKind::from_code);
    match households {
        Some(_) if household_kind.is_none() => fault("household_kind", "unknown"),
        Some(_) if read.is_some_and(|kind| kind != RosterKind::Households) => {
            fault("household_kind", "not_expected");
        }
        _ => {}
    }
    let file = upload.file("file");
    if file.is_none() {
        fault("file", "required");
    }
    match (read, file, faults.is_empty()) {
        (Some(kind), Some(file), true) => Ok(Source {
            kind,
            household_kind,
            name: file.name.clone(),
            bytes: Arc::new(file.bytes.to_vec()),
            mapping: None,
        }),
        _ => Err(Refusal::form(faults)),
    }
}

/// `GET /api/v1/rosters/{id}/findings`.
///
/// # Errors
/// `not_found`.
pub async fn findings(site: Data<Site>, me: Signed, id: PathId<BatchNoun>, query: Query) -> Answer {
    let window = query.window()?;
    let after = match &window.after {
        Some(mark) => mark.key.parse().map_err(|_| Refusal::new("page.cursor"))?,
        None => 0,
    };
    let limit = i64::from(window.limit) + 1;
    let found = import::findings(&site.app, &me.visitor, id.0, after, limit).await?;
    let mark = |it: &StoredFinding| Mark { key: it.n.to_string(), id: id.0.uuid() };
    listed(Page::cut(found, &window, mark), |it| {
        json!({
            "sheet": it.sheet, "row": it.row_number, "column": it.column_name, "code": it.code,
            "severity": it.severity,
        })
    })
}

/// `GET /api/v1/rosters/{id}/columns`.
///
/// # Errors
/// See [`HEADS`].
pub async fn columns(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<BatchNoun>) -> Answer {
    let it = Columns::read(&site.app, &me.visitor, id.0).await?;
    let heads = it.headers.iter().zip(it.guess()).map(|(header, field)| {
        let examples = it.examples(header, field);
        json!({ "header": header, "field": field.map(Field::code), "examples": examples })
    });
    let fields = roster::columns(it.kind).iter().map(
        |column| json!({ "field": column.field.code(), "names": column.names, "required": column.required }),
    );
    let version = it.batch.version;
    let told = json!({
        "columns": heads.collect::<Vec<_>>(), "fields": fields.collect::<Vec<_>>(), "version": version,
    });
    one(&req, 200, version, &told)
}

/// `POST /api/v1/rosters/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<BatchNoun>,
    body: Body,
) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    import::one(app, visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let version = given.version;
    match given.action.as_str() {
        "commit" => uploads::commit(app, visitor, id.0, version).await?,
        "drop" => import::forget(app, visitor, id.0, Some(version)).await?,
        "undo" => drop(import::undo(app, visitor, id.0, Some(version)).await?),
        _ => {
            let chosen = given.members.get("columns").and_then(Value::as_array);
            let chosen = chosen.ok_or_else(|| Refusal::field("columns", "required"))?;
            choose(&site, &me, id, version, chosen).await?;
        }
    }
    let it = import::one(app, visitor, id.0).await?;
    one(&req, 200, it.version, &show(&it))
}

async fn choose(
    site: &Data<Site>,
    me: &Signed,
    id: PathId<BatchNoun>,
    version: i64,
    chosen: &[Value],
) -> Result<(), crate::problem::Refused> {
    let columns = Columns::read(&site.app, &me.visitor, id.0).await?;
    let mut all = columns.guess();
    for (n, one) in chosen.iter().enumerate() {
        let header = one.get("header").and_then(Value::as_str).unwrap_or_default();
        let Some(at) = columns.headers.iter().position(|known| known == header) else {
            return Err(Refusal::field(&format!("columns[{n}].header"), "unknown").into());
        };
        all[at] = one.get("field").and_then(Value::as_str).and_then(Field::from_code);
    }
    columns.check(&site.app, &me.visitor, Some(version), &all).await?;
    Ok(())
}
