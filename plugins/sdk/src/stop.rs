//! How a call ends without an answer: a "no" for the user, a fault for the log, or an op that is not implemented.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What every function of a [`crate::Workflow`] returns.
pub type Outcome<T> = Result<T, Stop>;

/// A text by its key under `[text]` in `plugin.toml`, with what is filled into it.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Text {
    /// Key of the text.
    pub key: String,
    /// Parameters by name. They are shown: no numbers of identity cards, no telephones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Value>,
}

impl Text {
    /// A text without parameters.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: BTreeMap::new() }
    }

    /// The same with one parameter more.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

/// A "no" for the user, for the whole form and for single fields.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// For the whole form.
    #[serde(flatten)]
    pub text: Text,
    /// By field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Text>,
}

impl Refusal {
    /// A refusal with a text key.
    pub fn new(key: &str) -> Self {
        Self { text: Text::new(key), fields: BTreeMap::new() }
    }

    /// With a parameter for the text.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.text = self.text.with(name, value);
        self
    }

    /// The same text at a field.
    pub fn on(self, field: &str) -> Self {
        let text = self.text.clone();
        self.field(field, text)
    }

    /// Another text at a field.
    pub fn field(mut self, field: &str, text: Text) -> Self {
        self.fields.insert(field.to_owned(), text);
        self
    }
}

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// For the user.
    Refused(Refusal),
    /// For the log: a status of [`falin_abi::status`] and what happened. No personal data.
    Fault(i32, String),
}

impl Stop {
    /// Something went wrong that no user can mend.
    pub fn fault(said: impl Into<String>) -> Self {
        Self::Fault(falin_abi::status::FAULT, said.into())
    }

    /// This workflow does not do that.
    pub fn unknown() -> Self {
        Self::Fault(falin_abi::status::UNKNOWN_OP, String::new())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        // Its words name a place and a type, never a value that was typed.
        let place = format!("line {} column {}: {:?}", error.line(), error.column(), error.classify());
        Self::Fault(falin_abi::status::BAD_INPUT, place)
    }
}
