//! The house's own rules, checked on its sources: file sizes, openings, licences, sources of crates.

mod catalogue;
mod harness;
mod licences;
mod manual;
mod papers;
mod rooms;
mod sources;
mod texts;
mod twins;
