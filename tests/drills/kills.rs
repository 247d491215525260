//! kill -9 in the middle of mixed writes, again and again: what was acknowledged is there, each with one journal entry.

use std::collections::HashMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::amount;
use crate::town::{Backend, Client, Town, on_both};

/// Callers at once.
const CALLERS: usize = 4;
const ALL: &str = "/api/v1/households";

/// Households of one caller by id, each with the version that was acknowledged last.
type Acknowledged = HashMap<String, i64>;

/// Adds households, their members and categories until the server is gone.
fn write(client: &Client, caller: &str, over: &AtomicBool) -> Acknowledged {
    let mut done = Acknowledged::new();
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let new = json!({"village": "620201101202", "head_name": "钻石", "note": format!("{caller}-{n}")});
        let Some(made) = told(client.try_call("POST", ALL, &new), 201) else { break };
        let id = made["id"].as_str().unwrap().to_owned();
        done.insert(id.clone(), 1);
        let path = format!("{ALL}/{id}/actions");
        let acts = [
            json!({"action": "add_member", "version": 1, "name": "马小军", "relation": "child"}),
            json!({"action": "change", "version": 2, "head_name": "钻石头", "categories": ["elderly"]}),
        ];
        for (at, act) in acts.iter().enumerate() {
            let Some(_) = told(client.try_call("POST", &path, act), 200) else { return done };
            done.insert(id.clone(), at as i64 + 2);
        }
    }
    done
}

/// The body of an acknowledgement; None once the line is dead.
fn told(answer: Option<crate::town::Answer>, status: u16) -> Option<Value> {
    answer.map(|answer| answer.is(status).json())
}

fn hex(town: &Town, column: &str) -> String {
    match town.backend {
        Backend::Sqlite => format!("lower(hex({column}))"),
        Backend::Postgres => format!("encode({column}, 'hex')"),
    }
}

/// What the database holds of the drill's households: id to version.
fn stored(town: &Town) -> HashMap<String, i64> {
    let id = hex(town, "id");
    let rows = town
        .texts(&format!("SELECT {id} || ' ' || version AS t FROM household WHERE head_name LIKE '钻石%'"));
    let pair = |row: String| {
        let (id, version) = row.split_once(' ').unwrap();
        (id.to_owned(), version.parse().unwrap())
    };
    rows.into_iter().map(pair).collect()
}

/// Households whose writes and journal entries are not the same in number.
const UNEVEN: &str = "SELECT count(*) FROM household h WHERE h.head_name LIKE '钻石%' AND h.version <>
    (SELECT count(*) FROM journal_entry j WHERE j.subject_id = h.id
     AND j.event IN ('household.saved', 'household.member_added'))";
/// Entries of writes that are not there.
const ORPHANS: &str = "SELECT count(*) FROM journal_entry j WHERE j.event = 'household.saved'
    AND NOT EXISTS (SELECT 1 FROM household h WHERE h.id = j.subject_id)";

on_both! {
    fn acknowledged_writes_survive_kill_9_each_with_one_entry(backend) {
        let mut town = Town::prepared(backend);
        let mut known = Acknowledged::new();
        for round in 0..amount(6, 200) {
            town.serve();
            let tokens: Vec<_> = (0..CALLERS).map(|_| crate::town::county::token(&town, "clerk")).collect();
            let (over, address) = (AtomicBool::new(false), town.server().address.clone());
            let process = town.server().id();
            std::thread::scope(|scope| {
                let over = &over;
                let callers = tokens.iter().enumerate().map(|(at, token)| {
                    let client = Client::new(&address).with_token(token);
                    scope.spawn(move || write(&client, &format!("{round}-{at}"), over))
                });
                let callers: Vec<_> = callers.collect();
                std::thread::sleep(Duration::from_millis(150 + 130 * (round as u64 % 7)));
                Command::new("kill").args(["-KILL", &process.to_string()]).status().unwrap();
                over.store(true, Ordering::Relaxed);
                for caller in callers {
                    known.extend(caller.join().unwrap());
                }
            });
            town.forget_killed();
            let there = stored(&town);
            let lost: Vec<_> = known
                .iter()
                .filter(|(id, version)| there.get(&id.replace('-', "")).is_none_or(|stored| stored < *version))
                .collect();
            assert!(lost.is_empty(), "round {round}: {lost:?}");
            assert_eq!((town.number(UNEVEN), town.number(ORPHANS)), (0, 0), "round {round}");
        }
        assert!(known.len() > CALLERS, "{} households were acknowledged", known.len());
        town.serve();
        town.falin(&["audit", "verify"]).ok();
    }
}
