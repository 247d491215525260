//! Cut-over in mid-year: open cases of an old system come in with their numbers, dates and states, and nobody is told.

use serde_json::{Value, json};

use super::bookings::{at, room, workday};
use crate::town::{Answer, Client, Town, client, on_both};

const DOOR: &str = "/api/v1/legal-aid-applications";
const HEAD: &str = "编号,申请日期,状态,状态日期,村居,申请人,联系电话,案情和请求,申请事项\n";

fn list(town: &Town, rows: &str) -> String {
    town.file("在办案件.csv", format!("{HEAD}{rows}").as_bytes())
}

fn by_name(town: &Town, name: &str) -> Value {
    let officer = town.program("aid_officer");
    let found = officer.get(&format!("{DOOR}?q={}", client::encode(name))).is(200).json();
    let id = found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no case of {name}: {found}"));
    officer.get(&format!("{DOOR}/{id}")).is(200).json()
}

fn told(town: &Town) -> Vec<String> {
    town.texts(
        "SELECT CAST(count(*) AS TEXT) AS t FROM notice UNION ALL SELECT CAST(count(*) AS TEXT) FROM inbox",
    )
}

on_both! {
    fn open_cases_of_an_old_system_are_taken_over(backend) {
        let mut town = Town::prepared(backend);
        let before = told(&town);
        let rows = "援申〔2026〕41号,2026-10-08,待指派,2026-10-12,横沟村,马建军,13909371234,欠我三个月工资,wages\n\
            援申〔2026〕40号,2026年10月9日,,,横沟村,张桂兰,13909371235,儿子不给赡养费,wages\n";
        let file = list(&town, rows);
        let take = |file: &str| town.falin(&["import", "cases", "--flow", "aid", "--place", "620200", "--json", file]);
        let said = take(&file).ok().json();
        assert_eq!((&said["new"], &said["known"]), (&json!(2), &json!(0)), "{said}");
        let again = take(&file).ok().json();
        assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(2)), "{again}");
        // A number that is not of our own pattern stays beside a new one, which counts on.
        take(&list(&town, "L-77,2026-10-20,,,横沟村,王秀英,13909371236,工伤,wages\nL-20260077,2026-10-21,,,横沟村,马秀兰,13909371237,工伤,wages\n")).ok();
        let wrong = "L-78,2026-10-20,已结案,,横沟村,李一,,工伤,wages\nL-79,昨天,,,横沟村,李二,,工伤,wages\n";
        let refused = take(&list(&town, wrong)).ended(1);
        let rows = |said: &Value| -> Vec<u64> { said["findings"].as_array().unwrap().iter().filter_map(|one| one["row"].as_u64()).collect() };
        assert_eq!((rows(&refused.json()), &refused.json()["new"]), (vec![2, 3], &json!(0)));
        let nowhere = take(&list(&town, "L-80,2026-10-20,,,没有的村,李三,,工伤,wages\n")).ended(1);
        let nowhere = nowhere.json();
        assert_eq!(nowhere["findings"][0]["code"], "village.unknown", "{nowhere}");
        assert_eq!((&nowhere["findings"][0]["row"], &nowhere["findings"][0]["column"]), (&json!(2), &json!("村居")));
        assert_eq!(told(&town), before, "nobody is told");

        town.serve();
        let granted = by_name(&town, "马建军");
        assert_eq!((&granted["number"], &granted["state"]), (&json!("援申〔2026〕41号"), &json!("granted")));
        assert_eq!(granted["old_number"], json!("援申〔2026〕41号"));
        let due = granted["deadlines"][0].clone();
        assert_eq!(due["kind"], "aid.assignment", "{granted}");
        assert!(due["due"].as_str().unwrap().starts_with("2026-10-1"), "counted from the old date: {due}");
        assert_eq!(by_name(&town, "张桂兰")["deadlines"][0]["kind"], "aid.decision");
        let foreign = by_name(&town, "王秀英");
        assert_eq!((&foreign["number"], &foreign["old_number"]), (&json!("援申〔2026〕42号"), &json!("L-77")));
        let officer = town.program("aid_officer");
        let steps: Vec<Value> = granted["steps"].as_array().unwrap().iter()
            .map(|one| json!([one["happened_on"], one["from"], one["to"], one["label"]])).collect();
        assert_eq!(steps, [json!(["2026-10-08", "", "submitted", "申请法律援助"]), json!(["2026-10-12", "submitted", "granted", "从旧系统转入"])]);
        assert!(foreign["steps"][0]["at"].as_str().unwrap() > "2026-10-21", "when it was brought here stays known");
        let desk = |case: &Value| format!("/desk/legal-aid/{}", case["id"].as_str().unwrap());
        for (who, said) in [
            (town.program("aid_officer"), ["原编号 L-77", "2026年10月20日(周二) · ", "从旧系统导入"]),
            (town.program("aid_officer").in_english(), ["formerly L-77", "Tue 20 Oct 2026 · ", "imported on"]),
        ] {
            let page = who.get(&desk(&foreign)).is(200).text();
            assert!(said.iter().all(|words| page.contains(words)), "{page}");
            let page = who.get(&desk(&granted)).is(200).text();
            assert!(!page.contains("原编号") && !page.contains("formerly"), "the same number is said once: {page}");
        }
        for (lang, said) in [("zh", "原编号"), ("en", "Number before")] {
            let visitor = town.visitor();
            let find = visitor.get(&format!("/{lang}/620200/progress")).is(200);
            let page = visitor.fill(&find, "/progress", &[("number", "L-77"), ("phone", "13909371236")]).is(200).text();
            assert!(page.contains(said) && page.contains("L-77") && page.contains("42"), "{page}");
        }
        let found = officer.get(&format!("{DOOR}?q=L-77")).is(200).json();
        assert_eq!(found["items"][0]["id"], foreign["id"], "{found}");
        let found = officer.get("/desk/search?q=L-20260077").is(200).text();
        assert!(found.contains("马秀兰") && found.contains("原编号 L-20260077"), "{found}");
        let all = officer.get(DOOR).is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 4, "a list with a fault changes nothing");
        town.falin(&["audit", "verify"]).ok();
    }
}

