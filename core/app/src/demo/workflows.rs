//! The demo's county workflows: every plugin that the program carries, packed, signed, granted and put in use.

use std::collections::BTreeMap;

use falin_domain::access::Visitor;
use falin_domain::workflow::Stories;

use crate::plugin::{self, Manifest, Move};
use crate::{App, Fault, Stop};

/// Plugin, path in its folder, content; in order of both.
static FILES: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// The workflow whose library crashes on purpose: path in its package, content; empty where it was not compiled.
static CRASH_TEST: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/crash_test.rs"));

/// A plugin that the program carries.
pub struct Carried {
    /// Its declaration.
    pub manifest: Manifest,
    /// What its package holds.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What a sample county shows of it.
    pub stories: Stories,
}

/// All of them, by name.
///
/// # Errors
/// A fault where a declaration or its stories cannot be read.
pub fn carried() -> Result<Vec<Carried>, Stop> {
    let mut by_name: BTreeMap<&str, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for (name, path, bytes) in FILES {
        by_name.entry(name).or_default().insert((*path).to_owned(), bytes.to_vec());
    }
    by_name.into_iter().map(|(name, files)| read(name, files)).collect()
}

fn read(name: &str, mut files: BTreeMap<String, Vec<u8>>) -> Result<Carried, Stop> {
    let fault = |what: String| Stop::from(Fault::new("demo", format!("{name}: {what}")));
    let text =
        |bytes: Option<&Vec<u8>>| String::from_utf8_lossy(bytes.map_or(&[], Vec::as_slice)).into_owned();
    let manifest = Manifest::parse(&text(files.get("plugin.toml")));
    let manifest = manifest.map_err(|why| fault(why.to_string()))?;
    let stories = Stories::parse(&text(files.remove("demo.toml").as_ref())).map_err(fault)?;
    Ok(Carried { manifest, files, stories })
}

/// Packs, signs and puts in use what a county has: everything in the main one, what its stories say in the neighbour.
/// One that is refused is told in the log and costs the others nothing. Gives the key that signed them.
///
/// # Errors
/// The store's own, or a fault of the house's own packages.
pub async fn put(app: &App, visitor: &Visitor, main: bool) -> Result<plugin::SecretKey, Stop> {
    let key = plugin::SecretKey::from_seed("法邻示例发布单位", app.entropy().bytes())?;
    plugin::trust_key(app, visitor, key.public()?, false).await?;
    for one in carried()?.iter().filter(|one| main || one.stories.neighbours) {
        if let Err(stop) = put_one(app, visitor, one, &key).await {
            tracing::error!(plugin = %one.manifest.id, %stop, "a sample workflow could not be put in use");
        }
    }
    Ok(key)
}

/// A workflow to bring by hand, and its next version, as their publisher hands them out: in no county yet.
///
/// # Errors
/// A fault of the house's own scaffold.
pub fn to_try(key: &plugin::SecretKey) -> Result<[Vec<u8>; 2], Stop> {
    let packed = |version: &str| -> Result<Vec<u8>, Stop> {
        let mut files = plugin::parts("try-this");
        for (path, bytes) in &mut files {
            if path == "plugin.toml" {
                *bytes = String::from_utf8_lossy(bytes).replacen("0.1.0", version, 1).into_bytes();
            }
        }
        Ok(plugin::sign(&plugin::pack(&files)?, key)?)
    };
    Ok([packed("0.1.0")?, packed("0.2.0")?])
}

/// Stands the workflow that crashes on purpose on the county's shelf: tried and granted, not in use. Where it cannot be
/// tried, as on a machine without a cage, it stays untried, or off the shelf, and the log says why.
pub async fn shelve_crash_test(app: &App, visitor: &Visitor, key: &plugin::SecretKey) {
    if CRASH_TEST.is_empty() {
        return;
    }
    if let Err(stop) = shelved(app, visitor, key).await {
        tracing::warn!(%stop, "the workflow that crashes on purpose is not ready on the shelf");
    }
}

/// What the package of the workflow that crashes on purpose holds, by path; empty where its library was not compiled.
pub fn crash_test() -> BTreeMap<String, Vec<u8>> {
    CRASH_TEST.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
}

async fn shelved(app: &App, visitor: &Visitor, key: &plugin::SecretKey) -> Result<(), Stop> {
    let package = plugin::sign(&plugin::pack(&crash_test())?, key)?;
    let mut there = plugin::upload(app, visitor, package, false).await?;
    for step in [Move::Try, Move::Grant] {
        there = plugin::act(app, visitor, there.install.id, there.install.version, step).await?;
    }
    Ok(())
}

async fn put_one(app: &App, visitor: &Visitor, one: &Carried, key: &plugin::SecretKey) -> Result<(), Stop> {
    // What the first county brought stands on the shelf for the others.
    let mut there = match plugin::take(app, visitor, &one.manifest.id).await {
        Ok(there) => there,
        Err(_) => {
            let package = plugin::sign(&plugin::pack(&one.files)?, key)?;
            plugin::upload(app, visitor, package, false).await?
        }
    };
    for step in [Move::Try, Move::Grant, Move::Enable] {
        let (id, version) = (there.install.id, there.install.version);
        there = plugin::act(app, visitor, id, version, step).await?;
    }
    Ok(())
}
