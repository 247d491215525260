//! The journal against raw SQL: nothing in it is changed, taken out or put in another's place.

use super::pairings::id;
use crate::town::{Backend, Town, on_both};

fn entry(town: &Town, number: u32, verb: &str, rest: &str) -> Result<usize, String> {
    let b = |n| id(town.backend, n);
    town.sql(&format!(
        "{verb} INTO journal_entry (county_id, id, at_ms, event, reason, details, mac)
         VALUES ({}, {}, 1, 'household.read', 'asked', '{{}}', {}){rest}",
        b(1),
        b(number),
        b(99)
    ))
}

fn seal(town: &Town, number: u32, sequence: u32, verb: &str) -> Result<usize, String> {
    let b = |n| id(town.backend, n);
    town.sql(&format!(
        "{verb} INTO journal_seal (county_id, seq, entry_id, previous, hash) VALUES ({}, {sequence}, {}, {}, {})",
        b(1),
        b(number),
        b(98),
        b(97)
    ))
}

on_both! {
    fn a_journal_row_is_neither_edited_nor_deleted(backend) {
        let town = Town::schema(backend);
        entry(&town, 1, "INSERT", "").unwrap();
        seal(&town, 1, 1, "INSERT").unwrap();
        for attack in [
            "UPDATE journal_entry SET event = 'nothing'",
            "UPDATE journal_entry SET at_ms = at_ms",
            "UPDATE journal_seal SET seq = 2",
            "DELETE FROM journal_entry",
            "DELETE FROM journal_seal",
        ] {
            town.sql(attack).expect_err(attack);
        }
        assert_eq!(town.number("SELECT count(*) FROM journal_entry WHERE event = 'household.read'"), 1);
        assert_eq!(town.number("SELECT count(*) FROM journal_seal WHERE seq = 1"), 1);
    }

    fn a_journal_row_is_not_replaced_by_a_back_door_of_the_database(backend) {
        let town = Town::schema(backend);
        entry(&town, 1, "INSERT", "").unwrap();
        seal(&town, 1, 1, "INSERT").unwrap();
        match backend {
            Backend::Sqlite => {
                entry(&town, 1, "INSERT OR REPLACE", "").expect_err("replaced an entry");
                seal(&town, 2, 1, "INSERT OR REPLACE").expect_err("replaced a seal by its number");
                seal(&town, 1, 2, "INSERT OR REPLACE").expect_err("replaced a seal by its entry");
            }
            Backend::Postgres => {
                let upsert = " ON CONFLICT (county_id, id) DO UPDATE SET event = 'nothing'";
                entry(&town, 1, "INSERT", upsert).expect_err("replaced an entry");
                town.sql("TRUNCATE journal_entry").expect_err("emptied the entries");
                town.sql("TRUNCATE journal_seal").expect_err("emptied the seals");
            }
        }
    }
}
