//! Two people at one case: what the second typed is kept, an offer is found by the one it is made to, and the morning's
//! page counts whose turn it is.

use serde_json::json;

use super::cohandling::{Office, path};
use crate::town::on_both;

on_both! {
    fn what_was_typed_stays_when_the_case_has_moved(backend) {
        let office = Office::new(backend);
        let (clerk, lawyer) = (&office.clerk, &office.lawyer);
        let case = office.question(json!({}));
        let step = format!("/desk/consultations/{}/steps/answer", case["id"].as_str().unwrap());
        let form = lawyer.get(&step).is(200);
        office.act(clerk, &case, "note", json!({"note": "又打来一次电话"})).is(200);
        let long = "先去劳动监察大队投诉，带上考勤表。";
        let refused = lawyer.fill(&form, "steps/answer", &[("answer", long), ("outcome", "answered")]).is(409);
        let text = refused.text();
        assert!(refused.body().contains(long), "what was typed is gone: {text}");
        assert!(text.contains("又打来一次电话"), "what somebody else did is not told: {text}");
        lawyer.fill(&refused, "steps/answer", &[("answer", long), ("outcome", "answered")]).is(200);
        assert_eq!(office.now(&case)["state"], "answered");
        // A step that is past cannot be taken again; its words can be copied.
        let late = lawyer.fill(&form, "steps/answer", &[("answer", long), ("outcome", "answered")]).is(409);
        assert!(late.text().contains(long), "{}", late.text());
    }

    fn an_offer_is_found_by_whom_it_is_made_to(backend) {
        let office = Office::new(backend);
        let case = office.question(json!({}));
        let turns = office.lawyer.get("/api/v1/today").is(200).json()["turns"].clone();
        assert_eq!(turns, json!([{"flow": "consultation", "cases": 1}]));
        let page = office.lawyer.get("/desk").is(200);
        assert_eq!(page.link("咨询 1 件"), "/desk/consultations?queue=turn&open=true");
        let offer = json!({"worker": office.ids[1], "reason": "我下周出差", "version": case["version"]});
        office.lawyer.call("POST", &format!("{}/offers", path(&case)), &offer).is(200);
        let seen = office.second.get("/desk").is(200).text();
        assert!(seen.contains("我下周出差") && seen.contains(case["number"].as_str().unwrap()), "{seen}");
        let there = format!("/desk/consultations/{}", case["id"].as_str().unwrap());
        let there = office.second.get(&there).is(200).text();
        assert!(there.contains("请您接办，等您回话") && there.contains("我下周出差"), "{there}");
        let told = office.now(&case)["offered"].clone();
        assert_eq!((&told["to"]["id"], &told["reason"]), (&json!(office.ids[1]), &json!("我下周出差")));
        let offers = office.second.get("/api/v1/today").is(200).json()["offers"].clone();
        assert_eq!(offers[0]["case_id"], case["id"]);
        let others = office.town.program("mediator").get("/api/v1/today").is(200).json();
        assert!(others["offers"].as_array().unwrap().is_empty(), "{others}");
    }
}
