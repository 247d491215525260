//! Hooks: what follows by itself when a step is taken elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Flow, When};

/// What a job or a hook opens, and what it brings along.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opens {
    /// One of the plugin's own flows.
    pub flow: String,
    /// Its field = a field of the case that it comes from. `@number` and `@day` are that case's number and the day.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// Its field = this value, where `map` brings none.
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
    /// Not where a case of that flow is linked already and still open.
    #[serde(default)]
    pub once: bool,
}

/// The step that a hook takes on the plugin's own cases that are linked to the one that moved, and what it brings along.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acts {
    /// One of the plugin's own flows.
    pub flow: String,
    /// Its step; a linked case on which it cannot be taken, as it stands, is left alone.
    pub action: String,
    /// Its field = a field of the case that moved, as in [`Opens::map`].
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// Its field = this value, where `map` brings none.
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
}

/// What follows by itself when a step is taken elsewhere: a case opens, linked cases move, or the plugin's library is
/// told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// `flow/step`: of the house, such as `mediation/agree`, or one of the plugin's own.
    pub on: String,
    /// Only where the values of that case say so.
    #[serde(default)]
    pub when: Option<When>,
    /// What opens; it is linked to that case.
    #[serde(default)]
    pub open: Option<Opens>,
    /// The step that linked cases take.
    #[serde(default)]
    pub act: Option<Acts>,
    /// Tells the plugin's library, once the step is kept.
    #[serde(default)]
    pub library: bool,
    /// Fields of that case that the library is told, as they are when it is told.
    #[serde(default)]
    pub facts: Vec<String>,
}

/// The step of a house's or an own flow that a hook waits for.
pub fn hooked<'a>(on: &'a str, own: &'a [Flow]) -> Option<(&'a Flow, &'a str)> {
    let (flow, step) = on.rsplit_once('/')?;
    let flow = super::core_flow(flow).or_else(|| own.iter().find(|one| one.id == flow))?;
    flow.step(step).map(|found| (flow, found.action.as_str()))
}
