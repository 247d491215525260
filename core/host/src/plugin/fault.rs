//! How a call can fail without an answer for the user: what the plugin or its process did.

use std::fmt;
use std::time::Duration;

use super::refusal::Refused;

/// Characters of what a library says of its fault that the log is told.
const MOST_SAID: usize = 300;

/// How a worker ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// By this signal: 11 a wild pointer, 6 an abort, 9 out of the machine's memory.
    Signal(i32),
    /// By itself, with this code, though nobody had asked it to.
    Exit(i32),
}

/// Why a call brought no answer. The worker is gone in every case but `Said`, `TooLarge`, `Unknown` and `Busy`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No such plugin is in the host.
    Unknown,
    /// It died too often and is not started until somebody says so ([`super::Host::release`]).
    Quarantined(Quarantine),
    /// The library could not be loaded.
    Refused(Refused),
    /// The process died during the call.
    Died(End),
    /// There was no answer at the deadline; the process was killed.
    Late,
    /// The process sent what does not belong there; the words say what. It was killed.
    Malformed(&'static str),
    /// The call asked for more than its budget: `host_calls`, `host_bytes`, `lines`. The process was killed.
    OverBudget(&'static str),
    /// The plugin panicked and its SDK caught it; the process was replaced all the same.
    Panicked,
    /// The plugin itself says that it failed (a negative status), with its own bytes.
    Said(i32, Vec<u8>),
    /// All workers were busy until the deadline.
    Busy,
    /// The payload of the caller is longer than the border takes.
    TooLarge,
}

impl Fault {
    /// The word that messages and metrics are keyed by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Quarantined(_) => "quarantined",
            Self::Refused(_) => "refused",
            Self::Died(_) => "died",
            Self::Late => "late",
            Self::Malformed(_) => "malformed",
            Self::OverBudget(_) => "over_budget",
            Self::Panicked => "panicked",
            Self::Said(_, _) => "said",
            Self::Busy => "busy",
            Self::TooLarge => "too_large",
        }
    }

    /// Whether the plugin simply does not know the op, as an older one may.
    pub const fn is_unknown_op(&self) -> bool {
        matches!(self, Self::Said(falin_abi::status::UNKNOWN_OP, _))
    }

    /// Whether it counts towards quarantine.
    pub const fn is_death(&self) -> bool {
        matches!(
            self,
            Self::Refused(_)
                | Self::Died(_)
                | Self::Late
                | Self::Malformed(_)
                | Self::OverBudget(_)
                | Self::Panicked
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        match self {
            Self::Refused(refused) => write!(f, " ({refused})"),
            Self::Died(End::Signal(signal)) => write!(f, " (signal {signal})"),
            Self::Died(End::Exit(code)) => write!(f, " (exit {code})"),
            Self::Malformed(what) | Self::OverBudget(what) => write!(f, " ({what})"),
            Self::Said(status, answer) => match said(answer) {
                Some(words) => write!(f, " (status {status}: {words})"),
                None => write!(f, " (status {status})"),
            },
            Self::Quarantined(quarantine) => write!(f, " ({})", quarantine.last),
            _ => Ok(()),
        }
    }
}

/// What a library says of its fault for the log, in one line.
fn said(answer: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer).ok()?;
    let words = answer.get("said")?.as_str()?;
    let words = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    Some(words.take(MOST_SAID).collect())
}

impl std::error::Error for Fault {}

/// Why a plugin is not started any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quarantine {
    /// Deaths that led to it.
    pub deaths: usize,
    /// Within this time.
    pub within: Duration,
    /// The last one, as [`Fault`] prints it.
    pub last: String,
}
