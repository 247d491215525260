//! Leave, consent and conflicts for programs: recorded, listed, answered, lifted.

use serde_json::{Value, json};

use crate::town::{Town, on_both};

on_both! {
    fn leave_is_recorded_listed_and_taken_back(backend) {
        let town = Town::start(backend);
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let own = lawyer.call("POST", "/api/v1/leaves", &json!({"from": "2999-03-02", "to": "2999-03-09", "reason": "进修"}));
        let own = own.is(201).json();
        let listed = lawyer.get("/api/v1/leaves").is(200).json();
        assert_eq!(listed["items"][0]["id"], own["id"]);
        let id = own["id"].as_str().unwrap();
        let other = admin.get("/api/v1/legal-workers").is(200).json();
        let other = other["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap())
            .find(|one| listed["items"][0]["worker"] != *one).unwrap().to_owned();
        lawyer.call("POST", "/api/v1/leaves", &json!({"worker": other, "from": "2999-03-02"})).refused(403, "access.denied");
        let wrong = admin.call("POST", "/api/v1/leaves", &json!({"worker": other, "from": "2999-03-02", "to": "2999-03-01"}));
        assert_eq!(wrong.refused(422, "form.invalid").json()["fields"][0]["name"], "to");
        admin.call("POST", "/api/v1/leaves", &json!({"worker": other, "from": "2026-01-01"})).is(201);
        let all = admin.get("/api/v1/leaves").is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        assert_eq!(all["items"].as_array().unwrap().iter().filter(|one| one["to"] == Value::Null).count(), 1);
        let cancel = json!({"action": "cancel"});
        let begun = all["items"].as_array().unwrap().iter().find(|one| one["worker"] == other.as_str()).unwrap();
        let begun = begun["id"].as_str().unwrap();
        lawyer.call("POST", &format!("/api/v1/leaves/{begun}/actions"), &cancel).refused(404, "not_found");
        admin.call("POST", &format!("/api/v1/leaves/{begun}/actions"), &cancel).refused(422, "action.not_allowed");
        lawyer.call("POST", &format!("/api/v1/leaves/{id}/actions"), &cancel).is(200);
        assert_eq!(lawyer.get("/api/v1/leaves").is(200).json()["items"], json!([]));
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_conflict_is_lifted_once(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let home = clerk.get("/api/v1/households?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let worker = clerk.get("/api/v1/legal-workers?limit=1").is(200).json()["items"][0]["id"].clone();
        let all = format!("/api/v1/households/{home}/conflicts");
        let made = clerk.call("POST", &all, &json!({"worker_id": worker, "reason": "代理过对方"})).is(201).json();
        let one = format!("{all}/{}/actions", made["id"].as_str().unwrap());
        clerk.call("POST", &one, &json!({"action": "forget"})).refused(422, "form.invalid");
        clerk.call("POST", &one, &json!({"action": "lift"})).is(200);
        assert_eq!(clerk.get(&all).is(200).json()["items"], json!([]));
        clerk.call("POST", &one, &json!({"action": "lift"})).refused(404, "not_found");
    }

    fn both_sides_answer_and_a_no_is_seen_on_today(backend) {
        let mut town = Town::prepared(backend);
        let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
        town.falin(&["pair", "commit", &plan]).ok();
        town.serve();
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        assert_eq!(clerk.get("/api/v1/consents").is(200).json()["items"], json!([]), "nobody has asked for consent");
        town.sql(r#"UPDATE county SET settings = '{"consent":true}'"#).unwrap();
        let waiting = clerk.get("/api/v1/consents?limit=3").is(200).json();
        let Some(first) = waiting["items"].as_array().unwrap().first().cloned() else {
            panic!("nothing waits: {waiting}")
        };
        let one = format!("/api/v1/consents/{}", first["id"].as_str().unwrap());
        let act = |act: Value| clerk.call("POST", &format!("{one}/actions"), &act);
        act(json!({"action": "accept", "side": "household"})).refused(422, "form.invalid");
        let no = act(json!({"action": "decline", "side": "household", "how": "phone", "reason": "想换人"})).is(200).json();
        assert_eq!(no["household_accepts"], false);
        assert_eq!(clerk.get(&one).is(200).json()["provider_accepts"], Value::Null);
        assert_eq!((&no["household_note"], &no["provider_note"]), (&json!("想换人"), &Value::Null));
        for path in ["/desk/consents".to_owned(), one.replace("/api/v1", "/desk")] {
            let page = clerk.get(&path).is(200).text();
            assert!(page.contains("想换人"), "{path}: {page}");
        }
        assert!(admin.get("/desk").is(200).text().contains("有一方没答应"));
        let yes = act(json!({"action": "accept", "side": "household", "how": "visit"})).is(200).json();
        assert_eq!(yes["household_accepts"], true);
        assert!(!admin.get("/desk").is(200).text().contains("有一方没答应"));
    }

    fn a_lawyer_is_told_whose_yes_is_waited_for_and_finds_it(backend) {
        let mut town = Town::prepared(backend);
        town.sql(r#"UPDATE county SET settings = '{"consent":true}'"#).unwrap();
        let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
        town.falin(&["pair", "commit", &plan]).ok();
        town.serve();
        let lawyer = town.program("lawyer");
        let own = || lawyer.get("/api/v1/today").is(200).json()["own"].clone();
        let count = own()["consents"].as_i64().unwrap();
        assert!(count > 1 && own()["households"] == count, "{}", own());
        let today = lawyer.get("/desk").is(200);
        assert!(today.text().contains(&format!("{count} 户想请您当法律顾问")), "{}", today.text());
        assert!(lawyer.get("/desk/my-households").is(200).body().contains("href=\"/desk/consents\""));
        let inbox = lawyer.get("/desk/inbox").is(200);
        assert!(inbox.text().contains("户请您当法律顾问，请答复"), "{}", inbox.text());
        assert!(inbox.body().contains("href=\"/desk/consents\""), "the message leads there");
        let part = lawyer.get("/desk/consents?limit=1").is(200);
        assert!(part.text().contains(&format!("共 {count} 户")), "all of them, not this page's: {}", part.text());
        assert!(part.body().contains("rel=\"next\""));
        let form = lawyer.get(&part.link("记下答复")).is(200);
        assert!(form.body().contains("/me/view?"));
        let refused = lawyer.fill(&form, "/desk/consents/", &[]).is(422);
        assert!(!refused.body().contains("/me/view?"), "what was typed would be lost in the other language");
        lawyer.fill(&form, "/desk/consents/", &[("answer", "accept")]).is(200);
        assert_eq!(own()["consents"], count - 1);
        town.falin(&["pair", "undo", &plan]).ok();
        assert_eq!(own()["consents"], 0);
        assert!(!lawyer.get("/desk").is(200).text().contains("户想请您当法律顾问"));
    }
}
