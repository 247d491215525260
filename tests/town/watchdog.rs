//! Nothing outlives a test run: a shell that waits for the run's end, however it ends, and clears up.
//!
//! Test processes end by `exit`, by a signal or by a power key; destructors of statics never run. The
//! watchdog holds the reading end of a pipe: when the run is gone, whatever took it, the pipe closes.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

const SCRIPT: &str = r#"
alive() {
  state=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
  [ -n "$state" ] && [ "${state#Z}" = "$state" ]
}
list=""
while read -r word value; do
  case "$word" in
    end) list="$list $value" ;;
    ended)
      kept=""
      for entry in $list; do [ "${entry#*:}" = "$value" ] || kept="$kept $entry"; done
      list="$kept" ;;
  esac
done
for entry in $list; do kill -s "${entry%%:*}" "${entry#*:}" 2>/dev/null; done
for entry in $list; do
  left=100
  while [ $left -gt 0 ] && alive "${entry#*:}"; do sleep 0.05; left=$((left - 1)); done
done
rm -rf "$0"
"#;

struct Run {
    directory: PathBuf,
    pipe: Mutex<ChildStdin>,
}

fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let directory = std::env::temp_dir().join(format!("falin-town-{}", std::process::id()));
        // A directory of this name is what an earlier process with our id left behind.
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        #[allow(
            clippy::zombie_processes,
            reason = "it outlives this process on purpose: it clears up after it"
        )]
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .arg(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        Run { directory, pipe: Mutex::new(shell.stdin.take().unwrap()) }
    })
}

/// A new empty directory that vanishes with the run.
pub fn fresh_directory() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = run().directory.join(number.to_string());
    std::fs::create_dir(&path).unwrap();
    path
}

/// From now on process `pid` ends with the run, by `signal` (`KILL`, `QUIT`).
pub fn watch(signal: &str, pid: u32) {
    tell(&format!("end {signal}:{pid}\n"));
}

/// Process `pid` has ended and been waited for; its number may belong to somebody else now.
pub fn release(pid: u32) {
    tell(&format!("ended {pid}\n"));
}

fn tell(line: &str) {
    run().pipe.lock().unwrap().write_all(line.as_bytes()).unwrap();
}
