//! A legal-aid case and a mediation case in a real browser, from the resident's first page to the closed file: each
//! role in turn, a paper issued and downloaded on the way.

use super::turns::{PHONE, Turns, lawyer, signed_in};
use crate::browser::available;
use crate::town::{Backend, Town};

#[test]
fn legal_aid_goes_from_the_first_page_to_the_closed_file() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let turns = Turns::new(&town);
    let number = turns.applies(
        "/zh/620200/legal-aid/apply",
        &[
            &[("matter", "wages")],
            &[("facts", "包工头欠我三个月工资，二万一千元。")],
            &[],
            &[("exempt", "migrant")],
            &[("household_size", "4"), ("monthly_income", "3000")],
            &[],
            &[("applicant", "马建军"), ("phone", PHONE)],
        ],
    );
    let officer = signed_in(&town, "end-officer", "aid_officer");
    let second = signed_in(&town, "end-second", "aid_officer");
    let head = signed_in(&town, "end-head", "county_admin");
    let (lawyer, lawyers_name) = lawyer(&town);

    turns.sits(&officer);
    let case = turns.finds("/desk/legal-aid", &number);
    turns.takes(&case, "draft", &[("decision", "grant"), ("explanation", "农民工追索劳动报酬，免予核查。")]);
    turns.sits(&second);
    turns.takes(&case, "check", &[("agree", "true")]);
    turns.sits(&head);
    turns.takes(&case, "issue", &[("agree", "true")]);
    turns.sits(&officer);
    turns.issues(&case, "aid-grant", &[("recipient.name", "马建军"), ("cause", "劳动争议")], &officer);
    turns.page.go(&format!("{case}/steps/assign"));
    let worker = turns.page.run(&format!(
        "return [...document.querySelector('select[name=\"worker\"]').options].find(one => one.textContent.includes('{lawyers_name}')).value"
    ));
    turns.takes(&case, "assign", &[("worker", worker.as_str().unwrap())]);
    turns.issues(
        &case,
        "aid-assign",
        &[("recipient.name", "马建军"), ("assignee.name", &lawyers_name)],
        &officer,
    );
    turns.sits(&lawyer);
    turns.takes(&case, "accept", &[]);
    turns.takes(&case, "progress", &[("note", "已经和用人单位谈过一次。")]);
    turns.takes(
        &case,
        "report",
        &[("ended_on", "2026-10-30"), ("result", "won"), ("report", "工资全部付清。")],
    );
    turns.issues(&case, "aid-close", &[("recipient.name", "马建军"), ("closed_on", "2026-10-30")], &lawyer);
    turns.sits(&officer);
    turns.takes(&case, "close", &[("quality", "good"), ("satisfaction", "very")]);
    assert!(turns.page.text().contains("已结案"), "{}", turns.page.text());
    let told = turns.reads(&number);
    assert!(told.contains("已结案") && told.contains(&number), "{told}");
    town.falin(&["audit", "verify"]).ok();
}

#[test]
fn a_mediation_goes_from_the_first_page_to_the_closed_file() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let turns = Turns::new(&town);
    let number = turns.applies(
        "/zh/620200/mediation/apply",
        &[
            &[("dispute", "neighbours")],
            &[("facts", "邻居在巷道里砌了一道墙。")],
            &[("other_side", "王建国")],
            &[("applicant", "马建军"), ("phone", PHONE)],
        ],
    );
    let clerk = signed_in(&town, "end-clerk", "clerk");
    let mediator = signed_in(&town, "end-mediator", "mediator");

    turns.sits(&clerk);
    let case = turns.finds("/desk/mediation", &number);
    turns.takes(&case, "accept", &[("committee", "横沟村人民调解委员会")]);
    turns.issues(
        &case,
        "med-accept",
        &[("parties", "马建军"), ("parties", "王建国"), ("facts", "砌了一道墙")],
        &clerk,
    );
    turns.sits(&mediator);
    turns.takes(&case, "consents", &[("consent", "true")]);
    turns.takes(&case, "session", &[("held_on", "2026-10-20"), ("record", "双方都到了，谈了两个小时。")]);
    turns.takes(
        &case,
        "agree",
        &[("form", "oral"), ("agreement", "王建国十月底以前拆墙。"), ("effective_on", "2026-10-20")],
    );
    turns.issues(
        &case,
        "med-oral",
        &[("parties", "马建军"), ("terms", "拆墙"), ("committee.name", "横沟村")],
        &mediator,
    );
    turns.takes(&case, "visit", &[("visited_on", "2026-11-05"), ("performance", "on_time")]);
    turns.takes(&case, "close", &[("outcome", "oral"), ("performance", "on_time")]);
    turns.issues(&case, "med-close", &[("facts", "砌了一道墙"), ("result", "拆墙")], &mediator);
    let told = turns.reads(&number);
    assert!(told.contains("已办结") && told.contains(&number), "{told}");
    town.falin(&["audit", "verify"]).ok();
}
