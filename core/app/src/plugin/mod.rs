//! County workflows: packages verified and shelved, what each county grants and puts in use, and the flows that follow.
//!
//! A package is refused whole at the door, or it stands on the shelf in a generation of its own. A county tries it,
//! grants what it asks for, puts it in use, goes up and back a version, switches it off, takes it out: the table of
//! moves is `domain::workflow::Shelved`. Cases keep the generation that they began with, so an upgrade changes no open
//! case. What is in use is read into [`crate::casework::Flows`] at start and again whenever it changes, in this process
//! or beside it ([`follow`]).

pub(crate) mod asked;
mod declared;
mod desk;
mod errands;
mod import;
mod jobs;
mod letters;
mod life;
mod make;
mod migrate;
mod pages;
mod papers;
mod stage;
mod told;
mod trial;
mod trust;
mod turn;
mod upload;

pub use desk::{Giving, Holding, PostsSeen, SettingsSeen, give, posts, set, settings, withdraw};
pub(crate) use desk::{number as setting_number, value as setting_value};
pub use errands::attend;
pub(crate) use errands::{hook_of, leave as leave_errand};
pub use falin_domain::workflow::{Manifest, Move, Permission, PluginState};
pub use falin_host::plugin::{Metrics as Work, Took};
pub use falin_host::shelf::{
    Files, PublicKey, Revocations, SecretKey, fingerprint, fingerprint_of, folder, identity, is_passing,
    look, pack, sign, sound,
};
pub use falin_store::plugin::{Install, TrustedKey};
pub use falin_store::plugin_batch::Batch;
pub use falin_store::plugin_desk::Export;
pub use import::{Readable, batch, batches, check, commit, findings, readable, throw_away, undo};
pub(crate) use import::{decided, in_state, taken_back, thrown_away};
pub use jobs::round as run_jobs;
pub use letters::{Answer, Told, answer, letters};
pub use life::act;
pub(crate) use make::parts;
pub use make::{new_key, scaffold};
pub use pages::{FigureSeen, ListSeen, PageSeen, Pressed, RowSeen, page, pages_for, press};
pub(crate) use papers::{papers, papers_here};
pub use stage::{Plugins, follow, reload};
pub(crate) use stage::{Ready, allowed, load, ready, watch_deaths};
pub(crate) use told::of_letter;
pub use trial::tried_alone;
pub(crate) use trust::trust_of;
pub use trust::{keys, revoke, trust_key};
pub(crate) use turn::as_named_now;
pub use turn::{export, exports};
pub use upload::{Entry, catalogue, take, upload};

use std::collections::BTreeSet;
use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, PluginId};
use falin_domain::workflow::Shelved;
use falin_store::plugin::{self, Shelved as Package};
use falin_store::{In, Tx, county, plugin_stage};

use self::declared::{declared, declared_as};
use crate::{App, Stop};

/// The noun in the journal and in write generations.
pub const NOUN: &str = "plugin";

/// A plugin in a county, with what its packages say.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The row.
    pub install: Install,
    /// What the generation in use, or to be used first, declares.
    pub manifest: Arc<Manifest>,
    /// Whose key signed it; None for an unsigned one.
    pub signer: Option<String>,
    /// Whether it brings a library.
    pub library: bool,
    /// A version that waits.
    pub offered: Option<Arc<Manifest>>,
    /// Who signed the version that waits, where that is somebody else than who signed the one in use; empty for nobody.
    pub other_signer: Option<String>,
    /// The version before.
    pub previous: Option<String>,
    /// Permissions that are asked for and not granted.
    pub ungranted: BTreeSet<Permission>,
    /// What may be done with it now.
    pub moves: Vec<Move>,
    /// How many of its cases are open.
    pub open_cases: i64,
    /// How many letters wait: what its hooks and jobs could not do.
    pub letters: i64,
    /// Why it cannot be used here; empty where it can: `border`, `county`.
    pub misfits: Vec<&'static str>,
}

