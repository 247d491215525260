//! Pages for people, one file a noun: read the form, call the use case, show the view.

pub mod cards;
pub mod households;
pub mod journal;
pub mod platform;
pub mod public;
pub mod rosters;
pub mod search;
pub mod today;
