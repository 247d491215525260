//! Signing a package, and whose signature counts: roots, publishers, and what has been revoked.

use std::collections::{BTreeMap, BTreeSet};

use falin_domain::refusal::Refusal;

use super::keys::{SecretKey, hex, line, unhex, verify};
use super::{LIST, SIGNATURE, archive};

/// First line of a signature.
const HEAD: &str = "falin signature 1";
/// First line of a revocation list.
const REVOKED: &str = "falin revocations 1";

/// What a deployment trusts; keys as hexadecimal text.
#[derive(Clone, Default, Debug)]
pub struct Trust {
    /// Keys of roots and publishers, with their names.
    pub keys: BTreeMap<String, String>,
    /// Keys that count for nothing any more.
    pub revoked_keys: BTreeSet<String>,
    /// SHA-256 of packages that count for nothing any more.
    pub revoked_packages: BTreeSet<String>,
    /// Whether a package without a signature is taken: in development only.
    pub unsigned: bool,
}

/// Signs a package's list. An earlier signature is replaced.
///
/// # Errors
/// What reading the package says; `package.unlisted` where its list is not that of its content.
pub fn sign(bytes: &[u8], key: &SecretKey) -> Result<Vec<u8>, Refusal> {
    let mut files = archive::read(bytes)?;
    let list = archive::list(&files);
    if files.get(LIST).map(Vec::as_slice) != Some(list.as_bytes()) {
        return Err(Refusal::new("package.unlisted").with("path", LIST));
    }
    let signature = key.signature(&signed(list.as_bytes()))?;
    let text = format!("{HEAD}\nkey {}\nsignature {}\n", key.public()?.id(), hex(&signature));
    files.insert(SIGNATURE.to_owned(), text.into_bytes());
    archive::write(&files)
}

/// Whether a package carries a signature, whatever it is worth.
pub fn is_signed(bytes: &[u8]) -> bool {
    archive::read(bytes).is_ok_and(|files| files.contains_key(SIGNATURE))
}

fn signed(list: &[u8]) -> Vec<u8> {
    [b"falin-package-1\0".as_slice(), list].concat()
}

/// The key whose signature a package bears, whatever it is worth; None where it bears none.
///
/// # Errors
/// `package.signature` where the signature is not that key's.
pub(super) fn bears(files: &archive::Files) -> Result<Option<String>, Refusal> {
    let Some(text) = files.get(SIGNATURE) else { return Ok(None) };
    let bad = || Refusal::new("package.signature");
    let text = std::str::from_utf8(text).map_err(|_| bad())?;
    if text.lines().next() != Some(HEAD) {
        return Err(bad());
    }
    let key: [u8; 32] = line(text, "key").and_then(unhex).ok_or_else(bad)?;
    let signature: [u8; 64] = line(text, "signature").and_then(unhex).ok_or_else(bad)?;
    let list = files.get(LIST).ok_or_else(|| Refusal::new("package.unlisted").with("path", LIST))?;
    verify(&key, &signed(list), &signature)?;
    Ok(Some(hex(&key)))
}

/// Who signed a list, where that counts; None where it is unsigned and that is let through.
///
/// # Errors
/// `package.unsigned`, `package.signature`, `package.untrusted`, `package.revoked`.
pub(super) fn signer(files: &archive::Files, trust: &Trust) -> Result<Option<String>, Refusal> {
    let Some(id) = bears(files)? else {
        return if trust.unsigned { Ok(None) } else { Err(Refusal::new("package.unsigned")) };
    };
    if trust.revoked_keys.contains(&id) {
        return Err(Refusal::new("package.revoked"));
    }
    if !trust.keys.contains_key(&id) {
        return Err(Refusal::new("package.untrusted").with("fingerprint", super::fingerprint_of(&id)));
    }
    Ok(Some(id))
}

/// Keys and packages that a root takes out of the world.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Revocations {
    /// Keys as hexadecimal text.
    pub keys: BTreeSet<String>,
    /// SHA-256 of packages.
    pub packages: BTreeSet<String>,
}

impl Revocations {
    fn body(&self) -> String {
        let keys = self.keys.iter().map(|key| format!("revoke-key {key}\n"));
        let packages = self.packages.iter().map(|hash| format!("revoke-package {hash}\n"));
        keys.chain(packages).collect()
    }

    /// The list as a file, signed by a root.
    ///
    /// # Errors
    /// `package.key_unreadable`.
    pub fn text(&self, root: &SecretKey) -> Result<String, Refusal> {
        let body = self.body();
        let signature = hex(&root.signature(format!("{REVOKED}\0{body}").as_bytes())?);
        Ok(format!("{REVOKED}\n{body}root {}\nsignature {signature}\n", root.public()?.id()))
    }

    /// Reads a list and who signed it.
    ///
    /// # Errors
    /// `package.key_unreadable`, `package.signature`.
    pub fn parse(text: &str) -> Result<(Self, String), Refusal> {
        let unreadable = || Refusal::new("package.key_unreadable");
        if text.lines().next() != Some(REVOKED) {
            return Err(unreadable());
        }
        let all = |name: &str| -> BTreeSet<String> {
            let values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            values.map(|value| value.trim().to_owned()).filter(|value| unhex::<32>(value).is_some()).collect()
        };
        let read = Self { keys: all("revoke-key"), packages: all("revoke-package") };
        let root: [u8; 32] = line(text, "root").and_then(unhex).ok_or_else(unreadable)?;
        let signature: [u8; 64] = line(text, "signature").and_then(unhex).ok_or_else(unreadable)?;
        verify(&root, format!("{REVOKED}\0{}", read.body()).as_bytes(), &signature)?;
        Ok((read, hex(&root)))
    }
}
