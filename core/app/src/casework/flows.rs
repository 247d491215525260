//! The flows that this server knows: the core's, those of plugins, and older versions that open cases still follow.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use falin_domain::deadline::{lapses, rights};
use falin_domain::paper::Paper;
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{self, Flow, Manifest, OwnDeadline, Permission, Words};
use falin_store::{Tx, flow};

use crate::Stop;

/// A plugin that a county has in use, as its package declares it.
#[derive(Clone, Debug)]
pub struct InUse {
    /// Its own name.
    pub name: String,
    /// The generation of its package.
    pub generation: i32,
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// What the county has granted.
    pub granted: BTreeSet<Permission>,
    /// The papers that it brings.
    pub papers: Arc<Vec<Arc<Paper>>>,
}

/// Plugins by county, in the order of each one's shelf.
pub type ByCounty = HashMap<CountyId, Vec<InUse>>;

/// Plugins of counties that nobody can work with now, with the refusal that says why.
pub type Shut = HashMap<(CountyId, String), &'static str>;

/// Flows by name and version, read once from the store.
#[derive(Clone, Default)]
pub struct Flows(Arc<RwLock<Known>>);

#[derive(Default)]
struct Known {
    by_version: HashMap<(String, i32), Arc<Flow>>,
    /// Flows that a county has enabled, in the order of its shelf.
    enabled: HashMap<CountyId, Vec<Arc<Flow>>>,
    in_use: HashMap<CountyId, Vec<Arc<InUse>>>,
    /// What cannot be asked now but will be again: what its hooks watch is kept for it.
    waiting: HashMap<CountyId, Vec<Arc<InUse>>>,
    /// What is switched off: its cases and their deadlines are still there.
    off: HashMap<CountyId, Vec<Arc<InUse>>>,
    /// Plugins that are locked away or switched off, with the refusal that says so to whoever comes for them.
    shut: Shut,
}

impl Known {
    fn missing(&self, county: CountyId, plugin: &str) -> Refusal {
        self.shut.get(&(county, plugin.to_owned())).map_or_else(Refusal::absent, |code| Refusal::new(code))
    }
}

fn of_core() -> &'static [Arc<Flow>] {
    static CORE: LazyLock<Vec<Arc<Flow>>> =
        LazyLock::new(|| workflow::core().iter().cloned().map(Arc::new).collect());
    &CORE
}

impl Flows {
    /// The flow that new cases of a county begin with.
    ///
    /// # Errors
    /// `not_found` where the county has no such flow; `plugin.quarantined` where its plugin is locked away, `plugin.disabled`
    /// where it is switched off.
    pub fn current(&self, county: CountyId, id: &str) -> Result<Arc<Flow>, Refusal> {
        if let Some(found) = of_core().iter().find(|flow| flow.id == id) {
            return Ok(Arc::clone(found));
        }
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let enabled = known.enabled.get(&county).map(Vec::as_slice).unwrap_or_default();
        let found = enabled.iter().find(|flow| flow.id == id).cloned();
        found.ok_or_else(|| known.missing(county, id.split('/').next().unwrap_or_default()))
    }

    /// Why a county has no such plugin in use: it is locked away, switched off, or not there at all.
    pub fn missing(&self, county: CountyId, plugin: &str) -> Refusal {
        self.0.read().unwrap_or_else(PoisonError::into_inner).missing(county, plugin)
    }

    /// The flow of a case: in the version that it began with.
    ///
    /// # Errors
    /// A fault where the store has lost it.
    pub fn of_case(&self, tx: &mut Tx<'_>, id: &str, version: i32) -> Result<Arc<Flow>, Stop> {
        if let Some(found) = of_core().iter().find(|flow| flow.id == id && flow.version == version) {
            return Ok(Arc::clone(found));
        }
        let key = (id.to_owned(), version);
        if let Some(found) = self.0.read().unwrap_or_else(PoisonError::into_inner).by_version.get(&key) {
            return Ok(Arc::clone(found));
        }
        let kept = flow::kept(tx, id, version)?;
        let kept =
            Arc::new(kept.ok_or_else(|| falin_store::Fault::new("flow", "a case's flow is not kept"))?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.by_version.insert(key, Arc::clone(&kept));
        Ok(kept)
    }

    /// The core's flows, then those that the county has enabled.
    pub fn all(&self, county: CountyId) -> Vec<Arc<Flow>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let enabled = known.enabled.get(&county).cloned().unwrap_or_default();
        of_core().iter().cloned().chain(enabled).collect()
    }

