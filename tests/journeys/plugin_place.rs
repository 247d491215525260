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
[[flow.step]]
action = "enter"
name = { zh = "记一笔", en = "Enter" }
to = "kept"
roles = ["clerk"]
fields = ["area!", "cases!"]
"#;
const COUNTS: &str = "/api/v1/workflows/register/count/cases";

on_both! {
    fn an_entry_stands_at_the_place_that_it_names_and_is_over_at_once(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        let package = publisher.packed(&town, REGISTER);
        for step in [&["plugin", "install", &package][..], &["plugin", "grant", "register"], &["plugin", "enable", "register"]] {
            town.falin(step).ok();
        }
        let clerk = town.program("clerk");
        settled(|| clerk.get(COUNTS).status == 200);
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
