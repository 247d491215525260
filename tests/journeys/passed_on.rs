//! Questions that go elsewhere: a complaint to the window, a letter with its own clock, a referral that asks for the
//! name under the name it has here; and cases found again by person or number. Figures lead to the rows they count.

use serde_json::{Value, json};

use super::cohandling::{Office, path};
use super::duties::today;
use crate::town::client::encode;
use crate::town::{Client, on_both};

fn act(
    office: &Office,
    client: &Client,
    case: &Value,
    action: &str,
    mut fields: Value,
) -> crate::town::Answer {
    fields["action"] = json!(action);
    fields["version"] = office.now(case)["version"].clone();
    client.call("POST", &format!("{}/actions", path(case)), &fields)
}

on_both! {
    fn a_complaint_is_the_windows_and_no_lawyer_sees_it(backend) {
        let office = Office::new(backend);
        let (clerk, lawyer) = (&office.clerk, &office.lawyer);
        let case = office.question(json!({"kind": "complaint"}));
        assert_eq!((case["state"].as_str(), &case["worker"]), (Some("complaint"), &Value::Null), "{case}");
        assert_eq!(case["next_actor"]["role"], "clerk");
        lawyer.get(&path(&case)).refused(404, "not_found");
        let queue = |client: &Client| client.get("/api/v1/consultations?queue=unassigned").is(200).json()["items"].clone();
        assert_eq!((queue(lawyer), queue(clerk).as_array().unwrap().len()), (json!([]), 1));
        act(&office, clerk, &case, "answer", json!({"answer": "已经谈话提醒", "outcome": "answered"})).is(200);
        assert_eq!(office.now(&case)["state"], "answered");
    }

    fn a_letter_has_the_clock_of_letters(backend) {
        let office = Office::new(backend);
        let kinds = |case: &Value| -> Vec<String> {
            let all = case["deadlines"].as_array().unwrap();
            all.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
        };
        let letter = office.question(json!({"channel": "letter"}));
        assert_eq!(kinds(&letter), ["consultation.letter"]);
        act(&office, &office.lawyer, &letter, "answer", json!({"answer": "回信", "outcome": "answered"})).is(200);
        assert!(kinds(&office.now(&letter)).is_empty());
        assert_eq!(kinds(&office.question(json!({"channel": "wechat", "phone": "13912345679"}))), ["consultation.answer"]);
    }

    fn a_referral_asks_for_the_name_where_it_can_be_given(backend) {
        let office = Office::new(backend);
        let case = office.question(json!({"asker": null, "anonymous": true}));
        let refused = act(&office, &office.clerk, &case, "refer_aid", json!({})).refused(422, "form.invalid").json();
        assert_eq!(refused["fields"][0]["name"], "asker", "{refused}");
        let done = act(&office, &office.clerk, &case, "refer_aid", json!({"asker": "张建国"})).is(200).json();
        assert_eq!(done["links"][0]["flow"], "aid");
    }

    fn cases_are_found_by_person_and_number_and_a_ticket_is_one_however_typed(backend) {
        let office = Office::new(backend);
        let clerk = &office.clerk;
        let case = office.question(json!({"external_number": "abc-9"}));
        let again = json!({"question": "再问一次", "asker": "张建国", "channel": "phone", "external_number": "ＡＢＣ-9", "place": "620201100201"});
        clerk.call("POST", "/api/v1/consultations", &again).refused(409, "case.number_taken");
        let number = case["number"].as_str().unwrap();
        let plain = number.replace('〔', "[").replace("〕", "]");
        for text in [number, plain.as_str(), "abc-9"] {
            let found = clerk.get(&format!("/api/v1/search?q={}", encode(text))).is(200).json();
            assert_eq!(found["case"]["id"], case["id"], "{text}: {found}");
        }
        let found = clerk.get(&format!("/api/v1/search?q={}", encode("张建国"))).is(200).json();
        assert_eq!(found["cases"][0]["number"], number, "{found}");
        let page = clerk.get(&format!("/desk/search?q={}", encode("zhangjianguo"))).is(200);
        assert!(page.link(number).contains(case["id"].as_str().unwrap()));
        assert_eq!(office.town.program("mediator").get(&format!("/api/v1/search?q={}", encode("张建国"))).is(200).json()["cases"], json!([]));
    }

    fn figures_lead_to_the_rows_that_they_count(backend) {
        let office = Office::new(backend);
        let (clerk, admin) = (&office.clerk, office.town.program("county_admin"));
        let first = office.question(json!({}));
        office.question(json!({"phone": "13912345679"}));
        act(&office, &office.lawyer, &first, "answer", json!({"answer": "好", "outcome": "answered"})).is(200);
        let third = office.question(json!({"phone": "13912345670"}));
        act(&office, clerk, &third, "refer_aid", json!({})).is(200);
        let dispute = || {
            let form = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours", "place": "620201100201"});
            clerk.call("POST", "/api/v1/mediation-cases", &form).is(201).json()
        };
        let (_, withdrawn, settled) = (dispute(), dispute(), dispute());
        let step = |who: &Client, case: Value, action: &str, mut form: Value| {
            (form["action"], form["version"]) = (json!(action), case["version"].clone());
            let path = format!("/api/v1/mediation-cases/{}/actions", case["id"].as_str().unwrap());
            who.call("POST", &path, &form).is(200).json()
        };
        step(clerk, withdrawn, "withdraw", json!({}));
        let mediator = office.town.program("mediator");
        let settled = step(&mediator, settled, "accept", json!({}));
        let settled = step(&mediator, settled, "consents", json!({"consent": true}));
        let deal = json!({"form": "oral", "record": "双方都到了", "agreement": "让路", "effective_on": today()});
        step(&mediator, settled, "agree", deal);
        let table = admin.get("/api/v1/statistics").is(200).json();
        let (from, to) = (table["from"].as_str().unwrap(), table["to"].as_str().unwrap());
        for (code, count) in [("consultations", 3), ("consultations_answered", 2)] {
            let rows = format!("/api/v1/consultations?figure={code}&from={from}&to={to}");
            assert_eq!(clerk.get(&rows).is(200).json()["items"].as_array().unwrap().len(), count, "{code}");
            let figure = table["figures"].as_array().unwrap().iter().find(|one| one["code"] == code).cloned();
            assert_eq!(figure.unwrap()["value"], count, "{code}");
        }
        let value = |code: &str| table["figures"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap()["value"].clone();
        assert_eq!((value("aid_applications"), value("aid_granted")), (json!(1), json!(0)), "nobody has decided yet");
        // What was withdrawn, or is still under way, has neither succeeded nor failed.
        assert_eq!((value("mediations"), value("mediations_ended"), value("mediations_agreed")), (json!(3), json!(1), json!(1)));
        assert_eq!(value("mediation_rate"), json!(100.0));
        clerk.get("/api/v1/consultations?figure=mediations").refused(422, "form.invalid");
        let page = admin.get("/desk/statistics").is(200);
        assert!(page.body().contains("figure&#x3D;consultations_answered") || page.body().contains("figure=consultations_answered"));
    }
}
