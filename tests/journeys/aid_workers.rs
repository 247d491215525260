//! Who may be given a legal-aid case: competent, without a conflict of interest, the least loaded first; the recipient
//! asks for another; numbers of other systems; whom nothing reaches is a clerk's errand.

use serde_json::{Value, json};

use super::aid_seen::{act, second};
use super::duties::today;
use crate::town::{Client, Town, on_both};

const AID: &str = "/api/v1/legal-aid-applications";
const COMPANY: &str = "嘉峪关大漠建筑工程公司";

fn applied(who: &Client, name: &str, more: Value) -> String {
    let mut form = json!({"applicant": name, "facts": "欠薪", "matter": "wages", "place": "620201100201"});
    for (name, value) in more.as_object().unwrap() {
        form[name] = value.clone();
    }
    format!("{AID}/{}", who.call("POST", AID, &form).is(201).json()["id"].as_str().unwrap())
}

fn granted(town: &Town, second: &Client, path: &str) {
    let officer = town.program("aid_officer");
    act(&officer, path, "draft", json!({"decision": "grant", "explanation": "符合"})).is(200);
    act(second, path, "check", json!({"agree": true})).is(200);
    act(second, path, "issue", json!({"agree": true})).is(200);
}

/// Id of each worker by name.
fn worker(who: &Client, name: &str) -> String {
    let all = who.get("/api/v1/legal-workers?limit=100").is(200).json();
    let found = all["items"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    found["id"].as_str().unwrap().to_owned()
}

on_both! {
    fn the_competent_are_offered_with_their_load_the_least_loaded_first(backend) {
        let town = Town::start(backend);
        let (officer, clerk, admin) = (town.program("aid_officer"), town.program("clerk"), town.program("county_admin"));
        let second = second(&town);
        let notary = json!({"name": "公孙正", "kind": "notary"});
        let notary = admin.call("POST", "/api/v1/legal-workers", &notary).is(201).json()["id"].clone();
        let basic = json!({"name": "司马勤", "kind": "legal_service_worker"});
        let basic = admin.call("POST", "/api/v1/legal-workers", &basic).is(201).json()["id"].clone();
        let first = applied(&clerk, "马建军", json!({"service": "labour"}));
        granted(&town, &second, &first);
        assert!(act(&officer, &first, "assign", json!({"worker": notary})).refused(422, "form.invalid").body().contains("worker.competence"));
        act(&officer, &first, "assign", json!({"worker": worker(&officer, "仇文静")})).is(200);

        let desk = |path: &str, view: &str| path.replace(AID, &format!("{view}/desk/legal-aid"));
        let next = applied(&clerk, "马建国", json!({"service": "labour"}));
        granted(&town, &second, &next);
        let form = officer.get(&format!("{}/steps/assign", desk(&next, ""))).is(200);
        let body = form.body();
        assert!(!body.contains("公孙正"), "a notary is offered: {body}");
        let (loaded, free) = (body.find("仇文静 · 甘肃雄关律师事务所").unwrap(), body.find("单于明 · ").unwrap());
        assert!(free < loaded && body.contains("在办 1 件，今年接 1 件") && body.contains("司马勤"), "{body}");
        // A basic-level worker takes no criminal defence, nor does anybody who helps at once before it is granted.
        let defence = applied(&clerk, "马建设", json!({"service": "defence", "life_or_death": true}));
        let body = officer.get(&format!("{}/steps/pre_provide", desk(&defence, ""))).is(200).body();
        assert!(!body.contains("司马勤") && body.contains("单于明"), "{body}");
        let at_once = |worker: &Value| act(&officer, &defence, "pre_provide", json!({"urgent_ground": "limitation", "worker": worker}));
        assert!(at_once(&basic).refused(422, "form.invalid").body().contains("worker.competence"));
        at_once(&json!(worker(&officer, "仇文静"))).is(200);
        act(&town.program("lawyer"), &defence, "progress", json!({"note": "已经会见"})).is(200);
    }

    fn nobody_is_given_a_case_who_has_worked_for_the_other_side(backend) {
        let town = Town::start(backend);
        let (officer, clerk) = (town.program("aid_officer"), town.program("clerk"));
        let second = second(&town);
        let qiu = worker(&officer, "仇文静");
        // 仇文静 works for 王大力; 马建军, who stands against 王大力 and a company, must not get her.
        let his = applied(&clerk, "王大力", json!({"id_number": "620201194910010023", "opponents": [{"name": COMPANY}]}));
        granted(&town, &second, &his);
        act(&officer, &his, "assign", json!({"worker": qiu})).is(200);
        let against = applied(&clerk, "马建军", json!({"opponents": [{"name": "王大力", "id_number": "620201194910010023"}]}));
        granted(&town, &second, &against);
        assert!(act(&officer, &against, "assign", json!({"worker": qiu})).refused(422, "form.invalid").body().contains("worker.conflict"));
        let body = officer.get(&format!("{}/steps/assign", against.replace(AID, "/desk/legal-aid"))).is(200).body();
        assert!(!body.contains("仇文静") && body.contains("单于明"), "{body}");
        // The company itself comes: she has worked against it, and its name alone tells.
        let theirs = applied(&clerk, COMPANY, json!({}));
        granted(&town, &second, &theirs);
        assert!(act(&officer, &theirs, "assign", json!({"worker": qiu})).refused(422, "form.invalid").body().contains("worker.conflict"));
        // The same opponent in another case is no conflict.
        let beside = applied(&clerk, "马建国", json!({"opponents": [{"name": COMPANY}]}));
        granted(&town, &second, &beside);
        act(&officer, &beside, "assign", json!({"worker": qiu})).is(200);
        // Nor does she mediate where she has worked for one side.
        let form = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours", "place": "620201100201", "parties": [
            {"name": "马建军", "side": "applicant"}, {"name": "王大力", "side": "respondent", "id_number": "620201194910010023"}]});
        let case = clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json();
        let path = format!("/api/v1/mediation-cases/{}", case["id"].as_str().unwrap());
        assert!(act(&clerk, &path, "appoint", json!({"worker": qiu})).refused(422, "form.invalid").body().contains("worker.conflict"));
    }

    fn a_person_with_two_documents_is_one_in_the_search_for_conflicts(backend) {
        let town = Town::start(backend);
        let (officer, clerk) = (town.program("aid_officer"), town.program("clerk"));
        let second = second(&town);
        let qiu = worker(&officer, "仇文静");
        let his = applied(&clerk, "陈国荣", json!({"id_number": "回乡证 H12345678", "phone": "13909371234"}));
        granted(&town, &second, &his);
        act(&officer, &his, "assign", json!({"worker": qiu})).is(200);
        let stands = |number: &str, phone: &str| json!({"opponents": [{"name": "陈国荣", "id_number": number, "phone": phone}]});
        for (number, phone) in [("810000199001010019", "13909371234"), ("回乡证 H12345678", "")] {
            let against = applied(&clerk, "马建军", stands(number, phone));
            granted(&town, &second, &against);
            let told = act(&officer, &against, "assign", json!({"worker": qiu})).refused(422, "form.invalid");
            assert!(told.body().contains("worker.conflict"), "{number}");
        }
        // The number of another document is another person's, who has only the name in common.
        let beside = applied(&clerk, "马建国", stands("护照 H12345678", "13800000002"));
        granted(&town, &second, &beside);
        act(&officer, &beside, "assign", json!({"worker": qiu})).is(200);
        // Two numbers for life are two people, whatever telephone they share.
        let card = applied(&clerk, "王大力", json!({"id_number": "620201194910010023", "phone": "13909375678"}));
        granted(&town, &second, &card);
        act(&officer, &card, "assign", json!({"worker": qiu})).is(200);
        let namesake = json!({"opponents": [{"name": "王大力", "id_number": "620201198505150012", "phone": "13909375678"}]});
        let other = applied(&clerk, "马建设", namesake);
        granted(&town, &second, &other);
        act(&officer, &other, "assign", json!({"worker": qiu})).is(200);
    }

    fn who_mediated_between_the_two_or_advises_the_village_takes_neither_side(backend) {
        let town = Town::start(backend);
        let (officer, clerk) = (town.program("aid_officer"), town.program("clerk"));
        let second = second(&town);
        let shan = worker(&officer, "单于明");
        let form = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours", "place": "620201100201", "parties": [
            {"name": "马建军", "side": "applicant", "id_number": "620201198505150012"},
            {"name": "王大力", "side": "respondent", "id_number": "620201194910010023"}]});
        let case = clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json();
        let path = format!("/api/v1/mediation-cases/{}", case["id"].as_str().unwrap());
        act(&clerk, &path, "appoint", json!({"worker": shan})).is(200);
        let mine = json!({"id_number": "620201198505150012", "opponents": [{"name": "王大力", "id_number": "620201194910010023"}]});
        let suit = applied(&clerk, "马建军", mine);
        granted(&town, &second, &suit);
        assert!(act(&officer, &suit, "assign", json!({"worker": shan})).refused(422, "form.invalid").body().contains("worker.conflict"));
        let other = applied(&clerk, "马建军", json!({"id_number": "620201198505150012", "opponents": [{"name": "赵四"}]}));
        granted(&town, &second, &other);
        act(&officer, &other, "assign", json!({"worker": shan})).is(200);
        // Whoever advises a village does not act against it.
        let advisers = officer.get("/api/v1/advisers?limit=100").is(200).json();
        let adviser = advisers["items"].as_array().unwrap().iter().find(|one| one["villages"][0]["name"].is_string()).unwrap();
        let body = format!("{}村民委员会", adviser["villages"][0]["name"].as_str().unwrap());
        let against = applied(&clerk, "马建国", json!({"opponents": [{"name": body}]}));
        granted(&town, &second, &against);
        assert!(act(&officer, &against, "assign", json!({"worker": adviser["id"]})).refused(422, "form.invalid").body().contains("worker.conflict"));
    }

    fn criminal_cases_are_for_lawyers_whatever_else_is_filled_in(backend) {
        let town = Town::start(backend);
        let (officer, clerk, admin) = (town.program("aid_officer"), town.program("clerk"), town.program("county_admin"));
        let second = second(&town);
        let hire = |form: Value| admin.call("POST", "/api/v1/legal-workers", &form).is(201).json()["id"].clone();
        let basic = hire(json!({"name": "司马勤", "kind": "legal_service_worker"}));
        let young = hire(json!({"name": "公孙新", "kind": "lawyer", "licence": "16202202510123456"}));
        let staff = hire(json!({"name": "欧阳援", "kind": "aid_staff"}));
        // The licence names a year and no day: two years and some months are not three.
        let year = today().parts().0 - 3;
        let third = hire(json!({"name": "上官三", "kind": "lawyer", "licence": format!("16202{year}10123457")}));
        let plain = applied(&clerk, "马建军", json!({"matter": "criminal"}));
        granted(&town, &second, &plain);
        assert!(act(&officer, &plain, "assign", json!({"worker": basic})).refused(422, "form.invalid").body().contains("worker.competence"));
        act(&officer, &plain, "assign", json!({"worker": &young})).is(200);
        assert!(act(&officer, &plain, "replace", json!({"worker": basic, "reason": "换人"})).refused(422, "form.invalid").body().contains("worker.competence"));
        let review = applied(&clerk, "马建国", json!({"matter": "criminal", "stage": "death_review"}));
        granted(&town, &second, &review);
        assert!(act(&officer, &review, "assign", json!({"worker": staff})).refused(422, "form.invalid").body().contains("worker.competence"));
        for new in [&young, &third] {
            assert!(act(&officer, &review, "assign", json!({"worker": new})).refused(422, "form.invalid").body().contains("worker.practice"));
        }
        let path = format!("/api/v1/legal-workers/{}", third.as_str().unwrap());
        let version = officer.get(&path).is(200).json()["version"].clone();
        let known = json!({"action": "change", "version": version, "practice_since": format!("{year}-01-01")});
        let known = admin.call("POST", &format!("{path}/actions"), &known).is(200).json();
        assert_eq!(known["practice_since"], format!("{year}-01-01"));
        act(&officer, &review, "assign", json!({"worker": third})).is(200);
    }

    fn the_recipient_asks_for_another_and_numbers_are_entered_when_they_come(backend) {
        let town = Town::start(backend);
        let (officer, resident) = (town.program("aid_officer"), town.program("resident"));
        let second = second(&town);
        let path = applied(&resident, "马建军", json!({"phone": "13909371234", "representative": "马父", "representative_ground": "guardian",
            "representative_id": "620201194910010023", "representative_relation": "父亲", "urgent_ground": "limitation"}));
        let sheet = format!("{}/sheet", path.replace(AID, "/desk/legal-aid"));
        let shown = officer.get(&path.replace(AID, "/desk/legal-aid")).is(200);
        assert_eq!(shown.link("省系统录入单"), sheet);
        let text = officer.get(&sheet).is(200).text();
        assert!(text.contains("父亲") && text.contains("未填") && text.contains("经济状况"), "{text}");
        act(&officer, &path, "numbers", json!({"province_number": "甘援2026-0091"})).is(200);
        granted(&town, &second, &path);
        act(&officer, &path, "assign", json!({"worker": worker(&officer, "仇文静")})).is(200);
        act(&resident, &path, "ask_replace", json!({"reason": "电话一直打不通"})).is(200);
        let inbox = officer.get("/api/v1/notices").is(200).body();
        assert!(inbox.contains("申请更换承办人"), "{inbox}");
        act(&officer, &path, "replace", json!({"worker": worker(&officer, "单于明"), "reason": "受援人申请"})).is(200);
        let case = officer.get(&path).is(200).json();
        assert_eq!(case["fields"]["province_number"], "甘援2026-0091");
        assert_eq!(case["fields"]["representative_relation"], "父亲");
    }

    fn whom_nothing_reaches_is_a_clerks_errand(backend) {
        let town = Town::start(backend);
        let (officer, clerk) = (town.program("aid_officer"), town.program("clerk"));
        let path = applied(&clerk, "马老汉", json!({}));
        act(&officer, &path, "ask_supplement", json!({"missing": "户口页", "supply_by": today()})).is(200);
        let page = clerk.get("/desk/calls").is(200);
        assert!(page.text().contains("马老汉") && page.text().contains("还缺材料"), "{}", page.text());
        let english = clerk.in_english();
        assert!(english.get("/desk/calls").is(200).text().contains("马老汉"));
    }
}
