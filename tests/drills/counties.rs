//! Three counties in one house: whoever belongs to one finds nothing of the others, on no route, in no list, by no id.

use std::collections::BTreeMap;

use falin_domain::access::Role;
use serde_json::json;

use crate::access::table::{TABLE, lets_in};
use crate::town::county::{COUNTY, household_roster};
use crate::town::rosters::{Cell, headers, id_number, licence, roster, row, uscc};
use crate::town::{Backend, Client, Town, encode, on_both};

/// The other counties: code, its county's name, and the word that stands in everything of theirs.
const OTHERS: [(&str, &str, &str); 2] = [("620921", "金塔县", "金丝雀"), ("620922", "瓜州县", "朱顶雀")];
/// An id that exists nowhere.
const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

/// The table whose rows a path's id names, by the word before it, and the column of the id.
const NOUNS: [(&str, &str, &str); 20] = [
    ("accounts", "account", "id"),
    ("adviser-posts", "adviser_post", "id"),
    ("consents", "pairing", "id"),
    ("divisions", "division", "id"),
    ("facilities", "facility", "id"),
    ("firms", "firm", "id"),
    ("grids", "grid", "id"),
    ("handovers", "plan", "id"),
    ("households", "household", "id"),
    ("legal-workers", "worker", "id"),
    ("overrides", "household", "id"),
    ("pairing-plans", "plan", "id"),
    ("places", "division", "id"),
    ("plans", "plan", "id"),
    ("posts", "adviser_post", "id"),
    ("rooms", "room", "id"),
    ("rosters", "import_batch", "id"),
    ("users", "account", "id"),
    ("villages", "division", "id"),
    ("workers", "worker", "id"),
];

/// Loads a small county whose every name holds its word, and pairs it.
fn load(town: &Town, (code, name, word): (&str, &str, &str), at: u32) {
    let (township, village) = (format!("{word}镇"), format!("{word}村"));
    let divisions = format!(
        "code,name,level\n620000,甘肃省,province\n620900,酒泉市,city\n{code},{name},county\n\
         {code}100,{township},township\n{code}100201,{village},village\n"
    );
    let import = |noun: &str, file: &str, bytes: &[u8], kind: &[&str]| {
        let file = town.file(file, bytes);
        town.falin(&[&["import", noun, &file, "--place", code], kind].concat()).ok();
    };
    let (firm, phone) = (format!("{word}律师事务所"), format!("1370937{at:04}"));
    let licence = licence(2016, 200_000 + at);
    let firms = row(&[
        &firm,
        &uscc(["31620000MD0000016", "33620200MD0000024"][at as usize - 1]),
        &format!("{word}路1号"),
        &phone,
        word,
    ]);
    let lawyer = row(&[&firm, word, "女", &licence, &phone, word, "普通话", ""]);
    let adviser = row(&[&township, &village, word, &licence, &firm, "2026-01-01至2028-12-31", word]);
    import("divisions", "divisions.csv", divisions.as_bytes(), &[]);
    import("firms", "firms.xlsx", &roster(&headers::FIRMS, vec![firms]), &[]);
    import("lawyers", "lawyers.xlsx", &roster(&headers::LAWYERS, vec![lawyer]), &[]);
    import("advisers", "advisers.xlsx", &roster(&headers::ADVISERS, vec![adviser]), &[]);
    let home = |n: u32| -> Vec<Cell> {
        let number = id_number(code, "19620312", at * 10 + n);
        row(&[
            &township,
            &village,
            word,
            &number,
            &format!("1360937{:04}", at * 10 + n),
            "低保",
            &format!("{word}{n}号"),
        ])
    };
    import("households", "homes.xlsx", &household_roster(&[home(1), home(2)]), &["--kind", "rural"]);
    let plan = town.falin(&["pair", "plan", "--place", code, "--json"]).ok().json();
    town.falin(&["pair", "commit", plan["plan"].as_str().unwrap()]).ok();
    for role in ["county_admin", "clerk"] {
        let name = format!("{role}-{code}").replace('_', "-");
        town.falin_typing(
            &["user", "add", &name, "--name", word, "--role", role, "--place", code, "--password-stdin"],
            "jiayuguan lantern 2026",
        )
        .ok();
    }
}

fn text_of(town: &Town, column: &str) -> String {
    match town.backend {
        Backend::Sqlite => format!("lower(hex({column}))"),
        Backend::Postgres => format!("encode({column}, 'hex')"),
    }
}

fn dashed(hex: &str) -> String {
    [0, 8, 12, 16, 20, 32].windows(2).map(|ends| &hex[ends[0]..ends[1]]).collect::<Vec<_>>().join("-")
}

/// One id of each noun of a county, by the word before it in a path.
fn ids(town: &Town, code: &str) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for (word, table, column) in NOUNS {
        let level = if word == "villages" { " AND level = 'village'" } else { "" };
        let sql = format!(
            "SELECT {} AS t FROM {table} WHERE county_id = (SELECT county_id FROM county WHERE code = '{code}'){level} \
             ORDER BY {column} DESC LIMIT 1",
            text_of(town, column)
        );
        if let Some(id) = town.texts(&sql).pop() {
            found.insert(word, dashed(&id));
        }
    }
    found
}

