//! Members of a household and its dated categories: entered, found by number, corrected, ended; as programs and on pages.

use serde_json::{Value, json};

use crate::town::rosters::id_number;
use crate::town::{Client, Town, on_both};

const ALL: &str = "/api/v1/households";

/// A household of its own, so that no test depends on another's.
fn household(clerk: &Client, name: &str) -> Value {
    let new = json!({"village": "620201101202", "head_name": name});
    clerk.call("POST", ALL, &new).is(201).json()
}

fn act(client: &Client, id: &str, act: Value) -> crate::town::Answer {
    client.call("POST", &format!("{ALL}/{id}/actions"), &act)
}

fn found(client: &Client, number: &str) -> Vec<String> {
    let page = client.call("POST", &format!("{ALL}/search"), &json!({"id_number": number})).is(200).json();
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn a_member_is_entered_found_by_number_and_leaves(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let home = household(&clerk, "单于秀英");
        let id = home["id"].as_str().unwrap();
        let number = id_number("620201", "19620312", 2);
        act(&clerk, id, json!({"action": "add_member", "version": 1, "relation": "head", "name": "马小军"}))
            .refused(422, "form.invalid");
        let faults = act(&clerk, id, json!({"action": "add_member", "version": 1, "name": " ", "relation": "child",
            "id_number": "620201196203120000", "from": "2026-03-02", "to": "2026-03-01"}));
        let faults = faults.refused(422, "form.invalid").json();
        let names: Vec<_> = faults["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["name", "id_number", "to"]);

        let with = act(&clerk, id, json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "child",
            "id_number": number, "from": "2026-01-02"})).is(200).json();
        let member = &with["members"][0];
        assert_eq!((&member["name"], &member["relation"], &member["from"]), (&json!("马小军"), &json!("child"), &json!("2026-01-02")));
        assert_eq!(with["version"], 2);
        assert!(!with.to_string().contains(&number), "{with}");
        assert_eq!(found(&clerk, &number), [id]);
        let by_name = clerk.get(&format!("{ALL}?q=maxiaojun")).is(200).json();
        assert_eq!(by_name["items"][0]["id"], *id, "{by_name}");
        let clear = act(&clerk, id, json!({"action": "reveal", "reason": "identity"})).is(200).json();
        assert_eq!(clear["sealed"]["members"][0]["id_number"], number.as_str());

        // One household at a time: neither as a member nor as the head of another.
        let other = household(&clerk, "马建国");
        let there = other["id"].as_str().unwrap();
        let twice = json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "other", "id_number": number});
        act(&clerk, there, twice.clone()).refused(409, "member.duplicate");
        act(&clerk, there, json!({"action": "change", "version": 1, "id_number": number})).refused(409, "household.duplicate");

        let who = member["id"].as_str().unwrap();
        act(&clerk, id, json!({"action": "end_member", "version": 1, "member": who})).refused(409, "state.changed");
        act(&clerk, there, json!({"action": "end_member", "version": 1, "member": who})).refused(404, "not_found");
        let left = act(&clerk, id, json!({"action": "end_member", "version": 2, "member": who, "on": "2026-02-01"}));
        assert_eq!(left.is(200).json()["members"][0]["to"], "2026-02-01");
        assert_eq!(found(&clerk, &number), Vec::<String>::new());
        act(&clerk, there, twice).is(200);
        assert_eq!(found(&clerk, &number), [there]);

        let renamed = act(&clerk, id, json!({"action": "change_member", "version": 3, "member": who, "name": "马晓军"}));
        let renamed = renamed.is(200).json();
        assert_eq!((&renamed["members"][0]["name"], &renamed["members"][0]["to"]), (&json!("马晓军"), &json!("2026-02-01")));
        act(&clerk, id, json!({"action": "remove_member", "version": 4, "member": who})).is(200);
        for (event, times) in [("added", 2), ("ended", 1), ("changed", 1), ("removed", 1)] {
            let sql = format!("SELECT count(*) FROM journal_entry WHERE event = 'household.member_{event}'");
            assert_eq!(town.number(&sql), times, "{event}");
        }
        town.falin(&["audit", "verify"]).ok();
    }

    fn categories_hold_between_their_dates(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let home = household(&clerk, "单于秀英");
        let id = home["id"].as_str().unwrap();
        let listed = |code: &str| {
            let page = clerk.get(&format!("{ALL}?limit=200&category={code}")).is(200).json();
            page["items"].as_array().unwrap().iter().any(|item| item["id"] == id)
        };
        let past = act(&clerk, id, json!({"action": "add_category", "version": 1, "category": "low_income",
            "from": "2021-01-01", "to": "2025-01-01"})).is(200).json();
        assert!(!listed("low_income"));
        act(&clerk, id, json!({"action": "add_category", "version": 2, "category": "low_income", "from": "2024-06-01"}))
            .refused(409, "category.overlap");
        let now = act(&clerk, id, json!({"action": "add_category", "version": 2, "category": "low_income",
            "from": "2025-01-01", "to": "2999-01-01"}));
        let now = now.is(200).json();
        assert!(listed("low_income"), "one with a known end holds until then");
        assert_eq!(now["categories"].as_array().unwrap().len(), 2);
        let old = past["categories"][0]["id"].as_str().unwrap();
        act(&clerk, id, json!({"action": "change_category", "version": 3, "dated_category": old, "to": "2025-06-01"}))
            .refused(409, "category.overlap");
        act(&clerk, id, json!({"action": "change_category", "version": 3, "dated_category": old, "to": "2020-01-01"}))
            .refused(422, "form.invalid");
        let earlier = act(&clerk, id, json!({"action": "change_category", "version": 3, "dated_category": old, "to": "2024-07-01"}));
        assert_eq!(earlier.is(200).json()["categories"][1]["to"], "2024-07-01");

        // A change of the whole household that keeps the category leaves its dates alone.
        let kept = act(&clerk, id, json!({"action": "change", "version": 4, "categories": ["low_income", "elderly"]}));
        let kept = kept.is(200).json();
        assert!(kept["categories"].as_array().unwrap().iter().any(|one| one["to"] == "2999-01-01"), "{kept}");
        assert!(listed("elderly"));
        let open = kept["categories"][0]["id"].as_str().unwrap();
        act(&clerk, id, json!({"action": "remove_category", "version": 5, "dated_category": open})).is(200);
        act(&clerk, id, json!({"action": "leave", "version": 6})).is(200);
        act(&clerk, id, json!({"action": "add_category", "version": 7, "category": "other"})).refused(422, "action.not_allowed");
        act(&town.program("lawyer"), id, json!({"action": "add_category", "version": 7, "category": "other"}))
            .refused(404, "not_found");
    }

    fn pages_enter_change_and_end_a_member(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let home = household(&clerk, "单于秀英");
        let page = format!("/desk/households/{}", home["id"].as_str().unwrap());
        let form = clerk.get(&clerk.get(&page).is(200).link("登记家里人")).is(200);
        let refused = clerk.fill(&form, "/members", &[("name", "马小军"), ("last", "2020-01-01")]).is(422);
        assert!(refused.body().contains("马小军") && refused.body().contains("2020-01-01"), "what was typed stays");
        let number = id_number("620201", "19620312", 7);
        let saved = clerk.fill(&form, "/members",
            &[("name", "马小军"), ("relation", "child"), ("id_number", &number), ("from", "2026-01-02")]).is(200);
        assert!(saved.text().contains("马小军") && saved.text().contains("子女"), "{}", saved.text());
        assert!(!saved.body().contains(&number));
        let clear = clerk.fill(&saved, "/reveal", &[("reason", "visit")]).is(200);
        assert!(clear.body().contains(&number));

        let form = clerk.get(&saved.link("马小军")).is(200);
        assert!(!form.body().contains(&number), "a form never shows what is sealed");
        let ended = clerk.fill(&form, "/members/", &[("last", "2026-01-31")]).is(200);
        assert!(ended.text().contains("1月31日"), "{}", ended.text());
        let stale = clerk.fill(&form, "/members/", &[("last", "2026-01-30")]).is(409);
        assert!(stale.body().contains("2026-01-30"));

        let form = clerk.get(&ended.link("登记困难类别")).is(200);
        let saved = clerk.fill(&form, "/categories", &[("category", "low_income"), ("from", "2026-01-01")]).is(200);
        assert!(saved.text().contains("低保"), "{}", saved.text());
        let form = clerk.get(&saved.link("低保")).is(200);
        let gone = clerk.fill(&form, "/remove", &[]).is(200);
        assert!(!gone.text().contains("低保"), "{}", gone.text());
        let english = town.program("clerk").in_english();
        assert!(english.get(&format!("{page}/members/new")).is(200).text().contains("Add a member"));
    }
}
