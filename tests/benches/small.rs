//! `small`: what the program weighs, on disk and in memory.

use crate::Line;
use crate::house::memory_mib;
use crate::http::Server;

/// Binary and idle memory.
pub fn run(_full: bool) -> Vec<Line> {
    let size =
        std::fs::metadata(env!("CARGO_BIN_EXE_falin")).map_or(f64::NAN, |m| m.len() as f64 / 1048576.0);
    let server = Server::start();
    std::thread::sleep(std::time::Duration::from_secs(2));
    let idle = memory_mib(server.pid(), "VmRSS");
    let mapped = database_mib(server.pid());
    vec![
        Line::most("small", "stripped binary, MiB", "≤ 20", 20.0, size),
        Line::most(
            "small",
            "idle memory with the demo's data, without its mapped database, MiB",
            "≤ 40",
            40.0,
            idle - mapped,
        ),
        Line::told(
            "small",
            "pages of the database that the kernel has mapped for it, MiB",
            format!("{mapped:.2}"),
        ),
    ]
}

/// Resident pages of the database's own file: the kernel's cache, given back whenever somebody needs the memory.
fn database_mib(pid: u32) -> f64 {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/smaps")).unwrap_or_default();
    let (mut of_database, mut kib) = (false, 0.0);
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("Rss:") if of_database => kib += words.next().and_then(|n| n.parse().ok()).unwrap_or(0.0),
            Some(first) if !first.ends_with(':') => of_database = line.ends_with("falin.db"),
            _ => {}
        }
    }
    kib / 1024.0
}
