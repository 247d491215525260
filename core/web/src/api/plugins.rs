//! `/api/v1/plugins` and `/api/v1/workflows`: county workflows put in use by programs, and which flows there are.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::plugin::{self, Move, Shown, Work};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::PluginNoun;
use falin_domain::workflow::summary;
use serde_json::{Value, json};

use super::{Given, one};
use crate::look::Lang;
use crate::openapi::{Doc, Reply};
use crate::problem::{Answer, Asker};
use crate::query::PathId;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

const TEXT: Shape = Shape::Text(8000);
const CODES: Shape = Shape::List(&Shape::Text(60), 100);
/// What its library has done since this server began; null where nobody has asked it yet, or it has none.
const WORK: Shape = Shape::Object(
    "PluginWork",
    &[
        must("answers", Shape::Whole(0, i64::MAX)),
        must("p50_seconds", Shape::Number),
        must("p99_seconds", Shape::Number),
        must("deaths", Shape::Whole(0, i64::MAX)),
    ],
);
const PLUGIN: Shape = Shape::Object(
    "Plugin",
    &[
        must("id", Shape::Uuid),
        must("plugin", TEXT),
        must("name", TEXT),
        must("state", TEXT),
        must("package", Shape::Any),
        must("offered", Shape::Any),
        must("previous", Shape::Maybe(&TEXT)),
        must("signed_by", Shape::Maybe(&TEXT)),
        // Of the version that waits, where it is somebody else; empty for nobody.
        must("offered_signed_by", Shape::Maybe(&TEXT)),
        must("library", Shape::Bool),
        must("granted", CODES),
        must("ungranted", CODES),
        must("fits", Shape::Bool),
        must("misfits", CODES),
        must("open_cases", Shape::Whole(0, i64::MAX)),
        must("work", Shape::Maybe(&WORK)),
        must("reason", TEXT),
        must("allowed_actions", CODES),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const PLUGINS: Shape = Shape::Object(
    "Plugins",
    &[must("items", Shape::List(&PLUGIN, 1000)), must("next_cursor", Shape::Maybe(&TEXT))],
);
const ACT: Shape = Shape::Object(
    "PluginAct",
    &[
        must("action", Shape::OneOf(&["try", "grant", "enable", "upgrade", "rollback", "disable", "remove"])),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const WORKFLOW: Shape = Shape::Object(
    "Workflow",
    &[
        must("plugin", TEXT),
        must("flow", TEXT),
        must("name", TEXT),
        may("generation", Shape::Whole(1, i64::MAX)),
    ],
);
const WORKFLOWS: Shape = Shape::Object(
    "Workflows",
    &[must("items", Shape::List(&WORKFLOW, 1000)), must("next_cursor", Shape::Maybe(&TEXT))],
);
const DOORS: &[&str] = &[
    "package.bomb",
    "package.border",
    "package.declaration",
    "package.exec_stack",
    "package.glibc",
    "package.hash",
    "package.machine",
    "package.template",
    "package.paper",
    "package.paper_of_house",
    "package.path",
    "package.revoked",
    "package.signature",
    "package.too_large",
    "package.unlisted",
    "package.unreadable",
    "package.unsigned",
    "package.untrusted",
    "plugin.older",
    "plugin.version_taken",
    "form.invalid",
];

/// Document of the list.
pub const LIST: Doc = Doc::read("plugin", "Workflows that the county has, by name.", &PLUGINS);
/// Document of one.
pub const ONE: Doc =
    Doc::read("plugin", "One workflow: state, packages, permissions, what may be done.", &PLUGIN);
/// Document of a package.
pub const UPLOAD: Doc = Doc {
    body: None,
    reply: Reply::Json(201, &PLUGIN),
    ..Doc::act(
        "plugin",
        "Brings a package: multipart/form-data with the field `file`. It is taken whole or refused whole.",
        &ACT,
        &PLUGIN,
    )
}
.refusals(DOORS);
/// Document of the moves.
pub const ACTS: Doc = Doc::act(
    "plugin",
    "Tries, grants, enables, upgrades, rolls back, disables or removes it.",
    &ACT,
    &PLUGIN,
)
.refusals(&[
    "state.changed",
    "action.not_allowed",
    "plugin.asleep",
    "plugin.not_for_county",
    "plugin.not_granted",
    "plugin.migration",
    "plugin.open_cases",
    "plugin.prefix_taken",
    "plugin.trial",
    "package.revoked",
]);
const LETTER: Shape = Shape::Object(
    "PluginLetter",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::OneOf(&["hook", "job"])),
        must("work", TEXT),
        must("about", TEXT),
        must("case_id", Shape::Maybe(&Shape::Uuid)),
        must("code", TEXT),
        must("fields", Shape::Any),
        must("tries", Shape::Whole(1, i64::MAX)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
const LETTERS_SHAPE: Shape = Shape::Object(
    "PluginLetters",
    &[must("items", Shape::List(&LETTER, 1000)), must("next_cursor", Shape::Maybe(&TEXT))],
);
const ANSWER: Shape = Shape::Object(
    "PluginLetterAct",
    &[must("action", Shape::OneOf(&["retry", "drop"])), must("version", Shape::Whole(1, i64::MAX))],
);
const ANSWERED: Shape = Shape::Object("PluginLetterDone", &[must("done", Shape::Bool)]);

/// Document of the letters.
pub const LETTERS: Doc =
    Doc::read("plugin", "What its hooks and jobs could not do and nobody has decided yet.", &LETTERS_SHAPE);
/// Document of answering one.
pub const ANSWERS: Doc = Doc::act(
    "plugin",
    "Tries again what a hook or job could not do, or lays it aside. `done` is false where it was refused again.",
    &ANSWER,
    &ANSWERED,
)
.refusals(&["state.changed", "action.not_allowed"]);
/// Document of the flows.
pub const FLOWS: Doc = Doc::read(
    "workflow",
    "Flows that plugins bring to the county; their cases are under `…/{plugin}/{flow}/cases`.",
    &WORKFLOWS,
);

fn lang(req: &HttpRequest) -> &'static str {
    if Asker::of(req.path(), req.headers()).lang == Lang::En { "en" } else { "zh" }
}

fn worked(work: &Work) -> Value {
    let took = &work.answered;
    json!({"answers": took.count, "p50_seconds": took.p50.as_secs_f64(), "p99_seconds": took.p99.as_secs_f64(),
        "deaths": work.deaths})
}

/// A plugin as this server's programs see it.
fn served(site: &Site, req: &HttpRequest, it: &Shown) -> Value {
    let work = site.app.plugins.work(&it.install).filter(|_| it.library);
    show(it, work.as_ref(), lang(req))
}

/// A plugin as programs and the command line see it; that knows no work of a server.
pub(crate) fn show(it: &Shown, work: Option<&Work>, lang: &str) -> Value {
    let codes = |all: &std::collections::BTreeSet<falin_app::plugin::Permission>| -> Vec<&'static str> {
        all.iter().map(|one| one.code()).collect()
    };
    let granted: Vec<&str> = it.install.permissions.split_whitespace().collect();
    json!({
        "id": it.install.id, "plugin": it.install.plugin, "name": it.manifest.name.in_language(lang),
        "state": it.install.state.code(), "package": summary(&it.manifest),
        "offered": it.offered.as_deref().map(summary), "previous": it.previous, "signed_by": it.signer,
        "offered_signed_by": it.other_signer,
        "library": it.library, "granted": granted, "ungranted": codes(&it.ungranted),
        "fits": it.misfits.is_empty(), "misfits": it.misfits, "open_cases": it.open_cases,
        "work": work.map(worked),
        "reason": it.install.reason,
        "allowed_actions": it.moves.iter().map(|one| one.code()).collect::<Vec<_>>(),
        "version": it.install.version,
    })
}

/// `GET /api/v1/plugins`.
///
/// # Errors
/// `access.denied`.
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let all = plugin::list(&site.app, &me.visitor).await?;
    let items: Vec<Value> = all.iter().map(|one| served(&site, &req, one)).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": null })))
}

/// `GET /api/v1/plugins/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<PluginNoun>) -> Answer {
    let found = plugin::one(&site.app, &me.visitor, id.0).await?;
    one(&req, 200, found.install.version, &served(&site, &req, &found))
}

/// `POST /api/v1/plugins`.
///
/// # Errors
/// See [`UPLOAD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    let done = plugin::upload(&site.app, &me.visitor, file.bytes.to_vec(), false).await?;
    one(&req, 201, done.install.version, &served(&site, &req, &done))
}

