//! Every door tried by everybody: who may not is refused, who may is never refused for his role, and what programs
//! are refused with is what the document says.

use falin_domain::access::Role;
use falin_web::openapi;
use falin_web::routes::{self, Route};

use super::table::{TABLE, lets_in};
use crate::town::county::COUNTY;
use crate::town::{Answer, Backend, Client, Town, on_both};

/// An id that exists nowhere.
const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

/// The table whose rows a path's ids name, by the word before them.
const TABLES: [(&str, &str); 10] = [
    ("households", "household"),
    ("legal-workers", "worker"),
    ("workers", "worker"),
    ("firms", "firm"),
    ("adviser-posts", "adviser_post"),
    ("divisions", "division"),
    ("villages", "division WHERE level = 'village'"),
    ("places", "division"),
    ("rosters", "import_batch"),
    ("pairing-plans", "plan"),
];

/// Some row's id of this town, as text.
fn existing(town: &Town, table: &str) -> Option<String> {
    let hex = match town.backend {
        Backend::Sqlite => "lower(hex(id))",
        Backend::Postgres => "encode(id, 'hex')",
    };
    let id = town.texts(&format!("SELECT {hex} AS t FROM {table} ORDER BY id DESC LIMIT 1")).pop()?;
    let cut = [0, 8, 12, 16, 20, 32];
    Some(cut.windows(2).map(|ends| &id[ends[0]..ends[1]]).collect::<Vec<_>>().join("-"))
}

/// A path with its parameters filled by what exists, and whether all of them do.
pub fn filled(town: &Town, pattern: &str) -> (String, bool) {
    let (mut path, mut real) = (String::new(), true);
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        let name = part.split(':').next().unwrap_or_default();
        match name {
            _ if at % 2 == 0 => path.push_str(part),
            "view" => path.push_str("zh"),
            "county" => path.push_str(COUNTY),
            _ => {
                let noun = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let table = TABLES.iter().find(|(word, _)| *word == noun);
                let found = table.and_then(|(_, table)| existing(town, table));
                real &= found.is_some();
                path.push_str(found.as_deref().unwrap_or(NOWHERE));
            }
        }
    }
    (path, real)
}

/// The answer to an empty request.
pub fn knock(client: &Client, method: &str, path: &str) -> Answer {
    let api = path.starts_with("/api/");
    let (kind, body) =
        if api { ("application/json", "{}") } else { ("application/x-www-form-urlencoded", "") };
    let headers: &[_] = if method == "GET" { &[] } else { &[("content-type", kind)] };
    client.send(method, path, headers, if method == "GET" { Vec::new() } else { body.into() })
}

/// The code of a problem that the document of its line does not name.
fn untold(routes: &[Route], (method, pattern): (&str, &str), answer: &Answer) -> Option<String> {
    let route = routes.iter().find(|route| route.method == *method && route.path == pattern)?;
    let told = openapi::problems(route, route.doc?);
    if answer.status < 400 {
        return None;
    }
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    let named = told.get(&answer.status).is_some_and(|codes| codes.contains(&code.as_str()));
    (!named).then_some(code)
}

on_both! {
    fn every_route_with_every_role(backend) {
        let (mut faults, routes) = (Vec::new(), routes::all());
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let town = Town::start(backend);
            let client = match role {
                Some(role) => town.program(role.code()),
                None => town.visitor(),
            };
            for line in TABLE.lines() {
                let (route, who) = line.split_once("  ").unwrap();
                let (method, pattern) = route.split_once(' ').unwrap();
                let (path, real) = filled(&town, pattern);
                let answer = knock(&client, method, &path);
                if let Some(code) = untold(&routes, (method, pattern), &answer) {
                    faults.push(format!("{route} as {role:?}: its document does not name {code}"));
                }
                let status = answer.status;
                // A lawyer sees what is his own, and nothing here is; no card has been made that could be revoked, and
                // a form that names no package of the shelf names one that is not there.
                let nothing = pattern.ends_with("/card/revoke") || pattern.ends_with("/plugins/shelf");
                let absent = !real || role == Some(Role::Lawyer) || nothing;
                // "Mine" is for legal workers, whatever else their accounts may be.
                let mine = pattern.contains("/my-") || pattern.contains("/leave") || pattern.ends_with("/mine");
                let fine = match (lets_in(who, role), role) {
                    (true, _) if mine && matches!(status, 403 | 404) => role != Some(Role::Lawyer) || !real,
                    (true, _) => !matches!(status, 401 | 403 | 500..) && (status != 404 || absent),
                    (false, None) => matches!(status, 401 | 302 | 303),
                    (false, Some(_)) => matches!(status, 403 | 404),
                };
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
