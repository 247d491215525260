//! A package taken apart and believed only where everything fits: list, hashes, signature, declaration, libraries.

use falin_domain::fault::{Fault, placed};
use falin_domain::refusal::Refusal;
use falin_domain::workflow::{FileFault, Manifest, PAPERS, template_faults, unseen};
use sha2::{Digest, Sha256};

use super::archive::{self, Files};
use super::elf::{self, Machine, this_machine};
use super::keys::hex;
use super::signed::{self, Trust};
use super::{DECLARATION, LIST};

/// Most faults that are told of a package at the door.
const MOST_TOLD: usize = 20;

/// A package that was verified.
#[derive(Clone, Debug)]
pub struct Package {
    /// What it declares.
    pub manifest: Manifest,
    /// `plugin.toml` as packed.
    pub declaration: String,
    /// SHA-256 of `plugin.toml`, to which its library is tied.
    pub declaration_sha256: [u8; 32],
    /// SHA-256 of the whole file.
    pub sha256: String,
    /// Whose key signed it; None for an unsigned one in development.
    pub signer: Option<String>,
    /// Its library for this machine.
    pub library: Option<Vec<u8>>,
    /// Templates of its pages by path.
    pub templates: std::collections::BTreeMap<String, String>,
}

/// SHA-256 as small hexadecimal digits.
pub fn hash_text(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Verifies a package. Nothing of it is written anywhere.
///
/// # Errors
/// `package.too_large`, `.unreadable`, `.path`, `.bomb`, `.unlisted`, `.hash`, `.unsigned`, `.signature`,
/// `.untrusted`, `.revoked`, `.border`, `.declaration`, `.template`, `.paper`, `.paper_of_house`, `.machine`,
/// `.exec_stack`, `.glibc`.
pub fn open(bytes: &[u8], trust: &Trust) -> Result<Package, Refusal> {
    let files = archive::read(bytes)?;
    let signer = signed::signer(&files, trust)?;
    listed(&files)?;
    let revoked = |hash: String| trust.revoked_packages.contains(&hash);
    if revoked(hash_text(bytes)) || identity_of(&files).is_some_and(revoked) {
        return Err(Refusal::new("package.revoked"));
    }
    taken(&files, hash_text(bytes), signer)
}

/// Verifies a package as [`open`] does, whoever has signed it and whether or not anybody has; with the key, which may be
/// nobody's that counts.
///
/// # Errors
/// As [`open`], but for keys that are not known and packages that are revoked.
pub fn look(bytes: &[u8]) -> Result<(Package, Option<String>), Refusal> {
    let files = archive::read(bytes)?;
    let signer = signed::bears(&files)?;
    listed(&files)?;
    Ok((taken(&files, hash_text(bytes), None)?, signer))
}

/// What a package is however its file was packed: the SHA-256 of its list, which names and hashes all that is in it and
/// is what its publisher signs. Who revokes this revokes every file with the same content.
///
/// # Errors
/// `package.unreadable` and its like, `package.unlisted`.
pub fn identity(bytes: &[u8]) -> Result<String, Refusal> {
    let files = archive::read(bytes)?;
    identity_of(&files).ok_or_else(|| Refusal::new("package.unlisted").with("path", LIST))
}

fn identity_of(files: &Files) -> Option<String> {
    files.get(LIST).map(|list| hash_text(list))
}

/// What is in a package that was verified before. Neither its signature nor its declaration is judged again: what a later
/// server would no longer take in stays in use where it is.
///
/// # Errors
/// As [`open`], but for signatures, lists and faults of the declaration.
pub fn content(bytes: &[u8]) -> Result<Package, Refusal> {
    unpacked(&archive::read(bytes)?, hash_text(bytes), None)
}

fn taken(files: &Files, sha256: String, signer: Option<String>) -> Result<Package, Refusal> {
    let package = unpacked(files, sha256, signer)?;
    let declared = (&package.manifest, package.declaration.as_str());
    whole(files, declared, package.library.is_some()).map_err(|mut refusal| {
        refusal.fields.truncate(MOST_TOLD);
        refusal
    })?;
    Ok(package)
}

fn unpacked(files: &Files, sha256: String, signer: Option<String>) -> Result<Package, Refusal> {
    let (manifest, declaration) = declared(files)?;
    let library = library(files)?;
    let templates = texts(files, |path| path.ends_with(".hbs"));
    let declaration_sha256 = Sha256::digest(declaration.as_bytes()).into();
    Ok(Package { manifest, declaration, declaration_sha256, sha256, signer, library, templates })
}

/// Says everything that is wrong with a folder before it is packed, at the file that has it; what it declares, and
/// whether it brings a library.
///
/// # Errors
/// `package.unreadable`, `.border`, `.path`, `.machine`, `.exec_stack`, `.glibc`, `.declaration`, `.template`, `.paper`,
/// `.paper_of_house`.
pub fn sound(files: &Files) -> Result<(Manifest, bool), Refusal> {
    let (manifest, declaration) = declared(files)?;
    let library = !libraries(files)?.is_empty();
    whole(files, (&manifest, &declaration), library)?;
    Ok((manifest, library))
}

/// What the files declare, as it is and as it is written.
fn declared(files: &Files) -> Result<(Manifest, String), Refusal> {
    let declaration = files.get(DECLARATION).ok_or_else(|| missing(DECLARATION))?;
    let declaration = String::from_utf8(declaration.clone()).map_err(|_| missing(DECLARATION))?;
    let manifest = Manifest::parse(&declaration)
        .map_err(|fault| faulty("package.declaration", vec![(DECLARATION.to_owned(), fault)]))?;
    match manifest.border_known() {
        true => Ok((manifest, declaration)),
        false => Err(Refusal::new("package.border").with("abi", &manifest.abi)),
    }
}

/// Every fault of a declaration, its templates and its papers together: who mends one of them sees the others too.
fn whole(files: &Files, (manifest, declaration): (&Manifest, &str), library: bool) -> Result<(), Refusal> {
    of_house(manifest)?;
    let mut said = manifest.check(library);
    placed(declaration, &mut said);
    let said = said.into_iter().map(|fault| (DECLARATION.to_owned(), fault)).collect();
    let papers = manifest.paper_faults(&texts(files, |path| path.starts_with(PAPERS)));
    let all: [(&str, Vec<FileFault>); 3] = [
        ("package.declaration", said),
        ("package.template", templates(files, manifest)),
        ("package.paper", papers),
    ];
    match all.iter().find(|(_, faults)| !faults.is_empty()) {
        None => Ok(()),
        Some((code, _)) => Err(faulty(code, all.iter().flat_map(|(_, faults)| faults.clone()).collect())),
    }
}

/// Faults of the templates, each at its path: those of the declared pages, and any other that is brought as well.
fn templates(files: &Files, manifest: &Manifest) -> Vec<FileFault> {
    let brought = texts(files, |path| path.ends_with(".hbs"));
    let mut faults = Vec::new();
    for (path, text) in &brought {
        let pages = manifest.page.iter().filter(|page| page.template.as_ref() == Some(path));
        let found = template_faults(text, &|key| manifest.text.contains_key(key));
        let all = found.into_iter().chain(pages.flat_map(|page| unseen(text, page)));
        faults.extend(all.map(|fault| (path.clone(), fault)));
    }
    for page in &manifest.page {
        if let Some(path) = page.template.as_ref().filter(|path| !brought.contains_key(*path)) {
            faults.push((path.clone(), Fault::new("template.missing", &[("page", &page.path)])));
        }
    }
    faults
}

/// A paper of the house is nobody else's to write anew: who wants it otherwise brings a template of it.
fn of_house(manifest: &Manifest) -> Result<(), Refusal> {
    match manifest.covers() {
        Some(code) => Err(Refusal::new("package.paper_of_house").with("paper", code)),
        None => Ok(()),
    }
}

fn texts(files: &Files, which: impl Fn(&str) -> bool) -> std::collections::BTreeMap<String, String> {
    let some = files.iter().filter(|(path, _)| which(path));
    some.map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned())).collect()
}

