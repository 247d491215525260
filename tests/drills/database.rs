//! A PostgreSQL that is gone, under a server at work: nothing is acknowledged that is not kept, everybody is told so in
//! time, and the same process goes on once it is back.

use std::time::{Duration, Instant};

use serde_json::json;

use super::amount;
use crate::town::postgres::Cluster;
use crate::town::{Answer, Backend, Client, Town};

/// Longest wait for a refusal (trust.md "Durability": two seconds for the database, four for retries).
const PATIENCE: Duration = Duration::from_secs(6);
const PAGES: [&str; 3] = ["/zh/620200/", "/zh/620200/workers?q=zeng", "/en/620200/services"];

fn household(client: &Client, n: usize) -> Answer {
    let new = json!({"village": "620201101202", "head_name": "钻石", "note": format!("{n}")});
    client.call("POST", "/api/v1/households", &new)
}

/// Writes until one is acknowledged again.
fn back_in_time(client: &Client) -> String {
    let started = Instant::now();
    loop {
        let answer = household(client, 999_999);
        if answer.status == 201 {
            return answer.json()["id"].as_str().unwrap().to_owned();
        }
        assert!(started.elapsed() < Duration::from_secs(5), "no write is taken after the repair");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A county on a PostgreSQL of its own, which keeps what it acknowledges.
fn alone() -> Option<(Town, Cluster)> {
    if !Backend::Postgres.available() {
        return None;
    }
    let cluster = Cluster::start(true);
    let mut town = Town::prepared(Backend::Postgres);
    town.move_to(&cluster.create(None));
    town.serve();
    Some((town, cluster))
}

fn all_there(mut town: Town, clerk: &Client, kept: &[String]) {
    for id in kept {
        clerk.get(&format!("/api/v1/households/{id}")).is(200);
    }
    town.stop();
    town.falin(&["audit", "verify"]).ok();
}

#[test]
fn a_database_that_is_gone_costs_a_clear_refusal_and_nothing_else() {
    let Some((town, cluster)) = alone() else { return };
    let (clerk, process) = (town.program("clerk"), town.server().id());
    let mut kept = vec![household(&clerk, 0).is(201).json()["id"].as_str().unwrap().to_owned()];
    for round in 0..amount(2, 40) {
        cluster.cut();
        for (n, address) in PAGES.into_iter().enumerate() {
            let asked = Instant::now();
            household(&clerk, round * 100 + n).refused(503, "database.busy");
            let page = town.visitor().get(address);
            assert!(matches!(page.status, 200 | 503), "{address} gave {}", page.status);
            assert!(asked.elapsed() < PATIENCE * 2, "{:?}", asked.elapsed());
        }
        town.visitor().get("/healthz").is(200);
        cluster.start_again();
        kept.push(back_in_time(&clerk));
    }
    assert_eq!(town.server().id(), process);
    all_there(town, &clerk, &kept);
}

/// Asks again under the same key until it is told that it was done; the id, or nothing where the answer was lost.
fn taken(clerk: &Client, key: &str, body: &serde_json::Value) -> Option<String> {
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(30) {
        let answer = clerk.call_once(key, "/api/v1/households", body);
        match answer.status {
            201 => return Some(answer.json()["id"].as_str().unwrap().to_owned()),
            409 => {
                answer.refused(409, "idempotency.acted");
                return None;
            }
            503 => std::thread::sleep(Duration::from_millis(20)),
            other => panic!("{other} {}", answer.body()),
        }
    }
    panic!("{key} was never taken");
}

#[test]
fn lines_that_break_under_writers_lose_and_double_nothing() {
    let Some((town, cluster)) = alone() else { return };
    let clerk = town.program("clerk");
    let before = town.number("SELECT count(*) FROM household");
    let over = std::sync::atomic::AtomicBool::new(false);
    let kept: Vec<Option<String>> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|caller| {
                let (over, clerk) = (&over, town.program("clerk"));
                scope.spawn(move || {
                    let mut own = Vec::new();
                    for n in 0.. {
                        if over.load(std::sync::atomic::Ordering::Relaxed) {
                            return own;
                        }
                        let key = format!("line-{caller}-{n}");
                        let body = json!({"village": "620201101202", "head_name": "钻石", "note": key});
                        own.push(taken(&clerk, &key, &body));
                    }
                    own
                })
            })
            .collect();
        for _ in 0..amount(6, 400) {
            std::thread::sleep(Duration::from_millis(120));
            cluster.break_lines(town.database().unwrap());
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(town.number("SELECT count(*) FROM household"), before + kept.len() as i64);
    assert!(kept.len() > 4, "{} written in all", kept.len());
    all_there(town, &clerk, &kept.into_iter().flatten().collect::<Vec<_>>());
}
