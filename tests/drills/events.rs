//! Events told to a workflow's library while its workers and the server itself are killed again and again: each that was
//! acknowledged has its whole effect, once.
//!
//! Every event opens one task and sends one message. The administrator of the drill does what one would: puts the
//! workflow back in use when deaths have locked it away, and has what stands in letters told again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::processes;
use super::tally::Tally;
use super::{Dice, amount};
use crate::journeys::plugin_library::{MATTERS, town};
use crate::town::{Backend, Client, Town, county, on_both};

const CALLERS: usize = 3;
const PLUGINS: &str = "/api/v1/plugins";
/// Longest that one life of the server may take.
const LIFE: Duration = Duration::from_secs(30);

/// How many of what one part of the drill does.
struct Part {
    lives: usize,
    events: u64,
    worker_kills: u64,
}

/// Opens cases and decides them, each of which is one event; counts what was acknowledged.
fn call(client: &Client, (told, most): (&AtomicU64, u64), over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) && told.load(Ordering::Relaxed) < most {
        let Some(begun) = client.try_call("POST", MATTERS, &json!({"word": "start"})) else { return };
        if begun.status != 201 {
            // Locked away, or on its way back: the administrator sees to it.
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        let case = begun.json();
        let path = format!("{MATTERS}/{}/actions", case["id"].as_str().unwrap());
        let act = json!({"action": "decide", "version": case["version"], "word": "e-open"});
        match client.try_call("POST", &path, &act) {
            Some(answer) if answer.status == 200 => told.fetch_add(1, Ordering::Relaxed),
            Some(_) => continue,
            None => return,
        };
    }
}

/// What an administrator does: locked away, then in use again; a letter, then told again.
fn attend(admin: &Client) -> Option<()> {
    let all = admin.try_call("GET", PLUGINS, &Value::Null)?;
    if all.status != 200 {
        return Some(());
    }
    let there = all.json()["items"][0].clone();
    let path = format!("{PLUGINS}/{}", there["id"].as_str()?);
    if there["state"] != "enabled" {
        let act = json!({"action": "enable", "version": there["version"]});
        admin.try_call("POST", &format!("{path}/actions"), &act)?;
    }
    let letters = admin.try_call("GET", &format!("{path}/letters"), &Value::Null)?.json();
    for letter in letters["items"].as_array().into_iter().flatten() {
        let act = json!({"action": "retry", "version": letter["version"]});
        let letter = format!("{path}/letters/{}/actions", letter["id"].as_str()?);
        admin.try_call("POST", &letter, &act)?;
    }
    Some(())
}

/// One life of the server: callers call, workers die, then the server does. How many workers were killed.
fn life(town: &mut Town, told: &AtomicU64, (events, kills): (u64, u64), dice: &mut Dice) -> u64 {
    town.serve();
    let tokens: Vec<String> = (0..CALLERS).map(|_| county::token(town, "clerk")).collect();
    let admin = town.program("county_admin");
    let (address, process) = (town.server().address.clone(), town.server().id());
    let (over, most, begun) = (AtomicBool::new(false), told.load(Ordering::Relaxed) + events, Instant::now());
    let mut killed = 0;
    std::thread::scope(|scope| {
        let over = &over;
        for token in &tokens {
            let client = Client::new(&address).with_token(token);
            scope.spawn(move || call(&client, (told, most), over));
        }
        while (told.load(Ordering::Relaxed) < most || killed < kills) && begun.elapsed() < LIFE {
            if killed < kills && processes::kill_worker(process) {
                killed += 1;
            }
            if attend(&admin).is_none() {
                break;
            }
            std::thread::sleep(Duration::from_millis(dice.below(8) as u64));
        }
        processes::kill(process);
        over.store(true, Ordering::Relaxed);
    });
    town.forget_killed();
    killed
}

/// Lets everything that waits be told, and looks at it from end to end.
fn looked_at(town: &mut Town, acknowledged: u64) -> u64 {
    town.serve();
    let admin = town.program("county_admin");
    let until = Instant::now() + Duration::from_secs(120);
    // What has failed too often waits in a letter, from which the administrator has it told again.
    let waiting = "SELECT (SELECT count(*) FROM plugin_errand) \
                   + (SELECT count(*) FROM plugin_letter WHERE state = 'waiting')";
    while town.number(waiting) > 0 {
        assert!(Instant::now() < until, "errands or letters still wait: {}", town.server().log());
        attend(&admin);
        std::thread::sleep(Duration::from_millis(50));
    }
    let decided =
        town.number("SELECT count(*) FROM casefile WHERE flow = 'decide/matter' AND state = 'done'");
    let tasks = town.number("SELECT count(*) FROM casefile WHERE flow = 'decide/task'");
    let uneven = town.number(
        "SELECT count(*) FROM casefile m WHERE m.flow = 'decide/matter' AND m.state = 'done' AND 1 <>
         (SELECT count(*) FROM casefile_link l WHERE l.county_id = m.county_id AND l.from_id = m.id)",
    );
    let told = town.number(
        "SELECT count(*) FROM (SELECT subject_id FROM inbox WHERE key LIKE 'plugin/decide/%' GROUP BY subject_id) n",
    );
    assert_eq!(uneven, 0, "an event was lost or doubled");
    assert_eq!(
        (tasks, told),
        (decided, decided),
        "an effect was torn: a task without its message, or the reverse"
    );
    assert!(decided as u64 >= acknowledged, "{decided} of {acknowledged} acknowledged events are there");
    town.falin(&["audit", "verify"]).ok();
    town.stop();
    decided as u64
}

fn part(backend: Backend, part: &Part, seed: usize) -> Option<[u64; 3]> {
    let mut town = town(backend)?;
    town.stop();
    let (told, mut killed, mut dice) = (AtomicU64::new(0), 0, Dice::new(seed));
    for n in 0..part.lives {
        let share = |of: u64| of * (n as u64 + 1) / part.lives as u64 - of * n as u64 / part.lives as u64;
        killed += life(&mut town, &told, (share(part.events), share(part.worker_kills)), &mut dice);
    }
    let done = looked_at(&mut town, told.load(Ordering::Relaxed));
    Some([done, part.lives as u64, killed])
}

on_both! {
    fn each_event_has_its_effect_once_whatever_is_killed(backend) {
        let mut tally = Tally::of("events", backend);
        let whole = amount(0, 1) == 1;
        let wanted = if whole { [100_000, 1_000, 10_000] } else { [20, 2, 6] };
        let size = if whole { Part { lives: 25, events: 2_500, worker_kills: 250 } } else {
            Part { lives: 2, events: 20, worker_kills: 6 }
        };
        let names = ["events", "server kills", "worker kills"];
        while names.iter().zip(wanted).any(|(name, wanted)| tally.count(name) < wanted) {
            let seed = tally.count("server kills") as usize;
            let Some(done) = part(backend, &size, seed) else { return };
            let all: Vec<(&str, u64)> = names.into_iter().zip(done).collect();
            tally.add(&all);
            assert!(done.iter().all(|n| *n > 0), "{tally}");
        }
        tally.through();
    }
}
