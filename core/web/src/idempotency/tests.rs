//! One key, one effect: asked one after the other, sixteen at once, with another body, and after a refusal.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use actix_web::dev::Service;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpResponse};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::body::Body;
use crate::observe;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::routes::{Access, Route, register};
use crate::shape::{Shape, must};
use crate::site::Settings;
use crate::tests::{Told, site, told};

const WISH: Shape =
    Shape::Object("Wish", &[must("name", Shape::Text(40)), must("status", Shape::Whole(0, 999))]);
const WISHES: Doc = Doc::create("room", "Does what is wished.", &WISH, &WISH);

/// How often each wish had an effect.
static EFFECTS: LazyLock<Mutex<HashMap<String, u32>>> = LazyLock::new(Mutex::default);

async fn wish(body: Body) -> Answer {
    let wish: Value = body.json(&WISH)?;
    let name = wish["name"].as_str().unwrap().to_owned();
    let count = {
        let mut effects = EFFECTS.lock().unwrap();
        let count = effects.entry(name).or_default();
        *count += 1;
        *count
    };
    actix_web::rt::time::sleep(Duration::from_millis(30)).await;
    match wish["status"].as_u64() {
        Some(404) => Err(Refusal::absent().into()),
        Some(409) => Err(Refusal::new("state.changed").into()),
        Some(500) => panic!("on purpose"),
        _ => Ok(HttpResponse::Created().insert_header(("etag", "\"1\"")).json(json!({ "count": count }))),
    }
}

fn effects(name: &str) -> u32 {
    EFFECTS.lock().unwrap().get(name).copied().unwrap_or(0)
}

fn asked(token: &str, key: &str, name: &str, status: u16) -> TestRequest {
    TestRequest::post()
        .uri("/api/v1/wishes")
        .insert_header(("authorization", format!("Bearer {token}")))
        .insert_header(("content-type", "application/json"))
        .insert_header(("idempotency-key", key))
        .set_payload(json!({ "name": name, "status": status }).to_string())
}

async fn all(requests: Vec<TestRequest>) -> Vec<Told> {
    let site = Data::new(site(Settings::default()));
    let app = App::new().app_data(site).wrap(from_fn(observe::around));
    let access = Access::Needs(Act::Write, Noun::Room);
    let table = [Route::new(Method::POST, "/api/v1/wishes", access, wish).doc(&WISHES)];
    let app = init_service(app.configure(move |config| register(&table, config))).await;
    let calls = requests.into_iter().map(|request| app.call(request.to_request()));
    let mut answers = Vec::new();
    for answer in join_all(calls).await {
        answers.push(told(answer).await);
    }
    answers
}

async fn one(request: TestRequest) -> Told {
    all(vec![request]).await.remove(0)
}

#[actix_web::test]
async fn sixteen_at_once_have_one_effect_and_one_answer() {
    let answers = all((0..16).map(|_| asked("admin", "k16", "sixteen", 201)).collect()).await;
    assert_eq!(effects("sixteen"), 1);
    for answer in &answers {
        assert_eq!((answer.status, answer.body.as_str()), (201, "{\"count\":1}"));
        assert_eq!((answer.header("etag"), answer.header("content-type")), ("\"1\"", "application/json"));
    }
    let again = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true");
    assert_eq!(again.count(), 15);
}

#[actix_web::test]
async fn another_body_under_the_same_key_is_refused() {
    assert_eq!(one(asked("admin", "kb", "body", 201)).await.status, 201);
    let other = one(asked("admin", "kb", "another body", 201)).await;
    assert_eq!((other.status, other.code().as_str()), (422, "idempotency.mismatch"));
    assert_eq!((effects("body"), effects("another body")), (1, 0));
}

#[actix_web::test]
async fn what_the_domain_said_is_kept_and_what_may_change_is_not() {
    for (status, times) in [(409, 1), (404, 2), (500, 2)] {
        let (key, name) = (format!("ks{status}"), format!("status {status}"));
        let first = one(asked("admin", &key, &name, status)).await;
        let second = one(asked("admin", &key, &name, status)).await;
        assert_eq!((first.status, second.status), (status, status));
        assert_eq!(effects(&name), times, "{status}");
        if status == 409 {
            assert_eq!(first.body, second.body);
            assert_eq!(second.header("content-type"), "application/problem+json");
        }
    }
}

#[actix_web::test]
async fn a_key_is_short_and_visible() {
    for key in [String::new(), "a b".to_owned(), "x".repeat(256)] {
        let answer = one(asked("admin", &key, "odd key", 201)).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "form.invalid"), "{key}");
    }
    assert_eq!(effects("odd key"), 0);
    assert_eq!(one(asked("admin", &"x".repeat(255), "long key", 201)).await.status, 201);
    // Who may not do it learns nothing from a key.
    assert_eq!(one(asked("resident", "k16", "sixteen", 201)).await.status, 403);
}
