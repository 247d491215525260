//! A county's own program prints contact cards: which wait, what they say, noted as printed, renewed, revoked.

use serde_json::{Value, json};

use crate::town::client::encode;
use crate::town::{Client, Town, on_both};

const CARDS: &str = "/api/v1/contact-cards";
const VILLAGE: &str = "SELECT code AS t FROM division WHERE name = '横沟村'";

fn commit(program: &Client, path: &str, plan: &Value) {
    let body = json!({"action": "commit", "version": plan["version"]});
    program.call("POST", &format!("{path}/{}/actions", plan["id"].as_str().unwrap()), &body).is(200);
}

on_both! {
    fn a_program_prints_a_village_and_again_what_has_changed(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let plan = program.call("POST", "/api/v1/pairing-plans", &json!({})).is(201).json();
        commit(&program, "/api/v1/pairing-plans", &plan);
        let village = town.texts(VILLAGE).pop().unwrap();
        let sheets = program.get(&format!("{CARDS}/sheets?village={village}&all=true")).is(200).json();
        let homes = town.number("SELECT count(*) FROM household WHERE village_id = (SELECT id FROM division WHERE name = '横沟村')");
        assert_eq!((&sheets["items"], &sheets["missing"]), (&json!([]), &json!(homes)), "looking makes no card");
        program.get(&format!("{CARDS}/sheets?all=true")).refused(422, "form.invalid");
        program.get(&format!("{CARDS}?village=nowhere")).refused(422, "division.unknown");
        program.call("POST", &format!("{CARDS}/actions"), &json!({"action": "printed", "all": true, "x": 1})).refused(422, "form.invalid");
        let order = json!({"action": "printed", "village": village, "all": true});
        let made = program.call("POST", &format!("{CARDS}/actions"), &order).is(200);
        assert_eq!(made.header("cache-control"), Some("private, no-store"));
        let made = made.json();
        assert_eq!(made["items"].as_array().unwrap().len() as i64, homes);
        let path = made["items"][0]["path"].as_str().unwrap();
        assert!(town.visitor().get(path).is(200).text().contains(made["items"][0]["provider"]["name"].as_str().unwrap()));
        assert_eq!(program.get(CARDS).is(200).json()["items"], json!([]), "all say whom they have");
        let (mut seen, mut cursor) = (0, String::new());
        loop {
            let part = program.get(&format!("{CARDS}/sheets?village={village}&all=true&limit=3{cursor}")).is(200).json();
            seen += part["items"].as_array().unwrap().len() as i64;
            let Some(next) = part["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, homes, "page by page every card of the village comes once");
        program.get(&format!("{CARDS}/sheets?village={village}&all=true&cursor=AAAA")).refused(422, "page.cursor");

        // Whoever is handed over needs a new card.
        let worker = program.get(&format!("/api/v1/legal-workers?q={}", encode("仇文静"))).json()["items"][0]["id"].clone();
        let handover = program.call("POST", "/api/v1/handovers", &json!({"worker_id": worker, "why": "left"})).is(201).json();
        commit(&program, "/api/v1/handovers", &handover);
        let waits = program.get(&format!("{CARDS}?limit=1&village={village}")).is(200).json();
        assert_eq!(waits["items"][0]["village"]["name"], "横沟村", "{waits}");
        assert!(waits["next_cursor"].is_string());
        let own = |path: &str| town.program("lawyer").get(path).is(200).json();
        let home = own("/api/v1/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
        let printed = json!({"action": "printed"});
        program.call("POST", &format!("/api/v1/households/{home}/card/actions"), &printed).is(200);
        let other = "SELECT id FROM pairing WHERE household_id <> contact_card.household_id ORDER BY id LIMIT 1";
        town.sql(&format!("UPDATE contact_card SET printed_pairing_id = ({other})")).unwrap();
        let mine = own("/api/v1/today")["own"]["cards"].clone();
        let list = own(&format!("{CARDS}?limit=200"))["items"].as_array().unwrap().len();
        assert!(list > 0 && mine == list, "a lawyer lists the own ones whatever comes before them: {mine} {list}");
        let page = town.program("lawyer").get("/desk/cards").is(200).text();
        assert!(page.contains(&format!("共 {list} 张")) && page.contains(&format!("{list} 张，1 页")), "{page}");
        let again = program.get(&format!("{CARDS}/sheets?village={village}")).is(200).json();
        assert!(again["items"].as_array().unwrap().iter().all(|one| one["provider"]["name"] != "仇文静"));
        program.call("POST", &format!("{CARDS}/actions"), &json!({"action": "printed", "village": village})).is(200);
        assert_eq!(program.get(&format!("{CARDS}?village={village}")).is(200).json()["items"], json!([]));
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_household_s_card_is_made_renewed_and_revoked(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let home = clerk.get("/api/v1/households?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/households/{home}/card");
        let act = |body: Value| clerk.call("POST", &format!("{path}/actions"), &body);
        assert_eq!(clerk.get(&path).is(200).json(), json!({"household_id": home, "card": null}));
        act(json!({"action": "renew"})).refused(422, "form.invalid");
        act(json!({"action": "revoke", "card": null})).refused(422, "action.not_allowed");
        let first = act(json!({"action": "renew", "card": null})).is(200).json()["card"].clone();
        assert!(first["printed_at"].is_string(), "{first}");
        act(json!({"action": "renew", "card": null})).refused(409, "state.changed");
        let second = act(json!({"action": "renew", "card": first["id"]})).is(200).json()["card"].clone();
        assert_ne!(first["path"], second["path"]);
        town.visitor().get(first["path"].as_str().unwrap()).is(404);
        town.visitor().get(second["path"].as_str().unwrap()).is(200);
        act(json!({"action": "revoke", "card": first["id"]})).refused(409, "state.changed");
        assert_eq!(act(json!({"action": "revoke", "card": second["id"]})).is(200).json()["card"], Value::Null);
        town.visitor().get(second["path"].as_str().unwrap()).is(404);
        assert!(act(json!({"action": "printed"})).is(200).json()["card"]["id"].is_string());
        let nowhere = "/api/v1/households/01890000-0000-7000-8000-000000000000/card";
        clerk.get(nowhere).refused(404, "not_found");
        clerk.call("POST", &format!("{nowhere}/actions"), &json!({})).refused(404, "not_found");
        town.falin(&["audit", "verify"]).ok();
    }
}
