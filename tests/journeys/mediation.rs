//! Mediation from both ends: its appointments, its agreement, its deadlines, what is paid and counted of it.

use serde_json::{Value, json};

use super::bookings::{at, room, workday, workers};
use super::duties::today;
use super::uploads::send;
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

/// A mediator who is in the register: only such a one can lead a case.
fn leading(town: &Town) -> Client {
    let client = town.program("mediator");
    let second = "SELECT id FROM worker ORDER BY licence DESC LIMIT 1";
    town.sql(&format!("UPDATE account SET worker_id = ({second}) WHERE username = 'mediator'")).unwrap();
    client
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

    fn an_agreement_takes_effect_once_it_is_signed_and_sealed(backend) {
        let town = Town::start(backend);
        let mediator = town.program("mediator");
        let case = open(&mediator, json!({"parties": parties()}));
        step(&mediator, &case, "accept", json!({})).is(200);
        step(&mediator, &case, "consents", json!({"consent": true})).is(200);
        let today = today();
        let deal = |more: Value| {
            let mut form = json!({"agreement": "让出一米", "effective_on": today});
            form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            step(&mediator, &case, "agree", form)
        };
        let bare = json!({"form": "written", "signed_parties": false, "signed_mediator": false, "sealed": false});
        let said = faults(&deal(bare).refused(422, "form.invalid"));
        let names: Vec<_> = said.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["signed_parties", "signed_mediator", "sealed"]);
        let said = faults(&deal(json!({"form": "oral"})).refused(422, "form.invalid"));
        assert_eq!(said[0].0, "record", "of an oral one the mediator keeps a record");
        let whole = json!({"form": "written", "signed_parties": true, "signed_mediator": true, "sealed": true});
        let mut later = whole.clone();
        later["effective_on"] = json!(today.plus_days(2));
        let said = faults(&deal(later).refused(422, "form.invalid"));
        assert_eq!(said, [("effective_on".to_owned(), "date.future".to_owned())]);
        let page = mediator.get(&format!("/desk/mediation/{}/steps/agree", case["id"].as_str().unwrap())).is(200);
        let typed = [("form", "written"), ("agreement", "让出一米"), ("effective_on", &today.to_string()),
            ("signed_parties", "true"), ("signed_mediator", "true"), ("sealed", "false")];
        let again = mediator.fill(&page, "/steps/agree", &typed);
        assert!(again.text().contains("加盖调解委员会印章以后才生效"), "{}", again.text());
        let agreed = deal(whole).is(200).json();
        assert_eq!((&agreed["state"], &agreed["fields"]["outcome"]), (&json!("agreed"), &json!("written")));
        let odd = json!({"outcome": "refused", "performance": "on_time"});
        let said = faults(&step(&mediator, &case, "close", odd).refused(422, "form.invalid"));
        assert_eq!(said[0].0, "outcome", "what was agreed was not refused");
    }

    fn what_waits_has_a_deadline_and_its_mediator_is_told(backend) {
        let town = Town::start(backend);
        let (clerk, leader, admin) = (town.program("clerk"), leading(&town), town.program("county_admin"));
        let case = open(&clerk, json!({}));
        let codes = |case: &Value| -> Vec<String> {
            get(&clerk, case)["deadlines"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes(&case), ["mediation.acceptance"]);
        let board = admin.get("/api/v1/deadlines?limit=100").is(200).json().to_string();
        assert!(board.contains(case["number"].as_str().unwrap()), "{board}");
        let accounts = admin.get("/api/v1/accounts?limit=100").is(200).json();
        let lawyer = accounts["items"].as_array().unwrap().iter().find(|one| one["username"] == "lawyer").unwrap();
        let chosen = json!({"worker": lawyer["worker_id"]});
        let accepted = step(&clerk, &case, "accept", chosen).is(200).json();
        assert_eq!(accepted["worker"]["id"], lawyer["worker_id"], "who was chosen leads it");
        assert_eq!(codes(&case), ["mediation.conclusion"]);
        let told = town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-mediation-appointed'");
        assert_eq!(told, 1, "the one who was chosen is told");
        let nobody = open(&clerk, json!({}));
        assert_eq!(step(&leader, &nobody, "accept", json!({})).is(200).json()["worker"], Value::Null);
        let told = town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-mediation-appointed'");
        assert_eq!(told, 1, "where nobody was chosen nobody is told");
        let oral = open(&clerk, json!({}));
        let today = today();
        let deal = |day: falin_domain::time::Date| json!({"agreement": "当场付清", "effective_on": day});
        let said = faults(&step(&leader, &oral, "settle_orally", deal(today.plus_days(1))).refused(422, "form.invalid"));
        assert_eq!(said, [("effective_on".to_owned(), "date.future".to_owned())]);
        step(&leader, &oral, "settle_orally", deal(today)).is(200);
        assert_eq!(codes(&oral), ["mediation.confirmation"], "thirty days to apply for confirmation");
        step(&clerk, &oral, "confirmation", json!({"confirmation": "not_wanted"})).is(200);
        assert_eq!(codes(&oral), [""; 0], "it is the parties' right, not a duty");
        let fields = get(&clerk, &oral)["fields"].clone();
        assert_eq!((&fields["form"], &fields["outcome"]), (&json!("oral"), &json!("oral")));
    }

    fn terms_stand_as_deadlines_until_they_are_performed(backend) {
        let town = Town::start(backend);
        let (clerk, leader, admin) = (town.program("clerk"), leading(&town), town.program("county_admin"));
        let case = open(&clerk, json!({}));
        let (near, far) = (today().plus_days(45), today().plus_days(60));
        let terms = |done_on: &str| json!([
            {"what": "付第一笔", "due": near, "done_on": done_on}, {"what": "拆墙", "due": far}, {"what": "付第二笔", "due": near}]);
        let deal = json!({"agreement": "分两次付清", "effective_on": today(), "terms": terms("")});
        step(&leader, &case, "settle_orally", deal).is(200);
        let waiting = || -> Vec<Value> {
            let all = get(&clerk, &case)["deadlines"].as_array().unwrap().clone();
            all.into_iter().filter(|one| one["kind"] == "mediation.performance").map(|one| json!([one["due"], one["items"]])).collect()
        };
        assert_eq!(waiting(), [json!([near, [1, 3]]), json!([far, [2]])]);
        // Staff reckon it by what they see to, its resident by the right that ends before, as on the case itself.
        town.sql("UPDATE casefile SET resident_id = (SELECT id FROM account WHERE username = 'resident')").unwrap();
        let right = get(&clerk, &case)["deadlines"].as_array().unwrap().iter()
            .find(|one| one["kind"] == "mediation.confirmation").unwrap()["due"].clone();
        let due = |client: &Client| client.get(CASES).is(200).json()["items"][0]["due"].clone();
        assert_eq!((due(&clerk), due(&town.program("resident"))), (json!(near), right));
        let board = admin.get("/api/v1/deadlines?kind=mediation.performance").is(200).json();
        let worker = get(&clerk, &case)["worker"]["id"].clone();
        assert_eq!((&board["items"][0]["items"], &board["items"][0]["next_actor"]["worker_id"]), (&json!([1, 3]), &worker), "{board}");
        let path = format!("/desk/mediation/{}", case["id"].as_str().unwrap());
        for (client, words) in [(leading(&town), "督促当事人履行协议（第1、3项）"), (leading(&town).in_english(), "see that the agreement is performed (items 1, 3)")] {
            for path in [path.as_str(), "/desk/deadlines?code=mediation.performance", "/desk/deadlines/rules"] {
                let page = client.get(path).is(200).text();
                let words = if path.ends_with("rules") { words.split(['（', '(']).next().unwrap().trim() } else { words };
                assert!(page.contains(words), "{path}: {page}");
            }
        }
        step(&clerk, &case, "perform", json!({"performance": "partly", "terms": terms(&today().to_string())})).is(200);
        assert_eq!(waiting(), [json!([near, [3]]), json!([far, [2]])]);
    }

    fn every_end_is_counted_and_failed_ones_are_paid_by_their_share(backend) {
        let town = Town::start(backend);
        let (clerk, mediator, admin) = (town.program("clerk"), town.program("mediator"), town.program("county_admin"));
        let ended = |steps: &[(&str, Value)]| {
            let case = open(&clerk, json!({}));
            for (action, more) in steps {
                step(&mediator, &case, action, more.clone()).is(200);
            }
            get(&clerk, &case)["fields"]["outcome"].clone()
        };
        let consents = || vec![("accept", json!({})), ("consents", json!({"consent": true}))];
        let fail = json!({"remedies": ["suit"], "reason": "谈不拢", "difficulty": "hard", "dossier": true, "dossier_reason": "纸质卷宗另存"});
        assert_eq!(ended(&[consents(), vec![("fail", fail)]].concat()), "none");
        assert_eq!(ended(&[consents(), vec![("refuse", json!({"reason": "不愿意"}))]].concat()), "refused");
        assert_eq!(ended(&[("accept", json!({})), ("consents", json!({"consent": false}))]), "refused");
        assert_eq!(ended(&[("withdraw", json!({}))]), "withdrawn");
        assert_eq!(ended(&[("not_accept", json!({"reason": "不归调解"}))]), "not_accepted");
        let month = &today().to_string()[..7];
        let claim = admin.get(&format!("/api/v1/mediation-claims?month={month}")).is(200).json().to_string();
        assert!(claim.contains("\"none\"") && !claim.contains("withdrawn"), "{claim}");
    }

    fn pasted_parties_are_counted_and_wrong_cells_are_named(backend) {
        let town = Town::start(backend);
        for (client, words) in [(town.program("clerk"), "第 2 行“哪一方”"), (town.program("clerk").in_english(), "Row 2, Side")] {
            let form = client.get("/desk/mediation/new").is(200);
            let typed = [("applicant", "马建军"), ("facts", "邻居砌墙"), ("dispute", "neighbours"),
                ("parties", "马建军\t申请人\n王建国\t甲方")];
            let refused = client.fill(&form, "/desk/mediation", &typed).is(422);
            assert!(refused.text().contains(words) && refused.body().contains("parties-fault"), "{}", refused.text());
        }
        let clerk = town.program("clerk");
        let mut many = parties();
        many[0]["amount"] = json!(120_000);
        let case = open(&clerk, json!({"parties": many}));
        let fields = get(&clerk, &case)["fields"].clone();
        assert_eq!((&fields["people"], &fields["amount"]), (&json!(2), &json!(120_000)));
        let third = json!({"name": "李强", "side": "third"});
        let more = json!([parties()[0], parties()[1], third]);
        let fields = step(&clerk, &case, "parties", json!({"parties": more})).is(200).json()["fields"].clone();
        assert_eq!(fields["people"], 3, "what nobody typed follows the list");
        step(&clerk, &case, "parties", json!({"parties": more, "people": 40})).is(200);
        let fields = step(&clerk, &case, "parties", json!({"parties": parties()})).is(200).json()["fields"].clone();
        assert_eq!(fields["people"], 40, "what somebody typed stays");
    }

    fn a_dossier_says_what_it_lacks(backend) {
        let town = Town::start(backend);
        let mediator = town.program("mediator");
        let case = open(&mediator, json!({"parties": parties()}));
        step(&mediator, &case, "accept", json!({})).is(200);
        step(&mediator, &case, "consents", json!({"consent": true})).is(200);
        let path = format!("/desk/mediation/{}", case["id"].as_str().unwrap());
        let page = mediator.get(&path).is(200).text();
        assert!(page.contains("□ 调解记录"), "{page}");
        assert!(mediator.get(&path).is(200).body().contains("name=\"kind\""), "a scan says what it is");
        let fail = |more: Value| {
            let mut form = json!({"remedies": ["suit"], "reason": "谈不拢", "dossier": true});
            form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            step(&mediator, &case, "fail", form)
        };
        let refused = fail(json!({})).refused(422, "form.invalid");
        assert_eq!(faults(&refused), [("dossier".to_owned(), "dossier.missing".to_owned())]);
        let scan = (include_bytes!("../browser/axe.md").as_slice(), b"\xFF\xD8\xFF".as_slice());
        let photo = [scan.1, &scan.0[..16]].concat();
        let files = format!("{CASES}/{}/files", case["id"].as_str().unwrap());
        let kept = send(&mediator, &files, &[("kind", "调解记录")], "手写.jpg", &photo).is(201).json();
        let line = |name: &str| kept["dossier"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
        assert_eq!(line("调解记录")["there"], true, "a scan of what was written by hand is the record");
        assert_eq!((&line("身份证明")["there"], &line("身份证明")["needed"]), (&json!(false), &json!(true)));
        assert!(mediator.get(&path).is(200).text().contains("✓ 调解记录"));
        let said = fail(json!({})).refused(422, "form.invalid").json();
        assert!(!said.to_string().contains("调解记录") && said.to_string().contains("身份证明"), "{said}");
        fail(json!({"dossier_reason": "当事人没有带身份证"})).is(200);
    }

    fn a_committees_mediators_come_first(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let people = workers(&clerk);
        let last = people.last().unwrap();
        let covered = || {
            let told = admin.get("/api/v1/statistics").is(200).json();
            let of = |code: &str| {
                let all = told["figures"].as_array().unwrap();
                all.iter().find(|one| one["code"] == code).unwrap()["value"].as_f64()
            };
            ["townships", "townships_mediated", "mediator_coverage"].map(of)
        };
        let [towns, before, _] = covered();
        let new = json!({"kind": "village", "name": "测试村人民调解委员会", "term_from": today().to_string(),
            "division": "620201100201"});
        let made = admin.call("POST", "/api/v1/committees", &new).is(201).json();
        assert_eq!(covered()[1], before, "a committee without anybody in it covers nothing");
        let join = json!({"action": "join", "version": made["version"], "name": "白玉兰", "duty": "mediator", "worker": last});
        admin.call("POST", &format!("/api/v1/committees/{}/actions", made["id"].as_str().unwrap()), &join).is(200);
        let after = before.unwrap() + 1.0;
        assert_eq!((covered()[0], covered()[1]), (towns, Some(after)));
        assert_eq!(covered()[2].map(f64::round), Some((after * 100.0 / towns.unwrap()).round()));
        let case = open(&clerk, json!({}));
        step(&clerk, &case, "accept", json!({"committee": "测试村人民调解委员会"})).is(200);
        let form = clerk.get(&format!("/desk/mediation/{}/steps/appoint", case["id"].as_str().unwrap())).is(200);
        let body = form.body();
        assert!(body.contains("<datalist id=\"committee-list\"><option value=\""), "{body}");
        assert!(body.contains("（本调委会）"), "{}", form.text());
        let first = body.split("<select id=\"worker\"").nth(1).unwrap().split("value=\"").nth(2).unwrap();
        assert!(first.starts_with(last.as_str()), "who mediates for it stands first: {first:.80}");

        let at = format!("/desk/committees/{}", made["id"].as_str().unwrap());
        let shown = admin.get(&at).is(200);
        admin.fill(&shown, "/actions", &[("act", "promote")]).is(422);
        let act = |page: &crate::town::Answer, act: &str| {
            let form = page.forms().into_iter().find(|form| form.fields.iter().any(|(_, value)| value == act));
            let form = form.unwrap_or_else(|| panic!("no {act}: {}", page.text()));
            let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            admin.post(&form.action, &fields).is(200)
        };
        let gone = act(&shown, "dissolve");
        assert!(gone.text().contains("已经撤销"), "{}", gone.text());
        assert!(!act(&gone, "restore").text().contains("已经撤销"));
    }
}
