//! Good calls: they come back, refuse, ask the server, and say what they are.

use falin_host::plugin::Fault;

use crate::Test;
use crate::house::{ENOUGH, clock, host, key, page, with_rogue};

/// The tests of this file.
pub const TESTS: &[Test] =
    &[("a_call_is_answered", a_call_is_answered), ("the_cage_has_a_name", the_cage_has_a_name)];

fn a_call_is_answered() {
    let host = with_rogue();
    assert_eq!(page(&host, "good", ENOUGH).unwrap(), r#"{"model":"good"}"#);
    assert_eq!(page(&host, "ask", ENOUGH).unwrap(), r#"{"model":"2026-03-01"}"#);
    assert!(page(&host, "refuse", ENOUGH).unwrap().contains(r#""fields":{"matter""#));
    assert!(matches!(page(&host, "fault", ENOUGH), Err(Fault::Said(-1, _))));
    assert!(page(&host, "unheard-of", ENOUGH).unwrap_err().is_unknown_op());
    assert_eq!(host.metrics(&key(1)).unwrap().spawns, 1);
    let other = crate::house::call(&host, &key(2), "good", ENOUGH, &mut clock);
    assert_eq!(other, Err(Fault::Unknown));
}

fn the_cage_has_a_name() {
    let report = host().cage().unwrap();
    println!("cage: {} (no gain of executable memory: {})", report.cage.word(), report.no_exec_gain);
}
