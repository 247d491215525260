//! This program once more, under other circumstances: as nobody, on kernels that lack something, as a server that is
//! going to be killed.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};

use falin_host::plugin::{Cage, CageChoice, Refused, Settings, cage};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use crate::house::{ENOUGH, call, clock, key, plugin, with_rogue};
use crate::{Test, calls, faults, life, loading, probes};

/// The tests of this file.
pub const TESTS: &[Test] = &[
    ("nobody_gets_out_as_nobody", nobody_gets_out_as_nobody),
    ("nobody_gets_out_without_landlock", nobody_gets_out_without_landlock),
    ("nobody_gets_out_as_nobody_without_landlock", nobody_gets_out_as_nobody_without_landlock),
    ("a_narrow_umask_narrows_nothing", a_narrow_umask_narrows_nothing),
    ("without_any_cage_nothing_is_loaded", without_any_cage_nothing_is_loaded),
];

/// The user and group of nobody in particular.
const NOBODY: u32 = 65534;

/// Starts this program again under a name of [`begin`].
pub fn start(name: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("--under").arg(name).args(arguments);
    if name.contains("nobody") && rustix::process::getuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.stdin(Stdio::null()).spawn().unwrap()
}

fn well(name: &str) {
    let status = start(name, &[]).wait().unwrap();
    assert!(status.success(), "{name}: {status}");
}

fn nobody_gets_out_as_nobody() {
    well("nobody");
}

fn nobody_gets_out_without_landlock() {
    well("no-landlock");
}

fn nobody_gets_out_as_nobody_without_landlock() {
    well("nobody-no-landlock");
}

/// Also where the server is root and the worker is not.
fn a_narrow_umask_narrows_nothing() {
    well("narrow-umask-no-landlock");
}

fn without_any_cage_nothing_is_loaded() {
    well("no-cage");
}

/// The other end of [`start`].
pub fn begin(name: &str, _: &[String]) -> ExitCode {
    match name {
        "nobody" => in_this_cage(Cage::Landlock),
        "no-landlock" => {
            forget(false);
            in_this_cage(Cage::PrivateRoot);
        }
        "narrow-umask-no-landlock" => {
            rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
            forget(false);
            match cage(&Settings::default()) {
                Err(Refused::NoCage) => println!("skipped: this machine has no namespaces for plain users"),
                _ => crate::run(calls::TESTS.iter()),
            }
        }
        "nobody-no-landlock" => {
            forget(false);
            match cage(&Settings::default()) {
                Err(Refused::NoCage) => println!("skipped: this machine has no namespaces for plain users"),
                _ => in_this_cage(Cage::PrivateRoot),
            }
        }
        "no-cage" => {
            forget(true);
            refused_without_a_cage();
        }
        "server" => serve_until_killed(),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

fn in_this_cage(wanted: Cage) {
    let report = cage(&Settings::default()).unwrap();
    println!("cage: {}, no gain of executable memory: {}", report.cage.word(), report.no_exec_gain);
    assert_eq!(report.cage, wanted);
    crate::run(
        [calls::TESTS, probes::TESTS, loading::TESTS, faults::TESTS, life::TESTS].into_iter().flatten(),
    );
}

fn refused_without_a_cage() {
    assert_eq!(cage(&Settings::default()), Err(Refused::NoCage));
    let host = crate::house::host();
    assert_eq!(host.trial(&plugin("")).err(), Some(Refused::NoCage));
    for word in ["landlock", "private-root"] {
        let cage_of = Settings { program: None, cage: CageChoice::from_word(word).unwrap() };
        assert_eq!(cage(&cage_of), Err(Refused::NoCage), "{word}");
    }
}

/// A kernel that has never heard of Landlock and of refusing executable memory, nor, if `all`, of namespaces.
fn forget(all: bool) {
    let mdwe = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, 65).unwrap();
    let mut unknown = BTreeMap::from([
        (libc::SYS_landlock_create_ruleset, vec![]),
        (libc::SYS_prctl, vec![SeccompRule::new(vec![mdwe]).unwrap()]),
    ]);
    if all {
        unknown.insert(libc::SYS_unshare, vec![]);
    }
    let enosys = SeccompAction::Errno(libc::ENOSYS as u32);
    let machine = TargetArch::try_from(std::env::consts::ARCH).unwrap();
    let filter = SeccompFilter::new(unknown, SeccompAction::Allow, enosys, machine).unwrap();
    apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
}

fn serve_until_killed() {
    let host = with_rogue();
    std::thread::scope(|scope| {
        for name in ["loop", "sleep", "loop", "sleep"] {
            let host = &host;
            scope.spawn(move || call(host, &key(1), name, 100 * ENOUGH, &mut clock));
        }
    });
}

/// The processes that have this one for a parent.
pub fn children(parent: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| stat(*pid).is_some_and(|(_, its)| its == parent)).collect()
}

/// Whether a process is there and no mere entry of its parent's.
pub fn lives(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != 'Z' && state != 'X')
}

/// State and parent of a process.
fn stat(pid: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = text.rsplit_once(')')?.1.split_whitespace();
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}
