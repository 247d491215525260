//! The OpenAPI 3.1 document, built from the route table: each route, each status, each problem code, each role.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use falin_domain::access::{self, Role};
use falin_domain::refusal::TABLE;
use serde_json::{Map, Value, json};

use crate::cache::Ready;
use crate::routes::{self, Access, Route};
use crate::shape::{self, Member, Shape, may, must};

/// What a program must know about one API route.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// One line: what it does.
    pub summary: &'static str,
    /// The noun under which it is listed.
    pub tag: &'static str,
    /// Query parameters; `limit` and `cursor` of a list are [`PAGE`].
    pub query: &'static [Member],
    /// The JSON body; None where there is none.
    pub body: Option<&'static Shape>,
    /// The answer when all goes well.
    pub reply: Reply,
    /// Codes of refusals of its own, beside those that every route of its kind shares.
    pub refusals: &'static [&'static str],
}

/// The answer when all goes well.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// This status with this JSON.
    Json(u16, &'static Shape),
    /// 200 with a file of this media type.
    File(&'static str),
    /// 204.
    Nothing,
}

/// Query parameters of every list.
pub const PAGE: [Member; 2] = [
    may("limit", Shape::Whole(1, falin_domain::page::MOST as i64)),
    may("cursor", Shape::Text(crate::cursor::LONGEST)),
];

/// A problem (RFC 9457).
const PROBLEM: Shape = Shape::Object(
    "Problem",
    &[
        must("type", Shape::Text(200)),
        must("title", Shape::Text(1000)),
        must("status", Shape::Whole(400, 599)),
        must("detail", Shape::Text(4000)),
        must("code", Shape::Code(codes)),
        may("instance", Shape::Text(100)),
        may("fields", Shape::List(&FIELD, 5000)),
        may("conflicts", Shape::List(&CONFLICT, 4)),
    ],
);

const CONFLICT: Shape = Shape::Object("Conflict", &[must("kind", Shape::Code(conflict_kinds))]);

fn conflict_kinds() -> Vec<&'static str> {
    falin_domain::booking::ConflictKind::ALL.iter().map(|kind| kind.code()).collect()
}

const FIELD: Shape = Shape::Object(
    "FieldFault",
    &[
        must("name", Shape::Text(1000)),
        must("code", Shape::Text(100)),
        must("detail", Shape::Text(2000)),
        // Of a fault in a file that was handed in: its arguments, the way to it, its line.
        may("args", Shape::Any),
        may("place", Shape::Text(1000)),
        may("line", Shape::Whole(1, i64::MAX)),
    ],
);

fn codes() -> Vec<&'static str> {
    TABLE.iter().map(|row| row.0).collect()
}

impl Doc {
    /// A plain GET of one thing or list.
    pub const fn read(tag: &'static str, summary: &'static str, reply: &'static Shape) -> Self {
        Self { summary, tag, query: &[], body: None, reply: Reply::Json(200, reply), refusals: &[] }
    }

    /// The same with query parameters.
    pub const fn query(self, query: &'static [Member]) -> Self {
        Self { query, ..self }
    }

    /// A POST that adds something: 201.
    pub const fn create(
        tag: &'static str,
        summary: &'static str,
        body: &'static Shape,
        reply: &'static Shape,
    ) -> Self {
        Self { summary, tag, query: &[], body: Some(body), reply: Reply::Json(201, reply), refusals: &[] }
    }

    /// A POST that acts on something: 200 with the new state.
    pub const fn act(
        tag: &'static str,
        summary: &'static str,
        body: &'static Shape,
        reply: &'static Shape,
    ) -> Self {
        Self { summary, tag, query: &[], body: Some(body), reply: Reply::Json(200, reply), refusals: &[] }
    }

    /// The same with refusals of its own.
    pub const fn refusals(self, refusals: &'static [&'static str]) -> Self {
        Self { refusals, ..self }
    }

    /// True where it is a list in pages.
    pub fn paged(&self) -> bool {
        self.query.iter().any(|param| param.name == "cursor")
    }
}

/// `GET /api/openapi.json`. The same bytes for everybody and the life of the process.
pub async fn serve(req: HttpRequest) -> HttpResponse {
    static READY: OnceLock<Ready> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let text = serde_json::to_vec(&document(&routes::all())).unwrap_or_default();
        Ready::new(Bytes::from(text), "application/json", 0)
    });
    ready.answer(&req)
}

