//! Through how many hands a legal-aid decision passes: as the county sets it, from the form and from a program.

use serde_json::json;

use super::aid_seen::{act, second};
use crate::town::{Client, Town, on_both};

const AID: &str = "/api/v1/legal-aid-applications";

fn drafted(town: &Town, by: &Client) -> String {
    let form = json!({"applicant": "马建军", "facts": "欠薪", "matter": "wages", "place": "620201100201"});
    let case = town.program("clerk").call("POST", AID, &form).is(201).json();
    let path = format!("{AID}/{}", case["id"].as_str().unwrap());
    act(by, &path, "draft", json!({"decision": "grant", "explanation": "符合"})).is(200);
    path
}

on_both! {
    fn a_decision_passes_through_as_many_hands_as_the_county_says(backend) {
        let town = Town::start(backend);
        let (officer, admin) = (town.program("aid_officer"), town.program("county_admin"));
        let second = second(&town);
        let yes = || json!({"agree": true});
        // Two: who drafts does neither; in a centre of one officer the county's administrator checks.
        let path = drafted(&town, &officer);
        act(&officer, &path, "check", yes()).refused(422, "case.own_draft");
        act(&admin, &path, "check", yes()).is(200);
        act(&admin, &path, "issue", yes()).is(200);
        // One, from the form.
        let form = admin.get("/desk/casework/settings").is(200);
        assert!(form.text().contains("拟办的人不审核"), "{}", form.text());
        admin.fill(&form, "/desk/casework/settings", &[("hands", "1")]).is(200);
        let path = drafted(&town, &officer);
        act(&officer, &path, "check", yes()).is(200);
        act(&officer, &path, "issue", yes()).is(200);
        // Three, from a program.
        let set = admin.get("/api/v1/settings").is(200).json();
        assert_eq!(set["casework"]["aid_hands"], 1, "{set}");
        let three = |hands: i32| json!({"action": "casework", "version": set["version"], "casework": {"aid_hands": hands}});
        admin.call("POST", "/api/v1/settings/actions", &three(4)).is(422);
        admin.call("POST", "/api/v1/settings/actions", &three(3)).is(200);
        let path = drafted(&town, &officer);
        act(&second, &path, "check", yes()).is(200);
        act(&second, &path, "issue", yes()).refused(422, "case.own_draft");
        act(&officer, &path, "issue", yes()).refused(422, "case.own_draft");
        act(&admin, &path, "issue", yes()).is(200);
    }
}
