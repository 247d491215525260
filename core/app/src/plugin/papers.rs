//! The papers that packages bring: read once from each, and which of them a county has in use.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use falin_domain::paper::Paper;
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{self, FileFault, Manifest, PluginState, Words};
use falin_host::shelf;
use falin_store::plugin::Install;
use falin_store::{Fault, Tx, plugin};

use super::{declared, declared_as};
use crate::Stop;

/// Papers of one package, in the order of its declaration.
pub(crate) type Papers = Arc<Vec<Arc<Paper>>>;

/// Most packages whose papers are kept in memory.
const KEPT: usize = 64;

/// By the hash of the package and its place on the shelf, which the papers carry: neither ever changes.
static READ: LazyLock<Mutex<HashMap<(String, i32), Papers>>> = LazyLock::new(Mutex::default);

/// The papers that a generation of a plugin's package brings. They were checked before it came on the shelf, and stay
/// there as long as papers are kept that were printed from them.
///
/// # Errors
/// `not_found` where the shelf has no such package; a fault where it cannot be read.
pub(crate) fn papers(tx: &mut Tx<'_>, name: &str, generation: i32) -> Result<Papers, Stop> {
    let sha256 = plugin::hash(tx, name, generation)?;
    papers_as(tx, (name, generation), sha256)
}

/// The same where the hash of the package's file is known.
///
/// # Errors
/// As [`papers`].
pub(super) fn papers_as(
    tx: &mut Tx<'_>,
    (name, generation): (&str, i32),
    sha256: String,
) -> Result<Papers, Stop> {
    let read = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (sha256, generation);
    if let Some(known) = read().get(&key) {
        return Ok(Arc::clone(known));
    }
    let manifest = declared_as(tx, (name, generation), &key.0)?;
    let papers = if manifest.paper.is_empty() {
        Vec::new()
    } else {
        let files = shelf::papers(&plugin::body(tx, name, generation)?)?;
        let told = |faults: Vec<FileFault>| Fault::new("paper", format!("{name}: {faults:?}"));
        manifest.papers(generation, &files).map_err(told)?
    };
    let papers: Papers = Arc::new(papers.into_iter().map(Arc::new).collect());
    let mut read = read();
    if read.len() >= KEPT {
        read.clear();
    }
    read.insert(key, Arc::clone(&papers));
    Ok(papers)
}

/// Refuses a version whose papers or cases would bear numbers that another workflow in use in the county, the house
/// itself, or another of its own flows gives too.
///
/// # Errors
/// `plugin.prefix_taken`; as [`papers`].
pub(super) fn counted_apart(tx: &mut Tx<'_>, install: &Install, generation: i32) -> Result<(), Stop> {
    let own = papers(tx, &install.plugin, generation)?;
    let manifest = declared(tx, &install.plugin, generation)?;
    let of_core = workflow::core().iter().find(|flow| numbered(&manifest, &flow.number));
    if let Some(flow) = of_core {
        return Err(taken(&flow.number, &flow.name));
    }
    let mut flows = manifest.flow.iter();
    while let Some(flow) = flows.next() {
        if let Some(twin) = flows.as_slice().iter().find(|other| other.number == flow.number) {
            return Err(taken(&flow.number, &twin.name));
        }
    }
    let others = plugin::installs(tx, install.county_id)?;
    let used = |one: &&Install| one.state == PluginState::Enabled && one.plugin != install.plugin;
    for other in others.iter().filter(used) {
        let theirs = papers(tx, &other.plugin, other.generation)?;
        let known =
            |prefix: &str| theirs.iter().any(|form| form.series().iter().any(|(_, known)| *known == prefix));
        let found = own.iter().flat_map(|form| form.series()).find(|(_, prefix)| known(prefix));
        let declared = declared(tx, &other.plugin, other.generation)?;
        if let Some((_, prefix)) = found {
            return Err(taken(prefix, &declared.name));
        }
        if let Some(flow) = declared.flow.iter().find(|flow| numbered(&manifest, &flow.number)) {
            return Err(taken(&flow.number, &declared.name));
        }
    }
    Ok(())
}

fn numbered(manifest: &Manifest, number: &str) -> bool {
    manifest.flow.iter().any(|flow| flow.number == number)
}

fn taken(number: &str, by: &Words) -> Stop {
    let number = number.split("{year}").next().unwrap_or_default().replace("{office}", "X");
    let number = number.trim_end_matches('〔');
    Refusal::new("plugin.prefix_taken").with("prefix", number).with("zh", &by.zh).with("en", &by.en).into()
}

/// The papers of the version that a county has of a plugin, in use or no more; none where it never had it.
///
/// # Errors
/// As [`papers`].
pub(crate) fn papers_here(tx: &mut Tx<'_>, county: CountyId, name: &str) -> Result<Papers, Stop> {
    match plugin::install_of(tx, county, name)? {
        Some(install) => papers(tx, name, install.generation),
        None => Ok(Papers::default()),
    }
}
