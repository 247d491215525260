//! A county of full size in rosters with the usual dirt: exactly the findings that were put into it.

use serde_json::Value;

use crate::town::{Town, on_both};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jiayuguan");

/// Noun, file, kind, in the order in which they build on each other.
const ORDER: [(&str, &str, &str); 6] = [
    ("firms", "firms.xlsx", ""),
    ("lawyers", "lawyers.xlsx", ""),
    ("advisers", "advisers.xlsx", ""),
    ("households", "rural-households.xlsx", "rural"),
    ("households", "urban-households.xlsx", "urban"),
    ("rooms", "rooms.xlsx", ""),
];

fn import(town: &Town, (noun, file, kind): (&str, &str, &str), dry: bool) -> Value {
    let path = format!("{FILES}/{file}");
    let mut words = vec!["import", noun, &path, "--place", "620200", "--json"];
    if !kind.is_empty() {
        words.extend(["--kind", kind]);
    }
    if dry {
        words.push("--dry-run");
    }
    town.falin(&words).json()
}

fn keys(findings: &Value) -> Vec<[String; 4]> {
    let key = |finding: &Value| {
        ["sheet", "column", "code", "severity"]
            .map(|name| finding[name].as_str().unwrap_or_default().to_owned())
    };
    let list = findings.as_array().unwrap().iter();
    let mut found: Vec<_> = list
        .map(|finding| {
            let [sheet, column, code, severity] = key(finding);
            [format!("{sheet}!{:05}", finding["row"].as_u64().unwrap_or(0)), column, code, severity]
        })
        .collect();
    found.sort();
    found
}

on_both! {
    fn rosters_give_exactly_what_was_put_into_them_and_nothing_twice(backend) {
        let town = Town::empty(backend);
        let divisions = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jiayuguan/divisions.csv");
        town.falin(&["import", "divisions", divisions, "--place", "620200"]).ok();
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(format!("{FILES}/expected.json")).unwrap()).unwrap();
        for line in ORDER {
            let dry = import(&town, line, true);
            let wanted: Vec<_> =
                expected["issues"].as_array().unwrap().iter().filter(|issue| issue["file"] == line.1).cloned().collect();
            assert_eq!(keys(&dry["findings"]), keys(&Value::Array(wanted)), "{}", line.1);
            assert_eq!(dry["rows"], expected["files"][line.1]["rows"]);
            assert_eq!(dry["accepted"], expected["files"][line.1]["accepted"]);
            let done = import(&town, line, false);
            assert_eq!(done["new"], dry["accepted"], "{}", line.1);
            let again = import(&town, line, false);
            let counts = ["new", "changed"].map(|name| again[name].as_u64());
            assert_eq!((counts, &again["unchanged"]), ([Some(0), Some(0)], &dry["accepted"]), "{}", line.1);
        }
        assert_eq!(town.number("SELECT count(*) FROM household"), 6133 + 5335);
        assert_eq!(town.number("SELECT count(*) FROM worker"), 76);
    }
}
