//! A throw-away house for benchmarks, and processes measured from outside.

use falin_app::{App, Settings};

/// An empty house that is removed when dropped.
pub struct House {
    /// The open house.
    pub app: App,
}

impl House {
    /// On SQLite, in the folder for temporary files.
    pub fn new(name: &str) -> Self {
        let data = std::env::temp_dir().join(format!("falin-bench-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        Self { app: App::open(&Settings { data, database: None, now: None }).unwrap() }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.app.data);
    }
}

/// A line of `/proc/PID/status` in MiB, such as `VmHWM` (highest resident memory) or `VmRSS`.
pub fn memory_mib(pid: u32, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let found = status.lines().find(|text| text.starts_with(line));
    let kib = found.and_then(|text| text.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
