//! Where two things meet: a key made beside the server, an offer whose case moved on, a list that comes back after
//! somebody has left, uploads of strangers beside those of the house.

use std::io::Write;
use std::net::TcpStream;

use serde_json::{Value, json};

use super::duties::today;
use super::uploads::{send, upload};
use crate::town::county::{COUNTY, household, household_roster};
use crate::town::rosters::{Cell, headers, licence, roster, row};
use crate::town::{Client, Town, on_both};

const ASK: &str = "/api/v1/consultations";
/// The village of the lawyer who has an account.
const VILLAGE: &str = "620201100201";
/// The second lawyer by licence.
const SECOND: &str = "(SELECT id FROM worker ORDER BY licence LIMIT 1 OFFSET 1)";

fn question(clerk: &Client, more: Value) -> Value {
    let mut form = json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": "13912345678",
        "channel": "phone", "matter": "wages", "place": VILLAGE});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    clerk.call("POST", ASK, &form).is(201).json()
}

fn path(case: &Value) -> String {
    format!("{ASK}/{}", case["id"].as_str().unwrap())
}

/// A second lawyer with an account; the id of the worker.
fn second(town: &mut Town) -> (Client, String) {
    town.falin(&["user", "add", "second", "--role", "lawyer", "--place", COUNTY]).ok();
    town.sql(&format!("UPDATE account SET worker_id = {SECOND} WHERE username = 'second'")).unwrap();
    town.serve();
    let found = town.program("county_admin").get("/api/v1/legal-workers?limit=100").is(200).json();
    let mut all = found["items"].as_array().unwrap().clone();
    all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
    (town.program("second"), all[1]["id"].as_str().unwrap().to_owned())
}

fn lawyer_row(name: &str, number: u32) -> Vec<Cell> {
    let phone = format!("1390937{:04}", number % 10_000);
    row(&["甘肃雄关律师事务所", name, "女", &licence(2016, number), &phone, "婚姻家庭", "普通话"])
}

