//! County workflows in processes of their own: one caged worker for each plugin, version and county.
//!
//! A plugin is a shared library behind `falin_abi`. It never runs in the server: [`Host::call`] hands a call to a
//! worker, which is this program again under a hidden subcommand ([`run_if_worker`], called by `main` before
//! anything else). Whatever the library does there (crash, loop, flood, lie) costs that one call.
//!
//! How the rooms above use it, all of it blocking, from threads that may wait; nothing here knows an async runtime:
//!
//! ```no_run
//! # use std::time::Duration;
//! # use falin_host::plugin::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (county, bytes, hash) = (falin_domain::words::CountyId::from_uuid(Default::default()), vec![], [0; 32]);
//! let host = Host::start(Settings::default())?; // once, when the server starts
//! let key = Key { county, plugin: "petition".into(), version: "1.0.0".into() };
//! let plugin = Plugin {
//!     library: Library::seal(&bytes)?, // after the package was verified
//!     expected: Expected::new("petition", "1.0.0", Some(hash)),
//!     limits: Limits::default(),
//! };
//! let mut trial = host.trial(&plugin)?; // before it is put in: selftest, migration rehearsal
//! trial.call(PluginOp::Selftest, b"{}", Duration::from_secs(2), &mut |_, _| HostAnswer::unknown())?;
//! host.put(key.clone(), plugin); // an upgrade puts the new version in under its own key, then removes the old
//! let answer = host.call(&key, PluginOp::Guard, br#"{"step":"answer"}"#, Duration::from_millis(500), &mut |op, asked| {
//!     match op {
//!         HostOp::Clock => HostAnswer::ok(br#"{"now":"2026-01-01T00:00:00Z"}"#.to_vec()),
//!         // Check `asked` against the grant, stage the effect, answer; commit when the call has come back.
//!         _ => HostAnswer::fault(falin_abi::status::NOT_GRANTED),
//!     }
//! });
//! match answer {
//!     Ok(Answer::Done(json)) => drop(json),      // commit what was staged
//!     Ok(Answer::Refused(json)) => drop(json),   // {"key", "args", "fields"} for the user; drop what was staged
//!     Err(fault) => eprintln!("{fault}"),        // drop what was staged; fault.code() keys the notice
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - Actor, county and permissions of a call are the closure's own; a worker's word about them is never taken.
//! - Five deaths in 60 s quarantine a key ([`Standing`]); [`Host::release`] ends it. Rolling back is for the caller.
//! - [`Host::remove`] and [`Host::put`] let running calls end; a swap loses none.
//! - [`cage`] says what a worker is kept in here, or why none can be started ([`Refused::NoCage`]).

mod cage;
mod fault;
mod host;
mod inside;
mod library;
mod limits;
mod metrics;
mod pool;
mod printed;
mod process;
mod refusal;
mod supervisor;
mod wire;
mod worker;

use std::time::Instant;

pub use cage::{Cage, CageChoice};
pub use falin_abi::{HostOp, PluginOp, status};
pub use fault::{End, Fault, Quarantine};
pub use host::{CageReport, Host, Key, Plugin, Settings, Standing, Trial, cage};
pub use inside::run_if_worker;
pub use library::{Expected, Library};
pub use limits::Limits;
pub use metrics::{Metrics, Took};
pub use refusal::Refused;

/// What a plugin answered: JSON, not yet looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Status 0: the op's output.
    Done(Vec<u8>),
    /// A positive status: a "no" for the user, with text keys.
    Refused(Vec<u8>),
}

/// What the server answers to a host call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostAnswer {
    /// [`status`]: 0, a refusal, or a fault.
    pub status: i32,
    /// The op's output, or the refusal; at most [`falin_abi::MOST_BYTES`].
    pub payload: Vec<u8>,
}

impl HostAnswer {
    /// Done, with the op's output.
    pub fn ok(payload: Vec<u8>) -> Self {
        Self { status: status::OK, payload }
    }

    /// A refusal that the plugin may pass on to the user.
    pub fn refused(payload: Vec<u8>) -> Self {
        Self { status: status::REFUSED, payload }
    }

    /// A fault of [`status`], such as `NOT_GRANTED`.
    pub fn fault(status: i32) -> Self {
        Self { status, payload: Vec::new() }
    }

    /// This server does not know the op, or does not answer it here.
    pub fn unknown() -> Self {
        Self::fault(status::UNKNOWN_OP)
    }
}

/// One call as a worker is given it.
struct Ask<'a> {
    op: u16,
    payload: &'a [u8],
    call: u64,
    deadline: Instant,
}
