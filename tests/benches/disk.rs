//! How fast this disk makes writes durable: a write figure without it means nothing.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// fdatasync calls a second, each after 4 KiB written.
pub fn syncs_per_second() -> f64 {
    let path = std::env::temp_dir().join(format!("falin-sync-{}", std::process::id()));
    let mut file = File::create(&path).unwrap();
    let (start, mut n) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_millis(500) {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        n += 1;
    }
    std::fs::remove_file(path).unwrap();
    f64::from(n) / start.elapsed().as_secs_f64()
}
