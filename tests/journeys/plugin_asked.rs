//! What a plugin's library is asked beside its steps: pages, forms below them, events, jobs, figures. For each: it
//! answers, it refuses, it breaks, it hangs, it floods; and whatever it breaks costs that one question.

use serde_json::{Value, json};

use super::bookings::{at, room, workday};
use super::plugin_library::{DECLARATION, MATTERS, TASKS, begun_with, decide, in_use, town, town_of};
use super::plugins::settled;
use crate::town::{Answer, Client, Town, on_both};

const BOARD: &str = "/desk/pages/decide/board";

/// What the tasks are called that the library has opened.
fn tasks(clerk: &Client) -> Vec<String> {
    let all = clerk.get(&format!("{TASKS}?limit=100")).is(200).json();
    all["items"].as_array().unwrap().iter().map(|one| what(clerk, one)).collect()
}

fn what(clerk: &Client, task: &Value) -> String {
    let one = clerk.get(&format!("{TASKS}/{}", task["id"].as_str().unwrap())).is(200).json();
    one["fields"]["what"].as_str().unwrap_or_default().to_owned()
}

pub(super) fn press(clerk: &Client, key: &str) -> Answer {
    clerk.send(
        "POST",
        BOARD,
        &[("content-type", "application/x-www-form-urlencoded")],
        format!("action=press&key={key}").into_bytes(),
    )
}

pub(super) fn of_plugin(admin: &Client, rest: &str) -> String {
    let all = admin.get("/api/v1/plugins").is(200).json();
    format!("/api/v1/plugins/{}{rest}", all["items"][0]["id"].as_str().unwrap())
}

pub(super) fn letters(admin: &Client) -> Vec<Value> {
    admin.get(&of_plugin(admin, "/letters")).is(200).json()["items"].as_array().unwrap().clone()
}

/// Errands that wait or stand still.
fn errands(town: &Town) -> i64 {
    town.number("SELECT count(*) FROM plugin_errand")
}

pub(super) fn told(clerk: &Client, word: &str) {
    decide(clerk, &begun_with(clerk, "start"), word).is(200);
}

/// Takes a plugin out of use and puts it back: its deaths are forgotten.
fn released(admin: &Client) {
    for action in ["disable", "enable"] {
        let there = admin.get(&of_plugin(admin, "")).is(200).json();
        if action == "disable" && there["state"] == "quarantined" {
            continue;
        }
        let act = json!({"action": action, "version": there["version"]});
        admin.call("POST", &of_plugin(admin, "/actions"), &act).is(200);
    }
}

