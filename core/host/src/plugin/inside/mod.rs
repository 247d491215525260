//! The worker's side: one process that cages itself, loads one library and answers calls until it is ended.
//!
//! The order is the whole point. Everything that a library may not have is gone before `dlopen`, because a library's
//! static constructors run inside it; what only the loading needs is gone before the plugin is created.

mod border;
mod calls;
mod confine;
mod filter;
mod load;
pub(super) mod nursery;
mod private_root;
mod stopped;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::str::FromStr;

use rustix::fd::BorrowedFd;
use rustix::process::Pid;

use super::cage::{Cage, CageChoice};
use super::library::Expected;
use super::refusal::Refused;
use super::wire::{self, Header, Kind};
use border::{Border, Live};

/// The hidden subcommand under which the program bears workers ([`nursery`]) instead of serving.
pub(super) const NURSERY: &str = "__plugin-nursery";

/// The one under which it is a single worker without a library, to try the cage.
pub(super) const ALONE: &str = "__plugin-cage";

/// Exit code of a worker that was spoken to out of turn: its plugin has spoken behind its back before.
pub(super) const OUT_OF_TURN: u8 = 75;

/// What the worker is told before it cages itself.
pub(super) struct Order {
    /// Private memory that it may have, bytes.
    pub memory: u64,
    /// What the library's table has to say; none where only the cage is tried.
    pub expected: Option<Expected>,
}

/// What a worker says once it is ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ready {
    /// The cage that it is in.
    pub cage: Cage,
    /// Whether the kernel refuses it new executable memory, beside the filter.
    pub no_exec_gain: bool,
}

/// Works as a plugin's worker and returns the exit code, if this process was started for that; None otherwise.
///
/// `main` calls it before anything else, so that the worker holds no database, no key and no socket.
pub fn run_if_worker() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).take(3).collect();
    let [part, parent, choice] = arguments.as_slice() else { return None };
    if part != NURSERY && part != ALONE {
        return None;
    }
    let parent = i32::from_str(parent).ok().and_then(Pid::from_raw);
    let (Some(parent), Some(choice)) = (parent, CageChoice::from_word(choice)) else {
        return Some(ExitCode::FAILURE);
    };
    if confine::tie_to(parent).is_err() {
        return Some(ExitCode::FAILURE);
    }
    if part == NURSERY {
        match nursery::run(socket()).map(nursery::Newborn::settle) {
            None => return Some(ExitCode::SUCCESS),
            Some(Err(_)) => return Some(ExitCode::FAILURE),
            Some(Ok(())) => {}
        }
    }
    Some(work(parent, choice))
}

/// A worker's whole life.
fn work(parent: Pid, choice: CageChoice) -> ExitCode {
    match begin(parent, choice) {
        Ok(Some((border, plugin))) if border.serve(&plugin).is_err() => ExitCode::from(OUT_OF_TURN),
        Ok(_) => ExitCode::SUCCESS,
        Err(refused) => {
            let _ = wire::send(socket(), Header::new(Kind::Failed, 0, 0), &[&refused.to_bytes()]);
            ExitCode::FAILURE
        }
    }
}

/// The socket to the server; it came in as stdin.
fn socket() -> BorrowedFd<'static> {
    rustix::stdio::stdin()
}

/// Until the plugin is ready to be called; None where only the cage was tried.
fn begin(parent: Pid, choice: CageChoice) -> Result<Option<(&'static Border, Live)>, Refused> {
    confine::die_with(parent)?;
    confine::go_first();
    let order = hear_order()?;
    if let Some(expected) = &order.expected {
        load::load_companions(expected.companions());
    }
    let library = order.expected.is_some().then(load::from_stdout).transpose()?;
    let cage = confine::enter(parent, choice, &order, library)?;
    let Some(expected) = order.expected else {
        let no_exec_gain = confine::close_doors()?;
        tell_ready(Ready { cage, no_exec_gain })?;
        return Ok(None);
    };
    tell(Kind::Caged, &[])?;
    let table = load::load(&expected)?;
    let no_exec_gain = confine::close_doors()?;
    let border = Border::new();
    let plugin = border.create(table)?;
    // The filters and rules that were made on the way need not stay with an idle worker.
    crate::memory::give_back();
    tell_ready(Ready { cage, no_exec_gain })?;
    Ok(Some((border, plugin)))
}

fn hear_order() -> Result<Order, Refused> {
    let mut bytes = Vec::new();
    let header = wire::receive(socket(), &mut bytes).map_err(|_| Refused::Process)?;
    (header.kind == Kind::Load).then(|| Order::from_bytes(&bytes)).flatten().ok_or(Refused::Process)
}

fn tell_ready(ready: Ready) -> Result<(), Refused> {
    tell(Kind::Ready, &ready.to_bytes())
}

fn tell(kind: Kind, body: &[u8]) -> Result<(), Refused> {
    wire::send(socket(), Header::new(kind, 0, 0), &[body]).map_err(|_| Refused::Process)
}

impl Order {
    /// As it travels: memory, then what is expected.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.memory.to_le_bytes().to_vec();
        if let Some(expected) = &self.expected {
            expected.write(&mut bytes);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (memory, rest) = bytes.split_first_chunk::<8>()?;
        let expected = if rest.is_empty() { None } else { Some(Expected::read(rest)?) };
        Some(Self { memory: u64::from_le_bytes(*memory), expected })
    }
}

impl Ready {
    fn to_bytes(self) -> [u8; 2] {
        [self.cage.number(), u8::from(self.no_exec_gain)]
    }

    /// What the bytes say; None if they say nothing known.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [cage, no_exec_gain] = *bytes else { return None };
        Some(Self { cage: Cage::from_number(cage)?, no_exec_gain: no_exec_gain == 1 })
    }
}
