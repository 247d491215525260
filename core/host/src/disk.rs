//! How much room a disk has left for this account.

use std::io;
use std::path::Path;

/// Bytes that an ordinary account may still write on the disk that holds `place`.
///
/// # Errors
/// Where the place cannot be looked at.
pub fn free_bytes(place: &Path) -> io::Result<u64> {
    let facts = rustix::fs::statvfs(place)?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn this_disk_has_some_room_and_a_place_that_is_not_there_has_none() {
        assert!(super::free_bytes(&std::env::temp_dir()).unwrap() > 0);
        assert!(super::free_bytes(std::path::Path::new("/nowhere/at/all")).is_err());
    }
}
