//! What the law asks of cases in the workflows that the program carries: who may be given them, which day is the last,
//! which deadlines run on from where.

use falin_app::casework::{self, Action, Seen};
use falin_app::{Stop, deadline, notice};
use falin_domain::access::{Role, Visitor};
use falin_domain::directory::WorkerKind;
use falin_domain::page::Window;
use falin_domain::workflow::Manner;
use falin_store::division;
use serde_json::{Value, json};

use super::linked::led_to;
use super::{Stage, fault, values};
use crate::stores::deadlines::{person, told};
use crate::stores::duty::plan;
use crate::town::on_both;

/// Codes and last days of the open deadlines of a case, the earliest first.
fn running(stage: &Stage, seen: &Seen) -> Vec<(String, String)> {
    let (county, case) = (stage.house.county, seen.case.id);
    let open = stage.house.read(move |tx| deadline::of(tx, county, case.cast()));
    open.into_iter().map(|one| (one.code, one.due.date().to_string())).collect()
}

/// A step of the first lawyer of the roster.
pub fn as_lawyer(stage: &Stage, seen: &Seen, action: &str, form: Value) -> Result<Seen, Stop> {
    let house = &stage.house;
    let me = Visitor { worker: Some(house.lawyers[0]), ..house.me.clone() };
    let (action, version) = (action.to_owned(), seen.case.version);
    let action = Action { action, version, values: values(form), manner: Manner::Program };
    house.wait(casework::act(&house.app, &me, &seen.case.flow, seen.case.id, action))
}

fn codes(stage: &Stage, seen: &Seen) -> Vec<String> {
    running(stage, seen).into_iter().map(|(code, _)| code).collect()
}

