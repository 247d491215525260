//! What becomes of a deadline that is started while, or after, it runs.

use serde::{Deserialize, Serialize};

/// What becomes of a deadline that ran or runs under the code that a step starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// It is dropped: the event has happened anew.
    #[default]
    Anew,
    /// It runs on; only where none runs one is started.
    Idle,
    /// The new one has what was left, of days or hours, when the last one ended, and one at least: time in which others
    /// had to act does not count.
    Left,
}

impl Again {
    /// Whether it is what goes without saying.
    pub(super) fn is_anew(&self) -> bool {
        *self == Self::Anew
    }
}
