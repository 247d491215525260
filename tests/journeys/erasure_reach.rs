//! How far a restriction reaches: what bears the person's number or telephone, who only used to belong to the household,
//! calls, rosters that are taken back.

use serde_json::{Value, json};

use super::erasure::Home;
use super::uploads::send;
use crate::town::county::{self, COUNTY, household_roster, token};
use crate::town::rosters::id_number;
use crate::town::{Client, on_both};

const HOMES: &str = "/api/v1/households";
const ALL: &str = "/api/v1/restrictions";
const AID: &str = "/api/v1/legal-aid-applications";
const MEDIATION: &str = "/api/v1/mediation-cases";

fn step(client: &Client, path: &str, action: &str) {
    let version = client.get(path).is(200).json()["version"].clone();
    client.call("POST", &format!("{path}/actions"), &json!({"action": action, "version": version})).is(200);
}

impl Home {
    /// A case that was brought before anybody knew of a household, as a guest's is.
    fn guest(&self, path: &str, form: &Value) -> (String, Value) {
        let case = self.clerk.call("POST", path, form).is(201).json();
        let id = case["id"].as_str().unwrap();
        self.town.sql("UPDATE casefile SET household_id = NULL").unwrap();
        (format!("{path}/{id}"), case["number"].clone())
    }

    fn years(&self) {
        let version = self.admin.get("/api/v1/settings").is(200).json()["version"].clone();
        let none = json!({"household": 0, "consultation": 0, "aid": 0, "mediation": 0, "workflow": 0});
        let set = json!({"action": "retention", "version": version, "retention": none});
        self.admin.call("POST", "/api/v1/settings/actions", &set).is(200);
    }

    fn second(&self) -> Client {
        let words =
            ["user", "add", "second", "--role", "county_admin", "--place", COUNTY, "--password-stdin"];
        self.town.falin_typing(&words, county::PASSWORD).ok();
        self.town.visitor().with_token(&token(&self.town, "second"))
    }
}

