//! An upgrade whose new version is no good: one that fails its trial is never put in use, one that dies goes back by
//! itself; open cases keep the version that they began with throughout.

use serde_json::{Value, json};

use super::plugin_library::{MATTERS, begun_with, decide, library_as, town_with, unwell_as};
use super::plugins::settled;
use crate::town::{Client, on_both};

const DECLARATION: &str = include_str!("../plugins/decide.toml");

/// The declaration of a later version, with a word by which it is known.
fn later(version: &str) -> String {
    let word = format!("新版{version}");
    DECLARATION
        .replacen("1.0.0", version, 1)
        .replace("name = { zh = \"决定\"", &format!("name = {{ zh = \"{word}\""))
}

fn plugin(admin: &Client) -> Value {
    admin.get("/api/v1/plugins").is(200).json()["items"][0].clone()
}

fn generation(clerk: &Client) -> Value {
    clerk.get("/api/v1/workflows").is(200).json()["items"][0]["generation"].clone()
}

/// What a case's next step is called: the version that it follows says it.
fn next(clerk: &Client, case: &Value) -> String {
    let path = format!("{MATTERS}/{}", case["id"].as_str().unwrap());
    let seen = clerk.get(&path).is(200).json();
    seen["allowed_actions"][0]["label"].to_string()
}

on_both! {
    fn a_version_that_fails_its_trial_is_never_put_in_use(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let open = begun_with(&clerk, "start");
        let sick = unwell_as(&town, &publisher, &later("1.1.0"), &["-DVERSION=\"1.1.0\"", "-DSICK"]);
        let said = town.falin(&["plugin", "install", &sick]).ended(1);
        assert!(!said.stderr.is_empty(), "it says why");
        let there = plugin(&admin);
        assert_eq!(there["package"]["version"], "1.0.0", "{there}");
        let path = format!("/api/v1/plugins/{}/actions", there["id"].as_str().unwrap());
        let upgrade = json!({"action": "upgrade", "version": there["version"]});
        admin.call("POST", &path, &upgrade).refused(422, "action.not_allowed");
        assert_eq!(generation(&clerk), 1);
        decide(&clerk, &open, "ok").is(200);
    }

    fn a_version_that_dies_goes_back_by_itself(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let old = [begun_with(&clerk, "start"), begun_with(&clerk, "start")];
        let dies = library_as(&town, &publisher, &later("1.1.0"), &["-DVERSION=\"1.1.0\"", "-DDIES"]);
        town.falin(&["plugin", "install", &dies]).ok();
        town.falin(&["plugin", "upgrade", "decide"]).ok();
        settled(|| generation(&clerk) == 2);
        let new = begun_with(&clerk, "start");
        assert!(next(&clerk, &new).contains("新版1.1.0") && !next(&clerk, &old[0]).contains("新版"));
        decide(&clerk, &old[0], "ok").is(200);
        for _ in 0..5 {
            assert_eq!(decide(&clerk, &new, "ok").status, 503);
        }
        settled(|| generation(&clerk) == 1);
        let there = plugin(&admin);
        assert_eq!((&there["state"], &there["package"]["version"]), (&json!("enabled"), &json!("1.0.0")), "{there}");
        let taken_back = "SELECT count(*) FROM journal_entry WHERE event = 'plugin.rolled_back'";
        assert_eq!(town.number(taken_back), 1);
        // Those of the old version never noticed; a new one follows the old version again.
        decide(&clerk, &old[1], "ok").is(200);
        decide(&clerk, &begun_with(&clerk, "start"), "ok").is(200);
        // The one that began under the bad version stays with it, and is nobody else's trouble.
        assert!(next(&clerk, &new).contains("新版1.1.0"));
        decide(&clerk, &new, "ok").refused(503, "plugin.quarantined");
        // What has failed is not upgraded to again before a new trial.
        let path = format!("/api/v1/plugins/{}/actions", there["id"].as_str().unwrap());
        let upgrade = json!({"action": "upgrade", "version": there["version"]});
        admin.call("POST", &path, &upgrade).refused(422, "action.not_allowed");
        town.falin(&["audit", "verify"]).ok();
    }
    fn of_many_versions_the_last_stay_among_the_workers(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let clerk = town.program("clerk");
        let old = begun_with(&clerk, "start");
        for n in 1..=4 {
            let version = format!("1.{n}.0");
            let next = library_as(&town, &publisher, &later(&version), &[&format!("-DVERSION=\"{version}\"")]);
            town.falin(&["plugin", "install", &next]).ok();
            town.falin(&["plugin", "upgrade", "decide"]).ok();
            settled(|| generation(&clerk) == n + 1);
            decide(&clerk, &begun_with(&clerk, "start"), "ok").is(200);
        }
        let told = town.program("platform_admin").get("/metrics").is(200).body();
        let there = told.lines().filter(|line| line.starts_with("falin_plugin_calls_total{")).count();
        assert!((1..=3).contains(&there), "{told}");
        // A case that follows the first is decided by its own library still.
        decide(&clerk, &old, "ok").is(200);
    }
}
