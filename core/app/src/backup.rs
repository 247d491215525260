//! Backups: one snapshot as a compressed stream of rows, read again after it is written, restored as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_store::conn::Location;
use falin_store::db::In;
use falin_store::dump::{Filler, read_all};
use falin_store::tables::TABLES;
use falin_store::{Keys, county};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::ANCHORS;
use crate::parts::{PartReader, PartWriter};
use crate::{App, Fault, Stop};

/// Largest part of a backup: what a FAT-formatted stick and old tools still take.
const PART_BYTES: u64 = 2 << 30;
const FORMAT: &str = "falin-backup-1";

/// First line of a backup.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: String,
    key: String,
    made: Instant,
}

/// Last line of a backup: what must have been read before it.
#[derive(Serialize, Deserialize)]
struct Tail {
    rows: BTreeMap<String, u64>,
    sha256: String,
    /// Sealing keys that its fields may need, told last: one that was made meanwhile is among them. Backups of earlier
    /// releases name none.
    #[serde(default)]
    seals: Vec<String>,
}

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// When it was made.
    pub made: Instant,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Its files.
    pub parts: Vec<PathBuf>,
}

/// Writes a backup beside the running server, reads it again, and notes when that was.
///
/// # Errors
/// A fault where the place cannot be written; `backup.damaged` where it reads otherwise than written.
pub fn write(app: &App, file: &Path) -> Result<Report, Stop> {
    let made = app.now();
    let fresh = file.with_extension("writing");
    let parts = write_stream(app, &fresh, made)?;
    // Only what has been read again gets its name.
    let report = verify(&fresh, &app.db.keys())?;
    let parts = PartWriter::rename(&parts, &fresh, file).map_err(fault)?;
    let stamp = made.to_string();
    app.db.write_now(In::All, move |tx| county::set_fact(tx, "backup.written", &stamp))?;
    Ok(Report { parts, ..report })
}

fn write_stream(app: &App, file: &Path, made: Instant) -> Result<Vec<PathBuf>, Stop> {
    let parts = PartWriter::create(file, PART_BYTES).map_err(fault)?;
    let mut out = Hashing { inner: GzEncoder::new(parts, Compression::default()), hash: Sha256::new() };
    let head = Head {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        key: app.db.keys().fingerprint(),
        made,
    };
    line(&mut out, &head)?;
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    read_all(app.db.location(), |table, row| {
        *rows.entry(table.to_owned()).or_default() += 1;
        writeln!(out, "{table}\t{row}").map_err(fault)
    })?;
    let sha256 = hex(&out.hash.clone().finalize());
    let keys = app.db.keys();
    keys.refresh()?;
    line(&mut out, &Tail { rows, sha256, seals: keys.seals() })?;
    let parts = out.inner.finish().map_err(fault)?;
    parts.finish().map_err(fault)
}

fn line(out: &mut impl Write, value: &impl Serialize) -> Result<(), Stop> {
    let text = serde_json::to_string(value).map_err(|e| Fault::new("backup", e.to_string()))?;
    writeln!(out, "{text}").map_err(fault)
}

/// Hashes what goes through.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads a backup from its first to its last byte and checks it against its own figures.
///
/// # Errors
/// `backup.damaged`; `backup.key_missing` where it was made with another key, or with one that is not in the key file.
pub fn verify(file: &Path, keys: &Keys) -> Result<Report, Stop> {
    walk(file, keys, |_, _| Ok(()))
}

fn walk(
    file: &Path,
    keys: &Keys,
    mut sink: impl FnMut(&str, &str) -> Result<(), Stop>,
) -> Result<Report, Stop> {
    let damaged = || Stop::from(Refusal::new("backup.damaged"));
    let parts = PartReader::open(file).map_err(|_| damaged())?;
    let names = parts.names();
    let mut input = BufReader::new(GzDecoder::new(parts));
    let mut hash = Sha256::new();
    let mut text = String::new();
    read_line(&mut input, &mut text)?;
    let head: Head = serde_json::from_str(&text).map_err(|_| damaged())?;
    if head.format != FORMAT {
        return Err(damaged());
    }
    if head.key != keys.fingerprint() {
        return Err(Refusal::new("backup.key_missing").into());
    }
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        hash.update(text.as_bytes());
        read_line(&mut input, &mut text)?;
        if text.starts_with('{') {
            break;
        }
        let (table, row) = text.trim_end_matches('\n').split_once('\t').ok_or_else(damaged)?;
        *rows.entry(table.to_owned()).or_default() += 1;
        sink(table, row)?;
    }
    let tail: Tail = serde_json::from_str(&text).map_err(|_| damaged())?;
    let whole = tail.rows == rows && tail.sha256 == hex(&hash.finalize());
    let mut rest = Vec::new();
    input.read_to_end(&mut rest).map_err(|_| damaged())?;
    if !whole || !rest.is_empty() {
        return Err(damaged());
    }
    // A key file of before a rotation opens nothing that was sealed after it.
    let known = keys.seals();
    if !tail.seals.iter().all(|seal| known.contains(seal)) {
        return Err(Refusal::new("backup.key_missing").into());
    }
    Ok(Report { made: head.made, rows, parts: names })
}

