//! `falin plugin import`: a workflow's own table read from a file into cases.

use std::path::Path;

use falin_app::plugin;

use super::import::MOST_SHOWN;
use super::plugin_author::at;
use super::table::table;
use super::{Frame, Outcome, Ran, place};
use crate::api::plugin_desk::batch_json;

/// Reads the table and opens a case for every sound row, unless it is only looked at or no row is; nothing of it is kept
/// then. Exit 1 where a row is left out because it has a fault.
pub fn run(frame: &Frame, place: Option<&str>, which: (&str, &str), file: &Path, dry_run: bool) -> Ran {
    let bytes = std::fs::read(file).map_err(at(file))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    let checked = app.wait(plugin::check(&app, &visitor, which, (name, bytes)))?;
    let kept = !dry_run && checked.accepted > 0;
    let batch = match kept {
        true => app.wait(plugin::commit(&app, &visitor, checked.id, checked.version))?,
        false => app.wait(plugin::throw_away(&app, &visitor, checked.id, checked.version))?,
    };
    let findings = plugin::findings(&batch);
    let faulty = batch.row_count - batch.accepted - batch.known;
    let figures = [batch.row_count, batch.accepted, batch.known, faulty].map(|n| n.to_string());
    let [rows, accepted, known, faulty] = figures.each_ref().map(String::as_str);
    let words = [
        ("file", batch.file_name.as_str()),
        ("rows", rows),
        ("new", accepted),
        ("known", known),
        ("faulty", faulty),
    ];
    let mut lines = vec![frame.with("cli-plugin-import-figures", &words)];
    if !findings.is_empty() {
        let heads = ["cli-finding-sheet", "cli-finding-row", "cli-finding-column", "cli-finding-what"];
        let say = frame.look.say(frame.lang);
        let cells = findings.iter().take(MOST_SHOWN).map(|one| {
            let text = say.field_error(&one.fault());
            vec![one.sheet.clone(), one.row.to_string(), one.column.clone(), text]
        });
        lines.push(table(&heads.map(|key| frame.t(key)), &cells.collect::<Vec<_>>()));
    }
    if findings.len() > MOST_SHOWN {
        lines.push(frame.with("cli-finding-more", &[("count", &(findings.len() - MOST_SHOWN).to_string())]));
    }
    lines.push(match kept {
        true => frame.with("cli-import-batch", &[("batch", &batch.id.to_string())]),
        false => frame.t(if dry_run { "cli-import-dry" } else { "cli-plugin-import-none" }),
    });
    frame.print(&batch_json(&batch), &lines.join("\n"))?;
    Ok(if findings.is_empty() { Outcome::Done } else { Outcome::Refused })
}