    /// Looks through the deadlines of the county's cases that its plugins declare, whether or not they are in use now.
    fn own_deadlines<T>(&self, county: CountyId, look: impl Fn(&OwnDeadline) -> Option<T>) -> Vec<T> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let shelves = [&known.in_use, &known.waiting, &known.off];
        let there = shelves.into_iter().filter_map(|shelf| shelf.get(&county)).flatten();
        there.flat_map(|one| &one.manifest.flow).flat_map(|flow| &flow.deadline).filter_map(look).collect()
    }

    /// What such a deadline is called.
    pub fn deadline_name(&self, county: CountyId, code: &str) -> Option<Words> {
        self.own_deadlines(county, |own| (own.code == code).then(|| own.name.clone())).into_iter().next()
    }

    /// What such a deadline rests on.
    pub fn deadline_source(&self, county: CountyId, code: &str) -> Option<Words> {
        self.own_deadlines(county, |own| (own.code == code).then(|| own.source.clone())).into_iter().next()
    }

    /// Codes of deadlines that are rights of parties: with their last day they lapse, and nobody is late.
    pub fn rights(&self, county: CountyId) -> Vec<String> {
        let own = self.own_deadlines(county, |own| own.lapses.then(|| own.code.clone()));
        rights().map(str::to_owned).chain(own).collect()
    }

    /// Whether a deadline of the county's cases is such a right.
    pub fn lapses(&self, county: CountyId, code: &str) -> bool {
        lapses(code)
            || !self.own_deadlines(county, |own| (own.lapses && own.code == code).then_some(())).is_empty()
    }

    /// Says which plugins are in use now, and with them their flows; which wait or are switched off; and which are shut.
    /// All at once: a step that looked in between would find a plugin in both tables, or in neither.
    pub fn hold(&self, in_use: ByCounty, (waiting, off): (ByCounty, ByCounty), shut: Shut) {
        let flows = |plugins: &Vec<InUse>| {
            plugins.iter().flat_map(|one| one.manifest.flows(one.generation)).map(Arc::new).collect()
        };
        let enabled = in_use.iter().map(|(county, plugins)| (*county, flows(plugins))).collect();
        let shared = |all: ByCounty| {
            all.into_iter().map(|(county, some)| (county, some.into_iter().map(Arc::new).collect())).collect()
        };
        let (in_use, waiting, off) = (shared(in_use), shared(waiting), shared(off));
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        (known.enabled, known.in_use, known.shut) = (enabled, in_use, shut);
        (known.waiting, known.off) = (waiting, off);
    }

    /// Whose hooks hear of what happens in a county, and whether it must wait: locked away, or left out of this process.
    pub fn watching(&self, county: CountyId) -> Vec<(Arc<InUse>, bool)> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of = |all: &HashMap<CountyId, Vec<Arc<InUse>>>| all.get(&county).cloned().unwrap_or_default();
        let now = of(&known.in_use).into_iter().map(|one| (one, false));
        now.chain(of(&known.waiting).into_iter().map(|one| (one, true))).collect()
    }

    /// The plugins that a county has in use.
    pub fn in_use(&self, county: CountyId) -> Vec<Arc<InUse>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.in_use.get(&county).cloned().unwrap_or_default()
    }

    /// Counties that have a plugin in use.
    pub fn counties(&self) -> Vec<CountyId> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let some = known.in_use.iter().filter(|(_, plugins)| !plugins.is_empty());
        some.map(|(county, _)| *county).collect()
    }

    /// Forgets a version that was written anew, as in development.
    pub fn forget(&self, id: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.by_version.retain(|(known, _), _| known != id);
    }
}
