//! `falin migrate`: brings the schema up to date, or says what would be done.

use clap::Args;
use falin_app::open;
use serde_json::json;

use super::{Frame, Outcome, Ran};

/// Arguments of `falin migrate`.
#[derive(Args)]
pub struct Migrate {
    /// Only say what waits; exit 1 where something does
    #[arg(long)]
    check: bool,
}

impl Migrate {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let settings = frame.settings(false);
        let names = if self.check { open::pending(&settings)? } else { open::migrate(&settings)? };
        let key = match (self.check, names.is_empty()) {
            (_, true) => "cli-migrate-nothing",
            (true, false) => "cli-migrate-waiting",
            (false, false) => "cli-migrate-done",
        };
        let text = frame.with(key, &[("names", &names.join(" "))]);
        let told = if self.check { json!({ "waiting": names }) } else { json!({ "done": names }) };
        frame.print(&told, &text)?;
        Ok(if self.check && !names.is_empty() { Outcome::Refused } else { Outcome::Done })
    }
}
