//! `falin audit`: verifies the journal's chains, prints their heads for safe keeping, exports entries.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use falin_app::audit::{self, Anchor, EntryFilter, Finding, Line};
use falin_app::county;
use falin_domain::access::Visitor;
use falin_domain::page::{MOST, Window};
use serde_json::json;

use super::{Frame, Halt, Outcome, Ran};

/// Arguments of `falin audit`.
#[derive(Args)]
pub struct Audit {
    #[command(subcommand)]
    act: AuditAct,
}

#[derive(Subcommand)]
enum AuditAct {
    /// Checks every entry and every link; exit 1 where something was edited, deleted or cut
    Verify {
        /// Heads taken earlier and kept elsewhere: a chain alone misses a cut tail
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
    },
    /// Prints the signed heads of all chains, to be kept elsewhere
    Head,
    /// Prints entries, newest first, as one JSON object a line, or as one document with --json
    Export {
        /// Division code of the county; needed where there are several
        #[arg(long, value_name = "CODE")]
        place: Option<String>,
    },
}

impl Audit {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        match self.act {
            AuditAct::Verify { anchor } => verify(frame, anchor),
            AuditAct::Head => head(frame),
            AuditAct::Export { place } => export(frame, place.as_deref()),
        }
    }
}

fn verify(frame: &Frame, anchor: Option<PathBuf>) -> Ran {
    let app = frame.open()?;
    let anchors = match anchor {
        None => Vec::new(),
        Some(file) => read_anchors(&fs::read_to_string(&file)?)?,
    };
    let findings = app.wait(audit::verify_all(&app, anchors))?;
    let sound = findings.iter().all(Finding::is_sound);
    let lines: Vec<String> = findings.iter().map(|finding| line(frame, finding)).collect();
    frame.print(&json!({ "sound": sound, "chains": findings }), &lines.join("\n"))?;
    Ok(if sound { Outcome::Done } else { Outcome::Refused })
}

fn read_anchors(text: &str) -> Result<Vec<Anchor>, Halt> {
    #[derive(serde::Deserialize)]
    struct Heads {
        anchors: Vec<Anchor>,
    }
    let parse = |line: &str| serde_json::from_str(line).map_err(|e| Halt::Failed(e.to_string()));
    if let Ok(Heads { anchors }) = serde_json::from_str(text) {
        return Ok(anchors);
    }
    text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect()
}

fn line(frame: &Frame, finding: &Finding) -> String {
    let county = if finding.county.is_empty() { "—" } else { finding.county.as_str() };
    let (sealed, tail) = (finding.chain.sealed.to_string(), finding.chain.unsealed.to_string());
    let faults: Vec<String> =
        finding.chain.faults.iter().map(|(what, seq)| format!("{what} #{seq}")).collect();
    let args = [("county", county), ("sealed", sealed.as_str()), ("unsealed", tail.as_str())];
    let mut text = frame.with("cli-audit-chain", &args);
    if finding.cut {
        text.push_str(&format!("\n    {}", frame.t("cli-audit-cut")));
    }
    if !faults.is_empty() {
        text.push_str(&format!(
            "\n    {}",
            frame.with("cli-audit-faults", &[("faults", &faults.join(", "))])
        ));
    }
    text
}

/// One anchor a line, so that a file of them can simply grow; with `--json` all of them in one document.
fn head(frame: &Frame) -> Ran {
    let app = frame.open()?;
    if frame.house.json {
        frame.print(&json!({ "anchors": app.wait(audit::heads(&app))? }), "")?;
        return Ok(Outcome::Done);
    }
    let mut out = std::io::stdout().lock();
    for anchor in app.wait(audit::heads(&app))? {
        let text = serde_json::to_string(&anchor).map_err(|e| Halt::Failed(e.to_string()))?;
        writeln!(out, "{text}")?;
    }
    Ok(Outcome::Done)
}

/// One entry a line as it is read; with `--json` all of them as the items of one document.
fn export(frame: &Frame, place: Option<&str>) -> Ran {
    let app = frame.open()?;
    let county = app.wait(county::chosen(&app, place))?;
    let visitor = Visitor::operator(county.id);
    let mut window = Window { limit: MOST, after: None };
    let mut out = std::io::stdout().lock();
    let document = frame.house.json;
    let mut before = if document { "{\"items\":[" } else { "" };
    loop {
        let page = app.wait(audit::page(&app, &visitor, EntryFilter::default(), window.clone()))?;
        for row in &page.items {
            let text =
                serde_json::to_string(&Line::from_row(row)?).map_err(|e| Halt::Failed(e.to_string()))?;
            write!(out, "{before}{text}{}", if document { "" } else { "\n" })?;
            before = if document { "," } else { "" };
        }
        if let Some(mark) = page.next {
            window.after = Some(mark);
            continue;
        }
        if document {
            writeln!(out, "{}]}}", if before == "," { "" } else { before })?;
        }
        return Ok(Outcome::Done);
    }
}
