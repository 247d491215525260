//! What a party may use or leave is no duty of the house, and a day of another year has its year.

use serde_json::json;

use super::stage::{BOARD, SHOPS, STAGE, enter, folder, put, settled};
use crate::town::{Town, on_both};

on_both! {
    fn a_case_is_reckoned_by_its_duty_though_a_right_ends_before(backend) {
        let town = Town::start(backend);
        let right = "[[flow.deadline]]\ncode = \"stage.claim\"\nname = { zh = \"申请复核\", en = \"Ask for a review\" }\n\
            period = { n = 1, unit = \"calendar\", roll = false }\nsource = { zh = \"本县规定\", en = \"The county's rule\" }\n\
            next = \"clerk\"\nlapses = true\n[[flow.step]]\naction = \"enter\"";
        let both = "effects = [{ do = \"start\", deadline = \"stage.claim\" }, { do = \"start\", deadline = \"stage.review\" }]";
        let stage = STAGE.replacen("[[flow.step]]\naction = \"enter\"", right, 1);
        let stage = stage.replacen("effects = [{ do = \"start\", deadline = \"stage.review\" }]", both, 1);
        put(&town, &folder(&stage, BOARD));
        let clerk = town.program("clerk");
        settled(|| clerk.get(SHOPS).status == 200);
        let case = enter(&clerk, json!({"kind": "food", "name": "老面馆"}));
        let dates: Vec<&str> = case["deadlines"].as_array().unwrap().iter().map(|one| one["due"].as_str().unwrap()).collect();
        assert!(dates.len() == 2 && dates[0] < dates[1], "{case}");
        assert_eq!(clerk.get(SHOPS).is(200).json()["items"][0]["due"], dates[1], "the duty's, not the right's");
    }

    fn a_right_is_named_as_one_and_a_day_of_another_year_has_its_year(backend) {
        let town = Town::start(backend);
        let right = STAGE.replace("setting = \"days\"\n", "setting = \"days\"\nlapses = true\n");
        assert_ne!(right, STAGE);
        put(&town, &folder(&right, BOARD));
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        settled(|| clerk.get(SHOPS).status == 200);
        let case = enter(&clerk, json!({"kind": "food", "name": "老面馆"}));
        assert_eq!(case["deadlines"][0]["lapses"], true, "{case}");
        let page = clerk.get(&format!("/desk/workflows/stage/shop/{}", case["id"].as_str().unwrap()));
        assert!(page.is(200).text().contains("当事人的权利"));
        assert!(clerk.in_english().get("/desk/deadlines").is(200).text().contains("A party's right"));

        assert!(admin.get("/desk/deadlines/rules").is(200).text().contains("当事人的权利，届满不再有"));

        // Past its last day, before the clock comes round: nobody is late.
        let past = |code: &str| {
            let due = "due = '2024-12-03', due_ms = 1733241599999";
            town.sql(&format!("UPDATE deadline SET {due}, provisional = (1 = 0), code = '{code}'")).unwrap();
            let page = admin.get("/desk/deadlines").is(200);
            let late = admin.get("/api/v1/deadlines?state=overdue").is(200).json()["items"].as_array().unwrap().len();
            let today = admin.get("/desk").is(200);
            (page.body().contains("class=\"due overdue\""), late, today.body().contains("class=\"due overdue\""), page.text())
        };
        let (red, late, today, text) = past("stage.review");
        assert_eq!((red, late, today), (false, 0, false), "{text}");
        assert!(text.contains("2024年12月3日") && text.contains("当事人的权利"), "{text}");
        let (red, late, today, text) = past("court.objection_party");
        assert_eq!((red, late, today), (false, 0, false), "{text}");
        let (red, late, today, text) = past("aid.decision");
        assert_eq!((red, late, today), (true, 1, true), "a duty is late: {text}");
        assert!(text.contains("2024年12月3日"), "{text}");
    }
}
