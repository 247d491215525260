//! What the system says of a server and the workers that it has started.

use std::fs;
use std::process::Command;

/// Children of all threads of a process, the oldest first. The oldest is the one that workers are born from.
pub fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    let all: String = threads.map(of).collect::<Vec<_>>().join(" ");
    let mut all: Vec<u32> = all.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    all.sort_unstable();
    all
}

/// Ends the youngest worker at once; false where there is none.
pub fn kill_worker(server: u32) -> bool {
    match children(server).as_slice() {
        [_, .., youngest] => kill(*youngest),
        _ => false,
    }
}

/// SIGKILL; false where nobody is there.
pub fn kill(process: u32) -> bool {
    let mut command = Command::new("kill");
    command.args(["-KILL", &process.to_string()]).stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Open descriptors.
pub fn descriptors(process: u32) -> usize {
    fs::read_dir(format!("/proc/{process}/fd")).map_or(0, |all| all.count())
}

/// Memory of its own, KiB.
pub fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
