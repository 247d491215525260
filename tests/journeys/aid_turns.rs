//! Legal aid where it turns: missing papers said once and by their day, objections that lead back to where they came
//! from, deadlines that run while somebody has to act.

use serde_json::{Value, json};

use super::aid_seen::{act, second};
use crate::town::{Client, Town, on_both};

const AID: &str = "/api/v1/legal-aid-applications";

fn applied(who: &Client) -> String {
    let form = json!({"applicant": "马建军", "phone": "13909371234", "facts": "欠薪", "matter": "wages", "place": "620201100201"});
    format!("{AID}/{}", who.call("POST", AID, &form).is(201).json()["id"].as_str().unwrap())
}

/// State, and each running deadline with its day.
fn stands(who: &Client, path: &str) -> (String, Vec<(String, String)>) {
    let case = who.get(path).is(200).json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = case["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["kind"]), text(&one["due"])))
        .collect();
    (text(&case["state"]), all)
}

fn codes(who: &Client, path: &str) -> (String, Vec<String>) {
    let (state, all) = stands(who, path);
    (state, all.into_iter().map(|(code, _)| code).collect())
}

/// So many days after the case began.
fn day(who: &Client, path: &str, days: i64) -> String {
    let began = who.get(path).is(200).json()["created_at"].as_str().unwrap().to_owned();
    began.parse::<falin_domain::time::Instant>().unwrap().date().plus_days(days).to_string()
}

on_both! {
    fn missing_papers_are_said_once_and_the_named_day_is_the_last(backend) {
        let town = Town::start(backend);
        let (resident, officer) = (town.program("resident"), town.program("aid_officer"));
        let path = applied(&resident);
        let day = |days: i64| day(&officer, &path, days);
        let ask = |by: &str| act(&officer, &path, "ask_supplement", json!({"missing": "身份证复印件", "supply_by": by}));
        assert!(ask(&day(-1)).refused(422, "form.invalid").body().contains("date.past"));
        assert!(ask(&day(800)).refused(422, "form.invalid").body().contains("date.beyond"));
        ask(&day(12)).is(200);
        assert_eq!(stands(&officer, &path), ("supplementing".to_owned(), vec![("aid.supplement".to_owned(), day(12))]));
        act(&officer, &path, "deem_withdrawn", json!({})).refused(422, "case.too_early");
        for (view, said, not) in [("zh", "还缺材料", "律师还想问"), ("en", "Papers are missing", "The lawyer asks")] {
            let number = officer.get(&path).json()["number"].as_str().unwrap().to_owned();
            let visitor = town.visitor();
            let find = visitor.get(&format!("/{view}/620200/progress")).is(200);
            let shown = visitor.fill(&find, "/progress", &[("number", &number), ("phone", "13909371234")]).is(200);
            assert!(shown.text().contains(said) && !shown.text().contains(not), "{}", shown.text());
        }
        act(&resident, &path, "supplement", json!({"supplied": "交来了"})).is(200);
        ask(&day(12)).refused(422, "case.once");
        let case = officer.get(&path).json();
        let offered = case["allowed_actions"].as_array().unwrap().iter().any(|one| one["action"] == "ask_supplement");
        assert!(!offered, "{case}");
    }

    fn a_correction_on_the_phone_begins_with_what_is_known(backend) {
        let town = Town::start(backend);
        let officer = town.program("aid_officer");
        let path = applied(&town.program("resident"));
        let number = officer.get(&path).json()["number"].as_str().unwrap().to_owned();
        let visitor = town.visitor();
        let find = visitor.get("/zh/620200/progress").is(200);
        let slip = [("number", number.as_str()), ("phone", "13909371234")];
        visitor.fill(&find, "/progress", &slip).is(200);
        let form = visitor.post("/zh/620200/progress", &[slip[0], slip[1], ("step", "amend")]).is(200);
        assert!(form.body().contains("欠薪</textarea>"), "{}", form.body());
        // Whoever changes the telephone stays with the case: what is pressed next finds it by the new one.
        let version = officer.get(&path).json()["version"].to_string();
        let amend = [slip[0], slip[1], ("action", "amend"), ("version", version.as_str()), ("phone", "13909379999"), ("facts", "欠薪"), ("matter", "wages")];
        let changed = visitor.post("/zh/620200/progress", &amend).is(200);
        let carried = changed.forms().into_iter().find(|form| form.action.ends_with("/progress")).unwrap();
        assert!(carried.fields.contains(&("phone".to_owned(), "13909379999".to_owned())), "{:?}", carried.fields);
        visitor.post("/zh/620200/progress", &[slip[0], ("phone", "13909379999"), ("step", "amend")]).is(200);
    }

    fn an_objection_leads_back_to_where_it_came_from(backend) {
        let town = Town::start(backend);
        let (resident, officer, admin) = (town.program("resident"), town.program("aid_officer"), town.program("county_admin"));
        let second = second(&town);
        let path = applied(&resident);
        let no = json!({"decision": "grant", "explanation": "符合", "in_charge": false});
        assert!(act(&officer, &path, "draft", no).refused(422, "form.invalid").body().contains("in_charge"));
        act(&officer, &path, "draft", json!({"decision": "grant", "explanation": "符合", "in_charge": true})).is(200);
        act(&second, &path, "check", json!({"agree": true})).is(200);
        act(&second, &path, "issue", json!({"agree": true})).is(200);
        act(&officer, &path, "terminate", json!({"ground": "own_lawyer", "explanation": "自己请了律师"})).is(200);
        act(&resident, &path, "object", json!({"objection": "我没有请"})).is(200);
        assert_eq!(codes(&admin, &path), ("objecting".to_owned(), vec!["aid.objection".to_owned()]));
        act(&admin, &path, "decide_objection", json!({"objection_result": "rejected", "explanation": "确已自请"})).is(200);
        assert_eq!(codes(&admin, &path), ("terminated".to_owned(), vec![]));
        act(&resident, &path, "object", json!({"objection": "再看一次"})).is(200);
        act(&admin, &path, "decide_objection", json!({"objection_result": "upheld", "explanation": "查明没有"})).is(200);
        assert_eq!(codes(&admin, &path), ("granted".to_owned(), vec!["aid.assignment".to_owned()]));

        let path = applied(&resident);
        let no = json!({"decision": "refuse", "refusal": "scope", "explanation": "不属于范围"});
        act(&officer, &path, "draft", no).is(200);
        act(&second, &path, "check", json!({"agree": true})).is(200);
        act(&admin, &path, "issue", json!({"agree": true})).is(200);
        act(&resident, &path, "object", json!({"objection": "我确实困难"})).is(200);
        // Who signed the refusal does not decide on the objection to it.
        act(&admin, &path, "decide_objection", json!({"objection_result": "rejected", "explanation": "维持"})).refused(422, "case.own_draft");
        let words = ["user", "add", "bureau", "--role", "county_admin", "--place", "620200", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026").ok();
        let issued = town.falin(&["token", "issue", "--user", "bureau", "--days", "1"]).ok();
        let bureau = town.visitor().with_token(issued.stdout.trim());
        act(&bureau, &path, "decide_objection", json!({"objection_result": "rejected", "explanation": "维持"})).is(200);
        assert_eq!(codes(&bureau, &path), ("refused".to_owned(), vec![]));
    }

    fn an_assignment_waits_for_its_worker_by_the_countys_own_target(backend) {
        let town = Town::start(backend);
        let (officer, lawyer, admin) = (town.program("aid_officer"), town.program("lawyer"), town.program("county_admin"));
        let (second, resident) = (second(&town), town.program("resident"));
        let path = applied(&resident);
        act(&officer, &path, "draft", json!({"decision": "grant", "explanation": "符合"})).is(200);
        act(&second, &path, "check", json!({"agree": true})).is(200);
        act(&second, &path, "issue", json!({"agree": true})).is(200);
        let workers = officer.get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut workers = workers["items"].as_array().unwrap().clone();
        workers.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        let mine = json!({"worker": workers[0]["id"]});
        act(&officer, &path, "assign", mine.clone()).is(200);
        let (state, waits) = stands(&officer, &path);
        assert_eq!((state.as_str(), waits.len(), waits[0].0.as_str()), ("assigned", 1, "aid.acceptance"));
        let board = lawyer.get("/api/v1/deadlines?kind=aid.acceptance").is(200).json();
        assert_eq!(board["items"][0]["next_actor"]["worker_id"], workers[0]["id"], "{board}");
        assert!(board["items"][0]["source"].as_str().unwrap().contains("内部时限"), "{board}");
        assert_eq!(codes(&resident, &path), ("assigned".to_owned(), vec![]), "a target of the house is no promise");
        act(&lawyer, &path, "decline", json!({"reason": "正在外地开庭"})).is(200);
        assert_eq!(codes(&officer, &path), ("granted".to_owned(), vec!["aid.assignment".to_owned()]));

        let page = admin.get("/desk/deadlines/rules/aid.acceptance").is(200);
        let typed = [("length", "10"), ("internal", "5"), ("source", "嘉峪关市法律援助办案规程第六条")];
        admin.fill(&page, "/rules/aid.acceptance", &typed).is(200);
        act(&officer, &path, "assign", mine.clone()).is(200);
        let later = stands(&officer, &path).1;
        assert!(later[0].1 > waits[0].1, "the county's own length counts from now on: {later:?}");
        for (who, words) in [(town.program("aid_officer"), "接受指派，或者说明理由不能承办"), (town.program("aid_officer").in_english(), "accept the case, or decline it")] {
            let page = who.get(&path.replace("/api/v1/legal-aid-applications", "/desk/legal-aid")).is(200).text();
            assert!(page.contains(words) && page.contains("第六条"), "{page}");
        }
        act(&officer, &path, "replace", json!({"worker": workers[0]["id"], "reason": "登记有误"})).is(200);
        act(&lawyer, &path, "accept", json!({})).is(200);
        assert_eq!(codes(&officer, &path), ("in_progress".to_owned(), vec![]));
    }

    fn a_report_that_is_checked_or_sent_back_has_its_day(backend) {
        let town = Town::start(backend);
        let (officer, lawyer) = (town.program("aid_officer"), town.program("lawyer"));
        let second = second(&town);
        let path = applied(&town.program("resident"));
        act(&officer, &path, "draft", json!({"decision": "grant", "explanation": "符合"})).is(200);
        act(&second, &path, "check", json!({"agree": true})).is(200);
        act(&second, &path, "issue", json!({"agree": true})).is(200);
        let mine = officer.get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut all = mine["items"].as_array().unwrap().clone();
        all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        act(&officer, &path, "assign", json!({"worker": all[0]["id"]})).is(200);
        act(&lawyer, &path, "accept", json!({})).is(200);
        let report = json!({"ended_on": "2026-10-30", "result": "won", "report": "付清"});
        act(&lawyer, &path, "report", report.clone()).is(200);
        assert_eq!(codes(&officer, &path), ("reported".to_owned(), vec!["aid.file_check".to_owned()]));
        act(&officer, &path, "send_back", json!({"reason": "缺判决书"})).is(200);
        assert_eq!(codes(&officer, &path), ("in_progress".to_owned(), vec!["aid.report".to_owned()]));
        act(&lawyer, &path, "report", report).is(200);
        act(&officer, &path, "close", json!({"quality": "good"})).is(200);
    }
}
