//! Use cases: load, ask the domain, save, journal, in one transaction.
//!
//! Knows what people do and in which order. Knows no HTTP and no HTML; time and randomness come from
//! [`clock`], the one place that asks the machine for them.

pub mod account;
pub mod adviser;

pub mod application;
pub mod audit;
pub mod backup;
pub mod booking;
pub mod card;
pub mod card_art;
pub mod casework;
pub mod claim;
pub mod clock;
pub mod committee;
pub mod consent;
pub mod consultation;
pub mod county;
pub mod cutover;
pub mod deadline;
pub mod demo;
pub mod deputy;
pub mod division;
pub mod doctor;
pub mod docx;
pub mod duty;
pub mod duty_rule;
pub mod export;
pub mod facility;
pub mod firm;
pub mod grid;
pub mod group;
pub mod handover;
pub mod household;
pub mod idempotency;
pub mod import;
pub mod keys;
pub mod leave;
pub mod notary;
pub mod notice;
pub mod open;
pub mod pairing;
pub mod paper;
mod parts;
pub mod plan;
pub mod platform;
pub mod plugin;
pub mod public;
pub mod report_form;
pub mod restriction;
pub mod room;
pub mod rounds;
pub mod search;
pub mod series;
pub mod service_log;
mod service_words;
pub mod settings;
pub mod sheet;
pub mod sheets;
pub mod statistics;
pub mod today;
mod trace;
mod typed;
pub mod visit;
pub mod walker;
pub mod worker;

/// What a server does once a minute with memory that it no longer needs, and the program before it starts threads.
pub use falin_host::memory::{give_back as give_back_memory, keep_together as keep_memory_together};
/// What `main` asks first: whether this process was started to run one library of a county workflow and nothing else.
pub use falin_host::plugin::run_if_worker as work_for_plugin_if_worker;
/// What `main` asks then: whether it was started to read one roster and nothing else.
pub use falin_host::roster::run_if_child as read_roster_if_child;
pub use falin_store::Sent;
pub use falin_store::stop::{Fault, Stop};
pub use open::{App, Settings};
