//! The villages' scorecard: counted from what stands anyway, lines only where a county draws them, and nothing small
//! on the sheet that hangs in the village.

use serde_json::{Value, json};

use super::duties::today;
use crate::town::{Town, on_both};

const HERE: &str = "/api/v1/statistics/villages";
/// 横沟村, with the first lawyer as its adviser.
const VILLAGE: &str = "620201100201";

/// A dispute of the village, led to its end.
fn dispute(town: &Town, settled: bool) {
    const CASES: &str = "/api/v1/mediation-cases";
    let (resident, mediator) = (town.program("resident"), town.program("mediator"));
    let form =
        json!({"applicant": "马建军", "facts": "邻居占了巷道", "dispute": "neighbours", "place": VILLAGE});
    let mut case = resident.call("POST", CASES, &form).is(201).json();
    let deal = json!({"form": "oral", "record": "双方都到了", "agreement": "让出一米", "effective_on": "2026-11-02"});
    let end = match settled {
        true => vec![("agree", deal), ("close", json!({"outcome": "oral", "performance": "on_time"}))],
        false => vec![("fail", json!({"remedies": ["suit"], "reason": "谈不拢"}))],
    };
    for (action, mut fields) in
        [("accept", json!({})), ("consents", json!({"consent": true}))].into_iter().chain(end)
    {
        (fields["action"], fields["version"]) = (json!(action), case["version"].clone());
        let path = format!("{CASES}/{}/actions", case["id"].as_str().unwrap());
        case = mediator.call("POST", &path, &fields).is(200).json();
    }
}

fn card(all: &Value, code: &str) -> Value {
    all["items"].as_array().unwrap().iter().find(|one| one["village"]["code"] == code).unwrap().clone()
}

