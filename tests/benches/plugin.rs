//! A call to a caged worker against the same call in process, and what workers cost: time to start, memory, recovery.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use falin_domain::words::CountyId;
use falin_host::plugin::{
    Expected, Fault, Host, HostAnswer, Key, Library, Limits, Plugin, PluginOp, Settings,
};
use falin_rogue::Rogue;
use falin_sdk::bench::Bench;
use serde_json::{Value, json};

use crate::Line;
use crate::house::children;

const LONG: Duration = Duration::from_secs(10);

/// Runs all of it.
pub fn run(full: bool) -> Vec<Line> {
    let rounds = if full { 10 } else { 1 };
    let others = children(std::process::id());
    let mut lines = on_one_processor(|| calls(&host(), 5_000 * rounds, &Told::Goals));
    let host = host();
    lines.extend(calls(&host, 5_000 * rounds, &Told::Only));
    lines.extend(starts(&host, 200 * rounds));
    lines.extend(recoveries(&host, 100 * rounds));
    lines.push(lateness(&host, 50 * rounds));
    lines.extend(neighbours(&host, 20_000 * rounds));
    lines.push(memory(&host, &others));
    lines
}

fn host() -> Host {
    let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_falin")));
    let host = Host::start(Settings { program, ..Settings::default() }).unwrap();
    host.put(key(0), plugin());
    host.warm(&key(0)).unwrap();
    host
}

/// What is said of a turn of calls.
enum Told {
    /// Held against the goals.
    Goals,
    /// Told beside them.
    Only,
}

/// Runs `work` and whatever it starts on the first processor. Waking somebody on another one, that sleeps, takes a
/// virtual machine some fifty microseconds, and where a process is woken changes from run to run.
fn on_one_processor<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pinned = || {
        let me = std::fs::read_link("/proc/thread-self").unwrap();
        let me = me.file_name().unwrap().to_str().unwrap().to_owned();
        let quiet = std::process::Stdio::null();
        let done = std::process::Command::new("taskset").args(["-c", "-p", "0", &me]).stdout(quiet).status();
        assert!(done.unwrap().success());
        work()
    };
    std::thread::scope(|scope| scope.spawn(pinned).join().unwrap())
}

fn plugin() -> Plugin {
    let library = std::env::current_exe().unwrap().with_file_name("libfalin_rogue.so");
    let library = Library::seal(&std::fs::read(library).unwrap()).unwrap();
    Plugin { library, expected: Expected::new("rogue", "1.0.0", None), limits: Limits::default() }
}

fn key(county: u8) -> Key {
    let county = CountyId::from_bytes(&[county; 16]).unwrap();
    Key { county, plugin: "rogue".into(), version: "1.0.0".into() }
}

/// One KiB of JSON.
fn kib() -> Value {
    json!({ "page": "window", "action": "echo", "form": { "echo": "法".repeat(310) } })
}

