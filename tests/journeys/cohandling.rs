//! What a case needs of others: units that help and their conference, who stands in for whom, who answers for it.

use serde_json::{Value, json};

use super::duties::today;
use crate::town::county::COUNTY;
use crate::town::{Answer, Backend, Client, Town, on_both};

const ASK: &str = "/api/v1/consultations";
/// The village of the lawyer who has an account.
const VILLAGE: &str = "620201100201";

/// A county with two lawyers who have accounts.
pub struct Office {
    pub town: Town,
    pub clerk: Client,
    pub lawyer: Client,
    /// A second lawyer with an account.
    pub second: Client,
    /// Ids of both workers.
    pub ids: [String; 2],
}

impl Office {
    pub fn new(backend: Backend) -> Self {
        let mut town = Town::prepared(backend);
        town.falin(&["user", "add", "second", "--role", "lawyer", "--place", COUNTY]).ok();
        let her = "SELECT id FROM worker ORDER BY licence LIMIT 1 OFFSET 1";
        town.sql(&format!("UPDATE account SET worker_id = ({her}) WHERE username = 'second'")).unwrap();
        town.serve();
        let admin = town.program("county_admin");
        let found = admin.get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut all = found["items"].as_array().unwrap().clone();
        all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        let id = |at: usize| all[at]["id"].as_str().unwrap().to_owned();
        let (clerk, lawyer, second) = (town.program("clerk"), town.program("lawyer"), town.program("second"));
        Self { clerk, lawyer, second, ids: [id(0), id(1)], town }
    }

    pub fn question(&self, more: Value) -> Value {
        let mut form = json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": "13912345678",
            "channel": "phone", "matter": "wages", "place": VILLAGE});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.clerk.call("POST", ASK, &form).is(201).json()
    }

    pub fn now(&self, case: &Value) -> Value {
        self.clerk.get(&path(case)).is(200).json()
    }

    pub fn act(&self, client: &Client, case: &Value, action: &str, mut fields: Value) -> Answer {
        fields["action"] = json!(action);
        fields["version"] = self.now(case)["version"].clone();
        client.call("POST", &format!("{}/actions", path(case)), &fields)
    }

    fn stand_in(&self, from: i64, to: i64) -> Answer {
        let day = |n: i64| today().plus_days(n).to_string();
        let body = json!({"worker": self.ids[0], "deputy": self.ids[1], "from": day(from), "to": day(to)});
        self.town.program("county_admin").call("POST", "/api/v1/deputies", &body)
    }
}

pub fn path(case: &Value) -> String {
    format!("{ASK}/{}", case["id"].as_str().unwrap())
}

