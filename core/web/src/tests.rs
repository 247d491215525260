//! The door as a whole: gate, observer and table together, asked as a browser or a program asks.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{Bytes, Data};
use actix_web::{App, Error, HttpResponse};
use falin_domain::access::{Act, Noun, Post, Role, Visitor};
use falin_domain::words::Id;
use serde_json::{Value, json};

use crate::body::Body;
use crate::look::Look;
use crate::openapi::{Doc, PAGE};
use crate::problem::Answer;
use crate::routes::{Access, Route, register};
use crate::shape::{Shape, must};
use crate::site::{Settings, Site};
use crate::visitor::{Signed, form_token, secret_hash};
use crate::{health, observe, visitor};

const ROOM: Shape =
    Shape::Object("Room", &[must("name", Shape::Text(20)), must("seats", Shape::Whole(1, 500))]);
const ROOMS: Shape = crate::listed!("Rooms", ROOM);
const LIST: Doc = Doc::read("room", "Rooms.", &ROOMS).query(&PAGE);
const ADD: Doc = Doc::create("room", "Adds a room.", &ROOM, &ROOM);

async fn ok() -> HttpResponse {
    HttpResponse::Ok().json(json!({}))
}

async fn add(_: Signed, body: Body) -> Answer {
    let room: Value = body.json(&ROOM)?;
    Ok(HttpResponse::Created().json(room))
}

async fn panics() -> HttpResponse {
    panic!("a secret in the message")
}

fn table() -> Vec<Route> {
    let post = |path, access| Route::new(Method::POST, path, access, add);
    vec![
        Route::new(Method::GET, "/zh/page", Access::Public, ok),
        Route::new(Method::GET, "/desk/households/{id}", Access::Needs(Act::Read, Noun::Household), ok),
        Route::new(Method::POST, "/desk/form", Access::SignedIn, ok),
        Route::new(Method::GET, "/zh/panic", Access::Public, panics),
        Route::new(Method::GET, "/readyz", Access::Open, health::readyz),
        Route::new(Method::GET, "/api/v1/rooms", Access::Public, ok).doc(&LIST),
        post("/api/v1/rooms", Access::Needs(Act::Write, Noun::Room)).doc(&ADD),
    ]
}

fn visitor(role: Role) -> Visitor {
    let id = |n| uuid::Uuid::from_u128(n);
    let county = Id::from_uuid(id(1));
    Visitor {
        account: Some(Id::from_uuid(id(2))),
        county,
        posts: vec![Post { role, county, place: None }],
        worker: None,
        token: None,
    }
}