/// The files under `papers/` of a package that was verified before.
///
/// # Errors
/// `package.unreadable` where the bytes are no package.
pub fn papers(bytes: &[u8]) -> Result<std::collections::BTreeMap<String, String>, Refusal> {
    Ok(texts(&archive::read(bytes)?, |path| path.starts_with(PAPERS)))
}

fn missing(what: &str) -> Refusal {
    Refusal::new("package.unreadable").with("what", what)
}

/// Faults, each at its file.
fn faulty(code: &'static str, faults: Vec<FileFault>) -> Refusal {
    let mut refusal = Refusal::new(code);
    refusal.fields = faults.into_iter().map(|(path, fault)| fault.of_file(&path)).collect();
    refusal
}

/// Every file is in the list with its size and hash, and every line of the list has its file.
fn listed(files: &Files) -> Result<(), Refusal> {
    let list = files.get(LIST).ok_or_else(|| Refusal::new("package.unlisted").with("path", LIST))?;
    let list = std::str::from_utf8(list).map_err(|_| Refusal::new("package.unlisted").with("path", LIST))?;
    let mut seen = 0;
    for line in list.lines() {
        let mut parts = line.splitn(3, ' ');
        let (hash, size, path) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let Some(content) = files.get(path) else {
            return Err(Refusal::new("package.unlisted").with("path", path));
        };
        let fits = size == Some(content.len().to_string().as_str()) && hash == Some(&hash_text(content));
        if !fits {
            return Err(Refusal::new("package.hash").with("path", path));
        }
        seen += 1;
    }
    let own = files.keys().filter(|path| !matches!(path.as_str(), LIST | super::SIGNATURE));
    if own.count() == seen {
        return Ok(());
    }
    let extra = files.keys().find(|path| !list.lines().any(|line| line.ends_with(&format!(" {path}"))));
    Err(Refusal::new("package.unlisted").with("path", extra.map(String::as_str).unwrap_or(LIST)))
}

