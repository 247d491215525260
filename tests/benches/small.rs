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
    vec![
        Line::most("small", "stripped binary, MiB", "≤ 20", 20.0, size),
        Line::most("small", "idle memory with the demo's data, MiB", "≤ 40", 40.0, idle),
    ]
}
