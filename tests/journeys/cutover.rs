//! Cut-over in mid-year: open cases of an old system come in with their numbers, dates and states, and nobody is told.

use serde_json::{Value, json};

use crate::town::{Town, client, on_both};

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
        take(&list(&town, "L-77,2026-10-20,,,横沟村,王秀英,13909371236,工伤,wages\n")).ok();
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
        let all = officer.get(DOOR).is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 3, "a list with a fault changes nothing");
        town.falin(&["audit", "verify"]).ok();
    }
}
