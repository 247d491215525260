//! `/api/v1/papers` and `/api/v1/paper-kinds`: official papers of cases.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::docx::MEDIA;
use falin_app::paper::{self, Filter, Listed, Shown, VersionLine, Wanted};
use falin_domain::paper::{self as kinds, Need};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{Id, PaperNoun};
use serde_json::{Map, Value, json};

use super::{Given, listed, one, plain};
use crate::body::Body;
use crate::openapi::{Doc, Reply};
use crate::pages::papers::attached;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const TEXTS: Shape = Shape::List(&Shape::Text(100), 1000);
/// Values by the names of the kind's fields; `GET /api/v1/paper-kinds` says which there are.
const VALUES: Shape = Shape::Any;

const FIELD: Shape = Shape::Object(
    "PaperField",
    &[
        must("name", Shape::Text(100)),
        must("label", Shape::Text(200)),
        must("kind", Shape::Text(20)),
        must("required", Shape::Bool),
        must("from", Shape::Text(20)),
        must("options", TEXTS),
        must("columns", TEXTS),
    ],
);
const KIND: Shape = Shape::Object(
    "PaperKind",
    &[
        must("code", Shape::Text(100)),
        must("title", Shape::Text(200)),
        // A paper of a package: what lists call it, and the version of the workflow that brings it.
        may(
            "name",
            Shape::Object("PaperKindName", &[must("zh", Shape::Text(200)), must("en", Shape::Text(200))]),
        ),
        may("plugin", Shape::Text(40)),
        may("generation", Shape::Whole(1, 1_000_000)),
        must("source", Shape::Text(1000)),
        must("nouns", TEXTS),
        must("numbered", Shape::Bool),
        must("own_template", Shape::Bool),
        // Whether the county's template fits the form that the package's version in use has; else its own layout is used.
        may("template_fits", Shape::Bool),
        // With a case: whether a step that was taken asks for it now.
        may("now", Shape::Bool),
        must("fields", Shape::List(&FIELD, 200)),
    ],
);
const KINDS: Shape = Shape::Object("PaperKinds", &[must("items", Shape::List(&KIND, 1000))]);

const PAPER: Shape = Shape::Object(
    "Paper",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Text(100)),
        must("title", Shape::Text(200)),
        must("number", Shape::Text(200)),
        must("subject_noun", Shape::Text(100)),
        must("subject_id", Shape::Uuid),
        must("state", Shape::OneOf(&["issued", "void"])),
        must("edition", Shape::Whole(1, 1_000_000)),
        must("issued_at", Shape::Time),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const PAPERS: Shape = crate::listed!("Papers", PAPER);
