//! What is sealed is nowhere in clear: not in the log at its most talkative, not in the database, its log, or a backup.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::journeys::identity::{entered, ready};
use crate::journeys::uploads::upload;
use crate::town::county::{PASSWORD, household, household_roster};
use crate::town::rosters::{Cell, id_number};
use crate::town::{Backend, Town, on_both};

/// Every file below a folder, as bytes.
fn files(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, into),
            false => into.push((path.display().to_string(), std::fs::read(&path).unwrap_or_default())),
        }
    }
}

/// Every table of a PostgreSQL county as text.
fn tables(town: &Town) -> Vec<(String, Vec<u8>)> {
    let rows = |table: &falin_store::tables::Table| {
        let rows = town.texts(&format!("SELECT t.*::text AS t FROM {} t", table.name));
        (table.name.to_owned(), rows.join("\n").into_bytes())
    };
    falin_store::tables::TABLES.iter().map(rows).collect()
}

on_both! {
    fn nothing_sealed_is_found_in_logs_files_or_backups(backend) {
        let mut town = Town::prepared(backend);
        let secret = ready(&town, "wangfang", "clerk");
        town.serve_with(&["--log", "trace"]);
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let (head, member) = (id_number("620201", "19450911", 77), id_number("620201", "19780402", 78));
        let sealed = [
            head.as_str(), &member, "13719370077", "胡杨巷柒拾柒号", "夜里才有人在家", "extreme_poverty",
            "13619379001", "红柳滩九号院", PASSWORD,
        ];
        let new = json!({"village": "620201101202", "head_name": "单于秀英", "id_number": head,
            "phones": ["137 1937 0077"], "address": "胡杨巷柒拾柒号", "note": "夜里才有人在家", "categories": ["extreme_poverty"]});
        let made = clerk.call("POST", "/api/v1/households", &new).is(201).json();
        let path = format!("/api/v1/households/{}", made["id"].as_str().unwrap());
        let act = |act: serde_json::Value| clerk.call("POST", &format!("{path}/actions"), &act).is(200);
        act(json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "child", "id_number": member}));
        act(json!({"action": "reveal", "reason": "contact"}));
        for number in [head.as_str(), &member, "13719370077"] {
            clerk.call("POST", "/api/v1/households/search", &json!({"number": number})).is(200);
        }
        // Refused too: a mistake must not be logged with what was typed.
        clerk.call("POST", "/api/v1/households", &new).is(409);
        let browser = entered(&town, "wangfang", &secret, 0);
        let page = browser.get(&format!("/desk/households/{}", made["id"].as_str().unwrap())).is(200);
        browser.fill(&page, "/reveal", &[("reason", "visit")]).is(200);
        let mut row = household(("新城镇", "横沟村"), 9_001, "特困");
        (row[4], row[6]) = (Cell::from("13619379001"), Cell::from("红柳滩九号院"));
        upload(&admin, "households", "名册.xlsx", &household_roster(&[row])).is(200);
        let backup = town.file("county.falin-backup", b"");
        std::fs::remove_file(&backup).unwrap();
        town.falin(&["backup", &backup]).ok();

        let log = town.server().log();
        assert!(log.len() > 1_000, "the log says nothing");
        // Killed, so that the database's own log is still there.
        Command::new("kill").args(["-KILL", &town.server().id().to_string()]).status().unwrap();
        town.forget_killed();
        let mut places = vec![("log".to_owned(), log.into_bytes()), ("backup".to_owned(), std::fs::read(&backup).unwrap())];
        files(town.data(), &mut places);
        assert!(backend == Backend::Postgres || places.iter().any(|(name, _)| name.ends_with("-wal")));
        if backend == Backend::Postgres {
            places.extend(tables(&town));
        }
        for (place, bytes) in &places {
            for text in sealed {
                let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
                // A digit of a number is never by chance: each is eleven characters or more.
                assert!(!found, "{place} holds {text} in clear");
            }
        }
    }
}