on_both! {
    fn a_page_shows_what_the_library_makes_of_what_its_reader_sees(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        begun_with(&clerk, "start");
        begun_with(&clerk, "start");
        let page = clerk.get(BOARD).is(200);
        let (text, html) = (page.text(), page.body());
        assert!(text.contains("2 open") && text.contains("请看一下"), "{text}");
        assert!(html.contains("&lt;b&gt;bold") && !html.contains("elsewhere.example"), "{html}");
        assert!(html.contains("href=\"/desk\""), "{html}");
        assert_eq!(tasks(&clerk), Vec::<String>::new(), "nobody changes anything by looking");
        town.program("lawyer").get(BOARD).refused(404, "not_found");
        let refused = clerk.get(&format!("{BOARD}?do=refuse"));
        assert_eq!(refused.status, 422);
        for word in ["break", "hang", "flood"] {
            assert_eq!(clerk.get(&format!("{BOARD}?do={word}")).status, 503, "{word}");
            assert!(clerk.get(BOARD).is(200).text().contains("2 open"), "the next question is answered");
        }
        // What the page does not declare behind its question mark the library never learns.
        clerk.get(&format!("{BOARD}?other=break")).is(200);
    }

    fn a_form_below_a_page_does_all_that_the_library_wants_or_nothing(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        let page = clerk.get(BOARD).is(200);
        assert!(page.text().contains("按一下"), "{}", page.text());
        let done = clerk.fill(&page, BOARD, &[("key", "good")]);
        assert!(done.body().contains("role=\"status\"><p>请看一下"), "{}", done.body());
        assert_eq!(tasks(&clerk), ["pressed"]);
        assert_eq!(town.number("SELECT count(*) FROM journal_entry WHERE event = 'plugin.noted'"), 1);
        let blank = press(&clerk, "");
        assert_eq!(blank.status, 422, "the form is checked before the library is asked");
        let refused = press(&clerk, "refuse");
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("还差5项"), "{}", refused.text());
        for word in ["torn", "break", "hang", "flood"] {
            assert_eq!(press(&clerk, word).status, 503, "{word}");
        }
        assert_eq!(press(&clerk, "misspelt").status, 303, "a message to nobody, or of no text, is bad input");
        assert_eq!(press(&clerk, "stale").status, 409, "that a document has moved is the house's own word");
        assert_eq!(tasks(&clerk), ["pressed"], "nothing of what was refused or broken is kept");
        press(&clerk, "many").is(303);
        assert_eq!(tasks(&clerk).len(), 21, "twenty effects a call at most");
        // Who may look need not be one who may press.
        let admin = town.program("county_admin");
        assert!(!admin.get(BOARD).is(200).text().contains("按一下"));
        assert_eq!(press(&admin, "good").status, 404);
    }

    fn what_a_library_wants_is_not_kept_once_the_plugin_is_switched_off(backend) {
        let Some(town) = town(backend) else { return };
        let cases = || town.number("SELECT count(*) FROM casefile");
        press(&town.program("clerk"), "slow").is(303);
        assert_eq!(cases(), 1);
        let clerk = town.program("clerk");
        let pressed = std::thread::scope(|scope| {
            let pressed = scope.spawn(move || press(&clerk, "slow"));
            std::thread::sleep(std::time::Duration::from_millis(20));
            town.sql("UPDATE plugin_install SET state = 'disabled'").unwrap();
            pressed.join().unwrap()
        });
        // It is told that something has moved on, or when it is asked again that the workflow is switched off.
        assert!(matches!(pressed.status, 503 | 409) && cases() == 1, "{} {}", pressed.status, cases());
    }

    fn who_takes_a_plugin_out_takes_out_what_waits_for_it(backend) {
        let Some(town) = town(backend) else { return };
        let admin = town.program("county_admin");
        told(&town.program("clerk"), "e-refuse");
        settled(|| !letters(&admin).is_empty());
        let post = "INSERT INTO plugin_post (county_id, id, plugin, post, account_id, from_ms, version)
            SELECT i.county_id, i.id, i.plugin, 'watch', a.id, 1, 1 FROM plugin_install i, account a WHERE a.username = 'clerk'";
        town.sql(post).unwrap();
        for action in ["disable", "remove"] {
            let there = admin.get(&of_plugin(&admin, "")).is(200).json();
            let act = json!({"action": action, "version": there["version"]});
            admin.call("POST", &of_plugin(&admin, "/actions"), &act).is(200);
        }
        assert_eq!(errands(&town), 0);
        for waits in ["plugin_post WHERE to_ms IS NULL", "plugin_letter WHERE state = 'waiting'"] {
            assert_eq!(town.number(&format!("SELECT count(*) FROM {waits}")), 0, "{waits}");
        }
    }

    fn a_library_looks_at_its_own_cases_alone(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        begun_with(&clerk, "start");
        begun_with(&clerk, "other");
        press(&clerk, "look").is(303);
        assert_eq!(tasks(&clerk), ["saw 1"]);
    }

    fn what_the_core_does_for_a_library_it_does_by_its_own_rules(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let asked = json!({"channel": "phone", "question": "墙", "anonymous": true, "matter": "wages", "place": "620201100201"});
        let asked = clerk.call("POST", "/api/v1/consultations", &asked).is(201).json();
        press(&clerk, &format!("note {}", asked["id"].as_str().unwrap())).is(303);
        let path = format!("/api/v1/consultations/{}", asked["id"].as_str().unwrap());
        let noted = clerk.get(&path).is(200).json();
        assert!(noted["steps"].to_string().contains("noted by the library"), "{noted}");
        // A room is booked once, and a paper that the flow does not offer is not issued.
        let (room, day) = (room(&admin, "程序订的", ""), workday(2));
        let book = format!("book {room} {} {}", at(day, "09:00"), at(day, "10:00")).replace('+', "%2B");
        press(&clerk, &book).is(303);
        let taken = press(&clerk, &book);
        assert!(taken.status == 422 && taken.text().contains("程序订的"), "{}", taken.text());
        assert_eq!(town.number("SELECT count(*) FROM booking WHERE state = 'confirmed'"), 1);
        let case = begun_with(&clerk, "start")["id"].as_str().unwrap().to_owned();
        press(&clerk, &format!("paper {case}")).is(303);
        assert_eq!(press(&clerk, &format!("other {case}")).status, 503);
        let papers = clerk.get("/api/v1/papers").is(200).json();
        let papers = papers["items"].as_array().unwrap();
        assert_eq!((papers.len(), &papers[0]["kind"]), (1, &json!("conf-proof")), "{papers:?}");
        let one = clerk.get(&format!("/api/v1/papers/{}", papers[0]["id"].as_str().unwrap())).is(200).json();
        assert!(one.to_string().contains("a wall"), "{one}");
    }

    fn documents_are_kept_with_the_rest_and_found_by_what_is_declared(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        press(&clerk, "keep").is(303);
        press(&clerk, "keep").is(303);
        let mut done = tasks(&clerk);
        done.sort();
        assert_eq!(done, ["kept once", "kept twice"]);
        // The third finds version 2 and refuses to guess: nothing of it is kept.
        assert_eq!(press(&clerk, "keep").status, 503);
        assert_eq!(tasks(&clerk).len(), 2);
        let clear = "SELECT count(*) FROM plugin_document_index WHERE member = 'n'";
        assert_eq!((town.number("SELECT count(*) FROM plugin_document WHERE version = 2"), town.number(clear)), (1, 1));
    }

    fn an_event_has_its_effect_once(backend) {
        let Some(mut town) = town(backend) else { return };
        let clerk = town.program("clerk");
        told(&clerk, "e-open");
        settled(|| errands(&town) == 0);
        assert_eq!(tasks(&clerk), ["told"]);
        told(&clerk, "e-many");
        settled(|| errands(&town) == 0);
        assert_eq!(tasks(&clerk).len(), 21);
        // What is told while the plugin is off waits, and a server that was stopped goes on where it stood.
        let admin = town.program("county_admin");
        told(&clerk, "e-open");
        settled(|| errands(&town) == 0);
        released(&admin);
        town.stop();
        town.serve();
        let clerk = town.program("clerk");
        assert_eq!(tasks(&clerk).len(), 22);
    }

    fn an_event_that_is_refused_stands_before_the_administrator(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        told(&clerk, "e-refuse");
        settled(|| letters(&admin).len() == 1);
        let letter = letters(&admin)[0].clone();
        assert_eq!((&letter["work"], &letter["code"]), (&json!("matter/decide"), &json!("plugin.refused")));
        let page = admin.get(&of_plugin(&admin, "").replace("/api/v1", "/desk")).is(200).text();
        assert!(page.contains("还差4项"), "{page}");
        assert_eq!(town.texts("SELECT refusal AS t FROM plugin_letter"), ["plugin.refused"], "its words are sealed");
        let path = of_plugin(&admin, &format!("/letters/{}/actions", letter["id"].as_str().unwrap()));
        let act = |action: &str, version: i64| admin.call("POST", &path, &json!({"action": action, "version": version}));
        act("retry", 1).is(200);
        settled(|| letters(&admin)[0]["version"].as_i64() >= Some(3));
        let letter = letters(&admin)[0].clone();
        act("drop", letter["version"].as_i64().unwrap()).is(200);
        assert_eq!((letters(&admin).len(), errands(&town)), (0, 0));
        // What the house does not let it do is refused as a whole.
        told(&clerk, "e-torn");
        settled(|| letters(&admin).len() == 1);
        assert_eq!(tasks(&clerk), Vec::<String>::new());
    }

    fn a_slow_library_holds_up_its_own_events_alone(backend) {
        // It may take its time: three seconds for each of four events.
        let patient = DECLARATION.replace("call_ms = 300", "call_ms = 5000");
        let Some((town, publisher)) = town_of(backend, &patient) else { return };
        let other = DECLARATION.replacen("id = \"decide\"", "id = \"other\"", 1);
        in_use(&town, &publisher, (&other.replace("〔{year}〕", "二〔{year}〕"), "other"));
        let (clerk, others) = (town.program("clerk"), MATTERS.replace("decide", "other"));
        settled(|| clerk.get(&others).status == 200);
        let case = clerk.call("POST", &others, &json!({"word": "start"})).is(201).json();
        for _ in 0..4 {
            told(&clerk, "e-slow");
        }
        let path = format!("{others}/{}/actions", case["id"].as_str().unwrap());
        let act = json!({"action": "decide", "version": case["version"], "word": "e-open"});
        clerk.call("POST", &path, &act).is(200);
        settled(|| town.number("SELECT count(*) FROM casefile WHERE flow = 'other/task'") == 1);
        let waiting = town.number("SELECT count(*) FROM plugin_errand WHERE plugin = 'decide'");
        assert!(waiting > 0, "the other's event was told after those of the slow one");
    }

    fn one_bad_event_has_its_letter_before_the_library_is_locked_away(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        told(&clerk, "e-break");
        told(&clerk, "e-open");
        settled(|| tasks(&clerk) == ["told"]);
        settled(|| letters(&admin).len() == 1);
        let there = admin.get(&of_plugin(&admin, "")).is(200).json();
        assert_eq!(there["state"], "enabled", "three deaths are no quarantine");
        let page = admin.get(&of_plugin(&admin, "").replace("/api/v1", "/desk")).is(200).text();
        assert!(page.contains("决定") && !page.contains("matter/decide"), "{page}");
        told(&clerk, "e-hang");
        settled(|| admin.get(&of_plugin(&admin, "")).json()["state"] == "quarantined");
        clerk.get(MATTERS).refused(503, "plugin.quarantined");
        for page in ["/desk/workflows/decide/matter", BOARD] {
            let said = clerk.get(page);
            assert!(said.status == 503 && said.body().contains("已被隔离"), "{page}: {}", said.body());
        }
        assert_eq!(errands(&town), 2, "what was not told waits");
        released(&admin);
        settled(|| letters(&admin).len() == 2);
    }

    fn a_job_is_done_part_by_part_for_each_case_once(backend) {
        let Some(mut town) = town(backend) else { return };
        let clerk = town.program("clerk");
        for word in ["j-parts", "j-refuse", "j-break", "start"] {
            begun_with(&clerk, word);
        }
        for _ in 0..2 {
            town.stop();
            town.serve();
            let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
            settled(|| letters(&admin).len() == 2);
            settled(|| town.number("SELECT count(*) FROM plugin_errand WHERE state = 'waiting'") == 0);
            let mut done = tasks(&clerk);
            done.sort();
            assert_eq!(done, ["last part", "part", "part"]);
        }
        assert_eq!(town.number("SELECT count(*) FROM plugin_job_run WHERE job = 'round'"), 4);
    }

    fn a_letter_whose_work_a_library_takes_over_waits_for_it(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        settled(|| errands(&town) == 0);
        begun_with(&clerk, "j-refuse");
        let letter = "INSERT INTO plugin_letter (county_id, id, plugin, kind, code, position, period, subject_id, refusal,
            generation, state, tries, created_ms, changed_ms, version)
            SELECT county_id, id, 'decide', 'job', 'round', 0, '2026-01-01', id, 'plugin.failed', 1, 'waiting', 1, created_ms,
            created_ms, 1 FROM casefile";
        town.sql(letter).unwrap();
        let path = of_plugin(&admin, &format!("/letters/{}/actions", letters(&admin)[0]["id"].as_str().unwrap()));
        admin.call("POST", &path, &json!({"action": "retry", "version": 1})).is(200);
        settled(|| letters(&admin).iter().any(|one| one["code"] == "plugin.refused"));
        assert_eq!(town.texts("SELECT state || period AS t FROM plugin_errand"), ["failed2026-01-01"]);
    }

    fn a_job_without_end_and_one_that_hangs_are_ended(backend) {
        let Some(mut town) = town(backend) else { return };
        let clerk = town.program("clerk");
        begun_with(&clerk, "j-endless");
        begun_with(&clerk, "j-hang");
        town.stop();
        town.serve();
        let admin = town.program("county_admin");
        // A thousand parts take a while.
        for _ in 0..40 {
            if letters(&admin).len() < 2 {
                std::thread::sleep(std::time::Duration::from_secs(3));
            }
        }
        settled(|| letters(&admin).len() == 2);
        assert!(letters(&admin).iter().all(|one| one["work"] == "round"), "{:?}", letters(&admin));
        assert_eq!(errands(&town), 2, "they stand still");
        let clear = "SELECT count(*) FROM plugin_errand WHERE cursor <> 'null'";
        assert_eq!((town.number(clear), town.number("SELECT count(*) FROM plugin_errand WHERE cursor_sealed IS NOT NULL")), (0, 1));
    }

    fn a_figure_has_the_rows_that_the_library_gives_it(backend) {
        let Some(town) = town(backend) else { return };
        let admin = town.program("county_admin");
        let settings = of_plugin(&admin, "/settings");
        let mut version = 0;
        let mut mood = |word: &str| {
            let set = json!({"settings": {"mood": word}, "version": version});
            version = admin.call("POST", &settings, &set).is(200).json()["version"].as_i64().unwrap();
        };
        let figures = || admin.get("/desk/figures/decide").is(200).text();
        let text = figures();
        assert!(text.contains("甲类") && text.contains("733"), "{text}");
        assert!(!text.contains("731"), "a single small row takes the next one with it: {text}");
        for word in ["refuse", "strange", "break", "hang", "flood"] {
            mood(word);
            let text = figures();
            assert!(text.contains("没有答复") && !text.contains("Zhang San"), "{word}: {text}");
            admin.get("/desk/statistics").is(200);
            if word == "hang" {
                released(&admin);
            }
        }
        mood("good");
        released(&admin);
        assert!(figures().contains("甲类"));
    }
}
