//! The key file outside the database: sealing of fields, blind indexes, MACs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::key_file::{fault, first_private, locked, write_private};
use crate::stop::{Fault, Stop};

/// Length of a blind index.
pub(crate) const BLIND: usize = 16;

/// Algorithm prefix of a sealed field: XChaCha20-Poly1305; SM4-GCM may follow as 2.
const XCHACHA: u8 = 1;

/// One master key; its id is written into every field that it seals.
#[derive(Serialize, Deserialize)]
struct Master {
    id: u32,
    hex: Zeroizing<String>,
}

/// The key file's content.
#[derive(Serialize, Deserialize)]
struct File {
    /// Sealing keys, the newest last; old ones stay readable until rotation has finished.
    seal: Vec<Master>,
    /// Key of blind indexes and MACs.
    index: Master,
    /// True where no chain of the journal was ever closed without the key: a house of earlier releases has such chains.
    #[serde(default)]
    keyed: bool,
}

/// Sealing keys by id, the newest last.
type Ring = Vec<(u32, Zeroizing<[u8; 32]>)>;

/// Keys in memory. No Debug, no Serialize.
pub struct Keys {
    /// Read again from the file where a field names a key that another process has made meanwhile.
    seal: RwLock<Arc<Ring>>,
    index: Zeroizing<[u8; 32]>,
    keyed: bool,
    path: PathBuf,
}

/// What a sealed field is bound to: moving it elsewhere makes it unreadable.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    /// Table name.
    pub table: &'a str,
    /// Column name.
    pub column: &'a str,
    /// The row's id.
    pub row: &'a [u8],
    /// The county.
    pub county: CountyId,
}

impl Keys {
    /// Reads `DATA/keys/falin.key`.
    ///
    /// # Errors
    /// `key.missing` where there is none.
    pub fn open(data: &Path) -> Result<Self, Stop> {
        let path = file(data);
        let text = fs::read_to_string(&path).map_err(|_| Refusal::new("key.missing"))?;
        Self::read(&text, path)
    }

    /// Makes a new key file (0600) where there is none, then reads it.
    ///
    /// # Errors
    /// A fault when the file cannot be written.
    pub fn open_or_make(data: &Path, entropy: &mut Entropy) -> Result<Self, Stop> {
        let path = file(data);
        if !path.exists() {
            let master = |id, entropy: &mut Entropy| Master { id, hex: hex(&entropy.bytes::<32>()) };
            let content = File { seal: vec![master(1, entropy)], index: master(0, entropy), keyed: true };
            let text = Zeroizing::new(serde_json::to_string_pretty(&content).map_err(fault)?);
            first_private(&path, &text)?;
        }
        Self::open(data)
    }

