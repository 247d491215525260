//! The trial of a library, before anybody depends on it: loaded in its cage, and asked whether it works here.

use std::time::Duration;

use falin_domain::refusal::Refusal;
use falin_host::plugin::{Answer, Expected, HostAnswer, Library, Plugin, PluginOp, Refused, Trial};
use falin_host::shelf::{self, Files, Package};
use falin_store::{Fault, In, Tx, plugin};

use super::migrate::{self, Going};
use super::{Plugins, Shown, declared, turn};
use crate::{App, Stop};

/// Longest that a library may take to say whether it works.
const SELFTEST: Duration = Duration::from_secs(5);

/// Loads the library in its cage, asks whether it works here, and for every document that an upgrade would give a new
/// shape. A plugin without a library was proved when it was opened.
///
/// # Errors
/// `plugin.trial`, `plugin.asleep`, `plugin.migration`; the store's own.
pub(super) async fn tried(app: &App, there: &Shown) -> Result<Vec<Going>, Stop> {
    let generation = there.install.offered.unwrap_or(there.install.generation);
    let mut going = migrate::going(app, there).await?;
    let install = there.install.clone();
    let work = move |tx: &mut Tx<'_>| {
        // That open cases can go along is known before anybody decides.
        if install.offered.is_some() {
            let manifest = declared(tx, &install.plugin, generation)?;
            turn::rehearse(tx, &install, &manifest, generation)?;
        }
        plugin::body(tx, &install.plugin, generation)
    };
    let bytes = app.db.read(In::All, work).await?;
    let plugins = app.plugins.clone();
    let work = move || -> Result<Vec<Going>, Stop> {
        let package = shelf::content(&bytes)?;
        // What declares documents asks for a library too.
        let Some(library) = &package.library else { return Ok(Vec::new()) };
        migrate::asked(&mut begun(&plugins, &package, library)?, &mut going)?;
        Ok(going)
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new("trial", e.to_string()))?
}

/// The same for an author's files, in no county; false where this machine cannot try it, having no cage or none of its
/// libraries.
///
/// # Errors
/// `plugin.trial`; what is wrong with the files.
pub fn tried_alone(files: &Files) -> Result<bool, Stop> {
    let able = |refusal: &Refusal| !matches!(refusal.code(), "package.machine" | "plugin.asleep");
    let trial = || {
        let package = shelf::content(&shelf::pack(files)?)?;
        package.library.as_ref().map(|library| begun(&Plugins::default(), &package, library)).transpose()
    };
    match trial() {
        Err(Stop::Refused(refusal)) if !able(&refusal) => Ok(false),
        other => Ok(other?.is_some()),
    }
}

/// A worker with the package's library that says that it works here.
fn begun(plugins: &Plugins, package: &Package, library: &[u8]) -> Result<Trial, Stop> {
    let manifest = &package.manifest;
    let host = plugins.host().ok_or_else(|| Refusal::new("plugin.asleep"))?;
    let expected = Expected::new(&manifest.id, &manifest.version, Some(package.declaration_sha256));
    let library = Library::seal(library).map_err(|e| Fault::new("memfd", e.to_string()))?;
    let plugin = Plugin { library, expected, limits: super::stage::limits(manifest) };
    let mut trial = host.trial(&plugin).map_err(|refused| match &refused {
        no if no.is_the_machines() => Refusal::new("plugin.asleep"),
        Refused::Id(_) => failed(refused.code(), refused.detail()).with("declared", &manifest.id),
        Refused::Version(_) => failed(refused.code(), refused.detail()).with("declared", &manifest.version),
        Refused::Unloadable(_) => failed(refused.code(), refused.detail()),
        _ => failed(refused.code(), refused.to_string()),
    })?;
    match trial.call(PluginOp::Selftest, b"{}", SELFTEST, &mut |_, _| HostAnswer::unknown()) {
        Ok(Answer::Done(bytes)) => checked(&bytes)?,
        Ok(Answer::Refused(_)) => return Err(failed("answer", String::new()).into()),
        Err(fault) if fault.is_unknown_op() => {}
        Err(fault) => return Err(failed(fault.code(), fault.to_string()).into()),
    }
    Ok(trial)
}

/// A trial that failed: a code that the texts know, and what is said beside it.
fn failed(why: &str, what: String) -> Refusal {
    Refusal::new("plugin.trial").with("why", why).with("what", what)
}

/// The first check of a selftest that did not go well is named; what cannot be read did not.
fn checked(bytes: &[u8]) -> Result<(), Refusal> {
    #[derive(serde::Deserialize)]
    struct Check {
        name: String,
        ok: bool,
    }
    #[derive(serde::Deserialize)]
    struct Checks {
        #[serde(default)]
        checks: Vec<Check>,
    }
    let told: Checks = serde_json::from_slice(bytes).map_err(|_| failed("answer", String::new()))?;
    match told.checks.into_iter().find(|check| !check.ok) {
        None => Ok(()),
        Some(check) => {
            let name = check.name.chars().filter(|c| !c.is_control()).take(80).collect();
            Err(failed("selftest", name))
        }
    }
}
