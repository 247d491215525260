//! A workflow's page for its administrators: what a move takes away is said before it is made, what was refused leaves the
//! rest of the page standing, and who answers a letter learns what came of it.

use serde_json::Value;

use super::plugin_asked::{letters, of_plugin, told};
use super::plugin_library::{MATTERS, begun_with, decide, town};
use super::plugins::settled;
use crate::town::{Client, on_both};

fn page_of(admin: &Client) -> String {
    of_plugin(admin, "").replace("/api/v1", "/desk")
}

fn there(admin: &Client) -> Value {
    admin.get(&of_plugin(admin, "")).is(200).json()
}

on_both! {
    fn what_a_move_takes_away_is_said_before_it_is_made(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let case = begun_with(&clerk, "start");
        let page = admin.get(&page_of(&admin)).is(200);
        let asked = admin.fill(&page, "/actions", &[("action", "disable")]);
        assert!(asked.status == 200 && asked.text().contains("1 件没办结的办件谁也打不开"), "{}", asked.text());
        assert_eq!(there(&admin)["state"], "enabled", "it was asked and not done");
        admin.fill(&asked, "/actions", &[("action", "disable")]).is(200);
        assert_eq!(there(&admin)["state"], "disabled");
        // Whoever worked on it learns why, and what becomes of it.
        decide(&clerk, &case, "fine").refused(503, "plugin.disabled");
        let seen = clerk.get(&format!("/desk/workflows/decide/matter/{}", case["id"].as_str().unwrap()));
        assert!(seen.status == 503 && seen.body().contains("本县停用了这个流程"), "{}", seen.body());
        // Removal says what goes; open cases refuse it, and the way out is one that can be walked.
        let asked = admin.fill(&admin.get(&page_of(&admin)).is(200), "/actions", &[("action", "remove")]);
        assert!(asked.status == 200 && asked.text().contains("30 天以内可以下载"), "{}", asked.text());
        let refused = admin.fill(&asked, "/actions", &[("action", "remove")]);
        assert!(refused.status == 409 && refused.text().contains("先重新启用"), "{}", refused.text());
        admin.fill(&refused, "/actions", &[("action", "enable")]).is(200);
        decide(&clerk, &case, "fine").is(200);
    }

    fn who_answers_a_letter_learns_what_came_of_it(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        told(&clerk, "e-refuse");
        settled(|| letters(&admin).len() == 1);
        let list = admin.get("/desk/plugins").is(200).text();
        assert!(list.contains("1 件没有自动办成"), "{list}");
        let page = admin.get(&page_of(&admin)).is(200);
        admin.fill(&page, "/letters/", &[("action", "drop")]).is(200);
        // The same page in another tab: it was answered meanwhile, and the page says so and stands.
        let late = admin.fill(&page, "/letters/", &[("action", "drop")]);
        assert!(late.status == 409 && late.text().contains("由程序决定"), "{} {}", late.status, late.text());
        let letter = page.forms().into_iter().find(|form| form.action.contains("/letters/")).unwrap().action;
        let id = letter.rsplit('/').next().unwrap();
        let done = admin.get(&format!("{}?letter={id}", page_of(&admin))).is(200).text();
        assert!(done.contains("已经处理"), "{done}");
        // A move that is refused leaves the letters on the page.
        told(&clerk, "e-refuse");
        settled(|| letters(&admin).len() == 1);
        let path = format!("{}/actions", page_of(&admin));
        let refused = admin.post(&path, &[("action", "enable"), ("version", "1")]);
        assert!(refused.status >= 400 && refused.text().contains("还差4项"), "{}", refused.text());
        // The administrators were told, once on this day.
        assert_eq!(town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-plugin-letter'"), 1);
        let inbox = admin.get("/desk/inbox").is(200).text();
        assert!(inbox.contains("“由程序决定”有事没有办成"), "{inbox}");
    }

    fn administrators_are_told_of_a_workflow_that_is_locked_away(backend) {
        let Some(town) = town(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        for _ in 0..5 {
            decide(&clerk, &begun_with(&clerk, "start"), "break");
        }
        settled(|| there(&admin)["state"] == "quarantined");
        assert_eq!(town.number("SELECT count(*) FROM inbox WHERE kind = 'notice-plugin-locked'"), 1);
        let inbox = admin.get("/desk/inbox").is(200).text();
        assert!(inbox.contains("“由程序决定”被隔离了"), "{inbox}");
        clerk.get(MATTERS).refused(503, "plugin.quarantined");
    }
}
