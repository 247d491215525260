//! The API for programs, one file a noun; the table of addresses is `routes.rs`.

pub mod pairing_plans;
pub mod pairings;
