//! Plugins in other languages, built with nothing but the header, and one that was built long ago.

use std::path::{Path, PathBuf};
use std::process::Command;

use falin_host::plugin::{Answer, Fault, Host, PluginOp, Trial};

use crate::Test;
use crate::house::{ENOUGH, clock, host, plugin_of};

/// The tests of this file.
pub const TESTS: &[Test] = &[
    ("c_needs_nothing_but_the_header", c_needs_nothing_but_the_header),
    ("cpp_needs_nothing_but_the_header", cpp_needs_nothing_but_the_header),
    ("what_was_built_long_ago_runs_unchanged", what_was_built_long_ago_runs_unchanged),
];

fn c_needs_nothing_but_the_header() {
    let flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"];
    if let Some(bytes) = built("cc", "visit.c", &flags) {
        behaves(&host(), &bytes);
    }
}

fn cpp_needs_nothing_but_the_header() {
    let flags = ["-std=c++11", "-Wall", "-Wextra", "-Werror"];
    let Some(bytes) = built("c++", "visit.cpp", &flags) else { return };
    let host = host();
    let mut trial = behaves(&host, &bytes);
    // An exception that leaves the plugin ends its process, as the header says.
    let thrown = trial.call(PluginOp::Page, b"{}", ENOUGH, &mut clock);
    assert!(matches!(thrown, Err(Fault::Died(_))), "{thrown:?}");
}

fn what_was_built_long_ago_runs_unchanged() {
    let golden = root().join("tests/plugins/golden");
    let this_machines = format!("-{}.so", std::env::consts::ARCH);
    for entry in std::fs::read_dir(golden).unwrap().flatten() {
        if entry.file_name().to_string_lossy().ends_with(&this_machines) {
            behaves(&host(), &std::fs::read(entry.path()).unwrap());
            println!("{} runs", entry.file_name().display());
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn behaves(host: &Host, bytes: &[u8]) -> Trial {
    let mut trial = host.trial(&plugin_of(bytes)).unwrap();
    let mut call = |op, asked: &[u8]| trial.call(op, asked, ENOUGH, &mut clock);
    let guarded = call(PluginOp::Guard, br#"{"form":{"matter":"land"}}"#);
    assert!(matches!(guarded, Ok(Answer::Done(_))), "{guarded:?}");
    let Ok(Answer::Refused(refusal)) = call(PluginOp::Guard, b"{}") else { panic!() };
    assert!(String::from_utf8(refusal).unwrap().contains("matter-missing"));
    let job = call(PluginOp::Job, b"{}");
    assert_eq!(job, Ok(Answer::Done(br#"{"today":"2026-03-01"}"#.to_vec())));
    assert!(matches!(call(PluginOp::Selftest, b"{}"), Ok(Answer::Done(_))));
    assert!(call(PluginOp::Stats, b"{}").unwrap_err().is_unknown_op());
    trial
}

/// The library made of one source; None, said aloud, where there is no such compiler.
fn built(compiler: &str, source: &str, flags: &[&str]) -> Option<Vec<u8>> {
    if Command::new(compiler).arg("--version").output().is_err() {
        println!("skipped: no {compiler}");
        return None;
    }
    let out: PathBuf = std::env::temp_dir().join(format!("falin-{source}-{}.so", std::process::id()));
    let status = Command::new(compiler)
        .args(flags)
        .args(["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-I"])
        .arg(root().join("plugins/abi/include"))
        .arg("-o")
        .arg(&out)
        .arg(root().join("tests/plugins").join(source))
        .status()
        .unwrap();
    assert!(status.success(), "{source}");
    let bytes = std::fs::read(&out).unwrap();
    std::fs::remove_file(&out).unwrap();
    Some(bytes)
}
