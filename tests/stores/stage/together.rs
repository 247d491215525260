//! Two at once: of two equal cases, of two who want one room, of two who spend the same points, one wins.

use serde_json::{Value, json};

use super::{Stage, fault};
use crate::town::on_both;

/// Both servers do the same at once; how many were let through.
fn race(stage: &Stage, flow: &str, forms: [Value; 2]) -> usize {
    let other = stage.house.another();
    let apps = [stage.house.app.clone(), other];
    std::thread::scope(|scope| {
        let all: Vec<_> = apps
            .iter()
            .zip(forms)
            .map(|(app, form)| scope.spawn(move || stage.open_with(app, flow, form)))
            .collect();
        let answers = all.into_iter().map(|one| one.join().unwrap());
        let mut won = 0;
        for answer in answers {
            match answer {
                Ok(_) => won += 1,
                Err(stop) => assert!(stop.refusal().is_some(), "{stop}"),
            }
        }
        won
    })
}

on_both! {
    fn of_two_cases_with_one_number_one_stands(backend) {
        let stage = Stage::new(backend);
        for n in 0..6 {
            let form = json!({"code": format!("甲{n}")});
            assert_eq!(race(&stage, "trial/note", [form.clone(), form]), 1);
        }
        assert_eq!(stage.count("trial/note"), 6);
        let (field, code) = fault(stage.open("trial/note", json!({"code": "甲1"})));
        assert_eq!((field.as_str(), code.as_str()), ("code", "plugin.said"));
        // What was made void is no other case.
        let one = stage.open("trial/note", json!({"code": "乙"})).unwrap();
        stage.act(&one, "void", json!({})).unwrap();
        stage.open("trial/note", json!({"code": "乙"})).unwrap();
    }

    fn of_two_who_want_one_room_one_has_it(backend) {
        let stage = Stage::new(backend);
        let rooms = stage.rooms(&["一号庭", "村会议室", "二号庭"]);
        for day in 3..7 {
            let from = format!("2026-03-{day:02}T10:00:00+08:00");
            let form = |court: usize, village: usize| {
                json!({"court": rooms[court].to_string(), "village": rooms[village].to_string(), "from": from, "minutes": 60})
            };
            // They share a room, each under another field.
            assert_eq!(race(&stage, "trial/hearing", [form(0, 1), form(1, 2)]), 1, "{day}");
        }
        assert_eq!(stage.house.town.number("SELECT count(*) FROM booking WHERE state = 'confirmed'"), 8);
    }

    fn points_are_spent_once(backend) {
        let stage = Stage::new(backend);
        stage.open("trial/point", json!({"who": "王村", "points": 100})).unwrap();
        let form = json!({"who": "王村", "cost": 60, "less": -60});
        assert_eq!(race(&stage, "trial/spend", [form.clone(), form]), 1);
        let (field, code) = fault(stage.open("trial/spend", json!({"who": "王村", "cost": 41, "less": -41})));
        assert_eq!((field.as_str(), code.as_str()), ("cost", "plugin.said"));
        stage.open("trial/spend", json!({"who": "王村", "cost": 40, "less": -40})).unwrap();
    }
}
