//! What the packages on the shelf declare, read once each.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use falin_domain::workflow::Manifest;
use falin_store::Fault;
use falin_store::plugin::Shelved as Package;

use crate::Stop;

/// Most declarations that are kept: ten workflows in a few versions each, of tens of kilobytes.
const KEPT: usize = 64;

/// By the hash of the package, which never changes: one move of a plugin looks at two of them a dozen times.
static READ: LazyLock<Mutex<HashMap<String, Arc<Manifest>>>> = LazyLock::new(Mutex::default);

/// What a package on the shelf declares. It was checked before it came there.
///
/// # Errors
/// A fault where it cannot be read, which only another program's hand can bring about.
pub(super) fn declared(package: &Package) -> Result<Arc<Manifest>, Stop> {
    let read = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read().get(&package.sha256) {
        return Ok(Arc::clone(known));
    }
    let parsed = Manifest::parse(&package.declaration).map_err(|fault| Fault::new("plugin", fault))?;
    let (manifest, mut read) = (Arc::new(parsed), read());
    if read.len() >= KEPT {
        read.clear();
    }
    read.insert(package.sha256.clone(), Arc::clone(&manifest));
    Ok(manifest)
}
