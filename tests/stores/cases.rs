//! What the house does by itself with cases on both databases: whom it reminds, whom it gives a new question to, what it
//! does with the cases of somebody who has left, and how long a clock stands still.

use falin_app::casework::{self, Action, Opening, Seen};
use falin_app::{account, deadline, leave, today, worker};
use falin_domain::access::{Role, Visitor};
use falin_domain::directory::WorkerKind;
use falin_domain::workflow::{Manner, core};
use serde_json::{Value, json};

use super::deadlines::{person, told};
use super::duty::plan;
use super::plans::house::{House, done, refused};
use crate::town::{Backend, on_both};

fn house(backend: Backend) -> House {
    let house = House::new(backend);
    house.write(|tx| core().iter().try_for_each(|flow| falin_store::flow::keep(tx, flow).map(drop)));
    house
}

fn open(house: &House, who: &Visitor, flow: &str, place: usize, form: Value) -> Seen {
    let opening = Opening::new(flow, form.as_object().unwrap().clone());
    let opening = Opening { place: Some(house.villages[place].to_string()), ..opening };
    done(house.wait(casework::open(&house.app, who, opening)))
}

fn tried(
    house: &House,
    who: &Visitor,
    seen: &Seen,
    action: &str,
    form: Value,
) -> Result<Seen, falin_app::Stop> {
    let seen = done(house.wait(casework::one(&house.app, &house.me, &seen.case.flow, seen.case.id)));
    let (version, manner) = (seen.case.version, Manner::Program);
    let values = form.as_object().unwrap().clone();
    let action = Action { action: action.to_owned(), version, values, manner };
    house.wait(casework::act(&house.app, who, &seen.case.flow, seen.case.id, action))
}

fn act(house: &House, who: &Visitor, seen: &Seen, action: &str, form: Value) -> Seen {
    done(tried(house, who, seen, action, form))
}

/// Codes and days of the open deadlines of a case.
fn clocks(seen: &Seen) -> Vec<(String, String)> {
    seen.deadlines.iter().map(|row| (row.code.clone(), row.due.date().to_string())).collect()
}

fn asked() -> Value {
    json!({"question": "老板欠薪", "channel": "letter", "asker": "张建国", "phone": "13912345678"})
}

