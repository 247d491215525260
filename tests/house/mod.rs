//! The house's own rules, checked on its sources: file sizes, openings, licences, sources of crates.

mod harness;
mod licences;
mod sources;
mod texts;
