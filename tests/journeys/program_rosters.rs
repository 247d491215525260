//! A county's own program brings rosters: uploaded, columns chosen, findings read, taken, taken back, given up.

use serde_json::{Value, json};

use super::uploads::send;
use crate::town::county::{HOUSEHOLDS, household, household_roster};
use crate::town::rosters::{Cell, headers, roster};
use crate::town::{Answer, Client, Town, on_both};

const ROSTERS: &str = "/api/v1/rosters";
const PEOPLE: &str = "SELECT count(*) FROM household WHERE active AND NOT staged";
const RURAL: [(&str, &str); 2] = [("kind", "households"), ("household_kind", "rural")];

fn address(one: &Value) -> String {
    format!("{ROSTERS}/{}", one["id"].as_str().unwrap())
}

fn act(program: &Client, one: &Value, action: &str) -> Answer {
    let body = json!({"action": action, "version": one["version"]});
    program.call("POST", &format!("{}/actions", address(one)), &body)
}

fn faults(answer: &Answer) -> Vec<String> {
    let told = answer.json();
    let fault = |one: &Value| format!("{} {}", one["name"].as_str().unwrap(), one["code"].as_str().unwrap());
    told["fields"].as_array().unwrap().iter().map(fault).collect()
}

on_both! {
    fn a_program_brings_a_roster_and_takes_it_back(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let people = (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64;
        let bad = |number| {
            let mut cells = household(("新城镇", "横沟村"), number, "");
            cells[3] = Cell::from("62020119850515001X");
            cells
        };
        let bytes = household_roster(&[household(("新城镇", "横沟村"), 7000, ""), bad(7001), bad(7002)]);
        let wrong = [("kind", "shoes"), ("whim", "1"), ("household_kind", "both")];
        let refused = send(&program, ROSTERS, &wrong, "名册.xlsx", &bytes).refused(422, "form.invalid");
        assert_eq!(faults(&refused), ["whim not_expected", "kind unknown", "household_kind unknown"]);
        send(&program, ROSTERS, &[RURAL[0], ("place", "110000")], "名册.xlsx", &bytes).refused(422, "form.invalid");
        send(&program, ROSTERS, &RURAL, "名册.xlsx", b"no table at all").is(422);
        let made = send(&program, ROSTERS, &[RURAL[0], RURAL[1], ("place", "620200")], "名册.xlsx", &bytes).is(201);
        let it = made.json();
        assert_eq!(made.header("location"), Some(address(&it).as_str()));
        assert_eq!((&it["state"], &it["rows"], &it["accepted"], &it["new"], &it["errors"]),
            (&json!("checked"), &json!(3), &json!(1), &json!(1), &json!(2)), "{it}");
        assert_eq!((&it["allowed_actions"], &it["household_kind"]), (&json!(["columns", "commit", "drop"]), &json!("rural")));
        assert_eq!(program.get(&address(&it)).is(200).json(), it);

        // The findings, a page at a time.
        let findings = program.get(&format!("{}/findings?limit=1", address(&it))).is(200).json();
        assert_eq!(findings["items"], json!([{"sheet": "Sheet1", "row": 3, "column": "身份证号码", "code": "id.checksum",
            "severity": "error"}]));
        let next = findings["next_cursor"].as_str().unwrap();
        let rest = program.get(&format!("{}/findings?limit=1&cursor={next}", address(&it))).is(200).json();
        assert_eq!((&rest["items"][0]["row"], &rest["next_cursor"]), (&json!(4), &Value::Null));

        let stale = json!({"action": "commit", "version": 99});
        program.call("POST", &format!("{}/actions", address(&it)), &stale).refused(409, "state.changed");
        act(&program, &it, "undo").refused(409, "import.undone");
        let done = act(&program, &it, "commit").is(200).json();
        assert_eq!((&done["state"], &done["progress"], &done["allowed_actions"]), (&json!("committed"), &Value::Null, &json!(["undo"])));
        assert_eq!(town.number(PEOPLE), people + 1);
        act(&program, &done, "drop").refused(422, "action.not_allowed");
        act(&program, &it, "undo").refused(409, "state.changed");
        let back = act(&program, &done, "undo").is(200).json();
        assert_eq!((&back["state"], &back["allowed_actions"]), (&json!("undone"), &json!([])));
        assert_eq!(town.number(PEOPLE), people);
        let listed = program.get(&format!("{ROSTERS}?limit=1")).is(200).json();
        assert_eq!(listed["items"], json!([back]));
        let clerk = town.program("lawyer");
        clerk.get(ROSTERS).refused(403, "access.denied");
        assert_eq!(clerk.get(&address(&it)).status, 404);
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_program_says_what_headers_stand_for(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let titles: Vec<&str> = headers::HOUSEHOLDS.iter().map(|title| match *title {
            "户主姓名" => "当家的",
            other => other,
        }).collect();
        let bytes = roster(&titles, vec![household(("新城镇", "横沟村"), 7100, "")]);
        let it = send(&program, ROSTERS, &RURAL, "方言.xlsx", &bytes).is(201).json();
        assert_eq!((&it["state"], &it["allowed_actions"]), (&json!("uploaded"), &json!(["columns", "drop"])), "{it}");
        let columns = program.get(&format!("{}/columns", address(&it))).is(200).json();
        let of = |header: &str| columns["columns"].as_array().unwrap().iter().find(|one| one["header"] == header).unwrap().clone();
        assert_eq!(of("当家的")["field"], Value::Null);
        let number = of("身份证号码")["examples"][0].as_str().unwrap().to_owned();
        assert!(number.contains("****"), "whoever maps columns needs no numbers: {number}");
        let name = columns["fields"].as_array().unwrap().iter().find(|one| one["names"][0] == "户主姓名").unwrap();
        let choose = |version: &Value, chosen: Value| {
            let body = json!({"action": "columns", "version": version, "columns": chosen});
            program.call("POST", &format!("{}/actions", address(&it)), &body)
        };
        act(&program, &it, "commit").refused(422, "action.not_allowed");
        act(&program, &it, "columns").refused(422, "form.invalid");
        let unknown = choose(&it["version"], json!([{"header": "没有的", "field": name["field"]}]));
        assert_eq!(faults(&unknown.refused(422, "form.invalid")), ["columns[0].header unknown"]);
        choose(&it["version"], json!([{"header": "家庭住址", "field": "shoe"}])).refused(422, "form.invalid");
        choose(&it["version"], json!([{"header": "家庭住址", "field": of("身份证号码")["field"]}])).refused(422, "header.missing");
        choose(&json!(99), json!([{"header": "当家的", "field": name["field"]}])).refused(409, "state.changed");
        let checked = choose(&it["version"], json!([{"header": "当家的", "field": name["field"]}])).is(200).json();
        assert_eq!((&checked["state"], &checked["new"]), (&json!("checked"), &json!(1)), "{checked}");
        let gone = act(&program, &checked, "drop").is(200).json();
        assert_eq!(gone["state"], "forgotten");
        assert_eq!(town.number("SELECT count(*) FROM import_batch WHERE file_sealed IS NOT NULL"), 0);
        program.get(&format!("{}/columns", address(&it))).refused(409, "import.undone");
    }
}
