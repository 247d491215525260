//! "Take the next": one press gives a worker the most urgent case that nobody leads and that is one for them.

use std::io::Read;
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use super::aid_seen::act;
use crate::town::{Client, Town, on_both};

const CASES: &str = "/api/v1/mediation-cases";
const QUESTIONS: &str = "/api/v1/consultations";

fn applied(clerk: &Client, more: Value) -> Value {
    let mut form = json!({"applicant": "马建军", "phone": "13800000001", "facts": "邻居砌墙占了巷道", "dispute": "neighbours"});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    clerk.call("POST", CASES, &form).is(201).json()
}

/// A mediator who stands in the register, by the place of the licence among all.
fn mediator(town: &Town, name: &str, nth: usize) -> (Client, Value) {
    let words = ["user", "add", name, "--role", "mediator", "--place", "620200", "--password-stdin"];
    town.falin_typing(&words, "jiayuguan lantern 2026").ok();
    let issued = town.falin(&["token", "issue", "--user", name, "--days", "1"]).ok();
    let one = format!("SELECT id FROM worker ORDER BY licence DESC LIMIT 1 OFFSET {nth}");
    town.sql(&format!("UPDATE account SET worker_id = ({one}) WHERE username = '{name}'")).unwrap();
    let licences = town.program("clerk").get("/api/v1/legal-workers?limit=100").is(200).json();
    let mut all = licences["items"].as_array().unwrap().clone();
    all.sort_by_key(|one| std::cmp::Reverse(one["licence"].as_str().unwrap_or_default().to_owned()));
    (town.visitor().with_token(issued.stdout.trim()), all[nth]["id"].clone())
}

/// The text of a workbook's sheet and of the strings that its sheets share.
fn cells(book: Vec<u8>) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut text = String::new();
    for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] {
        if let Ok(mut file) = zip.by_name(part) {
            file.read_to_string(&mut text).unwrap();
        }
    }
    text
}

fn next(who: &Client, door: &str) -> crate::town::Answer {
    who.call("POST", &format!("{door}/next"), &json!({}))
}

