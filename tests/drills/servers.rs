//! Two servers on one PostgreSQL: the same act through both happens once, and neither shows for long what the other changed.

use std::time::{Duration, Instant};

use serde_json::json;

use super::amount;
use crate::town::server::Server;
use crate::town::{Backend, Client, Town, county};

const ALL: &str = "/api/v1/households";

/// A county with a second server beside its own.
fn two() -> Option<(Town, Server)> {
    if !Backend::Postgres.available() {
        return None;
    }
    let town = Town::start(Backend::Postgres);
    let other = Server::start(town.data(), town.database(), &[]);
    Some((town, other))
}

#[test]
fn one_act_through_two_servers_is_done_once() {
    let Some((town, other)) = two() else { return };
    let tokens = ["clerk", "county_admin"].map(|role| county::token(&town, role));
    let (here, there) = (town.program("clerk"), Client::new(&other.address).with_token(&tokens[0]));
    for round in 0..amount(12, 1_000) {
        let new = json!({"village": "620201101202", "head_name": "单于秀英"});
        let made = here.call("POST", ALL, &new).is(201).json();
        let path = format!("{ALL}/{}/actions", made["id"].as_str().unwrap());
        let act = json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "child"});
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let callers = (0..8).map(|n| {
                let address = if n % 2 == 0 { &town.server().address } else { &other.address };
                let client = Client::new(address).with_token(&tokens[n / 4]);
                let (act, path) = (&act, &path);
                scope.spawn(move || client.call("POST", path, act).status)
            });
            let callers: Vec<_> = callers.collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "round {round}: {statuses:?}"
        );
        assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "round {round}: {statuses:?}");
        let one = there.get(&format!("{ALL}/{}", made["id"].as_str().unwrap())).is(200).json();
        assert_eq!((&one["version"], one["members"].as_array().unwrap().len()), (&json!(2), 1));
    }
    town.falin(&["audit", "verify"]).ok();
}

#[test]
fn one_key_through_two_servers_makes_one_row() {
    let Some((town, other)) = two() else { return };
    let token = county::token(&town, "clerk");
    let before = town.number("SELECT count(*) FROM household");
    for round in 0..amount(4, 200) {
        let body = json!({"village": "620201101202", "head_name": "单于秀英"});
        let key = format!("drill-{round}");
        let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..16)
                .map(|n| {
                    let address = if n % 2 == 0 { &town.server().address } else { &other.address };
                    let (client, key, body) = (Client::new(address).with_token(&token), &key, &body);
                    scope.spawn(move || {
                        let answer = client.call_once(key, ALL, body);
                        (answer.status, answer.body())
                    })
                })
                .collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 201), "{answers:?}");
        assert_eq!(town.number("SELECT count(*) FROM household"), before + round as i64 + 1);
    }
}

#[test]
fn a_page_of_one_server_learns_of_a_write_through_the_other() {
    let Some((town, other)) = two() else { return };
    let admin = town.program("county_admin");
    let workers = admin.get("/api/v1/legal-workers").is(200).json();
    let worker = &workers["items"][0];
    let id = worker["id"].as_str().unwrap();
    let page = format!("/zh/620200/workers/{id}");
    let resident = Client::new(&other.address);
    for n in 0..amount(3, 50) {
        resident.get(&page).is(200);
        let one = admin.get(&format!("/api/v1/legal-workers/{id}")).is(200).json();
        let phone = format!("1390937{:04}", 2000 + n);
        let act = json!({"action": "change", "version": one["version"], "phone": phone});
        admin.call("POST", &format!("/api/v1/legal-workers/{id}/actions"), &act).is(200);
        assert!(town.visitor().get(&page).body().contains(&phone), "its own server shows it at once");
        let since = Instant::now();
        while !resident.get(&page).body().contains(&phone) {
            assert!(since.elapsed() < Duration::from_secs(5), "the other server still shows the old number");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
