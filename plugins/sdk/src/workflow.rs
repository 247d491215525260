//! The trait that a county workflow implements, one function an op, each with a default.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ask::{
    Acted, Action, Check, Checks, Decision, Event, Guard, Job, Migrate, Migrated, Page, Progress, Rows,
    Shown, Stats,
};
use crate::host::Host;
use crate::stop::{Outcome, Stop};
use falin_abi::PluginOp;

/// A county workflow. What is not implemented is answered with "unknown op": a guard, an action, an event or a part of a
/// job counts as failed then, a page has no model and a figure no value; a selftest may be left out. All effects go
/// through the host and are kept only if the function returns `Ok`.
pub trait Workflow: Default + 'static {
    /// May this step be taken, and where does it lead?
    fn guard(&mut self, host: &Host<'_>, asked: Guard) -> Outcome<Decision> {
        let _ = (host, asked);
        Err(Stop::unknown())
    }

    /// Something happened that the manifest hooks.
    fn event(&mut self, host: &Host<'_>, event: Event) -> Outcome<()> {
        let _ = (host, event);
        Err(Stop::unknown())
    }

    /// What one of the plugin's pages shows. Writes nothing.
    fn page(&mut self, host: &Host<'_>, asked: Page) -> Outcome<Shown> {
        let _ = (host, asked);
        Err(Stop::unknown())
    }

    /// A button of such a page.
    fn action(&mut self, host: &Host<'_>, asked: Action) -> Outcome<Acted> {
        let _ = (host, asked);
        Err(Stop::unknown())
    }

    /// A part of a job that is due: about a second's worth, then a cursor.
    fn job(&mut self, host: &Host<'_>, job: Job) -> Outcome<Progress> {
        let _ = (host, job);
        Err(Stop::unknown())
    }

    /// Rows of a figure that the manifest leaves to the plugin.
    fn stats(&mut self, host: &Host<'_>, asked: Stats) -> Outcome<Rows> {
        let _ = (host, asked);
        Err(Stop::unknown())
    }

    /// One document of version n to n + 1. Pure: no host.
    fn migrate(&mut self, document: Migrate) -> Outcome<Migrated> {
        let _ = document;
        Err(Stop::unknown())
    }

    /// Whether the library works where it is being installed; a check that is not ok refuses the trial. No host: nothing
    /// of the county is there yet.
    fn selftest(&mut self, host: &Host<'_>) -> Outcome<Checks> {
        let _ = host;
        Ok(Checks { checks: vec![Check { name: "loads".into(), ok: true }] })
    }
}

/// Takes an op's bytes apart, calls the function, and puts its answer together.
pub(crate) fn dispatch<W: Workflow>(
    workflow: &mut W,
    host: &Host<'_>,
    op: u32,
    bytes: &[u8],
) -> Outcome<Vec<u8>> {
    match PluginOp::from_number(op).ok_or_else(Stop::unknown)? {
        PluginOp::Guard => answer(bytes, |asked| workflow.guard(host, asked)),
        PluginOp::Event => answer(bytes, |event| workflow.event(host, event).map(|()| empty())),
        PluginOp::Page => answer(bytes, |asked| workflow.page(host, asked)),
        PluginOp::Action => answer(bytes, |asked| workflow.action(host, asked)),
        PluginOp::Job => answer(bytes, |job| workflow.job(host, job)),
        PluginOp::Stats => answer(bytes, |asked| workflow.stats(host, asked)),
        PluginOp::Migrate => answer(bytes, |document| workflow.migrate(document)),
        PluginOp::Selftest => answer(bytes, |_: Value| workflow.selftest(host)),
    }
}

fn empty() -> Value {
    Value::Object(serde_json::Map::new())
}

fn answer<I, O>(bytes: &[u8], work: impl FnOnce(I) -> Outcome<O>) -> Outcome<Vec<u8>>
where
    I: for<'de> Deserialize<'de>,
    O: Serialize,
{
    Ok(serde_json::to_vec(&work(serde_json::from_slice(bytes)?)?)?)
}
