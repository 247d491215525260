//! The flows that this server knows: the core's, those of plugins, and older versions that open cases still follow.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{self, Flow};
use falin_store::{Tx, flow};

use crate::Stop;

/// Flows by name and version, read once from the store.
#[derive(Clone, Default)]
pub struct Flows(Arc<RwLock<Known>>);

#[derive(Default)]
struct Known {
    by_version: HashMap<(String, i32), Arc<Flow>>,
    /// Flows that a county has enabled, in the order of its shelf.
    enabled: HashMap<CountyId, Vec<Arc<Flow>>>,
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
    /// `not_found` where the county has no such flow.
    pub fn current(&self, county: CountyId, id: &str) -> Result<Arc<Flow>, Refusal> {
        if let Some(found) = of_core().iter().find(|flow| flow.id == id) {
            return Ok(Arc::clone(found));
        }
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let enabled = known.enabled.get(&county).map(Vec::as_slice).unwrap_or_default();
        enabled.iter().find(|flow| flow.id == id).cloned().ok_or_else(Refusal::absent)
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

    /// Says which flows of plugins a county has enabled now.
    pub fn enable(&self, county: CountyId, flows: Vec<Flow>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.enabled.insert(county, flows.into_iter().map(Arc::new).collect());
    }

    /// Forgets a version that was written anew, as in development.
    pub fn forget(&self, id: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.by_version.retain(|(known, _), _| known != id);
    }
}
