//! What the packages on the shelf declare, read once each.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use falin_domain::workflow::Manifest;
use falin_store::{Fault, Tx, plugin};

use crate::Stop;

/// Most declarations that are kept: ten workflows in a few versions each, of tens of kilobytes.
const KEPT: usize = 64;

/// By the hash of the package, which never changes: one move of a plugin looks at two of them a dozen times.
static READ: LazyLock<Mutex<HashMap<String, Arc<Manifest>>>> = LazyLock::new(Mutex::default);

/// What a generation of a plugin declares. Its package was checked before it came on the shelf.
///
/// # Errors
/// `not_found` where the shelf has no such package; a fault where it cannot be read, which only another program's hand
/// can bring about.
pub(super) fn declared(tx: &mut Tx<'_>, name: &str, generation: i32) -> Result<Arc<Manifest>, Stop> {
    let sha256 = plugin::hash(tx, name, generation)?;
    declared_as(tx, (name, generation), &sha256)
}

/// The same where the hash of the package's file is known.
///
/// # Errors
/// As [`declared`].
pub(super) fn declared_as(
    tx: &mut Tx<'_>,
    (name, generation): (&str, i32),
    sha256: &str,
) -> Result<Arc<Manifest>, Stop> {
    let read = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read().get(sha256) {
        return Ok(Arc::clone(known));
    }
    let declaration = plugin::package(tx, name, generation)?.declaration;
    let parsed = Manifest::parse(&declaration).map_err(|fault| Fault::new("plugin", fault.to_string()))?;
    let (manifest, mut read) = (Arc::new(parsed), read());
    if read.len() >= KEPT {
        read.clear();
    }
    read.insert(sha256.to_owned(), Arc::clone(&manifest));
    Ok(manifest)
}
