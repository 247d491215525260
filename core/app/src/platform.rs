//! What the platform administrator does from the desk: backups in the house's own folder, rehearsed, and keys.

use std::fs;
use std::path::{Path, PathBuf};

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::{Tx, county};

use crate::backup::{self, Report};
use crate::doctor::{self, Check};
use crate::series::{self, Keep};
use crate::{App, Fault, Stop};

/// What the house's own series keeps.
pub const KEEP: Keep = Keep { days: 7, weeks: 4, months: 12 };
const SUFFIX: &str = ".backup";

/// One backup of the series.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Name of its first file.
    pub name: String,
    /// When the file was finished, as the file system has it.
    pub made: Instant,
    /// Bytes of all its parts.
    pub bytes: u64,
    /// How many parts.
    pub parts: usize,
}

/// What the page of backups shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backups {
    /// The series, newest first.
    pub kept: Vec<Kept>,
    /// When a backup was last written and read again, wherever to.
    pub written: Option<Instant>,
    /// When a restore was last rehearsed.
    pub rehearsed: Option<Instant>,
}

/// The folder of the house's own series. A copy belongs on another machine.
pub fn folder(app: &App) -> PathBuf {
    app.data.join("backups")
}

/// Everything that `falin doctor` looks at.
///
/// # Errors
/// `access.denied`.
pub async fn health(app: &App, visitor: &Visitor) -> Result<Vec<Check>, Stop> {
    visitor.scope(Act::Read, Noun::Platform)?;
    doctor::examine(app).await
}

/// The series and its dates.
///
/// # Errors
/// `access.denied`; a fault where the folder cannot be read.
pub async fn backups(app: &App, visitor: &Visitor) -> Result<Backups, Stop> {
    visitor.scope(Act::Read, Noun::Platform)?;
    let facts = |tx: &mut Tx<'_>| {
        let when = |text: Option<String>| text.and_then(|text| text.parse::<Instant>().ok());
        Ok((when(county::fact(tx, "backup.written")?), when(county::fact(tx, "restore.rehearsed")?)))
    };
    let (written, rehearsed) = app.db.read(In::All, facts).await?;
    Ok(Backups { kept: kept(&folder(app))?, written, rehearsed })
}

fn kept(folder: &Path) -> Result<Vec<Kept>, Stop> {
    let fault = |e: std::io::Error| Stop::from(Fault::new("backup", e.to_string()));
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Kept> = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((stem, rest)) = name.split_once(SUFFIX) else { continue };
        if !stem.starts_with("falin-") || !(rest.is_empty() || rest.starts_with('.')) {
            continue;
        }
        let facts = entry.metadata().map_err(fault)?;
        let made = facts.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let made = Instant::from_millis(made.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(0)));
        let first = format!("{stem}{SUFFIX}");
        match found.iter_mut().find(|one| one.name == first) {
            Some(one) => {
                one.bytes += facts.len();
                one.parts += 1;
            }
            None => found.push(Kept { name: first, made, bytes: facts.len(), parts: 1 }),
        }
    }
    found.sort_by(|a, b| b.name.cmp(&a.name));
    Ok(found)
}

/// Writes one more backup of the series, reads it again, and lets go of what the series no longer keeps.
/// Waits on this thread: for a thread of its own.
///
/// # Errors
/// `access.denied`; as [`backup::write`].
pub fn write_backup(app: &App, visitor: &Visitor) -> Result<Report, Stop> {
    visitor.scope(Act::Write, Noun::Platform)?;
    let folder = folder(app);
    let name = series::series_name(app.now());
    let report = backup::write(app, &folder.join(&name))?;
    series::prune(&folder, &KEEP)?;
    let rows: u64 = report.rows.values().sum();
    note(app, visitor, Event::BackupWritten, serde_json::json!({ "file": name, "rows": rows }))?;
    Ok(report)
}

/// Restores the newest backup of the series into a throw-away database. Waits on this thread.
///
/// # Errors
/// `access.denied`, `not_found` where there is none; as [`backup::rehearse`].
pub fn rehearse_newest(app: &App, visitor: &Visitor) -> Result<Report, Stop> {
    visitor.scope(Act::Write, Noun::Platform)?;
    let newest = kept(&folder(app))?.into_iter().next().ok_or_else(Refusal::absent)?;
    let report = backup::rehearse(app, &folder(app).join(&newest.name))?;
    note(app, visitor, Event::RestoreDone, serde_json::json!({ "file": newest.name, "rehearsed": true }))?;
    Ok(report)
}

fn note(app: &App, visitor: &Visitor, event: Event, details: serde_json::Value) -> Result<(), Stop> {
    let (county, account) = (visitor.county, visitor.account);
    app.db.write_now(In::County(county), move |tx| {
        let (reason, details) = (Reason::Person, details.clone());
        tx.record(Entry { county, account, event, reason, subject: None, details })
    })
}