fn calls(host: &Host, times: usize, told: &Told) -> Vec<Line> {
    let mut inside = Bench::of::<Rogue>(|_, _| Err(falin_sdk::Stop::unknown()));
    let mut echo = Echo::start();
    let (asked, bytes) = (kib(), kib().to_string().into_bytes());
    let call = || drop(host.call(&key(0), PluginOp::Action, &bytes, LONG, &mut none).unwrap());
    let (mut here, mut there, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times {
        here.push(crate::took(|| drop(inside.call(PluginOp::Action, &asked).unwrap())));
        bare.push(crate::took(|| echo.there_and_back(&bytes)));
        there.push(crate::took(call));
    }
    let (here, there, bare) = (sorted(here), sorted(there), sorted(bare));
    let text = |wait: Duration| format!("{:.2}", micros(wait));
    if matches!(told, Told::Only) {
        let what = "the same call and a bare process where the scheduler chooses the processors, p50, µs";
        let got = format!("{} and {}", text(part(&there, 50)), text(part(&bare, 50)));
        return vec![Line::told("plugin", what, got)];
    }
    let what = format!("caged call of {} bytes on one processor, p50, µs", bytes.len());
    let ratio = part(&there, 50).as_secs_f64() / part(&bare, 50).as_secs_f64();
    vec![
        Line::most("plugin", what, "≤ 15", 15.0, micros(part(&there, 50))),
        Line::most("plugin", "the same, p99, µs", "≤ 100", 100.0, micros(part(&there, 99))),
        Line::told("plugin", "in process, p50, µs", text(part(&here, 50))),
        Line::told("plugin", "the same bytes to a bare process and back, p50, µs", text(part(&bare, 50))),
        Line::most("plugin", "caged call ÷ bare process and back, p50", "≤ 1.5", 1.5, ratio),
    ]
}

/// A process that sends back whatever it is sent: what the machine takes for waking somebody and being woken.
struct Echo {
    child: std::process::Child,
    line: UnixStream,
}

impl Echo {
    fn start() -> Self {
        let (line, far) = UnixStream::pair().unwrap();
        let (stdin, stdout) = (OwnedFd::from(far.try_clone().unwrap()), OwnedFd::from(far));
        let child = std::process::Command::new("cat").stdin(stdin).stdout(stdout).spawn().unwrap();
        Self { child, line }
    }

    fn there_and_back(&mut self, bytes: &[u8]) {
        self.line.write_all(bytes).unwrap();
        let mut back = vec![0; bytes.len()];
        self.line.read_exact(&mut back).unwrap();
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn none(_: falin_host::plugin::HostOp, _: &[u8]) -> HostAnswer {
    HostAnswer::unknown()
}

fn starts(host: &Host, times: usize) -> Vec<Line> {
    let plugin = plugin();
    let all = (0..times).map(|_| {
        let begun = Instant::now();
        let trial = host.trial(&plugin).unwrap();
        let took = begun.elapsed();
        drop(trial);
        took
    });
    let all = sorted(all.collect());
    vec![
        Line::most("plugin", "start of a worker until ready, p50, ms", "≤ 2", 2.0, millis(part(&all, 50))),
        Line::most("plugin", "the same, p99, ms", "≤ 5", 5.0, millis(part(&all, 99))),
    ]
}

fn page(host: &Host, name: &str, within: Duration) -> Result<(), Fault> {
    let asked = json!({ "page": name }).to_string();
    host.call(&key(0), PluginOp::Page, asked.as_bytes(), within, &mut none).map(drop)
}

fn recoveries(host: &Host, times: usize) -> Vec<Line> {
    let all = (0..times).map(|_| {
        page(host, "abort", LONG).unwrap_err();
        host.release(&key(0));
        crate::took(|| page(host, "good", LONG).unwrap())
    });
    let all = sorted(all.collect());
    vec![Line::most("plugin", "crash to the next good answer, p99, ms", "≤ 5", 5.0, millis(part(&all, 99)))]
}

fn lateness(host: &Host, times: usize) -> Line {
    let within = Duration::from_millis(50);
    let all = (0..times).map(|_| {
        page(host, "good", LONG).unwrap();
        let took = crate::took(|| drop(page(host, "loop", within).unwrap_err()));
        host.release(&key(0));
        took.saturating_sub(within)
    });
    let all = sorted(all.collect());
    Line::most(
        "plugin",
        "endless loop, killed after its deadline, p99, ms",
        "≤ 10",
        10.0,
        millis(part(&all, 99)),
    )
}

/// Calls of one county while another one's plugin goes wrong a hundred times a second, against the same calls alone:
/// three turns of each. Quarantine would let it go wrong five times in a minute.
fn neighbours(host: &Host, times: usize) -> Vec<Line> {
    let other = key(101);
    host.put(other.clone(), plugin());
    let (bytes, failed) = (kib().to_string().into_bytes(), AtomicUsize::new(0));
    let call = || {
        if host.call(&key(0), PluginOp::Action, &bytes, LONG, &mut none).is_err() {
            failed.fetch_add(1, Ordering::Relaxed);
        }
    };
    let turn = || part(&sorted((0..times).map(|_| crate::took(call)).collect()), 99);
    let (mut alone, mut beside, mut faults) = (Vec::new(), Vec::new(), 0);
    for _ in 0..3 {
        alone.push(turn());
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let storm = scope.spawn(|| storm(host, &other, &over));
            beside.push(turn());
            over.store(true, Ordering::Relaxed);
            faults += storm.join().unwrap();
        });
    }
    host.remove(&other);
    let (alone, beside) = (crate::median(alone), crate::median(beside));
    let what = format!("p99 of a call while another county's plugin dies {faults} times ÷ alone");
    vec![
        Line::most("plugin", what, "≤ 2", 2.0, crate::times(beside, alone)),
        Line::most(
            "plugin",
            format!("calls that failed of those {}", 6 * times),
            "0",
            0.0,
            failed.into_inner() as f64,
        ),
    ]
}

/// Every way to die in turn until it is over; how often it died.
fn storm(host: &Host, other: &Key, over: &AtomicBool) -> usize {
    let ways = ["panic-twice", "abort", "null-write", "stack", "exit", "double-free", "loop"].iter().cycle();
    let dying = ways.take_while(|_| !over.load(Ordering::Relaxed)).map(|way| {
        let asked = json!({ "page": way }).to_string();
        let within = Duration::from_millis(20);
        host.call(other, PluginOp::Page, asked.as_bytes(), within, &mut none).unwrap_err();
        host.release(other);
        std::thread::sleep(Duration::from_millis(10));
    });
    dying.count()
}

/// Pss of a hundred idle workers, each of a county of its own, on one library; `others` are no workers.
fn memory(host: &Host, others: &[u32]) -> Line {
    let plugin = plugin();
    for county in 1..=100 {
        host.put(key(county), plugin.clone());
        host.warm(&key(county)).unwrap();
    }
    let mut workers = children(std::process::id());
    workers.retain(|pid| !others.contains(pid));
    let all: f64 = workers.iter().map(|pid| pss_mib(*pid)).sum();
    let what = format!("{} idle workers, Pss, MiB", workers.len());
    for county in 1..=100 {
        host.remove(&key(county));
    }
    Line::most("plugin", what, "≤ 40", 40.0, all)
}

/// Only root may read it of a process that is not dumpable; elsewhere the line is not a number.
fn pss_mib(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

fn sorted(mut all: Vec<Duration>) -> Vec<Duration> {
    all.sort_unstable();
    all
}

fn part(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
