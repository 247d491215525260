//! One schema in two databases: the same migrations, tables and columns, and a way back.

use crate::town::sql::{directory, migrations};
use crate::town::{Backend, Town, on_both};

const TABLES_SQLITE: &str =
    "SELECT m.name || '.' || c.name AS t FROM sqlite_master m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY t";
const TABLES_POSTGRES: &str = "SELECT table_name || '.' || column_name AS t FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY t";

fn columns(town: &Town) -> Vec<String> {
    town.texts(match town.backend {
        Backend::Sqlite => TABLES_SQLITE,
        Backend::Postgres => TABLES_POSTGRES,
    })
}

#[test]
fn both_databases_have_the_same_migrations() {
    let here = migrations(Backend::Sqlite);
    assert_eq!(here, migrations(Backend::Postgres));
    // Of two with one number only the first would run.
    let numbers: std::collections::BTreeSet<&str> =
        here.iter().filter_map(|name| Some(name.split_once('_')?.0)).collect();
    assert_eq!(numbers.len(), here.len());
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    if !Backend::Postgres.available() {
        return;
    }
    let (here, there) = (columns(&Town::schema(Backend::Sqlite)), columns(&Town::schema(Backend::Postgres)));
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|column| !those.contains(column)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&here, &there), Vec::<String>::new());
    // PostgreSQL's sealer takes only what is older than every open transaction; SQLite has one writer.
    assert_eq!(only(&there, &here), ["journal_entry.xid"]);
}

#[test]
fn what_is_searched_by_ranges_stands_in_the_order_of_bytes() {
    if !Backend::Postgres.available() {
        return;
    }
    let town = Town::schema(Backend::Postgres);
    let ranges = "SELECT count(*) FROM information_schema.columns WHERE collation_name = 'C'
        AND (table_name, column_name) IN (('name_gram', 'gram'), ('casefile_index', 'value'))";
    assert_eq!(town.number(ranges), 2);
}

on_both! {
    fn every_migration_can_be_taken_back(backend) {
        let town = Town::schema(backend);
        assert!(!columns(&town).is_empty());
        for name in migrations(backend).iter().rev() {
            town.script(&format!("{}/{name}/down.sql", directory(backend))).unwrap();
        }
        assert_eq!(columns(&town), Vec::<String>::new());
    }

    fn every_key_and_index_of_a_county_begins_with_the_county(backend) {
        let town = Town::schema(backend);
        // Counties, accounts, sessions and secrets are found before anybody knows the county.
        let global = ["county", "account", "session", "token", "account_role"];
        let query = match backend {
            Backend::Sqlite => "SELECT m.tbl_name || ' ' || i.name AS t FROM sqlite_master m, pragma_index_info(m.name) i
                WHERE m.type = 'index' AND i.seqno = 0 AND i.name <> 'county_id' AND EXISTS (
                    SELECT 1 FROM pragma_table_info(m.tbl_name) c WHERE c.name = 'county_id')",
            Backend::Postgres => "SELECT t.relname || ' ' || a.attname AS t FROM pg_index i
                JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                WHERE n.nspname = 'public' AND a.attname <> 'county_id' AND EXISTS (SELECT 1 FROM pg_attribute c
                    WHERE c.attrelid = t.oid AND c.attname = 'county_id')",
        };
        let bare: Vec<_> = town.texts(query).into_iter().filter(|index| {
            let table = index.split(' ').next().unwrap();
            // The sealer goes by transactions, whatever county they are of.
            !global.contains(&table) && index != "contact_card secret_index" && index != "journal_entry xid"
        }).collect();
        assert!(bare.is_empty(), "{bare:?}");
    }
}
