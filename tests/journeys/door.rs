//! The door itself, whatever stands behind it: it opens, says what it is, refuses in words, and closes in order.

use std::process::Command;
use std::time::Instant;

use crate::town::{Town, on_both};

on_both! {
    fn an_empty_house_makes_itself_serves_and_closes(backend) {
        let started = Instant::now();
        let mut town = Town::empty(backend);
        town.serve();
        assert!(started.elapsed().as_secs() < 20);
        let visitor = town.visitor();
        assert_eq!(visitor.get("/healthz").is(200).json()["status"], "alive");
        visitor.get("/readyz").is(200);
        town.stop();
        // The same data, once more: key, schema and database are found again.
        town.serve();
        town.visitor().get("/readyz").is(200);
    }
}

#[test]
fn every_answer_carries_its_guards() {
    let mut town = Town::empty(crate::town::Backend::Sqlite);
    town.serve();
    for path in ["/healthz", "/nowhere", "/api/v1/nowhere", "/api/openapi.json"] {
        let answer = town.visitor().get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("server").is_none(), "{path} says who made it");
    }
}

#[test]
fn programs_get_problems_and_people_get_pages_in_their_language() {
    let mut town = Town::empty(crate::town::Backend::Sqlite);
    town.serve();
    let visitor = town.visitor();
    let problem = visitor.get("/api/v1/nowhere").refused(404, "not_found").json();
    for member in ["type", "title", "status", "detail", "code"] {
        assert!(!problem[member].is_null(), "{problem}");
    }
    let english = town.visitor().in_english().get("/api/v1/nowhere").json();
    assert_ne!(english["title"], problem["title"]);
    let metrics = visitor.get("/metrics").status;
    assert!(metrics == 401 || metrics == 200, "{metrics}: a page of the operator, open or to sign in");
    assert_eq!(visitor.call("POST", "/healthz", &serde_json::Value::Null).status, 405);
    assert_eq!(visitor.get("/api/openapi.json").is(200).json()["openapi"], "3.1.0");
}

#[test]
fn wrong_words_end_with_two_and_help_with_nothing() {
    let town = Town::empty(crate::town::Backend::Sqlite);
    town.falin(&["dance"]).ended(2);
    town.falin(&["serve", "--listen"]).ended(2);
    for words in [["--help"].as_slice(), &["serve", "--help"], &["--version"]] {
        assert!(!town.falin(words).ok().stdout.is_empty());
    }
    assert_eq!(std::fs::read_dir(town.data()).unwrap().count(), 0, "help made something");
}

#[test]
fn a_key_that_has_gone_is_missed_before_anything_is_written() {
    let mut town = Town::empty(crate::town::Backend::Sqlite);
    town.serve();
    town.stop();
    std::fs::remove_dir_all(town.data().join("keys")).unwrap();
    let refused = town.falin(&["serve", "--listen", "127.0.0.1:0"]).ended(1);
    assert!(!refused.stderr.is_empty());
    assert!(!town.data().join("keys").exists(), "a new key over sealed data");
}

#[test]
fn keys_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mut town = Town::empty(crate::town::Backend::Sqlite);
    town.serve();
    let keys: Vec<_> = std::fs::read_dir(town.data().join("keys")).unwrap().flatten().collect();
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(key.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", key.path());
    }
}

#[test]
fn a_killed_server_starts_again() {
    let mut town = Town::empty(crate::town::Backend::Sqlite);
    town.serve();
    let pid = town.server().id().to_string();
    Command::new("kill").args(["-s", "KILL", &pid]).status().unwrap();
    town.forget_killed();
    let started = Instant::now();
    town.serve();
    town.visitor().get("/readyz").is(200);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