on_both! {
    fn whoever_has_no_account_is_reminded_in_person_and_no_neighbour_is(backend) {
        let house = house(backend);
        let neighbour = person(&house, Role::Resident, None, None);
        person(&house, Role::Clerk, None, None);
        let form = json!({"applicant": "马老汉", "phone": "13909371234", "facts": "欠薪", "matter": "wages"});
        let seen = open(&house, &house.me, "aid", 0, form);
        act(&house, &house.me, &seen, "ask_supplement", json!({"missing": "户口页", "supply_by": "2026-03-09"}));
        for _ in 0..9 {
            house.pass(1);
            done(house.wait(deadline::round(&house.app)));
        }
        assert_eq!(told(&house, &neighbour), [], "it is nobody else's application");
        let calls = house.town.texts("SELECT kind AS t FROM call_task WHERE kind LIKE 'notice-deadline%' ORDER BY kind");
        assert_eq!(calls, ["notice-deadline-reminded", "notice-deadline-urged"]);
    }

    fn cases_of_somebody_who_has_left_go_back_into_the_queue(backend) {
        let house = house(backend);
        let (county, me) = (house.county, house.lawyers[0]);
        let lawyer = person(&house, Role::Lawyer, None, Some(me));
        let clerk = person(&house, Role::Clerk, None, None);
        let seen = open(&house, &house.me, "consultation", 0, asked());
        assert_eq!(seen.case.worker_id, Some(me));
        assert_eq!(done(house.wait(leave::in_hand(&house.app, &house.me, me))).cases, 1);
        let there = house.read(move |tx| worker::Worker::by_id(tx, county, me));
        let last = Some("2026-03-04".parse().unwrap());
        done(house.wait(worker::set_last_day(&house.app, &house.me, me, there.version, last)));
        let waits = done(house.wait(today::county(&house.app, &house.me))).away;
        assert_eq!(waits.iter().map(|one| (one.worker.id, one.cases)).collect::<Vec<_>>(), [(me, 1)]);
        house.pass(2);
        assert_eq!(done(house.wait(casework::give_back_left(&house.app))), 0, "it is the last day still");
        house.pass(1);
        let form = json!({"answer": "先调解", "outcome": "answered"});
        assert_eq!(refused(tried(&house, &lawyer, &seen, "answer", form)), "action.not_allowed", "who is gone acts no more");
        let list = done(house.wait(leave::waiting(&house.app, &house.me)));
        assert!(list.iter().all(|one| one.cases == 1), "{list:?}");
        assert_eq!(done(house.wait(casework::give_back_left(&house.app))), 1);
        assert_eq!(done(house.wait(casework::give_back_left(&house.app))), 0);
        let seen = done(house.wait(casework::one(&house.app, &clerk, "consultation", seen.case.id)));
        assert_eq!((seen.case.worker_id, seen.steps.last().unwrap().step.action.as_str()), (None, "worker_left"));
        assert!(told(&house, &clerk).iter().any(|(kind, _)| kind == "notice-case-left"));
        let next = house.lawyers[1].to_string();
        act(&house, &clerk, &seen, "assign", json!({"worker": next, "reason": "前一位离任"}));
    }

    fn a_new_question_passes_whoever_stands_against_the_asker(backend) {
        let house = house(backend);
        let form = json!({"applicant": "王大力", "facts": "欠薪", "matter": "wages",
            "opponents": [{"name": "张建国", "phone": "13912345678"}]});
        let against = open(&house, &house.me, "aid", 0, form);
        let worker = house.lawyers[0].to_string();
        act(&house, &house.me, &against, "pre_provide", json!({"urgent_ground": "limitation", "worker": worker}));
        let seen = open(&house, &house.me, "consultation", 0, asked());
        assert_eq!(seen.case.worker_id, None, "the village's adviser works for the other side");
        let other = open(&house, &house.me, "consultation", 1, asked());
        assert_eq!(other.case.worker_id, Some(house.lawyers[1]));
    }

    fn a_notary_is_no_duty_lawyer_and_a_volunteer_answers_nothing(backend) {
        let house = house(backend);
        house.change_worker(0, |worker| worker.kind = WorkerKind::Volunteer);
        let seen = open(&house, &house.me, "consultation", 0, asked());
        assert_eq!(seen.case.worker_id, None, "questions are not led to a volunteer");
        let volunteer = person(&house, Role::Lawyer, None, Some(house.lawyers[0]));
        assert!(!done(house.wait(casework::one(&house.app, &volunteer, "consultation", seen.case.id))).allowed.contains(&"take".to_owned()));
        assert_eq!(refused(tried(&house, &volunteer, &seen, "take", json!({}))), "form.invalid");
        assert_eq!(refused(house.wait(casework::take_next(&house.app, &volunteer, "consultation"))), "case.none_waiting");
        let named = json!({"worker": house.lawyers[0].to_string()});
        assert_eq!(refused(tried(&house, &house.me, &seen, "assign", named)), "form.invalid");
        let lawyer = person(&house, Role::Lawyer, None, Some(house.lawyers[1]));
        act(&house, &lawyer, &seen, "take", json!({}));
        act(&house, &lawyer, &seen, "answer", json!({"answer": "先调解", "outcome": "answered"}));
        // In the village without an adviser whoever is on duty answers, but not a notary's hours.
        let hours = ("09:00", "12:00");
        plan(&house, house.lawyers[1], house.villages[3], "notary", hours);
        assert_eq!(open(&house, &house.me, "consultation", 3, asked()).case.worker_id, None);
        plan(&house, house.lawyers[2], house.villages[3], "window", hours);
        assert_eq!(open(&house, &house.me, "consultation", 3, asked()).case.worker_id, Some(house.lawyers[2]));
        // Nor does a volunteer get a lawyer's account with all the others.
        let roster = done(house.wait(account::roster_view(&house.app, &house.me, 10)));
        assert_eq!((roster.people, roster.lacking), (2, 1));
    }

    fn nobody_is_late_with_an_answer_while_the_asker_is_asked(backend) {
        let house = house(backend);
        let seen = open(&house, &house.me, "consultation", 0, asked());
        let first = clocks(&seen);
        assert_eq!(first.len(), 1);
        house.pass(1);
        let seen = act(&house, &house.me, &seen, "supply", json!({"note": "还有一张欠条"}));
        assert_eq!(clocks(&seen), first, "what is added unasked moves nothing");
        let seen = act(&house, &house.me, &seen, "ask_back", json!({"note": "合同签了吗"}));
        assert_eq!(clocks(&seen), []);
        house.pass(30);
        let seen = act(&house, &house.me, &seen, "supply", json!({"note": "没有"}));
        let again = clocks(&seen);
        assert_eq!((again.len(), &again[0].0), (1, &first[0].0));
        assert!(again[0].1 > first[0].1, "{again:?}");
        act(&house, &house.me, &seen, "answer", json!({"answer": "申请仲裁", "outcome": "answered"}));
    }

    fn the_days_of_the_applicant_are_not_the_centres(backend) {
        let house = house(backend);
        let form = json!({"applicant": "马建军", "facts": "欠薪", "matter": "wages"});
        // Seven days from Monday 2 March; five of them are left on Wednesday the 4th.
        let seen = open(&house, &house.me, "aid", 0, form);
        assert_eq!(clocks(&seen), [("aid.decision".to_owned(), "2026-03-09".to_owned())]);
        house.pass(2);
        let seen = act(&house, &house.me, &seen, "ask_supplement", json!({"missing": "户口页", "supply_by": "2026-03-20"}));
        assert_eq!(clocks(&seen), [("aid.supplement".to_owned(), "2026-03-20".to_owned())]);
        house.pass(7);
        let seen = act(&house, &house.me, &seen, "supplement", json!({"supplied": "户口页"}));
        assert_eq!(clocks(&seen), [("aid.decision".to_owned(), "2026-03-16".to_owned())]);
    }

    fn whoever_lacks_capacity_agrees_by_somebody_else(backend) {
        let house = house(backend);
        let mediator = person(&house, Role::Mediator, None, Some(house.lawyers[0]));
        let parties = |agent: Value| json!([{"name": "马小军", "side": "applicant", "capacity": "limited", "agent": agent},
            {"name": "王大力", "side": "respondent", "capacity": "full"}]);
        let form = json!({"applicant": "马小军", "facts": "打伤", "dispute": "damages", "parties": parties(Value::Null)});
        let seen = open(&house, &mediator, "mediation", 0, form);
        let deal = json!({"agreement": "赔三百元", "effective_on": "2026-03-02"});
        match tried(&house, &mediator, &seen, "settle_orally", deal.clone()) {
            Err(stop) => assert_eq!(stop.refusal().unwrap().fields[0].code, "mediation.no-agent"),
            Ok(_) => panic!("a minor has agreed alone"),
        }
        act(&house, &mediator, &seen, "parties", json!({"parties": parties(json!("马建军"))}));
        act(&house, &mediator, &seen, "settle_orally", deal);
    }
}
