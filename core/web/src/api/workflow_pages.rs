//! `/api/v1/workflow-pages`: a workflow's own pages as what their templates see, and the forms below them.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::plugin::{self, PageSeen};
use falin_domain::page::{Mark, Page};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::workflow::{Manner, Values};
use serde_json::{Value, json};
use uuid::Uuid;

use super::listed;
use crate::body::{Body, Fields};
use crate::look::Lang;
use crate::openapi::{Doc, PAGE};
use crate::problem::{Answer, Asker};
use crate::query::Query;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const NAME: Shape = Shape::Text(200);
const LINE: Shape =
    Shape::Object("WorkflowPageLine", &[must("plugin", NAME), must("page", NAME), must("name", NAME)]);
const FORM: Shape = Shape::Object(
    "WorkflowPageForm",
    &[must("action", Shape::Text(60)), must("name", NAME), must("schema", Shape::Any)],
);
const SEEN: Shape = Shape::Object(
    "WorkflowPage",
    &[
        must("plugin", NAME),
        must("page", NAME),
        must("name", NAME),
        must("content", Shape::Any),
        must("forms", Shape::List(&FORM, 100)),
    ],
);
const DONE: Shape =
    Shape::Object("WorkflowPagePressed", &[must("page", NAME), must("said", Shape::Text(1000))]);
const ACT: Shape = Shape::Made(act_schema);

fn act_schema() -> Value {
    json!({"type": "object", "required": ["action"], "properties": {"action": {"type": "string", "maxLength": 60}}})
}

/// Document of the list.
pub const LIST: Doc = Doc::read(
    "workflow",
    "Pages of the county's workflows that the caller may open.",
    &crate::listed!("WorkflowPages", LINE),
)
.query(&PAGE);
/// Document of one.
pub const ONE: Doc = Doc::read(
    "workflow",
    "What a page shows: its lists, figures and what its library makes of them, and the schema of each form below it. \
     `query` is what a person's address would carry, such as `month=2026-03`.",
    &SEEN,
)
.query(&[may("query", Shape::Text(2000))]);
/// Document of a form.
pub const ACTS: Doc = Doc::act(
    "workflow",
    "Sends the form that `action` names, with its fields beside it; what it changes is kept whole or not at all, and \
     the house checks it as it stands. A form has no version: its library looks again where something has moved.",
    &ACT,
    &DONE,
)
.refusals(&["state.changed", "action.not_allowed"]);

fn lang(req: &HttpRequest) -> Lang {
    Asker::of(req.path(), req.headers()).lang
}

fn path(req: &HttpRequest) -> (&str, &str) {
    (req.match_info().query("plugin"), req.match_info().query("page"))
}

/// `GET /api/v1/workflow-pages`.
///
/// # Errors
/// `access.denied`.
pub async fn list(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let lang = lang(&req);
    let pages = plugin::pages_for(&site.app, &me.visitor).into_iter();
    let all: Vec<_> = pages
        .map(|(used, page)| {
            let name = page.name.in_language(lang.code()).to_owned();
            (used.name.clone(), page.path, name)
        })
        .collect();
    let mark = |it: &(String, String, String)| Mark { key: format!("{}/{}", it.0, it.1), id: Uuid::nil() };
    listed(
        Page::of_all(all, &query.window()?, mark),
        |(plugin, page, name)| json!({ "plugin": plugin, "page": page, "name": name }),
    )
}

fn show(it: &PageSeen, lang: Lang) -> Value {
    let form = |press: &falin_domain::workflow::Press| {
        let flow = press.flow(&it.plugin);
        let schema = flow.opening().map(|step| flow.schema(step, lang.code()));
        json!({ "action": press.code, "name": press.name.in_language(lang.code()), "schema": schema })
    };
    json!({
        "plugin": it.plugin, "page": it.path, "name": it.name.in_language(lang.code()),
        "content": it.context, "forms": it.presses.iter().map(form).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/workflow-pages/{plugin}/{page}`.
///
/// # Errors
/// See [`ONE`].
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, query: Query) -> Answer {
    let lang = lang(&req);
    let asked = Fields::parse(query.filled("query").unwrap_or_default().as_bytes())?;
    let asked: BTreeMap<String, String> = asked.0.into_iter().collect();
    let seen = plugin::page(&site.app, &me.visitor, path(&req), &asked, lang == Lang::En).await?;
    Ok(HttpResponse::Ok().json(show(&seen, lang)))
}

/// `POST /api/v1/workflow-pages/{plugin}/{page}/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let (app, visitor, lang) = (&site.app, &me.visitor, lang(&req));
    let (plugin, page) = path(&req);
    let seen = plugin::pages_for(app, visitor).into_iter();
    let mut seen = seen.filter(|(used, it)| used.name == plugin && it.path == page);
    let (used, _) = seen.next().ok_or_else(|| app.flows.missing(visitor.county, plugin))?;
    let mut values: Values = body.json(&ACT)?;
    let action = values.remove("action");
    let Some(action) = action.as_ref().and_then(Value::as_str) else {
        let code = if action.is_some() { "type" } else { "required" };
        return Err(Refusal::form(vec![FieldError::new("action", code)]).into());
    };
    let given = (&values, Manner::Program);
    let done = plugin::press(app, visitor, (plugin, page, action), given).await?;
    let said = used.manifest.text.get(&done.said).map(|words| words.in_language(lang.code()));
    Ok(HttpResponse::Ok().json(json!({ "page": done.page, "said": said.unwrap_or_default() })))
}