on_both! {
    fn what_bears_the_persons_number_comes_along_and_stops_it_while_it_is_open(backend) {
        let home = Home::new(backend);
        let (clerk, admin) = (&home.clerk, &home.admin);
        let form = json!({"applicant": "张建国", "facts": "欠薪", "matter": "wages", "place": "620201100201", "id_number": home.card});
        let (aid, number) = home.guest(AID, &form);
        let against = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours", "place": "620201100201", "parties": [
            {"name": "马建军", "side": "applicant"}, {"name": "张建国", "side": "respondent", "id_number": home.card}]});
        let (mediation, _) = home.guest(MEDIATION, &against);
        let new = json!({"household": home.id, "reason": "本人来函请求", "reference": "来函3号"});
        let said = admin.call("POST", ALL, &new).refused(409, "household.in_use").json();
        assert!(said["title"].as_str().unwrap().contains("2 件"), "{said}");
        let photo = [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 64], &[0xff, 0xd9]].concat();
        send(clerk, &format!("{aid}/files"), &[], "工资条.jpg", &photo).is(201);
        step(clerk, &aid, "withdraw");
        let said = admin.call("POST", ALL, &new).refused(409, "household.in_use").json();
        assert!(said["title"].as_str().unwrap().contains("1 件"), "{said}");
        step(clerk, &mediation, "withdraw");

        // A guest who left a telephone and no number: whoever decides is shown the case, and it stays as it is.
        let asked = json!({"question": "老板欠薪", "asker": "张建国", "phone": "13800000000", "channel": "phone", "matter": "wages",
            "place": "620201100201"});
        let (_, question) = home.guest("/api/v1/consultations", &asked);
        let wish = home.restricted();
        assert_eq!((&wish["cases"][0]["number"], &wish["by_phone"][0]["number"]), (&number, &question), "{wish}");
        let page = admin.get(&format!("/desk/restrictions/{}", wish["id"].as_str().unwrap())).is(200).text();
        assert!(page.contains(question.as_str().unwrap()) && page.contains("留了同一电话"), "{page}");
        clerk.get(&aid).refused(403, "case.restricted");
        clerk.get(&mediation).is(200);
        let stored = home.act(admin, &wish, json!({"action": "open", "for": "person"})).is(200).json();
        assert_eq!(stored["stored"]["cases"][0]["number"], number);
        let opened = admin.get(&format!("/desk/restrictions/{}", wish["id"].as_str().unwrap())).is(200);
        let words = admin.fill(&opened, "/open", &[("for", "person")]).is(200).text();
        assert!(words.contains("欠薪") && !words.contains("wages"), "{words}");
        // A court gets the papers and files as well, in one archive, and the journal has that too.
        let path = format!("{ALL}/{}/archive", wish["id"].as_str().unwrap());
        admin.call("POST", &path, &json!({"for": "whim"})).refused(422, "form.invalid");
        let both = [
            ("household.json", admin.call("POST", &path, &json!({"for": "authority"})).is(200)),
            ("住户.xlsx", admin.fill(&opened, "/open", &[("for", "authority"), ("files", "true")]).is(200)),
        ];
        for (sheet, archive) in &both {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&archive.bytes)).unwrap();
            let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
            assert!(names.contains(&(*sheet).to_owned()), "{names:?}");
            let file = names.iter().find(|name| name.ends_with("工资条.jpg")).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut zip.by_name(file).unwrap(), &mut bytes).unwrap();
            assert!(bytes == photo, "{file}");
        }
        assert_eq!(home.town.number("SELECT count(*) FROM journal_entry WHERE event = 'household.revealed'"), 4);
        home.act(admin, &wish, json!({"action": "lift", "reason": "本人来函恢复", "reference": "来函5号"})).is(200);
        clerk.get(&aid).is(200);
        let named = clerk.get(&format!("{AID}?q=zhangjianguo")).is(200).json();
        assert_eq!(named["items"].as_array().unwrap().len(), 1);
    }

    fn who_has_left_the_household_is_not_restricted_with_it(backend) {
        let home = Home::new(backend);
        let (clerk, number) = (&home.clerk, id_number("620201", "19850312", 2));
        let acts = format!("{HOMES}/{}/actions", home.id);
        let version = || clerk.get(&format!("{HOMES}/{}", home.id)).is(200).json()["version"].clone();
        let add = json!({"action": "add_member", "version": version(), "name": "张小燕", "relation": "child",
            "id_number": number, "from": "2020-01-02"});
        let with = clerk.call("POST", &acts, &add).is(200).json();
        let leave = json!({"action": "end_member", "version": version(), "member": with["members"][0]["id"], "on": "2026-02-01"});
        clerk.call("POST", &acts, &leave).is(200);
        let hers = json!({"village": "620201101202", "head_name": "张小燕", "id_number": number});
        let hers = clerk.call("POST", HOMES, &hers).is(201).json();
        home.restricted();
        let change = json!({"action": "change", "version": hers["version"], "id_number": number, "note": "白天在家"});
        clerk.call("POST", &format!("{HOMES}/{}/actions", hers["id"].as_str().unwrap()), &change).is(200);
    }

    fn its_people_are_told_and_no_call_about_it_is_listed(backend) {
        let home = Home::new(backend);
        let case = home.closed_case();
        let calls = |done: &str| home.clerk.get(&format!("/api/v1/calls?limit=50&done={done}")).is(200).json().to_string();
        assert!(calls("false").contains("张建国") || calls("true").contains("张建国"), "a call tells the answer: {case}");
        home.restricted();
        assert!(!calls("false").contains("张建国") && !calls("true").contains("张建国"));
        assert_eq!(home.town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-erasure-restricted'"), 1);
    }

    fn a_roster_that_changed_what_is_destroyed_is_not_taken_back(backend) {
        let home = Home::new(backend);
        let mut row = county::household(("新城镇", "横沟村"), 0, "");
        row[4] = "13900000000".into();
        let roster = home.town.file("changed.xlsx", &household_roster(&[row]));
        let done = home.town.falin(&["import", "households", &roster, "--place", COUNTY, "--json"]).ok().json();
        assert_eq!(done["changed"], 1, "{done}");
        home.years();
        let wish = home.restricted();
        home.act(&home.admin, &wish, json!({"action": "propose"})).is(200);
        home.act(&home.second(), &wish, json!({"action": "approve"})).is(200);
        let undo = ["import", "undo", "--place", COUNTY, done["batch"].as_str().unwrap(), "--json"];
        let refused = home.town.falin(&undo).ended(1);
        assert!(format!("{}{}", refused.stdout, refused.stderr).contains("import.used"), "{}{}", refused.stdout, refused.stderr);
    }
}