const EDITION: Shape = Shape::Object(
    "PaperEdition",
    &[
        must("edition", Shape::Whole(1, 1_000_000)),
        must("issued_at", Shape::Time),
        must("sha256", Shape::Text(64)),
        must("blanks", TEXTS),
        must("own_template", Shape::Bool),
    ],
);
const WHOLE: Shape = Shape::Object(
    "WholePaper",
    &[
        must("paper", PAPER),
        must("values", Shape::Any),
        must("editions", Shape::List(&EDITION, 1000)),
        must("void_reason", Shape::Maybe(&Shape::Text(1000))),
    ],
);
const NEW: Shape = Shape::Object(
    "NewPaper",
    &[
        must("kind", Shape::Text(100)),
        must("subject_noun", Shape::Text(100)),
        must("subject_id", Shape::Uuid),
        may("values", VALUES),
        // What is blank in a letter is written by hand.
        may("leave_blank", Shape::Bool),
        // One more beside one of its kind that holds.
        may("one_more", Shape::Bool),
    ],
);
const OPENED: Shape = Shape::Object(
    "OpenedPaper",
    &[must("kind", Shape::Text(100)), must("values", Shape::Any), must("blanks", TEXTS)],
);
const ACT: Shape = Shape::Object(
    "PaperAct",
    &[
        must("action", Shape::OneOf(&["correct", "void"])),
        must("version", Shape::Whole(1, i64::MAX)),
        may("values", VALUES),
        // Whether what stays blank in a corrected letter is written by hand.
        may("leave_blank", Shape::Bool),
        may("reason", Shape::Text(500)),
    ],
);
const NEW_QUERY: &[Member] = &[
    must("kind", Shape::Text(100)),
    must("noun", Shape::Text(100)),
    must("subject", Shape::Uuid),
    // An adviser's month, as 2026-03; this month where it is not named.
    may("month", Shape::Text(7)),
];
const FILTERS: &[Member] = &[
    may("subject", Shape::Uuid),
    may("kind", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];

/// Document of the kinds.
pub const KINDS_DOC: Doc = Doc::read(
    "paper",
    "Every kind of paper that the county has, with its fields: the house's, and those of the workflows in use there, named `workflow.kind`; with `noun` and `subject` those that the case may have where it stands, each with whether a step that was taken asks for it `now`.",
    &KINDS,
)
.query(&[may("noun", Shape::Text(100)), may("subject", Shape::Uuid)])
.refusals(&["not_found"]);
/// Document of the list.
pub const LIST: Doc =
    Doc::read("paper", "Issued papers, newest first; `subject` takes a case's id.", &PAPERS).query(FILTERS);
/// Document of one.
pub const ONE: Doc =
    Doc::read("paper", "One paper with its values and editions; that it was opened is journalled.", &WHOLE);
/// Document of a new one.
pub const ADD: Doc = Doc::create(
    "paper",
    "Issues a paper under the next number of its series. What the values do not name is filled as the case knows it. A letter with blanks is refused at them, unless `leave_blank` says that they are written by hand; a form's blanks are listed with its first edition.",
    &NEW,
    &WHOLE,
)
.refusals(&["not_found", "paper.early", "paper.stands"]);
/// Document of what a new one opens with.
pub const OPEN: Doc = Doc::read(
    "paper",
    "What a new paper of this kind opens with: its values as the case knows them, and what is still blank. Nothing is issued.",
    &OPENED,
)
.query(NEW_QUERY)
.refusals(&["paper.early"]);
/// Document of the acts.
pub const ACTS: Doc =
    Doc::act("paper", "Corrects a paper under the same number, or declares it void.", &ACT, &WHOLE)
        .refusals(&["state.changed", "paper.void", "paper.no_form"]);
/// Document of the file.
pub const DOCX: Doc = Doc {
    summary: "The paper as it was issued; `edition` takes an earlier one.",
    tag: "paper",
    query: &[may("edition", Shape::Whole(1, 1_000_000))],
    body: None,
    reply: Reply::File(MEDIA),
    refusals: &[],
};

fn show(listed: &Listed) -> Value {
    let row = &listed.paper;
    json!({
        "id": row.id, "kind": row.kind, "number": row.number, "subject_noun": row.subject_noun,
        "title": listed.form.as_ref().map_or(row.kind.as_str(), |form| form.title.as_str()),
        "subject_id": row.subject_id, "state": if row.voided_ms.is_some() { "void" } else { "issued" },
        "edition": row.latest, "issued_at": Instant::from_millis(row.created_ms), "version": row.version,
    })
}

fn edition(line: &VersionLine) -> Value {
    json!({
        "edition": line.n, "issued_at": Instant::from_millis(line.created_ms), "sha256": line.hash,
        "blanks": line.blanks, "own_template": line.own_template,
    })
}

fn whole(shown: &Shown) -> Value {
    json!({
        "paper": show(&shown.listed()), "values": shown.values, "void_reason": shown.void_reason,
        "editions": shown.versions.iter().map(edition).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/paper-kinds`.
///
/// # Errors
/// `access.denied`.
pub async fn kinds(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let noun = query.filled("noun").unwrap_or_default();
    let fitting = match query.id("subject")? {
        Some(id) => Some(paper::offered_to(&site.app, &me.visitor, noun, id).await?),
        None => None,
    };
    let own = paper::templates(&site.app, &me.visitor).await?;
    let all: Vec<Arc<kinds::Paper>> = match &fitting {
        Some(found) => found.now.iter().chain(&found.more).cloned().collect(),
        None => paper::kinds(&site.app, &me.visitor),
    };
    let has_own = |kind: &kinds::Paper| own.iter().any(|one| kind.codes().any(|code| code == one.kind));
    let mut unfit = Vec::new();
    // A kind that only an older version has is there for that version's cases, and no template is brought for it.
    let here = |kind: &kinds::Paper| paper::kind(&site.app, &me.visitor, &kind.code).is_ok();
    for kind in all.iter().filter(|kind| kind.own.is_some() && has_own(kind) && here(kind)) {
        if paper::is_unfit(&site.app, &me.visitor, &kind.code).await? {
            unfit.push(kind.code.as_str());
        }
    }
    let field = |field: &kinds::Field| {
        json!({
            "name": field.name, "label": field.label, "kind": format!("{:?}", field.kind).to_lowercase(),
            "required": field.need == Need::Always, "from": format!("{:?}", field.from).to_lowercase(),
            "options": field.options,
            "columns": field.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        })
    };
    let is_now =
        |kind: &kinds::Paper| fitting.as_ref().map(|found| found.now.iter().any(|one| one.code == kind.code));
    let kind = |kind: &kinds::Paper| {
        let mut told = json!({
            "code": kind.code, "title": kind.title, "source": kind.source, "nouns": kind.nouns,
            "numbered": kind.number.is_some(), "own_template": has_own(kind),
            "fields": kind.fields.iter().map(field).collect::<Vec<_>>(),
        });
        if kind.own.is_some() && has_own(kind) {
            told["template_fits"] = json!(!unfit.contains(&kind.code.as_str()));
        }
        if let Some(own) = &kind.own {
            told["name"] = json!(own.name);
            told["plugin"] = json!(own.plugin);
            told["generation"] = json!(own.generation);
        }
        if let Some(now) = is_now(kind) {
            told["now"] = json!(now);
        }
        told
    };
    let items: Vec<Value> = all.iter().map(|one| kind(one)).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

/// `GET /api/v1/papers/new?kind=&noun=&subject=&month=`.
///
/// # Errors
/// See [`OPEN`].
pub async fn open(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let kind = query.filled("kind").unwrap_or_default();
    let noun = query.filled("noun").unwrap_or_default();
    let subject = query.id("subject")?.ok_or_else(|| Refusal::field("subject", "required"))?;
    let day = crate::pages::papers::month(&query)?;
    let opened = paper::opened(&site.app, &me.visitor, kind, (noun, subject), day).await?;
    Ok(HttpResponse::Ok()
        .json(json!({ "kind": opened.form.code, "values": opened.values, "blanks": opened.blanks })))
}

/// `GET /api/v1/papers`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let kinds =
        query.filled("kind").map(|kind| paper::codes(&site.app, &me.visitor, kind)).unwrap_or_default();
    let filter = Filter { subject: query.id("subject")?, noun: None, kinds };
    listed(paper::list(&site.app, &me.visitor, filter, query.window()?).await?, |row| show(&row))
}

/// `GET /api/v1/papers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PaperNoun>) -> Answer {
    let shown = paper::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, shown.paper.version, &whole(&shown))
}

/// `GET /api/v1/papers/{id}.docx`.
///
/// # Errors
/// `not_found`.
pub async fn docx(site: Data<Site>, me: Signed, id: PathId<PaperNoun>, query: Query) -> Answer {
    let edition = query.parsed("edition", "not_a_number")?;
    let (name, bytes) = paper::docx(&site.app, &me.visitor, id.0, edition).await?;
    Ok(attached(&name, bytes))
}

/// `POST /api/v1/papers`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&NEW)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let subject: Id<_> = text("subject_id").parse().map_err(|_| Refusal::field("subject_id", "reference"))?;
    let yes = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or_default();
    let wanted = Wanted {
        values: given.get("values").cloned().unwrap_or(Value::Null),
        typed: false,
        by_hand: yes("leave_blank"),
        again: yes("one_more"),
    };
    let (app, visitor) = (&site.app, &me.visitor);
    let issued = paper::issue_by(app, visitor, &text("kind"), (text("subject_noun"), subject), wanted)
        .await
        .map_err(plain)?;
    let shown = paper::one(app, visitor, issued.paper.id).await?;
    one(&req, 201, shown.paper.version, &whole(&shown))
}

/// `POST /api/v1/papers/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PaperNoun>,
    body: Body,
) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    paper::one(app, visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let at = (id.0, given.version);
    match given.action.as_str() {
        "void" => {
            let reason = given.members.get("reason").and_then(Value::as_str).unwrap_or_default();
            paper::void_by(app, visitor, at, reason).await.map_err(plain)?;
        }
        _ => {
            let values = given.members.get("values").cloned().unwrap_or(Value::Null);
            let by_hand = given.members.get("leave_blank").and_then(Value::as_bool).unwrap_or_default();
            paper::correct_by(app, visitor, at, (values, by_hand)).await.map_err(plain)?;
        }
    }
    let shown = paper::one(app, visitor, id.0).await?;
    one(&req, 200, shown.paper.version, &whole(&shown))
}
