//! How workers come and go: idle ones stop, swaps lose no call, dead servers leave nobody behind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use falin_host::plugin::{Fault, HostAnswer, Key, Limits, Plugin, Standing};

use crate::Test;
use crate::house::{ENOUGH, call, clock, host, key, page, plugin, with_rogue};
use crate::under;

/// The tests of this file.
pub const TESTS: &[Test] = &[
    ("the_idle_stop", the_idle_stop),
    ("more_calls_find_more_workers", more_calls_find_more_workers),
    ("five_deaths_are_quarantine", five_deaths_are_quarantine),
    ("a_swap_loses_no_call", a_swap_loses_no_call),
    ("a_panic_of_the_server_ends_the_worker", a_panic_of_the_server_ends_the_worker),
    ("a_worker_goes_before_its_server", a_worker_goes_before_its_server),
    ("nothing_is_left_behind", nothing_is_left_behind),
    ("no_worker_outlives_a_killed_server", no_worker_outlives_a_killed_server),
];

fn the_idle_stop() {
    let host = host();
    let limits = Limits { idle: Duration::from_millis(200), ..Limits::default() };
    host.put(key(1), Plugin { limits, ..plugin("") });
    page(&host, "good", ENOUGH).unwrap();
    assert_eq!(host.metrics(&key(1)).unwrap().workers, 1);
    let begun = Instant::now();
    while host.metrics(&key(1)).unwrap().workers > 0 {
        assert!(begun.elapsed() < ENOUGH);
        std::thread::sleep(Duration::from_millis(20));
    }
    page(&host, "good", ENOUGH).unwrap();
    let metrics = host.metrics(&key(1)).unwrap();
    assert_eq!((metrics.spawns, metrics.deaths), (2, 0));
}

fn more_calls_find_more_workers() {
    let host = host();
    let limits = Limits { workers: 2, ..Limits::default() };
    host.put(key(1), Plugin { limits, ..plugin("") });
    let within = Duration::from_millis(400);
    std::thread::scope(|scope| {
        let two: Vec<_> = (0..2).map(|_| scope.spawn(|| page(&host, "sleep", within))).collect();
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(page(&host, "good", Duration::from_millis(20)), Err(Fault::Busy));
        two.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), Err(Fault::Late)));
    });
    page(&host, "good", ENOUGH).unwrap();
}

fn five_deaths_are_quarantine() {
    let host = with_rogue();
    for death in 0..5 {
        assert_eq!(host.standing(&key(1)), Standing::Ready, "{death}");
        page(&host, "abort", ENOUGH).unwrap_err();
    }
    let Err(Fault::Quarantined(quarantine)) = page(&host, "good", ENOUGH) else { panic!() };
    assert_eq!((quarantine.deaths, quarantine.last.as_str()), (5, "died (signal 6)"));
    assert!(matches!(host.standing(&key(1)), Standing::Quarantined(_)));
    assert_eq!(host.metrics(&key(1)).unwrap().workers, 0);
    assert!(host.release(&key(1)));
    page(&host, "good", ENOUGH).unwrap();
}

/// Where the machine has no memory left.
fn a_worker_goes_before_its_server() {
    let host = with_rogue();
    let told: serde_json::Value = serde_json::from_str(&page(&host, "pid", ENOUGH).unwrap()).unwrap();
    let score = std::fs::read_to_string(format!("/proc/{}/oom_score_adj", told["model"])).unwrap();
    assert_eq!(score.trim(), "1000");
}

fn a_swap_loses_no_call() {
    let host = with_rogue();
    let next = Key { version: "1.0.1".into(), ..key(1) };
    let (done, current) = (AtomicBool::new(false), std::sync::RwLock::new(key(1)));
    std::thread::scope(|scope| {
        let caller = || {
            let mut calls = 0;
            while !done.load(Ordering::Relaxed) {
                let key = current.read().unwrap();
                call(&host, &key, "good", ENOUGH, &mut clock).unwrap();
                calls += 1;
            }
            calls
        };
        let callers = [scope.spawn(caller), scope.spawn(caller)];
        let mut keys = [key(1), next];
        for _ in 0..20 {
            host.put(keys[1].clone(), plugin(""));
            host.warm(&keys[1]).unwrap();
            current.write().unwrap().clone_from(&keys[1]);
            assert!(host.remove(&keys[0]));
            keys.swap(0, 1);
        }
        // The same key again, under calls that run.
        host.put(keys[0].clone(), plugin(""));
        done.store(true, Ordering::Relaxed);
        let calls: u32 = callers.map(|caller| caller.join().unwrap()).iter().sum();
        println!("{calls} calls, none lost");
    });
}

fn a_panic_of_the_server_ends_the_worker() {
    let host = with_rogue();
    let shout = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        call(&host, &key(1), "ask", ENOUGH, &mut |_, _| -> HostAnswer { panic!("as asked") })
    }));
    std::panic::set_hook(shout);
    assert!(outcome.is_err());
    assert_eq!(host.metrics(&key(1)).unwrap().workers, 0);
    page(&host, "good", ENOUGH).unwrap();
}

fn nothing_is_left_behind() {
    drop(plugin(""));
    let settled = || (open_descriptors(), under::children(std::process::id()).len());
    let before = {
        drop(with_rogue());
        std::thread::sleep(Duration::from_millis(700));
        settled()
    };
    for _ in 0..10 {
        let host = with_rogue();
        page(&host, "good", ENOUGH).unwrap();
        page(&host, "abort", ENOUGH).unwrap_err();
        page(&host, "loop", Duration::from_millis(20)).unwrap_err();
    }
    let begun = Instant::now();
    while settled() != before {
        assert!(begun.elapsed() < ENOUGH, "{before:?} became {:?}", settled());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

fn no_worker_outlives_a_killed_server() {
    let mut took = Vec::new();
    for _ in 0..crate::house::runs() {
        let mut server = under::start("server", &[]);
        let pid = server.id();
        let begun = Instant::now();
        let workers = loop {
            let workers = under::children(pid);
            // Four of them, and the nursery that they come from.
            if workers.len() == 5 {
                break workers;
            }
            assert!(begun.elapsed() < ENOUGH, "{} workers", workers.len());
            std::thread::sleep(Duration::from_millis(5));
        };
        // All four are at a call by then: two loop, two sleep.
        std::thread::sleep(Duration::from_millis(100));
        let killed = Instant::now();
        server.kill().unwrap();
        while workers.iter().any(|worker| under::lives(*worker)) {
            assert!(killed.elapsed() < ENOUGH, "workers outlive their server");
            std::thread::yield_now();
        }
        took.push(killed.elapsed());
        server.wait().unwrap();
    }
    took.sort_unstable();
    let (middle, last) = (took[took.len() / 2], took[took.len() - 1]);
    println!("gone after the server's death: {middle:?} (half), {last:?} (all)");
    // Ten times what it takes on a quiet machine: the other tests' workers share its processors.
    assert!(middle <= Duration::from_millis(100));
}
