//! Forms that are refused come back whole: with what was typed, with what a colleague changed meanwhile, and what was
//! left out of something that repeats is told.

use serde_json::json;

use super::cohandling::{Office, path};
use super::duties::{lawyers, today};
use crate::town::{Answer, Client, Town, on_both};

/// What stands in a control of the form that goes to `action`.
fn stands(page: &Answer, action: &str, name: &str) -> String {
    let form = page.forms().into_iter().find(|form| form.action.contains(action));
    let form = form.unwrap_or_else(|| panic!("no form to {action}: {}", page.text()));
    form.fields.into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

/// Changes a thing at the desk from a form that was opened before a colleague's change.
fn overtaken(client: &Client, edit: &str, (theirs, there): (&str, &str), (mine, typed): (&str, &str)) {
    let opened = client.get(edit).is(200);
    let action = edit.trim_end_matches("/edit").to_owned();
    client.fill(&opened, &action, &[(theirs, there)]).is(200);
    let refused = client.fill(&opened, &action, &[(mine, typed)]).is(409);
    let text = refused.text();
    assert!(text.contains("刚才有人改过") && text.contains(&format!("现在是“{there}”")), "{edit}: {text}");
    assert_eq!(stands(&refused, &action, mine), typed, "what was typed stays");
    assert_ne!(stands(&refused, &action, "version"), stands(&opened, &action, "version"));
    client.fill(&refused, &action, &[(theirs, there)]).is(200);
    let after = client.get(edit).is(200);
    assert_eq!(
        (stands(&after, &action, theirs).as_str(), stands(&after, &action, mine).as_str()),
        (there, typed)
    );
}

on_both! {
    fn whoever_declines_a_case_says_why_and_is_shown_the_list(backend) {
        let office = Office::new(backend);
        let (lawyer, second) = (&office.lawyer, &office.second);
        let case = office.question(json!({}));
        let desk = path(&case).replace("/api/v1", "/desk");
        let page = lawyer.get(&desk).is(200);
        let refused = lawyer.fill(&page, "/offers", &[("worker", &office.ids[1]), ("reason", "")]).is(422);
        assert_eq!(stands(&refused, "/offers", "worker"), office.ids[1], "who was chosen stays");
        assert!(refused.body().contains("<details class=\"block\" open>"), "what was refused stands open");
        let waits = lawyer.fill(&refused, "/offers", &[("reason", "出差")]).is(200);
        assert!(waits.text().contains("等回话"), "{}", waits.text());

        let asked = second.get(&desk).is(200);
        let refused = second.fill(&asked, "/offers/answer", &[("answer", "decline"), ("reason", " ")]).is(422);
        assert!(refused.text().contains("不接办的话，为什么"), "{}", refused.text());
        let gone = second.fill(&refused, "/offers/answer", &[("answer", "decline"), ("reason", "下周开庭")]).is(200);
        assert_eq!(gone.path, "/desk/consultations", "the case is out of sight, the list is not");
        second.get(&desk).is(404);
        let told = lawyer.get(&desk).is(200).text();
        assert!(told.contains("没有接办： 下周开庭") || told.contains("没有接办：下周开庭"), "{told}");
        let english = office.town.program("lawyer").in_english().get(&desk).is(200).text();
        assert!(english.contains("did not take it over"), "{english}");
        // The next offer takes the place of the word on the last one.
        let offer = json!({"worker": office.ids[1], "reason": "还是请您", "version": office.now(&case)["version"]});
        lawyer.call("POST", &format!("{}/offers", path(&case)), &offer).is(200);
        assert!(office.now(&case)["declined"].is_null());
    }

    fn a_colleagues_change_is_shown_before_it_is_overwritten(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let first = |path: &str| -> String {
            let all = admin.get(path).is(200).json();
            all["items"][0]["id"].as_str().unwrap().to_owned()
        };
        let firm = first("/api/v1/firms");
        overtaken(&admin, &format!("/desk/firms/{firm}/edit"), ("head", "单于明"), ("address", "新华中路 9 号"));
        let worker = first("/api/v1/legal-workers");
        overtaken(&admin, &format!("/desk/workers/{worker}/edit"), ("specialties", "劳动"), ("languages", "藏语"));
        let room = json!({"name": "一号调解室", "capacity": 12});
        let room = admin.call("POST", "/api/v1/rooms", &room).is(201).json()["id"].as_str().unwrap().to_owned();
        overtaken(&admin, &format!("/desk/rooms/{room}/edit"), ("capacity", "14"), ("name", "小圆桌调解室"));
        let home = first("/api/v1/households?village=620201100201");
        overtaken(&admin, &format!("/desk/households/{home}/edit"), ("head", "马建军"), ("kind", "urban"));
        overtaken(&admin, "/desk/papers/office", ("center", "嘉峪关市法律援助中心"), ("contact", "雄关区司法局一楼"));
        let group = admin.get("/desk/groups/new").is(200);
        admin.fill(&group, "/desk/groups", &[("name", "横沟村群"), ("place", "620201100201"), ("members", "186")]).is(200);
        let group = first("/api/v1/contact-groups");
        overtaken(&admin, &format!("/desk/groups/{group}/edit"), ("members", "190"), ("keeper", "王芳"));
    }

    fn a_correction_keeps_what_it_does_not_speak_of(backend) {
        let town = Town::start(backend);
        let lawyer = town.program("lawyer");
        let log = json!({"kind": "mediation", "village": "620201100201", "people": 4, "report": true, "note": "群体性苗头"});
        let made = lawyer.call("POST", "/api/v1/service-logs", &log).is(201).json();
        let id = made["log"]["id"].as_str().or(made["id"].as_str()).unwrap_or_else(|| panic!("{made}")).to_owned();
        let shown = lawyer.get(&format!("/desk/logs/{id}")).is(200);
        assert!(shown.text().contains("重大事项"), "{}", shown.text());
        let edit = lawyer.get(&format!("/desk/logs/{id}/edit")).is(200);
        let refused = lawyer.fill(&edit, "/desk/logs/", &[("people", "五"), ("reason", "漏记一人")]).is(422);
        assert_eq!(stands(&refused, "/desk/logs/", "reason"), "漏记一人");
        lawyer.fill(&refused, "/desk/logs/", &[("people", "5")]).is(200);
        let after = lawyer.get(&format!("/api/v1/service-logs/{id}")).is(200).json();
        let after = after.get("log").unwrap_or(&after);
        assert_eq!((&after["people"], &after["report"]), (&json!(5), &json!(true)), "{after}");
        let page = lawyer.get(&format!("/desk/logs/{id}")).is(200);
        let stale = lawyer.fill(&page, "/withdraw", &[("version", "1"), ("reason", "记错了村")]).is(409);
        assert_eq!(stands(&stale, "/withdraw", "reason"), "记错了村");
    }

    fn what_a_repeat_left_out_is_told(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (people, day) = (lawyers(&town), today().plus_days(2));
        let text = |weeks: i64| day.plus_days(weeks * 7).to_string();
        let taken = json!({"worker_id": people[0], "kind": "hotline", "division": "620201100", "day": text(1), "from": "09:00", "to": "10:00"});
        admin.call("POST", "/api/v1/duty-shifts", &taken).is(201);
        let form = admin.get("/desk/duties/new").is(200);
        let until = text(2);
        let typed = [("worker", people[0].as_str()), ("place", "620201100"), ("day", &text(0)), ("until", &until)];
        let month = admin.fill(&form, "/desk/duties", &typed).is(200);
        assert!(month.text().contains("次。") && month.text().contains("已经有安排"), "{}", month.text());
        // Reading it again sends nothing again.
        let before = town.number("SELECT count(*) FROM duty_shift");
        assert!(admin.get(&month.path).is(200).text().contains("已经有安排"));
        assert_eq!(town.number("SELECT count(*) FROM duty_shift"), before);
        let odd = admin.get("/desk/duties?made=x&skipped=2026-13-01taken.zz").is(200);
        assert!(!odd.text().contains("没有排"), "{}", odd.text());

        let room = json!({"name": "二号调解室", "capacity": 8});
        let room = admin.call("POST", "/api/v1/rooms", &room).is(201).json()["id"].as_str().unwrap().to_owned();
        let held = json!({"room_id": room, "starts_at": format!("{}T09:00:00+08:00", text(1)),
            "ends_at": format!("{}T10:00:00+08:00", text(1)), "purpose": "邻里纠纷"});
        admin.call("POST", "/api/v1/bookings", &held).is(201);
        let form = admin.get(&format!("/desk/bookings/new?room_id={room}&date={}&from=09:00&minutes=60", text(0))).is(200);
        let typed = [("purpose", "每周例会"), ("repeat", "3"), ("skip", "yes")];
        let booked = admin.fill(&form, "/desk/bookings", &typed).is(200);
        assert!(booked.text().contains("排好了 2 次。") && booked.text().contains("已经有安排"), "{}", booked.text());
    }

    fn a_swap_that_is_refused_keeps_its_words(backend) {
        let office = Office::new(backend);
        let admin = office.town.program("county_admin");
        let body = json!({"worker_id": office.ids[0], "kind": "window", "division": "620201100",
            "day": today().plus_days(2).to_string(), "from": "09:00", "to": "12:00"});
        let made = admin.call("POST", "/api/v1/duty-shifts", &body).is(201).json();
        let at = format!("/desk/duties/{}", made["shift"]["id"].as_str().unwrap());
        let page = office.lawyer.get(&at).is(200);
        let form = page.forms().into_iter().find(|form| form.names.iter().any(|name| name == "to_worker"));
        let form = form.unwrap_or_else(|| panic!("{}", page.text()));
        let version = form.fields.iter().find(|(name, _)| name == "version").unwrap().1.clone();
        let typed = [("action", "offer"), ("to_worker", ""), ("note", "那天要开庭"), ("version", &version)];
        let refused = office.lawyer.post(&form.action, &typed).is(422);
        assert!(refused.body().contains("value=\"那天要开庭\""), "{}", refused.text());
        // What is stored of a shift stands in the form that changes it.
        let edit = admin.get(&format!("{at}/edit")).is(200);
        assert_eq!(stands(&edit, "/desk/duties/", "place"), "620201100");
    }
}
