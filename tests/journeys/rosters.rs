//! Rosters from the command line: dry, for good, again, changed, and taken back.

use serde_json::{Value, json};

use crate::town::county::{COUNTY, HOUSEHOLDS, URBAN, household, household_roster, rural};
use crate::town::rosters::Cell;
use crate::town::{Town, on_both};

const PEOPLE: &str = "SELECT count(*) FROM household WHERE active AND NOT staged";

fn import(town: &Town, bytes: &[u8], more: &[&str]) -> Value {
    let file = town.file("households.xlsx", bytes);
    let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural", "--json"];
    town.falin(&[&words, more].concat()).json()
}

fn counts(told: &Value) -> [u64; 3] {
    ["new", "changed", "unchanged"].map(|name| told[name].as_u64().unwrap())
}

fn ids(town: &Town) -> Vec<String> {
    town.texts(match town.backend {
        crate::town::Backend::Sqlite => "SELECT lower(hex(id)) AS t FROM household ORDER BY t",
        crate::town::Backend::Postgres => "SELECT encode(id, 'hex') AS t FROM household ORDER BY t",
    })
}

on_both! {
    fn the_same_roster_twice_changes_nothing(backend) {
        let town = Town::prepared(backend);
        let before = ids(&town);
        let told = import(&town, &rural(), &[]);
        assert_eq!(counts(&told), [0, 0, HOUSEHOLDS.0 as u64]);
        assert_eq!(ids(&town), before);
    }

    fn a_roster_dates_its_categories_and_undo_gives_the_old_dates_back(backend) {
        let town = Town::prepared(backend);
        let roster = |since: &str| {
            let mut cells = household(("新城镇", "横沟村"), 4100, "低保");
            cells.push(Cell::from(since));
            let titles = crate::town::rosters::headers::HOUSEHOLDS;
            let titles: Vec<&str> = titles.iter().copied().take(cells.len() - 1).chain(["认定时间"]).collect();
            crate::town::rosters::roster(&titles, vec![cells])
        };
        let since = "SELECT from_date AS t FROM household_category WHERE household_id =
            (SELECT id FROM household ORDER BY created_ms DESC, id DESC LIMIT 1)";
        assert_eq!(counts(&import(&town, &roster("2024年3月"), &[])), [1, 0, 0]);
        assert_eq!(town.texts(since), ["2024-03-01"]);
        assert_eq!(counts(&import(&town, &roster("2024-03-01"), &[])), [0, 0, 1]);
        assert_eq!(counts(&import(&town, &roster(""), &[])), [0, 0, 1], "a roster without dates says nothing of them");
        let told = import(&town, &roster("2023.7.15"), &[]);
        assert_eq!(counts(&told), [0, 1, 0]);
        assert_eq!(town.texts(since), ["2023-07-15"]);
        town.falin(&["import", "undo", told["batch"].as_str().unwrap()]).ok();
        assert_eq!(town.texts(since), ["2024-03-01"]);
    }

    fn a_dry_run_tells_and_does_nothing(backend) {
        let town = Town::prepared(backend);
        let roster = household_roster(&[household(("新城镇", "横沟村"), 4000, "")]);
        let told = import(&town, &roster, &["--dry-run"]);
        assert_eq!(counts(&told), [1, 0, 0]);
        assert_eq!(told["findings"], json!([]));
        assert_eq!(town.number(PEOPLE), (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64);
    }

    fn a_changed_row_keeps_its_household_and_undo_gives_the_old_one_back(backend) {
        let town = Town::prepared(backend);
        let before = ids(&town);
        let mut changed = household(("新城镇", "横沟村"), 0, "");
        changed[4] = Cell::from("13800009999");
        changed[2] = Cell::from("张新名");
        let roster = household_roster(&[changed, household(("新城镇", "横沟村"), 4001, "")]);
        let told = import(&town, &roster, &[]);
        assert_eq!(counts(&told), [1, 1, 0]);
        let renamed = "SELECT count(*) FROM household WHERE head_name = '张新名'";
        assert_eq!(town.number(renamed), 1);
        assert!(before.iter().all(|id| ids(&town).contains(id)));

        let batch = told["batch"].as_str().expect("an import names its batch").to_owned();
        town.falin(&["import", "undo", &batch]).ok();
        assert_eq!(town.number(renamed), 0);
        assert_eq!(town.number(PEOPLE), (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64);
        town.falin(&["import", "undo", &batch]).ended(1);
        town.falin(&["audit", "verify"]).ok();
    }

    fn rows_with_errors_are_left_out_and_the_rest_is_taken(backend) {
        let town = Town::prepared(backend);
        let mut bad = household(("新城镇", "横沟村"), 4002, "");
        bad[3] = Cell::from("62020119850515001X");
        let roster = household_roster(&[bad, household(("新城镇", "横沟村"), 4003, "")]);
        let file = town.file("mixed.xlsx", &roster);
        let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural", "--json"];
        let told = town.falin(&words).ended(1).json();
        assert_eq!((counts(&told), &told["accepted"]), ([1, 0, 0], &json!(1)));
        assert_eq!(told["findings"][0], json!({
            "sheet": "Sheet1", "row": 2, "column": "身份证号码", "code": "id.checksum", "severity": "error"}));
    }

    fn categories_are_closed_and_sealed(backend) {
        let town = Town::prepared(backend);
        let roster = household_roster(&[household(URBAN[0], 4004, "低保，残疾")]);
        let file = town.file("urban.xlsx", &roster);
        town.falin(&["import", "households", &file, "--place", COUNTY, "--kind", "urban"]).ok();
        assert_eq!(town.number("SELECT count(*) FROM household_category"), HOUSEHOLDS.1 as i64 + 2);
    }
}
