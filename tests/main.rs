//! Whole-system tests: the built program, real databases, a real browser, and what people do with them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod browser;
mod drills;
mod faults;
mod house;
mod journeys;
mod stores;
mod town;
