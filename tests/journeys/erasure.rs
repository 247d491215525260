//! A person's wish to be forgotten: asked at the own page, restricted, in no list, search, import or plan any more,
//! taken back; and destroyed by two people when nothing must be kept.

use serde_json::{Value, json};

use crate::town::county::{COUNTY, HOUSEHOLDS, household_roster, token};
use crate::town::rosters::id_number;
use crate::town::{Client, Town, county, on_both};

const HOMES: &str = "/api/v1/households";
const ASK: &str = "/api/v1/consultations";
const ALL: &str = "/api/v1/restrictions";
const OWN: &str = "/api/v1/me/erasure";
const VILLAGE: &str = "620201100201";
const HERE: &str = "village=620201100201&q=zhangjianguo";

/// The prepared household of 张建国, whose account is opened at the window.
pub struct Home {
    pub town: Town,
    pub clerk: Client,
    pub admin: Client,
    pub id: String,
    pub card: String,
}

impl Home {
    pub fn new(backend: crate::town::Backend) -> Self {
        let town = Town::prepared(backend);
        town.falin(&["pair", "commit", &plan(&town)]).ok();
        let mut town = town;
        town.serve();
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let found = clerk.get(&format!("{HOMES}?{HERE}")).is(200).json();
        let id = found["items"][0]["id"].as_str().unwrap().to_owned();
        let card = id_number("620201", "19500115", 0);
        clerk.call("POST", &format!("{HOMES}/{id}/account"), &json!({"id_number": card})).is(201);
        Self { town, clerk, admin, id, card }
    }

    /// The resident as a program, with a new token.
    pub fn resident(&self) -> Client {
        self.town.visitor().with_token(&token(&self.town, "zhangjianguo"))
    }

    pub fn asked(&self) -> Value {
        self.resident().call("POST", &format!("{OWN}/actions"), &json!({"action": "ask"})).is(200);
        self.admin.get(&format!("{ALL}?state=asked")).is(200).json()["items"][0].clone()
    }

    /// A consultation about the household, answered and closed.
    pub fn closed_case(&self) -> Value {
        let case = self.open_case();
        self.close(&case);
        case
    }

    fn open_case(&self) -> Value {
        let asked = json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": "13800000000",
            "channel": "phone", "matter": "wages", "place": VILLAGE, "household_id": self.id});
        self.clerk.call("POST", ASK, &asked).is(201).json()
    }

    fn close(&self, case: &Value) {
        let (lawyer, path) = (self.town.program("lawyer"), format!("{ASK}/{}", case["id"].as_str().unwrap()));
        for mut step in [
            json!({"action": "answer", "answer": "去投诉", "outcome": "answered"}),
            json!({"action": "close"}),
        ] {
            step["version"] = lawyer.get(&path).is(200).json()["version"].clone();
            lawyer.call("POST", &format!("{path}/actions"), &step).is(200);
        }
    }

    pub fn act(&self, client: &Client, wish: &Value, mut act: Value) -> crate::town::Answer {
        let path = format!("{ALL}/{}", wish["id"].as_str().unwrap());
        act["version"] = self.admin.get(&path).is(200).json()["version"].clone();
        client.call("POST", &format!("{path}/actions"), &act)
    }

    pub fn restricted(&self) -> Value {
        let new = json!({"household": self.id, "reason": "本人来函请求", "reference": "来函3号"});
        self.admin.call("POST", ALL, &new).is(201).json()
    }

    pub fn homes(&self, query: &str) -> usize {
        let found = self.clerk.get(&format!("{HOMES}?limit=200&{query}")).is(200).json();
        found["items"].as_array().unwrap().len()
    }

    /// The county's figures, as they count households and consultations.
    fn figures(&self) -> Vec<Value> {
        let all = self.admin.get("/api/v1/statistics").is(200).json();
        let wanted = |one: &&Value| one["code"] == "rural_households" || one["code"] == "consultations";
        all["figures"].as_array().unwrap().iter().filter(wanted).cloned().collect()
    }
}

fn plan(town: &Town) -> String {
    let plan = town.falin(&["pair", "plan", "--place", COUNTY, "--json"]).ok().json();
    plan["plan"].as_str().unwrap().to_owned()
}

