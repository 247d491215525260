//! The zip around a package: written the same for the same content, read within bounds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use falin_domain::refusal::Refusal;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::verify::hash_text;
use super::{DECLARATION, LIST, MOST_BYTES, MOST_FILES, MOST_UNPACKED, SIGNATURE};

/// Content of a package by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Whether a file is an editor's or the desktop's own, and no part of a plugin.
pub fn is_passing(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~')
}

/// The files of a plugin's folder that belong into its package: declaration, templates, papers, built libraries.
///
/// # Errors
/// `package.unreadable` where a file cannot be read or `plugin.toml` is missing; `package.path`.
pub fn folder(place: &Path) -> Result<Files, Refusal> {
    let mut files = Files::new();
    for name in [DECLARATION, "README.md"] {
        if let Ok(bytes) = fs::read(place.join(name)) {
            files.insert(name.to_owned(), bytes);
        }
    }
    for name in ["templates", "papers", "lib"] {
        below(&place.join(name), name, &mut files)?;
    }
    if !files.contains_key(DECLARATION) {
        return Err(Refusal::new("package.unreadable").with("what", DECLARATION));
    }
    Ok(files)
}

fn below(place: &Path, path: &str, files: &mut Files) -> Result<(), Refusal> {
    let Ok(entries) = fs::read_dir(place) else { return Ok(()) };
    let unreadable = |_| Refusal::new("package.unreadable").with("what", path);
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_passing(&name) {
            continue;
        }
        let path = format!("{path}/{name}");
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            below(&entry.path(), &path, files)?;
        } else if kind.is_file() {
            allowed(&path)?;
            files.insert(path, fs::read(entry.path()).map_err(unreadable)?);
        }
    }
    Ok(())
}

/// Packs files, with their list; unsigned.
///
/// # Errors
/// `package.path`, `package.too_large`.
pub fn pack(files: &Files) -> Result<Vec<u8>, Refusal> {
    let mut whole: Files = files
        .iter()
        .filter(|(path, _)| !matches!(path.as_str(), LIST | SIGNATURE))
        .map(|(p, b)| (p.clone(), b.clone()))
        .collect();
    for path in whole.keys() {
        allowed(path)?;
    }
    whole.insert(LIST.to_owned(), list(&whole).into_bytes());
    write(&whole)
}

/// The list of a package's content.
pub(super) fn list(files: &Files) -> String {
    let content = files.iter().filter(|(path, _)| !matches!(path.as_str(), LIST | SIGNATURE));
    content.map(|(path, bytes)| format!("{} {} {path}\n", hash_text(bytes), bytes.len())).collect()
}

/// The zip of these files, the same bytes for the same content.
pub(super) fn write(files: &Files) -> Result<Vec<u8>, Refusal> {
    let broken = |_| Refusal::new("package.unreadable").with("what", "zip");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (path, bytes) in files {
        zip.start_file(path.as_str(), how).map_err(broken)?;
        zip.write_all(bytes).map_err(|_| Refusal::new("package.unreadable").with("what", path))?;
    }
    let bytes = zip.finish().map_err(broken)?.into_inner();
    if bytes.len() > MOST_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> Refusal {
    Refusal::new("package.too_large").with("max", MOST_BYTES >> 20)
}

/// Unpacks a package into memory, nothing on disk.
///
/// # Errors
/// `package.too_large`, `package.unreadable`, `package.path`, `package.bomb`.
pub(super) fn read(bytes: &[u8]) -> Result<Files, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let unreadable = || Refusal::new("package.unreadable").with("what", "zip");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_FILES {
        return Err(Refusal::new("package.bomb"));
    }
    let mut files = Files::new();
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unreadable())?;
        let path = part.name().map_err(|_| unreadable())?.into_owned();
        let link = part.unix_mode().is_some_and(|mode| mode & 0o170_000 == 0o120_000);
        if path.ends_with('/') && part.size() == 0 {
            continue;
        }
        allowed(&path)?;
        if link || part.encrypted() {
            return Err(Refusal::new("package.path").with("path", path));
        }
        // What the head says of the size is not believed: reading ends at the bound.
        let mut content = Vec::new();
        part.take(left + 1).read_to_end(&mut content).map_err(|_| unreadable())?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| Refusal::new("package.bomb"))?;
        if files.insert(path.clone(), content).is_some() {
            return Err(Refusal::new("package.path").with("path", path));
        }
    }
    Ok(files)
}

/// Only the places that a package has, written plainly: nothing climbs, nothing hides.
pub(super) fn allowed(path: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
    let top = matches!(path, DECLARATION | LIST | SIGNATURE | "README.md");
    let inside = ["templates/", "papers/", "lib/"].iter().any(|folder| path.starts_with(folder));
    if path.len() <= 200 && (top || inside) && path.split('/').all(part) {
        Ok(())
    } else {
        let shown: String = path.chars().filter(|c| !c.is_control()).take(80).collect();
        Err(Refusal::new("package.path").with("path", shown))
    }
}
