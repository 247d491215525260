//! Terms of an agreement on both databases: each day on which some fall due reminds their mediator, until they are
//! performed.

use falin_app::casework::{self, Action, Opening, Seen};
use falin_app::deadline;
use falin_domain::access::{Role, Visitor};
use falin_domain::workflow::{Manner, core};
use serde_json::{Value, json};

use super::deadlines::{person, told};
use super::plans::house::{House, done};
use crate::town::on_both;

fn act(house: &House, who: &Visitor, seen: &Seen, action: &str, form: Value) -> Seen {
    let (version, manner) = (seen.case.version, Manner::Program);
    let values = form.as_object().unwrap().clone();
    let action = Action { action: action.to_owned(), version, values, manner };
    done(house.wait(casework::act(&house.app, who, "mediation", seen.case.id, action)))
}

/// What was agreed, with the day of each term on which it was done.
fn terms(done_on: [&str; 4]) -> Value {
    json!([
        {"what": "付第一笔", "due": "2026-03-06", "done_on": done_on[0]},
        {"what": "拆墙", "due": "2026-03-10", "done_on": done_on[1]},
        {"what": "赔礼道歉", "done_on": done_on[2]},
        {"what": "付第二笔", "due": "2026-03-10", "done_on": done_on[3]},
    ])
}

fn settled(house: &House, who: &Visitor) -> Seen {
    house.write(|tx| core().iter().try_for_each(|flow| falin_store::flow::keep(tx, flow).map(drop)));
    let form = json!({"applicant": "马建军", "facts": "邻居砌墙", "dispute": "neighbours"});
    let opening = Opening::new("mediation", form.as_object().unwrap().clone());
    let seen = done(house.wait(casework::open(&house.app, who, opening)));
    let deal = json!({"agreement": "拆墙付钱", "effective_on": "2026-03-02", "terms": terms([""; 4])});
    act(house, who, &seen, "settle_orally", deal)
}

/// Days of the open terms of a case, with their places in the list.
fn waiting(seen: &Seen) -> Vec<(String, String)> {
    let rows = seen.deadlines.iter().filter(|row| row.code == "mediation.performance");
    rows.map(|row| (row.due.to_string(), row.items.as_ref().unwrap().to_string())).collect()
}

fn day(due: &str, items: &str) -> (String, String) {
    (due.to_owned(), items.to_owned())
}

/// Lets days pass, with the clock's round on each.
fn live(house: &House, days: i64) {
    for _ in 0..days {
        house.pass(1);
        done(house.wait(deadline::round(&house.app)));
    }
}

/// What somebody is told of deadlines.
fn reminded(house: &House, who: &Visitor) -> Vec<(String, String)> {
    told(house, who).into_iter().filter(|(kind, _)| kind.starts_with("notice-deadline")).collect()
}

fn on(kind: &str, day: &str) -> (String, String) {
    (format!("notice-deadline-{kind}"), day.to_owned())
}

