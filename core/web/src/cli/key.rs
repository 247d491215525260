//! `falin key`: the sealing key, for the safe and against its age.

use std::sync::{Mutex, PoisonError};

use clap::{Args, Subcommand};
use falin_app::{county, keys};
use falin_domain::access::Visitor;
use serde_json::json;

use super::{Frame, Outcome, Ran};

/// Arguments of `falin key`.
#[derive(Args)]
pub struct Key {
    #[command(subcommand)]
    act: KeyAct,
}

#[derive(Subcommand)]
enum KeyAct {
    /// Prints the key for the safe: without it no backup can be restored
    Export,
    /// Shows fingerprint and number of the key
    Show,
    /// Makes a new sealing key and seals every field anew, while the server runs
    Rotate,
}

impl Key {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let all = app.wait(county::all(&app))?;
        let home = all.first().map(|county| county.id).unwrap_or_else(keys::nobody);
        let operator = Visitor::operator(home);
        match self.act {
            KeyAct::Export => {
                let sheet = keys::sheet(&app)?;
                let facts = keys::facts(&app, &operator)?;
                let text = frame.with("cli-key-sheet", &[("fingerprint", &facts.fingerprint)]);
                frame.print(
                    &json!({ "fingerprint": facts.fingerprint, "key": &*sheet }),
                    &format!("{text}\n\n{}", &*sheet),
                )?;
            }
            KeyAct::Show => {
                let facts = keys::facts(&app, &operator)?;
                let number = facts.active.to_string();
                let args = [("fingerprint", facts.fingerprint.as_str()), ("number", number.as_str())];
                let text = frame.with("cli-key-facts", &args);
                frame.print(&facts, &text)?;
            }
            KeyAct::Rotate => {
                let progress = Mutex::new(frame.progress(&frame.t("cli-key-rotating")));
                let tell = |fields: usize| {
                    progress.lock().unwrap_or_else(PoisonError::into_inner).count(fields as u64);
                };
                let done = app.wait(keys::rotate(&app, &operator, &tell))?;
                drop(progress);
                let text = frame.with("cli-key-rotated", &[("fields", &done.to_string())]);
                frame.print(&json!({ "fields": done }), &text)?;
            }
        }
        Ok(Outcome::Done)
    }
}