fn read_line(input: &mut impl BufRead, text: &mut String) -> Result<(), Stop> {
    text.clear();
    match input.read_line(text) {
        Ok(n) if n > 0 => Ok(()),
        _ => Err(Refusal::new("backup.damaged").into()),
    }
}

/// Restores a backup into an empty database, whole or not at all.
///
/// # Errors
/// As [`verify`]; `database.not_empty`.
pub fn restore(file: &Path, keys: &Keys, into: &Location) -> Result<Report, Stop> {
    verify(file, keys)?;
    let mut filler = Filler::begin(into)?;
    let report = walk(file, keys, |table, row| filler.add(table, row))?;
    filler.commit(|filler| same_counts(filler, &report.rows))?;
    Ok(report)
}

fn same_counts(filler: &mut Filler, rows: &BTreeMap<String, u64>) -> Result<(), Stop> {
    for table in TABLES {
        let expected = rows.get(table.name).copied().unwrap_or(0);
        if filler.count(table.name)? as u64 != expected {
            return Err(Refusal::new("backup.damaged").into());
        }
    }
    Ok(())
}

/// Restores a backup into a throw-away place on the same kind of database, checks the journal there, and notes that
/// it went well: a backup that was never restored is a hope.
///
/// # Errors
/// As [`restore`]; `audit.broken` where the journal does not verify.
pub fn rehearse(app: &App, file: &Path) -> Result<Report, Stop> {
    let place = app.data.join("rehearsal");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).map_err(fault)?;
    let into = app.db.location().rehearsal(&place)?;
    let done = restore(file, &app.db.keys(), &into).and_then(|report| {
        let keys = Keys::open(&app.data)?;
        let copy = falin_store::Db::open_as_is(into, keys, app.db.source().clone())?;
        let counties = copy.read_now(In::All, county::all)?;
        for one in counties {
            let found = copy.read_now(In::All, move |tx| falin_store::journal::verify(tx, one.id))?;
            if !found.faults.is_empty() {
                return Err(Refusal::new("audit.broken").into());
            }
        }
        Ok(report)
    });
    let _ = fs::remove_dir_all(&place);
    app.db.location().forget_rehearsal()?;
    let report = done?;
    let stamp = app.now().to_string();
    app.db.write_now(In::All, move |tx| county::set_fact(tx, "restore.rehearsed", &stamp))?;
    Ok(report)
}

/// Copies everything into an empty database of either kind.
///
/// # Errors
/// `database.not_empty`; the databases' own.
pub fn copy(app: &App, to: &Location) -> Result<BTreeMap<String, u64>, Stop> {
    let mut filler = Filler::begin(to)?;
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    read_all(app.db.location(), |table, row| {
        *rows.entry(table.to_owned()).or_default() += 1;
        filler.add(table, row)
    })?;
    filler.commit(|filler| same_counts(filler, &rows))?;
    Ok(rows)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn fault(error: io::Error) -> Stop {
    Fault::new("backup", error.to_string()).into()
}

/// Restores a backup into the database of a house that has its key and nothing else.
///
/// # Errors
/// As [`restore`]; `backup.key_missing` where the data directory holds no key.
pub fn restore_house(settings: &crate::Settings, file: &Path) -> Result<Report, Stop> {
    let keys = Keys::open(&settings.data).map_err(|_| Refusal::new("backup.key_missing"))?;
    let report = restore(file, &keys, &settings.location())?;
    // Heads that were written after the backup name entries that are lost with the database of then.
    let heads = settings.data.join(ANCHORS);
    match fs::rename(&heads, heads.with_extension("before-restore.jsonl")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fault(error)),
        _ => Ok(report),
    }
}

/// As [`copy`], to a database named as on the command line.
///
/// # Errors
/// As [`copy`].
pub fn copy_to(app: &App, to: &str) -> Result<BTreeMap<String, u64>, Stop> {
    copy(app, &Location::parse(to))
}

/// Syncs a file's folder, so that its name survives a power cut.
pub(crate) fn sync_folder(file: &Path) -> io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
