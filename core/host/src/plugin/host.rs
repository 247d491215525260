//! The host: all plugins of all counties, each behind its own workers.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use falin_domain::words::CountyId;

use super::cage::{Cage, CageChoice};
use super::fault::{Fault, Quarantine};
use super::inside::{ALONE, Order, Ready};
use super::library::{Expected, Library};
use super::limits::{Budget, Limits};
use super::metrics::{Metrics, Times, Took};
use super::pool::{self, Pool};
use super::refusal::Refused;
use super::supervisor::{self, Supervisor};
use super::worker::Worker;
use super::{Answer, Ask, HostAnswer, HostOp, PluginOp};

/// The program that runs, even where its file has been replaced meanwhile.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// Which plugin: every county has its own processes, and every version too, so that two may run side by side.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Key {
    /// Whose it is.
    pub county: CountyId,
    /// `id` of the manifest.
    pub plugin: String,
    /// `version` of the manifest.
    pub version: String,
}

/// What the host needs to run a plugin.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// The verified bytes.
    pub library: Library,
    /// What its table has to say.
    pub expected: Expected,
    /// What it may take.
    pub limits: Limits,
}

/// How plugins are run here.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// The program to start as a worker, which has to call [`super::run_if_worker`] first of all; None: this one.
    pub program: Option<PathBuf>,
    /// Which cages are allowed.
    pub cage: CageChoice,
}

/// How a plugin stands with the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Not in the host.
    Unknown,
    /// It is called when asked for.
    Ready,
    /// It is not started until [`Host::release`].
    Quarantined(Quarantine),
}

/// What a worker on this machine is kept in; for `doctor`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CageReport {
    /// The cage that a worker of this server enters.
    pub cage: Cage,
    /// Whether the kernel also refuses any gain of executable memory (since 6.3).
    pub no_exec_gain: bool,
}

type Pools = RwLock<HashMap<Key, Arc<Pool>>>;

/// All plugins of this server. Cheap to clone; the last clone ends the workers.
#[derive(Clone)]
pub struct Host {
    pools: Arc<Pools>,
    supervisor: Arc<Supervisor>,
    settings: Settings,
    swaps: Arc<Times>,
}

