//! The duty rota: planned by the week, swapped, flagged by leave, and never twice at one time.

use falin_domain::time::Date;
use serde_json::{Value, json};

use crate::town::{Client, Town, on_both};

const SHIFTS: &str = "/api/v1/duty-shifts";

/// The lawyers' ids in the order of their licences; the first is the lawyer's account.
pub fn lawyers(town: &Town) -> Vec<String> {
    let items = town.program("county_admin").get("/api/v1/legal-workers?limit=50").is(200).json();
    let one = |w: &Value| Some((w["licence"].as_str()?.to_owned(), w["id"].as_str()?.to_owned()));
    let mut all: Vec<(String, String)> = items["items"].as_array().unwrap().iter().filter_map(one).collect();
    all.sort();
    all.into_iter().map(|(_, id)| id).collect()
}

/// Today by the clock of the house.
pub fn today() -> Date {
    (falin_app::clock::source(None).clock)().date()
}

fn coming(days: i64) -> String {
    today().plus_days(days).to_string()
}

fn shift(worker: &str, day: &str, from: &str, to: &str) -> Value {
    json!({"worker_id": worker, "kind": "window", "division": "620201100", "day": day, "from": from, "to": to})
}

fn act(client: &Client, id: &str, body: &Value) -> crate::town::Answer {
    client.call("POST", &format!("{SHIFTS}/{id}/actions"), body)
}

fn id(value: &Value) -> String {
    value["shift"]["id"].as_str().unwrap().to_owned()
}

