//! A disk that takes nothing more, under a server at work: nothing is acknowledged that is not kept, reading goes on,
//! and the same process writes again once there is room.
//!
//! The disk is filled by the process's own limit on the size of files, which needs no rights and no spare disk.

use std::time::{Duration, Instant};

use serde_json::json;

use super::amount;
use crate::town::{Answer, Backend, Client, Town};

/// Smaller than any file that the database has to write.
const FULL: &str = "4096";
const PAGES: [&str; 3] = ["/zh/620200/", "/zh/620200/workers", "/en/620200/workers?q=zeng"];

fn household(client: &Client, n: usize) -> Answer {
    let new = json!({"village": "620201101202", "head_name": "钻石", "note": format!("{n}")});
    client.call("POST", "/api/v1/households", &new)
}

/// Writes until one is acknowledged again; the server has five seconds for it (trust.md).
fn back_in_time(client: &Client) {
    let started = Instant::now();
    while household(client, 999_999).status != 201 {
        assert!(started.elapsed() < Duration::from_secs(5), "no write is taken after the repair");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_full_disk_costs_a_clear_refusal_and_nothing_else() {
    let mut town = Town::prepared(Backend::Sqlite);
    town.serve_on_little_disk();
    let (clerk, process) = (town.program("clerk"), town.server().id());
    let mut kept = vec![household(&clerk, 0).is(201).json()["id"].as_str().unwrap().to_owned()];
    for round in 0..amount(3, 40) {
        town.server().allow(FULL);
        let mut refused = 0;
        for n in 0..20 {
            let answer = household(&clerk, round * 100 + n);
            if answer.status == 201 {
                kept.push(answer.json()["id"].as_str().unwrap().to_owned());
            } else {
                refused += 1;
                assert!(answer.header("retry-after").is_some());
                answer.refused(503, "database.unwritable");
            }
            town.visitor().get(PAGES[n % PAGES.len()]).is(200);
        }
        assert!(refused > 0, "round {round}: the disk was not full");
        asked_in_words(&town);
        clerk.get(&format!("/api/v1/households/{}", kept[0])).is(200);
        town.server().allow("unlimited");
        back_in_time(&clerk);
        kept.extend(household(&clerk, round * 100 + 50).is(201).json()["id"].as_str().map(str::to_owned));
    }
    for id in &kept {
        clerk.get(&format!("/api/v1/households/{id}")).is(200);
    }
    assert_eq!(town.server().id(), process);
    assert_eq!(town.texts("SELECT integrity_check AS t FROM pragma_integrity_check"), ["ok"]);
    town.stop();
    town.falin(&["audit", "verify"]).ok();
}

/// A person is told on a page, in the own language, and what was typed can be sent again.
fn asked_in_words(town: &Town) {
    for (lang, words) in [("zh", "没有办成"), ("en", "this was not done")] {
        let browser = if lang == "en" { town.visitor().in_english() } else { town.visitor() };
        let page = browser.get(&format!("/{lang}/620200/sign-in")).is(200);
        let typed = [("username", "clerk"), ("password", crate::town::county::PASSWORD)];
        let told = browser.fill(&page, "/sign-in", &typed);
        assert_eq!(told.status, 503, "{}", told.text());
        assert!(told.text().contains(words), "{}", told.text());
    }
}
