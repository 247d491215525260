//! Papers of a case: issued, read, printed, corrected, declared void; a county's own template.

use serde_json::json;

use super::cohandling::Office;
use crate::town::{Answer, Backend, Client, Town, encode, on_both};

/// A case that is not there.
const NOWHERE: &str = "0190a0a0-0000-7000-8000-00000000000a";
const BOUNDARY: &str = "----falin7MA4YWxk";

/// An application for legal aid that was granted; its id.
fn aid(town: &Town) -> String {
    let form =
        json!({"applicant": "马建军", "facts": "欠我三个月工资", "matter": "wages", "place": "620201100201"});
    let case = town.program("clerk").call("POST", "/api/v1/legal-aid-applications", &form).is(201).json();
    // As if it had been decided: a decision goes out of a case that has come to it.
    town.sql(
        "INSERT INTO casefile_step (county_id, id, case_id, n, action, from_state, to_state, for_person, at_ms)
        SELECT county_id, id, id, 2, 'issue', 'drafted', 'granted', FALSE, created_ms FROM casefile WHERE flow = 'aid'",
    )
    .unwrap();
    case["id"].as_str().unwrap().to_owned()
}

fn upload(client: &Client, bytes: &[u8]) -> crate::town::Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"决定书.docx\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = "/desk/papers/kinds/aid-grant/template";
    client.send("POST", path, &[("content-type", &kind), ("accept", "text/html")], body)
}

