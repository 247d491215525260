//! The zip around a document's parts: written the same for the same parts, read within bounds.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Largest document that is read.
pub const MOST_BYTES: usize = 5 << 20;
/// Parts at most, and their size together once inflated.
const MOST_PARTS: usize = 400;
const MOST_INFLATED: u64 = 40 << 20;

/// Why a document is not taken: a message code and what it speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadPackage {
    /// Message code, such as `template.macro`.
    pub code: &'static str,
    /// What it speaks of: a part, a placeholder.
    pub what: String,
}

impl BadPackage {
    pub(super) fn new(code: &'static str, what: impl Into<String>) -> Self {
        Self { code, what: what.into() }
    }
}

impl std::fmt::Display for BadPackage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.what)
    }
}

/// A part by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// One archive of these parts, by name and body.
pub(crate) fn write<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, BadPackage> {
    let fault = |what: &dyn std::fmt::Display| BadPackage::new("template.zip", what.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The date of a part is always the format's first: the same sheet gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(name, options).map_err(|error| fault(&error))?;
        zip.write_all(bytes).map_err(|error| fault(&error))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| fault(&error))
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Part>, BadPackage> {
    if bytes.len() > MOST_BYTES {
        return Err(BadPackage::new("template.size", ""));
    }
    let broken = || BadPackage::new("template.zip", "");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(BadPackage::new("template.size", ""));
    }
    let (mut parts, mut left) = (Vec::<Part>::new(), MOST_INFLATED);
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| broken())?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|_| broken())?.to_string();
        let safe = !name.starts_with('/') && !name.contains('\\') && name.split('/').all(|part| part != "..");
        if !safe || parts.iter().any(|part| part.name == name) {
            return Err(broken());
        }
        let mut inflated = Vec::new();
        // The size that the archive declares is not believed: reading stops where the bounds end.
        let mut file = file.take(left + 1);
        file.read_to_end(&mut inflated).map_err(|_| broken())?;
        left = left.checked_sub(inflated.len() as u64).ok_or_else(|| BadPackage::new("template.size", ""))?;
        parts.push(Part { name, bytes: inflated });
    }
    Ok(parts)
}