on_both! {
    fn the_most_urgent_case_that_is_one_for_the_worker_is_taken(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let (me, id) = mediator(&town, "zhao", 0);
        next(&clerk, CASES).refused(422, "action.not_allowed");
        next(&me, CASES).refused(409, "case.none_waiting");
        let (older, newer) = (applied(&clerk, json!({})), applied(&clerk, json!({})));
        let urgent = applied(&clerk, json!({}));
        town.sql(&format!("UPDATE deadline SET due_ms = due_ms - 90000000 WHERE label = '{}'", urgent["number"].as_str().unwrap())).unwrap();
        // What a party may still do is nobody's lateness, however soon it ends.
        let right = newer["number"].as_str().unwrap();
        town.sql(&format!("UPDATE deadline SET due_ms = due_ms - 95000000, code = 'mediation.confirmation' WHERE label = '{right}'")).unwrap();
        // Who has answered the other side's question is not the one to mediate against it.
        let asked = json!({"question": "他的墙能不能拆", "asker": "王建国", "phone": "13800000002", "matter": "neighbours"});
        let asked = clerk.call("POST", QUESTIONS, &asked).is(201).json();
        act(&clerk, &format!("{QUESTIONS}/{}", asked["id"].as_str().unwrap()), "assign", json!({"worker": id})).is(200);
        let parties = json!([{"name": "马建军", "side": "applicant"}, {"name": "王建国", "side": "respondent", "phone": "13800000002"}]);
        let barred = applied(&clerk, json!({"parties": parties}));
        town.sql(&format!("UPDATE deadline SET due_ms = due_ms - 99000000 WHERE label = '{}'", barred["number"].as_str().unwrap())).unwrap();
        let refused = act(&me, &format!("{CASES}/{}", barred["id"].as_str().unwrap()), "take", json!({}));
        assert!(refused.refused(422, "form.invalid").body().contains("worker.conflict"));

        let taken: Vec<Value> = (0..3).map(|_| next(&me, CASES).is(200).json()).collect();
        assert_eq!(taken[0]["worker"]["id"], id);
        let ids: Vec<&Value> = taken.iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, [&urgent["id"], &older["id"], &newer["id"]]);
        next(&me, CASES).refused(409, "case.none_waiting");
        let (other, _) = mediator(&town, "qian", 1);
        assert_eq!(next(&other, CASES).is(200).json()["id"], barred["id"], "another may");
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_must_not_wait_is_marked_and_taken_first(backend) {
        let town = Town::start(backend);
        let (clerk, officer) = (town.program("clerk"), town.program("aid_officer"));
        const AID: &str = "/api/v1/legal-aid-applications";
        let mut form = json!({"applicant": "马建军", "phone": "13800000001", "facts": "欠薪", "matter": "wages", "place": "620201100201"});
        let calm = officer.call("POST", AID, &form).is(201).json();
        form["urgent_ground"] = json!("limitation");
        let urgent = officer.call("POST", AID, &form).is(201).json();
        assert_eq!((&calm["urgent"], &urgent["urgent"]), (&json!(false), &json!(true)));
        for (who, word) in [(town.program("aid_officer"), "加急"), (town.program("aid_officer").in_english(), "Urgent")] {
            assert_eq!(who.get("/desk/legal-aid").is(200).text().matches(word).count(), 1);
            let page = |case: &Value| who.get(&format!("/desk/legal-aid/{}", case["id"].as_str().unwrap())).is(200).text();
            assert!(page(&urgent).contains(word) && !page(&calm).contains(word));
            assert!(page(&calm).contains("138 0000 0001"), "in groups, as it is read aloud");
            let html = who.get(&format!("/desk/legal-aid/{}", calm["id"].as_str().unwrap())).body();
            assert!(html.contains("href=\"tel:13800000001\""), "and dialled by a press: {html}");
        }
        let marks = officer.get(AID).is(200).json()["items"].as_array().unwrap().iter().filter(|one| one["urgent"] == true).count();
        assert_eq!(marks, 1, "programs are told in the list as well");
        let over = act(&clerk, &format!("{AID}/{}", urgent["id"].as_str().unwrap()), "withdraw", json!({})).is(200);
        assert_eq!(over.json()["urgent"], false);
        assert!(!officer.get("/desk/legal-aid").is(200).text().contains("加急"), "what is over waits for nobody");

        let (me, _) = mediator(&town, "zhao", 0);
        let button = |who: &Client| who.get("/desk/mediation?queue=unassigned").is(200).body().contains("/desk/mediation/next");
        assert!(!button(&me), "nothing is there to be taken");
        let (first, second) = (applied(&clerk, json!({})), applied(&clerk, json!({})));
        assert!(button(&me));
        town.sql(&format!("UPDATE casefile SET urgent = TRUE WHERE number = '{}'", second["number"].as_str().unwrap())).unwrap();
        let taken = [next(&me, CASES).is(200).json(), next(&me, CASES).is(200).json()];
        assert_eq!([&taken[0]["id"], &taken[1]["id"]], [&second["id"], &first["id"]]);
    }

    fn a_list_is_asked_by_a_number_of_any_length(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let case = applied(&clerk, json!({}));
        let number = case["number"].as_str().unwrap().replace("第1号", "第123456号");
        town.sql(&format!("UPDATE casefile SET number = '{number}'")).unwrap();
        applied(&clerk, json!({}));
        let typed = number.replace('（', " [").replace('）', "]");
        let asked = |door: &str| clerk.get(&format!("{door}?q={}", crate::town::encode(&typed))).is(200);
        let found = asked(CASES).json();
        assert_eq!((&found["items"][0]["number"], found["items"].as_array().unwrap().len()), (&json!(number), 1));
        assert!(asked("/desk/mediation").text().contains(&number));
        clerk.get(&format!("{CASES}?q=13800000001")).refused(422, "search.digits");
        let words = ["user", "add", "zhou", "--role", "clerk", "--place", "620201100201", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026").ok();
        let issued = town.falin(&["token", "issue", "--user", "zhou", "--days", "1"]).ok();
        let elsewhere = town.visitor().with_token(issued.stdout.trim());
        elsewhere.get(&format!("{CASES}?q={}", crate::town::encode(&typed))).refused(422, "search.digits");
    }

    fn what_was_given_back_is_left_to_others(backend) {
        let town = Town::start(backend);
        let (clerk, lawyer) = (town.program("clerk"), town.program("lawyer"));
        let asked = json!({"question": "赡养费怎么要", "asker": "张桂兰", "phone": "13800000003", "matter": "family"});
        let asked = clerk.call("POST", QUESTIONS, &asked).is(201).json();
        let path = format!("{QUESTIONS}/{}", asked["id"].as_str().unwrap());
        let page = lawyer.get("/desk/consultations?queue=unassigned").is(200);
        let presses = |page: &crate::town::Answer| page.forms().iter().any(|form| form.action.ends_with("/next"));
        assert!(presses(&page) && !presses(&clerk.get("/desk/consultations?queue=unassigned").is(200)));
        let shown = lawyer.fill(&page, "/desk/consultations/next", &[]).is(200);
        assert!(shown.text().contains("赡养费"), "the press leads to the case: {}", shown.text());
        act(&lawyer, &path, "give_back", json!({"reason": "不熟悉"})).is(200);
        for (who, words) in [(town.program("lawyer"), "现在没有您能接的"), (town.program("lawyer").in_english(), "Nothing waits for you just now")] {
            let page = who.get("/desk/consultations?queue=unassigned").is(200);
            let said = who.fill(&page, "/desk/consultations/next", &[]).is(409);
            assert!(said.text().contains(words), "{}", said.text());
        }
    }

    fn who_leads_a_case_is_not_asked_to_appoint_anybody(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let (me, id) = mediator(&town, "zhao", 0);
        let case = applied(&clerk, json!({}));
        let path = format!("{CASES}/{}", case["id"].as_str().unwrap());
        let offered = |who: &Client| -> bool {
            let case = who.get(&path).is(200).json();
            case["allowed_actions"].as_array().unwrap().iter().any(|one| one["action"] == "appoint")
        };
        assert!(offered(&me) && offered(&clerk));
        next(&me, CASES).is(200);
        assert!(!offered(&me) && offered(&clerk), "who leads it hands it over by an offer");
        act(&me, &path, "appoint", json!({"worker": id})).refused(422, "action.not_allowed");
        let form = clerk.get(&format!("/desk/mediation/{}/steps/appoint", case["id"].as_str().unwrap())).is(200).body();
        assert!(!form.contains(id.as_str().unwrap()), "it is somebody else who is to be appointed");
        let (_, other) = mediator(&town, "qian", 1);
        act(&clerk, &path, "appoint", json!({"worker": other})).is(200);
        let book = cells(town.program("county_admin").get("/desk/mediation.xlsx").is(200).bytes);
        let name = clerk.get(&path).json()["worker"]["name"].as_str().unwrap().to_owned();
        assert!(book.contains(&name) && !book.contains(other.as_str().unwrap()), "a table names the worker: {book}");
    }

    fn the_window_sees_every_case_of_whoever_calls(backend) {
        let town = Town::start(backend);
        let (clerk, officer) = (town.program("clerk"), town.program("aid_officer"));
        let over = applied(&clerk, json!({}));
        act(&clerk, &format!("{CASES}/{}", over["id"].as_str().unwrap()), "withdraw", json!({})).is(200);
        let aid = json!({"applicant": "马建军", "phone": "13800000001", "facts": "欠薪", "matter": "wages", "place": "620201100201"});
        let aid = officer.call("POST", "/api/v1/legal-aid-applications", &aid).is(201).json();
        let page = clerk.get("/desk/intake").is(200);
        let found = clerk.fill(&page, "/desk/intake/caller", &[("phone", "13800000001")]).is(200).text();
        let at = |case: &Value| found.find(case["number"].as_str().unwrap()).unwrap_or_else(|| panic!("{case}: {found}"));
        assert!(at(&aid) < at(&over), "open ones first: {found}");
        assert!(found.contains("这位的办件 法律援助申请"), "each with its flow: {found}");
    }

    fn two_who_press_at_once_never_get_the_same(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        for _ in 0..6 {
            applied(&clerk, json!({}));
        }
        let names = ["zhao", "qian", "sun"];
        let people: Vec<Client> = names.iter().enumerate().map(|(nth, name)| mediator(&town, name, nth).0).collect();
        let gate = Barrier::new(people.len());
        let mut taken: Vec<String> = thread::scope(|scope| {
            let press = |who: Client, gate: &Barrier| {
                gate.wait();
                (0..2).map(|_| next(&who, CASES).is(200).json()["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            let all: Vec<_> = people.into_iter().map(|who| { let gate = &gate; scope.spawn(move || press(who, gate)) }).collect();
            all.into_iter().flat_map(|one| one.join().unwrap()).collect()
        });
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 6, "six presses, six cases");
    }
}
