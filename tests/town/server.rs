//! The server of one town: started on a free port, stopped by SIGTERM within its ten seconds.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{command, watchdog};

/// The longest until a server says that it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `falin serve`.
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    child: Option<Child>,
    log: PathBuf,
}

impl Server {
    /// Starts the server and waits for its `listening on` line.
    pub fn start(data: &Path, database: Option<&str>, words: &[&str]) -> Self {
        let mut command = command::falin(data, database);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(words);
        Self::spawn(command)
    }

    /// Starts any command that ends in a server.
    pub fn spawn(command: Command) -> Self {
        Self::spawn_within(command, PATIENCE)
    }

    /// The same for one that may take this long before it listens.
    pub fn spawn_within(mut command: Command, patience: Duration) -> Self {
        let log = watchdog::fresh_directory().join("log");
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        watchdog::watch("KILL", child.id());
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let mut server = Self { address: String::new(), child: Some(child), log };
        server.address = server.await_address(&told, patience);
        server
    }

    fn await_address(&self, told: &mpsc::Receiver<String>, patience: Duration) -> String {
        let until = Instant::now() + patience;
        while let Ok(line) = told.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if let Some(address) = line.strip_prefix("listening on ") {
                return address.trim().trim_end_matches('/').to_owned();
            }
        }
        panic!("the server does not say that it listens\n{}", self.log());
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Its process id, for drills that kill it.
    pub fn id(&self) -> u32 {
        self.child.as_ref().map(Child::id).unwrap()
    }

    /// Lets it write no file beyond this many bytes (`unlimited`: a repaired disk); what is there stays.
    pub fn allow(&self, bytes: &str) {
        let limits = [format!("--pid={}", self.id()), format!("--fsize={bytes}:")];
        assert!(Command::new("prlimit").args(limits).status().unwrap().success());
    }

    /// Waits for a process that a test has killed.
    pub fn reap(&mut self) {
        if let Some(child) = self.child.take() {
            command::wait(child, Duration::from_secs(10)).expect("killed, and still there");
        }
    }

    /// SIGTERM: what is in flight finishes, exit 0 within ten seconds.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let early = child.try_wait().unwrap();
        assert!(early.is_none(), "the server had already ended: {early:?}\n{}", self.log());
        Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap();
        let status = command::wait(child, Duration::from_secs(10));
        let status = status.unwrap_or_else(|| panic!("SIGTERM did not end it in 10 s\n{}", self.log()));
        assert!(status.success(), "the server ended with {status}\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A failed test shows what the server said; a second panic here would hide the first.
            eprintln!("-- the server's log\n{}", self.log());
            if let Some(mut child) = self.child.take() {
                let _ = child.kill();
                let _ = child.wait();
                watchdog::release(child.id());
            }
        } else {
            self.stop();
        }
    }
}