fn actions(case: &Value) -> Vec<&str> {
    case["allowed_actions"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect()
}

fn mine(client: &Client) -> usize {
    client.get(&format!("{ASK}?queue=mine&open=true")).is(200).json()["items"].as_array().unwrap().len()
}

fn told(client: &Client, kind: &str) -> usize {
    let all = client.get("/api/v1/notices?limit=100").is(200).json();
    all["items"].as_array().unwrap().iter().filter(|one| one["kind"] == kind).count()
}

on_both! {
    fn a_unit_helps_answers_and_meets_the_others(backend) {
        let office = Office::new(backend);
        let (lawyer, second, clerk) = (&office.lawyer, &office.second, &office.clerk);
        let case = office.question(json!({}));
        second.get(&path(&case)).refused(404, "not_found");
        let task = json!({"co_unit": "人力资源和社会保障局", "co_task": "查一下用工备案", "co_worker": office.ids[1],
            "co_due": today().plus_days(3)});
        let asked = office.act(lawyer, &case, "co_ask", task).is(200).json();
        let unit = asked["units"][0].clone();
        assert_eq!((&unit["state"], &unit["unit"]), (&json!("waiting"), &json!("人力资源和社会保障局")), "{asked}");
        assert_eq!(asked["fields"].get("co_task"), None, "what a step asks for alone is no fact of the case");
        assert_eq!(told(second, "notice-case-unit-asked"), 1);
        // Its person will be reminded the day before, who leads the case told the day after; nobody once it has answered.
        let waits = "SELECT count(*) FROM inbox WHERE kind IN ('notice-case-unit-reminder', 'notice-case-unit-late')";
        assert_eq!((office.town.number(waits), told(second, "notice-case-unit-reminder")), (2, 0));

        // Whoever helps sees the case, has it among the own, and has one thing to do: to answer.
        let seen = second.get(&path(&case)).is(200).json();
        assert_eq!(actions(&seen), ["co_answer"], "{seen}");
        assert_eq!(mine(second), 1);
        office.act(second, &case, "answer", json!({"answer": "去投诉", "outcome": "answered"}))
            .refused(422, "action.not_allowed");
        let wrong = office.act(second, &case, "co_answer", json!({"co_which": 99, "co_answer": "有备案"}));
        assert_eq!(wrong.refused(422, "form.invalid").json()["fields"][0]["name"], "co_which");
        let answer = json!({"co_which": unit["n"], "co_answer": "有备案，单位是建筑公司"});
        let answered = office.act(second, &case, "co_answer", answer.clone()).is(200).json();
        assert_eq!((&answered["units"][0]["state"], &answered["units"][0]["answer"]),
            (&json!("answered"), &json!("有备案，单位是建筑公司")));
        office.act(second, &case, "co_answer", answer).refused(422, "action.not_allowed");
        assert_eq!((mine(second), told(lawyer, "notice-case-unit-answered")), (0, 1));
        assert_eq!(office.town.number(waits), 0);

        // A unit without anybody here: its answer is written down, or it is let go.
        let outside = json!({"co_unit": "派出所", "co_task": "了解当天的情况"});
        let asked = office.act(clerk, &case, "co_ask", outside).is(200).json();
        let ended = office.act(clerk, &case, "co_end", json!({"co_which": asked["units"][1]["n"], "co_reason": "已经问到"}));
        assert_eq!(ended.is(200).json()["units"][1]["state"], "ended");

        let at = format!("{}T15:00:00+08:00", today().plus_days(2));
        office.act(lawyer, &case, "convene", json!({"conf_at": at, "conf_place": "二楼会商室", "conf_topic": "怎么追薪"})).is(200);
        assert_eq!((told(second, "notice-case-conference"), told(lawyer, "notice-case-conference")), (1, 1));
        let record = json!({"conf_on": today(), "conf_people": "人社局 王芳\n司法局 李强", "conf_record": "逐项核对欠薪数额",
            "conf_conclusion": "由劳动监察先行责令支付"});
        let met = office.act(lawyer, &case, "confer", record).is(200).json();
        assert!(met["steps"].as_array().unwrap().iter().any(|step| step["fields"]["conf_conclusion"] == "由劳动监察先行责令支付"));
        assert_eq!((&met["state"], met["fields"].get("conf_record")), (&json!("open"), None));

        let id = case["id"].as_str().unwrap();
        for (client, words) in [
            (office.town.program("lawyer"), ["协办单位", "已答复", "会商", "由劳动监察先行责令支付", "首办责任人"]),
            (office.town.program("lawyer").in_english(), ["Units that help", "Answered", "Conferences", "由劳动监察先行责令支付", "First handler"]),
        ] {
            let page = client.get(&format!("/desk/consultations/{id}")).is(200).text();
            for word in words {
                assert!(page.contains(word), "{word}: {page}");
            }
        }
        let paper = lawyer.get(&format!("/desk/papers/new?kind=case-conference&noun=consultation&subject={id}")).is(200);
        assert!(paper.body().contains("逐项核对欠薪数额") && paper.body().contains("人社局 王芳"), "{}", paper.text());
        // At a page as at the door for programs; the unit is chosen from those that wait.
        let page = lawyer.get(&format!("/desk/consultations/{id}/steps/co_ask")).is(200);
        lawyer.fill(&page, "/steps/co_ask", &[("co_unit", "街道办事处"), ("co_task", "协助通知")]).is(200);
        let page = lawyer.get(&format!("/desk/consultations/{id}/steps/co_answer")).is(200);
        assert!(page.text().contains("街道办事处") && !page.text().contains("派出所"), "{}", page.text());
        town_is_sound(&office);
    }

    fn a_deputy_acts_for_who_is_away(backend) {
        let office = Office::new(backend);
        let (lawyer, second, clerk) = (&office.lawyer, &office.second, &office.clerk);
        let admin = office.town.program("county_admin");
        let before = office.question(json!({}));
        second.get(&path(&before)).refused(404, "not_found");
        clerk.call("POST", "/api/v1/deputies", &json!({"worker": office.ids[0], "deputy": office.ids[1],
            "from": today(), "to": today()})).refused(403, "access.denied");
        let named = office.stand_in(0, 9).is(201).json();
        assert_eq!(named["on"], true);
        office.stand_in(5, 20).refused(409, "deputy.overlap");
        office.stand_in(12, 11).refused(422, "form.invalid");
        let selfish = json!({"worker": office.ids[0], "deputy": office.ids[0], "from": "2999-01-01", "to": "2999-01-02"});
        let said = admin.call("POST", "/api/v1/deputies", &selfish).refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["code"], "deputy.self");
        assert_eq!((told(second, "notice-deputy-named"), told(lawyer, "notice-deputy-named")), (1, 1));
        assert_eq!(second.get("/api/v1/deputies").is(200).json()["items"][0]["id"], named["id"]);

        let seen = second.get(&path(&before)).is(200).json();
        assert!(actions(&seen).contains(&"answer"), "{seen}");
        assert_eq!(mine(second), 1);
        let me = second.get("/api/v1/me").is(200).json();
        assert_eq!(seen["next_actor"]["user_id"], me["id"], "{seen} {me}");
        assert_eq!(seen["deputy"]["id"], office.ids[1].as_str());
        let after = office.question(json!({}));
        assert_eq!((told(lawyer, "notice-consultation-new"), told(second, "notice-consultation-new")), (2, 1));

        let done = office.act(second, &before, "answer", json!({"answer": "先去劳动监察投诉", "outcome": "answered"}));
        let done = done.is(200).json();
        let last = done["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["for"], done["worker"]["name"], "{done}");
        assert_eq!(done["worker"]["id"], office.ids[0].as_str(), "it stays the case of who is away");
        assert!(done["answerable"][0]["to"].is_null() && done["answerable"][0]["worker_id"] == office.ids[0].as_str());
        let journal = office.town.program("audit_admin");
        let lines = journal.get(&format!("/api/v1/journal?subject={}", before["id"].as_str().unwrap())).is(200).json();
        assert!(lines.to_string().contains(&format!("\"for\":\"{}\"", office.ids[0])), "{lines}");
        let page = clerk.get(&format!("/desk/consultations/{}", before["id"].as_str().unwrap())).is(200).text();
        assert!(page.contains("（代 "), "{page}");

        // Not where the deputy is on the other side.
        let home = clerk.get("/api/v1/households?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let theirs = office.question(json!({"household_id": home}));
        second.get(&path(&theirs)).is(200);
        let conflict = json!({"worker_id": office.ids[1], "reason": "代理过对方"});
        clerk.call("POST", &format!("/api/v1/households/{home}/conflicts"), &conflict).is(201);
        second.get(&path(&theirs)).refused(404, "not_found");

        let end = |version: i64| {
            let path = format!("/api/v1/deputies/{}/actions", named["id"].as_str().unwrap());
            admin.call("POST", &path, &json!({"action": "end", "version": version}))
        };
        end(7).refused(409, "state.changed");
        end(1).is(200);
        end(2).refused(422, "action.not_allowed");
        second.get(&path(&after)).refused(404, "not_found");
        assert_eq!(mine(second), 0);
        for attack in [
            "UPDATE deputy SET to_date = '2999-01-01'",
            "UPDATE deputy SET ended_ms = NULL",
            "DELETE FROM deputy",
        ] {
            office.town.sql(attack).expect_err(attack);
        }
        town_is_sound(&office);
    }

    fn deputies_are_named_at_a_page_in_both_languages(backend) {
        let office = Office::new(backend);
        let admin = office.town.program("county_admin");
        let day = |n: i64| today().plus_days(n).to_string();
        let page = admin.get("/desk/deputies").is(200);
        let typed = [("worker", office.ids[0].as_str()), ("deputy", office.ids[1].as_str())];
        let refused = admin.fill(&page, "/desk/deputies", &[typed[0], typed[1], ("from", &day(3)), ("to", "")]).is(422);
        assert!(refused.body().contains(&day(3)), "what was typed stays");
        let page = admin.fill(&page, "/desk/deputies", &[typed[0], typed[1], ("from", &day(1)), ("to", &day(3))]).is(200);
        assert!(page.text().contains("还没开始"), "{}", page.text());
        let english = office.town.program("county_admin").in_english().get("/desk/deputies").is(200).text();
        assert!(english.contains("Not begun") && english.contains("Who stands in"), "{english}");
        let clerks = office.clerk.get("/desk/deputies").is(200);
        assert!(clerks.forms().iter().all(|form| !form.action.contains("deputies")));
        admin.fill(&page, "/end", &[]).is(200);
        assert!(admin.get("/desk/deputies").is(200).text().contains("现在没有人代班"));
    }

    fn deputies_are_named_by_a_command_as_well(backend) {
        let office = Office::new(backend);
        let day = |n: i64| today().plus_days(n).to_string();
        let run = |words: &[&str]| office.town.falin(&[&["deputy"], words, &["--place", "620200", "--json"]].concat());
        let [worker, deputy] = [office.ids[0].as_str(), office.ids[1].as_str()];
        run(&["add", worker, worker, "--from", &day(1), "--to", &day(3)]).ended(1);
        run(&["add", worker, "没有这个人", "--from", &day(1), "--to", &day(3)]).ended(1);
        run(&["add", worker, deputy, "--from", "明天", "--to", &day(3)]).ended(2);
        let named = run(&["add", worker, deputy, "--from", &day(1), "--to", &day(3)]).ok().json();
        assert_eq!((&named["deputy"]["id"], &named["on"]), (&json!(deputy), &json!(false)), "{named}");
        let listed = run(&["list"]).ok().json();
        assert_eq!(listed["items"], json!([named]));
        run(&["end", named["id"].as_str().unwrap()]).ok();
        run(&["end", named["id"].as_str().unwrap()]).ended(1);
        assert_eq!(run(&["list"]).ok().json()["items"], json!([]));
    }

    fn the_first_handler_answers_until_another_has_accepted(backend) {
        let office = Office::new(backend);
        let (lawyer, second) = (&office.lawyer, &office.second);
        let case = office.question(json!({}));
        let who = |now: &Value| -> Vec<(String, bool)> {
            let all = now["answerable"].as_array().unwrap();
            all.iter().map(|one| (one["worker_id"].as_str().unwrap_or_default().to_owned(), one["to"].is_null())).collect()
        };
        let [first, other] = office.ids.clone();
        assert_eq!(who(&case), [(first.clone(), true)], "{case}");
        let offer = json!({"worker": other, "reason": "出差", "version": case["version"]});
        lawyer.call("POST", &format!("{}/offers", path(&case)), &offer).is(200);
        assert_eq!(who(&office.now(&case)), [(first.clone(), true)], "an offer passes nothing");
        let declined = |said: Value| second.call("POST", &format!("{}/offers/answer", path(&case)), &said);
        declined(json!({"answer": "decline"})).refused(422, "form.invalid");
        declined(json!({"answer": "decline", "reason": "下周开庭"})).is(200);
        assert_eq!(office.now(&case)["declined"]["reason"], "下周开庭");
        assert_eq!(who(&office.now(&case)), [(first.clone(), true)]);
        let offer = json!({"worker": other, "reason": "出差", "version": office.now(&case)["version"]});
        lawyer.call("POST", &format!("{}/offers", path(&case)), &offer).is(200);
        second.call("POST", &format!("{}/offers/answer", path(&case)), &json!({"answer": "accept"})).is(200);
        assert_eq!(who(&office.now(&case)), [(first.clone(), false), (other.clone(), true)]);

        // Appointing passes nothing either: it passes with the appointed one's first own step.
        let form = json!({"applicant": "马建军", "facts": "邻居占了巷道", "dispute": "neighbours", "place": VILLAGE});
        let mediation = office.clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json();
        let door = format!("/api/v1/mediation-cases/{}", mediation["id"].as_str().unwrap());
        let act = |client: &Client, action: &str, mut fields: Value| {
            fields["action"] = json!(action);
            fields["version"] = office.clerk.get(&door).is(200).json()["version"].clone();
            client.call("POST", &format!("{door}/actions"), &fields).is(200).json()
        };
        act(&office.clerk, "accept", json!({}));
        let begun = act(&office.clerk, "appoint", json!({"worker": first}));
        assert_eq!(begun["answerable"].as_array().unwrap().len(), 1, "the clerk who took it up answers: {begun}");
        assert!(begun["answerable"][0]["worker_id"].is_null());
        let noted = act(lawyer, "note", json!({"note": "已经联系双方"}));
        assert_eq!(who(&noted).last(), Some(&(first.clone(), true)), "{noted}");
        office.town.sql("UPDATE casefile_answerable SET to_ms = NULL").expect_err("two answer for one case");
        town_is_sound(&office);
    }
}

fn town_is_sound(office: &Office) {
    office.town.falin(&["audit", "verify"]).ok();
}
