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
        assert_eq!(home["id_number"], "passport:E******78");
        assert_eq!(revealed(&clerk, id)["id_number"], "passport:E12345678");
        for typed in ["E12345678", "e 12345678", "护照E12345678", "Passport E12345678"] {
            assert_eq!(found(&clerk, typed), [id], "{typed}");
        }
        assert!(found(&clerk, "E12345679").is_empty());
        let page = clerk.get(&format!("/desk/households/{id}")).is(200);
        assert!(page.text().contains("护照 E******78"), "{}", page.text());
        let again = json!({"village": "620201101202", "head_name": "科瓦奇", "id_number": "护照 E12345678"});
        clerk.call("POST", HOMES, &again).refused(409, "household.duplicate");
        let wrong = json!({"village": "620201101202", "head_name": "陈小姐", "id_number": "回乡证 X1"});
        let fault = clerk.call("POST", HOMES, &wrong).refused(422, "form.invalid").json();
        let fault = &fault["fields"][0];
        assert_eq!((&fault["name"], &fault["code"]), (&json!("id_number"), &json!("id.document")));
        let member = json!({"action": "add_member", "version": 1, "name": "陈慧", "relation": "spouse", "id_number": "港澳居民来往内地通行证H1234567801"});
        let with = clerk.call("POST", &format!("{HOMES}/{id}/actions"), &member).is(200).json();
        assert_eq!(with["members"][0]["id_number"], "hk_macau:H******78");
        assert_eq!(found(&clerk, "H12345678"), [id]);
        let english = "Mainland permit (Hong Kong, Macau) H12345678";
        assert_eq!(found(&clerk, english), [id], "as the English page writes it");
    }

    fn one_number_of_two_documents_is_two_people(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let new = |name: &str, number: &str| json!({"village": "620201101202", "head_name": name, "id_number": number});
        let lin = clerk.call("POST", HOMES, &new("林志远", "台胞证 12345678")).is(201).json();
        let he = clerk.call("POST", HOMES, &new("何建军", "士兵证 12345678")).is(201).json();
        let kim = clerk.call("POST", HOMES, &new("金成哲", "护照 123456789")).is(201).json();
        let mut names = headers::HOUSEHOLDS.to_vec();
        names.push("证件类型");
        // Neither the number under another document's name nor that of another country's passport is theirs.
        let rows = [
            row(&["新城镇", "横沟村", "安娜", "12345678", "", "", "", "护照"]),
            row(&["新城镇", "横沟村", "佐藤", "123456789", "", "", "", "护照"]),
            row(&["新城镇", "横沟村", "金成哲", "123456789", "13909371234", "", "", "护照"]),
        ];
        let file = town.file("numbers.xlsx", &roster(&names, rows[..2].to_vec()));
        town.falin(&["import", "households", &file, "--place", "620200", "--kind", "rural"]).ok();
        for (home, name) in [(&lin, "林志远"), (&he, "何建军"), (&kim, "金成哲")] {
            let path = format!("{HOMES}/{}", home["id"].as_str().unwrap());
            assert_eq!(clerk.get(&path).is(200).json()["head_name"], name);
        }
        assert_eq!((found(&clerk, "护照 12345678").len(), found(&clerk, "护照 123456789").len()), (1, 2));
        let file = town.file("again.xlsx", &roster(&names, rows[2..].to_vec()));
        town.falin(&["import", "households", &file, "--place", "620200", "--kind", "rural"]).ok();
        assert_eq!(found(&clerk, "护照 123456789").len(), 2, "by name and number a household is found again");
    }

    fn a_restricted_passport_is_not_brought_back_under_another_name(backend) {
        let town = Town::start(backend);
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let new = |number: &str| json!({"village": "620201101202", "head_name": "Andrei Kovac", "id_number": number});
        let home = clerk.call("POST", HOMES, &new("护照 E12345678")).is(201).json();
        let wish = json!({"household": home["id"], "reason": "本人来函请求", "reference": "来函3号"});
        admin.call("POST", "/api/v1/restrictions", &wish).is(201);
        clerk.call("POST", HOMES, &new("其他 E12345678")).refused(409, "household.restricted");
        let mut names = headers::HOUSEHOLDS.to_vec();
        names.push("证件类型");
        let rows = vec![
            row(&["新城镇", "横沟村", "ANDREI KOVAC", "E12345678", "", "", "", "其他"]),
            row(&["新城镇", "横沟村", "安娜", "P7654321", "", "", "", "护照"]),
            row(&["新城镇", "横沟村", "安娜", "P7654321", "", "", "", "难民证"]),
            row(&["新城镇", "横沟村", "何建军", "E12345678", "", "", "", "其他"]),
        ];
        let file = town.file("restricted.xlsx", &roster(&names, rows));
        let words = ["import", "households", &file, "--place", "620200", "--kind", "rural", "--dry-run", "--json"];
        let told = town.falin(&words).json();
        let codes: Vec<&Value> = told["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!((&told["accepted"], codes), (&json!(2), vec![&json!("id.restricted"), &json!("id.duplicate")]), "{told}");
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
            row(&["新城镇", "横沟村", "金成哲", "M12345678", "", "", "", "中华人民共和国护照"]),
            row(&["新城镇", "横沟村", "赵铁柱", "1234567", "", "", "", "武警士兵证"]),
            row(&["新城镇", "横沟村", "马小宝", "R620123456", "", "", "", "出生医学证明"]),
            row(&["新城镇", "横沟村", "王桂兰", "620201194910010023", "", "", "", "户口簿"]),
            row(&["新城镇", "横沟村", "阿米娜", "甘难-0012", "", "", "", "难民证"]),
            row(&["新城镇", "横沟村", "王铁蛋", "62020119850515001X", "", "", "", "户口簿"]),
            row(&["新城镇", "横沟村", "赵老汉", "620201500101001", "", "", "", "户籍证明"]),
        ];
        let file = town.file("others.xlsx", &roster(&names, rows));
        let output = town.falin(&["import", "households", &file, "--place", "620200", "--kind", "rural", "--dry-run", "--json"]);
        let told = output.json();
        assert_eq!(told["accepted"], 9, "{told}");
        let faults = told["findings"].as_array().unwrap();
        let faults: Vec<_> = faults.iter().map(|fault| (fault["code"].as_str().unwrap(), fault["row"].as_i64().unwrap())).collect();
        assert_eq!(faults, [("id.document", 5), ("id.checksum", 11), ("id.old_15", 12)], "{told}");
        for (lang, words) in [("zh", "这种证件没有这样的号码"), ("en", "The document named has no such number")] {
            let asked = ["--lang", lang, "import", "households", &file, "--place", "620200", "--kind", "rural", "--dry-run"];
            let told = town.falin(&asked);
            assert!(told.stdout.contains(words), "{}", told.stdout);
        }
    }

    fn what_an_english_page_fills_in_for_a_travel_permit_is_taken_again(backend) {
        let town = Town::start(backend);
        let form = json!({"applicant": "陈国荣", "facts": "欠薪", "matter": "wages", "place": "620201100201", "phone": "13909371234",
            "id_number": "回乡证 H12345678"});
        let case = town.program("clerk").call("POST", AID, &form).is(201).json();
        let visitor = town.visitor();
        let who = [("number", case["number"].as_str().unwrap()), ("phone", "13909371234")];
        visitor.fill(&visitor.get("/en/620200/progress").is(200), "/progress", &who).is(200);
        let page = visitor.post("/en/620200/progress", &[who[0], who[1], ("step", "amend")]).is(200);
        let mut fields = page.forms().into_iter().flat_map(|form| form.fields);
        let (_, number) = fields.find(|(name, _)| name == "id_number").unwrap();
        assert_eq!(number, "Mainland permit (Hong Kong, Macau) H12345678");
        let officer = town.program("aid_officer");
        let path = format!("{AID}/{}", case["id"].as_str().unwrap());
        let version = officer.get(&path).is(200).json()["version"].to_string();
        let typed = [who[0], who[1], ("action", "amend"), ("version", &version), ("facts", "欠薪两个月"), ("matter", "wages"), ("id_number", &number)];
        visitor.post("/en/620200/progress", &typed).is(200);
        let fields = officer.get(&path).is(200).json()["fields"].clone();
        assert_eq!((&fields["id_number"], &fields["facts"]), (&json!("hk_macau:H12345678"), &json!("欠薪两个月")));
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
        // A paper without a place for the document's kind has it before the number.
        let means = officer.get(&paper.replace("aid-apply", "aid-means")).is(200).json();
        assert_eq!(means["values"]["applicant.id_no"], "护照 E12345678", "{means}");
    }
}
