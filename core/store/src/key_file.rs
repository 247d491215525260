//! The key file on the disk: written whole, read by its owner alone, changed by one process at a time.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::stop::{Fault, Stop};

/// Held while a key is added; the lock is a file of its own, since the key file itself is replaced.
pub(crate) fn locked(path: &Path) -> Result<fs::File, Stop> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).mode(0o600);
    let lock = lock.open(path.with_extension("lock")).map_err(fault)?;
    lock.lock().map_err(fault)?;
    Ok(lock)
}

/// Writes the first key file; where another process was first, its file stays.
pub(crate) fn first_private(path: &Path, text: &str) -> Result<(), Stop> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = folder(path)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
    let _lock = locked(path)?;
    if path.exists() { Ok(()) } else { write_private(path, text) }
}

/// Writes a file that only its owner reads, whole or not at all; the caller holds the lock.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Stop> {
    use std::os::unix::fs::OpenOptionsExt;
    let fresh = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&fresh).map_err(fault)?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(fault)?;
    fs::rename(&fresh, path).map_err(fault)?;
    // A name that is not yet on the disk is lost with the power, and the county's data with it.
    fs::File::open(folder(path)?).and_then(|folder| folder.sync_all()).map_err(fault)
}

fn folder(path: &Path) -> Result<&Path, Stop> {
    path.parent().ok_or_else(|| fault("the key file has no folder"))
}

/// What went wrong with the key file.
pub(crate) fn fault(error: impl std::fmt::Display) -> Stop {
    Fault::new("key", error.to_string()).into()
}