on_both! {
    fn a_restricted_household_is_only_stored_and_comes_back_when_its_people_wish(backend) {
        let home = Home::new(backend);
        let (clerk, admin, lawyer) = (&home.clerk, &home.admin, home.town.program("lawyer"));
        let case = home.open_case();
        let path = format!("{ASK}/{}", case["id"].as_str().unwrap());
        let planned = json!({"household_id": home.id, "purpose": "round"});
        let visit = lawyer.call("POST", "/api/v1/visits", &planned).is(201).json()["visit"]["id"].clone();
        let before = home.figures();
        let wish = home.asked();
        let again = json!({"action": "ask"});
        home.resident().call("POST", &format!("{OWN}/actions"), &again).refused(409, "restriction.open");
        assert_eq!((wish["state"].as_str(), wish["from_own_page"].as_bool()), (Some("asked"), Some(true)), "{wish}");
        assert_eq!(home.town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-erasure-asked'"), 1);
        clerk.get(ALL).refused(403, "access.denied");

        let act = json!({"action": "restrict", "reason": "依法停用"});
        let said = home.act(admin, &wish, act.clone()).refused(409, "household.in_use").json();
        assert!(said["title"].as_str().unwrap().contains("1 件"), "{said}");
        home.close(&case);
        home.act(admin, &wish, json!({"action": "restrict"})).refused(422, "form.invalid");
        let on = home.town.number("SELECT count(*) FROM pairing WHERE to_date IS NULL");
        let done = home.act(admin, &wish, act).is(200).json();
        assert_eq!((done["state"].as_str(), done["cases"][0]["number"].clone()), (Some("restricted"), case["number"].clone()));
        assert!(done["due_on"].as_str().unwrap() > "2027", "{done}");
        assert_eq!(home.town.number("SELECT count(*) FROM pairing WHERE to_date IS NULL"), on - 1);

        // In no list, search or export; neither it nor its case is opened.
        clerk.get(&format!("{HOMES}/{}", home.id)).refused(404, "not_found");
        lawyer.get(&format!("{HOMES}/{}", home.id)).refused(404, "not_found");
        assert_eq!((home.homes(""), home.homes(HERE)), (HOUSEHOLDS.0 + HOUSEHOLDS.1 - 1, 0));
        let by_number = clerk.call("POST", &format!("{HOMES}/search"), &json!({"id_number": home.card})).is(200).json();
        assert_eq!(by_number["items"], json!([]));
        let file = home.town.data().join("out.csv");
        home.town.falin(&["export", "households", "--format", "csv", "--out", file.to_str().unwrap()]).ok();
        assert!(!std::fs::read_to_string(&file).unwrap().contains(&home.card));
        lawyer.get(&format!("/api/v1/visits/{}", visit.as_str().unwrap())).refused(409, "household.restricted");
        assert_eq!(home.town.number("SELECT count(*) FROM visit WHERE state = 'planned'"), 0, "nobody calls there");
        for client in [clerk, &lawyer, admin] {
            client.get(&path).refused(403, "case.restricted");
            assert_eq!(client.get(&format!("{ASK}?q=zhangjianguo")).is(200).json()["items"], json!([]));
        }
        assert_eq!(clerk.get(&format!("/desk/consultations/{}", case["id"].as_str().unwrap())).status, 403);
        assert_eq!(home.figures(), before, "figures go on counting");
        let next = home.town.falin(&["pair", "plan", "--place", COUNTY, "--json"]).ok().json();
        assert_eq!(next["placed"], HOUSEHOLDS.0 + HOUSEHOLDS.1 - 1);

        // Nothing brings it back behind the county's back.
        let same = json!({"village": VILLAGE, "head_name": "张建国", "id_number": home.card});
        clerk.call("POST", HOMES, &same).refused(409, "household.restricted");
        // Nor without the number: it is known by its village, name and telephone; a namesake with a number of his own is not it.
        let nameless = json!({"village": VILLAGE, "head_name": "张 建国", "phones": ["13800000000"]});
        clerk.call("POST", HOMES, &nameless).refused(409, "household.restricted");
        clerk.call("POST", HOMES, &json!({"village": VILLAGE, "head_name": "张建国"})).refused(409, "household.restricted");
        let mut row = county::household(("新城镇", "横沟村"), 0, "");
        row[3] = "".into();
        let roster = home.town.file("nameless.xlsx", &household_roster(&[row]));
        let words = ["import", "households", &roster, "--place", COUNTY, "--dry-run", "--json"];
        let told = home.town.falin(&words).ended(1).json();
        assert_eq!((&told["accepted"], &told["findings"][0]["code"]), (&json!(0), &json!("id.restricted")), "{told}");
        let namesake = json!({"village": VILLAGE, "head_name": "张建国", "id_number": id_number("620201", "19700315", 0)});
        let namesake = clerk.call("POST", HOMES, &namesake).is(201).json()["id"].clone();
        let left = json!({"action": "leave", "version": 1});
        clerk.call("POST", &format!("{HOMES}/{}/actions", namesake.as_str().unwrap()), &left).is(200);
        let rows = vec![county::household(("新城镇", "横沟村"), 0, "")];
        let roster = home.town.file("again.xlsx", &household_roster(&rows));
        let words = ["import", "households", &roster, "--place", COUNTY, "--dry-run", "--json"];
        let told = home.town.falin(&words).ended(1).json();
        assert_eq!((&told["accepted"], &told["findings"][0]["code"]), (&json!(0), &json!("id.restricted")), "{told}");
        for wrong in [
            "INSERT INTO pairing (county_id, id, household_id, kind, worker_id, from_date, created_ms)
                SELECT county_id, batch_id, id, 'primary', batch_id, '2026-01-01', 1 FROM household WHERE restricted_ms IS NOT NULL",
            "UPDATE casefile SET state = 'open', closed_ms = NULL, next_role = 'lawyer' WHERE restricted_ms IS NOT NULL",
            "DELETE FROM restriction",
        ] {
            assert!(home.town.sql(wrong).is_err(), "{wrong}");
        }

        // Its people see that it is so, until when, and nothing else.
        let own = home.resident();
        let seen = own.get(OWN).is(200).json();
        assert_eq!((&seen["state"], &seen["due_on"], &seen["reason"]), (&json!("restricted"), &done["due_on"], &json!("依法停用")));
        let data = own.get("/api/v1/me/data").is(200).json();
        assert_eq!((&data["household"], &data["cases"]), (&Value::Null, &json!([])));
        let asked = json!({"question": "还能问吗", "asker": "张建国", "phone": "13800000000", "channel": "online", "matter": "wages"});
        own.call("POST", ASK, &asked).refused(409, "household.restricted");
        let lift = json!({"action": "ask_lift"});
        own.call("POST", &format!("{OWN}/actions"), &lift).is(200);
        own.call("POST", &format!("{OWN}/actions"), &lift).refused(422, "action.not_allowed");

        // Opened once, with a reason, and the journal has it.
        home.act(admin, &wish, json!({"action": "open"})).refused(422, "form.invalid");
        let stored = home.act(admin, &wish, json!({"action": "open", "for": "authority"})).is(200).json()["stored"].clone();
        assert_eq!((&stored["head_name"], &stored["id_number"]), (&json!("张建国"), &json!(home.card)));
        assert_eq!(stored["cases"][0]["values"]["question"], "老板欠我三个月工资");
        assert_eq!(home.town.number("SELECT count(*) FROM journal_entry WHERE event = 'household.revealed'"), 1);

        home.act(admin, &wish, json!({"action": "lift", "reason": "本人请求恢复"})).is(200);
        clerk.get(&format!("{HOMES}/{}", home.id)).is(200);
        clerk.get(&path).is(200);
        assert_eq!(home.homes(HERE), 2, "with the namesake, who has left");
        assert_eq!(clerk.get(&format!("{ASK}?q=zhangjianguo")).is(200).json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(own.get(OWN).is(200).json()["state"], "lifted");
        home.town.falin(&["audit", "verify"]).ok();
    }

    fn what_is_due_is_destroyed_by_two_people_and_for_good(backend) {
        let home = Home::new(backend);
        let (admin, town) = (&home.admin, &home.town);
        let case = home.closed_case();
        let wish = home.restricted();
        admin.call("POST", ALL, &json!({"household": home.id, "reason": "再来", "reference": "4号"})).refused(409, "restriction.open");
        home.act(admin, &wish, json!({"action": "propose"})).refused(409, "restriction.not_due");
        let version = admin.get("/api/v1/settings").is(200).json()["version"].clone();
        let years = json!({"action": "retention", "version": version, "retention": {"household": 0, "consultation": 0}});
        let set = admin.call("POST", "/api/v1/settings/actions", &years).is(200).json();
        assert_eq!((&set["retention"]["consultation"], &set["retention"]["aid"]), (&json!(0), &json!(10)));
        // One hand alone makes nothing due that is stored already: shorter years hold for what is restricted from now on.
        home.act(admin, &wish, json!({"action": "propose"})).refused(409, "restriction.not_due");
        let lift = json!({"action": "lift", "reason": "重新登记"});
        home.act(admin, &wish, lift.clone()).refused(422, "form.invalid");
        let mut asked = lift;
        asked["reference"] = json!("来函4号");
        home.act(admin, &wish, asked).is(200);
        let wish = home.restricted();
        assert_eq!(admin.get(&format!("{ALL}?due=true")).is(200).json()["items"][0]["id"], wish["id"]);
        let doctor: Value = serde_json::from_str(&town.falin(&["doctor", "--json"]).stdout).unwrap();
        let check = doctor["checks"].as_array().unwrap().iter().find(|one| one["name"] == "destructions").unwrap();
        assert_eq!((&check["health"], &check["detail"]), (&json!("amber"), &json!("1")), "{check}");
        let before = home.figures();

        // By one account proposed, by another approved; the database holds to it as well.
        home.act(admin, &wish, json!({"action": "approve"})).refused(422, "action.not_allowed");
        home.act(admin, &wish, json!({"action": "propose"})).is(200);
        home.act(admin, &wish, json!({"action": "approve"})).refused(409, "restriction.four_eyes");
        let alone = "UPDATE restriction SET state = 'destroyed', approved_by = proposed_by, ended_ms = 1";
        assert!(town.sql(alone).is_err());
        assert_eq!(town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-erasure-proposed'"), 1);
        home.act(&home.clerk, &wish, json!({"action": "approve"})).refused(404, "not_found");
        town.falin_typing(
            &["user", "add", "second", "--role", "county_admin", "--place", COUNTY, "--password-stdin"], county::PASSWORD,
        ).ok();
        let second = town.visitor().with_token(&token(town, "second"));
        let done = home.act(&second, &wish, json!({"action": "approve"})).is(200).json();
        assert_eq!((&done["state"], &done["head"]), (&json!("destroyed"), &json!("")), "{done}");

        // What was done goes on counting; the household is there no longer, so that whoever comes again counts once.
        let after = home.figures();
        let count = |all: &[Value], code: &str| all.iter().find(|one| one["code"] == code).unwrap()["value"].as_i64().unwrap();
        assert_eq!(count(&after, "consultations"), count(&before, "consultations"));
        assert_eq!(count(&after, "rural_households"), count(&before, "rural_households") - 1);
        let none = |sql: &str| assert_eq!(town.number(sql), 0, "{sql}");
        none("SELECT count(*) FROM household WHERE restricted_ms IS NOT NULL AND (head_name <> '' OR id_sealed IS NOT NULL
            OR id_index IS NOT NULL OR phones_sealed IS NOT NULL OR address_sealed IS NOT NULL)");
        none("SELECT count(*) FROM casefile WHERE restricted_ms IS NOT NULL AND (person_name <> '' OR phone_index IS NOT NULL
            OR resident_id IS NOT NULL)");
        none("SELECT count(*) FROM casefile_step s WHERE s.fields_sealed IS NOT NULL AND s.case_id IN
            (SELECT id FROM casefile WHERE restricted_ms IS NOT NULL)");
        none("SELECT count(*) FROM household_phone p JOIN household h ON h.id = p.household_id WHERE h.restricted_ms IS NOT NULL");
        none("SELECT count(*) FROM account WHERE display_name = '张建国' OR username = 'zhangjianguo'");
        none("SELECT count(*) FROM resident_home");
        assert_eq!(town.number("SELECT count(*) FROM casefile WHERE restricted_ms IS NOT NULL AND state = 'closed'"), 1);
        home.clerk.get(&format!("{ASK}/{}", case["id"].as_str().unwrap())).refused(403, "case.restricted");
        home.act(admin, &wish, json!({"action": "open", "for": "person"})).refused(422, "action.not_allowed");
        home.act(admin, &wish, json!({"action": "lift", "reason": "后悔了"})).refused(422, "action.not_allowed");
        assert!(town.sql("UPDATE restriction SET state = 'restricted', ended_ms = NULL").is_err(), "for good");
        // What is left still opens with the key and its successor, the journal is whole, and the person may come again.
        town.falin(&["key", "rotate"]).ok();
        town.falin(&["audit", "verify"]).ok();
        let new = json!({"village": VILLAGE, "head_name": "张建国", "id_number": home.card});
        home.clerk.call("POST", HOMES, &new).is(201);
    }

    fn the_pages_ask_answer_and_say_where_it_stands_in_both_languages(backend) {
        let home = Home::new(backend);
        let (own, admin) = (home.resident(), &home.admin);
        let page = own.get("/my").is(200);
        let page = own.fill(&page, "/my/erasure", &[("action", "ask")]).is(200);
        assert!(page.text().contains("已经请求删除"), "{}", page.text());
        assert!(page.forms().iter().all(|form| !form.action.contains("erasure")));
        let list = admin.get("/desk/restrictions").is(200);
        assert!(list.text().contains("张*") && list.text().contains("等答复") && !list.text().contains("张建国"), "{}", list.text());
        let href = format!("/desk/restrictions/{}", admin.get(ALL).is(200).json()["items"][0]["id"].as_str().unwrap());
        let form = admin.get(&href).is(200);
        assert!(form.text().contains("张* 户主"), "{}", form.text());
        let refused = admin.fill(&form, &href, &[("action", "refuse"), ("reason", "")]).is(422);
        assert!(refused.text().contains("理由"), "{}", refused.text());
        admin.fill(&form, &href, &[("action", "refuse"), ("reason", "案卷依法还要用")]).is(200);
        let page = own.get("/my").is(200);
        assert!(page.text().contains("没有同意") && page.text().contains("案卷依法还要用"), "{}", page.text());
        assert!(page.text().contains("第五十条") && own.get("/desk/inbox").is(200).text().contains("删除请求有答复了"));

        let years = admin.get("/desk/restrictions/years").is(200);
        admin.fill(&years, "/years", &[("household", "999")]).is(422);
        admin.fill(&years, "/years", &[("household", "0"), ("consultation", "1")]).is(200);

        let form = admin.get(&format!("{HOMES}/{}", home.id).replace("/api/v1", "/desk")).is(200);
        assert!(form.body().contains("/restriction\""), "the household's page leads there");
        let path = format!("/desk/households/{}/restriction", home.id);
        let form = admin.get(&path).is(200);
        let typed = [("reference", "来函5号"), ("reason", "本人又来函")];
        let done = admin.fill(&form, "/restriction", &typed).is(200);
        assert!(done.text().contains("停用保存") && done.text().contains("来函5号"), "{}", done.text());
        let href = done.path.clone();
        admin.fill(&done, "/open", &[]).is(422);
        let opened = admin.fill(&done, "/open", &[("for", "person")]).is(200);
        assert!(opened.text().contains(&home.card), "{}", opened.text());
        assert!(!admin.get(&href).is(200).text().contains(&home.card));

        let own = home.resident();
        let page = own.get("/my").is(200);
        assert!(page.text().contains("已经停用") && !page.text().contains("您家登记的信息"), "{}", page.text());
        let english = home.resident().in_english().get("/my").is(200).text();
        assert!(english.contains("restricted: stored, and not used"), "{english}");
        own.fill(&page, "/my/erasure", &[("action", "ask_lift")]).is(200);
        let english = home.town.program("county_admin").in_english().get(&href).is(200).text();
        assert!(english.contains("The household asks to lift it") && english.contains("Lift the restriction"), "{english}");

        let due = admin.get("/desk/restrictions?state=due").is(200).text();
        assert!(due.contains("到期可以销毁") && due.contains("横沟村"), "{due}");
        let shown = admin.get(&href).is(200).text();
        assert!(shown.contains("找不回来") && shown.contains("备份"), "{shown}");
        let out = home.town.falin(&["household", "due", "--place", COUNTY, "--json"]).ok().json();
        assert_eq!((&out["items"][0]["state"], &out["items"][0]["head"]), (&json!("restricted"), &json!("张*")), "{out}");
    }
}
