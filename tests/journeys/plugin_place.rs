//! A flow that names its own place, and one whose entries are over as soon as they are written.

use serde_json::{Value, json};

use super::plugins::{Publisher, settled};
use crate::town::{Town, on_both};

const REGISTER: &str = r#"
id = "register"
version = "1.0.0"
name = { zh = "登记簿", en = "Register" }
about = { zh = "试验", en = "A trial" }
[[flow]]
id = "count"
name = { zh = "件数", en = "Count" }
number = "计〔{year}〕{n}"
place = "area"
state = [{ id = "kept", name = { zh = "已记", en = "Kept" }, fill = "done", closed = true }]
field = [
    { name = "area", label = { zh = "区域", en = "Area" }, kind = "division", index = true },
    { name = "cases", label = { zh = "件数", en = "Cases" }, kind = "number", index = true },
]
[[import]]
code = "counts"
name = { zh = "件数表", en = "Counts" }
flow = "count"
columns = [{ field = "area", heads = ["区域"] }, { field = "cases", heads = ["件数"] }]
same = ["area"]
[[flow.step]]
action = "enter"
name = { zh = "记一笔", en = "Enter" }
to = "kept"
roles = ["clerk"]
fields = ["area!", "cases!"]
"#;
const COUNTS: &str = "/api/v1/workflows/register/count/cases";

fn in_use(town: &Town) {
    let publisher = Publisher::trusted(town);
    let package = publisher.packed(town, REGISTER);
    for step in [
        &["plugin", "install", &package][..],
        &["plugin", "grant", "register"],
        &["plugin", "enable", "register"],
    ] {
        town.falin(step).ok();
    }
    settled(|| town.program("clerk").get(COUNTS).status == 200);
}

on_both! {
    fn a_table_knows_a_place_by_its_name_and_by_its_code(backend) {
        let town = Town::start(backend);
        in_use(&town);
        let table = "区域,件数\n620201100,7\n新城镇,8\n横沟村,9\n月球,5\n";
        let file = town.file("counts.csv", table.as_bytes());
        let read = || town.falin(&["plugin", "import", "register", "counts", &file, "--json"]).ended(1).json();
        let first = read();
        assert_eq!((&first["rows"], &first["accepted"], &first["known"]), (&json!(4), &json!(2), &json!(1)), "{first}");
        let finding = json!({"sheet": "counts", "row": 5, "column": "区域", "code": "village.unknown"});
        assert_eq!(first["findings"], json!([finding]));
        let again = read();
        assert_eq!((&again["accepted"], &again["known"]), (&json!(0), &json!(3)), "{again}");
    }

    fn an_entry_stands_at_the_place_that_it_names_and_is_over_at_once(backend) {
        let town = Town::start(backend);
        in_use(&town);
        let clerk = town.program("clerk");
        let mut names = Vec::new();
        for area in ["新城镇", "620201100", "横沟村", "横沟村村民委员会"] {
            let entry = clerk.call("POST", COUNTS, &json!({"area": area, "cases": 7})).is(201).json();
            assert_eq!((&entry["state"], &entry["next_actor"]), (&json!("kept"), &Value::Null), "{entry}");
            names.push(entry["fields"]["area"].as_str().unwrap().to_owned());
        }
        assert_eq!((&names[0], &names[2]), (&names[1], &names[3]), "one place has one name: {names:?}");
        let wrong = clerk.call("POST", COUNTS, &json!({"area": "月球", "cases": 1})).refused(422, "form.invalid");
        assert_eq!(wrong.json()["fields"][0]["name"], "area");
    }
}