/// `POST /api/v1/plugins/{id}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PluginNoun>,
    body: crate::body::Body,
) -> Answer {
    plugin::one(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ACT)?;
    let wanted = Move::from_code(&given.action).ok_or_else(|| Refusal::field("action", "unknown"))?;
    let done = plugin::act(&site.app, &me.visitor, id.0, given.version, wanted).await?;
    one(&req, 200, done.install.version, &served(&site, &req, &done))
}

/// `GET /api/v1/plugins/{id}/letters`.
///
/// # Errors
/// `not_found`.
pub async fn letters(site: Data<Site>, me: Signed, id: PathId<PluginNoun>) -> Answer {
    let all = plugin::letters(&site.app, &me.visitor, id.0).await?;
    let item = |told: &plugin::Told| {
        let fields: Vec<Value> =
            told.fields.iter().map(|one| json!({"name": one.name, "code": one.code})).collect();
        let it = &told.letter;
        json!({
            "id": it.id, "kind": it.kind, "work": it.code, "about": told.about,
            "case_id": told.case.as_ref().map(|(id, _)| id), "code": told.code, "fields": fields,
            "tries": it.tries, "version": it.version,
        })
    };
    let items: Vec<Value> = all.iter().map(item).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": null })))
}

/// `POST /api/v1/plugins/{id}/letters/{letter}/actions`.
///
/// # Errors
/// See [`ANSWERS`].
pub async fn answer(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<PluginNoun>,
    body: crate::body::Body,
) -> Answer {
    let letter = crate::query::path_id::<falin_domain::words::LetterNoun>(&req, "letter")?;
    plugin::letters(&site.app, &me.visitor, id.0).await?;
    let given = Given::read(&req, &body, &ANSWER)?;
    let wanted =
        plugin::Answer::from_code(&given.action).ok_or_else(|| Refusal::field("action", "unknown"))?;
    let done = plugin::answer(&site.app, &me.visitor, (id.0, letter), given.version, wanted).await?;
    Ok(HttpResponse::Ok().json(json!({ "done": done })))
}

/// `GET /api/v1/workflows`.
///
/// # Errors
/// `access.denied`.
pub async fn flows(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    me.visitor.scope(Act::Read, Noun::Workflow)?;
    let flows = site.app.flows.all(me.visitor.county);
    let items: Vec<Value> = flows
        .iter()
        .filter_map(|flow| {
            let (plugin, name) = flow.id.split_once('/')?;
            Some(json!({"plugin": plugin, "flow": name, "name": flow.name.in_language(lang(&req)), "generation": flow.version}))
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next_cursor": null })))
}
