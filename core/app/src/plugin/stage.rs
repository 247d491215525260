//! What is in use now: flows read into the house's table at start and after every change, and the one host of workers.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use falin_domain::words::CountyId;
use falin_domain::workflow::{Flow, Manifest};
use falin_host::plugin::{Host, Limits, Settings};
use falin_store::plugin;
use falin_store::{In, Tx};

use super::declared;
use crate::{App, Stop};

/// How often a server looks whether another process has changed what is in use.
const LOOK: Duration = Duration::from_millis(500);

/// The plugins of a running house. Cheap to clone.
#[derive(Clone, Default)]
pub struct Plugins(Arc<Inner>);

#[derive(Default)]
struct Inner {
    off: AtomicBool,
    host: OnceLock<Option<Host>>,
    /// Counties that have flows in the table now.
    counties: Mutex<HashSet<CountyId>>,
}

impl Plugins {
    /// Leaves every plugin out until the process ends (`serve --no-plugins`).
    pub fn switch_off(&self) {
        self.0.off.store(true, Ordering::Release);
    }

    /// Whether plugins are left out.
    pub fn are_off(&self) -> bool {
        self.0.off.load(Ordering::Acquire)
    }

    /// The host of caged workers, started by the first who needs one; None where it cannot be.
    pub fn host(&self) -> Option<&Host> {
        let start = || match Host::start(Settings::default()) {
            Ok(host) => Some(host),
            Err(fault) => {
                tracing::error!(%fault, "no workers for plugins can be started");
                None
            }
        };
        if self.are_off() { None } else { self.0.host.get_or_init(start).as_ref() }
    }
}

/// Limits of a plugin's workers: the house's own where the manifest says nothing.
pub(super) fn limits(manifest: &Manifest) -> Limits {
    let usual = Limits::default();
    Limits {
        memory: manifest.limits.memory_mib.map_or(usual.memory, |mib| u64::from(mib) << 20),
        host_calls: manifest.limits.host_calls.map_or(usual.host_calls, u32::from),
        ..usual
    }
}

/// Reads what is in use, in every county.
fn in_use(tx: &mut Tx<'_>) -> Result<HashMap<CountyId, Vec<Flow>>, Stop> {
    let mut all: HashMap<CountyId, Vec<Flow>> = HashMap::new();
    for install in plugin::in_use(tx)? {
        let package = plugin::package(tx, &install.plugin, install.generation)?;
        all.entry(install.county_id).or_default().extend(declared(&package)?.flows(install.generation));
    }
    Ok(all)
}

fn put(app: &App, mut all: HashMap<CountyId, Vec<Flow>>) {
    if app.plugins.are_off() {
        all.clear();
    }
    let mut known = app.plugins.0.counties.lock().unwrap_or_else(PoisonError::into_inner);
    for county in known.iter().filter(|county| !all.contains_key(county)) {
        app.flows.enable(*county, Vec::new());
    }
    *known = all.keys().copied().collect();
    for (county, flows) in all {
        app.flows.enable(county, flows);
    }
}

/// Puts what is in use into the table of flows. A plugin that cannot be read is told in the log and costs the others
/// nothing but this reading.
///
/// # Errors
/// The store's own.
pub async fn reload(app: &App) -> Result<(), Stop> {
    let all = app.db.read(In::All, in_use).await?;
    put(app, all);
    Ok(())
}

/// The same while the house is being opened.
///
/// # Errors
/// The store's own.
pub(crate) fn load(app: &App) -> Result<(), Stop> {
    let all = app.db.read_now(In::All, in_use)?;
    put(app, all);
    Ok(())
}

/// Follows what other processes change, until the runtime ends.
pub async fn follow(app: App) {
    let mut seen = app.db.epoch();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = app.db.epoch();
        if now == seen {
            continue;
        }
        seen = now;
        if let Err(fault) = reload(&app).await {
            tracing::error!(%fault, "plugins could not be read again");
        }
    }
}
