//! The rules of public legal service: pure values in, decisions out.
//!
//! Knows dates, words and rules. Knows no HTTP, no SQL, no clock, no files and no processes.

pub mod access;
pub mod booking;
pub mod calendar;
pub mod catalogue;
pub mod deadline;
pub mod directory;
pub mod duty;
pub mod eligibility;
pub mod fault;
pub mod identity;
pub mod journal;
pub mod mediation;
pub mod notice;
pub mod number;
pub mod page;
pub mod pairing;
pub mod paper;
pub mod refusal;
pub mod restriction;
pub mod roster;
pub mod spoken;
pub mod statistics;
pub mod time;
pub mod words;
pub mod workflow;
