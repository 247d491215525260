//! A workflow put on the shelf, upgraded, taken back and taken out, again and again, while people work: no request
//! fails, and neither descriptors nor processes nor memory grow.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::amount;
use super::processes;
use super::tally::Tally;
use crate::journeys::plugin_library::{MATTERS, decide, library_as, town_with};
use crate::journeys::plugins::settled;
use crate::town::{Backend, Client, Town, county, on_both};

const CALLERS: u64 = 8;
/// Callers who hurry while the server warms up: more than it has connections to PostgreSQL.
const HURRIED: usize = 20;
/// Requests in a second, all callers together.
const RATE: u64 = 200;
const PLUGINS: &str = "/api/v1/plugins";
/// What comes and goes beside the workflow that is upgraded.
const GUEST: &str = include_str!("../plugins/stage.toml");

/// What people read meanwhile: lists, and a page that the library answers.
fn look(client: &Client, n: u64) -> u16 {
    let path = ["/api/v1/consultations", "/desk/pages/decide/board", "/desk", MATTERS][(n % 4) as usize];
    client.get(path).status
}

/// What they write: a case is opened, and next time decided by the library of the version that it began with, as in a
/// county, where cases are ended and not only piled up.
fn step(client: &Client, open: &mut Option<Value>) -> u16 {
    let Some(case) = open.take() else {
        let begun = client.call("POST", MATTERS, &json!({"word": "start"}));
        *open = (begun.status == 201).then(|| begun.json());
        return begun.status;
    };
    decide(client, &case, "fill").status
}

/// Works until it is over, at an even pace, each caller in turn; what failed is written down.
fn worker(me: u64, client: &Client, done: &AtomicU64, failed: &Mutex<Vec<(u64, u16)>>, over: &AtomicBool) {
    let (begun, mut open) = (Instant::now(), None);
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let due = begun + Duration::from_millis(1000 * (CALLERS * n + me) / RATE);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let status = if n % 5 == 4 { step(client, &mut open) } else { look(client, n % 5) };
        done.fetch_add(1, Ordering::Relaxed);
        if !(200..400).contains(&status) {
            failed.lock().unwrap().push((n % 5, status));
        }
    }
}

/// Says that it is over also where something fails: who works would go on for ever.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads without a pause until it is over.
fn hurried(client: &Client, over: &AtomicBool) {
    for n in (0..).take_while(|_| !over.load(Ordering::Relaxed)) {
        look(client, n);
    }
}

struct Shelf<'a> {
    admin: &'a Client,
    guest: Vec<u8>,
}

impl Shelf<'_> {
    fn named(&self, name: &str) -> Value {
        let all = self.admin.get(PLUGINS).is(200).json();
        let all = all["items"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["plugin"] == name).unwrap_or_default()
    }

    /// One move, and how long it took.
    fn act(&self, name: &str, action: &str) -> Duration {
        let there = self.named(name);
        let path =
            format!("{PLUGINS}/{}/actions", there["id"].as_str().unwrap_or_else(|| panic!("no {name}")));
        let begun = Instant::now();
        self.admin.call("POST", &path, &json!({"action": action, "version": there["version"]})).is(200);
        begun.elapsed()
    }

    /// Up and back under load, and a guest who comes and goes; how long each swap took.
    fn cycle(&self) -> [Duration; 2] {
        crate::journeys::plugins::upload(self.admin, &self.guest).is(201);
        for action in ["try", "grant", "enable"] {
            self.act("stage", action);
        }
        let swaps = [self.act("decide", "upgrade"), self.act("decide", "rollback")];
        for action in ["disable", "remove"] {
            self.act("stage", action);
        }
        swaps
    }
}

/// Descriptors, processes and memory, once the server has given back what it does not need, as it does every minute:
/// the least memory within one, for a page that is being drawn at a moment's look is no growth.
fn state(town: &Town) -> (usize, usize, u64) {
    let process = town.server().id();
    let second = |_| {
        std::thread::sleep(Duration::from_secs(1));
        processes::memory(process)
    };
    let memory = (0..amount(1, 65)).map(second).min().unwrap_or_default();
    (processes::descriptors(process), processes::children(process).len(), memory)
}

