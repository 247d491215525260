//! Benchmarks as ratios: each target and its baseline run in turns in one process, three rounds, medians printed.
//!
//! `cargo bench --bench bench -- [--only NAME] [--full]`; NAME is a line of [`BENCHES`]. Timing is never asserted in a test: machines differ, and
//! a figure says nothing without its baseline and the disk's own speed beside it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dir;
mod disk;
mod grow;
mod house;
mod http;
mod isolate;
mod pair;
mod pg;
mod plugin;
#[path = "../town/postgres.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod postgres;
mod rosters;
mod search;
mod small;
#[path = "../town/watchdog.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod watchdog;
mod workflows;
mod writes;

use std::time::{Duration, Instant};

/// One line of the table.
pub struct Line {
    /// Goal's name in the README.
    pub name: &'static str,
    /// What was measured against what.
    pub what: String,
    /// The goal in words.
    pub goal: &'static str,
    /// The figure.
    pub got: String,
    /// Whether the goal is met; None where it is only told.
    pub met: Option<bool>,
}

impl Line {
    /// A ratio that should be at least `goal`.
    pub fn least(
        name: &'static str,
        what: impl Into<String>,
        goal: &'static str,
        least: f64,
        got: f64,
    ) -> Self {
        Self { name, what: what.into(), goal, got: format!("{got:.2}"), met: Some(got >= least) }
    }

    /// A figure that should be at most `most`.
    pub fn most(
        name: &'static str,
        what: impl Into<String>,
        goal: &'static str,
        most: f64,
        got: f64,
    ) -> Self {
        Self { name, what: what.into(), goal, got: format!("{got:.2}"), met: Some(got <= most) }
    }
}

impl Line {
    /// A figure without a goal: what a ratio is made of.
    pub fn told(name: &'static str, what: impl Into<String>, got: String) -> Self {
        Self { name, what: what.into(), goal: "", got, met: None }
    }
}

/// Runs `baseline` and `target` in turns and returns the medians of what they took.
pub fn interleaved<B, T>(rounds: usize, mut baseline: B, mut target: T) -> (Duration, Duration)
where
    B: FnMut(),
    T: FnMut(),
{
    let (mut b, mut t) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        b.push(took(&mut baseline));
        t.push(took(&mut target));
    }
    (median(b), median(t))
}

/// How long `work` takes.
pub fn took(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The middle of several.
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// `baseline` over `target`: how many times as fast.
pub fn times(baseline: Duration, target: Duration) -> f64 {
    baseline.as_secs_f64() / target.as_secs_f64().max(f64::EPSILON)
}

type Bench = fn(full: bool) -> Vec<Line>;

const BENCHES: &[(&str, Bench)] = &[
    ("pair", pair::run),
    ("import", rosters::run),
    ("search", search::run),
    ("dir", dir::run),
    ("book", writes::book),
    ("act", writes::act),
    ("isolate", isolate::run),
    ("http", http::run),
    ("pg", pg::run),
    ("grow", grow::run),
    ("small", small::run),
    ("plugin", plugin::run),
    ("workflows", workflows::run),
];

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let only = args.iter().position(|arg| arg == "--only").and_then(|at| args.get(at + 1));
    let full = args.iter().any(|arg| arg == "--full");
    if args.iter().any(|arg| arg == "--list") {
        return;
    }
    let began = Instant::now();
    println!("fdatasync {:.0} a second, {} processors\n", disk::syncs_per_second(), processors());
    println!("| goal | measured | wanted | got | met |\n|---|---|---|---|---|");
    for (name, bench) in BENCHES {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        for line in bench(full) {
            let met = match line.met {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            };
            println!("| {} | {} | {} | {} | {met} |", line.name, line.what, line.goal, line.got);
        }
    }
    let (took, after) = (began.elapsed().as_secs_f64(), disk::syncs_per_second());
    println!("\nfdatasync {after:.0} a second at the end; {took:.0} s in all");
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
