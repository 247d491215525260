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

    fn what_was_revealed_is_never_replayed(backend) {
        let town = Town::start(backend);
        town.falin(&["user", "add", "window", "--role", "clerk", "--place", COUNTY]).ok();
        let clerk = town.visitor().with_token(&token(&town, "window"));
        let home = clerk.get("/api/v1/households").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/households/{home}/actions");
        let reveal = json!({"action": "reveal", "reason": "contact"});
        for entries in 1..=2 {
            let clear = clerk.call_once("look", &path, &reveal).is(200);
            assert!(clear.header("idempotency-replayed").is_none() && clear.json()["sealed"]["id_number"].is_string());
            let revealed = "SELECT count(*) FROM journal_entry WHERE event = 'household.revealed'";
            assert_eq!(town.number(revealed), entries, "each look has its own entry");
        }
        assert_eq!(town.number("SELECT count(*) FROM idempotency"), 0, "nothing of it is kept");
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
