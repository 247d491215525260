//! A throw-away house for benchmarks, and processes measured from outside.

use std::path::PathBuf;
use std::time::Duration;

use falin_app::{App, Settings};
use falin_domain::directory::HouseholdKind;
use falin_domain::words::{CountyId, DivisionId};
use falin_store::category::Told;
use falin_store::household::{self, Clear};
use falin_store::{In, Tx};

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

    /// Its database file.
    pub fn file(&self) -> PathBuf {
        self.app.data.join("falin.db")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.app.data);
    }
}

const SURNAMES: &[&str] = &["张", "王", "李", "赵", "马", "杨", "刘", "陈", "曾", "欧阳"];
const GIVEN: &[&str] =
    &["建", "国", "玉", "兰", "丽", "强", "志", "生", "芳", "军", "海", "燕", "文", "秀", "英"];

/// One of 2,250 names.
pub fn name(n: usize) -> String {
    let given = |k: usize| GIVEN[k % GIVEN.len()];
    format!("{}{}{}", SURNAMES[n % SURNAMES.len()], given(n / 10), given(n / 150))
}

/// A household of that name, with nothing sealed.
pub fn clear(n: usize, village_id: DivisionId) -> Clear {
    Clear {
        kind: HouseholdKind::Rural,
        village_id,
        grid_id: None,
        head_name: name(n),
        id_number: None,
        phones: Vec::new(),
        address: None,
        note: None,
        provider_hint: None,
        categories: Vec::new(),
    }
}

/// Adds so many households, a village for each two thousand.
pub fn households(house: &House, id: CountyId, households: usize) {
    for start in (0..households).step_by(2_000) {
        let add = move |tx: &mut Tx<'_>| {
            let village = tx.id();
            let all: Vec<Clear> =
                (start..(start + 2_000).min(households)).map(|n| clear(n, village)).collect();
            household::add_all(
                tx,
                id,
                &all.iter().map(|clear| (clear, Told::default())).collect::<Vec<_>>(),
                None,
            )
        };
        house.app.db.write_now(In::County(id), add).unwrap();
    }
}

/// A line of `/proc/PID/status` in MiB, such as `VmHWM` (highest resident memory) or `VmRSS`.
pub fn memory_mib(pid: u32, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let found = status.lines().find(|text| text.starts_with(line));
    let kib = found.and_then(|text| text.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// Processor time that a process has used, user and system; counted in hundredths of a second.
pub fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(ticks * 10)
}

/// Processes that this one has started and that still run.
pub fn children(parent: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parent_of = |pid: u32| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    numbers.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}
