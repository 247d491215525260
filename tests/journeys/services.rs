//! What advisers do for their villages: logged once, corrected with a trace, counted against rules, paid by the month.

use serde_json::{Value, json};

use super::bookings::workday;
use super::duties::{lawyers, today};
use crate::town::{Backend, Town, on_both};

const LOGS: &str = "/api/v1/service-logs";
/// The village of the first lawyer.
const VILLAGE: &str = "620201100201";

fn post_of(town: &Town, village: &str) -> String {
    let posts =
        town.program("county_admin").get(&format!("/api/v1/adviser-posts?village={village}")).is(200).json();
    posts["items"][0]["id"].as_str().unwrap().to_owned()
}

on_both! {
    fn one_entry_feeds_rules_and_sheet(backend) {
        let town = Town::start(backend);
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let log = |body: Value| lawyer.call("POST", LOGS, &body).is(201).json();
        let morning = log(json!({"village": VILLAGE, "kind": "on_site", "minutes": 240, "note": "接待三人"}));
        assert_eq!((morning["log"]["mode"].as_str(), morning["log"]["day"].as_str()), (Some("on_site"), Some(today().to_string().as_str())));
        log(json!({"village": VILLAGE, "kind": "consultation", "items": 3, "people": 4, "minutes": 60}));
        log(json!({"village": VILLAGE, "kind": "lecture", "people": 46, "copies": 50, "minutes": 90, "topic": "高价彩礼", "audience": "村民"}));
        log(json!({"village": VILLAGE, "kind": "mediation", "settled": true, "minutes": 100}));
        lawyer.call("POST", LOGS, &json!({"village": VILLAGE, "kind": "other", "worker_id": lawyers(&town)[1]})).refused(403, "access.denied");
        let future = json!({"village": VILLAGE, "kind": "other", "day": today().plus_days(1).to_string()});
        assert_eq!(lawyer.call("POST", LOGS, &future).refused(422, "form.invalid").json()["fields"][0]["code"], "date.future");

        let held = lawyer.get("/api/v1/duty-compliance").is(200).json();
        let duty = |kind: &str| held["items"][0]["duties"].as_array().unwrap().iter().find(|d| d["kind"] == kind).unwrap().clone();
        assert_eq!(held["items"].as_array().unwrap().len(), 1, "{held}");
        assert_eq!((duty("on_site")["minutes"].clone(), duty("on_site")["standing"].as_str()), (json!(490), Some("done")));
        assert_eq!(duty("lecture")["standing"], "done");
        let all = admin.get("/api/v1/duty-compliance?standing=due").is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 3, "the other three posts still owe: {all}");
        let harder = json!({"kind": "on_site", "period": "month", "version": 0, "least_minutes": 600, "least_count": 2});
        let set = admin.call("POST", "/api/v1/duty-rules", &harder).is(200).json();
        assert_eq!(set["version"], 1);
        admin.call("POST", "/api/v1/duty-rules", &harder).refused(409, "state.changed");
        lawyer.call("POST", "/api/v1/duty-rules", &harder).refused(403, "access.denied");

        admin.call("POST", "/api/v1/duty-fees", &json!({"basis": "month", "yuan": "300"})).is(201);
        admin.call("POST", "/api/v1/duty-fees", &json!({"basis": "item", "kind": "lecture", "yuan": "80.50"})).is(201);
        admin.call("POST", "/api/v1/duty-fees", &json!({"basis": "item", "yuan": "1"})).refused(422, "form.invalid");
        let post = post_of(&town, VILLAGE);
        let sheet = lawyer.get(&format!("/api/v1/adviser-posts/{post}/sheet")).is(200).json();
        assert_eq!((&sheet["days"], &sheet["on_site_minutes"], &sheet["copies"]), (&json!(1), &json!(490), &json!(50)));
        assert_eq!(sheet["fee_fen"], 38_050);
        let sum = sheet["sums"].as_array().unwrap().iter().find(|s| s["kind"] == "mediation").unwrap().clone();
        assert_eq!((sum["items"].clone(), sum["settled"].clone()), (json!(1), json!(1)));
        let book = lawyer.get(&format!("/api/v1/adviser-posts/{post}/sheet.xlsx")).is(200);
        assert!(book.bytes.starts_with(b"PK"));
        let foreign = post_of(&town, "620201100202");
        lawyer.get(&format!("/api/v1/adviser-posts/{foreign}/sheet")).refused(404, "not_found");
        let out = town.falin(&["export", "service-logs", "--format", "csv", "--place", "620200"]).ok();
        assert!(out.stdout.contains("高价彩礼") && !out.stdout.contains("接待三人"), "{}", out.stdout);
    }

    fn a_correction_keeps_what_was_there(backend) {
        let town = Town::start(backend);
        let lawyer = town.program("lawyer");
        let made = lawyer.call("POST", LOGS, &json!({"village": VILLAGE, "kind": "material", "items": 30})).is(201).json();
        let path = format!("{LOGS}/{}", made["log"]["id"].as_str().unwrap());
        let acts = format!("{path}/actions");
        let change = json!({"action": "correct", "version": 1, "reason": "少数了一包", "items": 80});
        let done = lawyer.call("POST", &acts, &change).is(200).json();
        assert_eq!((done["log"]["items"].clone(), done["past"][0]["items"].clone()), (json!(80), json!(30)));
        assert_eq!(done["past"][0]["reason"], "少数了一包");
        lawyer.call("POST", &acts, &change).refused(409, "state.changed");
        lawyer.call("POST", &acts, &json!({"action": "withdraw", "version": 2, "reason": " "})).refused(422, "form.invalid");
        lawyer.call("POST", &acts, &json!({"action": "withdraw", "version": 2, "reason": "记重了"})).is(200);
        lawyer.call("POST", &acts, &json!({"action": "correct", "version": 3, "reason": "x", "items": 1})).refused(422, "action.not_allowed");
        for attack in [
            "UPDATE service_log SET items = 9000",
            "UPDATE service_log SET items = 9000, version = version + 1",
            "DELETE FROM service_log",
            "DELETE FROM service_log_past",
        ] {
            town.sql(attack).expect_err(attack);
        }
    }

    fn a_visit_that_is_done_is_counted(backend) {
        let town = Town::start(backend);
        town.falin(&["pair", "plan", "--place", "620200", "--json"]).ok();
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let home = admin.get(&format!("/api/v1/households?village={VILLAGE}")).is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let strange = json!({"household_id": home, "purpose": "round"});
        // Not yet this lawyer's household: to plan a visit there it would have to be.
        lawyer.call("POST", "/api/v1/visits", &strange).refused(422, "form.invalid");
        let planned = admin.call("POST", "/api/v1/visits", &json!({"household_id": home, "purpose": "round", "worker_id": lawyers(&town)[0]})).is(201).json();
        let path = format!("/api/v1/visits/{}", planned["visit"]["id"].as_str().unwrap());
        assert_eq!(planned["allowed_actions"], json!(["do", "change", "cancel"]));
        lawyer.get(&path).is(200);
        admin.call("POST", &format!("{path}/actions"), &json!({"action": "do", "version": 1})).refused(422, "form.invalid");
        let done = admin.call("POST", &format!("{path}/actions"), &json!({"action": "do", "version": 1, "found": "老人想立遗嘱", "follow_up": "约公证", "minutes": 40})).is(200).json();
        assert_eq!((done["visit"]["state"].as_str(), done["found"].as_str()), (Some("done"), Some("老人想立遗嘱")));
        let log = done["visit"]["service_log_id"].as_str().unwrap();
        let log = lawyer.get(&format!("{LOGS}/{log}")).is(200).json();
        assert_eq!((log["log"]["kind"].as_str(), log["log"]["subject_noun"].as_str(), log["log"]["minutes"].clone()), (Some("visit"), Some("visit"), json!(40)));
        admin.call("POST", &format!("{path}/actions"), &json!({"action": "cancel", "version": 2})).refused(422, "action.not_allowed");
        std::thread::sleep(std::time::Duration::from_millis(1500));
        for noun in ["visit", "service_log"] {
            let read = format!("SELECT count(*) FROM journal_entry WHERE event = 'household.read' AND details LIKE '%\"{noun}\"%'");
            assert!(town.number(&read) >= 1, "what was written of a household was read: {noun}");
        }
        let bytes = if backend == Backend::Sqlite { "hex(found_sealed)" } else { "encode(found_sealed, 'hex')" };
        let sealed = town.texts(&format!("SELECT upper({bytes}) AS t FROM visit"));
        let clear: String = "遗嘱".bytes().map(|b| format!("{b:02X}")).collect();
        assert!(sealed.iter().all(|text| text.len() > 20 && !text.contains(&clear)), "{sealed:?}");
    }

    fn a_notary_is_booked_once_at_a_time(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let worker = json!({"kind": "notary", "name": "白玉兰", "phone": "0937-6226188"});
        let notary = admin.call("POST", "/api/v1/legal-workers", &worker).is(201).json()["id"].as_str().unwrap().to_owned();
        let matter = json!({"name": "遗嘱公证", "papers": ["身份证", "户口簿", "房产证"], "minutes": 45});
        let made = admin.call("POST", "/api/v1/notary-matters", &matter).is(201).json();
        admin.call("POST", "/api/v1/notary-matters", &matter).refused(409, "notary.matter_taken");
        let open = town.visitor().get("/api/v1/notary-matters").is(200).json();
        assert_eq!(open["items"][0]["papers"], json!(["身份证", "户口簿", "房产证"]));
        let workday = workday(3);
        let day = workday.to_string();
        let book = |from: &str| json!({"matter_id": made["id"], "worker_id": notary, "day": day, "from": from, "person": "张建国", "phone": "13912345678"});
        let path = "/api/v1/notary-appointments";
        let first = clerk.call("POST", path, &book("09:00")).is(201).json();
        assert_eq!((first["to"].as_str(), first["person"].as_str()), (Some("09:45"), Some("张建国")));
        clerk.call("POST", path, &book("09:30")).refused(409, "duty.overlap");
        let mut sunday = book("09:00");
        sunday["day"] = json!(workday.plus_days(6 - i64::from(workday.weekday())));
        let rests = clerk.call("POST", path, &sunday).refused(422, "form.invalid").json();
        assert_eq!((&rests["fields"][0]["name"], &rests["fields"][0]["code"]), (&json!("day"), &json!("day.rest")));
        let early = json!({"action": "done", "version": 1});
        clerk.call("POST", &format!("{path}/{}/actions", first["id"].as_str().unwrap()), &early).refused(422, "action.not_allowed");
        assert_eq!(first["allowed_actions"].as_array().unwrap().len(), 2, "nobody has come before the day: {first}");
        clerk.call("POST", path, &json!({"matter_id": made["id"], "worker_id": lawyers(&town)[0], "day": day, "from": "10:00", "person": "张建国", "phone": "13912345678"})).refused(422, "form.invalid");
        let acts = format!("{path}/{}/actions", first["id"].as_str().unwrap());
        let moved = clerk.call("POST", &acts, &json!({"action": "move", "version": 1, "from": "09:15"})).is(200).json();
        assert_eq!(moved["from"], "09:15");
        clerk.call("POST", &acts, &json!({"action": "cancel", "version": 2})).is(200);
        clerk.call("POST", path, &book("09:30")).is(201);
        clerk.get(path).is(200);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let read = "SELECT count(*) FROM journal_entry WHERE event = 'record.read' AND details LIKE '%appointment%'";
        assert_eq!(town.number(read), 1, "a list with names and telephones was read");
        town.program("lawyer").get(&format!("{path}/{}", first["id"].as_str().unwrap())).refused(404, "not_found");
    }

    fn a_group_counts_what_was_pushed_to_it(backend) {
        let town = Town::start(backend);
        let lawyer = town.program("lawyer");
        let group = json!({"name": "横沟村法律服务群", "platform": "wechat", "division": VILLAGE, "members": 186, "keeper": "村委会 王会计"});
        let made = lawyer.call("POST", "/api/v1/contact-groups", &group).is(201).json();
        lawyer.call("POST", "/api/v1/contact-groups", &group).refused(409, "group.taken");
        lawyer.call("POST", LOGS, &json!({"village": VILLAGE, "kind": "push", "items": 3, "group_id": made["id"], "topic": "反诈"})).is(201);
        let path = format!("/api/v1/contact-groups/{}", made["id"].as_str().unwrap());
        assert_eq!(lawyer.get(&path).is(200).json()["pushes_this_year"], 3);
        let change = json!({"action": "change", "version": 1, "members": 190, "active": false});
        assert_eq!(lawyer.call("POST", &format!("{path}/actions"), &change).is(200).json()["active"], false);
        town.program("resident").get("/api/v1/contact-groups").refused(403, "access.denied");
    }
}
