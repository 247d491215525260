//! Households for programs: found by name and number, read masked, revealed with a reason, changed, gone; and who may.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::town::county::{HOUSEHOLDS, RURAL, household};
use crate::town::rosters::Cell;
use crate::town::{Client, Town, on_both};

const ALL: &str = "/api/v1/households";

/// Telephone and ID number of the prepared household `number`.
fn numbers(number: usize) -> (String, String) {
    let row = household(RURAL[number % RURAL.len()], number, "");
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    (text(&row[4]), text(&row[3]))
}

/// The id of the household with this telephone.
fn find(clerk: &Client, number: usize) -> String {
    let found =
        clerk.call("POST", "/api/v1/households/search", &json!({"phone": numbers(number).0})).is(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    found["items"][0]["id"].as_str().unwrap().to_owned()
}

fn act(client: &Client, id: &str, act: Value) -> crate::town::Answer {
    client.call("POST", &format!("{ALL}/{id}/actions"), &act)
}

on_both! {
    fn a_list_has_every_household_once_and_no_number(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let mut seen = BTreeSet::new();
        let mut next = String::new();
        loop {
            let page = clerk.get(&format!("{ALL}?limit=7{next}")).is(200);
            let body = page.body();
            assert!(!(0..HOUSEHOLDS.0).any(|at| body.contains(&numbers(at).0) || body.contains(&numbers(at).1)));
            let page = page.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.iter().all(|item| seen.insert(item["id"].as_str().unwrap().to_owned())));
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), HOUSEHOLDS.0 + HOUSEHOLDS.1);
        let count = |query: &str| clerk.get(&format!("{ALL}?limit=200&{query}")).is(200).json()["items"].as_array().unwrap().len();
        assert_eq!(count("kind=urban"), HOUSEHOLDS.1);
        assert_eq!(count("village=620201100201"), HOUSEHOLDS.0 / RURAL.len());
        assert_eq!(count("village=620201100"), HOUSEHOLDS.0 / 2);
        assert_eq!(count("paired=true"), 0);
        assert!(count("q=zhang") > 0 && count("q=zhang") == count("q=%E5%BC%A0"));
        clerk.get(&format!("{ALL}?q={}", numbers(1).0)).refused(422, "search.digits");
        clerk.get(&format!("{ALL}?vilage=1")).refused(422, "form.invalid");
        clerk.get(&format!("{ALL}?village=999999")).refused(422, "division.unknown");
        clerk.get(&format!("{ALL}?limit=201")).refused(400, "page.limit");
    }

    fn numbers_find_in_a_body_and_are_shown_masked(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let id = find(&clerk, 3);
        let (phone, number) = numbers(3);
        let by_number = clerk.call("POST", "/api/v1/households/search", &json!({"id_number": number})).is(200).json();
        assert_eq!(by_number["items"][0]["id"], id.as_str());
        clerk.call("POST", "/api/v1/households/search", &json!({"phone": "12"})).refused(422, "form.invalid");
        clerk.call("POST", "/api/v1/households/search", &json!({})).refused(422, "form.invalid");

        let one = clerk.get(&format!("{ALL}/{id}")).is(200);
        let tag = one.header("etag").unwrap().to_owned();
        assert!(!one.body().contains(&phone) && !one.body().contains(&number));
        assert_eq!(one.json()["phones"][0], "138****0003");
        let again = clerk.send("GET", &format!("{ALL}/{id}"), &[("if-none-match", &tag)], Vec::new());
        assert_eq!(again.status, 304);

        act(&clerk, &id, json!({"action": "reveal"})).refused(422, "form.invalid");
        let clear = act(&clerk, &id, json!({"action": "reveal", "reason": "contact"})).is(200).json();
        assert_eq!((&clear["sealed"]["phones"][0], &clear["sealed"]["id_number"]), (&json!(phone), &json!(number)));
        let revealed = "SELECT count(*) FROM journal_entry WHERE event = 'household.revealed'";
        assert_eq!(town.number(revealed), 1);
    }

    fn a_household_is_added_changed_and_gone(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let new = json!({"village": "620201101202", "head_name": "单于秀英", "phones": ["139 0937 0001"],
            "id_number": "11010519491231002x", "categories": ["elderly"]});
        let made = clerk.call("POST", ALL, &new).is(201).json();
        assert_eq!((&made["kind"], &made["phones"][0], &made["version"]), (&json!("rural"), &json!("139****0001"), &json!(1)));
        clerk.call("POST", ALL, &new).refused(409, "household.duplicate");
        let faults = clerk.call("POST", ALL, &json!({"village": "1", "head_name": " ", "id_number": "110105194912310021"}));
        let faults = faults.refused(422, "form.invalid").json();
        let fields: Vec<_> = faults["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(fields, ["village", "head_name", "id_number"]);

        let id = made["id"].as_str().unwrap();
        let names = |answer: &Value| -> Vec<String> {
            let list = answer["allowed_actions"].as_array().unwrap().iter();
            list.map(|one| one["action"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&made), ["change", "reveal", "add_member", "add_category", "change_category", "remove_category", "leave"]);
        act(&clerk, id, json!({"action": "change", "head_name": "单于英"})).refused(422, "form.invalid");
        act(&clerk, id, json!({"action": "change", "version": 7, "head_name": "单于英"})).refused(409, "state.changed");
        let changed = act(&clerk, id, json!({"action": "change", "version": 1, "head_name": "单于英", "categories": []}));
        let changed = changed.is(200).json();
        assert_eq!((&changed["head_name"], &changed["version"]), (&json!("单于英"), &json!(2)));
        assert_eq!(changed["phones"], made["phones"], "what is not said stays");
        act(&clerk, id, json!({"action": "revoke_card"})).refused(422, "action.not_allowed");
        let gone = act(&clerk, id, json!({"action": "leave", "version": 2})).is(200).json();
        assert_eq!((&gone["state"], &gone["active"]), (&json!("left"), &json!(false)));
        act(&clerk, id, json!({"action": "leave", "version": 3})).refused(422, "action.not_allowed");
        act(&clerk, id, json!({"action": "paint", "version": 3})).refused(422, "form.invalid");
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_one_may_not_see_does_not_exist(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let id = find(&clerk, 5);
        let random = "01900000-0000-7000-8000-000000000001";
        let lawyer = town.program("lawyer");
        for id in [id.as_str(), random, "1"] {
            lawyer.get(&format!("{ALL}/{id}")).refused(404, "not_found");
            act(&lawyer, id, json!({"action": "leave", "version": 1})).refused(404, "not_found");
            town.program("audit_admin").get(&format!("{ALL}/{id}")).refused(404, "not_found");
        }
        assert_eq!(lawyer.get(ALL).is(200).json()["items"], json!([]));
        town.program("audit_admin").get(ALL).refused(403, "access.denied");
        lawyer.call("POST", ALL, &json!({})).refused(403, "access.denied");
        town.visitor().call("POST", ALL, &json!({})).refused(401, "access.unauthenticated");
    }

    fn pages_show_a_household_its_readers_and_its_form(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let id = find(&clerk, 4);
        let list = clerk.get("/desk/households?find=zhang&kind=rural").is(200);
        assert!(list.text().contains("张"), "{}", list.text());
        clerk.get("/desk/households?find=13800000004").is(422);
        let page = clerk.get(&format!("/desk/households/{id}")).is(200);
        assert!(page.text().contains("138****0004") && !page.body().contains("13800000004"));

        let asked = clerk.fill(&page, "/reveal", &[]).is(422);
        assert!(asked.text().contains("请"), "{}", asked.text());
        let clear = clerk.fill(&page, "/reveal", &[("reason", "visit")]).is(200);
        assert!(clear.text().contains("138 0000 0004"), "{}", clear.text());

        let form = clerk.get(&format!("/desk/households/{id}/edit")).is(200);
        let refused = clerk.fill(&form, &id, &[("head", "马玉兰"), ("id_number", "62020119850515001X")]).is(422);
        assert!(refused.body().contains("马玉兰"), "what was typed stays");
        let saved = clerk.fill(&form, &id, &[("head", "马玉兰")]).is(200);
        assert!(saved.text().contains("马玉兰") && saved.text().contains("138****0004"), "{}", saved.text());
        let stale = clerk.fill(&form, &id, &[("head", "马玉")]).is(409);
        assert!(stale.body().contains("马玉"));
    }

    fn a_card_is_printed_and_revoked(backend) {
        let mut town = Town::prepared(backend);
        let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
        town.falin(&["pair", "commit", &plan]).ok();
        town.serve();
        let clerk = town.program("clerk");
        let id = find(&clerk, 6);
        let page = clerk.get(&format!("/desk/households/{id}")).is(200);
        let card = clerk.fill(&page, "/card", &[]).is(200);
        let button = format!("href=\"/desk/households/{id}/card\"");
        assert!(clerk.get(&format!("/desk/households/{id}")).is(200).body().contains(&button));
        let officer = town.program("aid_officer").get(&format!("/desk/households/{id}")).is(200);
        assert!(!officer.body().contains(&button), "what an officer may not print is not offered");
        assert!(card.body().contains("<svg"), "{}", card.body());
        let one = clerk.get(&format!("{ALL}/{id}")).is(200).json();
        assert!(one["card"]["printed_at"].is_string(), "{one}");
        let village = clerk.get("/desk/cards/print?all=yes&village=620201100201").is(200);
        assert!(village.body().matches("<svg").count() < HOUSEHOLDS.0 / RURAL.len(), "looking makes no card");
        let village = clerk.fill(&village, "/desk/cards/print", &[]).is(200);
        assert_eq!(village.body().matches("<svg").count(), HOUSEHOLDS.0 / RURAL.len());
        assert!(clerk.get("/desk/cards").is(200).text().contains("0"));
        act(&clerk, &id, json!({"action": "revoke_card"})).is(200);
        assert_eq!(clerk.get(&format!("{ALL}/{id}")).is(200).json()["card"], Value::Null);
    }
}
