//! What the shelf offers to other counties, and who signed what waits.

use serde_json::{Value, json};

use super::own_papers::neighbour;
use super::plugins::Publisher;
use crate::town::{Client, Town, on_both};

const PLUGINS: &str = "/api/v1/plugins";
const GUEST: &str = include_str!("../plugins/stage.toml");

fn of(version: &str) -> String {
    GUEST.replacen("1.0.0", version, 1)
}

fn stage(admin: &Client) -> Value {
    let all = admin.get(PLUGINS).is(200).json();
    all["items"].as_array().unwrap().iter().find(|one| one["plugin"] == "stage").cloned().unwrap_or_default()
}

on_both! {
    fn the_shelf_offers_the_highest_signed_version_and_says_who_signed_it(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        let admin = neighbour(&town, "county_admin");
        let offered = || admin.get("/desk/plugins").is(200).text();
        // What an author tries unsigned in one county is not offered to another.
        let folder = crate::journeys::stage::folder(&of("3.0.0"), crate::journeys::stage::BOARD);
        let unsigned = town.file("unsigned.falin", b"");
        town.falin(&["plugin", "pack", &folder, "--out", &unsigned]).ok();
        town.falin(&["plugin", "install", &unsigned, "--unsigned", "--place", "620200"]).ok();
        assert!(!offered().contains("3.0.0"), "{}", offered());
        // Nor is an older version that somebody brings after a newer one.
        for (place, version) in [("620200", "4.0.0"), ("620921", "2.0.0")] {
            let package = publisher.guest(&town, &of(version));
            town.falin(&["plugin", "install", &package, "--place", place]).ok();
        }
        let here = stage(&admin);
        let path = format!("{PLUGINS}/{}/actions", here["id"].as_str().unwrap());
        admin.call("POST", &path, &json!({"action": "remove", "version": here["version"]})).is(200);
        let text = offered();
        assert!(text.contains("4.0.0") && !text.contains("2.0.0") && text.contains("嘉峪关市司法局"), "{text}");

        // A version that waits and is signed by another publisher is told apart before it is put in use.
        let ours = town.program("county_admin");
        for action in ["grant", "enable"] {
            let now = stage(&ours);
            let path = format!("{PLUGINS}/{}/actions", now["id"].as_str().unwrap());
            ours.call("POST", &path, &json!({"action": action, "version": now["version"]})).is(200);
        }
        assert_eq!(stage(&ours)["offered_signed_by"], Value::Null);
        let stranger = Publisher::unknown(&town);
        town.falin(&["plugin", "trust", &stranger.public(), "--place", "620200"]).ok();
        let package = stranger.guest(&town, &of("5.0.0"));
        town.falin(&["plugin", "install", &package, "--place", "620200"]).ok();
        let now = stage(&ours);
        assert_eq!(now["offered_signed_by"], "嘉峪关市司法局", "{now}");
        let page = format!("/desk/plugins/{}", now["id"].as_str().unwrap());
        assert!(ours.get(&page).is(200).text().contains("不是同一家签名"));
    }
    fn a_root_brought_again_as_anybodys_key_stays_the_root(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        town.falin(&["plugin", "trust", &publisher.public()]).ok();
        assert_eq!(town.number("SELECT count(*) FROM plugin_key WHERE root"), 1);
    }
}
