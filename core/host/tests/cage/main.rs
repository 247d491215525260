//! Plugins that do everything wrong, each in its cage: this test program is its own worker, so it runs without the
//! usual harness.
//!
//! FALIN_TEST_RUNS says how often each fault is committed: 10 by default, 200 in the full form. The tests start
//! this program again under other circumstances (`--under`): as nobody, without Landlock, without any cage.
#![allow(clippy::unwrap_used)]

mod calls;
mod compiled;
mod faults;
mod house;
mod life;
mod loading;
mod probes;
mod under;

use std::process::ExitCode;

use falin_host::plugin::run_if_worker;

type Test = (&'static str, fn());

fn main() -> ExitCode {
    if let Some(code) = run_if_worker() {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    if let [flag, name, rest @ ..] = arguments.as_slice()
        && flag == "--under"
    {
        return under::begin(name, rest);
    }
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).cloned().unwrap_or_default();
    let all = [calls::TESTS, loading::TESTS, faults::TESTS, probes::TESTS, life::TESTS, compiled::TESTS];
    run(all.into_iter().chain([under::TESTS]).flatten().filter(|(name, _)| name.contains(&filter)));
    ExitCode::SUCCESS
}

/// Runs tests in turns. What a plugin does must never end this process, let alone replace it.
fn run<'a>(tests: impl Iterator<Item = &'a Test>) {
    let own = std::process::id();
    for (name, test) in tests {
        let begun = std::time::Instant::now();
        test();
        assert_eq!(std::process::id(), own);
        println!("test {name} ... ok ({:.1} s)", begun.elapsed().as_secs_f64());
    }
}
