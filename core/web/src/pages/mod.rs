//! Pages for people, one file a noun: read the form, call the use case, show the view.

pub mod cards;
pub mod households;
pub mod public;
pub mod rosters;
//! Pages of the staff: a handler asks a use case and fills a view, one file a noun.

pub mod journal;
pub mod platform;
pub mod search;
pub mod today;