on_both! {
    fn terms_remind_before_and_on_their_day_until_they_are_performed(backend) {
        let house = House::new(backend);
        let mediator = person(&house, Role::Mediator, None, Some(house.lawyers[0]));
        let admin = person(&house, Role::CountyAdmin, None, None);
        let seen = settled(&house, &mediator);
        assert_eq!(waiting(&seen), [day("2026-03-06", "1"), day("2026-03-10", "2,4")]);
        // Monday 2 March; the first day is Friday the 6th.
        live(&house, 4);
        let first = [on("reminded", "2026-03-05"), on("urged", "2026-03-06")];
        assert_eq!(reminded(&house, &mediator), first);
        let form = json!({"performance": "partly", "terms": terms(["2026-03-06", "2026-03-06", "", ""])});
        let seen = act(&house, &mediator, &seen, "perform", form);
        assert_eq!(waiting(&seen), [day("2026-03-10", "4")]);
        live(&house, 3);
        let third = [&first[..], &[on("reminded", "2026-03-09")]].concat();
        assert_eq!(reminded(&house, &mediator), third, "what was done on the day says nothing more");
        let form = json!({"performance": "on_time", "terms": terms(["2026-03-06", "2026-03-06", "", "2026-03-09"])});
        let seen = act(&house, &mediator, &seen, "perform", form);
        assert_eq!(waiting(&seen), []);
        live(&house, 4);
        assert_eq!(reminded(&house, &mediator), third, "performed before the day, so nobody is told on it");
        assert_eq!(reminded(&house, &admin), [], "what the parties owe is no lateness of the house");
        let rows = house.town.texts("SELECT due || ' ' || CASE WHEN met_ms IS NULL THEN 'open' ELSE 'met' END AS t \
            FROM deadline WHERE code = 'mediation.performance' ORDER BY due");
        assert_eq!(rows, ["2026-03-06 met", "2026-03-10 met"]);
    }

    fn a_term_that_is_put_off_waits_for_its_new_day(backend) {
        let house = House::new(backend);
        let mediator = person(&house, Role::Mediator, None, Some(house.lawyers[0]));
        let seen = settled(&house, &mediator);
        live(&house, 3);
        let mut later = terms([""; 4]);
        later[0]["due"] = json!("2026-03-13");
        let seen = act(&house, &mediator, &seen, "perform", json!({"performance": "partly", "terms": later}));
        assert_eq!(waiting(&seen), [day("2026-03-10", "2,4"), day("2026-03-13", "1")]);
        live(&house, 12);
        let all = [on("reminded", "2026-03-05"), on("reminded", "2026-03-09"), on("urged", "2026-03-10"),
            on("reminded", "2026-03-12"), on("urged", "2026-03-13")];
        assert_eq!(reminded(&house, &mediator), all);
        let form = json!({"outcome": "oral", "performance": "not", "dossier": false});
        let seen = act(&house, &mediator, &seen, "close", form);
        let left: Vec<&str> = seen.deadlines.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(left, ["mediation.confirmation"], "what has passed says no more, the right of the parties lives on");
    }

    fn what_is_still_to_be_performed_goes_on_after_the_case_is_closed(backend) {
        let house = House::new(backend);
        let mediator = person(&house, Role::Mediator, None, Some(house.lawyers[0]));
        let seen = settled(&house, &mediator);
        let close = |reason: &str| json!({"outcome": "oral", "performance": "partly", "dossier": false, "reason": reason});
        let (values, version) = (close("").as_object().unwrap().clone(), seen.case.version);
        let early = Action { action: "close".to_owned(), version, values, manner: Manner::Program };
        match house.wait(casework::act(&house.app, &mediator, "mediation", seen.case.id, early)) {
            Err(stop) => assert_eq!(stop.refusal().unwrap().fields[0].code, "mediation.terms-ahead"),
            Ok(_) => panic!("closed without a word on what is still due"),
        }
        let seen = act(&house, &mediator, &seen, "close", close("双方要求先结案"));
        assert!(seen.case.closed_ms.is_some());
        assert_eq!(waiting(&seen), [day("2026-03-06", "1"), day("2026-03-10", "2,4")]);
        live(&house, 4);
        assert_eq!(reminded(&house, &mediator), [on("reminded", "2026-03-05"), on("urged", "2026-03-06")]);
        let closed = seen.case.closed_ms;
        let form = json!({"performance": "partly", "terms": terms(["2026-03-06", "2026-03-06", "", ""])});
        let seen = act(&house, &mediator, &seen, "perform", form);
        assert_eq!((waiting(&seen), seen.case.closed_ms), (vec![day("2026-03-10", "4")], closed));
        let seen = act(&house, &mediator, &seen, "confirmation", json!({"confirmation": "applied"}));
        assert!(seen.deadlines.iter().all(|row| row.code == "mediation.performance"), "{:?}", seen.deadlines);
        act(&house, &mediator, &seen, "visit", json!({"visited_on": "2026-03-06"}));
        let closings = "SELECT details AS t FROM journal_entry WHERE event = 'case.closed'";
        assert_eq!(house.town.texts(closings).len(), 1, "it was closed once");
    }
}
