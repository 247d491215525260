//! The journal found out: whatever is edited, cut, swapped or added behind its back shows.

use crate::town::{Backend, Town, on_both};

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
