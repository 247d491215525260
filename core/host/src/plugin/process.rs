//! A worker's process: a child of this one, so that its number is its own until it has been waited for.

use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, waitpid};

use super::fault::End;

/// What a process has taken so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Time on a processor, in hundredths of a second.
    pub ticks: u64,
    /// Memory of all kinds that is there now, bytes.
    pub memory: u64,
}

/// A child that is ended when this is dropped.
#[derive(Debug)]
pub struct Process {
    /// None once it has been waited for: the number may be somebody else's by now.
    pid: Option<Pid>,
}

impl Process {
    /// Takes over a child that nobody else waits for.
    pub fn new(pid: Pid) -> Self {
        Self { pid: Some(pid) }
    }

    /// How it ended, if it has. A process whose socket has closed is on its way out: it is given a moment, so that
    /// its own end is told and not the kill that would follow.
    pub fn ended(&mut self) -> Option<End> {
        for _ in 0..50 {
            if let Some(end) = self.wait(WaitOptions::NOHANG) {
                return Some(end);
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        None
    }

    /// What it has taken; None where the system does not tell.
    #[allow(unsafe_code)]
    pub fn taken(&self) -> Option<Taken> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.pid?.as_raw_nonzero())).ok()?;
        // The name comes second, in brackets, and may hold anything; the third word is the first behind it.
        let words: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| words.get(at - 3).and_then(|word| word.parse::<u64>().ok());
        // SAFETY: asks for a number and touches no memory.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        let memory = number(24)?.saturating_mul(u64::try_from(page).ok()?);
        Some(Taken { ticks: number(14)? + number(15)?, memory })
    }

    /// Kills it, if it still lives, and says how it ended.
    pub fn end(&mut self) -> Option<End> {
        let _ = kill_process(self.pid?, Signal::KILL);
        self.wait(WaitOptions::empty())
    }

    fn wait(&mut self, how: WaitOptions) -> Option<End> {
        loop {
            match waitpid(Some(self.pid?), how) {
                Ok(None) => return None,
                Ok(Some((_, status))) => {
                    self.pid = None;
                    return Some(end_of(status));
                }
                Err(rustix::io::Errno::INTR) => {}
                // Somebody else has waited for it: then it is gone, and nobody knows how.
                Err(_) => {
                    self.pid = None;
                    return None;
                }
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn end_of(status: WaitStatus) -> End {
    match status.terminating_signal() {
        Some(signal) => End::Signal(signal),
        None => End::Exit(status.exit_status().unwrap_or(-1)),
    }
}
