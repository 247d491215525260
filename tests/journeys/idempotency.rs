//! One key, one effect: a program that asks again, also sixteen at once, changes the county once.

use serde_json::json;

use crate::town::county::{COUNTY, token};
use crate::town::{Town, on_both};

on_both! {
    fn sixteen_at_once_add_one_firm_and_read_one_answer(backend) {
        let town = Town::start(backend);
        town.falin(&["user", "add", "admin", "--role", "county_admin", "--place", COUNTY]).ok();
        let secret = token(&town, "admin");
        let firm = json!({ "kind": "law_firm", "name": "甘肃讨赖河律师事务所" });
        let programs: Vec<_> = (0..16).map(|_| town.visitor().with_token(&secret)).collect();
        let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
            let firm = &firm;
            let asked = programs.into_iter().map(|program| {
                scope.spawn(move || {
                    let answer = program.call_once("one-firm", "/api/v1/firms", firm);
                    (answer.status, answer.body())
                })
            });
            asked.collect::<Vec<_>>().into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert_eq!(answers[0].0, 201, "{}", answers[0].1);
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        let program = town.visitor().with_token(&secret);
        let later = program.call_once("one-firm", "/api/v1/firms", &firm);
        assert_eq!((later.status, later.body()), answers[0]);
        let found = program.get("/api/v1/firms?q=gansutaolaihe").is(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        let other = json!({ "kind": "law_firm", "name": "甘肃北大河律师事务所" });
        program.call_once("one-firm", "/api/v1/firms", &other).refused(422, "idempotency.mismatch");
        program.call_once("", "/api/v1/firms", &other).refused(422, "form.invalid");
    }

    fn an_answer_outlives_the_server_that_gave_it(backend) {
        let mut town = Town::start(backend);
        town.falin(&["user", "add", "admin", "--role", "county_admin", "--place", COUNTY]).ok();
        let secret = token(&town, "admin");
        let firm = json!({ "kind": "notary_office", "name": "嘉峪关市雄关公证处" });
        let first = town.visitor().with_token(&secret).call_once("night", "/api/v1/firms", &firm).is(201);
        assert!(first.header("idempotency-replayed").is_none());
        town.stop();
        town.serve();
        let second = town.visitor().with_token(&secret).call_once("night", "/api/v1/firms", &firm).is(201);
        assert_eq!(second.header("idempotency-replayed"), Some("true"));
        assert_eq!(first.body(), second.body());
        assert_eq!(first.header("etag"), second.header("etag"));
    }
}