on_both! {
    fn a_lawyer_finds_the_own_papers_behind_those_of_others(backend) {
        let office = Office::new(backend);
        let (town, lawyer) = (&office.town, &office.lawyer);
        office.question(json!({}));
        let case = aid(town);
        let new = json!({"kind": "aid-grant", "subject_noun": "aid", "subject_id": case,
            "values": {"recipient": {"name": "张桂兰"}, "cause": "追索劳动报酬"}, "leave_blank": true});
        town.program("aid_officer").call("POST", "/api/v1/papers", &new).is(201);
        let id = match backend {
            Backend::Sqlite => "randomblob(16)",
            Backend::Postgres => "decode(md5(random()::text), 'hex')",
        };
        let copy = |noun: &str, case: &str, later: i64| {
            town.sql(&format!(
                "INSERT INTO paper (county_id, id, kind, subject_noun, subject_id, number, latest, created_ms, version)
                SELECT county_id, {id}, kind, '{noun}', {case}, '', 1, created_ms + {later}, 1 FROM paper WHERE n IS NOT NULL"
            ))
            .unwrap();
        };
        copy("consultation", "(SELECT id FROM casefile WHERE flow = 'consultation')", 0);
        for later in 1..30 {
            copy("aid", "subject_id", later);
        }
        let listed = lawyer.get("/api/v1/papers").is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(listed["items"][0]["subject_noun"], json!("consultation"), "{listed}");
        assert!(lawyer.get("/desk/papers").is(200).text().contains("给予法律援助决定书"));
        let officer = town.program("aid_officer");
        let (mut seen, mut next) = (0, "/api/v1/papers?limit=7".to_owned());
        loop {
            let page = officer.get(&next).is(200).json();
            seen += page["items"].as_array().unwrap().len();
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("/api/v1/papers?limit=7&cursor={}", encode(cursor)),
                None => break,
            }
        }
        assert_eq!(seen, 30 + usize::from(officer.get("/api/v1/consultations").status == 200), "each once");
    }

    fn a_program_issues_a_paper(backend) {
        let town = Town::start(backend);
        let (officer, case) = (town.program("aid_officer"), aid(&town));
        let kinds = officer.get("/api/v1/paper-kinds").is(200).json();
        assert_eq!(kinds["items"].as_array().unwrap().len(), 60);
        let new = json!({"kind": "aid-grant", "subject_noun": "aid", "subject_id": case,
            "values": {"recipient": {"name": "张桂兰"}, "cause": "追索劳动报酬"}, "leave_blank": true});
        let issued = officer.call("POST", "/api/v1/papers", &new).is(201).json();
        let id = issued["paper"]["id"].as_str().unwrap().to_owned();
        assert!(issued["editions"][0]["blanks"].as_array().unwrap().contains(&json!("aid_form")), "{issued}");
        assert!(issued["paper"]["number"].as_str().unwrap().ends_with("1号"), "{issued}");
        let path = format!("/api/v1/papers/{id}");
        let file = officer.get(&format!("{path}.docx")).is(200);
        assert!(file.bytes.starts_with(b"PK") && file.header("content-type").unwrap().contains("wordprocessingml"));
        let listed = officer.get(&format!("/api/v1/papers?subject={case}")).is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let none = officer.get("/api/v1/papers?subject=0190a0a0-0000-7000-8000-00000000000b").is(200).json();
        assert!(none["items"].as_array().unwrap().is_empty());

        let wrong = json!({"kind": "aid-grant", "subject_noun": "mediation", "subject_id": case});
        officer.call("POST", "/api/v1/papers", &wrong).refused(422, "form.invalid");
        // The noun is the case's own: a paper for another kind of case cannot be tied to it, nor one to no case at all.
        let wrong = json!({"kind": "serve-address", "subject_noun": "mediation", "subject_id": case});
        officer.call("POST", "/api/v1/papers", &wrong).refused(404, "not_found");
        let wrong = json!({"kind": "aid-grant", "subject_noun": "aid", "subject_id": NOWHERE});
        officer.call("POST", "/api/v1/papers", &wrong).refused(404, "not_found");
        let wrong = json!({"kind": "aid-grant", "subject_noun": "aid", "subject_id": case, "values": {"shoe": 1}});
        let problem = officer.call("POST", "/api/v1/papers", &wrong).refused(422, "form.invalid").json();
        assert_eq!(problem["fields"][0]["name"], "shoe");
        let act = |body| officer.call("POST", &format!("{path}/actions"), &body);
        // A letter that is corrected goes out as whole as a new one, unless the rest is written by hand.
        let mut better = json!({"action": "correct", "version": 1, "values": {"recipient.name": "张桂芳"}});
        let problem = act(better.clone()).refused(422, "form.invalid").json();
        assert!(problem["fields"].as_array().unwrap().iter().any(|one| one["name"] == "aid_form" && one["code"] == "required"), "{problem}");
        better["leave_blank"] = json!(true);
        assert_eq!(act(better.clone()).is(200).json()["paper"]["edition"], 2);
        act(better).refused(409, "state.changed");
        act(json!({"action": "void", "version": 2})).refused(422, "form.invalid");
        let void = act(json!({"action": "void", "version": 2, "reason": "重复出具"})).is(200).json();
        assert_eq!((&void["paper"]["state"], &void["void_reason"]), (&json!("void"), &json!("重复出具")));
        act(json!({"action": "void", "version": 3, "reason": "再来"})).refused(409, "paper.void");
        let named = |file: Answer| file.is(200).header("content-disposition").unwrap().contains(&encode("作废给予"));
        assert!(named(officer.get(&format!("{path}.docx"))) && !named(file), "a file says that it is void");
        town.program("resident").get(&path).refused(404, "not_found");
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_person_fills_prints_and_replaces(backend) {
        let town = Town::start(backend);
        let (admin, case) = (town.program("county_admin"), aid(&town));
        let kinds = admin.get(&format!("/desk/papers/kinds?noun=aid&subject={case}")).is(200);
        assert!(kinds.text().contains("给予法律援助决定书") && !kinds.text().contains("人民调解协议书"));
        let form = admin.get(&kinds.link("给予法律援助决定书")).is(200);
        assert!(form.text().contains("受援人"));
        let wrong = admin.fill(&form, "/desk/papers", &[("recipient.name", "张桂兰"), ("applied_on", "昨天")]);
        assert!(wrong.status == 422 && wrong.body().contains("张桂兰"), "{}", wrong.status);
        let typed = [("recipient.name", "张桂兰"), ("applied_on", "2026-01-05"), ("cause", "追索劳动报酬"), ("leave_blank", "yes")];
        let made = admin.fill(&form, "/desk/papers", &typed).is(200);
        assert!(made.text().contains("援助方式"), "it says what is blank: {}", made.text());
        let print = admin.get(&format!("{}/print", made.path)).is(200);
        assert!(print.text().contains("你于2026年1月5日向本中心提出的追索劳动报酬一案"), "{}", print.text());
        let corrected = admin.get(&format!("{}/correct", made.path)).is(200);
        assert!(corrected.body().contains("张桂兰"));

        let kind = admin.get("/desk/papers/kinds/aid-grant").is(200);
        assert!(admin.get("/desk/papers/kinds/aid-grant/print?blank=yes").is(200).text().contains("给予法律援助决定书"));
        let refused = upload(&admin, b"no docx");
        assert!(refused.status == 422 && refused.text().contains(".docx"), "{}", refused.text());
        let outline = admin.get("/desk/papers/kinds/aid-grant/outline.docx").is(200).bytes;
        assert_eq!(upload(&admin, &outline).status, 303);
        let own = admin.get("/desk/papers/kinds/aid-grant").is(200);
        assert!(!kind.text().contains("决定书.docx") && own.text().contains("决定书.docx"));
        assert_eq!(admin.get("/desk/papers/kinds/aid-grant/template.docx").is(200).bytes, outline);
        admin.fill(&own, "/revert", &[]).is(200);
        admin.get("/desk/papers/kinds/aid-grant/template.docx").is(404);
        admin.get("/desk/papers/kinds/nothing").is(404);
        assert!(admin.in_english().get("/desk/papers").is(200).text().contains("Papers"));
    }
}
