//! Mediation from both ends: its appointments, its agreement, its deadlines, what is paid and counted of it.

use serde_json::{Value, json};

use super::bookings::{at, room, workday};
use crate::town::{Answer, Client, Town, on_both};

const CASES: &str = "/api/v1/mediation-cases";
const OFFICE: &str = "周一至周五 9:00-12:00,14:30-17:30";

fn open(client: &Client, more: Value) -> Value {
    let mut form = json!({"applicant": "马建军", "phone": "13800000001", "facts": "邻居砌墙占了巷道", "dispute": "neighbours"});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.call("POST", CASES, &form).is(201).json()
}

fn parties() -> Value {
    json!([{"name": "马建军", "side": "applicant", "phone": "13800000001"},
           {"name": "王建国", "side": "respondent", "phone": "13800000002"}])
}

fn get(client: &Client, case: &Value) -> Value {
    client.get(&format!("{CASES}/{}", case["id"].as_str().unwrap())).is(200).json()
}

/// A step on the case as it stands now.
fn step(client: &Client, case: &Value, action: &str, more: Value) -> Answer {
    let now = get(client, case);
    let mut body = json!({"action": action, "version": now["version"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.call("POST", &format!("{CASES}/{}/actions", case["id"].as_str().unwrap()), &body)
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let fields = answer.json()["fields"].as_array().cloned().unwrap_or_default();
    fields.iter().map(|one| (text(one, "name"), text(one, "code"))).collect()
}

fn party_ids(case: &Value) -> Vec<Value> {
    case["parties"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

on_both! {
    fn a_case_is_booked_with_its_parties(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, two) = (room(&admin, "一号调解室", OFFICE), room(&admin, "二号调解室", OFFICE));
        let case = open(&clerk, json!({"parties": parties()}));
        let before = party_ids(&get(&clerk, &case));
        assert_eq!(before.len(), 2);
        step(&clerk, &case, "parties", json!({"parties": [
            {"name": "李强", "side": "third", "phone": "13800000003"}, parties()[1], parties()[0]]})).is(200);
        let after = party_ids(&get(&clerk, &case));
        assert_eq!((&after[1], &after[2]), (&before[1], &before[0]), "who stays keeps the id");

        let day = workday(3);
        let wish = |room: &str, more: Value| {
            let mut body = json!({"room_id": room, "starts_at": at(day, "09:00"), "ends_at": at(day, "10:00"),
                "purpose": "邻里纠纷", "mediation_case_id": case["id"]});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            clerk.call("POST", "/api/v1/bookings", &body)
        };
        let stranger = json!({"mediation_case_id": "0190a0a0-0000-7000-8000-00000000aaaa"});
        assert_eq!(faults(&wish(&one, stranger).refused(422, "form.invalid"))[0].0, "mediation_case_id");
        let stranger = json!({"party_ids": ["0190a0a0-0000-7000-8000-00000000aaaa"]});
        assert_eq!(faults(&wish(&one, stranger).refused(422, "form.invalid"))[0].0, "party_ids");
        let made = wish(&one, json!({})).is(201).json();
        assert_eq!(made["party_ids"].as_array().unwrap().len(), 3, "all of the case: {made}");
        let clash = wish(&two, json!({})).refused(409, "booking.conflict").json();
        assert_eq!(clash["conflicts"][0]["kind"], "party", "nobody is in two rooms at once: {clash}");
        let calls = clerk.get("/api/v1/calls?limit=50").is(200).json().to_string();
        assert!(calls.contains("马建军") && calls.contains("王建国") && calls.contains("李强"), "{calls}");
        let shown = get(&clerk, &case);
        assert_eq!((&shown["bookings"][0]["id"], &shown["bookings"][0]["room"]), (&made["id"], &json!("一号调解室")));

        let path = format!("/desk/mediation/{}", case["id"].as_str().unwrap());
        for (client, words) in [(town.program("clerk"), "约调解室"), (town.program("clerk").in_english(), "Book a mediation room")] {
            let page = client.get(&path).is(200);
            assert!(page.text().contains("一号调解室") && page.text().contains(words), "{}", page.text());
            let form = client.get(&page.link(words)).is(200);
            assert!(form.text().contains("王建国") && form.body().contains("party_ids"), "{}", form.text());
            let booked = form.text();
            assert!(booked.contains(shown["number"].as_str().unwrap()), "{booked}");
        }
        let form = clerk.get(&clerk.get(&path).is(200).link("约调解室")).is(200);
        let typed = [("room_id", two.as_str()), ("date", &day.to_string()), ("from", "10:30"), ("minutes", "60")];
        let booked = clerk.fill(&form, "/desk/bookings", &typed).is(200);
        let go = booked.link("看这个调解案件");
        assert_eq!(go, path);
        assert_eq!(get(&clerk, &case)["bookings"].as_array().unwrap().len(), 2);
    }
}
