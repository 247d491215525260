//! Packages of county workflows: one signed file that a county gets on a stick, packed, signed and verified.
//!
//! A package is a zip of `plugin.toml`, `templates/`, `papers/` and `lib/<triple>/*.so`, with `MANIFEST` (a line a file:
//! SHA-256, size, path) and `SIGNATURE` (ed25519 over `MANIFEST`). Trust runs from a deployment's root key to the
//! publisher's key; a revocation list takes a key or one package out. Knows bytes, never the database: what is trusted
//! is told by the caller as [`Trust`]. Every "no" is a refusal of its own, `package.…`.

mod archive;
mod elf;
mod keys;
mod signed;
mod verify;

pub use archive::{Files, folder, is_passing, pack};
pub use elf::{Machine, this_machine};
pub use keys::{Certificate, PublicKey, SecretKey, fingerprint, fingerprint_of};
pub use signed::{Revocations, Trust, is_signed, sign};
pub use verify::{Package, content, hash_text, identity, look, open, papers, sound};

/// Largest package in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// Largest content of a package, unpacked.
const MOST_UNPACKED: u64 = 64 << 20;
/// Most files of a package.
const MOST_FILES: usize = 500;
/// The list of the content.
const LIST: &str = "MANIFEST";
/// The signature over the list.
const SIGNATURE: &str = "SIGNATURE";
/// What a plugin says of itself.
const DECLARATION: &str = "plugin.toml";
