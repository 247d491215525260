//! What a resident sees of the own case, by account, by number and telephone, in both languages: the own steps and what
//! has gone out, nothing that staff keep among themselves and nothing of the other side but the name.

use serde_json::{Value, json};

use super::uploads::send;
use crate::town::{Answer, Client, Town, on_both};

const VILLAGE: &str = "620201100201";
const AID: &str = "/api/v1/legal-aid-applications";
const MEDIATION: &str = "/api/v1/mediation-cases";
const PHONE: &str = "13909371234";

/// A second officer: nobody checks the own draft.
pub fn second(town: &Town) -> Client {
    let words = ["user", "add", "second", "--role", "aid_officer", "--place", "620200", "--password-stdin"];
    town.falin_typing(&words, "jiayuguan lantern 2026").ok();
    let issued = town.falin(&["token", "issue", "--user", "second", "--days", "1"]).ok();
    town.visitor().with_token(issued.stdout.trim())
}

/// Takes a step as somebody who sees the case in its present version.
pub fn act(who: &Client, path: &str, action: &str, fields: Value) -> Answer {
    let version = who.get(path).is(200).json()["version"].clone();
    let mut body = fields;
    body["action"] = json!(action);
    body["version"] = version;
    who.call("POST", &format!("{path}/actions"), &body)
}

fn opened(who: &Client, door: &str, form: &Value) -> (String, String) {
    let case = who.call("POST", door, form).is(201).json();
    (format!("{door}/{}", case["id"].as_str().unwrap()), case["number"].as_str().unwrap().to_owned())
}

/// Everything that the resident is told of it: as a program, and on the page by number and telephone.
fn told(town: &Town, path: &str, number: &str) -> String {
    let mut all = town.program("resident").get(path).is(200).body();
    for view in ["zh", "en"] {
        let visitor = town.visitor();
        let find = visitor.get(&format!("/{view}/620200/progress")).is(200);
        let shown = visitor.fill(&find, "/progress", &[("number", number), ("phone", PHONE)]).is(200);
        all.push_str(&shown.body());
    }
    all
}

fn holds(told: &str, words: &[&str], there: bool) {
    for word in words {
        assert_eq!(told.contains(word), there, "{word}: {told}");
    }
}

on_both! {
    fn of_the_other_side_a_party_reads_the_name_and_no_caucus(backend) {
        let town = Town::start(backend);
        let (resident, mediator) = (town.program("resident"), town.program("mediator"));
        let form = json!({"applicant": "马建军", "phone": PHONE, "facts": "邻居占了巷道", "dispute": "neighbours", "place": VILLAGE});
        let (path, number) = opened(&resident, MEDIATION, &form);
        let parties = json!([
            {"name": "马建军", "side": "applicant", "phone": PHONE, "id_number": "620201198505150012"},
            {"name": "王大力", "side": "respondent", "phone": "13909375678", "id_number": "620201194910010023", "capacity": "full"},
        ]);
        act(&mediator, &path, "accept", json!({"parties": parties})).is(200);
        act(&mediator, &path, "note", json!({"note": "对方脾气大，分开谈"})).is(200);
        act(&mediator, &path, "consents", json!({"consent": true, "note": "对方愿意让半米的底"})).is(200);
        act(&mediator, &path, "session", json!({"held_on": "2026-03-02", "record": "背靠背：对方最多让一米", "police": true})).is(200);
        let told = told(&town, &path, &number);
        holds(&told, &["王大力", "邻居占了巷道", "620201198505150012"], true);
        holds(&told, &["13909375678", "620201194910010023", "底", "背靠背", "脾气", "prevents", "公安"], false);
        let staff = mediator.get(&path).is(200).body();
        holds(&staff, &["13909375678", "620201194910010023", "背靠背", "脾气"], true);
    }

    fn what_staff_keep_with_the_case_is_no_residents_to_open(backend) {
        let town = Town::start(backend);
        let (resident, mediator) = (town.program("resident"), town.program("mediator"));
        let form = json!({"applicant": "马建军", "phone": PHONE, "facts": "邻居占了巷道", "dispute": "neighbours", "place": VILLAGE});
        let (path, number) = opened(&resident, MEDIATION, &form);
        act(&mediator, &path, "accept", json!({})).is(200);
        let photo = [b"\xFF\xD8\xFF".as_slice(), &[7; 300]].concat();
        send(&resident, &format!("{path}/files"), &[], "巷道.jpg", &photo).is(201);
        send(&mediator, &format!("{path}/files"), &[], "背靠背.jpg", &photo).is(201);
        let files = mediator.get(&path).is(200).json()["files"].clone();
        let file = |name: &str| {
            let found = files.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
            format!("{path}/files/{}", found["id"].as_str().unwrap())
        };
        let told = told(&town, &path, &number);
        holds(&told, &["巷道.jpg"], true);
        holds(&told, &["背靠背.jpg"], false);
        resident.get(&file("巷道.jpg")).is(200);
        resident.get(&file("背靠背.jpg")).refused(404, "not_found");
        mediator.get(&file("背靠背.jpg")).is(200);
    }

    fn a_draft_and_staffs_notes_stay_inside_until_a_decision_is_issued(backend) {
        let town = Town::start(backend);
        let (resident, officer, admin) = (town.program("resident"), town.program("aid_officer"), town.program("county_admin"));
        let second = second(&town);
        let form = json!({"applicant": "马建军", "phone": PHONE, "facts": "包工头欠我三个月工资", "matter": "wages", "place": VILLAGE});
        let (path, number) = opened(&resident, AID, &form);
        act(&officer, &path, "note", json!({"note": "像是老上访户"})).is(200);
        act(&officer, &path, "draft", json!({"decision": "refuse", "refusal": "scope", "explanation": "收入超过标准的初稿"})).is(200);
        act(&second, &path, "check", json!({"agree": true, "note": "拟同意不予"})).is(200);
        let inside = ["老上访户", "初稿", "拟同意", "\"decision\"", "\"draft\"", "\"check\"", "再核实", "退回"];
        holds(&told(&town, &path, &number), &inside, false);
        act(&admin, &path, "issue", json!({"agree": false, "note": "退回，再核实收入"})).is(200);
        holds(&told(&town, &path, &number), &inside, false);
        // Sent back is not decided: the seven days still run, nobody has to be assigned, nobody is told of a decision.
        let case = officer.get(&path).is(200).json();
        let codes: Vec<&str> = case["deadlines"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!((case["state"].as_str(), &codes[..]), (Some("submitted"), &["aid.decision"][..]), "{case}");
        holds(&resident.get("/api/v1/notices").is(200).body(), &["决定"], false);
        act(&officer, &path, "draft", json!({"decision": "grant", "explanation": "符合进城务工人员条件"})).is(200);
        act(&second, &path, "check", json!({"agree": true})).is(200);
        act(&admin, &path, "issue", json!({"agree": true, "note": "签发意见"})).is(200);
        let told = told(&town, &path, &number);
        holds(&told, &["符合进城务工人员条件", "给予法律援助", "Grant"], true);
        holds(&told, &["老上访户", "初稿", "拟同意", "再核实", "签发意见"], false);
        let case = officer.get(&path).is(200).json();
        let codes: Vec<&str> = case["deadlines"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!((case["state"].as_str(), &codes[..]), (Some("granted"), &["aid.assignment"][..]), "{case}");
        holds(&officer.get(&path).body(), &["老上访户", "初稿", "再核实"], true);
    }
}