const LISTS: &str = "/api/v1/cutover-lists";

/// Sends a list as a program or a page's form does.
fn send(client: &Client, path: &str, kind: &str, text: &str) -> Answer {
    const BOUNDARY: &str = "----falinCut7MA4YWxk";
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"旧系统.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n"
    );
    let media = format!("multipart/form-data; boundary={BOUNDARY}");
    client.send(
        "POST",
        path,
        &[("content-type", &media), ("accept", "text/html, application/json")],
        body.into_bytes(),
    )
}

fn act(client: &Client, list: &Value, action: &str, version: i64) -> Answer {
    let path = format!("{LISTS}/{}/actions", list["id"].as_str().unwrap());
    client.call("POST", &path, &json!({"action": action, "version": version}))
}

fn codes(list: &Value) -> Vec<(u64, String)> {
    let one = |one: &Value| (one["row"].as_u64().unwrap(), one["code"].as_str().unwrap().to_owned());
    list["findings"].as_array().unwrap().iter().map(one).collect()
}

on_both! {
    fn a_list_is_looked_at_its_columns_chosen_taken_and_taken_back(backend) {
        let town = Town::start(backend);
        let (admin, officer) = (town.program("county_admin"), town.program("aid_officer"));
        let before = told(&town);
        officer.get(LISTS).refused(403, "access.denied");
        // Heads that nobody knows: the page asks what they stand for.
        let text = "在办案件,,,,,\n流水,何时收,在哪一步,村居,申请人,案情和请求,申请事项\n\
            援申〔2026〕7号,2026-10-08,待指派,横沟村,马建军,欠我三个月工资,wages\n\
            援申〔2026〕8号,2026-10-09,,没有的村,张桂兰,儿子不给赡养费,wages\n";
        let bad = send(&admin, LISTS, "shoes", text);
        assert_eq!(bad.refused(422, "form.invalid").json()["fields"][0]["name"], "kind");
        let list = send(&admin, LISTS, "aid", text).is(201).json();
        assert_eq!((&list["accepted"], codes(&list)[0].1.as_str()), (&json!(0), "header.missing"), "{list}");
        let desk = format!("/desk/cutover/{}", list["id"].as_str().unwrap());
        let page = admin.get(&format!("{desk}/columns")).is(200);
        assert!(page.text().contains("何时收"), "{}", page.text());
        let refused = admin.fill(&page, "/columns", &[("column-0", "@number")]).is(422);
        assert!(refused.text().contains("收案日期"), "{}", refused.text());
        let page = admin.fill(&page, "/columns", &[("column-0", "@number"), ("column-1", "@began"), ("column-2", "@state")]).is(200);
        assert!(page.text().contains("可以新增 1 件"), "{}", page.text());
        let findings = admin.get(&format!("{desk}/findings.csv")).is(200).body();
        assert!(findings.contains("村居") && findings.contains('4'), "{findings}");
        let page = admin.fill(&page, &desk, &[("action", "commit")]).is(200);
        assert!(page.text().contains("已新增 1 件"), "{}", page.text());
        assert_eq!(told(&town), before, "nobody is told");
        let taken = by_name(&town, "马建军");
        assert_eq!((&taken["number"], &taken["state"]), (&json!("援申〔2026〕7号"), &json!("granted")));
        admin.get(&format!("{desk}/columns")).is(422);

        // Taken back as a whole; the same list then keeps its numbers. What somebody has worked on stays.
        admin.fill(&page, &desk, &[("action", "undo")]).is(200);
        assert_eq!(officer.get(DOOR).is(200).json()["items"], json!([]));
        let good = "编号,申请日期,状态,村居,申请人,案情和请求,申请事项\n援申〔2026〕7号,2026-10-08,待指派,横沟村,马建军,欠薪,wages\n";
        let again = send(&admin, LISTS, "aid", good).is(201).json();
        act(&admin, &again, "commit", 9).refused(409, "state.changed");
        let done = act(&admin, &again, "commit", 1).is(200).json();
        assert_eq!((&done["state"], &done["accepted"]), (&json!("done"), &json!(1)));
        let taken = by_name(&town, "马建军");
        assert_eq!(taken["number"], json!("援申〔2026〕7号"));
        let note = json!({"action": "note", "note": "已经联系", "version": taken["version"]});
        officer.call("POST", &format!("{DOOR}/{}/actions", taken["id"].as_str().unwrap()), &note).is(200);
        act(&admin, &done, "undo", 2).refused(409, "import.used");
        let known = send(&admin, LISTS, "aid", good).is(201).json();
        assert_eq!((&known["accepted"], &known["known"]), (&json!(0), &json!(1)));
        let english = town.program("county_admin").in_english().get("/desk/cutover").is(200).text();
        assert!(english.contains("Taking over an old system") && english.contains("Bookings of rooms"), "{english}");
        town.falin(&["audit", "verify"]).ok();
    }

    fn bookings_of_an_old_system_come_with_every_clash_named(backend) {
        let mut town = Town::prepared(backend);
        town.serve();
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let hours = "周一至周五 9:00-12:00,14:30-17:30";
        let (one, _) = (room(&admin, "一号调解室", hours), room(&admin, "二号调解室", hours));
        let day = workday(3);
        let held = json!({"room_id": one, "starts_at": at(day, "09:00"), "ends_at": at(day, "10:00"), "purpose": "邻里纠纷"});
        clerk.call("POST", "/api/v1/bookings", &held).is(201);
        let form = json!({"applicant": "马建军", "facts": "邻居占了巷道", "dispute": "neighbours", "place": "620201100201"});
        let case = clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json();
        let number = case["number"].as_str().unwrap();
        let before = told(&town);
        let text = format!(
            "房间,日期,时间,当事人,电话,案件编号\n\
             一号调解室,{day},09:30-10:30,张桂兰,13909371235,\n\
             一号调解室,{day},10:00-11:00,马建军,13909371234,{number}\n\
             一号调解室,{day},10:45-11:30,王秀英,13909371236,\n\
             三号调解室,{day},10:00-11:00,李一,,\n\
             二号调解室,{day},12:30-13:30,李二,,\n\
             二号调解室,昨天,10:00-11:00,李三,,\n\
             二号调解室,{day},10:00-11:00,李四,,没有的案号\n\
             二号调解室,2020-01-06,10:00-11:00,李五,,\n"
        );
        let list = send(&admin, LISTS, "bookings", &text).is(201).json();
        let wanted = [(2, "booking.taken"), (4, "booking.taken_row"), (5, "room.unknown"), (6, "booking.shut"), (7, "date.invalid"),
            (8, "case.unknown"), (9, "date.past")];
        let wanted: Vec<(u64, String)> = wanted.iter().map(|(row, code)| (*row, (*code).to_owned())).collect();
        assert_eq!((codes(&list), &list["accepted"]), (wanted, &json!(1)), "{list}");
        assert_eq!(list["findings"][0]["column"], "房间 ↔ 09:00–10:00");
        assert_eq!(list["findings"][1]["column"], "房间 ↔ 3", "the other row is named");
        let page = admin.get(&format!("/desk/cutover/{}", list["id"].as_str().unwrap())).is(200).text();
        assert!(page.contains("和表里的那一行撞了") && page.contains("房间 ↔ 3"), "{page}");
        act(&admin, &list, "commit", 1).is(200);
        let all = || clerk.get(&format!("/api/v1/bookings?room_id={one}&state=confirmed")).is(200).json()["items"].as_array().unwrap().clone();
        assert_eq!(all().len(), 2);
        let taken = all().into_iter().find(|one| one["mediation_case_id"] == case["id"]).unwrap();
        assert!(taken["starts_at"] == format!("{day}T02:00:00Z") && taken["purpose"].as_str().unwrap().contains("马建军"), "{taken}");
        assert_eq!(told(&town), before, "nobody is told");
        let clash = json!({"room_id": one, "starts_at": at(day, "10:30"), "ends_at": at(day, "11:00"), "purpose": "x"});
        clerk.call("POST", "/api/v1/bookings", &clash).refused(409, "booking.conflict");
        let again = send(&admin, LISTS, "bookings", &text).is(201).json();
        assert_eq!((&again["accepted"], &again["known"]), (&json!(0), &json!(1)), "{again}");
        act(&admin, &list, "undo", 2).is(200);
        assert_eq!(all().len(), 1);

        let file = town.file("预约.csv", format!("房间,日期,开始时间,结束时间\n一号调解室,{day},15:00,16:00\n").as_bytes());
        let run = |more: &[&str]| {
            let words = [&["import", "bookings", "--place", "620200", "--json"], more, &[file.as_str()]].concat();
            town.falin(&words).ok().json()
        };
        let dry = run(&["--dry-run"]);
        assert_eq!((&dry["new"], &dry["batch"]), (&json!(1), &Value::Null), "{dry}");
        assert_eq!(all().len(), 1);
        let done = run(&[]);
        assert_eq!(all().len(), 2, "{done}");
        town.falin(&["import", "undo", "--place", "620200", done["batch"].as_str().unwrap()]).ok();
        assert_eq!(all().len(), 1);
        town.falin(&["audit", "verify"]).ok();
    }
}
