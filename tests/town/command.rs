//! Running `falin` as an administrator does, with an end to every wait.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::watchdog;

/// The longest that any command of a test may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Output {
    /// 0 done, 1 refused, 2 wrong usage (contract of the command line).
    pub status: i32,
    /// What scripts read.
    pub stdout: String,
    /// Logs and complaints.
    pub stderr: String,
    words: String,
}

impl Output {
    /// Asserts that the command did what it was asked.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.ended(0)
    }

    /// Asserts the exit status.
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        let Self { words, stdout, stderr, .. } = &self;
        assert_eq!(self.status, status, "falin {words}\n-- stdout\n{stdout}\n-- stderr\n{stderr}");
        self
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        let Self { words, stdout, stderr, .. } = self;
        serde_json::from_str(stdout).unwrap_or_else(|error| {
            panic!("falin {words}: stdout is no JSON document ({error})\n{stdout}\n-- stderr\n{stderr}")
        })
    }
}

/// The built program on a county's data, with an environment of ours alone.
pub fn falin(data: &Path, database: Option<&str>) -> Command {
    of(env!("CARGO_BIN_EXE_falin"), data, database)
}

/// The same where a limit on the size of files is an error to the program, as a full disk is, and no signal that ends it.
pub fn falin_on_little_disk(data: &Path, database: Option<&str>) -> Command {
    let mut command = of("sh", data, database);
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_falin")]);
    command
}

fn of(program: &str, data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FALIN_")) {
        command.env_remove(name);
    }
    command.env("FALIN_DATA", data).env("LANG", "zh_CN.UTF-8").stdin(Stdio::null()).current_dir(data);
    if let Some(url) = database {
        command.env("FALIN_DATABASE", url);
    }
    command
}

/// Runs a command to its end; `typed` is what stands on its stdin.
pub fn run<S: AsRef<str>>(data: &Path, database: Option<&str>, words: &[S], typed: &str) -> Output {
    let told = watchdog::fresh_directory();
    let (input, out, err) = (told.join("in"), told.join("out"), told.join("err"));
    std::fs::write(&input, typed).unwrap();
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    let child = falin(data, database)
        .args(&words)
        .stdin(File::open(&input).unwrap())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let status = wait(child, PATIENCE).unwrap_or_else(|| panic!("falin {} does not end", words.join(" ")));
    let read = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    Output {
        status: status.code().unwrap_or(-1),
        stdout: read(&out),
        stderr: read(&err),
        words: words.join(" "),
    }
}

/// Waits for a child's end; kills it and says None when `patience` is over.
pub fn wait(mut child: Child, patience: Duration) -> Option<ExitStatus> {
    watchdog::watch("KILL", child.id());
    let started = Instant::now();
    let mut status = None;
    while status.is_none() && started.elapsed() < patience {
        status = child.try_wait().unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    if status.is_none() {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    watchdog::release(child.id());
    status
}