    fn read(text: &str, path: PathBuf) -> Result<Self, Stop> {
        let content: File = serde_json::from_str(text).map_err(fault)?;
        let seal = ring(&content)?;
        let (index, keyed) = (unhex(&content.index.hex)?, content.keyed);
        Ok(Self { seal: RwLock::new(Arc::new(seal)), index, keyed, path })
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.seal.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again: another process may have made a new key since.
    ///
    /// # Errors
    /// `key.missing` where the file is gone; a fault where it is the key of another house.
    pub fn refresh(&self) -> Result<(), Stop> {
        let content = self.on_disk()?;
        let fresh = ring(&content)?;
        let mut place = self.seal.write().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::new(fresh);
        Ok(())
    }

    fn on_disk(&self) -> Result<File, Stop> {
        let text = fs::read_to_string(&self.path).map_err(|_| Refusal::new("key.missing"))?;
        let content: File = serde_json::from_str(&Zeroizing::new(text)).map_err(fault)?;
        match *unhex(&content.index.hex)? == *self.index {
            true => Ok(content),
            false => Err(Fault::new("key", "the key file is another house's").into()),
        }
    }

    /// Adds a new sealing key to those in the file and makes it the active one; returns the keys read again. The file
    /// is locked meanwhile: no key that another process adds in the same moment is ever written over.
    ///
    /// # Errors
    /// `key.missing` where the file is gone; a fault when it cannot be written.
    pub fn rotated(&self, entropy: &mut Entropy) -> Result<Self, Stop> {
        let _lock = locked(&self.path)?;
        let mut content = self.on_disk()?;
        let next = content.seal.iter().map(|key| key.id).max().unwrap_or(0) + 1;
        content.seal.push(Master { id: next, hex: hex(&entropy.bytes::<32>()) });
        let text = Zeroizing::new(serde_json::to_string_pretty(&content).map_err(fault)?);
        write_private(&self.path, &text)?;
        Self::read(&text, self.path.clone())
    }

    /// The key file's text for the safe, as `falin key export` prints it.
    ///
    /// # Errors
    /// `key.missing` where the file is gone.
    pub fn sheet(&self) -> Result<Zeroizing<String>, Stop> {
        let text = fs::read_to_string(&self.path).map_err(|_| Refusal::new("key.missing"))?;
        Ok(Zeroizing::new(text))
    }

    /// Fingerprint that a backup records: restore refuses without this key.
    pub fn fingerprint(&self) -> String {
        fingerprint(b"falin key fingerprint", &self.index)
    }

    /// Number and fingerprint of every sealing key: a backup names those that its fields may need.
    pub fn seals(&self) -> Vec<String> {
        let print = |key: &Zeroizing<[u8; 32]>| fingerprint(b"falin sealing key fingerprint", key);
        self.ring().iter().map(|(id, key)| format!("{id}:{}", print(key))).collect()
    }

    /// Whether every link of the journal that ever was is a MAC, as the key file says, which is not the database's.
    pub(crate) fn closed_every_chain(&self) -> bool {
        self.keyed
    }

    /// Id of the key that seals now.
    pub fn active(&self) -> u32 {
        self.ring().last().map_or(0, |key| key.0)
    }

    /// Seals `plain`: algorithm (1), key id (4), nonce (24), ciphertext and tag.
    ///
    /// # Errors
    /// A fault of the cipher, which only a text of several GiB causes.
    pub fn seal(&self, at: Bound<'_>, plain: &str, entropy: &mut Entropy) -> Result<Vec<u8>, Stop> {
        self.seal_bytes(at, plain.as_bytes(), entropy)
    }

    /// As [`Keys::seal`], for a file.
    ///
    /// # Errors
    /// As [`Keys::seal`].
    pub fn seal_bytes(&self, at: Bound<'_>, plain: &[u8], entropy: &mut Entropy) -> Result<Vec<u8>, Stop> {
        let ring = self.ring();
        let Some((id, master)) = ring.last() else {
            return Err(Refusal::new("key.missing").into());
        };
        let nonce = entropy.bytes::<24>();
        let cipher = cipher(master, at.county);
        let payload = Payload { msg: plain, aad: &aad(at) };
        let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(fault)?;
        let mut out = Vec::with_capacity(29 + sealed.len());
        out.push(XCHACHA);
        out.extend_from_slice(&id.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`Keys::seal`] sealed at the same place.
    ///
    /// # Errors
    /// A fault where the bytes were changed, moved, or sealed with a key that is not here.
    pub fn open_field(&self, at: Bound<'_>, sealed: &[u8]) -> Result<String, Stop> {
        let plain = self.open_bytes(at, sealed)?;
        String::from_utf8(plain).map_err(|_| Fault::new("seal", "a sealed text is not UTF-8").into())
    }

    /// As [`Keys::open_field`], for a file. A key that is not at hand is looked for once in the key file: a command
    /// beside the running server may have made it.
    ///
    /// # Errors
    /// As [`Keys::open_field`].
    pub fn open_bytes(&self, at: Bound<'_>, sealed: &[u8]) -> Result<Vec<u8>, Stop> {
        let broken = || Fault::new("seal", format!("{}.{} cannot be opened", at.table, at.column));
        if sealed.len() < 29 || sealed[0] != XCHACHA {
            return Err(broken().into());
        }
        let id = key_id(sealed).ok_or_else(broken)?;
        let mut ring = self.ring();
        if !ring.iter().any(|key| key.0 == id) {
            self.refresh()?;
            ring = self.ring();
        }
        let (_, master) = ring.iter().find(|key| key.0 == id).ok_or_else(broken)?;
        let payload = Payload { msg: &sealed[29..], aad: &aad(at) };
        let nonce = XNonce::from_slice(&sealed[5..29]);
        cipher(master, at.county).decrypt(nonce, payload).map_err(|_| broken().into())
    }

    /// Blind index of a normalised value: HMAC-SHA-256 cut to 16 bytes, per county and column.
    pub fn blind(&self, county: CountyId, column: &str, value: &str) -> Vec<u8> {
        let mut mac = self.mac_of(b"blind");
        mac.update(&county.bytes());
        mac.update(column.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes()[..BLIND].to_vec()
    }

    /// A MAC over parts, each led by its length, for journal rows, bodies and cookies.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = self.mac_of(purpose.as_bytes());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    fn mac_of(&self, purpose: &[u8]) -> Hmac<Sha256> {
        let key = derive(&self.index, purpose);
        match <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()) {
            Ok(mac) => mac,
            Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104)"),
        }
    }
}

