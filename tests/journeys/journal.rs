//! The journal found out: whatever is edited, cut, swapped or added behind its back shows.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::town::{Backend, Client, Town, on_both};

/// Takes the database's own guards away, as somebody with a console and time would.
fn disarm(town: &Town) {
    match town.backend {
        Backend::Sqlite => {
            for name in town.texts("SELECT name AS t FROM sqlite_master WHERE type = 'trigger'") {
                town.sql(&format!("DROP TRIGGER {name}")).unwrap();
            }
        }
        Backend::Postgres => {
            for table in ["journal_entry", "journal_seal"] {
                town.sql(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).unwrap();
            }
        }
    }
}

/// The seals from `from` on as somebody without the key closes them again: a bare hash over what each one holds. That
/// is how releases before keyed seals made them.
fn closed_again(town: &Town, from: i64) {
    let sqlite = town.backend == Backend::Sqlite;
    let hex =
        |column: &str| if sqlite { format!("hex({column})") } else { format!("encode({column}, 'hex')") };
    let bytes = |text: &str| if sqlite { format!("X'{text}'") } else { format!("'\\x{text}'::bytea") };
    let chains = town.texts(&format!("SELECT DISTINCT {} AS t FROM journal_seal", hex("county_id")));
    for chain in chains {
        let place = format!("s.county_id = {}", bytes(&chain));
        let columns = [hex("s.entry_id"), hex("e.mac")].join(" || ' ' || ");
        let rows = town.texts(&format!(
            "SELECT s.seq || ' ' || {columns} AS t FROM journal_seal s JOIN journal_entry e \
             ON e.county_id = s.county_id AND e.id = s.entry_id WHERE {place} ORDER BY s.seq"
        ));
        let mut rows: Vec<(i64, Vec<String>)> = rows
            .iter()
            .map(|row| row.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .map(|row| (row[0].parse().unwrap(), row[1..].to_vec()))
            .collect();
        rows.retain(|(seq, _)| *seq >= from);
        let before = format!(
            "SELECT {} AS t FROM journal_seal s WHERE {place} AND s.seq < {from} ORDER BY s.seq DESC LIMIT 1",
            hex("s.hash")
        );
        let mut previous = town.texts(&before).pop().unwrap_or_default();
        town.sql(&format!("DELETE FROM journal_seal WHERE county_id = {} AND seq >= {from}", bytes(&chain)))
            .unwrap();
        for (at, (_, row)) in rows.iter().enumerate() {
            let seq = from + at as i64;
            let mut hash = Sha256::new();
            for part in
                [unhex(&chain), seq.to_be_bytes().to_vec(), unhex(&previous), unhex(&row[0]), unhex(&row[1])]
            {
                hash.update((part.len() as u32).to_be_bytes());
                hash.update(part);
            }
            let link: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
            let values = [&chain, &row[0], &previous, &link].map(|text| bytes(text));
            let [county, entry, before, hash] = &values;
            town.sql(&format!(
                "INSERT INTO journal_seal (county_id, seq, entry_id, previous, hash) \
                 VALUES ({county}, {seq}, {entry}, {before}, {hash})"
            ))
            .unwrap();
            previous = link;
        }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

const FIRST: &str = "(SELECT id FROM journal_entry ORDER BY at_ms, id LIMIT 1)";

on_both! {
    fn an_untouched_journal_verifies(backend) {
        let town = Town::prepared(backend);
        let told = town.falin(&["audit", "verify", "--json"]).ok().json();
        assert!(told.is_object(), "{told}");
        assert!(town.number("SELECT count(*) FROM journal_entry") > 5);
        town.falin(&["audit", "head"]).ok();
    }

    fn every_kind_of_tampering_is_found(backend) {
        for attack in [
            format!("UPDATE journal_entry SET event = 'firm.changed' WHERE id = {FIRST}"),
            format!("UPDATE journal_entry SET at_ms = at_ms + 1 WHERE id = {FIRST}"),
            format!("UPDATE journal_entry SET details = '{{}}  ' WHERE id = {FIRST}"),
            format!("DELETE FROM journal_entry WHERE id = {FIRST}"),
            "DELETE FROM journal_seal WHERE seq = 2".to_owned(),
            "UPDATE journal_seal SET seq = seq + 1000 WHERE seq = 1".to_owned(),
        ] {
            let town = Town::prepared(backend);
            disarm(&town);
            assert!(town.sql(&attack).unwrap() > 0, "{attack}");
            town.falin(&["audit", "verify", "--json"]).ended(1);
        }
    }

    fn a_chain_that_was_closed_again_without_the_key_is_found(backend) {
        let mut town = Town::start(backend);
        let head = town.data().join("anchors.jsonl");
        for _ in 0..100 {
            if std::fs::read_to_string(&head).is_ok_and(|text| !text.is_empty()) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let auditor = town.program("audit_admin");
        let checked = |program: &Client| {
            program.call("POST", "/api/v1/journal/verification/actions", &json!({"action": "verify"})).is(200).json()
        };
        assert_eq!(checked(&auditor)["faults"], json!([]));
        town.stop();
        town.falin(&["audit", "verify"]).ok();
        let file = town.data().join("keys/falin.key");
        let key = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, key.replace("\"keyed\": true", "\"keyed\": false")).unwrap();
        disarm(&town);
        town.sql("DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_seal WHERE seq = 3 ORDER BY county_id LIMIT 1)").unwrap();
        // All of it as a release would have made it that knew no keyed seals: the head beside the database says otherwise.
        closed_again(&town, 1);
        let found = town.falin(&["audit", "verify", "--json"]).ended(1).json();
        assert!(found["chains"].as_array().unwrap().iter().any(|chain| chain["cut"] == true), "{found}");
        // A house that never had such a release needs no head to know; one that had counts nothing else from a keyed seal on.
        for (from, old) in [(1, false), (2, true)] {
            let other = Town::prepared(backend);
            let file = other.data().join("keys/falin.key");
            let key = std::fs::read_to_string(&file).unwrap();
            assert!(key.contains("\"keyed\": true"), "the key of a new house says so");
            if old {
                std::fs::write(&file, key.replace("\"keyed\": true", "\"keyed\": false")).unwrap();
            }
            disarm(&other);
            other.sql("DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_seal WHERE seq = 3 ORDER BY county_id LIMIT 1)").unwrap();
            closed_again(&other, from);
            let found = other.falin(&["audit", "verify", "--json"]).ended(1).json();
            assert!(found.to_string().contains("broken"), "{found}");
        }
    }

    fn a_cut_tail_shows_against_an_anchor(backend) {
        let town = Town::prepared(backend);
        let head = town.falin(&["audit", "head", "--json"]).ok();
        assert!(!head.json()["anchors"].as_array().unwrap().is_empty(), "one document: {}", head.stdout);
        let entries = town.falin(&["audit", "export", "--place", "620200", "--json"]).ok().json();
        assert!(entries["items"].as_array().unwrap().len() > 3, "{entries}");
        let anchor = town.file("head.json", head.stdout.as_bytes());
        town.falin(&["audit", "verify", "--anchor", &anchor]).ok();
        disarm(&town);
        town.sql("DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_seal ORDER BY seq DESC LIMIT 1)")
            .unwrap();
        town.sql("DELETE FROM journal_seal WHERE seq = (SELECT max(seq) FROM journal_seal)").unwrap();
        town.falin(&["audit", "verify", "--anchor", &anchor]).ended(1);
    }
}

on_both! {
    fn what_a_program_did_names_its_token(backend) {
        let town = Town::start(backend);
        let issued = |purpose: &str| {
            let words = ["token", "issue", "--user", "clerk", "--days", "1", "--purpose", purpose, "--json"];
            let told = town.falin(&words).json();
            (told["id"].as_str().unwrap().to_owned(), told["token"].as_str().unwrap().to_owned())
        };
        let ((leaked, secret), (other, _)) = (issued("夜间导入"), issued("没有用过的"));
        let clerk = town.visitor().with_token(&secret);
        let new = json!({"village": "620201101202", "head_name": "单于秀英"});
        let home = clerk.call("POST", "/api/v1/households", &new).is(201).json();
        clerk.call_once("once", "/api/v1/households", &json!({"village": "620201101202", "head_name": "马建国"})).is(201);
        let auditor = town.program("audit_admin");
        let subject = format!("/api/v1/journal?subject={}", home["id"].as_str().unwrap());
        let all = auditor.get(&subject).is(200).json();
        assert_eq!(all["items"][0]["token"], json!({"id": leaked, "name": "夜间导入"}), "{all}");
        let by = auditor.get(&format!("/api/v1/journal?actor={leaked}&event=household.saved")).is(200).json();
        assert_eq!(by["items"].as_array().unwrap().len(), 2, "{by}");
        assert!(auditor.get(&format!("/api/v1/journal?actor={other}")).is(200).json()["items"].as_array().unwrap().is_empty());
        let page = auditor.get(&format!("/desk/journal?actor={leaked}")).is(200);
        assert!(page.text().contains("令牌 夜间导入"), "{}", page.text());
        let file = auditor.get(&format!("/desk/journal/export.csv?actor={leaked}")).is(200).body();
        assert!(file.contains(&leaked) && file.contains("夜间导入") && !file.contains(&secret), "{file}");
        let listed = town.falin(&["token", "list", "--json"]).json();
        let of = |id: &str| listed["items"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
        assert!(of(&leaked)["used"].is_string() && of(&other)["used"].is_null(), "{listed}");
        assert!(town.falin(&["token", "list"]).ok().stdout.contains("没有用过"));
        // The name is under the entry's MAC: taking it away shows.
        town.falin(&["audit", "verify"]).ok();
        disarm(&town);
        town.sql("UPDATE journal_entry SET token_id = NULL WHERE event = 'household.saved'").unwrap();
        assert!(town.falin(&["audit", "verify"]).status != 0);
    }
}
