//! A backup taken while people work: a moment that really was, restored on the other database, equal when written again.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::amount;
use crate::town::{Backend, Client, Town, county, on_both};

/// Households whose version and journal entries differ in number: no moment of a real county has any.
const UNEVEN: &str = "SELECT count(*) FROM household h WHERE h.head_name = '单于秀英' AND h.version <>
    (SELECT count(*) FROM journal_entry j WHERE j.subject_id = h.id
     AND j.event IN ('household.saved', 'household.member_added'))";

fn work(client: &Client, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let new = json!({"village": "620201101202", "head_name": "单于秀英", "phones": ["13909370001"]});
        let made = client.call("POST", "/api/v1/households", &new).is(201).json();
        let path = format!("/api/v1/households/{}/actions", made["id"].as_str().unwrap());
        let act = json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "child"});
        client.call("POST", &path, &act).is(200);
    }
}

/// An empty house with this one's keys.
fn beside(town: &Town, backend: Backend) -> Town {
    let other = Town::empty(backend);
    std::fs::create_dir_all(other.data().join("keys")).unwrap();
    for entry in std::fs::read_dir(town.data().join("keys")).unwrap().flatten() {
        std::fs::copy(entry.path(), other.data().join("keys").join(entry.file_name())).unwrap();
    }
    other
}

fn backed_up(town: &Town) -> String {
    let file = town.file("county.falin-backup", b"");
    std::fs::remove_file(&file).unwrap();
    town.falin(&["backup", &file]).ok();
    file
}

/// What is in every table but the journal, which notes the backup and the restore themselves.
fn counts(town: &Town) -> Vec<(&'static str, i64)> {
    let tables = falin_store::tables::TABLES.iter().map(|table| table.name);
    let kept = tables.filter(|name| !name.starts_with("journal") && *name != "installation");
    kept.map(|name| (name, town.number(&format!("SELECT count(*) FROM {name}")))).collect()
}

on_both! {
    fn a_backup_under_load_is_one_moment_and_restores_on_the_other_database(backend) {
        let town = Town::start(backend);
        let others = [Backend::Sqlite, Backend::Postgres].into_iter().filter(|other| other.available());
        let others: Vec<_> = others.collect();
        let over = AtomicBool::new(false);
        let token = county::token(&town, "clerk");
        std::thread::scope(|scope| {
            let callers: Vec<_> = (0..2).map(|_| Client::new(&town.server().address).with_token(&token)).collect();
            for client in callers {
                let over = &over;
                scope.spawn(move || work(&client, over));
            }
            let mut seen = 0;
            for round in 0..amount(2, 10) {
                let other = beside(&town, others[round % others.len()]);
                other.falin(&["restore", &backed_up(&town)]).ok();
                assert_eq!(other.number(UNEVEN), 0, "round {round}: a moment that never was");
                let there = other.number("SELECT count(*) FROM household");
                assert!(there >= seen && there <= town.number("SELECT count(*) FROM household"));
                seen = there;
                other.falin(&["audit", "verify"]).ok();
            }
            over.store(true, Ordering::Relaxed);
        });
        let other = beside(&town, *others.last().unwrap());
        other.falin(&["restore", &backed_up(&town)]).ok();
        assert_eq!(counts(&other), counts(&town));
    }
}
