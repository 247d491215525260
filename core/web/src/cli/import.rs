//! `falin import`: rosters from files into the county, and their findings told.
//!
//! With `--json` one file gives one object, several files an array of them. Rows without an error are imported even
//! where others have one; the exit code then is 1, so that a script notices.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Subcommand};
use falin_app::import::{self, Checked, Source};
use falin_app::{App, Stop, cutover};
use falin_domain::access::Visitor;
use falin_domain::directory::HouseholdKind;
use falin_domain::roster::{Finding, FindingCode, RosterKind, Severity};
use falin_domain::words::BatchId;
use serde::Serialize;
use serde_json::json;

use super::place::{self, County};
use super::table::table;
use super::{Frame, Halt, Outcome, Ran, import_undo};

/// Findings that a terminal shows of one file; `--json` gives them all.
pub const MOST_SHOWN: usize = 100;

/// Arguments of `falin import`.
#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Administrative divisions (code, name, level)
    Divisions(Files),
    /// Law firms and other institutions
    Firms(Files),
    /// Lawyers and other legal workers
    Lawyers(Files),
    /// Legal advisers of villages and communities
    Advisers(Files),
    /// Households
    Households(Files),
    /// Mediation rooms
    Rooms(Files),
    /// Holidays and make-up workdays (date, name, kind)
    Holidays(Files),
    /// Open cases of an old system, at the cut-over: number, date, state and the first form's fields
    Cases(Cases),
    /// Bookings to come of an old system: room, day, from–to, party, telephone, case number
    Bookings(Bookings),
    /// Takes an import back as a whole, a workflow's as well; throws away a table that was only checked
    Undo(import_undo::Undo),
}

#[derive(Args)]
struct Files {
    /// Workbooks (xlsx, xls) or csv files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Division code of the county, or of a place in it beyond which no village is known
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// The kind of every household in the files; otherwise each row's village tells
    #[arg(long, value_name = "KIND", value_parser = ["rural", "urban"])]
    kind: Option<String>,
    /// Read and check only; nothing is changed
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct Cases {
    /// A workbook (xlsx, xls) or csv file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The flow, such as aid, mediation, consultation or petition/visit
    #[arg(long, value_name = "FLOW")]
    flow: String,
    /// Division code of the county
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// Read and check only; nothing is taken over
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct Bookings {
    /// A workbook (xlsx, xls) or csv file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Division code of the county
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// Read and check only; nothing is taken over
    #[arg(long)]
    dry_run: bool,
}

/// What is told of one file (contract.md "Rosters").
#[derive(Serialize)]
struct Report {
    file: String,
    rows: usize,
    accepted: usize,
    new: usize,
    changed: usize,
    unchanged: usize,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<String>,
}

impl Import {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let (kind, files) = match self.what {
            What::Divisions(files) => (RosterKind::Divisions, files),
            What::Firms(files) => (RosterKind::Firms, files),
            What::Lawyers(files) => (RosterKind::Lawyers, files),
            What::Advisers(files) => (RosterKind::Advisers, files),
            What::Households(files) => (RosterKind::Households, files),
            What::Rooms(files) => (RosterKind::Rooms, files),
            What::Holidays(files) => (RosterKind::Holidays, files),
            What::Cases(cases) => return cases.run(frame),
            What::Bookings(bookings) => return bookings.run(frame),
            What::Undo(undo) => return undo.run(frame),
        };
        files.run(frame, kind)
    }
}

impl Files {
    fn run(self, frame: &Frame, kind: RosterKind) -> Ran {
        let app = frame.open()?;
        let mut visitor = None;
        let mut reports = Vec::new();
        for file in &self.files {
            let source = self.source(file, kind)?;
            let county = match &visitor {
                Some(known) => Visitor::clone(known),
                None => self.county(frame, &app, &source)?.visitor,
            };
            let report = self.one(frame, &app, &county, &source)?;
            visitor = Some(county);
            if !frame.house.json {
                frame.print(&(), &in_words(frame, &report))?;
            }
            reports.push(report);
        }
        match reports.as_slice() {
            [only] if frame.house.json => frame.print(only, "")?,
            several if frame.house.json => frame.print(&several, "")?,
            _ => {}
        }
        let errors =
            reports.iter().flat_map(|report| &report.findings).any(|f| f.severity == Severity::Error);
        Ok(if errors { Outcome::Refused } else { Outcome::Done })
    }

    fn source(&self, file: &Path, kind: RosterKind) -> Result<Source, Halt> {
        let (name, bytes) = contents(file)?;
        let household_kind = self.kind.as_deref().and_then(HouseholdKind::from_code);
        Ok(Source { kind, household_kind, name, bytes: Arc::new(bytes), mapping: None })
    }