on_both! {
    fn workflows_come_and_go_while_people_work(backend) {
        let mut tally = Tally::of("swaps", backend);
        let wanted = amount(5, 1_000) as u64;
        let Some((mut town, publisher)) = town_with(backend) else { return };
        // The gate against floods is not what is looked at here.
        town.stop();
        town.serve_with(&["--flood", "0"]);
        let newer = include_str!("../plugins/decide.toml").replacen("1.0.0", "1.1.0", 1);
        let package = library_as(&town, &publisher, &newer, &["-DVERSION=\"1.1.0\""]);
        town.falin(&["plugin", "install", &package]).ok();
        let guest = publisher.guest(&town, GUEST);
        let admin = town.program("county_admin");
        let shelf = Shelf { admin: &admin, guest: std::fs::read(guest).unwrap() };
        settled(|| shelf.named("decide")["offered"]["version"] == "1.1.0");
        let tokens: Vec<String> = (0..CALLERS).map(|_| county::token(&town, "clerk")).collect();
        let address = town.server().address.clone();
        let (over, done, failed) = (AtomicBool::new(false), AtomicU64::new(0), Mutex::new(Vec::new()));
        let mut swaps = Vec::new();
        let (before, after) = std::thread::scope(|scope| {
            let (over, done, failed) = (&over, &done, &failed);
            let _ending = Ending(over);
            for (me, token) in (0..).zip(&tokens) {
                let client = Client::new(&address).with_token(token);
                scope.spawn(move || worker(me, &client, done, failed, over));
            }
            // The first rounds fill what a server keeps: the pages of an embedded database, of which each round writes
            // some kilobytes; on PostgreSQL up to sixteen connections, of which rarely one more is opened, and most of a
            // megabyte of statements that each has prepared: there so many read at once that all are open. What grows
            // after that is a leak.
            if backend == Backend::Postgres {
                let warm = AtomicBool::new(false);
                std::thread::scope(|scope| {
                    for token in tokens.iter().cycle().take(amount(0, HURRIED)) {
                        let (client, warm) = (Client::new(&address).with_token(token), &warm);
                        scope.spawn(move || hurried(&client, warm));
                    }
                    let _ending = Ending(&warm);
                    std::thread::sleep(Duration::from_secs(amount(0, 30) as u64));
                });
            }
            // Who hurries asks for more than it can do, and some are told to come again; nobody is at an even pace.
            let refused = std::mem::take(&mut *failed.lock().unwrap());
            assert!(refused.iter().all(|(_, status)| amount(0, 1) == 1 && *status == 503), "{refused:?}");
            for _ in 0..amount(2, if backend == Backend::Sqlite { 2_500 } else { 1_200 }) {
                shelf.cycle();
            }
            let before = state(&town);
            done.store(0, Ordering::Relaxed);
            let mut counted = 0;
            while tally.count("cycles") < wanted {
                let of = Instant::now();
                let round: Vec<Duration> = (0..amount(5, 50)).flat_map(|_| shelf.cycle()).collect();
                let (requests, all) = (done.swap(0, Ordering::Relaxed), failed.lock().unwrap().len());
                tally.add(&[
                    ("cycles", round.len() as u64 / 2),
                    ("requests", requests),
                    ("failed", (all - counted) as u64),
                    ("milliseconds", of.elapsed().as_millis() as u64),
                ]);
                swaps.extend(round);
                counted = all;
            }
            let after = state(&town);
            println!("descriptors, processes, KiB of memory: {before:?} before, {after:?} after");
            (before, after)
        });
        for (name, at) in [("up", 0), ("back", 1)] {
            let mut took: Vec<Duration> = swaps.iter().skip(at).step_by(2).copied().collect();
            took.sort_unstable();
            if took.is_empty() {
                continue;
            }
            let at = |percent: usize| took[(took.len() - 1) * percent / 100];
            println!("swap {name}: p50 {:?}, p99 {:?}, most {:?} of {}", at(50), at(99), at(100), took.len());
        }
        // Those are whole acts of an administrator; this is the start of the worker and the turn to it.
        let told = town.program("platform_admin").get("/metrics").is(200).body();
        let told = told.lines().filter(|line| ["falin_plugin_swap_seconds", "falin_store"].iter().any(|name| line.starts_with(name)));
        told.for_each(|line| println!("{line}"));
        // What has been counted is through, also where it does not hold: the next run measures anew.
        tally.through();
        assert!(after.0 <= before.0 + 8 && after.1 <= before.1 + 4, "{before:?} {after:?}");
        // The short form has not filled what a server keeps.
        assert!(after.2 <= before.2 + amount(64 << 10, 1 << 10) as u64, "{before:?} {after:?}");
        let failed = failed.into_inner().unwrap();
        assert!(failed.is_empty() && tally.count("failed") == 0, "{failed:?}");
    }
}
