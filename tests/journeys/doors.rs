//! Doors for programs beside pages: waiting lists, calendar feeds, report forms, tables of cases, longer deadlines; and
//! what a conflict or a held room means for the people.

use serde_json::{Value, json};

use super::bookings::{at, room, workday, workers};
use crate::town::{Client, Town, on_both};

const VILLAGE: &str = "620201100201";
const OFFICE: &str = "周一至周五 9:00-12:00,14:30-17:30";

fn question(clerk: &Client, more: Value) -> Value {
    let mut form = json!({"question": "老板欠薪", "asker": "张建国", "phone": "13912345678", "channel": "phone",
        "matter": "wages", "place": VILLAGE});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    clerk.call("POST", "/api/v1/consultations", &form).is(201).json()
}

on_both! {
    fn programs_wait_for_a_time_and_are_offered_it(backend) {
        let town = Town::start(backend);
        let (admin, clerk, mediator) = (town.program("county_admin"), town.program("clerk"), town.program("mediator"));
        let (place, day) = (room(&admin, "一号调解室", OFFICE), workday(3));
        let wish = json!({"room_id": place, "starts_at": at(day, "09:00"), "ends_at": at(day, "10:00"), "purpose": "邻里纠纷"});
        let booked = clerk.call("POST", "/api/v1/bookings", &wish).is(201).json();
        let wait = mediator.call("POST", "/api/v1/booking-waits", &wish).is(201).json();
        assert_eq!((&wait["state"], &wait["booking_id"]), (&json!("waiting"), &Value::Null), "{wait}");
        let mut shut = wish.clone();
        (shut["starts_at"], shut["ends_at"]) = (json!(at(day, "12:30")), json!(at(day, "13:30")));
        mediator.call("POST", "/api/v1/booking-waits", &shut).refused(422, "booking.closed");
        let list = |client: &Client| client.get(&format!("/api/v1/booking-waits?room_id={place}")).is(200).json();
        assert_eq!(list(&clerk)["items"][0]["id"], wait["id"]);
        town.program("resident").get("/api/v1/booking-waits").refused(403, "access.denied");
        let path = format!("/api/v1/bookings/{}/actions", booked["id"].as_str().unwrap());
        clerk.call("POST", &path, &json!({"action": "cancel", "version": 1})).is(200);
        let offered = list(&mediator)["items"][0].clone();
        assert_eq!(offered["state"], "offered", "{offered}");
        assert!(offered["offer_until"].is_string() && offered["booking_id"].is_string());
        let act = format!("/api/v1/booking-waits/{}/actions", wait["id"].as_str().unwrap());
        mediator.call("POST", &act, &json!({"action": "withdraw", "version": 1})).refused(409, "state.changed");
        let gone = mediator.call("POST", &act, &json!({"action": "withdraw", "version": offered["version"]})).is(200).json();
        assert_eq!(gone["state"], "withdrawn");
        assert_eq!(list(&clerk)["items"], json!([]));
    }

    fn programs_make_and_revoke_calendar_feeds(backend) {
        let town = Town::start(backend);
        let (admin, clerk, lawyer) = (town.program("county_admin"), town.program("clerk"), town.program("lawyer"));
        let place = room(&admin, "一号调解室", OFFICE);
        let feeds = "/api/v1/calendar-feeds";
        lawyer.call("POST", feeds, &json!({"room_id": place})).refused(403, "access.denied");
        let mine = lawyer.call("POST", feeds, &json!({})).is(201).json();
        let made = clerk.call("POST", feeds, &json!({"room_id": place})).is(201).json();
        assert!(made["door"].as_str().unwrap().contains("/door/") && mine["door"].is_null(), "{made} {mine}");
        let address = made["calendar"].as_str().unwrap();
        let path = &address[address.find("/calendar/").unwrap()..];
        assert!(town.visitor().get(path).is(200).body().starts_with("BEGIN:VCALENDAR"));
        let listed = clerk.get(feeds).is(200).json();
        assert_eq!((&listed["items"][0]["room_id"], listed["items"][0].get("calendar")), (&json!(place), None), "{listed}");
        let act = |client: &Client, feed: &Value| {
            client.call("POST", &format!("{feeds}/{}/actions", feed["id"].as_str().unwrap()), &json!({"action": "revoke"}))
        };
        act(&lawyer, &made).refused(404, "not_found");
        act(&clerk, &made).is(200);
        town.visitor().get(path).is(404);
        act(&lawyer, &mine).is(200);
        assert_eq!(lawyer.get(feeds).is(200).json()["items"], json!([]));
    }

    fn programs_take_tables_and_reports_away(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        question(&clerk, json!({}));
        let table = admin.get("/api/v1/consultations.xlsx?state=open").is(200);
        assert!(table.bytes.starts_with(b"PK"));
        clerk.get("/api/v1/consultations.xlsx").refused(403, "access.denied");
        let kept = admin.call("POST", "/api/v1/figure-reports", &json!({"title": "十一月", "from": "2026-11-01", "to": "2026-11-30"}));
        let kept = kept.is(201).json();
        let path = format!("/api/v1/figure-reports/{}", kept["id"].as_str().unwrap());
        let seen = admin.get(&path).is(200).json();
        assert!(seen["now"].is_object() && seen["figures"] == kept["figures"], "{seen}");
        assert_eq!(admin.get("/api/v1/figure-reports").is(200).json()["items"][0]["title"], "十一月");
        assert_eq!(admin.get("/api/v1/report-forms").is(200).json()["items"], json!([]));
        admin.call("POST", "/api/v1/report-forms/actions", &json!({"action": "retire", "title": "没有"})).refused(422, "form.invalid");
        admin.get("/api/v1/report-forms/filled?form=%E6%B2%A1%E6%9C%89").refused(422, "form.invalid");
        let claim = admin.get("/api/v1/mediation-claims?month=2026-10").is(200).json();
        assert_eq!((&claim["fen"], &claim["from"]), (&json!(0), &json!("2026-10-01")));
        admin.get("/api/v1/mediation-claims?month=october").refused(422, "form.invalid");
    }

    fn a_deadline_is_extended_only_where_its_law_allows_it(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let form = json!({"applicant": "马建军", "facts": "欠我三个月工资", "matter": "wages", "place": VILLAGE});
        let case = clerk.call("POST", "/api/v1/legal-aid-applications", &form).is(201).json();
        let id = case["id"].as_str().unwrap();
        let find = || {
            let all = admin.get("/api/v1/deadlines?limit=100").is(200).json();
            all["items"].as_array().unwrap().iter().find(|one| one["case"]["id"] == id).unwrap().clone()
        };
        let row = find();
        let path = format!("/api/v1/deadlines/{}/actions", row["id"].as_str().unwrap());
        let longer = |by: u32, reason: &str, version: &Value| {
            admin.call("POST", &path, &json!({"action": "extend", "by": by, "reason": reason, "version": version}))
        };
        longer(3, "案情复杂", &row["version"]).refused(422, "action.not_allowed");
        let page = admin.get(&format!("/desk/legal-aid/{id}")).is(200);
        assert!(page.forms().iter().all(|form| !form.action.contains("/extend")), "no form where the law has no more");

        // The same case with a period that its law lets be extended once.
        town.sql("UPDATE deadline SET code = 'petition.handling' WHERE code = 'aid.decision'").unwrap();
        let before = find()["due"].as_str().unwrap().to_owned();
        let version = find()["version"].clone();
        longer(31, "案情复杂", &version).refused(422, "action.not_allowed");
        clerk.call("POST", &path, &json!({"action": "extend", "by": 10, "reason": "x", "version": version})).refused(403, "access.denied");
        longer(10, "案情复杂", &json!(99)).refused(409, "state.changed");
        for (client, words) in [
            (town.program("county_admin"), "依法延长"),
            (town.program("county_admin").in_english(), "Extend as the law allows"),
        ] {
            let text = client.get(&format!("/desk/legal-aid/{id}")).is(200).text();
            assert!(text.contains(words), "{words}: {text}");
        }
        let page = admin.get(&format!("/desk/legal-aid/{id}")).is(200);
        let refused = admin.fill(&page, "/extend", &[("by", "31"), ("reason", "案情复杂")]).is(422);
        let forms = refused.forms();
        let again = forms.iter().find(|form| form.action.contains("/extend")).unwrap();
        assert!(again.fields.contains(&("reason".to_owned(), "案情复杂".to_owned())), "{again:?}");
        assert!(refused.body().contains("<details open>"), "what was refused stands open");
        admin.fill(&page, "/extend", &[("by", "10"), ("reason", "案情复杂")]).is(200);
        assert!(find()["due"].as_str().unwrap() > before.as_str(), "{}", find());
        longer(5, "还不够", &find()["version"]).refused(422, "action.not_allowed");
        let auditor = town.program("audit_admin");
        let journal = auditor.get("/api/v1/journal?limit=50").is(200).json();
        assert!(journal.to_string().contains("deadline.extended"), "{journal}");
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_recorded_conflict_flags_the_appointments_of_the_household(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let place = room(&admin, "一号调解室", OFFICE);
        let people = workers(&clerk);
        let home = clerk.get("/api/v1/households?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let form = json!({"applicant": "马建军", "facts": "邻居占了巷道", "dispute": "neighbours", "household_id": home});
        let case = clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json();
        let book = |from: &str, to: &str, worker: &str| {
            let body = json!({"room_id": place, "starts_at": at(workday(3), from), "ends_at": at(workday(3), to), "purpose": "调解",
                "mediation_case_id": case["id"], "lawyer_id": worker});
            clerk.call("POST", "/api/v1/bookings", &body).is(201).json()["id"].clone()
        };
        let (theirs, other) = (book("09:00", "10:00", &people[0]), book("10:00", "11:00", &people[1]));
        let flag = |id: &Value| clerk.get(&format!("/api/v1/bookings/{}", id.as_str().unwrap())).is(200).json()["flag"].clone();
        assert_eq!(flag(&theirs), Value::Null);
        let conflict = json!({"worker_id": people[0], "reason": "代理过对方"});
        clerk.call("POST", &format!("/api/v1/households/{home}/conflicts"), &conflict).is(201);
        assert_eq!((flag(&theirs), flag(&other)), (json!("conflict"), Value::Null));
        let flagged = clerk.get("/desk/bookings/flagged").is(200).text();
        assert!(flagged.contains("一号调解室"), "a person decides: {flagged}");
        let told = admin.get("/api/v1/notices?limit=50").is(200).json().to_string()
            + &clerk.get("/api/v1/notices?limit=50").is(200).json().to_string();
        assert!(told.contains("notice-booking-flagged"), "{told}");
    }
}