fn said(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

/// A notice about one accused.
fn notice(n: u32, minor: bool) -> Value {
    json!({"notifier": "court", "organ": "市人民法院", "notice_number": format!("法援通{n}号"), "received_on": "2026-03-02", "stage": "first",
        "procedure": "ordinary", "organ_case_no": format!("刑初{n}号"), "accused": "马建军", "recipient_role": "defendant", "minor": minor,
        "cause": "盗窃", "has_lawyer": false})
}

fn agreement(effective_on: &str) -> Value {
    json!({"applicant": "马建军", "other": "王建国", "households": 1, "agreement_number": "3号", "effective_on": effective_on,
        "dispute": "neighbours", "terms": "月底付清。", "channel": "online"})
}

/// A confirmation that both sides sign on 9 March at the latest.
fn drafted(stage: &Stage) -> Seen {
    let seen = stage.open("court-link/confirmation", agreement("2026-02-05")).unwrap();
    let sound = json!({"subject": "payment", "both_apply": true, "voluntary": true, "clear": true, "court": "城区人民法院", "jurisdiction": true});
    stage.act(&seen, "check", sound).unwrap()
}

on_both! {
    fn the_accused_are_defended_by_those_whom_the_law_lets(backend) {
        let stage = Stage::carried(backend);
        let worker = |at: usize| stage.house.lawyers[at].to_string();
        stage.house.change_worker(1, |one| one.kind = WorkerKind::Notary);
        stage.house.change_worker(2, |one| one.licence = Some("16202202510100002".to_owned()));
        let future = notice(9, false);
        let future = |field: &str| { let mut form = future.clone(); form[field] = json!("2026-03-03"); form };
        assert_eq!(fault(stage.open("defence-coverage/defendant", future("received_on"))), said("received_on", "date.future"));

        let seen = stage.open("defence-coverage/defendant", notice(1, true)).unwrap();
        let optional = stage.act(&seen, "check", json!({"category": "may_notify"}));
        assert_eq!(fault(optional), said("category", "plugin.said"), "a minor is always defended");
        let grave = json!({"category": "mandatory", "mandatory_ground": "minor", "life_or_death": true});
        let seen = stage.act(&seen, "check", grave).unwrap();
        let given = |at: usize| json!({"worker": worker(at), "assigned_on": "2026-03-02", "specialist": true});
        assert_eq!(fault(stage.act(&seen, "assign", given(1))), said("worker", "worker.competence"));
        assert_eq!(fault(stage.act(&seen, "assign", given(2))), said("worker", "worker.practice"), "a minor who faces life");
        let seen = stage.act(&seen, "assign", given(0)).unwrap();
        let seen = stage.act(&seen, "send_letter", json!({"to_organ": "市人民法院", "letter_on": "2026-03-02"})).unwrap();
        assert_eq!(running(&stage, &seen), [said("aid.defence_papers", "2026-03-05")]);
        // The lawyer falls away after the letter: the centre has three days again.
        let seen = as_lawyer(&stage, &seen, "decline_late", json!({"reason": "生病住院"})).unwrap();
        assert_eq!((seen.case.state.as_str(), running(&stage, &seen)), ("checked", vec![said("aid.reply", "2026-03-05")]));

        let help = json!({"notifier": "court", "organ": "市人民法院", "person": "马建国", "charge": "盗窃", "stage": "first", "procedure": "fast_track"});
        let help = stage.open("defence-coverage/duty", help).unwrap();
        let sent = |at: usize| stage.act(&help, "arrange", json!({"worker": worker(at), "post": "court"}));
        assert_eq!(fault(sent(1)), said("worker", "worker.competence"));
        sent(2).unwrap();
    }

    fn an_application_is_in_time_by_its_own_day_and_the_last_day_rolls(backend) {
        let stage = Stage::carried(backend);
        let (one, two) = (drafted(&stage), drafted(&stage));
        // Thirty days from 5 February end on Saturday 7 March, so on Monday the 9th.
        assert_eq!(running(&stage, &one), [said("mediation.confirmation", "2026-03-09")]);
        stage.house.pass(7);
        let signed = |seen: &Seen, day: &str| stage.act(seen, "sign", json!({"signed_on": day, "service_address": true}));
        let handed = |seen: &Seen, day: &str| stage.act(seen, "submit", json!({"submitted_on": day, "channel": "online"}));
        let one = handed(&signed(&one, "2026-03-09").unwrap(), "2026-03-09").unwrap();
        assert_eq!(running(&stage, &one), [], "handed in");
        stage.house.pass(1);
        assert_eq!(fault(signed(&two, "2026-03-10")), said("signed_on", "date.expired"));
        let two = signed(&two, "2026-03-08").unwrap();
        assert_eq!(fault(handed(&two, "2026-03-10")), said("submitted_on", "date.expired"));
        assert_eq!(fault(handed(&two, "2026-03-11")), said("submitted_on", "date.future"));
        handed(&two, "2026-03-09").unwrap();
        let late = stage.open("court-link/confirmation", agreement("2026-02-06"));
        assert_eq!(fault(late), said("effective_on", "date.expired"), "the last day was Monday too");
        stage.open("court-link/confirmation", agreement("2026-02-08")).unwrap();
    }

    fn no_day_of_an_application_lies_before_what_it_follows(backend) {
        let stage = Stage::carried(backend);
        let seen = drafted(&stage);
        let sign = |day: &str, address: bool| stage.act(&seen, "sign", json!({"signed_on": day, "service_address": address}));
        assert_eq!(fault(sign("2026-01-05", true)), said("signed_on", "date.before"));
        assert_eq!(fault(sign("2026-03-02", false)), said("service_address", "plugin.said"));
        let seen = sign("2026-03-01", true).unwrap();
        let submit = |day: &str| stage.act(&seen, "submit", json!({"submitted_on": day, "channel": "online"}));
        assert_eq!(fault(submit("2026-02-28")), said("submitted_on", "date.before"));
        let seen = submit("2026-03-01").unwrap();
        let filed = |day: &str| stage.act(&seen, "accept", json!({"filed_on": day, "court_number": "民特7号"}));
        assert_eq!(fault(filed("2026-02-28")), said("filed_on", "date.before"));
        let seen = filed("2026-03-02").unwrap();
        let ruled = |day: &str, due: &str| stage.act(&seen, "rule", json!({"ruling": "confirmed", "ruled_on": day, "performance_due": due}));
        assert_eq!(fault(ruled("2026-03-01", "2026-03-31")), said("ruled_on", "date.before"));
        assert_eq!(fault(ruled("2026-03-02", "2020-01-01")), said("performance_due", "date.before"));
        ruled("2026-03-02", "2026-03-31").unwrap();
    }

    fn the_courts_period_of_a_referral_begins_with_consent_and_ends_with_the_mediation(backend) {
        let stage = Stage::carried(backend);
        let referral = json!({"court": "城区人民法院", "court_number": "诉前调2号", "kind": "entrusted_summary", "plaintiff": "马建军", "defendant": "王建国",
            "defendant_phone": "13909470001", "dispute": "neighbours", "facts": "占道"});
        let seen = stage.open("court-link/referral", referral).unwrap();
        let accept = |agrees: bool| stage.act(&seen, "accept", json!({"signed_on": "2026-03-02", "agrees": agrees}));
        assert_eq!(fault(accept(false)), said("agrees", "plugin.said"));
        let seen = accept(true).unwrap();
        assert_eq!(codes(&stage, &seen), ["mediation.entrusted_summary"]);
        let mediation = led_to(&stage, &seen);
        as_lawyer(&stage, &mediation, "settle_orally", json!({"agreement": "付清", "effective_on": "2026-03-02"})).unwrap();
        assert_eq!(codes(&stage, &seen), [""; 0]);
        assert_eq!(stage.house.town.number("SELECT count(*) FROM deadline WHERE code = 'mediation.entrusted_summary' AND met_ms IS NOT NULL"), 1);
    }

    fn a_visit_is_answered_by_those_who_may_advise_and_offered_to_the_mediators(backend) {
        let stage = Stage::carried(backend);
        let house = &stage.house;
        house.change_worker(1, |one| one.kind = WorkerKind::Notary);
        let visit = |count: u32, named: usize| json!({"visited_on": "2026-03-02", "anonymous": true, "count": count, "claim": "litigation", "facts": "漏水", "risk": "none",
            "representatives": vec![json!({"name": "马建军"}); named]});
        assert_eq!(fault(stage.open("petition/visit", visit(12, 0))), said("representatives", "plugin.said"));
        assert_eq!(fault(stage.open("petition/visit", visit(2, 3))), said("representatives", "plugin.said"));
        let seen = stage.open("petition/visit", visit(12, 5)).unwrap();
        assert_eq!(codes(&stage, &seen), ["petition.feedback"], "telling the petitioner in writing is the petition office's");

        // Who gave no name gives one later, and another day of the visit sets the window's clock.
        assert_eq!(fault(stage.act(&seen, "amend", json!({"anonymous": false}))), said("visitor", "required"));
        let seen = stage.act(&seen, "amend", json!({"anonymous": false, "visitor": "马建军", "visited_on": "2026-02-27"})).unwrap();
        assert_eq!(seen.case.person_name, "马建军");

        let lawyer = person(house, Role::Lawyer, None, Some(house.lawyers[0]));
        let mediator = person(house, Role::Mediator, None, None);
        let given = |at: usize| stage.act(&seen, "assign", json!({"worker": house.lawyers[at].to_string()}));
        assert_eq!(fault(given(1)), said("worker", "worker.competence"));
        // Who has the window today stands first, and nobody whose shift is in a village.
        let offered = || {
            let case = ("petition/visit", seen.case.id);
            let all = house.wait(casework::candidates(&house.app, &house.me, case, ("assign", "worker"))).unwrap();
            all.into_iter().map(|one| (one.worker.id, one.on_duty)).collect::<Vec<_>>()
        };
        let city = house.read({
            let (county, village) = (house.county, house.villages[0]);
            move |tx| division::line(tx, county, village)
        });
        let [first, _, last] = house.lawyers[..] else { panic!("three lawyers") };
        let before: Vec<_> = offered();
        assert!(before.iter().all(|one| !one.1) && before.len() == 2, "{before:?}");
        let on_duty = if before[0].0 == first { last } else { first };
        plan(house, on_duty, city[2].id, "window", ("09:00", "12:00"));
        plan(house, before[0].0, house.villages[0], "village", ("09:00", "12:00"));
        assert_eq!(offered(), [(on_duty, true), (before[0].0, false)]);
        let seen = as_lawyer(&stage, &seen, "answer", json!({"advice": "先调解", "minutes": 5})).unwrap();
        assert_eq!(seen.case.routed_by.as_deref(), Some("self"));
        let reads = |who: &Visitor| {
            let there = house.wait(casework::one(&house.app, who, "petition/visit", seen.case.id)).unwrap();
            (there.values.contains_key("facts"), there.hidden.contains(&"facts".to_owned()))
        };
        assert_eq!(reads(&mediator), (false, true), "what goes nowhere near the mediators is not theirs to read");
        let route = |other_side: &str| json!({"route": "mediation", "visitor": "马建军", "other_side": other_side, "consent_visitor": true, "consent_other": true});
        assert_eq!(fault(as_lawyer(&stage, &seen, "route", route(""))), said("other_side", "required"));
        let seen = as_lawyer(&stage, &seen, "route", route("王建国")).unwrap();
        assert_eq!((told(house, &mediator).len(), seen.next.as_ref().unwrap().leads), (1, false), "the mediators are asked");
        assert_eq!(reads(&mediator), (true, false));
        let turn = "SELECT count(*) FROM deadline WHERE code = 'petition.feedback' AND met_ms IS NULL AND dropped_ms IS NULL AND next_role = 'mediator' AND worker_id IS NULL";
        assert_eq!(house.town.number(turn), 1, "and reminded");
        drop(lawyer);
    }

    fn an_answer_of_the_court_outlasts_a_meeting_that_did_not_take_place(backend) {
        let stage = Stage::carried(backend);
        let seen = json!({"visitor": "马建军", "capacity": "applicant", "case_number": "执1号", "topic": "slow", "facts": "没进展"});
        let seen = stage.open("petition/enforcement", seen).unwrap();
        let seen = as_lawyer(&stage, &seen, "receive", json!({"advice": "说明步骤", "enough": false})).unwrap();
        let seen = stage.act(&seen, "court_answers", json!({"court_answer": "正在查控"})).unwrap();
        let booked = json!({"judge": "承办法官", "judge_at": "2026-03-05T09:30:00+08:00", "judge_place": "执行局"});
        let lawyer = person(&stage.house, Role::Lawyer, None, Some(stage.house.lawyers[0]));
        let seen = stage.act(&seen, "book_judge", booked).unwrap();
        // Who is called to a meeting is told when and where, and nothing of the case.
        let window = || Window { limit: 10, after: None };
        let inbox = stage.house.wait(notice::inbox(&stage.house.app, &lawyer, false, window())).unwrap();
        let calls = stage.house.wait(notice::calls(&stage.house.app, &stage.house.me, false, window())).unwrap();
        for args in [&inbox.items[0].args, &calls.items[0].args] {
            let said = args.iter().find(|(name, _)| name == "text").map(|(_, text)| (text.text(true), text.text(false)));
            let (zh, en) = said.unwrap();
            assert_eq!(zh, "已约好和执行法官见面：2026年3月5日 9:30，执行局");
            assert_eq!(en, "A meeting with the enforcement judge is fixed: 5 Mar 2026 9:30, 执行局");
        }
        let seen = stage.act(&seen, "meet_judge", json!({"judge_met": false})).unwrap();
        assert_eq!(seen.case.state, "answered");
        assert_eq!(fault(stage.act(&seen, "tell", json!({"told_on": "2030-01-01"}))), said("told_on", "date.future"));
    }

    fn a_ruling_that_is_not_performed_stays_in_sight_until_enforcement(backend) {
        let stage = Stage::carried(backend);
        let seen = stage.act(&drafted(&stage), "sign", json!({"signed_on": "2026-03-02", "service_address": true})).unwrap();
        let seen = stage.act(&seen, "submit", json!({"submitted_on": "2026-03-02", "channel": "online"})).unwrap();
        let seen = stage.act(&seen, "accept", json!({"filed_on": "2026-03-02", "court_number": "民特7号"})).unwrap();
        let ruled = json!({"ruling": "confirmed", "ruled_on": "2026-03-02", "performance_due": "2026-03-31"});
        let seen = stage.act(&seen, "rule", ruled).unwrap();
        let two_years = said("enforcement.application", "2028-03-31");
        assert_eq!(running(&stage, &seen), [said("court.objection_party", "2026-03-17"), two_years.clone()]);
        let seen = stage.act(&seen, "follow", json!({"performed": false, "enforced": false})).unwrap();
        assert_eq!(seen.case.state, "enforcement");
        assert!(running(&stage, &seen).contains(&two_years));
        let seen = stage.act(&seen, "follow", json!({"performed": false, "enforced": true})).unwrap();
        assert_eq!((seen.case.state.as_str(), running(&stage, &seen)), ("enforced", vec![]));
    }

    fn the_day_that_is_ordered_is_the_day_that_is_counted(backend) {
        let stage = Stage::carried(backend);
        // 7 March is a Saturday.
        let item = stage.open("visit-duties/item", json!({"list": "issue", "title": "路灯", "content": "不亮"})).unwrap();
        let order = |due: &str| json!({"unit": "市政所", "due_on": due, "milestones": [{"what": "看", "due": "2026-03-05"}, {"what": "修", "due": "2026-03-06"}]});
        assert_eq!(fault(stage.act(&item, "assign", order("2026-03-01"))), said("due_on", "date.past"));
        let item = stage.act(&item, "assign", order("2026-03-07")).unwrap();
        let step = |day: &str| said("visit-duties.milestone", day);
        assert_eq!(running(&stage, &item), [step("2026-03-05"), step("2026-03-06"), said("visit-duties.item", "2026-03-07")]);
        let done = json!({"progress": "看过了", "milestones": [{"what": "看", "due": "2026-03-05", "done_on": "2026-03-02"}, {"what": "修", "due": "2026-03-06"}]});
        let item = stage.act(&item, "progress", done).unwrap();
        assert_eq!(running(&stage, &item), [step("2026-03-06"), said("visit-duties.item", "2026-03-07")]);
        let item = stage.act(&item, "extend", json!({"due_on": "2026-03-14", "reason": "缺材料"})).unwrap();
        assert_eq!(running(&stage, &item)[1], said("visit-duties.item", "2026-03-14"));
        assert_eq!(codes(&stage, &stage.act(&item, "resolve", json!({"result": "亮了"})).unwrap()), [""; 0]);

        let duty = json!({"unit": "市教育局", "year": 2026, "task": "进校园", "kind": "law", "due_on": "2026-03-06"});
        let duty = stage.open("publicity/duty", duty).unwrap();
        assert_eq!(running(&stage, &duty), [said("publicity.duty", "2026-03-06")]);
        let task = stage.open("round-table/task", json!({"meeting": "分水", "matter": "修渠", "owner": "水管所", "due_on": "2026-03-07"})).unwrap();
        assert_eq!(running(&stage, &task), [said("round-table.task", "2026-03-07")]);
        let asked = json!({"title": "停车收费", "unit": "市城市管理局", "kind": "document", "begins_on": "2026-02-20", "ends_on": "2026-03-04", "channels": ["web"]});
        let asked = stage.open("legality-review/public-comment", asked).unwrap();
        assert_eq!(running(&stage, &asked), [said("legality-review.comment", "2026-03-04")]);
        assert!(stage.act(&asked, "close", json!({"comments": 3})).is_err(), "people may still write");
        stage.house.pass(3);
        stage.act(&asked, "close", json!({"comments": 3})).unwrap();
        let known = json!({"applicant": "马建军", "respondent": "市自然资源局", "source": "before", "known_on": "2026-02-02", "matter": "land", "facts": "不服"});
        let known = stage.open("legality-review/dispute", known).unwrap();
        assert_eq!(running(&stage, &known), [said("reconsideration.application", "2026-04-03")]);
    }

    fn an_item_has_the_clock_of_its_grade_wherever_it_comes_back_from(backend) {
        let stage = Stage::carried(backend);
        let found = json!({"dispute": "land", "facts": "补偿谈不拢", "found_on": "2026-03-02", "source": "round"});
        let seen = stage.open("screening/item", found).unwrap();
        let seen = stage.act(&seen, "report_up", json!({"danger": false, "reason": "跨镇", "measures": "先稳住"})).unwrap();
        let seen = stage.act(&seen, "send_down", json!({"instruction": "镇里办", "grade": "serious"})).unwrap();
        assert_eq!(codes(&stage, &seen), ["screening.owner", "screening.settle_serious"]);
        let given = json!({"team": "综治中心", "leader": "负责人", "worker": stage.house.lawyers[0].to_string(), "plan": "分头谈", "due_on": "2026-03-10"});
        let seen = stage.act(&seen, "give", given.clone()).unwrap();
        let up = stage.act(&seen, "report_up", json!({"danger": false, "reason": "谈崩了", "measures": "劝住"})).unwrap();
        let mut answer = given;
        (answer["instruction"], answer["grade"]) = (json!("一般办理"), json!("ordinary"));
        let seen = stage.act(&up, "instruct", answer).unwrap();
        assert_eq!(codes(&stage, &seen), ["screening.settle_ordinary"], "the old grade's clock is gone");
        let settled = json!({"outcome": "oral", "result": "说开了", "days": 3});
        let seen = stage.act(&seen, "settle", settled).unwrap();
        assert_eq!(codes(&stage, &seen), [""; 0]);
    }

    fn a_time_that_is_lost_sets_the_clock_again(backend) {
        let stage = Stage::carried(backend);
        let room = stage.rooms(&["阅卷室"])[0].to_string();
        let asked = json!({"kind": "file_reading", "applicant": "仇文静", "phone": "13900000000", "licence": "16202201510100000", "firm": "雄关律师事务所",
            "mandate": "entrusted", "organ": "市人民检察院", "case_number": "刑诉1号", "case_kind": "criminal", "file_stage": "prosecution",
            "medium": "online", "near_site": "市中心", "far_site": "市检察院", "far_contact": "案管"});
        let seen = stage.open("remote-session/session", asked).unwrap();
        let seen = stage.act(&seen, "check", json!({"papers_complete": true})).unwrap();
        let seen = stage.act(&seen, "offer", json!({"starts_at": "2026-03-04T10:00:00+08:00", "minutes": 60, "near_room": room})).unwrap();
        let seen = stage.act(&seen, "confirm_near", json!({"near_by": "窗口"})).unwrap();
        let seen = stage.act(&seen, "confirm_far_too", json!({"far_by": "案管"})).unwrap();
        let seen = stage.act(&seen, "announce", json!({})).unwrap();
        assert_eq!((codes(&stage, &seen), stage.held(seen.case.id)), (vec![], vec!["confirmed".to_owned()]));
        let seen = stage.act(&seen, "lose_slot", json!({"reason": "设备检修"})).unwrap();
        assert_eq!(seen.case.state, "docs_checked");
        assert_eq!((codes(&stage, &seen), stage.held(seen.case.id)), (vec!["remote-session.reading".to_owned()], vec!["cancelled".to_owned()]));
    }

    fn a_mediation_remembers_who_sent_it(backend) {
        let stage = Stage::carried(backend);
        let source = || stage.house.town.texts("SELECT value AS t FROM casefile_index WHERE flow = 'mediation' AND field = 'source' ORDER BY t");
        let referral = json!({"court": "城区人民法院", "court_number": "诉前调1号", "kind": "delegated", "plaintiff": "马建军", "defendant": "王建国", "dispute": "neighbours", "facts": "占道"});
        let seen = stage.open("court-link/referral", referral).unwrap();
        stage.act(&seen, "accept", json!({"signed_on": "2026-03-02", "agrees": true, "handled_by": "lawyers_room"})).unwrap();
        assert_eq!(source(), ["court"]);
        let visit = json!({"visited_on": "2026-03-02", "visitor": "马建军", "count": 1, "claim": "litigation", "facts": "漏水", "risk": "none"});
        let visit = stage.open("petition/visit", visit).unwrap();
        let danger = |reported: bool| json!({"advice": "先报警", "minutes": 5, "risk": "danger", "reported": reported});
        assert_eq!(fault(as_lawyer(&stage, &visit, "answer", danger(false))), said("reported", "plugin.said"));
        let visit = as_lawyer(&stage, &visit, "answer", danger(true)).unwrap();
        assert_eq!(fault(as_lawyer(&stage, &visit, "route", json!({"route": "litigation"}))), said("guidance", "required"));
        let both = json!({"route": "mediation", "visitor": "马建军", "other_side": "王建国", "consent_visitor": true, "consent_other": true});
        let visit = as_lawyer(&stage, &visit, "route", both).unwrap();
        stage.act(&visit, "receive", json!({"taken": true})).unwrap();
        assert_eq!(source(), ["court", "petition"]);
    }

    fn the_ledger_hears_of_every_end_of_a_mediation(backend) {
        let stage = Stage::carried(backend);
        let form = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours", "source": "own"});
        let ended = |action: &str, more: Value| {
            let seen = stage.open("mediation", form.clone()).unwrap();
            let seen = if action == "consents" { stage.act(&seen, "accept", json!({})).unwrap() } else { seen };
            stage.act(&seen, action, more).unwrap();
        };
        ended("consents", json!({"consent": false}));
        ended("consents", json!({"consent": true}));
        ended("withdraw", json!({"reason": "不想调了"}));
        ended("not_accept", json!({"reason": "已经起诉"}));
        let told = stage.house.town.texts("SELECT value AS t FROM casefile_index WHERE flow = 'screening/result' AND field = 'outcome' ORDER BY t");
        assert_eq!(told, ["not_accepted", "refused", "withdrawn"]);
    }
}