impl Host {
    /// Starts the supervisor's thread; no worker yet.
    ///
    /// # Errors
    /// Where the system gives no thread or no pipe.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let pools = Arc::<Pools>::default();
        let swept = Arc::downgrade(&pools);
        let round = move || {
            let Some(pools) = swept.upgrade() else { return };
            let all: Vec<_> = read(&pools).values().cloned().collect();
            let now = Instant::now();
            all.iter().for_each(|pool| pool.sweep(now));
        };
        let program = settings.program.clone().unwrap_or_else(|| OWN_PROGRAM.into());
        let supervisor = Arc::new(Supervisor::start(program, settings.cage, round)?);
        Ok(Self { pools, supervisor, settings, swaps: Arc::default() })
    }

    /// Puts a plugin in, ready to be called. One that stood under the same key is let go: its running calls end in
    /// peace, on the library that they began with.
    pub fn put(&self, key: Key, plugin: Plugin) {
        let pool = Arc::new(Pool::new(plugin, format!("{}@{}", key.plugin, key.version)));
        let before = self.write(|pools| pools.insert(key, pool));
        before.inspect(|pool| pool.close());
    }

    /// Takes a plugin out. Running calls end in peace, new ones find [`Fault::Unknown`]. False if it was not in.
    pub fn remove(&self, key: &Key) -> bool {
        self.write(|pools| pools.remove(key)).inspect(|pool| pool.close()).is_some()
    }

    /// All that are in, in no order.
    pub fn keys(&self) -> Vec<Key> {
        read(&self.pools).keys().cloned().collect()
    }

    /// Calls a plugin and waits for its answer: at most `within` for a free worker, the loading limit for a new
    /// one, and `within` from the moment that the call is handed over. `host` answers what the plugin asks meanwhile,
    /// on this thread, and its time counts.
    ///
    /// # Errors
    /// [`Fault`]; a "no" for the user is no fault but [`Answer::Refused`].
    pub fn call(
        &self,
        key: &Key,
        op: PluginOp,
        payload: &[u8],
        within: Duration,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
    ) -> Result<Answer, Fault> {
        let pool = self.pool(key).ok_or(Fault::Unknown)?;
        pool.call(&self.supervisor, (op.number() as u16, payload), within, host)
    }

    /// Starts a worker, if none is idle, so that the next call does not wait for one.
    ///
    /// # Errors
    /// As a call.
    pub fn warm(&self, key: &Key) -> Result<(), Fault> {
        self.pool(key).ok_or(Fault::Unknown)?.warm(&self.supervisor)
    }

    /// Loads a library on a worker of its own, for selftests and rehearsals: nothing of it is in the host, and its
    /// death counts nowhere.
    ///
    /// # Errors
    /// Why it was not loaded.
    pub fn trial(&self, plugin: &Plugin) -> Result<Trial, Refused> {
        let label = format!("{}@{} on trial", plugin.expected.id, plugin.expected.version);
        let (worker, cage) = pool::start(&self.supervisor, plugin, &label)?;
        Ok(Trial { worker, cage, limits: plugin.limits, calls: 0 })
    }

    /// How a plugin stands.
    pub fn standing(&self, key: &Key) -> Standing {
        match self.pool(key).map(|pool| pool.quarantine()) {
            None => Standing::Unknown,
            Some(None) => Standing::Ready,
            Some(Some(quarantine)) => Standing::Quarantined(quarantine),
        }
    }

    /// Forgets a plugin's deaths and ends its quarantine. False if it is not in.
    pub fn release(&self, key: &Key) -> bool {
        self.pool(key).inspect(|pool| pool.release()).is_some()
    }

    /// What a plugin has done; None if it is not in.
    pub fn metrics(&self, key: &Key) -> Option<Metrics> {
        self.pool(key).map(|pool| pool.metrics())
    }

    /// Notes that another version took over, and how long that took from the start of its first worker on.
    pub fn swapped(&self, took: Duration) {
        self.swaps.note(took);
    }

    /// What [`Host::swapped`] noted.
    pub fn swaps(&self) -> Took {
        self.swaps.read()
    }

    /// Which cage a worker of this server enters: one is started without a library to find out.
    ///
    /// # Errors
    /// [`Refused::NoCage`] where none can be had: then nothing is loaded.
    pub fn cage(&self) -> Result<CageReport, Refused> {
        cage(&self.settings)
    }

    fn pool(&self, key: &Key) -> Option<Arc<Pool>> {
        read(&self.pools).get(key).cloned()
    }

    fn write<T>(&self, change: impl FnOnce(&mut HashMap<Key, Arc<Pool>>) -> T) -> T {
        change(&mut self.pools.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(pools: &Pools) -> std::sync::RwLockReadGuard<'_, HashMap<Key, Arc<Pool>>> {
    pools.read().unwrap_or_else(PoisonError::into_inner)
}

/// Which cage a worker with these settings enters, without a host.
///
/// # Errors
/// As [`Host::cage`].
pub fn cage(settings: &Settings) -> Result<CageReport, Refused> {
    let program = settings.program.clone().unwrap_or_else(|| OWN_PROGRAM.into());
    let started = supervisor::start(&program, ALONE, settings.cage, Stdio::null());
    let (process, socket) = started.map_err(|_| Refused::Process)?;
    let limits = Limits::default();
    let order = Order { memory: limits.memory, expected: None };
    let Ready { cage, no_exec_gain } = Worker::new(process, socket).load(&order, limits.loading)?;
    Ok(CageReport { cage, no_exec_gain })
}

/// A library on trial. Dropping it ends its process.
pub struct Trial {
    worker: Worker,
    cage: Cage,
    limits: Limits,
    calls: u64,
}

impl Trial {
    /// The cage that it is in.
    pub fn cage(&self) -> Cage {
        self.cage
    }

    /// As [`Host::call`]. After a fault that [`Fault::is_death`] calls one, every further call fails too.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn call(
        &mut self,
        op: PluginOp,
        payload: &[u8],
        within: Duration,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
    ) -> Result<Answer, Fault> {
        self.calls += 1;
        let deadline = Instant::now() + within;
        let ask = Ask { op: op.number() as u16, payload, call: self.calls, deadline };
        let mut budget = Budget::new(&self.limits);
        let answer = self.worker.call(&ask, &mut budget, host, &mut |_, _| {});
        if answer.as_ref().is_err_and(Fault::is_death) {
            self.worker.end();
        }
        answer
    }
}
