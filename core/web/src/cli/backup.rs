//! `falin backup`, `falin restore`, `falin copy`: the whole house out, in, and over to another database.

use std::path::{Path, PathBuf};

use clap::Args;
use falin_app::backup::{self, Report};
use falin_app::series::{self, Keep};
use serde_json::json;

use super::{Frame, Halt, Outcome, Ran};

/// Arguments of `falin backup`.
#[derive(Args)]
pub struct Backup {
    /// File to write; parts above 2 GiB get .002, .003 … behind the name
    #[arg(value_name = "FILE", required_unless_present = "to")]
    file: Option<PathBuf>,
    /// Folder for a series of backups, named by their time
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    to: Option<PathBuf>,
    /// How many of the series to keep: days, weeks, months
    #[arg(long, value_name = "7d,4w,12m", requires = "to", value_parser = Keep::parse)]
    keep: Option<Keep>,
}

impl Backup {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let file = match (&self.file, &self.to) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => folder.join(series::series_name(app.now())),
            (None, None) => return Err(Halt::Usage(frame.t("cli-backup-where"))),
        };
        let report = backup::write(&app, &file)?;
        let removed = match (&self.to, &self.keep) {
            (Some(folder), Some(keep)) => series::prune(folder, keep)?,
            _ => Vec::new(),
        };
        let text = frame.with("cli-backup-done", &[("file", &shown(&file)), ("rows", &total(&report))]);
        frame.print(&json!({ "backup": report, "removed": removed }), &text)?;
        Ok(Outcome::Done)
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

fn total(report: &Report) -> String {
    report.rows.values().sum::<u64>().to_string()
}

/// Arguments of `falin restore`.
#[derive(Args)]
pub struct Restore {
    /// The backup's first file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only rehearse: restore into a throw-away database beside the running one, and note that it went well
    #[arg(long)]
    rehearse: bool,
}

impl Restore {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        if self.rehearse {
            let app = frame.open()?;
            let report = backup::rehearse(&app, &self.file)?;
            let text = frame.with("cli-restore-rehearsed", &[("rows", &total(&report))]);
            frame.print(&json!({ "rehearsed": report }), &text)?;
            return Ok(Outcome::Done);
        }
        let settings = frame.settings(false);
        let report = backup::restore_house(&settings, &self.file)?;
        let text = frame.with("cli-restore-done", &[("rows", &total(&report))]);
        frame.print(&json!({ "restored": report }), &text)?;
        Ok(Outcome::Done)
    }
}

/// Arguments of `falin copy`.
#[derive(Args)]
pub struct Copy {
    /// The empty database to fill: postgres://… or the path of a SQLite file
    #[arg(long, value_name = "URL")]
    to: String,
}

impl Copy {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let rows = backup::copy_to(&app, &self.to)?;
        let count = rows.values().sum::<u64>().to_string();
        let text = frame.with("cli-copy-done", &[("rows", &count)]);
        frame.print(&json!({ "copied": rows }), &text)?;
        Ok(Outcome::Done)
    }
}
