//! Plugins that do everything wrong, each in its cage: this test program is its own worker, so it runs without the
//! usual harness.
#![allow(clippy::unwrap_used)]

mod calls;
mod house;

use std::process::ExitCode;

use falin_host::plugin::run_if_worker;

type Test = (&'static str, fn());

fn main() -> ExitCode {
    if let Some(code) = run_if_worker() {
        return code;
    }
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let own = std::process::id();
    for (name, test) in calls::TESTS.iter() {
        if name.contains(&filter) {
            let begun = std::time::Instant::now();
            test();
            assert_eq!(std::process::id(), own);
            println!("test {name} ... ok ({:.1} s)", begun.elapsed().as_secs_f64());
        }
    }
    ExitCode::SUCCESS
}
