//! Pairings against raw SQL: one current span a household and kind, none that overlap, none rewritten.

use crate::town::{Backend, Town, on_both};

/// Sixteen bytes as a literal of this database.
pub fn id(backend: Backend, number: u32) -> String {
    match backend {
        Backend::Sqlite => format!("x'{number:032x}'"),
        Backend::Postgres => format!("'\\x{number:032x}'::bytea"),
    }
}

/// A span of household 7 with worker `worker`; an open one where `to` is None.
fn span(town: &Town, number: u32, from: &str, to: Option<&str>) -> Result<usize, String> {
    let b = |n| id(town.backend, n);
    let end = to.map_or("NULL, NULL, NULL".to_owned(), |to| format!("'{to}', 'moved', 1"));
    town.sql(&format!(
        "INSERT INTO pairing (county_id, id, household_id, kind, worker_id, from_date, created_ms, to_date,
             end_reason, ended_ms)
         VALUES ({}, {}, {}, 'primary', {}, '{from}', 1, {end})",
        b(1),
        b(100 + number),
        b(7),
        b(50 + number)
    ))
}

on_both! {
    fn a_second_current_adviser_is_refused(backend) {
        let town = Town::schema(backend);
        span(&town, 1, "2026-01-01", None).unwrap();
        span(&town, 2, "2026-03-01", None).unwrap_err();
        span(&town, 3, "2025-01-01", None).unwrap_err();
        assert_eq!(town.number("SELECT count(*) FROM pairing"), 1);
    }

    fn spans_may_touch_and_never_overlap(backend) {
        let town = Town::schema(backend);
        span(&town, 1, "2026-01-01", Some("2026-03-01")).unwrap();
        span(&town, 2, "2026-03-01", Some("2026-06-01")).unwrap();
        for (number, from, to) in [
            (3, "2026-02-28", Some("2026-03-02")),
            (4, "2026-02-01", Some("2026-02-02")),
            (5, "2025-01-01", Some("2027-01-01")),
            (6, "2026-05-31", None),
            (7, "2025-12-31", Some("2026-01-02")),
        ] {
            span(&town, number, from, to).unwrap_err();
        }
        span(&town, 8, "2026-06-01", None).unwrap();
        let b = |n| id(backend, n);
        let stretch = format!("UPDATE pairing SET from_date = '2026-05-01' WHERE id = {}", b(108));
        town.sql(&stretch).unwrap_err();
        assert_eq!(town.number("SELECT count(*) FROM pairing"), 3);
    }

    fn a_span_is_whole_and_is_never_rewritten(backend) {
        let town = Town::schema(backend);
        let b = |n| id(backend, n);
        span(&town, 1, "2026-01-01", Some("2026-03-01")).unwrap();
        span(&town, 2, "2026-03-01", None).unwrap();
        for attack in [
            format!("UPDATE pairing SET to_date = '2026-04-01' WHERE id = {}", b(102)),
            format!("UPDATE pairing SET worker_id = {} WHERE id = {}", b(9), b(102)),
            format!("UPDATE pairing SET household_id = {} WHERE id = {}", b(9), b(102)),
            format!("UPDATE pairing SET to_date = NULL, end_reason = NULL, ended_ms = NULL WHERE id = {}", b(101)),
            format!("UPDATE pairing SET firm_id = {} WHERE id = {}", b(9), b(102)),
            format!("DELETE FROM pairing WHERE id = {}", b(101)),
            "DELETE FROM pairing".to_owned(),
        ] {
            town.sql(&attack).expect_err(&attack);
        }
        span(&town, 3, "2026-09-01", Some("2026-08-01")).unwrap_err();
        let end = format!(
            "UPDATE pairing SET to_date = '2026-05-01', end_reason = 'left', ended_ms = 2 WHERE id = {}", b(102));
        assert_eq!(town.sql(&end), Ok(1));
        town.sql(&end).unwrap_err();
    }

    fn replacing_a_span_is_rewriting_it(backend) {
        let town = Town::schema(backend);
        span(&town, 1, "2026-01-01", Some("2026-03-01")).unwrap();
        let b = |n| id(backend, n);
        let (table, columns) = ("pairing", "county_id, id, household_id, kind, worker_id, from_date, created_ms");
        let values = format!("{}, {}, {}, 'primary', {}, '2020-01-01', 1", b(1), b(101), b(7), b(9));
        town.sql(&replace(backend, table, columns, &values)).expect_err("replaced");
        if backend == Backend::Postgres {
            town.sql("TRUNCATE pairing").expect_err("truncated");
        }
        assert_eq!(town.texts("SELECT from_date AS t FROM pairing"), ["2026-01-01"]);
    }
}

/// The statement by which this database overwrites a row in passing.
pub fn replace(backend: Backend, table: &str, columns: &str, values: &str) -> String {
    match backend {
        Backend::Sqlite => format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({values})"),
        Backend::Postgres => format!(
            "INSERT INTO {table} ({columns}) VALUES ({values})
             ON CONFLICT (county_id, id) DO UPDATE SET created_ms = 9"
        ),
    }
}
