//! Plans and handovers over HTTP: a program's calls, and an administrator's pages, on both databases.

use serde_json::{Value, json};

use crate::town::client::encode;
use crate::town::county::{COUNTY, HOUSEHOLDS};
use crate::town::{Answer, Client, Town, on_both};

const PLANS: &str = "/api/v1/pairing-plans";

fn all() -> usize {
    HOUSEHOLDS.0 + HOUSEHOLDS.1
}

fn make(program: &Client, body: &Value) -> Value {
    program.call("POST", PLANS, body).is(201).json()
}

fn act(program: &Client, plan: &Value, action: &str, more: &Value) -> Answer {
    let mut body = json!({"action": action, "version": plan["version"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    program.call("POST", &format!("{PLANS}/{}/actions", plan["id"].as_str().unwrap()), &body)
}

fn names(value: &Value) -> Vec<&str> {
    value["allowed_actions"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect()
}

on_both! {
    fn a_program_plans_commits_and_undoes(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let made = program.call("POST", PLANS, &json!({"place": COUNTY})).is(201);
        let plan = made.json();
        let address = format!("{PLANS}/{}", plan["id"].as_str().unwrap());
        assert_eq!(made.header("location"), Some(address.as_str()));
        assert_eq!((&plan["placed"], &plan["state"], &plan["unplaced"]), (&json!(all()), &json!("draft"), &json!([])));
        assert_eq!(names(&plan), ["commit", "override", "drop"]);
        let got = program.get(&address).is(200);
        assert_eq!(got.json(), plan);
        let tag = got.header("etag").unwrap().to_owned();
        program.send("GET", &address, &[("if-none-match", &tag)], Vec::new()).is(304);
        let rows = program.get(&format!("{address}/rows?which=placed&limit=200")).is(200).json();
        assert_eq!(rows["items"].as_array().unwrap().len(), all());

        program.call("POST", &format!("{address}/actions"), &json!({"action": "commit"})).refused(422, "form.invalid");
        let stale = json!({"action": "commit", "version": 1});
        program.call("POST", &format!("{address}/actions"), &stale).refused(409, "state.changed");
        let done = act(&program, &plan, "commit", &json!({})).is(200).json();
        assert_eq!((&done["state"], names(&done)), (&json!("committed"), vec!["undo"]));
        act(&program, &plan, "commit", &json!({})).refused(409, "state.changed");
        act(&program, &done, "commit", &json!({})).refused(409, "plan.committed");

        let household = rows["items"][0]["household_id"].as_str().unwrap();
        let history = format!("/api/v1/households/{household}/pairings");
        let spans = program.get(&history).is(200).json();
        assert_eq!(spans["items"][0]["provider"], rows["items"][0]["to"]);
        assert_eq!(program.get(&format!("{history}?on=2020-01-01")).is(200).json()["items"], json!([]));
        program.get(&format!("{history}?on=yesterday")).refused(422, "form.invalid");
        let undone = act(&program, &done, "undo", &json!({})).is(200).json();
        assert_eq!(undone["state"], "undone");
        assert_eq!(program.get(&history).is(200).json()["items"][0]["end_reason"], "undo");
        let listed = program.get(&format!("{PLANS}?state=undone")).is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }

    fn a_person_s_word_counts_within_the_rules(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let plan = make(&program, &json!({}));
        let rows = program.get(&format!("{PLANS}/{}/rows?limit=200", plan["id"].as_str().unwrap())).json();
        let rows = rows["items"].as_array().unwrap();
        let rural = rows.iter().find(|row| row["kind"] == "rural").unwrap();
        let other = rows.iter().find(|row| row["kind"] == "rural" && row["to"] != rural["to"]).unwrap();
        let choice = json!({
            "households": [rural["household_id"]], "worker_id": other["to"]["worker_id"], "reason": "老当事人",
        });
        let mut nameless = choice.clone();
        nameless["reason"] = json!(" ");
        act(&program, &plan, "override", &nameless).refused(422, "plan.override_reason");
        let plan = act(&program, &plan, "override", &choice).is(200).json();
        assert_eq!(plan["overridden"], json!([rural["household_id"]]));
        let conflict = json!({"worker_id": other["to"]["worker_id"], "reason": "对方代理人"});
        let path = format!("/api/v1/households/{}/conflicts", rural["household_id"].as_str().unwrap());
        let barred = program.call("POST", &path, &conflict).is(201).json();
        assert_eq!(program.get(&path).json()["items"][0]["reason"], "对方代理人");
        act(&program, &plan, "commit", &json!({})).refused(409, "plan.changed");
        let lift = format!("{path}/{}/actions", barred["id"].as_str().unwrap());
        program.call("POST", &lift, &json!({"action": "lift"})).is(200);
        let plan = act(&program, &make(&program, &json!({})), "override", &choice).is(200).json();
        act(&program, &plan, "commit", &json!({})).is(200);
        let home = program.get(&path.replace("/api/v1", "/desk").replace("/conflicts", "")).is(200).text();
        assert!(home.contains("老当事人"), "why a person chose so stands in the household's history: {home}");
    }

    fn others_neither_see_nor_touch_plans(backend) {
        let town = Town::start(backend);
        let plan = make(&town.program("county_admin"), &json!({}));
        let clerk = town.program("clerk");
        clerk.get(PLANS).refused(403, "access.denied");
        clerk.call("POST", PLANS, &json!({})).refused(403, "access.denied");
        clerk.get(&format!("{PLANS}/{}", plan["id"].as_str().unwrap())).refused(404, "not_found");
    }

    fn a_leaver_is_handed_over_by_a_program(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let plan = make(&program, &json!({}));
        act(&program, &plan, "commit", &json!({})).is(200);
        let workers = program.get(&format!("/api/v1/legal-workers?q={}", encode("仇文静"))).is(200).json();
        let leaver = workers["items"][0]["id"].clone();
        let handover = make(&program, &json!({"worker_id": leaver, "why": "left"}));
        assert_eq!((&handover["kind"], &handover["changed"]), (&json!("handover"), &json!(6)));
        assert_eq!(handover["leaver"]["posts"][0]["village"], "横沟村");
        let done = act(&program, &handover, "commit", &json!({})).is(200).json();
        let own = "SELECT count(*) FROM worker WHERE name = '仇文静' AND active";
        assert_eq!(town.number(own), 0);
        act(&program, &done, "undo", &json!({})).is(200);
        assert_eq!(town.number(own), 1);
    }
}
