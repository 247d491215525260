//! What is written on the road, where there is no network: kept on the device until it is sent, and no longer.

use serde_json::json;

use crate::browser::{Size, available};
use crate::journeys::turns::{Turns, lawyer};
use crate::town::{Backend, Town};

const NOTE: &str = "[name=\"note\"]";

fn network(turns: &Turns, there: bool) {
    let how = json!({"offline": !there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    turns.page.devtools("Network.enable", json!({}));
    turns.page.devtools("Network.emulateNetworkConditions", how);
}

fn note(turns: &Turns) -> String {
    let found = turns.page.run(&format!("return document.querySelector('{NOTE}').value"));
    found.as_str().unwrap_or_default().to_owned()
}

fn kept(turns: &Turns) -> i64 {
    turns.page.run("return Object.keys(localStorage).length").as_i64().unwrap()
}

/// Writes as a finger does: the page hears of it.
fn writes(turns: &Turns, text: &str) {
    turns.page.run(&format!(
        "const one = document.querySelector('{NOTE}'); one.value = '{text}';
         one.dispatchEvent(new Event('input', {{bubbles: true}}))"
    ));
}

#[test]
fn a_log_written_without_a_network_is_there_again_until_it_is_sent() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let turns = Turns::with(&town, Size::Phone, "zh");
    turns.sits(&lawyer(&town).0);
    turns.page.go("/desk/logs/new");
    writes(&turns, "路上没有信号，先记在这里");
    network(&turns, false);
    turns.page.run("document.querySelector('form[data-draft] button.primary').click()");
    std::thread::sleep(std::time::Duration::from_millis(500));
    network(&turns, true);
    turns.page.go("/desk/logs/new");
    assert_eq!(note(&turns), "路上没有信号，先记在这里");
    assert!(turns.page.text().contains("没有送出去的草稿"), "{}", turns.page.text());
    turns.page.is_accessible();
    turns.page.screenshot("draft");
    // What the server refuses it shows itself, and the draft waits on.
    turns.types(&[("minutes", "很久")]);
    turns.sends("form[data-draft] button.primary");
    assert!(turns.page.has(".errors") && kept(&turns) > 0, "{}", turns.page.text());
    turns.types(&[("minutes", "40")]);
    turns.sends("form[data-draft] button.primary");
    assert_eq!(turns.page.path(), "/desk/logs", "{}", turns.page.text());
    assert_eq!(kept(&turns), 0, "what was sent is not kept");
    turns.page.go("/desk/logs/new");
    assert_eq!(note(&turns), "");
    // Somebody who leaves leaves nothing.
    writes(&turns, "别人不该看见");
    assert_eq!(kept(&turns), 1);
    turns.sends("form[action=\"/sign-out\"] button");
    assert_eq!(kept(&turns), 0);
}