/// What the county has, by name; removed ones left out.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor) -> Result<Vec<Shown>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let there = plugin::installs(tx, county)?;
        let there = there.into_iter().filter(|one| one.state != PluginState::Removed);
        there.map(|one| shown(tx, one)).collect()
    };
    app.db.read(In::County(county), work).await
}

/// One of them.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: PluginId) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let there = Install::by_id(tx, county, id)?;
        shown(tx, there)
    };
    app.db.read(In::County(county), work).await
}

/// The county's install of a plugin by its own name, for the command line.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn by_name(app: &App, visitor: &Visitor, name: &str) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    let name = name.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let there = plugin::install_of(tx, county, &name)?;
        shown(tx, there.ok_or_else(Refusal::absent)?)
    };
    app.db.read(In::County(county), work).await
}

/// What a county has in use, with what each declares.
///
/// # Errors
/// The store's own.
pub(crate) fn used(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<(Install, Arc<Manifest>)>, Stop> {
    let there = plugin::installs(tx, county)?.into_iter().filter(|one| one.state == PluginState::Enabled);
    there
        .map(|install| {
            let manifest = declared(tx, &install.plugin, install.generation)?;
            Ok((install, manifest))
        })
        .collect()
}

fn granted(install: &Install) -> BTreeSet<Permission> {
    install.permissions.split(' ').filter_map(Permission::from_code).collect()
}

fn misfits(manifest: &Manifest, county_code: &str) -> Vec<&'static str> {
    let mut misfits = Vec::new();
    if !manifest.border_known() {
        misfits.push("border");
    }
    if !manifest.is_for(county_code) {
        misfits.push("county");
    }
    misfits
}

/// A row with all that is said of it.
fn shown(tx: &mut Tx<'_>, install: Install) -> Result<Shown, Stop> {
    let package = plugin::package(tx, &install.plugin, install.generation)?;
    let manifest = declared_as(tx, (&install.plugin, install.generation), &package.sha256)?;
    let (mut offered, mut other_signer) = (None, None);
    if let Some(generation) = install.offered {
        offered = Some(declared(tx, &install.plugin, generation)?);
        let waiting = plugin::package(tx, &install.plugin, generation)?;
        if waiting.signer != package.signer {
            other_signer = Some(signer(tx, &waiting)?.unwrap_or_default());
        }
    }
    let previous = match install.previous {
        Some(generation) => Some(plugin::package(tx, &install.plugin, generation)?.package_version),
        None => None,
    };
    let mut open_cases = 0;
    for flow in &manifest.flow {
        open_cases += plugin::open_cases(tx, install.county_id, &manifest.flow_id(&flow.id))?;
    }
    let letters = plugin_stage::how_many(tx, install.county_id, &install.plugin)?;
    let ungranted: BTreeSet<Permission> =
        offered.as_ref().unwrap_or(&manifest).wanted().difference(&granted(&install)).copied().collect();
    let code = county::by_id(tx, install.county_id)?.map(|county| county.code).unwrap_or_default();
    let table = table(&install, ungranted.clone());
    Ok(Shown {
        misfits: misfits(offered.as_ref().unwrap_or(&manifest), &code),
        signer: signer(tx, &package)?,
        library: package.library,
        moves: table.moves(),
        install,
        manifest,
        offered,
        other_signer,
        previous,
        ungranted,
        open_cases,
        letters,
    })
}

fn table(install: &Install, ungranted: BTreeSet<Permission>) -> Shelved {
    Shelved {
        state: install.state,
        previous: install.previous.is_some(),
        offered: install.offered.map(|_| install.offered_tried),
        ungranted,
    }
}

fn signer(tx: &mut Tx<'_>, package: &Package) -> Result<Option<String>, Stop> {
    let Some(key) = &package.signer else { return Ok(None) };
    let known = plugin::keys(tx)?.into_iter().find(|one| &one.key_id == key);
    Ok(Some(known.map_or_else(|| key[..16].to_owned(), |one| one.name)))
}