    /// The county of the first file: the place given, else the only one, else the one that the divisions are about.
    fn county(&self, frame: &Frame, app: &App, source: &Source) -> Result<County, Halt> {
        let divisions = source.kind == RosterKind::Divisions;
        let named = if divisions { self.node(app, source)? } else { None };
        let county = place::county(frame, app, self.place.as_deref(), named.clone(), !self.dry_run)?;
        if let Some((_, name)) = named.filter(|_| !self.dry_run) {
            app.wait(falin_app::county::name_if_unnamed(app, county.visitor.county, &name))?;
        }
        // Only households, advisers and rooms lie in a part of the county.
        let local = matches!(source.kind, RosterKind::Households | RosterKind::Advisers | RosterKind::Rooms);
        Ok(if local { county } else { county.whole() })
    }

    /// Code and name of the node that a list of divisions is about; a list that cannot be read is told later.
    fn node(&self, app: &App, source: &Source) -> Result<Option<(String, String)>, Halt> {
        match app.wait(import::seat(app, source, self.place.as_deref())) {
            Err(stop) if whole_file(&stop).is_none() => Err(stop.into()),
            found => Ok(found.ok().flatten()),
        }
    }

    fn one(&self, frame: &Frame, app: &App, visitor: &Visitor, source: &Source) -> Result<Report, Halt> {
        let done = if self.dry_run {
            app.wait(import::check(app, visitor, source)).map(|checked| (None, checked))
        } else {
            let progress = Mutex::new(frame.progress(&source.name));
            let tell = |done: usize, total: usize| {
                let mut line = progress.lock().unwrap_or_else(PoisonError::into_inner);
                line.at(done as u64, total as u64);
            };
            let work = import::commit(app, visitor, source, &tell);
            app.wait(work).map(|(batch, checked)| (Some(batch), checked))
        };
        match done {
            Ok((batch, checked)) => Ok(Report::of(&source.name, &checked, batch)),
            Err(stop) => match whole_file(&stop) {
                Some(finding) => Ok(Report::refused(&source.name, finding)),
                None => Err(stop.into()),
            },
        }
    }
}

/// A file's name and bytes.
fn contents(file: &Path) -> Result<(String, Vec<u8>), Halt> {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let unread = |error: std::io::Error| Halt::Failed(format!("{}: {error}", file.display()));
    let mut bytes = Vec::new();
    // One byte too many is enough to refuse it.
    let most = import::most_bytes() as u64 + 1;
    File::open(file).and_then(|open| open.take(most).read_to_end(&mut bytes)).map_err(unread)?;
    Ok((name, bytes))
}

impl Cases {
    fn run(self, frame: &Frame) -> Ran {
        brought(frame, &self.flow, (&self.file, self.place.as_deref(), self.dry_run))
    }
}

impl Bookings {
    fn run(self, frame: &Frame) -> Ran {
        brought(frame, cutover::BOOKINGS, (&self.file, self.place.as_deref(), self.dry_run))
    }
}

/// Reads a list of an old system and takes all of it over, or says what must be put right and takes nothing.
fn brought(frame: &Frame, code: &str, (file, place, dry): (&Path, Option<&str>, bool)) -> Ran {
    let app = frame.open()?;
    let county = place::county(frame, &app, place, None, false)?.whole();
    let (name, bytes) = contents(file)?;
    let (found, batch) = match dry {
        true => {
            let work = cutover::dry_run(&app, &county.visitor, code, (&name, bytes));
            (app.wait(work)?, None)
        }
        false => app.wait(cutover::take_whole(&app, &county.visitor, code, (&name, bytes)))?,
    };
    let findings = found.findings.iter().map(|one| {
        json!({ "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code, "severity": "error" })
    });
    let findings: Vec<_> = findings.collect();
    let new = if dry || batch.is_some() { found.accepted } else { 0 };
    let told = json!({
        "file": name, "flow": code, "rows": found.rows, "accepted": found.accepted, "new": new,
        "known": found.known, "findings": findings, "batch": batch.map(|id| id.to_string()),
    });
    let (new, known) = (new.to_string(), found.known.to_string());
    let words = [("file", name.as_str()), ("new", &new), ("known", &known)];
    let mut lines = vec![frame.with("cli-import-cases", &words)];
    lines.extend(found.findings.iter().take(MOST_SHOWN).map(|one| {
        let row = one.row.to_string();
        let text = frame.look.say(frame.lang).field_error(&one.fault());
        frame.with("cli-import-cases-fault", &[("row", &row), ("column", &one.column), ("text", &text)])
    }));
    frame.print(&told, &lines.join("\n"))?;
    Ok(if found.findings.is_empty() { Outcome::Done } else { Outcome::Refused })
}

/// The one finding of a file that is refused as a whole; None where the stop is about something else.
fn whole_file(stop: &Stop) -> Option<Finding> {
    let Stop::Refused(refusal) = stop else { return None };
    let code = FindingCode::from_code(refusal.code())?;
    let column = refusal.args.iter().find(|(key, _)| *key == "columns").map(|(_, column)| column.clone());
    let column = column.unwrap_or_default();
    Some(Finding { sheet: String::new(), row: 0, column, code, severity: code.severity() })
}

impl Report {
    fn of(file: &str, checked: &Checked, batch: Option<BatchId>) -> Self {
        let figures = checked.figures();
        Self {
            file: file.to_owned(),
            rows: figures.rows,
            accepted: figures.accepted,
            new: figures.new,
            changed: figures.changed,
            unchanged: figures.unchanged,
            findings: checked.findings().to_vec(),
            batch: batch.map(|batch| batch.to_string()),
        }
    }

    fn refused(file: &str, finding: Finding) -> Self {
        let findings = vec![finding];
        Self {
            file: file.to_owned(),
            rows: 0,
            accepted: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            findings,
            batch: None,
        }
    }
}

/// The report for a person at a terminal: figures, a table of findings, and how to take it back.
fn in_words(frame: &Frame, report: &Report) -> String {
    let n = |count: usize| count.to_string();
    let figures = [
        ("rows", n(report.rows)),
        ("accepted", n(report.accepted)),
        ("new", n(report.new)),
        ("changed", n(report.changed)),
        ("unchanged", n(report.unchanged)),
    ];
    let figures: Vec<(&str, &str)> = figures.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut lines = vec![report.file.clone(), frame.with("cli-import-figures", &figures)];
    if !report.findings.is_empty() {
        lines.push(findings(frame, &report.findings));
    }
    if let Some(batch) = &report.batch {
        lines.push(frame.with("cli-import-batch", &[("batch", batch)]));
    } else if report.rows > 0 {
        lines.push(frame.t("cli-import-dry"));
    }
    lines.join("\n") + "\n"
}

fn findings(frame: &Frame, findings: &[Finding]) -> String {
    let headers = [
        "cli-finding-sheet",
        "cli-finding-row",
        "cli-finding-column",
        "cli-finding-what",
        "cli-finding-fix",
        "cli-finding-then",
    ];
    let headers = headers.map(|key| frame.t(key));
    let row = |finding: &Finding| {
        let key = finding_key(finding.code);
        let then =
            if finding.severity == Severity::Error { "cli-finding-error" } else { "cli-finding-warning" };
        let number = if finding.row == 0 { String::new() } else { finding.row.to_string() };
        let fix = frame.t(&format!("{key}.fix"));
        vec![finding.sheet.clone(), number, finding.column.clone(), frame.t(&key), fix, frame.t(then)]
    };
    let rows: Vec<Vec<String>> = findings.iter().take(MOST_SHOWN).map(row).collect();
    let mut text = table(&headers, &rows);
    if findings.len() > MOST_SHOWN {
        let rest = (findings.len() - MOST_SHOWN).to_string();
        text.push_str(&frame.with("cli-finding-more", &[("count", &rest)]));
    }
    text
}

/// `finding-id-checksum`: what is wrong; its attribute `.fix` says how to put it right.
pub fn finding_key(code: FindingCode) -> String {
    format!("finding-{}", code.code().replace(['.', '_'], "-"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use falin_domain::refusal::Refusal;

    use super::*;
    use crate::look::{Lang, Look};

    #[test]
    fn every_finding_has_its_words() {
        let look = Look::load(None).unwrap();
        for code in FindingCode::ALL {
            for lang in [Lang::Zh, Lang::En] {
                let key = finding_key(*code);
                assert!(look.texts().has(lang, &key), "{} lacks {key}", lang.code());
                assert!(look.texts().has(lang, &format!("{key}.fix")), "{} lacks {key}.fix", lang.code());
            }
        }
    }

    #[test]
    fn a_file_refused_as_a_whole_is_one_finding() {
        let stop = Stop::from(Refusal::new("file.unreadable").with("reason", "kind"));
        let report = Report::refused("a.xlsx", whole_file(&stop).unwrap());
        let json = serde_json::to_value(&report).unwrap();
        let finding =
            json!({"sheet": "", "row": 0, "column": "", "code": "file.unreadable", "severity": "error"});
        assert_eq!(json["findings"], json!([finding]));
        assert!(whole_file(&Stop::from(Refusal::new("import.changed"))).is_none());
    }
}