pub(crate) fn site(settings: Settings) -> Site {
    static HOUSE: OnceLock<(Arc<Look>, falin_app::App)> = OnceLock::new();
    let (look, app) = HOUSE.get_or_init(|| {
        let data = std::env::temp_dir().join(format!("falin-door-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let settings = falin_app::Settings { data, database: None, now: None };
        (Arc::new(Look::load(None).unwrap()), falin_app::App::open(&settings).unwrap())
    });
    let mut site = Site::new(settings, Arc::clone(look), app.clone());
    site.authenticate = Arc::new(|credential| {
        let known =
            [("admin", Role::CountyAdmin), ("resident", Role::Resident), ("auditor", Role::AuditAdmin)];
        let found = known.into_iter().find(|(secret, _)| secret_hash(secret) == credential.hash);
        Box::pin(std::future::ready(Ok(found.map(|(_, role)| visitor(role)))))
    });
    site
}

pub(crate) struct Told {
    pub status: u16,
    headers: actix_web::http::header::HeaderMap,
    pub body: String,
}

impl Told {
    pub fn code(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

pub(crate) async fn told(answer: Result<ServiceResponse<BoxBody>, Error>) -> Told {
    let answer = match answer {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    };
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.into_body().try_into_bytes().unwrap();
    Told { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

async fn ask_at(settings: Settings, requests: Vec<TestRequest>) -> Vec<Told> {
    let app = App::new().app_data(Data::new(site(settings))).wrap(from_fn(observe::around));
    let app = init_service(app.configure(|config| register(&table(), config))).await;
    let mut answers = Vec::new();
    for request in requests {
        answers.push(told(app.call(request.to_request()).await).await);
    }
    answers
}

async fn ask(request: TestRequest) -> Told {
    ask_at(Settings::default(), vec![request]).await.remove(0)
}

fn get(uri: &str) -> TestRequest {
    TestRequest::get().uri(uri)
}

fn post(uri: &str) -> TestRequest {
    TestRequest::post().uri(uri)
}

fn bearer(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {token}")))
}

#[actix_web::test]
async fn whatever_goes_wrong_has_one_form() {
    let room = json!({"name": "一号", "seats": 3});
    let json = |text: &str| {
        let request =
            bearer(post("/api/v1/rooms"), "admin").insert_header(("content-type", "application/json"));
        request.set_payload(text.to_owned())
    };
    let large = json(&"x".repeat(300 << 10)).insert_header(("content-length", (300 << 10).to_string()));
    let plain = bearer(post("/api/v1/rooms"), "admin").set_payload("x");
    let cases = [
        (get("/api/v1/nothing"), 404, "not_found"),
        (TestRequest::delete().uri("/api/v1/rooms"), 405, "request.method"),
        (get("/api/v1/rooms?nmae=x"), 422, "form.invalid"),
        (get("/api/v1/rooms?limit=%ff"), 400, "request.malformed"),
        (post("/api/v1/rooms"), 401, "access.unauthenticated"),
        (bearer(post("/api/v1/rooms"), "wrong"), 401, "access.unauthenticated"),
        (bearer(post("/api/v1/rooms"), "resident"), 403, "access.denied"),
        (json("{"), 400, "request.malformed"),
        (json("{\"name\": 1}"), 422, "form.invalid"),
        (plain, 415, "request.media_type"),
        (large, 413, "form.too_large"),
        (json(&room.to_string()), 201, ""),
    ];
    for (request, status, code) in cases {
        let told = ask(request.insert_header(("accept-language", "en"))).await;
        assert_eq!((told.status, told.code().as_str()), (status, code), "{}", told.body);
        let form = if status < 400 { "application/json" } else { "application/problem+json" };
        assert_eq!(told.header("content-type"), form);
        assert_eq!(told.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(ask(TestRequest::delete().uri("/api/v1/rooms")).await.header("allow"), "GET, POST, HEAD");
}

#[actix_web::test]
async fn a_panic_is_a_problem_with_an_id_and_without_its_message() {
    let program = ask(get("/zh/panic")).await;
    assert_eq!((program.status, program.code().as_str()), (500, "server.failed"));
    assert!(program.body.contains("urn:falin:request:") && !program.body.contains("secret"));
    let person = ask(get("/zh/panic").insert_header(("accept", "text/html"))).await;
    assert_eq!((person.status, person.header("content-type")), (500, "text/html; charset=utf-8"));
    assert!(person.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[actix_web::test]
async fn what_one_may_not_see_does_not_exist() {
    let ask_as = |token| ask(bearer(get("/desk/households/0190a0a0-0000-7000-8000-000000000000"), token));
    assert_eq!(ask_as("admin").await.status, 200);
    assert_eq!(ask_as("auditor").await.status, 404);
}

#[actix_web::test]
async fn a_person_is_sent_to_sign_in_and_back() {
    let told = ask(get("/desk/households/1?a=b&c").insert_header(("accept", "text/html"))).await;
    assert_eq!(told.status, 303);
    assert!(
        told.header("location").ends_with("?next=/desk/households/1%3Fa%3Db%26c"),
        "{}",
        told.header("location")
    );
}

#[actix_web::test]
async fn forms_of_others_are_refused() {
    let form = |token: &str| {
        let request = post("/desk/form").insert_header(("cookie", "sid=admin"));
        let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
        request.set_payload(format!("a=1&csrf={token}"))
    };
    let good = form_token("admin");
    assert_eq!(ask(form(&good)).await.status, 200);
    assert_eq!(ask(form(&good).insert_header(("origin", "http://localhost:8080"))).await.status, 200);
    for (request, name) in [
        (form(""), "missing"),
        (form(&form_token("resident")), "another session's"),
        (form(&good).insert_header(("origin", "https://evil.example")), "evil origin"),
        (form(&good).insert_header(("sec-fetch-site", "cross-site")), "cross-site"),
    ] {
        let told = ask(request).await;
        assert_eq!((told.status, told.code().as_str()), (403, "csrf.invalid"), "{name}");
    }
    let header =
        post("/desk/form").insert_header(("cookie", "sid=admin")).insert_header(("x-csrf-token", good));
    assert_eq!(ask(header).await.status, 200);
}

#[actix_web::test]
async fn a_flood_from_one_address_ends_and_a_forged_header_does_not_help() {
    let from = |i: usize| {
        let forged = format!("10.0.{}.{}", i / 250, i % 250);
        get("/zh/page").peer_addr("192.0.2.1:9".parse().unwrap()).insert_header(("x-forwarded-for", forged))
    };
    let answers = ask_at(Settings::default(), (0..1500).map(from).collect()).await;
    let refused: Vec<&Told> = answers.iter().filter(|told| told.status == 429).collect();
    assert!(refused.len() > 500, "{}", refused.len());
    assert_eq!((refused[0].code().as_str(), refused[0].header("retry-after")), ("rate.limited", "1"));
    let program = |_| bearer(get("/zh/page"), "admin").peer_addr("192.0.2.1:9".parse().unwrap());
    let answers = ask_at(Settings::default(), (0..1000).map(program).collect()).await;
    assert!(answers.iter().all(|told| told.status == 200));
    let off = Settings { flood: 0.0, ..Settings::default() };
    assert!(ask_at(off, (0..1000).map(from).collect()).await.iter().all(|told| told.status == 200));
}

#[actix_web::test]
async fn a_slow_body_is_refused_in_time() {
    let settings = Settings { body_grace: Duration::from_millis(50), ..Settings::default() };
    let app = App::new().app_data(Data::new(site(settings))).wrap(from_fn(observe::around));
    let app = init_service(app.configure(|config| register(&table(), config))).await;
    let drop = futures_util::stream::once(std::future::ready(Ok(Bytes::from_static(b"{"))));
    let never = futures_util::StreamExt::chain(drop, futures_util::stream::pending());
    let payload: Payload = Payload::Stream { payload: Box::pin(never) };
    let mut request = bearer(post("/api/v1/rooms"), "admin").set_payload("{").to_request();
    *request.payload() = payload;
    let told = told(app.call(request).await).await;
    assert_eq!((told.status, told.code().as_str()), (408, "request.timeout"));
}

#[actix_web::test]
async fn cookies_of_plain_http_do_not_count_over_tls() {
    let settings = Settings { https: true, ..Settings::default() };
    let requests = ["sid=admin", "__Host-sid=admin"].map(|cookie| {
        get("/desk/households/1")
            .insert_header(("cookie", cookie))
            .insert_header(("accept", "application/json"))
    });
    let answers = ask_at(settings, requests.into()).await;
    assert_eq!([answers[0].status, answers[1].status], [401, 200]);
    assert!(answers[0].header("strict-transport-security").starts_with("max-age="));
    assert!(visitor::session_cookie("x", true, None).to_str().unwrap().contains("; Secure"));
}

#[actix_web::test]
async fn ready_once_nothing_is_waited_for() {
    let site = site(Settings::default());
    let site = Data::new(site);
    let app = App::new().app_data(site.clone()).wrap(from_fn(observe::around));
    let app = init_service(app.configure(|config| register(&table(), config))).await;
    let waiting = told(app.call(get("/readyz").to_request()).await).await;
    assert_eq!((waiting.status, waiting.header("content-type")), (503, "application/json"));
    site.health.wait_for(None);
    assert_eq!(told(app.call(get("/readyz").to_request()).await).await.status, 200);
}
