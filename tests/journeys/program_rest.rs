//! What else a program does that the desk does: sessions, slips, the chain, templates, and pages of a workflow.

use serde_json::{Value, json};

use super::identity::{entered, ready};
use super::plugin_library::{TASKS, town as with_library};
use super::uploads::send;
use crate::town::rosters::id_number;
use crate::town::{Town, on_both};

const VILLAGE: &str = "SELECT code AS t FROM division WHERE name = '横沟村'";

on_both! {
    fn a_security_program_sees_and_ends_sessions(backend) {
        let town = Town::start(backend);
        let secret = ready(&town, "wangfang", "clerk");
        let browser = entered(&town, "wangfang", &secret, 0);
        browser.get("/desk").is(200);
        let security = town.program("security_admin");
        let account = security.get("/api/v1/accounts?q=wangfang").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/accounts/{account}/sessions");
        let sessions = security.get(&path).is(200).json();
        assert_eq!((sessions["items"].as_array().unwrap().len(), &sessions["items"][0]["second_factor"]), (1, &json!(true)));
        let one = format!("{path}/{}/actions", sessions["items"][0]["id"].as_str().unwrap());
        security.call("POST", &one, &json!({"action": "end", "why": "x"})).refused(422, "form.invalid");
        town.program("clerk").call("POST", &one, &json!({"action": "end"})).refused(404, "not_found");
        security.call("POST", &one, &json!({"action": "end"})).is(200);
        // It counts within a second.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert!(browser.get("/me").path.contains("/sign-in"));
        security.call("POST", &one, &json!({"action": "end"})).refused(404, "not_found");
        assert_eq!(security.get(&path).is(200).json()["items"], json!([]));
    }

    fn a_program_sees_what_waits_and_finds_by_name(backend) {
        let town = Town::start(backend);
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let plan = admin.call("POST", "/api/v1/pairing-plans", &json!({})).is(201).json();
        let waits = admin.get("/api/v1/today").is(200).json();
        let county = &waits["county"];
        assert_eq!((&county["drafts"][0]["id"], &county["households"]["with_adviser"]), (&plan["id"], &json!(0)), "{waits}");
        assert!(waits["deadlines"]["open"].is_number() && waits["own"].is_null(), "{waits}");
        let own = lawyer.get("/api/v1/today").is(200).json();
        assert_eq!((&own["county"], &own["own"]["households"]), (&Value::Null, &json!(0)), "{own}");
        town.visitor().get("/api/v1/today").refused(401, "access.unauthenticated");
        let found = admin.get("/api/v1/search?q=qiuwenjing").is(200).json();
        assert_eq!((&found["workers"]["items"][0]["name"], &found["case"]), (&json!("仇文静"), &Value::Null), "{found}");
        let zhang = admin.get("/api/v1/search?q=zhang").is(200).json();
        assert!(!zhang["households"]["items"].as_array().unwrap().is_empty(), "{zhang}");
        assert_eq!(lawyer.get("/api/v1/search?q=zhang").is(200).json()["households"]["items"], json!([]), "nobody is his");
        admin.get("/api/v1/search?q=13800009999").refused(422, "search.digits");
        admin.get("/api/v1/search").refused(422, "form.invalid");
    }

    fn a_clerk_s_program_opens_a_resident_s_account(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let village = town.texts(VILLAGE).pop().unwrap();
        let list = clerk.get(&format!("/api/v1/households?village={village}&q=zhangjianguo")).is(200).json();
        let path = format!("/api/v1/households/{}/account", list["items"][0]["id"].as_str().unwrap());
        let wrong = clerk.call("POST", &path, &json!({"id_number": "11010519491231002X"})).refused(422, "form.invalid");
        assert!(!wrong.body().contains("11010519491231002X"), "{}", wrong.body());
        let number = json!({"id_number": id_number("620201", "19500115", 0)});
        let slip = clerk.call("POST", &path, &number).is(201).json();
        assert_eq!(slip["username"], "zhangjianguo", "{slip}");
        let again = clerk.call("POST", &path, &number).is(201).json();
        assert_eq!((&again["id"], again["code"] == slip["code"]), (&slip["id"], false), "one account, a new slip");
        let nowhere = "/api/v1/households/01890000-0000-7000-8000-000000000000/account";
        clerk.call("POST", nowhere, &json!({})).refused(404, "not_found");
        town.program("lawyer").call("POST", &path, &number).refused(403, "access.denied");
    }

    fn an_auditor_s_program_walks_the_chain(backend) {
        let town = Town::start(backend);
        let auditor = town.program("audit_admin");
        let path = "/api/v1/journal/verification";
        assert_eq!(auditor.get(path).is(200).json()["verified_at"], Value::Null);
        auditor.call("POST", &format!("{path}/actions"), &json!({"action": "mend"})).refused(422, "form.invalid");
        let found = auditor.call("POST", &format!("{path}/actions"), &json!({"action": "verify"})).is(200).json();
        assert!(found["sealed"].as_i64().unwrap() > 0 && found["verified_at"].is_string(), "{found}");
        assert_eq!(found["faults"], json!([]));
        assert_eq!(auditor.get(path).is(200).json()["head"], found["head"]);
        town.program("county_admin").get(path).refused(403, "access.denied");
    }

    fn a_program_brings_a_template_and_takes_it_out_again(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let kind = "/api/v1/paper-kinds/aid-grant";
        let path = format!("{kind}/templates");
        send(&admin, &path, &[], "决定书.docx", b"no docx").refused(422, "form.invalid");
        send(&admin, "/api/v1/paper-kinds/nothing/templates", &[], "决定书.docx", b"x").refused(404, "not_found");
        admin.get(&format!("{kind}/template.docx")).refused(404, "not_found");
        let outline = admin.get("/desk/papers/kinds/aid-grant/outline.docx").is(200).bytes;
        let first = send(&admin, &path, &[], "决定书.docx", &outline).is(201).json();
        let second = send(&admin, &path, &[], "决定书二.docx", &outline).is(201).json();
        let listed = admin.get(&format!("{path}?limit=1")).is(200).json();
        assert_eq!((&listed["items"][0], listed["next_cursor"].is_string()), (&second, true));
        assert_eq!(admin.get(&format!("{kind}/template.docx")).is(200).bytes, outline);
        let revert = |template: &Value| {
            admin.call("POST", &format!("{kind}/actions"), &json!({"action": "revert", "template": template}))
        };
        revert(&first["id"]).refused(409, "state.changed");
        revert(&second["id"]).is(200);
        revert(&second["id"]).refused(422, "action.not_allowed");
        admin.get(&format!("{kind}/template.docx")).refused(404, "not_found");
        let clerk = town.program("clerk");
        assert_eq!(clerk.get(&path).is(200).json()["items"][0]["in_use"], false);
        send(&clerk, &path, &[], "决定书.docx", &outline).refused(403, "access.denied");
    }

    fn a_program_reads_a_workflow_s_page_and_sends_its_form(backend) {
        let Some(town) = with_library(backend) else { return };
        let clerk = town.program("clerk");
        let pages = clerk.get("/api/v1/workflow-pages").is(200).json();
        assert_eq!((&pages["items"][0]["plugin"], &pages["items"][0]["page"]), (&json!("decide"), &json!("board")), "{pages}");
        let path = "/api/v1/workflow-pages/decide/board";
        let page = clerk.get(path).is(200).json();
        let form = &page["forms"][0];
        assert_eq!((&form["action"], &form["schema"]["type"]), (&json!("press"), &json!("object")), "{page}");
        assert!(page["content"]["lists"].is_object(), "{page}");
        assert_eq!(clerk.get(&format!("{path}?query=do%3Drefuse")).status, 422);
        let act = |body: Value| clerk.call("POST", &format!("{path}/actions"), &body);
        act(json!({})).refused(422, "form.invalid");
        act(json!({"action": "pull", "key": "good"})).refused(404, "not_found");
        act(json!({"action": "press", "key": "good", "shoe": 1})).refused(422, "form.invalid");
        let done = act(json!({"action": "press", "key": "good"})).is(200).json();
        assert_eq!((&done["page"], &done["said"]), (&json!("board"), &json!("请看一下")), "{done}");
        assert_eq!(clerk.get(TASKS).is(200).json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(act(json!({"action": "press", "key": "refuse"})).status, 422);
        clerk.get("/api/v1/workflow-pages/decide/nothing").refused(404, "not_found");
        let lawyer = town.program("lawyer");
        assert_eq!(lawyer.get("/api/v1/workflow-pages").is(200).json()["items"], json!([]));
        lawyer.get(path).refused(404, "not_found");
    }
}
