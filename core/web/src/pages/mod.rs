//! Pages for people, one file a noun: read the form, call the use case, show the view.

pub mod account;
pub mod bookings;
pub mod cards;
pub mod cases;
pub mod choices;
pub mod consents;
pub mod divisions;
pub mod facilities;
pub mod firms;
pub mod grids;
pub mod handovers;
pub mod households;
pub mod journal;
pub mod leave;
pub mod plan_rows;
pub mod plans;
pub mod platform;
pub mod posts;
pub mod public;
pub mod rooms;
pub mod rosters;
pub mod search;
pub mod settings;
pub mod statistics;
pub mod today;
pub mod workers;
