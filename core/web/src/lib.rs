//! The face of the house: command line, pages for people, the API for programs.
//!
//! Knows HTTP, HTML and the terminal. Knows no SQL and no rule: every door leads to a use case of `falin_app`.

pub mod api;
pub mod assets;
pub mod body;
pub mod cache;
mod calendar;
pub mod chores;
pub mod cli;
pub mod config;
pub mod cursor;
pub mod desk;
pub mod etag;
pub mod figures_json;
pub mod flood;
pub mod flow_path;
pub mod gate;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod lang;
pub mod line;
pub mod look;
pub mod metrics;
pub mod observe;
pub mod openapi;
pub mod pages;
pub mod plan_json;
pub mod problem;
pub mod query;
pub mod rounds;
pub mod routes;
pub mod server;
pub mod shape;
pub mod site;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod upload;
pub mod uploads;
pub mod visitor;
