//! What the server asks, and what it may be answered: the payloads of `schemas/`, as types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::stop::Text;

/// Values by the name of their field. Only granted fields are in it.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// The text of a field; empty if it is missing or no text, as a number is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// The whole number of a field, also where it was typed as text.
    pub fn number(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// Whether a box was ticked.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Bool(true)))
            || matches!(self.text(name), "on" | "true" | "yes" | "1")
    }

    /// The same with one field more.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

/// Who does it. Empty for jobs and events.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Actor {
    /// The account.
    pub account: Option<String>,
    /// Always None: a library is told the account and no name of staff.
    pub name: Option<String>,
    /// Roles of the core.
    pub roles: Vec<String>,
    /// Posts that the manifest declares.
    pub posts: Vec<String>,
}

/// A case of one of the plugin's flows.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// Its number for people.
    pub no: Option<String>,
    /// The flow's name in the manifest.
    pub flow: String,
    /// Which version of the case was read.
    pub version: u64,
    /// The state that it is in.
    pub state: String,
    /// What is known of it.
    pub fields: Fields,
}

/// May this step be taken?
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Guard {
    /// The flow's name in the manifest.
    pub flow: String,
    /// The step's.
    pub step: String,
    /// The names of its `call` guards and effects.
    #[serde(default)]
    pub calls: Vec<String>,
    /// The case as it is before the step; none where the step opens one.
    pub case: Option<Case>,
    /// What was typed, already checked against the form's declaration.
    pub form: Fields,
    /// Who does it.
    pub actor: Actor,
    /// Instant, UTC.
    pub now: String,
    /// Date in China.
    pub today: String,
}

/// Yes; and what follows from it beyond what the flow declares.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// The state to go to, where the step declares more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Fields of the case to write beside the form's.
    #[serde(skip_serializing_if = "no_fields")]
    pub set: Fields,
}

fn no_fields(fields: &Fields) -> bool {
    fields.0.is_empty()
}

impl Decision {
    /// Yes, as declared.
    pub fn allow() -> Self {
        Self::default()
    }

    /// Yes, and to this state.
    pub fn to(state: &str) -> Self {
        Self { to: Some(state.to_owned()), ..Self::default() }
    }

    /// And write this field.
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set = self.set.with(name, value);
        self
    }
}

/// What an event is about.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// Noun of the core, or of the plugin as `plugin/flow`.
    pub noun: String,
    /// Its id.
    pub id: String,
}

/// Something happened.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Of this one event: the same again means that the last delivery was not kept.
    pub id: String,
    /// The hook's `on`: `flow/step`.
    pub code: String,
    /// Instant, UTC.
    pub at: String,
    /// What it is about.
    pub subject: Option<Subject>,
    /// What the hook declares to read.
    pub facts: Fields,
}

/// Show one of the plugin's pages.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Page {
    /// The page's name in the manifest.
    pub page: String,
    /// What stands behind the question mark.
    pub query: Fields,
    /// Who looks.
    pub actor: Actor,
    /// `zh` or `en`.
    pub lang: String,
    /// The lists that the page declares, by name, as far as who looks may see them.
    pub lists: Value,
    /// The figures that the page names, by code.
    pub figures: Value,
    /// Instant, UTC.
    pub now: String,
    /// Date in China.
    pub today: String,
}

/// What the page's template is filled with.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// Values for the template.
    pub model: Value,
}

/// A button was pressed.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Action {
    /// The page's name in the manifest.
    pub page: String,
    /// The action's.
    pub action: String,
    /// What was typed, already checked against the form's declaration.
    pub form: Fields,
    /// Who pressed it.
    pub actor: Actor,
    /// Instant, UTC.
    pub now: String,
    /// Date in China.
    pub today: String,
}

/// What happens after it.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Acted {
    /// The plugin's page to show; the same one if none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
    /// What is said to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text>,
}

/// A division of the county.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its code, where it has one.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
}

/// A job is due, for one case or one place.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Job {
    /// The job's name in the manifest.
    pub job: String,
    /// For when it was due: an instant, UTC. The same run may come again.
    pub due: String,
    /// First day of the period for which it is due.
    pub period: String,
    /// The case, where the job is for each case.
    pub case: Option<Case>,
    /// The division, where the job is for each place.
    pub place: Option<Place>,
    /// Where the last part of this run stopped; null at its start.
    pub cursor: Value,
}

/// How far a job came.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// To be called again with; null: done.
    pub cursor: Value,
}

/// Which rows a figure has.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    /// The figure's name in the manifest.
    pub figure: String,
    /// First date.
    pub from: String,
    /// Last date.
    pub to: String,
    /// The division to which it is restricted.
    pub place: Option<String>,
    /// What the house has counted.
    pub counted: Counted,
}

/// What the house has counted for a figure, as far as the reader may see it: a missing number is kept back.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// For the whole.
    pub value: Option<i64>,
    /// For the places right below.
    pub parts: Vec<Part>,
    /// By the fields that the figure declares in `by`.
    pub splits: Vec<Split>,
}

impl Counted {
    /// The count under a code of a field; none where it is kept back or nothing stands there.
    pub fn of(&self, field: &str, code: &str) -> Option<i64> {
        let split = self.splits.iter().find(|split| split.field == field)?;
        split.rows.iter().find(|row| row.code == code)?.value
    }
}

/// The count of one place.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// The division's code.
    pub place: Option<String>,
    /// The count.
    pub value: Option<i64>,
}

/// Counts by a field.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Split {
    /// The field.
    pub field: String,
    /// A row a code.
    pub rows: Vec<SplitRow>,
}

/// The count under one code.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitRow {
    /// The code; empty where nothing is given, `*` for what stands together.
    pub code: String,
    /// The count.
    pub value: Option<i64>,
}

/// One row of a figure.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// Key of a text of the manifest, or the code of a part of the table.
    pub label: String,
    /// The count.
    pub value: i64,
    /// Of how many, where it is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
}

/// The rows.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Rows {
    /// In the order in which they are shown.
    pub rows: Vec<Row>,
    /// For the whole; the sum of the rows where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// One document from one version of its collection to the next.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Migrate {
    /// The collection.
    pub collection: String,
    /// The schema's version that the document has.
    pub from: u32,
    /// The document.
    pub body: Value,
}

/// The same document, one version later.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Migrated {
    /// The document.
    pub body: Value,
}

/// How a selftest went.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// What was tried.
    pub checks: Vec<Check>,
}

/// One thing that was tried.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Whether it went well.
    pub ok: bool,
}
