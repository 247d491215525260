//! What is in use now: flows read into the house's table at start and after every change, and the one host of workers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Collection, Manifest, Permission, PluginState};
use falin_host::plugin::{Expected, Host, Key, Library, Limits, Metrics, Plugin, Settings, Standing, Took};
use falin_host::shelf;
use falin_store::plugin::{self, Install};
use falin_store::{Fault, In, Tx};
use serde_json::Value;

use super::migrate::moved_on;
use super::papers::papers_as;
use super::{declared, declared_as, granted};
use crate::casework::{ByCounty, InUse};
use crate::{App, Stop};

/// Generations of one plugin that stay among the workers beside the one in use.
const KEPT: usize = 2;

/// How often a server looks whether another process has changed what is in use.
const LOOK: Duration = Duration::from_millis(500);

/// The plugins of a running house. Cheap to clone.
#[derive(Clone, Default)]
pub struct Plugins(Arc<Inner>);

#[derive(Default)]
struct Inner {
    off: AtomicBool,
    host: OnceLock<Option<Host>>,
    /// Held from reading what is in use until it is in the table: who reads later must not be overtaken by who read earlier.
    turn: tokio::sync::Mutex<()>,
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

    /// Forgets the deaths of a plugin's workers: it is put in use again.
    pub(super) fn release(&self, county: CountyId, name: &str, generation: i32) {
        if let Some(Some(host)) = self.0.host.get() {
            host.release(&Key { county, plugin: name.to_owned(), version: generation.to_string() });
        }
    }

    /// Ends the workers of what is no longer in use, and forgets its library. Of a plugin that is, the two newest
    /// generations stay beside the one in use; an older one that open cases follow is put back when it is asked.
    fn let_go(&self, all: &ByCounty) {
        let Some(Some(host)) = self.0.host.get() else { return };
        let keys = host.keys();
        let used = |key: &Key| {
            let own = all.get(&key.county)?.iter().find(|one| one.name == key.plugin)?;
            Some(own.generation == generation_of(key))
        };
        let newer = |key: &Key| {
            let same = |one: &&Key| one.county == key.county && one.plugin == key.plugin;
            keys.iter().filter(same).filter(|one| generation_of(one) > generation_of(key)).count()
        };
        for key in keys.iter().filter(|key| used(key).is_none_or(|current| !current && newer(key) >= KEPT)) {
            host.remove(key);
        }
    }

    /// What a library has done in this process since it was put in use here; None where nobody has asked it yet.
    pub fn work(&self, install: &Install) -> Option<Metrics> {
        self.0.host.get()?.as_ref()?.metrics(&key_of(install))
    }

