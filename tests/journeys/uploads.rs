//! Rosters in the browser: uploaded, mapped, tried, confirmed, taken back, forgotten.

use crate::town::county::{HOUSEHOLDS, household, household_roster};
use crate::town::rosters::{Cell, headers, roster};
use crate::town::{Answer, Client, Town, on_both};

const PEOPLE: &str = "SELECT count(*) FROM household WHERE active AND NOT staged";
const BOUNDARY: &str = "----falin7MA4YWxk";

/// Sends fields and one file as a form; redirects are not followed.
pub fn send(client: &Client, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let part = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(part.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    client.send("POST", path, &[("content-type", &kind), ("accept", "text/html, application/json")], body)
}

/// Sends the upload form as a browser does; redirects followed.
pub fn upload(client: &Client, kind: &str, name: &str, bytes: &[u8]) -> Answer {
    let fields = [("kind", kind), ("household_kind", "rural"), ("place", "620200")];
    let answer = send(client, "/desk/rosters", &fields, name, bytes);
    match answer.header("location") {
        Some(target) => client.get(target),
        None => answer,
    }
}

fn new_households() -> Vec<u8> {
    let mut bad = household(("新城镇", "横沟村"), 7001, "");
    bad[3] = Cell::from("62020119850515001X");
    household_roster(&[household(("新城镇", "横沟村"), 7000, ""), bad])
}

on_both! {
    fn a_roster_is_tried_confirmed_and_taken_back(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let people = (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64;
        let tried = upload(&admin, "households", "名册.xlsx", &new_households()).is(200);
        assert!(tried.text().contains("名册.xlsx") && tried.text().contains("身份证号码"), "{}", tried.text());
        assert_eq!(town.number(PEOPLE), people);
        let findings = admin.get(&format!("{}/findings.csv", tried.path)).is(200);
        assert!(findings.body().contains("身份证号码") && findings.bytes.starts_with(&[0xef, 0xbb, 0xbf]));

        let done = admin.fill(&tried, "/actions", &[("act", "commit")]).is(200);
        assert_eq!(town.number(PEOPLE), people + 1);
        assert_eq!(town.number("SELECT count(*) FROM import_batch WHERE file_sealed IS NOT NULL"), 0);
        let twice = admin.post(&format!("{}/actions?version=2", done.path), &[("act", "commit")]);
        assert_eq!(twice.status, 409);
        let back = admin.fill(&done, "/undo", &[]).is(200);
        assert_eq!(town.number(PEOPLE), people);
        assert!(back.forms().iter().all(|form| !form.action.contains("/undo")));
        assert!(admin.get("/desk/rosters").is(200).text().contains("名册.xlsx"));
        town.falin(&["audit", "verify"]).ok();
    }

    fn strange_headers_are_mapped_by_hand(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let mut names = headers::HOUSEHOLDS;
        names[1] = "住在哪";
        names[2] = "当家的";
        let bytes = roster(&names, vec![household(("新城镇", "观蒲村"), 7002, "")]);
        let page = upload(&admin, "households", "土话.xlsx", &bytes).is(200);
        assert!(page.path.ends_with("/columns"), "{}", page.path);
        assert!(!page.body().contains("13800007002"), "whoever maps columns needs shapes, not people");
        let refused = admin.fill(&page, "/columns", &[]).is(422);
        assert!(refused.text().contains("村"), "{}", refused.text());
        let tried = admin.fill(&page, "/columns", &[("column-1", "village"), ("column-2", "name")]).is(200);
        let done = admin.fill(&tried, "/actions", &[("act", "commit")]).is(200);
        assert!(done.forms().iter().any(|form| form.action.contains("/undo")), "{}", done.text());
        assert_eq!(town.number(PEOPLE), (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64 + 1);
    }

    fn a_file_can_be_forgotten_and_a_broken_one_is_told(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let broken = upload(&admin, "households", "坏.xlsx", b"PK\x03\x04 no workbook");
        assert_eq!(broken.status, 422, "{}", broken.body());
        let tried = upload(&admin, "households", "名册.xlsx", &new_households()).is(200);
        admin.fill(&tried, "/actions", &[("act", "discard")]).is(200);
        assert_eq!(town.number("SELECT count(*) FROM import_batch WHERE file_sealed IS NOT NULL"), 0);
        assert_eq!(town.number("SELECT count(*) FROM import_finding"), 0);
        town.program("clerk").get("/desk/rosters").is(403);
    }
}
