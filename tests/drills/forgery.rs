//! Forged requests: without the form's token, with another session's, from another site; and that looking changes nothing.

use crate::access::table::{TABLE, lets_in};
use crate::journeys::identity::{entered, ready};
use crate::town::county::COUNTY;
use crate::town::{Client, Town, encode, on_both};
use falin_domain::access::Role;
use falin_store::tables::{Kind, TABLES};

/// An id that exists nowhere.
const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";
/// Tables that a refused or reading request may write: traces, sessions, guesses.
const TRACES: [&str; 4] = ["journal_entry", "journal_seal", "session", "guess"];
const ROLES: [Role; 4] = [Role::Clerk, Role::CountyAdmin, Role::SecurityAdmin, Role::PlatformAdmin];

/// What every other table holds: how many rows, and the sum of each column of numbers.
fn figures(town: &Town) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for table in TABLES.iter().filter(|table| !TRACES.iter().any(|trace| table.name.starts_with(trace))) {
        all.push((table.name.to_owned(), town.number(&format!("SELECT count(*) FROM {}", table.name))));
        let seen = |name: &str| !["seen_ms", "used_ms", "totp_step"].contains(&name);
        for (name, _) in
            table.columns.iter().filter(|(name, kind)| matches!(kind, Kind::Number) && seen(name))
        {
            let sum = town.number(&format!("SELECT coalesce(sum({name}), 0) FROM {}", table.name));
            all.push((format!("{}.{name}", table.name), sum));
        }
    }
    all
}

fn changed(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<String> {
    let pairs = before.iter().zip(after).filter(|(before, after)| before != after);
    pairs.map(|(before, after)| format!("{} {} → {}", before.0, before.1, after.1)).collect()
}

fn filled(pattern: &str) -> String {
    let part = |(at, part): (usize, &str)| match part.split(':').next().unwrap_or_default() {
        _ if at % 2 == 0 => part.to_owned(),
        "view" => "zh".to_owned(),
        "county" => COUNTY.to_owned(),
        _ => NOWHERE.to_owned(),
    };
    pattern.split(['{', '}']).enumerate().map(part).collect()
}

/// The token that this session's forms carry.
fn token(client: &Client) -> String {
    let page = client.get("/me").is(200);
    let fields = page.forms().into_iter().flat_map(|form| form.fields);
    fields.into_iter().find(|(name, _)| name == "csrf").expect("a form without its token").1
}

/// Sends a form as somebody else's page would.
fn forged(client: &Client, path: &str, token: Option<&str>, headers: &[(&str, &str)]) -> u16 {
    let body = token.map(|token| format!("csrf={}", encode(token))).unwrap_or_default();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let all = [&[kind, ("accept", "text/html")], headers].concat();
    client.send("POST", path, &all, body.into_bytes()).status
}

on_both! {
    fn a_forged_form_does_nothing(backend) {
        let mut town = Town::prepared(backend);
        town.serve_with(&["--flood", "0"]);
        let mut faults = Vec::new();
        let stranger = entered(&town, "stranger", &ready(&town, "stranger", "clerk"), 0);
        let strange = token(&stranger);
        for role in ROLES {
            let name = format!("forged-{}", role.code().replace('_', "-"));
            let client = entered(&town, &name, &ready(&town, &name, role.code()), 0);
            let own = token(&client);
            let before = figures(&town);
            for line in TABLE.lines().filter(|line| line.starts_with("POST /")) {
                let (route, who) = line.split_once("  ").unwrap();
                let (path, may) = (filled(route.trim_start_matches("POST ")), lets_in(who, Some(role)));
                let evil: [(&str, Option<&str>, &[(&str, &str)]); 6] = [
                    ("no token", None, &[]),
                    ("another session's token", Some(&strange), &[]),
                    ("a token cut short", Some(&own[..own.len() - 1]), &[]),
                    ("another origin", Some(&own), &[("origin", "https://evil.example")]),
                    ("no origin", Some(&own), &[("origin", "null")]),
                    ("another site", Some(&own), &[("sec-fetch-site", "cross-site")]),
                ];
                // Doors that everybody may use have no session to forge: there the origin alone decides.
                let door = who == "everybody";
                for (what, token, headers) in evil.into_iter().filter(|(.., headers)| !door || !headers.is_empty()) {
                    let status = forged(&client, &path, token, headers);
                    let refused = if may { matches!(status, 403) } else { matches!(status, 403 | 404) };
                    if !refused {
                        faults.push(format!("{route} as {role:?} with {what}: {status}"));
                    }
                }
            }
            let moved = changed(&before, &figures(&town));
            assert!(moved.is_empty(), "{role:?}: {moved:?}");
            assert_eq!(client.get("/me").is(200).path, "/me", "a forged sign-out has ended the session");
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    fn looking_changes_nothing(backend) {
        let mut town = Town::prepared(backend);
        let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
        town.falin(&["pair", "commit", &plan]).ok();
        town.serve_with(&["--flood", "0"]);
        let clients: Vec<_> = Role::ALL.iter().map(|role| town.program(role.code())).collect();
        let before = figures(&town);
        for line in TABLE.lines().filter(|line| line.starts_with("GET /")) {
            let (route, _) = line.split_once("  ").unwrap();
            let path = crate::access::doors::filled(&town, route.trim_start_matches("GET ")).0;
            for client in &clients {
                let status = client.send("GET", &path, &[], Vec::new()).status;
                assert!(status < 500, "{route}: {status}");
            }
        }
        let moved = changed(&before, &figures(&town));
        assert!(moved.is_empty(), "{moved:?}");
    }
}