on_both! {
    fn nobody_is_at_two_duties_at_one_time(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (people, day) = (lawyers(&town), coming(3));
        let made = admin.call("POST", SHIFTS, &shift(&people[0], &day, "09:00", "12:00")).is(201).json();
        assert_eq!((made["shift"]["state"].as_str(), made["shift"]["from"].as_str()), (Some("planned"), Some("09:00")));
        let clash = admin.call("POST", SHIFTS, &shift(&people[0], &day, "11:45", "14:00")).refused(409, "duty.overlap");
        assert!(clash.json()["detail"].as_str().unwrap().contains("11:45"), "{}", clash.body());
        admin.call("POST", SHIFTS, &shift(&people[0], &day, "12:00", "14:00")).is(201);
        admin.call("POST", SHIFTS, &shift(&people[1], &day, "09:00", "12:00")).is(201);
        let wrong = admin.call("POST", SHIFTS, &shift(&people[1], &day, "9:10", "25:00")).refused(422, "form.invalid").json();
        let codes: Vec<_> = wrong["fields"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(codes, ["clock.grid", "clock.invalid"]);
        let cancelled = act(&admin, &id(&made), &json!({"action": "cancel", "version": 1})).is(200).json();
        assert_eq!(cancelled["shift"]["state"], "cancelled");
        act(&admin, &id(&made), &json!({"action": "cancel", "version": 2})).refused(422, "action.not_allowed");
        admin.call("POST", SHIFTS, &shift(&people[0], &day, "09:00", "12:00")).is(201);
        // The database itself says no, whoever asks.
        let taken = "INSERT INTO worker_slot SELECT county_id, lane, worker_id, day, slot, subject_id FROM worker_slot";
        town.sql(taken).expect_err("a slot was taken twice");
    }

    fn sixteen_at_once_and_one_wins(backend) {
        let town = Town::start(backend);
        let (token, people, day) = (crate::town::county::token(&town, "county_admin"), lawyers(&town), coming(5));
        let base = town.server().address.clone();
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let one = |n: usize| {
                let (token, base, worker, day) = (&token, &base, &people[2], &day);
                let from = format!("{:02}:{:02}", 9 + n / 8, n % 4 * 15);
                scope.spawn(move || {
                    let client = Client::new(base).with_token(token);
                    client.call("POST", SHIFTS, &shift(worker, day, &from, "12:00")).status
                })
            };
            let all: Vec<_> = (0..16).map(one).collect();
            all.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|status| [201, 409].contains(status)), "{answers:?}");
    }

    fn a_week_is_planned_around_what_is_there(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let people = lawyers(&town);
        let clock = today();
        let monday = clock.plus_days(7 - i64::from(clock.weekday()));
        admin.call("POST", SHIFTS, &shift(&people[0], &monday.plus_days(7).to_string(), "10:00", "11:00")).is(201);
        let weekly = json!({"worker_id": people[0], "kind": "window", "division": "620201100", "from": "09:00",
            "to": "12:00", "day": monday.to_string(), "until": monday.plus_days(15).to_string(), "weekdays": [1]});
        let planned = admin.call("POST", &format!("{SHIFTS}/series"), &weekly).is(201).json();
        let skipped = planned["skipped"].as_array().unwrap();
        let taken = json!({"day": monday.plus_days(7).to_string(), "why": "taken"});
        assert!(skipped.contains(&taken), "{planned}");
        let made = planned["shift_ids"].as_array().unwrap().len();
        assert_eq!(made + skipped.len(), 3, "{planned}");
        admin.call("POST", &format!("{SHIFTS}/series"), &weekly).refused(409, "duty.overlap");
    }

    fn a_shift_is_swapped_and_both_keep_a_trace(backend) {
        let town = Town::start(backend);
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let (people, day) = (lawyers(&town), coming(4));
        let own = admin.call("POST", SHIFTS, &shift(&people[0], &day, "09:00", "12:00")).is(201).json();
        let other = admin.call("POST", SHIFTS, &shift(&people[1], &coming(6), "09:00", "12:00")).is(201).json();
        let listed = lawyer.get(SHIFTS).is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "a lawyer sees the own shift");
        lawyer.get(&format!("{SHIFTS}/{}", id(&other))).refused(404, "not_found");
        act(&lawyer, &id(&own), &json!({"action": "reassign", "version": 1, "worker_id": people[2]})).refused(403, "access.denied");
        town.program("mediator");
        town.sql(&format!("UPDATE account SET worker_id = (SELECT worker_id FROM duty_shift WHERE day = '{}') WHERE username = 'mediator'", coming(6))).unwrap();
        let dead = json!({"action": "offer", "version": 1, "to_worker_id": people[1]});
        let page = format!("/desk/duties/{}", id(&own));
        let said = act(&lawyer, &id(&own), &dead).refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["code"], "duty.no_answer", "a mediator's account has no duties to answer with");
        town.sql("UPDATE account SET worker_id = NULL WHERE username = 'mediator'").unwrap();
        let said = act(&lawyer, &id(&own), &dead).refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["code"], "duty.no_answer", "who has no account could never answer");
        assert!(!lawyer.get(&page).is(200).body().contains("to_worker"), "with nobody to answer there is no form");
        let words = ["user", "add", "colleague", "--role", "lawyer", "--place", "620200", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026").ok();
        town.sql(&format!("UPDATE account SET worker_id = (SELECT worker_id FROM duty_shift WHERE day = '{}') WHERE username = 'colleague'", coming(6))).unwrap();
        let shown = lawyer.get(&page).is(200).body();
        assert!(shown.contains(&format!("value=\"{}\"", people[1])) && !shown.contains(&format!("value=\"{}\"", people[2])), "{shown}");
        let offer = json!({"action": "offer", "version": 1, "to_worker_id": people[1], "return_shift_id": id(&other), "note": "家里有事"});
        let offered = act(&lawyer, &id(&own), &offer).is(200).json();
        assert_eq!(offered["swaps"][0]["state"], "offered");
        assert_eq!(offered["allowed_actions"], json!(["withdraw"]));
        act(&lawyer, &id(&own), &json!({"action": "offer", "version": 2, "to_worker_id": people[1]})).refused(409, "duty.swap_open");
        act(&lawyer, &id(&own), &json!({"action": "accept", "version": 2})).refused(422, "action.not_allowed");

        // The colleague sees what is offered and takes it.
        let issued = town.falin(&["token", "issue", "--user", "colleague", "--days", "1"]).ok();
        let colleague = town.visitor().with_token(issued.stdout.trim());
        let seen = colleague.get(&format!("{SHIFTS}/{}", id(&own))).is(200).json();
        assert_eq!(seen["allowed_actions"], json!(["accept", "decline"]));
        let done = act(&colleague, &id(&own), &json!({"action": "accept", "version": 2})).is(200).json();
        assert_eq!(done["shift"]["worker"]["id"].as_str(), Some(people[1].as_str()));
        assert_eq!(done["swaps"][0]["state"], "accepted");
        let back = admin.get(&format!("{SHIFTS}/{}", id(&other))).is(200).json();
        assert_eq!(back["shift"]["worker"]["id"].as_str(), Some(people[0].as_str()));
        // The hours went along: each is free where they were.
        admin.call("POST", SHIFTS, &shift(&people[0], &day, "09:00", "12:00")).is(201);
        admin.call("POST", SHIFTS, &shift(&people[0], &coming(6), "09:00", "12:00")).refused(409, "duty.overlap");
    }

    fn leave_flags_a_shift_for_a_person_to_decide(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (people, day) = (lawyers(&town), coming(8));
        let made = admin.call("POST", SHIFTS, &shift(&people[3], &day, "09:00", "12:00")).is(201).json();
        let worker = admin.get(&format!("/desk/workers/{}", people[3])).is(200);
        admin.fill(&worker, "/leave", &[("leave_from", day.as_str()), ("leave_to", &coming(9)), ("leave_why", "学习")]).is(200);
        let flagged = admin.get(&format!("{SHIFTS}/{}", id(&made))).is(200).json();
        assert_eq!((flagged["shift"]["state"].as_str(), flagged["shift"]["flag_reason"].as_str()), (Some("flagged"), Some("leave")));
        admin.call("POST", SHIFTS, &shift(&people[3], &coming(9), "09:00", "12:00")).refused(409, "duty.away");
        let version = flagged["shift"]["version"].clone();
        let body = json!({"action": "reassign", "version": version, "worker_id": people[1]});
        let done = act(&admin, &id(&made), &body).is(200).json();
        assert_eq!((done["shift"]["state"].as_str(), done["shift"]["flag_reason"].as_str()), (Some("planned"), None));
    }
}