/// The libraries that are brought, each of them looked at.
fn libraries(files: &Files) -> Result<Vec<(Machine, &Vec<u8>)>, Refusal> {
    let mut all = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("lib/")) {
        let parts: Vec<&str> = path.split('/').collect();
        let [_, machine, name] = parts[..] else {
            return Err(Refusal::new("package.path").with("path", path));
        };
        let machine =
            elf::machine(machine).ok_or_else(|| Refusal::new("package.machine").with("machine", path))?;
        if !name.ends_with(".so") {
            return Err(Refusal::new("package.path").with("path", path));
        }
        elf::check(bytes, machine)?;
        all.push((machine, bytes));
    }
    Ok(all)
}

/// The library for this machine.
fn library(files: &Files) -> Result<Option<Vec<u8>>, Refusal> {
    let all = libraries(files)?;
    let here = all.iter().rev().find(|(machine, _)| this_machine() == Some(*machine));
    match here {
        None if !all.is_empty() => {
            Err(Refusal::new("package.machine").with("machine", std::env::consts::ARCH))
        }
        here => Ok(here.map(|(_, bytes)| (*bytes).clone())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{SecretKey, pack, sign};
    use super::*;
    use std::io::Write;

    const PLUGIN: &str = include_str!("../../../../plugins/petition/plugin.toml");
    const FEEDBACK: &str = include_str!("../../../../plugins/petition/papers/petition-feedback.toml");

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed("某县司法局", [seed; 32]).unwrap()
    }

    fn trusting(key: &SecretKey) -> Trust {
        let public = key.public().unwrap();
        Trust { keys: [(public.id(), public.name)].into(), ..Trust::default() }
    }

    fn files() -> Files {
        let all = [(DECLARATION, PLUGIN), ("papers/petition-feedback.toml", FEEDBACK)];
        all.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into()
    }

    fn code(bytes: &[u8], trust: &Trust) -> &'static str {
        open(bytes, trust).unwrap_err().code()
    }

    #[test]
    fn a_signed_package_opens_and_every_other_one_says_why_not() {
        let (key, unsigned) = (key(1), pack(&files()).unwrap());
        let (trust, signed) = (trusting(&key), sign(&unsigned, &key).unwrap());
        let package = open(&signed, &trust).unwrap();
        assert_eq!((package.manifest.id.as_str(), package.library), ("petition", None));
        assert_eq!(code(&unsigned, &trust), "package.unsigned");
        assert_eq!(
            code(
                &sign(&unsigned, &super::super::SecretKey::from_seed("x", [2; 32]).unwrap()).unwrap(),
                &trust
            ),
            "package.untrusted"
        );
        let revoked = Trust { revoked_keys: trust.keys.keys().cloned().collect(), ..trust.clone() };
        assert_eq!(code(&signed, &revoked), "package.revoked");
        let revoked = Trust { revoked_packages: [package.sha256].into(), ..trust.clone() };
        assert_eq!(code(&signed, &revoked), "package.revoked");
        assert_eq!(code(&signed[..signed.len() / 2], &trust), "package.unreadable");
        assert_eq!(code(&vec![0; super::super::MOST_BYTES + 1], &trust), "package.too_large");
    }

    #[test]
    fn what_was_changed_added_or_taken_out_is_named() {
        let (key, plain) = (key(1), pack(&files()).unwrap());
        let (trust, signed) = (trusting(&key), sign(&plain, &key).unwrap());
        let mut content = archive::read(&signed).unwrap();
        content.get_mut(DECLARATION).unwrap().push(b'\n');
        assert_eq!(code(&archive::write(&content).unwrap(), &trust), "package.hash");
        let mut content = archive::read(&signed).unwrap();
        content.insert("papers/x.toml".to_owned(), Vec::new());
        assert_eq!(code(&archive::write(&content).unwrap(), &trust), "package.unlisted");
        let mut content = archive::read(&signed).unwrap();
        content.insert(LIST.to_owned(), Vec::new());
        assert_eq!(code(&archive::write(&content).unwrap(), &trust), "package.signature");
    }

    #[test]
    fn paths_that_climb_and_content_without_end_are_refused() {
        let trust = Trust { unsigned: true, ..Trust::default() };
        let how = zip::write::SimpleFileOptions::default();
        for path in ["../x", "/etc/passwd", "templates/../../x", "lib\\x", "templates/.hidden", "i18n/x"] {
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            zip.start_file(path, how).unwrap();
            assert_eq!(code(&zip.finish().unwrap().into_inner(), &trust), "package.path", "{path}");
        }
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("templates/a.hbs", how).unwrap();
        for _ in 0..66 {
            zip.write_all(&vec![0; 1 << 20]).unwrap();
        }
        assert_eq!(code(&zip.finish().unwrap().into_inner(), &trust), "package.bomb");
    }

    #[test]
    fn newer_borders_other_machines_and_bad_declarations_have_their_own_words() {
        let trust = Trust { unsigned: true, ..Trust::default() };
        let of = |text: String| pack(&[(DECLARATION.to_owned(), text.into_bytes())].into()).unwrap();
        let newer = format!("abi = \"2.0\"\n{PLUGIN}");
        assert_eq!(code(&of(newer), &trust), "package.border");
        assert_eq!(
            code(&of(PLUGIN.replace("to = \"answered\"", "to = \"nowhere\"")), &trust),
            "package.declaration"
        );
        let mut content = files();
        content.insert("lib/x86_64-unknown-linux-gnu/p.so".to_owned(), b"MZ".to_vec());
        assert_eq!(code(&pack(&content).unwrap(), &trust), "package.machine");
        let covering = "[[paper]]\ncode = \"aid-grant\"\nname = { zh = \"甲\", en = \"A\" }\n";
        assert_eq!(code(&of(format!("{PLUGIN}{covering}")), &trust), "package.paper_of_house");
        let absent = covering.replace("aid-grant", "slip");
        assert_eq!(code(&of(format!("{PLUGIN}{absent}")), &trust), "package.paper");
        let mut content = files();
        content.insert("lib/riscv64/p.so".to_owned(), b"MZ".to_vec());
        assert_eq!(code(&pack(&content).unwrap(), &trust), "package.machine");
        let mut content = files();
        content.insert("lib/p.so".to_owned(), b"MZ".to_vec());
        assert_eq!(code(&pack(&content).unwrap(), &trust), "package.path");
    }

    #[test]
    fn a_folder_is_told_everything_at_once() {
        let mut content = files();
        content.insert(
            DECLARATION.to_owned(),
            PLUGIN.replace("to = \"answered\"", "to = \"nowhere\"").into_bytes(),
        );
        content.insert("papers/petition-reply.toml".to_owned(), b"code = 1".to_vec());
        content.insert("templates/board.hbs".to_owned(), b"<script>".to_vec());
        let refusal = sound(&content).unwrap_err();
        assert_eq!(refusal.code(), "package.declaration");
        for path in [DECLARATION, "papers/petition-reply.toml", "templates/board.hbs"] {
            assert!(refusal.fields.iter().any(|one| one.name == path), "{path}: {refusal:?}");
        }
        let mut content = files();
        content.insert("lib/x86_64-unknown-linux-gnu/p.so".to_owned(), b"hello".to_vec());
        assert_eq!(sound(&content).unwrap_err().code(), "package.machine");
    }

    #[test]
    fn a_root_speaks_for_keys_and_takes_them_back() {
        let (root, publisher) = (key(9), key(1));
        let certified = publisher.public().unwrap().certify(&root).unwrap();
        let read = super::super::PublicKey::parse(&certified.text()).unwrap();
        assert_eq!(read.certificate.as_ref().unwrap().root, root.public().unwrap().key);
        let forged = certified.text().replace("name 某县", "name 另县");
        assert_eq!(super::super::PublicKey::parse(&forged).unwrap_err().code(), "package.signature");
        let list = super::super::Revocations { keys: [certified.id()].into(), ..Default::default() };
        let text = list.text(&root).unwrap();
        assert_eq!(super::super::Revocations::parse(&text).unwrap(), (list, root.public().unwrap().id()));
        assert!(SecretKey::parse(&publisher.text()).is_ok());
    }
}
