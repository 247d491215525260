//! Every door tried by everybody: who may not is refused, who may is never refused for his role.

use falin_domain::access::Role;

use super::table::{TABLE, lets_in};
use crate::town::{Client, Town, on_both};

/// An id that exists nowhere.
const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

/// A path with every parameter filled by something that does not exist.
fn filled(pattern: &str) -> String {
    let mut path = String::new();
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        path.push_str(if at % 2 == 0 { part } else { NOWHERE });
    }
    path
}

/// The answer's status for an empty request.
fn knock(client: &Client, method: &str, path: &str) -> u16 {
    let api = path.starts_with("/api/");
    let (kind, body) = if api { ("application/json", "{}") } else { ("application/x-www-form-urlencoded", "") };
    let headers: &[_] = if method == "GET" { &[] } else { &[("content-type", kind)] };
    client.send(method, path, headers, if method == "GET" { Vec::new() } else { body.into() }).status
}

on_both! {
    fn every_route_with_every_role(backend) {
        let town = Town::start(backend);
        let mut faults = Vec::new();
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let client = match role {
                Some(role) => town.program(role.code()),
                None => town.visitor(),
            };
            for line in TABLE.lines() {
                let (route, who) = line.split_once("  ").unwrap();
                let (method, pattern) = route.split_once(' ').unwrap();
                let status = knock(&client, method, &filled(pattern));
                let refused = match role {
                    None => matches!(status, 401 | 302 | 303),
                    Some(_) => status == 403,
                };
                let fine = if lets_in(who, role) { !refused && status != 401 && status < 500 } else { refused };
                if !fine {
                    faults.push(format!("{route} as {role:?}: {status}, allowed: {who}"));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    fn what_is_foreign_looks_like_what_does_not_exist(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        for noun in ["households", "legal-workers", "firms", "adviser-posts", "pairing-plans"] {
            let path = format!("/api/v1/{noun}/{NOWHERE}");
            admin.get(&path).refused(404, "not_found");
        }
    }

    fn a_bad_token_opens_nothing(backend) {
        let town = Town::start(backend);
        for token in ["", "x", &"a".repeat(5000)] {
            let answer = town.visitor().with_token(token).get("/api/v1/households");
            answer.refused(401, "access.unauthenticated");
        }
    }
}