/// The document of these routes.
pub fn document(routes: &[Route]) -> Value {
    let mut named = Map::new();
    let problem = shape::schema(&PROBLEM, &mut named);
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let Some(doc) = route.doc else { continue };
        let method = route.method.as_str().to_ascii_lowercase();
        paths.entry(route.path).or_default().insert(method, operation(route, doc, &problem, &mut named));
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Falin", "version": "1", "description": ABOUT, "license": {"name": "Apache-2.0",
            "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sid",
                    "description": "`__Host-sid` over TLS; changing requests carry X-CSRF-Token."}
            }
        },
        "x-roles": Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>(),
    })
}

const ABOUT: &str = "Public legal service of a county. Problems are application/problem+json with a stable `code`; \
lists are paged by `cursor`; a POST with the same Idempotency-Key and body gives the same answer for 7 days. \
What one may not see does not exist (404).";

fn operation(route: &Route, doc: &Doc, problem: &Value, named: &mut Map<String, Value>) -> Value {
    let mut whole = Map::new();
    whole.insert("summary".into(), json!(doc.summary));
    whole.insert("tags".into(), json!([doc.tag]));
    whole.insert("operationId".into(), json!(operation_id(route)));
    whole.insert("parameters".into(), parameters(route, doc, named));
    if let Some(body) = doc.body {
        let schema = shape::schema(body, named);
        whole.insert(
            "requestBody".into(),
            json!({"required": true, "content": {"application/json": {"schema": schema}}}),
        );
    } else if route.takes_files() {
        whole.insert("requestBody".into(), uploaded());
    }
    whole.insert("responses".into(), responses(route, doc, problem, named));
    let roles = roles(route.access);
    whole.insert("x-roles".into(), json!(roles));
    if route.access == Access::Public {
        whole.insert("security".into(), json!([]));
    } else {
        whole.insert("security".into(), json!([{"token": []}, {"session": []}]));
    }
    Value::Object(whole)
}

/// `GET /api/v1/firms/{id}` is `get_firms_id`.
fn operation_id(route: &Route) -> String {
    let path =
        route.path.trim_start_matches("/api/v1/").replace(['/', '-', '.'], "_").replace(['{', '}'], "");
    format!("{}_{path}", route.method.as_str().to_ascii_lowercase())
}

/// Roles that may, as codes; for signed-in routes all, for public ones none is needed.
fn roles(access: Access) -> Vec<&'static str> {
    match access {
        Access::Open | Access::Public => Vec::new(),
        Access::SignedIn => Role::ALL.iter().map(|role| role.code()).collect(),
        Access::Needs(act, noun) => {
            access::roles_for(act, noun).into_iter().map(|role| role.code()).collect()
        }
    }
}

fn parameters(route: &Route, doc: &Doc, named: &mut Map<String, Value>) -> Value {
    let mut list = Vec::new();
    for name in path_names(route.path) {
        let schema = if name == "id" {
            json!({"type": "string", "format": "uuid"})
        } else {
            json!({"type": "string"})
        };
        list.push(json!({"name": name, "in": "path", "required": true, "schema": schema}));
    }
    for param in doc.query {
        let schema = shape::schema(&param.shape, named);
        list.push(json!({"name": param.name, "in": "query", "required": param.required, "schema": schema}));
    }
    if route.method == Method::POST {
        list.push(json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}}));
    }
    Value::Array(list)
}

/// The names between braces of a path pattern.
pub fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next())
}

/// A file as a browser's form sends it (RFC 7578); what else the form may hold is told in the line's description.
fn uploaded() -> Value {
    let file = json!({"type": "string", "format": "binary"});
    let form = json!({"type": "object", "required": ["file"], "properties": {"file": file}});
    json!({"required": true, "content": {"multipart/form-data": {"schema": form}}})
}

fn responses(route: &Route, doc: &Doc, problem: &Value, named: &mut Map<String, Value>) -> Value {
    let mut answers = Map::new();
    match doc.reply {
        Reply::Json(status, shape) => {
            let schema = shape::schema(shape, named);
            answers.insert(
                status.to_string(),
                json!({"description": "Done.", "content": {"application/json": {"schema": schema}}}),
            );
        }
        Reply::File(media) => {
            answers.insert("200".into(), json!({"description": "The file.", "content": {media: {}}}));
        }
        Reply::Nothing => {
            answers.insert("204".into(), json!({"description": "Done."}));
        }
    }
    if route.method == Method::GET {
        answers.insert("304".into(), json!({"description": "Your copy is still good (If-None-Match)."}));
    }
    for (status, codes) in problems(route, doc) {
        answers.insert(
            status.to_string(),
            json!({
                "description": codes.join(" · "), "x-codes": codes,
                "content": {"application/problem+json": {"schema": problem}}
            }),
        );
    }
    Value::Object(answers)
}

