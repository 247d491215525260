//! How much a plugin may take, per call and per process.

use std::time::Duration;

use super::fault::Fault;

/// Limits on one plugin of one county.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Private memory of a worker, bytes.
    pub memory: u64,
    /// Processes at once; a call that finds all of them busy waits for one.
    pub workers: usize,
    /// Host calls that one call may make.
    pub host_calls: u32,
    /// Bytes that one call may move in host calls, both ways together.
    pub host_bytes: usize,
    /// From the start of a worker until it is ready.
    pub loading: Duration,
    /// A worker that nobody called for so long is ended.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            workers: 4,
            host_calls: 1_000,
            host_bytes: 16 << 20,
            loading: Duration::from_secs(5),
            idle: Duration::from_secs(60),
        }
    }
}

/// Lines of the log that one call may send; the worker drops more, so that more are a lie.
const LINES: u32 = 100;

/// What is left for one call.
#[derive(Debug)]
pub(super) struct Budget {
    host_calls: u32,
    host_bytes: usize,
    lines: u32,
}

impl Budget {
    pub fn new(limits: &Limits) -> Self {
        Self { host_calls: limits.host_calls, host_bytes: limits.host_bytes, lines: LINES }
    }

    /// Pays for one host call of so many bytes.
    pub fn host_call(&mut self, bytes: usize) -> Result<(), Fault> {
        self.host_calls = self.host_calls.checked_sub(1).ok_or(Fault::OverBudget("host_calls"))?;
        self.bytes(bytes)
    }

    /// Pays for bytes of an answer.
    pub fn bytes(&mut self, bytes: usize) -> Result<(), Fault> {
        self.host_bytes = self.host_bytes.checked_sub(bytes).ok_or(Fault::OverBudget("host_bytes"))?;
        Ok(())
    }

    /// Pays for a line of the log.
    pub fn line(&mut self) -> Result<(), Fault> {
        self.lines = self.lines.checked_sub(1).ok_or(Fault::OverBudget("lines"))?;
        Ok(())
    }
}
