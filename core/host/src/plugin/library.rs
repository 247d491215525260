//! A library as the host holds it: sealed memory, so that the bytes that were verified are the bytes that run.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// Libraries of the system that a plugin may need beside the C library. Which of them is noted when the library is
/// sealed: the worker loads them before its cage closes.
const COMPANIONS: [&str; 6] =
    ["libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1"];

/// What a library's table has to say, and what it needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// `id` of the manifest.
    pub id: String,
    /// `version` of the manifest.
    pub version: String,
    /// SHA-256 of the manifest as packed; None takes any, for development.
    pub manifest_sha256: Option<[u8; 32]>,
    /// Bit n: needs `COMPANIONS[n]`.
    companions: u8,
}

impl Expected {
    /// What a manifest says.
    pub fn new(id: &str, version: &str, manifest_sha256: Option<[u8; 32]>) -> Self {
        Self { id: id.to_owned(), version: version.to_owned(), manifest_sha256, companions: 0 }
    }

    /// Names of the system's libraries to load first.
    pub(super) fn companions(&self) -> impl Iterator<Item = &'static str> {
        let wanted = self.companions;
        COMPANIONS.iter().enumerate().filter(move |(bit, _)| wanted >> bit & 1 == 1).map(|(_, name)| *name)
    }

    pub(super) fn needing(mut self, library: &Library) -> Self {
        self.companions = library.companions;
        self
    }

    /// As it travels.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.companions);
        out.push(u8::from(self.manifest_sha256.is_some()));
        out.extend_from_slice(&self.manifest_sha256.unwrap_or_default());
        out.extend_from_slice(format!("{}\0{}", self.id, self.version).as_bytes());
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let ([companions, hashed], rest) = bytes.split_first_chunk::<2>()?;
        let (hash, names) = rest.split_first_chunk::<32>()?;
        let (id, version) = std::str::from_utf8(names).ok()?.split_once('\0')?;
        let manifest_sha256 = (*hashed == 1).then_some(*hash);
        Some(Self { companions: *companions, ..Self::new(id, version, manifest_sha256) })
    }
}

/// Bytes of a shared library in memory that nobody can change any more, this process included.
#[derive(Clone, Debug)]
pub struct Library {
    sealed: Arc<OwnedFd>,
    companions: u8,
    len: usize,
}

impl Library {
    /// Copies the bytes and seals the copy.
    ///
    /// # Errors
    /// Where the kernel has no sealed memory, or no room.
    pub fn seal(bytes: &[u8]) -> io::Result<Self> {
        let memory = memfd_create("falin-plugin", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut file = File::from(memory);
        file.write_all(bytes)?;
        let sealed = OwnedFd::from(file);
        let all = SealFlags::WRITE | SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL;
        fcntl_add_seals(&sealed, all)?;
        Ok(Self { sealed: Arc::new(sealed), companions: companions(bytes), len: bytes.len() })
    }

    /// Bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A descriptor for a new worker.
    pub(super) fn descriptor(&self) -> io::Result<OwnedFd> {
        self.sealed.try_clone()
    }
}

/// A name that occurs anywhere in the file counts: one too many is harmless, one too few cannot be loaded.
fn companions(bytes: &[u8]) -> u8 {
    let mut found = 0;
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'l') {
        at += next;
        for (bit, name) in COMPANIONS.iter().enumerate() {
            found |= u8::from(bytes[at..].starts_with(name.as_bytes())) << bit;
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_travels_whole() {
        let library = Library::seal(b"..libm.so.6\0libstdc++.so.6").unwrap();
        let sent = Expected::new("petition", "1.2.0", Some([7; 32])).needing(&library);
        let mut bytes = Vec::new();
        sent.write(&mut bytes);
        let heard = Expected::read(&bytes).unwrap();
        assert_eq!(heard, sent);
        assert_eq!(heard.companions().collect::<Vec<_>>(), ["libstdc++.so.6", "libm.so.6"]);
        assert_eq!(Expected::read(&bytes[..20]), None);
    }

    #[test]
    fn sealed_memory_cannot_be_changed() {
        let library = Library::seal(b"bytes").unwrap();
        let mut file = File::from(library.descriptor().unwrap());
        assert!(file.write_all(b"other").is_err());
        assert!(file.set_len(1).is_err());
        assert!(file.set_len(10).is_err());
    }
}
