//! The reader process: takes its limits, reads one file from stdin, writes its cells to stdout, ends.

use std::io::{BufWriter, Read, stdin, stdout};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::bounds::{Limits, Reason};
use super::format::Format;
use super::{read_format, wire};

/// The hidden subcommand under which the program reads a roster instead of serving.
pub const SUBCOMMAND: &str = "__read-roster";

/// Open files: stdin, stdout, stderr and a few that the standard library may want.
const OPEN_FILES: u64 = 16;

/// Reads one roster and returns the exit code, if this process was started for that; None otherwise.
///
/// `main` calls it before anything else, so that the child holds no database, no key and no socket.
pub fn run_if_child() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(SUBCOMMAND) {
        return None;
    }
    let format = arguments.next().as_deref().and_then(Format::from_word);
    Some(run(format).unwrap_or(ExitCode::FAILURE))
}

fn run(format: Option<Format>) -> Option<ExitCode> {
    let limits = Limits::default();
    confine(&limits).ok()?;
    let mut bytes = Vec::new();
    let longest = limits.file_bytes as u64 + 1;
    stdin().lock().take(longest).read_to_end(&mut bytes).ok()?;
    let answer = match format {
        Some(_) if bytes.len() > limits.file_bytes => Err(Reason::Bytes.into()),
        Some(format) => read_format(&bytes, format, &limits),
        None => Err(Reason::Kind.into()),
    };
    let mut out = BufWriter::with_capacity(64 << 10, stdout().lock());
    wire::write(&mut out, &answer).ok()?;
    Some(ExitCode::SUCCESS)
}

/// Gives up what a reader of files does not need. A process may always lower its own limits, so a failure
/// means a system unlike any that we know, and the file stays unread.
fn confine(limits: &Limits) -> rustix::io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    lower(Resource::As, limits.address_space)?;
    lower(Resource::Cpu, limits.cpu_seconds)?;
    lower(Resource::Fsize, 0)?;
    lower(Resource::Core, 0)?;
    lower(Resource::Nofile, OPEN_FILES)
}

fn lower(resource: Resource, most: u64) -> rustix::io::Result<()> {
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
}
