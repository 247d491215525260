//! `falin export`: a list of the county as a file, in the columns in which rosters come.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use falin_app::export::{Export as List, Format, export};
use serde_json::json;

use super::{Frame, Halt, Outcome, Ran, place};

/// Arguments of `falin export`.
#[derive(Args)]
pub struct Export {
    /// What to export
    #[arg(value_name = "NOUN", value_parser = list)]
    noun: List,
    /// xlsx, csv or json; otherwise as the file's name ends
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<Format>,
    /// Where to write; otherwise stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Division code of the county, or of a place in it
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

fn list(text: &str) -> Result<List, String> {
    let all = || List::ALL.iter().map(|list| list.code()).collect::<Vec<_>>().join(", ");
    List::from_code(text).ok_or_else(|| format!("one of {}", all()))
}

fn format(text: &str) -> Result<Format, String> {
    Format::from_code(text).ok_or_else(|| "xlsx, csv or json".to_owned())
}

impl Export {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let format = self.format(frame)?;
        let app = frame.open()?;
        let visitor = place::visitor(frame, &app, self.place.as_deref())?;
        let bytes = app.wait(export(&app, &visitor, self.noun, format))?;
        match &self.out {
            None => io::stdout().lock().write_all(&bytes)?,
            Some(file) => {
                write_private(file, &bytes).map_err(|e| Halt::Failed(format!("{}: {e}", file.display())))?;
                let name = file.display().to_string();
                let told = json!({"file": name, "noun": self.noun.code(), "format": format.code(), "bytes": bytes.len()});
                frame.print(&told, &frame.with("cli-export-done", &[("file", &name)]))?;
            }
        }
        Ok(Outcome::Done)
    }

    fn format(&self, frame: &Frame) -> Result<Format, Halt> {
        let ending = self.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        let json = frame.house.json && self.out.is_none();
        let chosen =
            self.format.or_else(|| ending.and_then(Format::from_code)).or(json.then_some(Format::Json));
        let format = chosen.ok_or_else(|| Halt::Usage(frame.t("cli-export-format")))?;
        let unreadable = format == Format::Xlsx && self.out.is_none();
        if unreadable && (json || io::stdout().is_terminal()) {
            return Err(Halt::Usage(frame.t("cli-export-out")));
        }
        Ok(format)
    }
}

/// A list of people is for its owner's eyes.
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(bytes)
}
