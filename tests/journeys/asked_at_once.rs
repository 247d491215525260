//! A list asks the database for all its rows at once: the statements of a page do not grow with the rows on it.

use std::time::Duration;

use serde_json::{Value, json};

use super::duties::{lawyers, today};
use super::stage::{enter, ready};
use crate::access::table::{TABLE, lets_in};
use crate::town::county::token;
use crate::town::{Client, Town, on_both};
use falin_domain::access::Role;

/// Villages and communities of the prepared county.
const VILLAGES: [&str; 6] =
    ["620201100201", "620201100202", "620201101201", "620201101202", "620201001001", "620201001002"];
/// Rows that are made of each noun of which the prepared county has few.
const MADE: usize = 12;
/// Statements that a page may need for what only some of its rows have: another flow, a place's own rule.
const SLACK: u64 = 3;
/// Statements more for the journal: one for each kind of what its entries are about.
const KINDS: u64 = 8;
/// Who asks, whoever of them may first.
const ASKING: [Role; 4] = [Role::CountyAdmin, Role::Clerk, Role::SecurityAdmin, Role::AuditAdmin];

/// Statements that the server has sent so far.
fn sent(operator: &Client) -> u64 {
    let told = operator.get("/metrics").is(200).body();
    let line = told.lines().find_map(|line| line.strip_prefix("falin_store_statements_total "));
    line.and_then(|count| count.parse().ok()).expect("statements are counted")
}

/// Statements behind a page: the fewest of some tries, for a server's own rounds ask too. None where the page has
/// nothing for who asks, such as somebody who is no legal worker, or asks for more than its limit. What a page writes
/// after its answer, such as the trace of its reading, is surely among them after a `pause`.
fn behind(operator: &Client, client: &Client, path: &str, pause: Duration) -> Option<u64> {
    let one = |_| {
        let before = sent(operator);
        let status = client.get(path).status;
        assert!(status < 500, "{path}: {status}");
        std::thread::sleep(pause);
        (status == 200).then(|| sent(operator) - before)
    };
    (0..4).map(one).min().flatten()
}

/// Whether the document says that a program may ask here for so many rows, and needs to say nothing else.
fn paged(documented: &Value, path: &str) -> bool {
    let parameters = documented["paths"][path]["get"]["parameters"].as_array().cloned().unwrap_or_default();
    parameters.iter().any(|one| one["name"] == "limit")
        && parameters.iter().all(|one| one["required"] != true)
}

/// Rows of everything that a page lists, about other places, workers and households each.
fn furnish(town: &Town, admin: &Client, clerk: &Client) {
    let lawyers = lawyers(town);
    let homes = admin.get("/api/v1/households?limit=50").is(200).json()["items"].as_array().unwrap().clone();
    let make = |path: &str, body: &Value| admin.call("POST", path, body).is(201).json();
    for n in 0..MADE {
        let (village, lawyer) = (VILLAGES[n % VILLAGES.len()], &lawyers[n % lawyers.len()]);
        make(
            "/api/v1/facilities",
            &json!({"kind": "studio", "name": format!("第{n}工作室"), "division": village}),
        );
        make("/api/v1/grids", &json!({"name": format!("第{n}网格"), "village": village, "keeper": "杨玲"}));
        make(
            "/api/v1/committees",
            &json!({"kind": "village", "name": format!("第{n}调解委员会"),
            "term_from": today().to_string(), "division": village}),
        );
        make(
            "/api/v1/visits",
            &json!({"household_id": homes[n]["id"], "purpose": "round", "worker_id": lawyer}),
        );
        make(
            "/api/v1/service-logs",
            &json!({"village": village, "kind": "other", "minutes": n, "worker_id": lawyer}),
        );
        make(
            "/api/v1/restrictions",
            &json!({"household": homes[homes.len() - 1 - n]["id"], "reason": "本人来函", "reference": format!("{n}号")}),
        );
        let day = today().to_string();
        let report = json!({"title": format!("第{n}份"), "place": village, "from": day, "to": day});
        make("/api/v1/figure-reports", &report);
        clerk
            .call(
                "POST",
                "/api/v1/consultations",
                &json!({"question": "工资拖着不发", "asker": "张建国",
            "phone": format!("138000010{n:02}"), "channel": "phone", "matter": "wages", "place": village}),
            )
            .is(201);
    }
    for _ in 0..MADE / 2 {
        town.falin(&["pair", "plan"]).ok();
    }
}

on_both! {
    fn a_page_asks_no_oftener_for_many_rows_than_for_few(backend) {
        let town = Town::start(backend);
        let (admin, clerk, operator) =
            (town.program("county_admin"), town.program("clerk"), town.program("platform_admin"));
        furnish(&town, &admin, &clerk);
        let asking: Vec<(Role, Client)> = ASKING.iter().map(|role| {
            (*role, town.visitor().with_token(&token(&town, role.code())))
        }).collect();
        let documented = admin.get("/api/openapi.json").is(200).json();
        let (mut lists, mut grown) = (0, Vec::new());
        for line in TABLE.lines() {
            let Some((path, who)) = line.strip_prefix("GET ").and_then(|rest| rest.split_once("  ")) else { continue };
            let page = path.starts_with("/desk/") && !path.contains(['{', '.']);
            if !page && !paged(&documented, path) {
                continue;
            }
            let Some((_, client)) = asking.iter().find(|(role, _)| lets_in(who, Some(*role))) else { continue };
            // The long one first: what the server itself adds to a list meanwhile is in the short one too.
            let asked = |limit, pause| behind(&operator, client, &format!("{path}?limit={limit}"), pause);
            let both = |pause| asked(50, pause).zip(asked(2, pause));
            let Some((mut many, mut few)) = both(Duration::ZERO) else { continue };
            lists += 1;
            if many > few + SLACK {
                (many, few) = both(Duration::from_millis(100)).unwrap_or((many, few));
            }
            let slack = if path.ends_with("/journal") { SLACK + KINDS } else { SLACK };
            if many > few + slack {
                grown.push(format!("{path}: {few} for two rows, {many} for up to fifty"));
            }
        }
        assert!(lists > 100, "{lists}");
        assert!(grown.is_empty(), "{grown:#?}");
    }

    fn a_workflows_own_page_and_table_ask_once_too(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk, operator) =
            (town.program("county_admin"), town.program("clerk"), town.program("platform_admin"));
        let pages = [(&clerk, "/desk/pages/stage/board"), (&clerk, "/desk/pages/stage/ledger"),
            (&admin, "/desk/workflows/stage/shop.xlsx")];
        let open = |n: usize| enter(&clerk, json!({"kind": "food", "name": format!("第{n}家")}));
        (0..2).for_each(|n| drop(open(n)));
        let asked = |(client, path)| behind(&operator, client, path, Duration::from_millis(100)).unwrap();
        let few = pages.map(asked);
        (2..2 + MADE).for_each(|n| drop(open(n)));
        let many = pages.map(asked);
        for ((few, many), (_, path)) in few.iter().zip(many).zip(pages) {
            assert!(many <= few + SLACK, "{path}: {few} for two rows, {many} for {}", 2 + MADE);
        }
    }
}
