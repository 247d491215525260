//! The server's side of reading a roster: start the child, feed it, take its cells, and never wait too long.

use std::io::{BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use falin_domain::roster::Workbook;
use rustix::process::{Pid, Signal, kill_process};

use super::bounds::{Limits, ParseFailure, Reason};
use super::child::SUBCOMMAND;
use super::format::Format;
use super::{name_csv_sheet, wire};

/// The program that runs, even where its file has been replaced meanwhile.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// Reads a roster file in a child process of this program. Blocks for as long as the file takes, at most
/// `limits.wall`; call it where waiting is allowed.
///
/// # Errors
/// [`ParseFailure`]: `file.unreadable` or `file.too_large`, with the reason.
pub fn parse_roster(bytes: &[u8], name: &str, limits: &Limits) -> Result<Workbook, ParseFailure> {
    let linux = Path::new(OWN_PROGRAM);
    if linux.exists() {
        return parse_roster_with(linux, bytes, name, limits);
    }
    let program = std::env::current_exe().map_err(|_| Reason::Process)?;
    parse_roster_with(&program, bytes, name, limits)
}

/// The same with another program, which has to call [`super::run_if_child`] first of all.
///
/// # Errors
/// As [`parse_roster`].
pub fn parse_roster_with(
    program: &Path,
    bytes: &[u8],
    name: &str,
    limits: &Limits,
) -> Result<Workbook, ParseFailure> {
    let format = Format::of(bytes, name, limits)?;
    let mut child = start(program, format)?;
    let answer = converse(&mut child, bytes, limits);
    let _ = child.kill();
    let status = child.wait();
    let mut book = match answer {
        Err(failure) if failure.reason == Reason::Process => return Err(verdict(status.ok()).into()),
        other => other?,
    };
    name_csv_sheet(&mut book, format, name);
    Ok(book)
}

fn start(program: &Path, format: Format) -> Result<Child, Reason> {
    let started = Command::new(program)
        .args([SUBCOMMAND, format.word()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    started.map_err(|error| {
        tracing::error!(kind = ?error.kind(), "the roster reader could not be started");
        Reason::Process
    })
}

/// Feeds the file from one thread while this one reads the cells and a third watches the clock.
fn converse(child: &mut Child, bytes: &[u8], limits: &Limits) -> Result<Workbook, ParseFailure> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Reason::Process.into());
    };
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(Reason::Process)?;
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let feeder = scope.spawn(move || {
            // A child that has seen enough closes its end; that is its right.
            let _ = input.write_all(bytes);
        });
        let watchdog = scope.spawn(move || watch(&waiting, pid, limits.wall));
        let mut output = BufReader::with_capacity(64 << 10, output.take(most_answer_bytes(limits)));
        let answer = wire::read(&mut output, limits);
        drop(output);
        drop(done);
        let _ = feeder.join();
        if watchdog.join().unwrap_or(false) {
            return Err(Reason::Effort.into());
        }
        answer
    })
}

/// Kills the child at the deadline. It is not waited for before this ends, so its number is still its own.
fn watch(waiting: &mpsc::Receiver<()>, pid: Pid, wall: Duration) -> bool {
    let late = matches!(waiting.recv_timeout(wall), Err(RecvTimeoutError::Timeout));
    if late {
        let _ = kill_process(pid, Signal::KILL);
    }
    late
}

/// No answer within the limits is longer: text, nine bytes around each cell, names and merges.
fn most_answer_bytes(limits: &Limits) -> u64 {
    let cells = limits.cells as u64 * 9 + limits.rows as u64 * 9;
    let names = limits.sheets as u64 * 8192 + limits.merges as u64 * 16;
    limits.text as u64 + cells + names + (1 << 20)
}

/// What a torn answer means: a child that ran out of memory or time aborts or is killed by its limits.
fn verdict(status: Option<ExitStatus>) -> Reason {
    let signal = status.and_then(|status| status.signal()).and_then(Signal::from_named_raw);
    match signal {
        Some(Signal::ABORT | Signal::XCPU | Signal::KILL) => Reason::Effort,
        Some(_) => Reason::Damaged,
        // A panic of the workbook library over a damaged file.
        None if status.and_then(|status| status.code()) == Some(101) => Reason::Damaged,
        None => Reason::Process,
    }
}
