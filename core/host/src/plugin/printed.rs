//! What a worker prints, on its way to the server's log: a little of it, however much there is.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::io::Errno;

/// Bytes that are read in a second; a worker that prints more waits for its own pipe.
const READ_A_SECOND: usize = 1 << 20;

/// Lines that reach the log in a second.
const LINES_A_SECOND: u32 = 10;

/// Longest line in the log, bytes; the rest of it is dropped.
const LONGEST_LINE: usize = 300;

/// The reading end of one worker's stderr.
pub struct Printed {
    /// Ready when there is something to read.
    pub pipe: OwnedFd,
    label: String,
    line: Vec<u8>,
    second: Instant,
    read: usize,
    lines: u32,
    dropped: u64,
}

impl Printed {
    /// `label` says in the log whose words these are.
    pub fn new(pipe: OwnedFd, label: String) -> Self {
        let second = Instant::now();
        Self { pipe, label, line: Vec::new(), second, read: 0, lines: 0, dropped: 0 }
    }

    /// Whether this second's share is not used up.
    pub fn may_be_read(&self, now: Instant) -> bool {
        self.read < READ_A_SECOND || now >= self.second + Duration::from_secs(1)
    }

    /// Reads what there is. False once the worker has gone.
    pub fn read(&mut self, now: Instant) -> bool {
        if now >= self.second + Duration::from_secs(1) {
            self.new_second(now);
        }
        let mut bytes = [0; 8192];
        while self.read < READ_A_SECOND {
            match rustix::io::read(&self.pipe, &mut bytes[..]) {
                Ok(0) => {
                    self.end_line();
                    self.new_second(now);
                    return false;
                }
                Ok(read) => {
                    self.read += read;
                    bytes[..read].iter().for_each(|byte| self.take(*byte));
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return true,
                Err(_) => return false,
            }
        }
        true
    }

    fn take(&mut self, byte: u8) {
        match byte {
            b'\n' => self.end_line(),
            _ if self.line.len() < LONGEST_LINE => self.line.push(byte),
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return;
        }
        if self.lines >= LINES_A_SECOND {
            self.dropped += 1;
            return;
        }
        self.lines += 1;
        tracing::warn!(plugin = self.label, "printed: {}", readable(&line));
    }

    fn new_second(&mut self, now: Instant) {
        if self.dropped > 0 {
            tracing::warn!(plugin = self.label, lines = self.dropped, "printed more than is kept");
        }
        (self.second, self.read, self.lines, self.dropped) = (now, 0, 0, 0);
    }
}

/// No control characters: a line of a plugin stays one line, and moves no cursor.
fn readable(line: &[u8]) -> String {
    String::from_utf8_lossy(line).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
