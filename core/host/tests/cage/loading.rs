//! What goes wrong before the first call: hostile constructors, wrong tables, files that are no libraries.

use std::time::{Duration, Instant};

use falin_host::plugin::{Fault, Limits, Plugin, PluginOp, Refused, Standing};

use crate::Test;
use crate::house::{ENOUGH, call, clock, host, key, plugin, plugin_of, refusal, rogue, runs};

/// The tests of this file.
pub const TESTS: &[Test] = &[
    ("each_wrong_table_has_its_own_refusal", each_wrong_table_has_its_own_refusal),
    ("a_newer_minor_is_welcome", a_newer_minor_is_welcome),
    ("hostile_constructors_end_their_worker_only", hostile_constructors_end_their_worker_only),
    ("a_forged_ready_helps_nobody", a_forged_ready_helps_nobody),
    ("what_is_no_library_is_not_loaded", what_is_no_library_is_not_loaded),
    ("five_refusals_are_quarantine", five_refusals_are_quarantine),
];

fn each_wrong_table_has_its_own_refusal() {
    let host = host();
    let all = [
        ("null-table", Refused::NoTable),
        ("magic", Refused::Magic),
        ("size", Refused::Size),
        ("major", Refused::Major(2)),
        ("id", Refused::Id("petition".to_owned())),
        ("null-id", Refused::Id(String::new())),
        ("wild-id", Refused::Died),
        ("endless-id", Refused::Id(String::new())),
        ("version", Refused::Version("9.9.9".to_owned())),
        ("manifest", Refused::Manifest),
        ("null-create", Refused::NoFunction),
        ("null-call", Refused::NoFunction),
        ("null-destroy", Refused::NoFunction),
        ("create-fails", Refused::Create(-42)),
        ("create-asks", Refused::Create(falin_host::plugin::status::NOT_NOW)),
    ];
    for (word, wanted) in all {
        for _ in 0..runs().div_ceil(5) {
            assert_eq!(refusal(&host, word), Some(wanted.clone()), "{word}");
        }
    }
}

fn a_newer_minor_is_welcome() {
    assert_eq!(refusal(&host(), "longer"), None);
}

/// The rogue with a word, and little patience.
fn impatient(word: &str) -> Plugin {
    let limits = Limits { loading: Duration::from_millis(300), ..Limits::default() };
    Plugin { limits, ..plugin(word) }
}

fn hostile_constructors_end_their_worker_only() {
    let host = host();
    let all = [
        ("ctor-exit", Refused::Died),
        ("ctor-segv", Refused::Died),
        ("ctor-hog", Refused::Died),
        ("ctor-close", Refused::Died),
        ("ctor-garbage", Refused::Lied),
        ("ctor-no-cage", Refused::Lied),
        ("ctor-process", Refused::Lied),
    ];
    for (word, wanted) in all {
        for _ in 0..runs() {
            assert_eq!(refusal(&host, word), Some(wanted.clone()), "{word}");
        }
    }
    for word in ["ctor-loop", "ctor-flood", "create-loops"] {
        let begun = Instant::now();
        assert_eq!(host.trial(&impatient(word)).err(), Some(Refused::Late), "{word}");
        assert!(begun.elapsed() < ENOUGH, "{word}");
    }
}

fn a_forged_ready_helps_nobody() {
    let host = host();
    for _ in 0..runs() {
        // The constructor says "ready" before the worker does: the second word gives it away, sooner or later.
        match host.trial(&plugin("ctor-ready")) {
            Err(refused) => assert_eq!(refused, Refused::Lied),
            Ok(mut trial) => {
                let fault = trial.call(PluginOp::Page, b"{\"page\":\"good\"}", ENOUGH, &mut clock);
                assert!(matches!(fault, Err(Fault::Malformed(_))), "{fault:?}");
            }
        }
    }
}

fn what_is_no_library_is_not_loaded() {
    let host = host();
    let unloadable = |bytes: &[u8]| match host.trial(&plugin_of(bytes)).err() {
        Some(Refused::Unloadable(words)) => words,
        other => panic!("{other:?}"),
    };
    unloadable(b"");
    unloadable(b"#!/bin/sh\n");
    let good = rogue("");
    unloadable(&good[..good.len() / 2].iter().map(|_| 0).collect::<Vec<u8>>());
    let mut machine = good.clone();
    machine[18] = 0xf3; // RISC-V
    unloadable(&machine);
    let words = unloadable(&renamed(&good, b"GLIBC_2.", b"GLIBC_9."));
    assert!(words.contains("GLIBC_9."), "{words}");
    let other_major = renamed(&good, b"falin_plugin_v1\0", b"falin_plugin_v2\0");
    assert_eq!(host.trial(&plugin_of(&other_major)).err(), Some(Refused::NoSymbol));
}

/// The bytes with every occurrence of one text replaced by another of the same length.
fn renamed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

fn five_refusals_are_quarantine() {
    let host = host();
    host.put(key(1), plugin("ctor-segv"));
    for _ in 0..5 {
        let refused = call(&host, &key(1), "good", ENOUGH, &mut clock);
        assert_eq!(refused, Err(Fault::Refused(Refused::Died)));
    }
    assert!(matches!(call(&host, &key(1), "good", ENOUGH, &mut clock), Err(Fault::Quarantined(_))));
    let Standing::Quarantined(quarantine) = host.standing(&key(1)) else { panic!() };
    assert_eq!((quarantine.deaths, quarantine.last.as_str()), (5, "refused (died)"));
    // Mended and put in again, it stands as if nothing had happened.
    host.put(key(1), plugin(""));
    assert_eq!(host.standing(&key(1)), Standing::Ready);
    call(&host, &key(1), "good", ENOUGH, &mut clock).unwrap();
}
