//! One after the other: rooms and guards say what is wrong, hooks and jobs do their work once.

use falin_app::casework;
use falin_app::deadline;
use falin_app::plugin;
use falin_domain::access::Role;
use falin_domain::workflow::Manner;
use serde_json::json;

use super::{Stage, fault, values};
use crate::stores::deadlines::{person, told};
use crate::stores::plans::house::done;
use crate::town::on_both;

on_both! {
    fn rooms_are_held_all_or_none_and_given_back(backend) {
        let stage = Stage::new(backend);
        let rooms = stage.rooms(&["一号庭", "村会议室"]);
        let form = |court: usize, from: &str| {
            json!({"court": rooms[court].to_string(), "from": format!("2026-03-03T{from}:00+08:00"), "minutes": 60})
        };
        let first = stage.open("trial/hearing", form(0, "10:00")).unwrap();
        assert_eq!(stage.held(first.case.id), ["confirmed"]);
        // A quarter before and after is kept free as well, and a second room is not held for nothing.
        let mut both = form(1, "11:00");
        both["village"] = json!(rooms[0].to_string());
        let answer = stage.open("trial/hearing", both);
        let args = answer.as_ref().err().and_then(|stop| stop.refusal()).unwrap().fields[0].args.clone();
        assert!(args.iter().any(|(name, free)| name == "free" && free.contains("11:15")), "{args:?}");
        assert_eq!(fault(answer), ("village".to_owned(), "room.taken".to_owned()));
        assert_eq!(stage.house.town.number("SELECT count(*) FROM booking"), 1);
        let unknown = json!({"court": first.case.id.to_string(), "from": "2026-03-03T10:00:00+08:00", "minutes": 60});
        assert_eq!(fault(stage.open("trial/hearing", unknown)), ("court".to_owned(), "unknown".to_owned()));

        let back = stage.act(&first, "give_back", json!({})).unwrap();
        assert_eq!(stage.held(first.case.id), ["cancelled"]);
        let second = stage.open("trial/hearing", form(0, "10:00")).unwrap();
        stage.act(&second, "close", json!({})).unwrap();
        assert_eq!(stage.held(second.case.id), ["cancelled"], "a closed case holds nothing");
        stage.act(&back, "close", json!({})).unwrap();
        stage.open("trial/hearing", form(0, "10:00")).unwrap();
    }

    fn held_rooms_tell_the_people_as_bookings_do(backend) {
        let stage = Stage::new(backend);
        let rooms = stage.rooms(&["一号庭"]);
        let clerk = person(&stage.house, Role::Clerk, None, None);
        let form = json!({"court": rooms[0].to_string(), "from": "2026-03-20T10:00:00+08:00", "minutes": 60});
        let opening = casework::Opening::new("trial/hearing", values(form));
        let held = stage.house.wait(casework::open(&stage.house.app, &clerk, opening)).unwrap();
        let said = |kind: &str| stage.house.town.number(&format!("SELECT count(*) FROM inbox WHERE kind = '{kind}'"));
        // Who holds them knows, and is reminded the day before.
        assert_eq!((said("notice-booking-confirmed"), said("notice-booking-reminder")), (0, 1));
        stage.act(&held, "give_back", json!({})).unwrap();
        assert_eq!(stage.held(held.case.id), ["cancelled"]);
        assert_eq!((said("notice-booking-cancelled"), said("notice-booking-reminder")), (1, 0), "reminders go with the time");
    }

    fn co_defendants_have_different_lawyers_and_files_come_first(backend) {
        let stage = Stage::new(backend);
        let rooms = stage.rooms(&["一号庭"]);
        let form = |lawyer: usize, hour: u32| {
            json!({"court": rooms[0].to_string(), "from": format!("2026-03-03T{hour:02}:00:00+08:00"), "minutes": 30,
                "lawyer": stage.house.lawyers[lawyer].to_string(), "case_number": "（2026）甘刑1号"})
        };
        stage.open("trial/hearing", form(0, 9)).unwrap();
        assert_eq!(fault(stage.open("trial/hearing", form(0, 11))), ("lawyer".to_owned(), "worker.apart".to_owned()));
        stage.open("trial/hearing", form(1, 11)).unwrap();
        let note = stage.open("trial/note", json!({"code": "丙"})).unwrap();
        assert_eq!(fault(stage.act(&note, "file", json!({}))), ("file".to_owned(), "plugin.said".to_owned()));
    }

    fn a_hook_opens_one_linked_case_and_never_hurts_the_step(backend) {
        let stage = Stage::new(backend);
        let mediation = |n: usize| {
            json!({"dispute": "neighbours", "facts": "占道。", "applicant": (["张建国", "王秀兰"][n - 1])})
        };
        let flow = casework::Opening::new("mediation", crate::stores::stage::values(mediation(1)));
        let first = done(stage.house.wait(casework::open(&stage.house.app, &stage.house.me, flow)));
        assert_eq!(stage.count("trial/note"), 1, "{:?}", first.case.state);
        let note = stage.house.town.texts("SELECT number AS t FROM casefile WHERE flow = 'trial/note'");
        assert_eq!(note, ["记〔2026〕1号"]);
        assert_eq!(stage.house.town.number("SELECT count(*) FROM casefile_link WHERE kind = 'followed'"), 1);

        // The next number is taken before the hook comes to it: the mediation stands, the hook becomes a letter.
        let taken = first.case.number.replace("1号", "2号");
        stage.open("trial/note", json!({"code": taken})).unwrap();
        let flow = casework::Opening::new("mediation", crate::stores::stage::values(mediation(2)));
        let second = done(stage.house.wait(casework::open(&stage.house.app, &stage.house.me, flow)));
        assert_eq!(stage.count("trial/note"), 2, "{} {}", second.case.number, taken);
        let waiting = stage.letters();
        assert_eq!((waiting.len(), waiting[0].code.as_str()), (1, "form.invalid"));
        assert_eq!((waiting[0].about.as_str(), waiting[0].fields[0].name.as_str()), (second.case.number.as_str(), "code"));

        assert!(!done(stage.again(&waiting[0])), "the number is still taken");
        let again = stage.letters();
        assert_eq!(again[0].letter.tries, 2);
        stage.house.town.sql("UPDATE casefile_index SET value = 'x' WHERE field = 'code'").unwrap();
        assert!(done(stage.again(&again[0])));
        assert_eq!((stage.letters().len(), stage.count("trial/note")), (0, 3));
        assert!(stage.again(&again[0]).is_err(), "a letter is answered once");
        done(stage.house.wait(falin_app::audit::verify(&stage.house.app, &stage.house.me)));
    }

    fn a_hook_on_an_own_flow_follows_and_what_it_opens_stirs_nothing(backend) {
        let stage = Stage::new(backend);
        let note = stage.open("trial/note", json!({"code": "丁"})).unwrap();
        stage.act(&note, "close", json!({})).unwrap();
        assert_eq!((stage.count("trial/point"), stage.count("trial/note")), (1, 1));
    }

    fn a_right_of_a_workflows_own_is_told_to_staff_and_lapses_without_anybody_being_late(backend) {
        let stage = Stage::new(backend);
        let house = &stage.house;
        let (clerk, admin) = (person(house, Role::Clerk, None, None), person(house, Role::CountyAdmin, None, None));
        let seen = stage.open("trial/claim", json!({"about": "复核"})).unwrap();
        assert!(seen.flow.lapses("trial.claim"));
        let counts = || {
            let counts = done(house.wait(deadline::board_counts(&house.app, &house.me)));
            (counts.open, counts.soon, counts.overdue)
        };
        for _ in 0..8 {
            house.pass(1);
            done(house.wait(deadline::round(&house.app)));
        }
        let kinds: Vec<String> = told(house, &clerk).into_iter().map(|one| one.0).collect();
        assert_eq!(kinds, ["notice-deadline-lapsing"; 2], "nobody is urged");
        // Its last day has passed, and the clock has not come round yet.
        house.pass(3);
        assert_eq!(counts(), (1, 0, 0), "nobody is late");
        done(house.wait(deadline::round(&house.app)));
        assert_eq!((counts(), told(house, &admin)), ((0, 0, 0), Vec::new()), "nobody above hears of it");
        assert_eq!(told(house, &clerk).len(), 2);
    }

    fn a_job_looks_only_at_counts_that_have_risen(backend) {
        let stage = Stage::new(backend);
        for (count, usual) in [(10, 5), (9, 5), (4, 1), (12, 0)] {
            stage.open("trial/rise", json!({"count": count, "usual": usual})).unwrap();
        }
        done(stage.house.wait(plugin::run_jobs(&stage.house.app)));
        let risen = "SELECT count(*) FROM casefile WHERE flow = 'trial/rise' AND state = 'risen'";
        assert_eq!(stage.house.town.number(risen), 2, "ten against five, and twelve where none was usual");
        // The county sets a lower line than the plugin declares.
        let own = values(json!({"least": 3, "times": 150}));
        let set = plugin::set(&stage.house.app, &stage.house.me, stage.plugin, 0, (own, Manner::Program));
        done(stage.house.wait(set));
        stage.house.pass(1);
        done(stage.house.wait(plugin::run_jobs(&stage.house.app)));
        assert_eq!(stage.house.town.number(risen), 4, "nine against five, four against one");
    }

    fn days_since_a_case_was_opened_are_not_put_off_by_writing(backend) {
        let stage = Stage::new(backend);
        let rooms = stage.rooms(&["一号庭"]);
        let form = json!({"court": rooms[0].to_string(), "from": "2026-03-20T10:00:00+08:00", "minutes": 60});
        let held = stage.open("trial/hearing", form).unwrap();
        let closed = || {
            done(stage.house.wait(plugin::run_jobs(&stage.house.app)));
            stage.house.town.number("SELECT count(*) FROM casefile WHERE flow = 'trial/hearing' AND state = 'done'")
        };
        stage.house.pass(4);
        stage.act(&held, "give_back", json!({})).unwrap();
        assert_eq!(closed(), 0);
        stage.house.pass(1);
        assert_eq!(closed(), 1, "it moved a day ago, and is five days old");
    }

    fn a_job_runs_once_in_each_period_on_two_servers(backend) {
        let stage = Stage::new(backend);
        let other = stage.house.another();
        let villages = stage.house.villages.len() as i64;
        let both = || {
            std::thread::scope(|scope| {
                let one = scope.spawn(|| done(stage.house.wait(plugin::run_jobs(&stage.house.app))));
                let two = done(other.wait(plugin::run_jobs(&other)));
                one.join().unwrap() + two
            })
        };
        assert_eq!(both(), villages as u64);
        assert_eq!((both(), stage.count("trial/note")), (0, villages));
        // The clock jumps three weeks: only the week that it is in is made up for, and what waited was closed.
        let closed = "SELECT count(*) FROM casefile WHERE flow = 'trial/note' AND state = 'done'";
        stage.house.pass(21);
        both();
        assert_eq!((stage.count("trial/note"), stage.house.town.number(closed)), (villages, villages));
        // The same day again, and the clock a day back: the period has been.
        assert_eq!(both(), 0);
        stage.house.pass(-1);
        assert_eq!(both(), villages as u64, "the week before had not been");
        stage.house.pass(1);
        assert_eq!(both(), 0);
    }
}
