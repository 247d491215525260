//! (purpose)
pub mod look;