on_both! {
    fn a_key_made_beside_the_server_opens_for_it_and_is_never_lost(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let first = question(&clerk, json!({}));
        town.falin(&["key", "rotate"]).ok();
        assert_eq!(clerk.get(&path(&first)).is(200).json()["fields"]["phone"], "13912345678");
        let next = question(&clerk, json!({}));
        town.falin(&["key", "rotate"]).ok();
        for case in [&first, &next] {
            assert_eq!(clerk.get(&path(case)).is(200).json()["fields"]["phone"], "13912345678");
        }
        town.falin(&["audit", "verify"]).ok();
    }

    fn an_offer_holds_as_long_as_what_it_rests_on(backend) {
        let mut town = Town::prepared(backend);
        let (second, her) = second(&mut town);
        let (clerk, lawyer) = (town.program("clerk"), town.program("lawyer"));
        let offer = |case: &Value| {
            let version = lawyer.get(&path(case)).is(200).json()["version"].clone();
            let offer = json!({"worker": her, "reason": "出差", "version": version});
            lawyer.call("POST", &format!("{}/offers", path(case)), &offer)
        };
        let accept = |case: &Value| {
            second.call("POST", &format!("{}/offers/answer", path(case)), &json!({"answer": "accept"}))
        };
        // Taken: the open deadlines wait for who has it now.
        let hers = format!("SELECT count(*) FROM deadline WHERE next_ms IS NOT NULL AND worker_id = {SECOND}");
        let case = question(&clerk, json!({}));
        offer(&case).is(200);
        assert_eq!(town.number(&hers), 0);
        accept(&case).is(200);
        assert_eq!(town.number(&hers), 1);

        // Closed meanwhile: nobody's to take any more.
        let case = question(&clerk, json!({}));
        offer(&case).is(200);
        let version = clerk.get(&path(&case)).is(200).json()["version"].clone();
        let refer = json!({"action": "refer_aid", "version": version, "note": "转法律援助"});
        clerk.call("POST", &format!("{}/actions", path(&case)), &refer).is(200);
        assert_eq!(town.number("SELECT count(*) FROM casefile_transfer WHERE state = 'offered'"), 0);
        accept(&case).refused(404, "not_found");

        // A conflict found meanwhile.
        let home = clerk.get("/api/v1/households?limit=1").is(200).json()["items"][0]["id"].clone();
        let case = question(&clerk, json!({"household_id": home}));
        offer(&case).is(200);
        let conflict = json!({"worker_id": her, "reason": "代理过对方"});
        clerk.call("POST", &format!("/api/v1/households/{}/conflicts", home.as_str().unwrap()), &conflict).is(201);
        let said = accept(&case).refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["code"], "worker.conflict", "{said}");
        let withdraw = json!({"answer": "withdraw"});
        lawyer.call("POST", &format!("{}/offers/answer", path(&case)), &withdraw).is(200);
        offer(&case).refused(422, "form.invalid");
    }

    fn who_has_left_gets_no_question_and_does_not_come_back_with_a_list(backend) {
        let mut town = Town::prepared(backend);
        let (_, her) = second(&mut town);
        let clerk = town.program("clerk");
        let routed = question(&clerk, json!({}))["worker"]["id"].clone();
        // Gone since last week, though the register still calls them active.
        town.sql(&format!("UPDATE worker SET left_on = '{}'", today().plus_days(-7))).unwrap();
        assert!(routed.is_string() && question(&clerk, json!({}))["worker"]["id"].is_null());
        let offer = json!({"worker": her, "reason": "出差", "version": 1});
        town.sql("UPDATE worker SET left_on = NULL").unwrap();
        town.sql(&format!("UPDATE worker SET left_on = '{}' WHERE id = {SECOND}", today().plus_days(-7))).unwrap();
        let case = question(&clerk, json!({}));
        town.program("lawyer").call("POST", &format!("{}/offers", path(&case)), &offer).refused(422, "form.invalid");

        town.sql(&format!("UPDATE worker SET active = FALSE WHERE id = {SECOND}")).unwrap();
        for (list, rows) in [("lawyers", 3), ("advisers", 3)] {
            let out = town.falin(&["export", list, "--format", "csv", "--place", COUNTY]).ok().stdout;
            assert_eq!(out.trim().lines().count(), rows + 1, "{list}: {out}");
            let file = town.file(&format!("{list}.csv"), out.as_bytes());
            town.falin(&["import", list, &file, "--place", COUNTY]).ok();
        }
        assert_eq!(town.number("SELECT count(*) FROM worker WHERE active"), 3, "an export brings nobody back");
    }

    fn a_post_that_ended_is_not_the_post_of_a_list_without_terms(backend) {
        let town = Town::prepared(backend);
        town.sql(&format!("UPDATE adviser_post SET to_date = '{}'", today().plus_days(-1))).unwrap();
        let titles: Vec<&str> = headers::ADVISERS.to_vec();
        let cells = row(&["新城镇", "横沟村", "仇文静", &licence(2015, 100_001), "甘肃雄关律师事务所", "", "每周三上午"]);
        let file = town.file("advisers.xlsx", &roster(&titles, vec![cells]));
        let told = town.falin(&["import", "advisers", &file, "--place", COUNTY, "--json"]).json();
        assert_eq!((told["new"].as_u64(), told["changed"].as_u64()), (Some(1), Some(0)), "{told}");
        let now = format!("SELECT count(*) FROM adviser_post WHERE from_date = '{}'", today());
        assert_eq!(town.number(&now), 1);
    }

    fn one_person_twice_in_a_file_is_a_row_to_put_right(backend) {
        let town = Town::prepared(backend);
        let rows = vec![lawyer_row("沈清河", 200_001), lawyer_row("沈清河", 200_001), lawyer_row("祁连雪", 200_002)];
        let file = town.file("lawyers.xlsx", &roster(&headers::LAWYERS, rows));
        let told = town.falin(&["import", "lawyers", &file, "--place", COUNTY, "--json"]).json();
        assert_eq!((told["new"].as_u64(), told["accepted"].as_u64()), (Some(2), Some(2)), "{told}");
        let findings = told["findings"].as_array().unwrap();
        assert_eq!((findings.len(), &findings[0]["code"], &findings[0]["row"]), (1, &json!("id.duplicate"), &json!(3)), "{told}");
        assert_eq!(town.number("SELECT count(*) FROM worker"), 6);
    }

    fn a_township_sees_its_own_rosters_alone(backend) {
        let mut town = Town::prepared(backend);
        town.falin(&["user", "add", "xincheng", "--role", "county_admin", "--place", "620201100"]).ok();
        town.serve();
        let (admin, local) = (town.program("county_admin"), town.program("xincheng"));
        let all = admin.get("/api/v1/rosters").is(200).json()["items"].as_array().unwrap().clone();
        assert!(all.len() >= 6);
        assert_eq!(local.get("/api/v1/rosters").is(200).json()["items"], json!([]));
        let id = all[0]["id"].as_str().unwrap();
        local.get(&format!("/api/v1/rosters/{id}")).refused(404, "not_found");
        local.get(&format!("/api/v1/rosters/{id}/findings")).refused(404, "not_found");
        let undo = json!({"action": "undo", "version": all[0]["version"]});
        local.call("POST", &format!("/api/v1/rosters/{id}/actions"), &undo).refused(404, "not_found");
        let own = upload(&local, "households", "名册.xlsx", &household_roster(&[household(("新城镇", "横沟村"), 7000, "")]));
        own.is(200);
        assert_eq!(local.get("/api/v1/rosters").is(200).json()["items"].as_array().unwrap().len(), 1);
        let today = local.get("/desk").is(200).text();
        assert!(!today.contains("断山口村"), "{today}");
    }
}

#[test]
fn slow_strangers_do_not_keep_the_house_from_its_uploads() {
    let town = Town::start(crate::town::Backend::Sqlite);
    let address = town.server().address.trim_start_matches("http://").to_owned();
    let begun: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut line = TcpStream::connect(&address).unwrap();
            write!(
                line,
                "POST /zh/{COUNTY}/progress/files HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100000\r\n\
                 Content-Type: multipart/form-data; boundary=x\r\n\r\n--x"
            )
            .unwrap();
            line.flush().unwrap();
            line
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let admin = town.program("county_admin");
    let fields = [("kind", "households"), ("household_kind", "rural"), ("place", COUNTY)];
    let bytes = household_roster(&[household(("新城镇", "横沟村"), 7000, "")]);
    let answer = send(&admin, "/desk/rosters", &fields, "名册.xlsx", &bytes);
    assert_eq!(answer.status, 303, "{}", answer.text());
    drop(begun);
}
