//! Packages at the door: verified whole or refused whole, then shelved and offered to the county that brought them.

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Manifest, PluginState, version_numbers};
use falin_host::shelf::{self, Package, Trust};
use falin_store::plugin::{self, Install, Shelved};
use falin_store::{Fault, In, Tx, county};
use serde_json::json;

use super::{NOUN, Shown, declared_as, misfits, shown, signer, trust_of};
use crate::trace::By;
use crate::{App, Stop};

/// A plugin on the deployment's shelf, in its newest signed package.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// Its newest generation.
    pub generation: i32,
    /// Whose key signed it.
    pub signer: Option<String>,
    /// Why it cannot be used here; empty where it can.
    pub misfits: Vec<&'static str>,
}

/// Verifies a package and puts it on the shelf and into the county: as its first version, or as one that waits.
/// `unsigned` lets one without signature through, for development.
///
/// # Errors
/// `access.denied`; every `package.…` refusal; `plugin.older`, `plugin.version_taken`. Nothing stays of what is refused.
pub async fn upload(app: &App, visitor: &Visitor, bytes: Vec<u8>, unsigned: bool) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Write, Noun::Plugin)?.county;
    let trust = app.db.read(In::All, trust_of).await?;
    let trust = Trust { unsigned, ..trust };
    let opened =
        tokio::task::spawn_blocking(move || shelf::open(&bytes, &trust).map(|package| (package, bytes)));
    let (package, bytes) = opened.await.map_err(|e| Fault::new("package", e.to_string()))??;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let row = shelved(tx, &package, &bytes)?;
        placed(tx, by, county, &row)
    };
    // The shelf belongs to no county, so the whole house is the transaction's.
    app.db.write(In::All, work).await
}

fn shelved(tx: &mut Tx<'_>, package: &Package, bytes: &[u8]) -> Result<Shelved, Stop> {
    let manifest = &package.manifest;
    if package.signer.is_some() {
        let same = plugin::signed_in_version(tx, &manifest.id, &manifest.version)?;
        if same.iter().any(|one| one.sha256 != package.sha256) {
            return Err(Refusal::new("plugin.version_taken").with("version", &manifest.version).into());
        }
    }
    let row = Shelved {
        plugin: manifest.id.clone(),
        generation: 0,
        package_version: manifest.version.clone(),
        sha256: package.sha256.clone(),
        signer: package.signer.clone(),
        declaration: package.declaration.clone(),
        library: package.library.is_some(),
        created_ms: 0,
    };
    plugin::shelve(tx, &row, bytes)
}

/// Puts a package of the shelf into a county.
fn placed(tx: &mut Tx<'_>, by: By, county: CountyId, package: &Shelved) -> Result<Shown, Stop> {
    let there = plugin::install_of(tx, county, &package.plugin)?;
    let install = match there {
        None => first(tx, by, county, package)?,
        Some(install) => again(tx, by, install, package)?,
    };
    let details = json!({ "plugin": package.plugin, "version": package.package_version });
    by.saved(tx, Event::PluginUploaded, (NOUN, install.id), details)?;
    shown(tx, install)
}

fn first(tx: &mut Tx<'_>, by: By, county: CountyId, package: &Shelved) -> Result<Install, Stop> {
    let install = Install {
        county_id: county,
        id: tx.id(),
        plugin: package.plugin.clone(),
        state: PluginState::Verified,
        generation: package.generation,
        previous: None,
        offered: None,
        offered_tried: false,
        permissions: String::new(),
        reason: String::new(),
        account_id: by.account,
        created_ms: tx.now.millis(),
        changed_ms: tx.now.millis(),
        upgraded_ms: None,
        version: 1,
    };
    install.insert(tx)?;
    Ok(install)
}

fn again(tx: &mut Tx<'_>, by: By, mut install: Install, package: &Shelved) -> Result<Install, Stop> {
    let used =
        matches!(install.state, PluginState::Enabled | PluginState::Disabled | PluginState::Quarantined);
    if package.generation == install.generation && install.state != PluginState::Removed {
        return Ok(install);
    }
    if used {
        let now = plugin::package(tx, &install.plugin, install.generation)?;
        let newer = version_numbers(&package.package_version) > version_numbers(&now.package_version);
        let again = package.signer.is_none() && package.package_version == now.package_version;
        if !newer && !again {
            return Err(Refusal::new("plugin.older").with("version", now.package_version).into());
        }
        (install.offered, install.offered_tried) = (Some(package.generation), false);
    } else {
        install.generation = package.generation;
        install.state = PluginState::Verified;
        (install.previous, install.offered, install.offered_tried) = (None, None, false);
        install.permissions.clear();
    }
    install.account_id = by.account;
    install.changed_ms = tx.now.millis();
    install.save(tx)?;
    Ok(install)
}

/// What stands on the deployment's shelf and not in this county.
///
/// # Errors
/// `access.denied`.
pub async fn catalogue(app: &App, visitor: &Visitor) -> Result<Vec<Entry>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let code = county::by_id(tx, county)?.map(|county| county.code).unwrap_or_default();
        let here = plugin::installs(tx, county)?;
        let here =
            |name: &str| here.iter().any(|one| one.plugin == name && one.state != PluginState::Removed);
        let mut entries = Vec::new();
        for package in plugin::on_offer(tx)?.into_iter().filter(|one| !here(&one.plugin)) {
            let manifest = declared_as(tx, (&package.plugin, package.generation), &package.sha256)?;
            entries.push(Entry {
                signer: signer(tx, &package)?,
                misfits: misfits(&manifest, &code),
                generation: package.generation,
                manifest,
            });
        }
        Ok(entries)
    };
    app.db.read(In::All, work).await
}

/// Puts what the shelf offers of a plugin into the county.
///
/// # Errors
/// `access.denied`, `not_found`; `package.revoked`.
pub async fn take(app: &App, visitor: &Visitor, name: &str) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Write, Noun::Plugin)?.county;
    let (by, name) = (By::of(visitor), name.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let package = plugin::on_offer(tx)?.into_iter().find(|one| one.plugin == name);
        let package = package.ok_or_else(Refusal::absent)?;
        let trust = trust_of(tx)?;
        let revoked = trust.revoked_packages.contains(&package.sha256)
            || package.signer.as_ref().is_some_and(|key| trust.revoked_keys.contains(key));
        if revoked {
            return Err(Refusal::new("package.revoked").into());
        }
        placed(tx, by, county, &package)
    };
    app.db.write(In::All, work).await
}