fn fingerprint(purpose: &[u8], key: &Zeroizing<[u8; 32]>) -> String {
    let hash = Sha256::new_with_prefix(purpose).chain_update(key.as_slice());
    hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

/// Id of the key that sealed these bytes; None where they are no sealed field.
pub fn key_id(sealed: &[u8]) -> Option<u32> {
    let bytes = sealed.get(1..5)?;
    bytes.try_into().ok().map(u32::from_be_bytes)
}

fn cipher(master: &Zeroizing<[u8; 32]>, county: CountyId) -> XChaCha20Poly1305 {
    let mut purpose = b"county".to_vec();
    purpose.extend_from_slice(&county.bytes());
    let key = derive(master, &purpose);
    XChaCha20Poly1305::new(chacha20poly1305::Key::from_slice(key.as_slice()))
}

fn derive(master: &Zeroizing<[u8; 32]>, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = match <Hmac<Sha256> as Mac>::new_from_slice(master.as_slice()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104)"),
    };
    mac.update(purpose);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

fn aad(at: Bound<'_>) -> Vec<u8> {
    let mut aad = Vec::new();
    for part in [at.table.as_bytes(), at.column.as_bytes(), at.row, &at.county.bytes()] {
        aad.extend_from_slice(&(part.len() as u32).to_be_bytes());
        aad.extend_from_slice(part);
    }
    aad
}

fn file(data: &Path) -> PathBuf {
    data.join("keys").join("falin.key")
}

fn ring(content: &File) -> Result<Ring, Stop> {
    if content.seal.is_empty() {
        return Err(Refusal::new("key.missing").into());
    }
    content.seal.iter().map(|master| Ok((master.id, unhex(&master.hex)?))).collect()
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn unhex(text: &str) -> Result<Zeroizing<[u8; 32]>, Stop> {
    let mut out = Zeroizing::new([0u8; 32]);
    if text.len() != 64 || !text.is_ascii() {
        return Err(Fault::new("key", "a key is 64 hexadecimal digits").into());
    }
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(fault)?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use falin_domain::words::Id;
    use uuid::Uuid;

    fn keys() -> Keys {
        let file = File {
            seal: vec![Master { id: 1, hex: hex(&[7; 32]) }],
            index: Master { id: 0, hex: hex(&[9; 32]) },
            keyed: true,
        };
        Keys::read(&serde_json::to_string(&file).unwrap(), PathBuf::new()).unwrap()
    }

    #[test]
    fn a_sealed_field_opens_only_where_it_was_sealed() {
        let keys = keys();
        let county = Id::from_uuid(Uuid::from_u128(1));
        let at = Bound { table: "household", column: "phone", row: b"1", county };
        let sealed = keys.seal(at, "13912345678", &mut Entropy::from_seed([1; 32])).unwrap();
        assert_eq!(keys.open_field(at, &sealed).unwrap(), "13912345678");
        assert!(keys.open_field(Bound { row: b"2", ..at }, &sealed).is_err());
        assert!(keys.open_field(Bound { column: "address", ..at }, &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(keys.open_field(at, &changed).is_err());
        assert_eq!(key_id(&sealed), Some(1));
    }

    #[test]
    fn blind_indexes_differ_by_county_and_column() {
        let keys = keys();
        let one = Id::from_uuid(Uuid::from_u128(1));
        let two = Id::from_uuid(Uuid::from_u128(2));
        assert_eq!(keys.blind(one, "phone", "12348"), keys.blind(one, "phone", "12348"));
        assert_ne!(keys.blind(one, "phone", "12348"), keys.blind(two, "phone", "12348"));
        assert_ne!(keys.blind(one, "phone", "12348"), keys.blind(one, "id", "12348"));
    }

    fn folder_of(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("falin-keys-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn a_key_that_another_process_adds_is_found_and_never_written_over() {
        let dir = folder_of("rotated");
        let server = Keys::open_or_make(&dir, &mut Entropy::from_seed([1; 32])).unwrap();
        let command = Keys::open(&dir).unwrap().rotated(&mut Entropy::from_seed([2; 32])).unwrap();
        let county = Id::from_uuid(Uuid::from_u128(1));
        let at = Bound { table: "household", column: "phone", row: b"1", county };
        let second = command.seal(at, "13912345678", &mut Entropy::from_seed([3; 32])).unwrap();
        let page = Keys::open(&dir).unwrap();
        let third = page.rotated(&mut Entropy::from_seed([4; 32])).unwrap();
        assert_eq!(third.active(), 3);
        assert_eq!(server.open_field(at, &second).unwrap(), "13912345678");
        assert_eq!(server.active(), 3, "the server seals with the newest key from then on");
        // The server knew of one key alone when it began: its own rotation keeps the others.
        let fourth = server.rotated(&mut Entropy::from_seed([5; 32])).unwrap();
        assert_eq!((fourth.active(), fourth.open_field(at, &second).unwrap()), (4, "13912345678".to_owned()));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn stale_keys_rotate_without_losing_what_others_added() {
        let dir = folder_of("stale");
        let (one, two) = {
            let one = Keys::open_or_make(&dir, &mut Entropy::from_seed([1; 32])).unwrap();
            (one, Keys::open(&dir).unwrap())
        };
        let at = Bound { table: "t", column: "c", row: b"1", county: Id::from_uuid(Uuid::from_u128(1)) };
        let by_one = one.rotated(&mut Entropy::from_seed([2; 32])).unwrap();
        let sealed = by_one.seal(at, "x", &mut Entropy::from_seed([3; 32])).unwrap();
        let by_two = two.rotated(&mut Entropy::from_seed([4; 32])).unwrap();
        assert_eq!((by_one.active(), by_two.active()), (2, 3));
        assert_eq!(by_two.open_field(at, &sealed).unwrap(), "x");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn many_that_begin_at_once_make_one_key() {
        let dir = folder_of("first");
        let prints: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
            let begun: Vec<_> = (0..16_u8)
                .map(|n| {
                    let dir = &dir;
                    scope.spawn(move || {
                        let keys = Keys::open_or_make(dir, &mut Entropy::from_seed([n; 32])).unwrap();
                        keys.fingerprint()
                    })
                })
                .collect();
            begun.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(prints.len(), 1, "{prints:?}");
        fs::remove_dir_all(dir).unwrap();
    }
}
