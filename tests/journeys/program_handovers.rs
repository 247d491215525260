//! A county's own program hands a leaver's households over: who waits, who takes a village, commit and the way back.

use serde_json::{Value, json};

use crate::town::client::encode;
use crate::town::{Answer, Client, Town, on_both};

const HANDOVERS: &str = "/api/v1/handovers";
const PLANS: &str = "/api/v1/pairing-plans";

fn address(one: &Value) -> String {
    format!("{HANDOVERS}/{}", one["id"].as_str().unwrap())
}

fn act(program: &Client, path: &str, version: &Value, more: &Value) -> Answer {
    let mut body = json!({ "version": version });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    program.call("POST", &format!("{path}/actions"), &body)
}

/// A county with everybody placed, and the id of a lawyer in it.
fn placed(town: &Town, program: &Client) -> String {
    // Room enough that one lawyer could take a whole village.
    town.sql("UPDATE worker SET capacity = 40").unwrap();
    let plan = program.call("POST", PLANS, &json!({})).is(201).json();
    let path = format!("{PLANS}/{}", plan["id"].as_str().unwrap());
    act(program, &path, &plan["version"], &json!({"action": "commit"})).is(200);
    assert!(town.number("SELECT count(*) FROM pairing") > 0);
    let workers = program.get(&format!("/api/v1/legal-workers?q={}", encode("仇文静"))).is(200).json();
    workers["items"][0]["id"].as_str().unwrap().to_owned()
}