on_both! {
    fn a_village_is_told_what_is_counted_of_it(backend) {
        let town = Town::start(backend);
        let (admin, auditor, lawyer) = (town.program("county_admin"), town.program("audit_admin"), town.program("lawyer"));
        for settled in [true, true, true, true, true, false] {
            dispute(&town, settled);
        }
        for kind in ["lecture", "visit"] {
            let log = json!({"village": VILLAGE, "kind": kind, "people": 46, "minutes": 90, "topic": "高价彩礼"});
            lawyer.call("POST", "/api/v1/service-logs", &log).is(201);
        }
        let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
        town.falin(&["pair", "commit", &plan]).ok();

        // Every village of the county, in the order of codes; a township's own when asked.
        let all = admin.get(HERE).is(200).json();
        let codes: Vec<&str> = all["items"].as_array().unwrap().iter().map(|one| one["village"]["code"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), 6, "{codes:?}");
        assert!(codes.is_sorted(), "{codes:?}");
        let first = admin.get(&format!("{HERE}?limit=4")).is(200).json();
        let next = admin.get(&format!("{HERE}?limit=4&cursor={}", first["next_cursor"].as_str().unwrap())).is(200).json();
        assert_eq!(next["items"][1]["village"]["code"], codes[5]);
        let township = admin.get(&format!("{HERE}?place=620201100")).is(200).json();
        assert_eq!(township["items"].as_array().unwrap().len(), 2);
        let here = card(&all, VILLAGE);
        let numbers = &here["numbers"];
        let shown: Vec<i64> = ["raised", "settled", "failed", "lectures", "audience", "visits", "paired", "households", "advised"]
            .iter().map(|code| numbers[code].as_i64().unwrap()).collect();
        assert_eq!(shown, [6, 5, 1, 1, 46, 1, 6, 6, 1]);
        assert_eq!((&here["lines"], &here["township"]["name"]), (&json!([]), &json!("新城镇")), "no line before the county draws one");
        // Figures of the house agree with the card.
        let figures = admin.get("/api/v1/statistics?place=620201100").is(200).json();
        let mediations = figures["figures"].as_array().unwrap().iter().find(|one| one["code"] == "mediations").unwrap().clone();
        assert_eq!(mediations["parts"][0], numbers["raised"]);

        // Who may not open the cases is not told the single one, nor lets a sum tell it.
        let kept = card(&auditor.get(HERE).is(200).json(), VILLAGE);
        assert_eq!((&kept["numbers"]["settled"], &kept["numbers"]["failed"], &kept["kept_back"]), (&Value::Null, &Value::Null, &json!(true)));

        // Lines need a rule; drawn, each village is told whether it keeps to them, and none is put before another.
        let form = admin.get("/desk/statistics/villages/lines").is(200);
        let typed = [("settled_share", "80"), ("lectures", "2")];
        let refused = admin.fill(&form, "/lines", &typed).is(422);
        assert!(refused.text().contains("依据") && refused.body().contains("value=\"80\""), "{}", refused.text());
        let typed = [("settled_share", "80"), ("lectures", "2"), ("basis", "嘉司发〔2026〕3号")];
        let page = admin.fill(&form, "/lines", &typed).is(200);
        assert!(page.text().contains("嘉司发〔2026〕3号") && page.text().contains("达到 1 / 2"), "{}", page.text());
        admin.fill(&form, "/lines", &typed).is(409);
        let here = card(&admin.get(HERE).is(200).json(), VILLAGE);
        let held = json!([{"code": "settled_share", "at": 80, "reached": true}, {"code": "lectures", "at": 2, "reached": false}]);
        assert_eq!(here["lines"], held);
        let order: Vec<Value> = admin.get(HERE).json()["items"].as_array().unwrap().iter().map(|one| one["village"]["code"].clone()).collect();
        assert_eq!(order, codes.iter().map(|code| json!(code)).collect::<Vec<_>>());

        // The sheet for the wall keeps back what is small, whoever prints it; both languages; the workbook for who may.
        let id = here["village"]["id"].as_str().unwrap();
        let sheet = admin.get(&format!("/desk/statistics/villages/{id}")).is(200).text();
        for words in ["新城镇 横沟村", "提出的纠纷", "少于 5 的数不显示", "法治讲座不少于", "没有达到", "不打分，不排名"] {
            assert!(sheet.contains(words), "{words}: {sheet}");
        }
        assert!(!sheet.contains("马建军"));
        let english = town.program("county_admin").in_english();
        assert!(english.get("/desk/statistics/villages").is(200).text().contains("no ranking"));
        assert!(english.get(&format!("/desk/statistics/villages/{id}")).is(200).text().contains("Disputes raised"));
        let book = admin.get("/desk/statistics/villages.xlsx").is(200);
        assert!(book.bytes.starts_with(b"PK"));
        town.program("clerk").get("/desk/statistics/villages.xlsx").is(403);
        lawyer.get("/desk/statistics/villages").is(403);
        let past = format!("{HERE}?from={}&to={}", today().plus_days(-800), today().plus_days(-700));
        assert_eq!(card(&admin.get(&past).is(200).json(), VILLAGE)["numbers"]["raised"], 0);
        admin.get(&format!("{HERE}?place=999999")).refused(422, "division.unknown");
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_county_names_its_sites_and_they_are_marked_filtered_and_counted(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let lines = "/desk/statistics/villages/lines";
        let form = admin.get(lines).is(200);
        // A site needs the document that names it, a village that is there and a day that has come.
        for (sites, basis, at) in [("横沟村 2026-03-01", "", "basis"), ("横沟村", "嘉司发〔2026〕3号", "sites"),
            ("没有这个村 2026-03-01", "嘉司发〔2026〕3号", "sites"), ("横沟村 2099-01-01", "嘉司发〔2026〕3号", "sites")]
        {
            let refused = admin.fill(&form, "/lines", &[("sites", sites), ("basis", basis)]).is(422);
            assert!(refused.body().contains(&format!("href=\"#{at}\"")) && refused.body().contains(sites), "{sites}: {}", refused.text());
        }
        let typed = [("sites", "新城镇横沟村　2026年3月1日\n620201101201，2026-10-08"), ("basis", "嘉司发〔2026〕3号")];
        admin.fill(&form, "/lines", &typed).is(200);
        let again = admin.get(lines).is(200).body();
        assert!(again.contains("新城镇横沟村 2026-03-01\n") && again.contains(" 2026-10-08"), "{again}");
        // Marked, filtered, and counted by the day; the lines of numbers stay undrawn.
        let all = admin.get(HERE).is(200).json();
        let here = card(&all, VILLAGE);
        assert_eq!((&here["site_since"], &here["lines"]), (&json!("2026-03-01"), &json!([])));
        let only = admin.get(&format!("{HERE}?sites=yes")).is(200).json();
        assert_eq!((only["items"].as_array().unwrap().len(), all["items"].as_array().unwrap().len()), (2, 6));
        let in_summer = admin.get(&format!("{HERE}?sites=yes&from=2026-01-01&to=2026-07-31")).is(200).json();
        assert_eq!(in_summer["items"].as_array().unwrap().len(), 1);
        let count = |span: &str| {
            let told = admin.get(&format!("/api/v1/statistics?{span}")).is(200).json();
            told["figures"].as_array().unwrap().iter().find(|one| one["code"] == "no_litigation_sites").unwrap()["value"].clone()
        };
        assert_eq!((count("from=2026-01-01&to=2026-11-20"), count("from=2026-01-01&to=2026-07-31")), (json!(2), json!(1)));
        let page = admin.get("/desk/statistics/villages?sites=yes").is(200).text();
        assert!(page.contains("无讼村示范点，自2026年3月1日起") && page.contains("其中无讼村示范点 2 个"), "{page}");
        let sheet = town.program("county_admin").get(&format!("/desk/statistics/villages/{}", here["village"]["id"].as_str().unwrap())).is(200).text();
        assert!(sheet.contains("无讼村示范点，自2026年3月1日起"), "{sheet}");
        town.falin(&["stats", "reconcile"]).ok();
        // A program reads and sets the same; only who sets the county's rules may.
        let admin = town.program("county_admin");
        let set = admin.get("/api/v1/settings").is(200).json();
        assert!(set["scorecard"]["sites"].as_str().unwrap().starts_with("新城镇横沟村 2026-03-01"), "{set}");
        assert_eq!(town.program("clerk").post(lines, &[("sites", "")]).status, 403);
    }
}
