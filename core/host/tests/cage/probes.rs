//! Attempts to get out, more than a hundred of them, from a call and from a constructor.

use crate::Test;
use crate::house::{ENOUGH, call, clock, host, key, page, plugin, with_rogue};

/// The tests of this file.
pub const TESTS: &[Test] = &[
    ("no_probe_of_a_call_succeeds", no_probe_of_a_call_succeeds),
    ("no_probe_of_a_constructor_succeeds", no_probe_of_a_constructor_succeeds),
];

/// At least so many attempts, whatever the machine.
const ATTEMPTS: usize = 120;

fn no_probe_of_a_call_succeeds() {
    let host = with_rogue();
    none_succeeded("call", &page(&host, "probes", ENOUGH).unwrap());
}

fn no_probe_of_a_constructor_succeeds() {
    let host = host();
    host.put(key(1), plugin("ctor-probes"));
    none_succeeded("constructor", &call(&host, &key(1), "ctor-report", ENOUGH, &mut clock).unwrap());
}

fn none_succeeded(whose: &str, told: &str) {
    let told: serde_json::Value = serde_json::from_str(told).unwrap();
    let tried = told["model"]["tried"].as_u64().unwrap() as usize;
    println!("{whose}: {tried} attempts, succeeded: {}", told["model"]["succeeded"]);
    assert!(tried >= ATTEMPTS, "{tried}");
    assert_eq!(told["model"]["succeeded"], serde_json::json!([]), "{whose}");
}
