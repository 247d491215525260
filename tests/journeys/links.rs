//! No page shows a link that its reader may not follow: every role's pages are walked from the first one on.

use std::collections::{BTreeSet, VecDeque};

use serde_json::json;

use crate::town::{Backend, Client, Town, page};

/// Pages that are opened for one role.
const MOST: usize = 160;

const ROLES: [&str; 9] = [
    "resident",
    "lawyer",
    "mediator",
    "clerk",
    "aid_officer",
    "county_admin",
    "security_admin",
    "audit_admin",
    "platform_admin",
];

/// A town in which something of every kind stands.
fn lively() -> Town {
    let town = Town::start(Backend::Sqlite);
    let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
    town.falin(&["pair", "commit", &plan]).ok();
    let (clerk, resident) = (town.program("clerk"), town.program("resident"));
    let village = "620201100201";
    for (door, facts) in
        [("consultations", "question"), ("mediation-cases", "facts"), ("legal-aid-applications", "facts")]
    {
        let mut form =
            json!({"applicant": "马建军", "asker": "马建军", "place": village, "phone": "13909371234"});
        form[facts] = json!("邻居占了巷道");
        for client in [&clerk, &resident] {
            client.call("POST", &format!("/api/v1/{door}"), &form);
        }
    }
    town
}

/// The same place with other filters is the same page.
fn kind(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let part =
        |part: &str| if part.len() == 36 && part.contains('-') { "{id}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn dead(client: &Client, role: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let mut open: VecDeque<(String, String)> = [("/desk", "the first page"), ("/me", "the first page")]
        .map(|(path, from)| (path.to_owned(), from.to_owned()))
        .into();
    while let Some((path, from)) = open.pop_front() {
        if seen.len() >= MOST {
            break;
        }
        // A program has no second factor to set up.
        if path == "/me/totp" || !seen.insert(kind(&path)) {
            continue;
        }
        let answer = client.get(&path);
        if answer.status != 200 {
            faults.push(format!("{role}: {from} leads to {path}: {}", answer.status));
            continue;
        }
        if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        let links = page::links(&answer.body());
        let own = links.into_iter().map(|(href, _)| href).filter(|href| href.starts_with('/'));
        open.extend(own.map(|href| (href, path.clone())));
    }
    faults
}

#[test]
fn no_role_is_shown_a_link_that_is_dead_for_it() {
    let town = lively();
    let faults: Vec<String> = ROLES.iter().flat_map(|role| dead(&town.program(role), role)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
