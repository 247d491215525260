//! `falin import undo`: an import taken back, whatever it was of.

use clap::Args;
use falin_app::plugin::{self, Batch};
use falin_app::{App, cutover, import};
use falin_domain::access::Visitor;
use falin_domain::words::{BatchId, PluginBatchId};
use serde_json::json;

use super::{Frame, Halt, Outcome, Ran, place};

/// Arguments of `falin import undo`.
#[derive(Args)]
pub(super) struct Undo {
    /// The batch, as the import printed it
    #[arg(value_name = "BATCH", value_parser = batch_id)]
    batch: BatchId,
    /// Division code of the county
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

impl Undo {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let county = place::county(frame, &app, self.place.as_deref(), None, false)?.whole();
        let list = PluginBatchId::from_uuid(self.batch.uuid());
        if let Some(batch) = of_cases(&app, &county.visitor, list)? {
            let (new, key) = match batch.state.as_str() {
                "dropped" => (0, "cli-import-dropped"),
                _ => (batch.accepted, "cli-import-undone"),
            };
            let told = json!({
                "batch": batch.id.to_string(), "file": batch.file_name, "state": batch.state, "new": new,
                "changed": 0,
            });
            let new = new.to_string();
            let words = [("file", batch.file_name.as_str()), ("new", &new), ("changed", "0")];
            frame.print(&told, &frame.with(key, &words))?;
            return Ok(Outcome::Done);
        }
        let batch = app.wait(import::undo(&app, &county.visitor, self.batch, None))?;
        let (new, changed) = (batch.new_rows.to_string(), batch.changed.to_string());
        let told = json!({
            "batch": batch.id.to_string(), "file": batch.file_name, "state": batch.state,
            "new": batch.new_rows, "changed": batch.changed,
        });
        let words = [("file", batch.file_name.as_str()), ("new", &new), ("changed", &changed)];
        frame.print(&told, &frame.with("cli-import-undone", &words))?;
        Ok(Outcome::Done)
    }
}

/// A table of cases, an old system's or a workflow's, taken back; thrown away where it was only checked. None where the
/// county has none of this id.
fn of_cases(app: &App, visitor: &Visitor, id: PluginBatchId) -> Result<Option<Batch>, Halt> {
    if let Ok(there) = app.wait(cutover::batch(app, visitor, id)) {
        return Ok(Some(match there.state.as_str() {
            "checked" => app.wait(cutover::throw_away(app, visitor, id, there.version))?,
            _ => app.wait(cutover::undo(app, visitor, id, there.version))?,
        }));
    }
    match app.wait(plugin::batch(app, visitor, id)) {
        Ok((there, _)) if there.state == "checked" => {
            Ok(Some(app.wait(plugin::throw_away(app, visitor, id, there.version))?))
        }
        Ok((there, _)) => Ok(Some(app.wait(plugin::undo(app, visitor, id, there.version))?)),
        Err(stop) if stop.is_absent() => Ok(None),
        Err(stop) => Err(stop.into()),
    }
}

fn batch_id(text: &str) -> Result<BatchId, String> {
    text.parse().map_err(|_| "the id of a batch".to_owned())
}