/// Every code that the route can answer, by status: its own and those of its kind.
pub fn problems(route: &Route, doc: &Doc) -> BTreeMap<u16, Vec<&'static str>> {
    // A misspelt filter is refused on each of them.
    let mut codes: Vec<&str> =
        vec!["rate.limited", "request.malformed", "server.failed", "database.busy", "form.invalid"];
    let when = |wanted: bool, more: &'static [&'static str]| if wanted { more } else { &[] };
    codes.extend(when(!matches!(route.access, Access::Open | Access::Public), &["access.unauthenticated"]));
    codes.extend(when(matches!(route.access, Access::Needs(..)), &["access.denied"]));
    codes.extend(when(route.path.contains('{'), &["not_found"]));
    codes.extend(when(doc.paged(), &["page.limit", "page.cursor"]));
    // Whatever a plugin's library is asked, it can refuse, break at, or be locked away for.
    let library =
        &["package.revoked", "plugin.asleep", "plugin.failed", "plugin.quarantined", "plugin.refused"];
    codes.extend(when(route.path.contains("{plugin}"), library));
    // What is only stored is told apart from what is not there, to whoever could have seen it.
    use falin_domain::access::Noun::{Aid, Booking, Consultation, Mediation, Paper, ServiceLog, Workflow};
    let cases = matches!(
        route.access,
        Access::Needs(_, Aid | Booking | Consultation | Mediation | Paper | ServiceLog | Workflow)
    );
    codes.extend(when(cases, &["case.restricted", "household.restricted"]));
    let changing = route.method != Method::GET;
    codes.extend(when(
        changing,
        &["csrf.invalid", "form.too_large", "request.timeout", "database.unwritable", "database.unsure"],
    ));
    codes.extend(when(route.method == Method::POST, &["idempotency.acted", "idempotency.mismatch"]));
    codes.extend(when(doc.body.is_some() || route.takes_files(), &["request.media_type"]));
    codes.extend(doc.refusals);
    codes.sort_unstable();
    codes.dedup();
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (code, kind) in TABLE.iter().filter(|row| codes.contains(&row.0)) {
        by_status.entry(kind.status()).or_default().push(code);
    }
    by_status
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use falin_domain::access::{Act, Noun};

    const FIRM: Shape = Shape::Object("Firm", &[must("id", Shape::Uuid), must("name", Shape::Text(200))]);
    const FIRMS: Shape = crate::listed!("Firms", FIRM);
    const LIST: Doc = Doc::read("firm", "Firms.", &FIRMS).query(&PAGE);
    const ADD: Doc = Doc::create("firm", "Adds a firm.", &FIRM, &FIRM).refusals(&["firm.duplicate"]);

    async fn nothing() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[test]
    fn each_route_tells_its_statuses_codes_and_roles() {
        let table = [
            Route::new(Method::GET, "/api/v1/firms", Access::Public, nothing).doc(&LIST),
            Route::new(Method::POST, "/api/v1/firms", Access::Needs(Act::Write, Noun::Firm), nothing)
                .doc(&ADD),
            Route::new(Method::GET, "/healthz", Access::Open, nothing),
        ];
        let document = document(&table);
        assert_eq!(document["openapi"], "3.1.0");
        let list = &document["paths"]["/api/v1/firms"]["get"];
        assert_eq!(list["security"], json!([]));
        assert_eq!(list["responses"]["400"]["x-codes"], json!(["page.limit", "request.malformed"]));
        let add = &document["paths"]["/api/v1/firms"]["post"];
        assert_eq!(add["x-roles"], json!(["county_admin"]));
        assert_eq!(add["responses"]["409"]["x-codes"], json!(["firm.duplicate", "idempotency.acted"]));
        assert_eq!(
            add["responses"]["201"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/Firm"
        );
        assert!(document["paths"].get("/healthz").is_none());
        assert!(
            document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
                .as_array()
                .unwrap()
                .len()
                > 50
        );
    }

    #[test]
    fn every_code_that_a_route_names_is_in_the_table() {
        for doc in routes::all().iter().filter_map(|route| route.doc) {
            for code in doc.refusals {
                assert!(TABLE.iter().any(|row| row.0 == *code), "{code}");
            }
        }
    }
}
