//! Keys of publishers: made, written, read, compared by fingerprint, and certified by a deployment's root.

use falin_domain::refusal::Refusal;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// First line of a secret key's file.
const SECRET: &str = "falin secret key 1";
/// First line of a publisher's public key file.
const PUBLIC: &str = "falin publisher key 1";

/// Bytes as small hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes behind hexadecimal digits.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(out)
}

/// The value of a line `NAME VALUE`.
pub(super) fn line<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.next().map(str::trim)
}

fn unreadable() -> Refusal {
    Refusal::new("package.key_unreadable")
}

/// Sixteen groups that two people can read to each other over the telephone.
pub fn fingerprint(key: &[u8; 32]) -> String {
    let hash = hex(&Sha256::digest(key)[..16]);
    let groups: Vec<&str> = (0..8).map(|at| &hash[4 * at..4 * at + 4]).collect();
    groups.join(" ")
}

/// The fingerprint of a key as rows keep it; the text itself where it is none.
pub fn fingerprint_of(id: &str) -> String {
    unhex(id).map_or_else(|| id.to_owned(), |key| fingerprint(&key))
}

/// A publisher's or root's secret: whoever has it can put workflows into counties.
pub struct SecretKey {
    name: String,
    seed: [u8; 32],
}

impl SecretKey {
    /// From random bytes.
    ///
    /// # Errors
    /// `package.key_unreadable` where the name is empty or of several lines.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, Refusal> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(unreadable());
        }
        Ok(Self { name: name.to_owned(), seed })
    }

    /// As its file holds it (0600).
    pub fn text(&self) -> String {
        format!("{SECRET}\nname {}\nsecret {}\n", self.name, hex(&self.seed))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// `package.key_unreadable`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.lines().next() != Some(SECRET) {
            return Err(unreadable());
        }
        let seed = line(text, "secret").and_then(unhex).ok_or_else(unreadable)?;
        Self::from_seed(line(text, "name").unwrap_or_default(), seed)
    }

    fn pair(&self) -> Result<Ed25519KeyPair, Refusal> {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).map_err(|_| unreadable())
    }

    /// Its public half, not certified by anybody.
    ///
    /// # Errors
    /// `package.key_unreadable`.
    pub fn public(&self) -> Result<PublicKey, Refusal> {
        let key = self.pair()?.public_key().as_ref().try_into().map_err(|_| unreadable())?;
        Ok(PublicKey { name: self.name.clone(), key, certificate: None })
    }

    /// Its signature under bytes.
    ///
    /// # Errors
    /// `package.key_unreadable`.
    pub(super) fn signature(&self, bytes: &[u8]) -> Result<[u8; 64], Refusal> {
        self.pair()?.sign(bytes).as_ref().try_into().map_err(|_| unreadable())
    }
}

/// A root's word for a publisher's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// The root.
    pub root: [u8; 32],
    signature: [u8; 64],
}

/// The public half of a publisher's key, as it is sent around.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicKey {
    /// Whose it says it is.
    pub name: String,
    /// The key.
    pub key: [u8; 32],
    /// A root's word for it.
    pub certificate: Option<Certificate>,
}

impl PublicKey {
    /// As its file holds it.
    pub fn text(&self) -> String {
        let mut text = format!("{PUBLIC}\nname {}\nkey {}\n", self.name, hex(&self.key));
        if let Some(certificate) = &self.certificate {
            text +=
                &format!("root {}\ncertificate {}\n", hex(&certificate.root), hex(&certificate.signature));
        }
        text
    }

    /// Reads the file; a certificate in it is checked.
    ///
    /// # Errors
    /// `package.key_unreadable`, `package.signature`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > 4096 || text.lines().next() != Some(PUBLIC) {
            return Err(unreadable());
        }
        let name = line(text, "name").unwrap_or_default().to_owned();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(unreadable());
        }
        let key = line(text, "key").and_then(unhex).ok_or_else(unreadable)?;
        let mut read = Self { name, key, certificate: None };
        if let Some(root) = line(text, "root") {
            let root = unhex(root).ok_or_else(unreadable)?;
            let signature = line(text, "certificate").and_then(unhex).ok_or_else(unreadable)?;
            verify(&root, &read.certified(), &signature)?;
            read.certificate = Some(Certificate { root, signature });
        }
        Ok(read)
    }

    /// The same with a root's word for it.
    ///
    /// # Errors
    /// `package.key_unreadable`.
    pub fn certify(mut self, root: &SecretKey) -> Result<Self, Refusal> {
        let signature = root.signature(&self.certified())?;
        self.certificate = Some(Certificate { root: root.public()?.key, signature });
        Ok(self)
    }

    fn certified(&self) -> Vec<u8> {
        format!("falin-publisher-1\0{}\0{}", self.name, hex(&self.key)).into_bytes()
    }

    /// The key as a row and a file hold it.
    pub fn id(&self) -> String {
        hex(&self.key)
    }
}

/// Checks a signature.
///
/// # Errors
/// `package.signature`.
pub(super) fn verify(key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> Result<(), Refusal> {
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(bytes, signature).map_err(|_| Refusal::new("package.signature"))
}