on_both! {
    fn a_program_hands_a_leaver_over_village_by_village(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let leaver = placed(&town, &program);
        assert_eq!(program.get(&format!("{HANDOVERS}/waiting")).is(200).json()["items"], json!([]));
        program.call("POST", "/api/v1/leaves", &json!({"worker": leaver, "from": "2999-03-02"})).is(201);
        let waits = program.get(&format!("{HANDOVERS}/waiting")).is(200).json();
        assert_eq!((&waits["items"][0]["worker"]["name"], &waits["items"][0]["leave_to"]), (&json!("仇文静"), &Value::Null));

        let new = json!({"worker_id": leaver, "why": "left"});
        let mut strange = new.clone();
        strange["whim"] = json!(1);
        program.call("POST", HANDOVERS, &strange).refused(422, "form.invalid");
        let made = program.call("POST", HANDOVERS, &new).is(201);
        let draft = made.json();
        let path = address(&draft);
        assert_eq!(made.header("location"), Some(path.as_str()));
        assert_eq!((&draft["state"], &draft["worker"]["name"], &draft["why"]), (&json!("draft"), &json!("仇文静"), &json!("left")));
        assert_eq!((&draft["posts"][0]["village"], &draft["allowed_actions"]), (&json!("横沟村"), &json!(["commit", "drop"])));
        assert_eq!(program.get(&path).is(200).json(), draft);
        assert_eq!(program.get(HANDOVERS).is(200).json()["items"], json!([draft]));

        // Village by village, a page at a time.
        let villages = program.get(&format!("{path}/villages?limit=1")).is(200).json();
        let first = villages["items"][0].clone();
        let mut households = first["households"].as_i64().unwrap();
        let mut cursor = villages["next_cursor"].clone();
        while let Some(next) = cursor.as_str() {
            let more = program.get(&format!("{path}/villages?limit=1&cursor={next}")).is(200).json();
            households += more["items"][0]["households"].as_i64().unwrap();
            cursor = more["next_cursor"].clone();
        }
        assert_eq!(json!(households), draft["households"]);
        let village = format!("{path}/villages/{}", first["village_id"].as_str().unwrap());
        let seen = program.get(&village).is(200).json();
        assert_eq!(seen["takers"], first["takers"]);
        let proposed = &first["takers"][0]["provider"]["worker_id"];
        let other = seen["candidates"].as_array().unwrap().iter().map(|one| &one["provider"])
            .find(|one| one["worker_id"] != *proposed && one["worker_id"].is_string()).expect("somebody else");
        let choice = json!({"action": "choose", "worker_id": other["worker_id"], "reason": "老当事人"});
        let version = &draft["version"];
        act(&program, &village, &json!(99), &choice).refused(409, "state.changed");
        act(&program, &village, version, &json!({"action": "choose", "worker_id": other["worker_id"], "reason": " "}))
            .refused(422, "plan.override_reason");
        act(&program, &village, version, &json!({"action": "choose", "reason": "x"})).refused(422, "form.invalid");
        act(&program, &village, version, &json!({"action": "take_back"})).refused(422, "action.not_allowed");
        let chosen = act(&program, &village, version, &choice).is(200).json();
        assert_eq!(chosen["takers"][0]["provider"], *other, "{chosen}");
        let back = act(&program, &village, &chosen["version"], &json!({"action": "take_back"})).is(200).json();
        assert_eq!(back["takers"], first["takers"]);
        let again = act(&program, &village, &back["version"], &choice).is(200).json();

        act(&program, &path, version, &json!({"action": "commit"})).refused(409, "state.changed");
        let done = act(&program, &path, &again["version"], &json!({"action": "commit"})).is(200).json();
        assert_eq!((&done["state"], &done["allowed_actions"]), (&json!("committed"), &json!(["undo"])));
        let gone = "SELECT count(*) FROM worker WHERE name = '仇文静' AND NOT active";
        assert_eq!(town.number(gone), 1);
        assert_eq!(program.get(&format!("{HANDOVERS}?state=committed")).is(200).json()["items"].as_array().unwrap().len(), 1);
        act(&program, &path, &done["version"], &json!({"action": "drop"})).refused(409, "plan.committed");
        assert_eq!(act(&program, &path, &done["version"], &json!({"action": "undo"})).is(200).json()["state"], "undone");
        assert_eq!(town.number(gone), 0);
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_is_no_handover_or_not_for_one_is_absent(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let leaver = placed(&town, &program);
        let plan = program.get(&format!("{PLANS}?kind=pairing")).is(200).json()["items"][0].clone();
        program.get(&address(&plan)).refused(404, "not_found");
        act(&program, &address(&plan), &plan["version"], &json!({"action": "undo"})).refused(404, "not_found");
        program.call("POST", &format!("{}/actions", address(&plan)), &json!({})).refused(404, "not_found");
        let draft = program.call("POST", HANDOVERS, &json!({"worker_id": leaver, "why": "leave"})).is(201).json();
        let random = "01890000-0000-7000-8000-000000000000";
        program.get(&format!("{}/villages/{random}", address(&draft))).refused(404, "not_found");
        program.call("POST", HANDOVERS, &json!({"worker_id": random, "why": "left"})).refused(404, "not_found");
        let past = json!({"worker_id": leaver, "why": "left", "effective_on": "2020-01-01"});
        program.call("POST", HANDOVERS, &past).refused(422, "form.invalid");
        let clerk = town.program("clerk");
        clerk.get(HANDOVERS).refused(403, "access.denied");
        clerk.get(&address(&draft)).refused(404, "not_found");
        let given_up = act(&program, &address(&draft), &draft["version"], &json!({"action": "drop"})).is(200).json();
        assert_eq!((&given_up["state"], &given_up["allowed_actions"]), (&json!("dropped"), &json!([])));
    }

    fn a_program_sees_who_could_take_a_household_and_takes_a_choice_back(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let plan = program.call("POST", PLANS, &json!({})).is(201).json();
        let path = format!("{PLANS}/{}", plan["id"].as_str().unwrap());
        let rows = program.get(&format!("{path}/rows?limit=200")).is(200).json();
        let rural = rows["items"].as_array().unwrap().iter().find(|row| row["kind"] == "rural").unwrap().clone();
        let household = format!("{path}/households/{}", rural["household_id"].as_str().unwrap());
        let seen = program.get(&household).is(200).json();
        assert_eq!(seen["row"], rural);
        let other = seen["candidates"].as_array().unwrap().iter().map(|one| &one["provider"])
            .find(|one| **one != rural["to"]).expect("somebody else");
        let choice = json!({"action": "override", "households": [rural["household_id"]],
            "worker_id": other["worker_id"], "reason": "老当事人"});
        let chosen = act(&program, &path, &plan["version"], &choice).is(200).json();
        let told = program.get(&household).is(200).json();
        assert_eq!((&told["row"]["to"], &told["row"]["override_reason"]), (other, &json!("老当事人")));
        let back = json!({"action": "override", "households": [rural["household_id"]]});
        let done = act(&program, &path, &chosen["version"], &back).is(200).json();
        assert_eq!(done["overridden"], json!([]));
        assert_eq!(program.get(&household).is(200).json()["row"]["to"], rural["to"]);
        program.get(&format!("{path}/households/01890000-0000-7000-8000-000000000000")).refused(404, "not_found");
    }
}