/// A path with its ids from `ids`, else from nowhere.
fn filled(pattern: &str, ids: &BTreeMap<&'static str, String>) -> String {
    let mut path = String::new();
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        let name = part.split(':').next().unwrap_or_default();
        match name {
            _ if at % 2 == 0 => path.push_str(part),
            "view" => path.push_str("zh"),
            "county" => path.push_str(COUNTY),
            _ => {
                let noun = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                path.push_str(ids.get(noun).map_or(NOWHERE, String::as_str));
            }
        }
    }
    path
}

fn ask(client: &Client, method: &str, path: &str) -> (u16, String) {
    let (kind, body) = match path.starts_with("/api/") {
        true => ("application/json", "{}"),
        false => ("application/x-www-form-urlencoded", ""),
    };
    let headers: &[_] = if method == "GET" { &[] } else { &[("content-type", kind)] };
    let answer = client.send(method, path, headers, if method == "GET" { Vec::new() } else { body.into() });
    (answer.status, answer.body())
}

/// Rows of the other counties, with their versions where they have them.
fn foreign(town: &Town) -> Vec<i64> {
    let others = OTHERS.map(|(code, ..)| format!("'{code}'")).join(", ");
    let theirs = format!("WHERE county_id IN (SELECT county_id FROM county WHERE code IN ({others}))");
    let tables = falin_store::tables::TABLES
        .iter()
        .filter(|table| table.columns.iter().any(|(name, _)| *name == "county_id"));
    let figures = tables.flat_map(|table| {
        let versioned = table.columns.iter().any(|(name, _)| *name == "version");
        let count = town.number(&format!("SELECT count(*) FROM {} {theirs}", table.name));
        let versions = match versioned {
            true => town.number(&format!("SELECT coalesce(sum(version), 0) FROM {} {theirs}", table.name)),
            false => 0,
        };
        [count, versions]
    });
    figures.collect()
}

on_both! {
    fn nobody_sees_or_changes_what_is_another_countys(backend) {
        let mut town = Town::prepared(backend);
        for (at, other) in OTHERS.into_iter().enumerate() {
            load(&town, other, at as u32 + 1);
        }
        town.serve_with(&["--flood", "0"]);
        let (own, theirs) = (ids(&town, COUNTY), ids(&town, OTHERS[0].0));
        assert!(theirs.len() >= 12, "{theirs:?}");
        let nowhere = BTreeMap::new();
        let before = foreign(&town);
        let mut faults = Vec::new();
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let client = match role {
                Some(role) => town.program(role.code()),
                None => town.visitor(),
            };
            for line in TABLE.lines() {
                let (route, who) = line.split_once("  ").unwrap();
                let (method, pattern) = route.split_once(' ').unwrap();
                let mut fault = |what: &str| faults.push(format!("{route} as {role:?}: {what}"));
                // The directory is public in every county: who belongs to none is shown all of it by the API.
                let directory = who == "everybody" && role.is_none() && pattern.starts_with("/api/");
                if method == "GET" && !directory {
                    let (_, body) = ask(&client, method, &filled(pattern, &own));
                    for (code, _, word) in OTHERS {
                        if body.contains(word) {
                            fault(&format!("shows {code}"));
                        }
                    }
                    if theirs.values().any(|id| body.contains(id.as_str())) {
                        fault("shows a foreign id");
                    }
                }
                // What anybody may read is no secret of its county; roles that may not enter are told so at the door.
                if who == "everybody" || !lets_in(who, role) || !pattern.contains("id}") {
                    continue;
                }
                let (path, random) = (filled(pattern, &theirs), filled(pattern, &nowhere));
                if path == random {
                    continue;
                }
                let (theirs, nothing) = (ask(&client, method, &path), ask(&client, method, &random));
                if (theirs.0, theirs.1.len()) != (nothing.0, nothing.1.len()) {
                    fault(&format!("a foreign id gives {} of {} bytes, a random one {} of {}",
                        theirs.0, theirs.1.len(), nothing.0, nothing.1.len()));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert_eq!(foreign(&town), before, "a foreign row has changed");
    }

    fn no_filter_or_search_reaches_over_the_border(backend) {
        let mut town = Town::prepared(backend);
        load(&town, OTHERS[0], 1);
        town.serve();
        let (code, _, word) = OTHERS[0];
        let theirs = ids(&town, code);
        let admin = town.program("county_admin");
        let empty = |answer: crate::town::Answer| assert_eq!(answer.is(200).json()["items"], json!([]));
        for noun in ["households", "legal-workers", "firms"] {
            empty(admin.get(&format!("/api/v1/{noun}?q={}", encode(word))));
        }
        for number in ["13609370011".to_owned(), id_number(code, "19620312", 11)] {
            empty(admin.call("POST", "/api/v1/households/search", &json!({"number": number})));
        }
        empty(admin.get(&format!("/api/v1/households?worker={}", theirs["workers"])));
        for village in [theirs["villages"].clone(), format!("{code}100201")] {
            admin.get(&format!("/api/v1/households?village={village}")).refused(422, "division.unknown");
            let new = json!({"village": village, "head_name": "单于秀英"});
            admin.call("POST", "/api/v1/households", &new).refused(422, "form.invalid");
        }
        for path in ["/desk/search?q=", "/desk/households?find=", "/desk/workers?q=", "/desk/firms?q="] {
            let page = admin.get(&format!("{path}{}", encode(word)));
            let rows = page.body().matches(word).count();
            assert!(rows <= 2, "{path} shows {rows} times what was only asked for\n{}", page.text());
        }
        let export = town.falin(&["export", "households", "--format", "csv", "--place", "620200"]).ok();
        assert!(!export.stdout.contains(word));
    }
}