    /// The same of every library that is asked here, and how long it took to send people to another version.
    pub fn all_work(&self) -> (Vec<(Key, Metrics)>, Took) {
        let Some(Some(host)) = self.0.host.get() else { return Default::default() };
        let mut keys = host.keys();
        keys.sort();
        let told = |key: Key| host.metrics(&key).map(|metrics| (key, metrics));
        (keys.into_iter().filter_map(told).collect(), host.swaps())
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

/// Milliseconds that a step's question may take where the manifest says nothing.
const CALL_MS: u16 = 1000;

/// A library that can be asked.
pub(crate) struct Ready {
    /// Its place among the workers: the version is the generation.
    pub key: Key,
    /// What the county has granted.
    pub granted: BTreeSet<Permission>,
    /// Milliseconds that one call may take.
    pub call_ms: u16,
    /// What holds for its settings until the county says otherwise.
    pub settings: BTreeMap<String, Value>,
    /// Documents that it may keep.
    pub collections: Vec<Collection>,
    /// Those among them whose documents have another shape by now: another version is in use.
    pub moved_on: Vec<String>,
}

/// The place among the workers of the generation that is in use.
fn key_of(install: &Install) -> Key {
    let version = install.generation.to_string();
    Key { county: install.county_id, plugin: install.plugin.clone(), version }
}

/// What the plugin that a county has in use declares, and what of it is allowed; None where it is not in use.
///
/// # Errors
/// The store's own.
pub(crate) fn allowed(
    tx: &mut Tx<'_>,
    county: CountyId,
    name: &str,
) -> Result<Option<(Arc<Manifest>, BTreeSet<Permission>)>, Stop> {
    let there = plugin::install_of(tx, county, name)?.filter(|there| there.state == PluginState::Enabled);
    let Some(install) = there else { return Ok(None) };
    let manifest = declared(tx, name, install.generation)?;
    let granted = allowed_of(&install, &manifest);
    Ok(Some((manifest, granted)))
}

/// What a county lets a version do: what it has granted, as far as that version asks for it.
fn allowed_of(install: &Install, manifest: &Manifest) -> BTreeSet<Permission> {
    granted(install).intersection(&manifest.wanted()).copied().collect()
}

/// Which generation a place among the workers is of.
fn generation_of(key: &Key) -> i32 {
    key.version.parse().unwrap_or_default()
}

/// Whether the library has been put among the workers.
fn there(app: &App, key: &Key) -> bool {
    app.plugins.host().is_some_and(|host| !matches!(host.standing(key), Standing::Unknown))
}

/// The library of a plugin in one generation, put among the workers where it is not there yet.
///
/// # Errors
/// `plugin.asleep` where no worker can be had; `plugin.failed` where the package brings no library; `package.revoked`,
/// also where the county has another version in use by now and only open cases follow this one.
pub(crate) async fn ready(
    app: &App,
    county: CountyId,
    (plugin, generation): (&str, i32),
) -> Result<Ready, Stop> {
    let name = plugin.to_owned();
    let key = Key { county, plugin: name.clone(), version: generation.to_string() };
    let there = there(app, &key);
    let work = move |tx: &mut Tx<'_>| {
        let install = plugin::install_of(tx, county, &name)?.ok_or_else(Refusal::absent)?;
        if plugin::is_revoked(tx, &name, generation)? {
            return Err(Refusal::new("package.revoked").into());
        }
        let body = if there { None } else { Some(plugin::body(tx, &name, generation)?) };
        let own = declared(tx, &name, generation)?;
        let moved_on = match install.generation == generation {
            true => Vec::new(),
            false => moved_on(&own, &*declared(tx, &name, install.generation)?),
        };
        Ok((allowed_of(&install, &own), own, moved_on, body))
    };
    let (granted, manifest, moved_on, body) = app.db.read(In::All, work).await?;
    let call_ms = manifest.limits.call_ms.unwrap_or(CALL_MS);
    if let Some(body) = body {
        let (plugins, key) = (app.plugins.clone(), key.clone());
        let put = move || put_library(&plugins, key, &body);
        tokio::task::spawn_blocking(put).await.map_err(|e| Fault::new("plugin", e.to_string()))??;
    }
    let settings = manifest.setting.iter().map(|one| (one.field.name.clone(), one.default.clone())).collect();
    Ok(Ready { key, granted, call_ms, settings, collections: manifest.collection.clone(), moved_on })
}

fn put_library(plugins: &Plugins, key: Key, body: &[u8]) -> Result<(), Stop> {
    let host = plugins.host().ok_or_else(|| Refusal::new("plugin.asleep"))?;
    let package = shelf::content(body)?;
    let library = package.library.as_ref().ok_or_else(|| Refusal::new("plugin.failed"))?;
    let manifest = &package.manifest;
    let expected = Expected::new(&manifest.id, &manifest.version, Some(package.declaration_sha256));
    let library = Library::seal(library).map_err(|e| Fault::new("memfd", e.to_string()))?;
    host.put(key, Plugin { library, expected, limits: limits(manifest) });
    Ok(())
}

/// Sends people to the version of a plugin that is in use by now, once a worker of it stands ready: nobody waits for
/// its start. One that does not start costs this step nothing; who asks it is told.
///
/// # Errors
/// The store's own.
pub(super) async fn swap(app: &App, install: &Install) -> Result<(), Stop> {
    let begun = std::time::Instant::now();
    let key = key_of(install);
    // A version that this process has had in use before is warmed without asking the database anything.
    if there(app, &key) || ready(app, key.county, (&key.plugin, install.generation)).await.is_ok() {
        let plugins = app.plugins.clone();
        let warm = move || plugins.host().map(|host| host.warm(&key));
        if let Ok(Some(Err(fault))) = tokio::task::spawn_blocking(warm).await {
            tracing::warn!(plugin = %install.plugin, %fault, "the version in use did not start");
        }
    }
    reload(app).await?;
    if let Some(Some(host)) = app.plugins.0.host.get() {
        host.swapped(begun.elapsed());
    }
    Ok(())
}

/// Locks a plugin away in its county's row once the host has done so with its workers.
///
/// # Errors
/// The store's own.
pub(crate) async fn watch_deaths(app: &App, key: &Key) -> Result<(), Stop> {
    let dead = app.plugins.host().is_some_and(|host| matches!(host.standing(key), Standing::Quarantined(_)));
    if !dead {
        return Ok(());
    }
    let (county, name, flows) = (key.county, key.plugin.clone(), app.flows.clone());
    let generation = key.version.parse::<i32>().ok();
    let work = move |tx: &mut Tx<'_>| {
        let Some(mut install) = plugin::install_of(tx, county, &name)? else { return Ok(None) };
        // Another version than the one in use, which open cases still follow, is dead to those cases alone.
        if Some(install.generation) != generation || install.state != PluginState::Enabled {
            return Ok(None);
        }
        // A version that cannot be taken back, because a case has been opened that only it knows, is locked away.
        let mut back = install.clone();
        match tx.attempt(|tx| super::life::taken_back(tx, &flows, &mut back))? {
            Ok(true) => return Ok(Some(back.generation)),
            Ok(false) | Err(Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
        super::life::lock_away(tx, &mut install, "deaths").map(|()| None)
    };
    // The version that is in use again begins anew, whatever became of its workers when it was in use before.
    if let Some(again) = app.db.write(In::All, work).await? {
        app.plugins.release(county, &key.plugin, again);
    }
    reload(app).await
}

/// What counties have, each shelf of it by county.
#[derive(Default)]
struct Read {
    used: ByCounty,
    locked: ByCounty,
    off: ByCounty,
}

/// Reads what is in use, what is locked away and what is switched off, in every county.
fn in_use(tx: &mut Tx<'_>) -> Result<Read, Stop> {
    let mut read = Read::default();
    let states = [PluginState::Enabled, PluginState::Quarantined, PluginState::Disabled];
    for (install, sha256) in plugin::standing(tx, &states)? {
        let generation = install.generation;
        let manifest = match declared_as(tx, (&install.plugin, generation), &sha256) {
            Ok(manifest) => manifest,
            // One package that this server cannot read is nobody else's trouble.
            Err(stop @ Stop::Fault(_)) => {
                tracing::error!(plugin = %install.plugin, %stop, "what a package declares could not be read");
                continue;
            }
            Err(stop) => return Err(stop),
        };
        let granted = allowed_of(&install, &manifest);
        let papers = papers_as(tx, (&install.plugin, generation), sha256).unwrap_or_else(|stop| {
            tracing::error!(plugin = %install.plugin, %stop, "the papers of a package could not be read");
            Arc::default()
        });
        let one = InUse { name: install.plugin, generation, manifest, granted, papers };
        let shelf = match install.state {
            PluginState::Enabled => &mut read.used,
            PluginState::Quarantined => &mut read.locked,
            _ => &mut read.off,
        };
        shelf.entry(install.county_id).or_default().push(one);
    }
    Ok(read)
}

fn put(app: &App, Read { mut used, locked, off }: Read) {
    let shut = [(&locked, "plugin.quarantined"), (&off, "plugin.disabled")];
    let names = |(shelf, code): (&ByCounty, &'static str)| -> Vec<_> {
        let all = shelf.iter().flat_map(|(county, some)| some.iter().map(|one| (*county, one.name.clone())));
        all.map(|one| (one, code)).collect()
    };
    let shut = shut.into_iter().flat_map(names).collect();
    let mut waiting = locked;
    if app.plugins.are_off() {
        for (county, plugins) in std::mem::take(&mut used) {
            waiting.entry(county).or_default().extend(plugins);
        }
    }
    app.plugins.let_go(&used);
    // What another process has put in use begins anew here too, whatever became of it when it was in use before.
    for (county, plugins) in &used {
        let before = app.flows.in_use(*county);
        let stays =
            |one: &InUse| before.iter().any(|it| it.name == one.name && it.generation == one.generation);
        for one in plugins.iter().filter(|one| !stays(one)) {
            app.plugins.release(*county, &one.name, one.generation);
        }
    }
    app.flows.hold(used, (waiting, off), shut);
}

/// Puts what is in use into the table of flows. A plugin that cannot be read is told in the log and costs the others
/// nothing but this reading.
///
/// # Errors
/// The store's own.
pub async fn reload(app: &App) -> Result<(), Stop> {
    let _turn = app.plugins.0.turn.lock().await;
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
        match reload(&app).await {
            Ok(()) => seen = now,
            Err(fault) => tracing::error!(%fault, "plugins could not be read again; that is tried once more"),
        }
    }
}
