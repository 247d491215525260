//! People without a resident ID card: their passports and permits are taken, hidden, found and told like its number.

use serde_json::{Value, json};

use super::applying::{begun, next};
use crate::town::rosters::{headers, roster, row};
use crate::town::{Client, Town, on_both};

const HOMES: &str = "/api/v1/households";
const AID: &str = "/api/v1/legal-aid-applications";

fn found(clerk: &Client, number: &str) -> Vec<String> {
    let page = clerk.call("POST", &format!("{HOMES}/search"), &json!({"number": number})).is(200).json();
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn revealed(clerk: &Client, id: &str) -> Value {
    let path = format!("{HOMES}/{id}/actions");
    clerk.call("POST", &path, &json!({"action": "reveal", "reason": "identity"})).is(200).json()["sealed"]
        .clone()
}

on_both! {
    fn a_household_is_known_by_a_passport_as_by_a_card(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let new = json!({"village": "620201101202", "head_name": "安德烈·科瓦奇", "id_number": "护照 ｅ1234 5678"});
        let home = clerk.call("POST", HOMES, &new).is(201).json();
        let id = home["id"].as_str().unwrap();
        assert_eq!(home["id_number"], "passport:E1*****78");
        assert_eq!(revealed(&clerk, id)["id_number"], "passport:E12345678");
        for typed in ["E12345678", "e 12345678", "护照E12345678", "Passport E12345678"] {
            assert_eq!(found(&clerk, typed), [id], "{typed}");
        }
        assert!(found(&clerk, "E12345679").is_empty());
        let page = clerk.get(&format!("/desk/households/{id}")).is(200);
        assert!(page.text().contains("护照 E1*****78"), "{}", page.text());
        // The same document, whatever it is called, is the same person's.
        let again = json!({"village": "620201101202", "head_name": "科瓦奇", "id_number": "其他证件 E12345678"});
        clerk.call("POST", HOMES, &again).refused(409, "household.duplicate");
        let wrong = json!({"village": "620201101202", "head_name": "陈小姐", "id_number": "回乡证 X1"});
        let fault = clerk.call("POST", HOMES, &wrong).refused(422, "form.invalid").json();
        let fault = &fault["fields"][0];
        assert_eq!((&fault["name"], &fault["code"]), (&json!("id_number"), &json!("id.document")));
        let member = json!({"action": "add_member", "version": 1, "name": "陈慧", "relation": "spouse", "id_number": "港澳居民来往内地通行证H1234567801"});
        let with = clerk.call("POST", &format!("{HOMES}/{id}/actions"), &member).is(200).json();
        assert_eq!(with["members"][0]["id_number"], "hk_macau:H1*****78");
        assert_eq!(found(&clerk, "H12345678"), [id]);
    }

    fn a_roster_names_the_document_in_its_cell_or_beside_it(backend) {
        let town = Town::start(backend);
        let mut names = headers::HOUSEHOLDS.to_vec();
        names.push("证件类型");
        let rows = vec![
            row(&["新城镇", "横沟村", "伊万诺夫", "E87654321", "", "", "", "护照"]),
            row(&["新城镇", "横沟村", "林志远", "台胞证12345678", "", "", "", ""]),
            row(&["新城镇", "横沟村", "马建军", "620201198505150012", "", "", "", "居民身份证(户口簿)"]),
            row(&["新城镇", "横沟村", "何人", "12", "", "", "", "护照"]),
        ];
        let file = town.file("others.xlsx", &roster(&names, rows));
        let output = town.falin(&["import", "households", &file, "--place", "620200", "--kind", "rural", "--dry-run", "--json"]);
        let told = output.json();
        assert_eq!(told["accepted"], 3, "{told}");
        let faults = told["findings"].as_array().unwrap();
        assert_eq!((faults.len(), &faults[0]["code"], &faults[0]["row"]), (1, &json!("id.checksum"), &json!(5)), "{told}");
    }

    fn whoever_has_a_passport_applies_for_legal_aid(backend) {
        let town = Town::start(backend);
        let (visitor, officer) = (town.visitor(), town.program("aid_officer"));
        let mut page = begun(&visitor, "/en/620200/legal-aid/apply");
        for typed in [&[("matter", "wages")][..], &[("facts", "Three months of wages are owed.")], &[], &[("exempt", "migrant")],
            &[("household_size", "1"), ("monthly_income", "3000")], &[("crowds", "migrant")]] {
            page = next(&visitor, &page, typed).is(200);
        }
        assert!(page.text().contains("Passport E12345678"), "the form says how: {}", page.text());
        let who = [("applicant", "Andrei Kovac"), ("phone", "13909371234")];
        let wrong = next(&visitor, &page, &[who[0], who[1], ("id_number", "passport 12")]).is(422);
        assert!(wrong.text().contains("no such number"), "{}", wrong.text());
        let page = next(&visitor, &wrong, &[("id_number", "passport e12345678")]).is(200);
        visitor.fill(&page, "/apply", &[("go", "send")]).is(200);
        let all = officer.get(AID).is(200).json();
        let id = all["items"][0]["id"].as_str().unwrap();
        let case = officer.get(&format!("{AID}/{id}")).is(200).json();
        assert_eq!(case["fields"]["id_number"], "passport:E12345678", "{case}");
        let page = officer.get(&format!("/desk/legal-aid/{id}")).is(200);
        assert!(page.text().contains("护照 E12345678"), "{}", page.text());
        let sheet = officer.get(&format!("/desk/legal-aid/{id}/sheet")).is(200);
        assert!(sheet.text().contains("护照 E12345678"), "{}", sheet.text());
        let paper = format!("/api/v1/papers/new?kind=aid-apply&noun=aid&subject={id}");
        let opened = officer.get(&paper).is(200).json();
        let told = |name: &str| opened["values"][name].clone();
        assert_eq!((told("applicant.id_type"), told("applicant.id_no")), (json!("护照"), json!("E12345678")), "{opened}");
    }
}
