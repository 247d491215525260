//! An upgrade with data in it, killed wherever it is: the next start finishes it, and nothing is lost. A program
//! that is older than the schema refuses and changes nothing.

use std::time::Duration;

use super::{Dice, amount};
use crate::town::sql::{directory, migrations};
use crate::town::{Town, on_both};

/// The first migrations are the oldest release that anybody may still run.
const OLDEST: usize = 9;

/// How diesel writes down a migration's name.
fn version(name: &str) -> String {
    name.split('_').next().unwrap().to_owned()
}

/// Takes the newest migrations back, as if an older release had written the database.
fn grown_old(town: &Town, until: usize) {
    for name in migrations(town.backend)[until..].iter().rev() {
        town.script(&format!("{}/{name}/down.sql", directory(town.backend))).unwrap();
        let gone = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{}'", version(name));
        assert_eq!(town.sql(&gone), Ok(1), "{name}");
    }
}

fn tables(town: &Town) -> Vec<String> {
    let list = match town.backend {
        crate::town::Backend::Sqlite => {
            "SELECT name AS t FROM sqlite_master WHERE type = 'table' ORDER BY name"
        }
        crate::town::Backend::Postgres => {
            "SELECT table_name::text AS t FROM information_schema.tables WHERE table_schema = 'public'
             AND table_type = 'BASE TABLE' ORDER BY table_name"
        }
    };
    let mine = |name: &String| !name.starts_with("__diesel") && !name.starts_with("sqlite_");
    town.texts(list).into_iter().filter(mine).collect()
}

fn counts(town: &Town, tables: &[String]) -> Vec<(String, i64)> {
    let count = |table: &String| (table.clone(), town.number(&format!("SELECT count(*) FROM {table}")));
    tables.iter().map(count).collect()
}

fn applied(town: &Town) -> Vec<String> {
    town.texts("SELECT version AS t FROM __diesel_schema_migrations ORDER BY version")
}

on_both! {
    fn an_upgrade_killed_anywhere_goes_on_and_loses_nothing(backend) {
        let all = migrations(backend);
        let mut dice = Dice::new(7);
        let mut cut_short = 0;
        for round in 0..amount(4, 20) {
            let town = Town::prepared(backend);
            let older = OLDEST + dice.below(all.len() - OLDEST);
            grown_old(&town, older);
            let mut old_tables = tables(&town);
            // The index of names has more terms of the same names in a newer release, and none is lost.
            old_tables.retain(|table| table != "name_gram");
            let before = counts(&town, &old_tables);
            let terms = "SELECT count(*) FROM name_gram";
            let indexed = town.number(terms);
            assert!(before.iter().any(|(table, n)| table == "household" && *n > 0));
            // Each start is killed a little later, until one of them gets to its end.
            for go in 0..6 {
                town.falin_killed(&["migrate"], Duration::from_millis(4 * go + dice.below(8) as u64));
                let now = applied(&town).len();
                assert!((older..=all.len()).contains(&now), "round {round}: {now} migrations");
                cut_short += usize::from(now < all.len());
                assert_eq!(counts(&town, &old_tables), before, "round {round}, killed for the {go}th time");
            }
            town.falin(&["migrate"]).ok();
            town.falin(&["migrate", "--check"]).ok();
            assert_eq!(applied(&town).len(), all.len());
            assert_eq!(counts(&town, &old_tables), before, "round {round}");
            assert!(town.number(terms) >= indexed, "round {round}");
            town.falin(&["audit", "verify"]).ok();
        }
        assert!(cut_short > 0, "no upgrade was killed before its end");
    }

    fn to_look_whether_migrations_wait_makes_nothing(backend) {
        let town = Town::empty(backend);
        town.falin(&["migrate", "--check"]).ended(1);
        assert!(!town.data().join("falin.db").exists(), "looking made a database");
        town.falin(&["migrate"]).ok();
        town.falin(&["migrate", "--check"]).ok();
        town.falin(&["init", "--place", "620200", "--name", "嘉峪关市"]).ok();
    }

    fn an_older_program_refuses_a_newer_schema_and_changes_nothing(backend) {
        let town = Town::prepared(backend);
        town.sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('9001')").unwrap();
        let tables = tables(&town);
        let before = (counts(&town, &tables), applied(&town));
        for words in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["audit", "verify"]] {
            let told = town.falin(words).ended(1);
            let said = format!("{}{}", told.stdout, told.stderr);
            assert!(said.contains("数据库比这个程序新"), "{words:?}: {said}");
        }
        assert_eq!((counts(&town, &tables), applied(&town)), before);
    }
}
