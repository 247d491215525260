//! The only room that knows diesel: one portable store over SQLite and PostgreSQL.
//!
//! Knows rows, transactions, keys and seals. Knows no HTTP, no pages, no clock of its own: instants and
//! random bytes come from the [`Source`] that it is opened with.

pub mod account;
pub mod account_list;
pub mod adviser;
pub mod card;
pub mod category;
mod column;
pub mod conn;
pub mod consent;
pub mod county;
pub mod db;
pub mod deadline;
pub mod division;
pub mod dump;
pub mod duty;
pub mod duty_rule;
pub mod entropy;
pub mod facility;
pub mod firm;
pub mod gram;
pub mod guess;
pub mod holiday;
pub mod household;
pub mod household_list;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod keys;
mod many;
pub mod member;
pub mod notary;
pub mod notice;
pub mod number;
pub mod pairing;
pub mod paper;
pub mod plan;
pub mod plan_effect;
mod postgres;
pub mod remove;
pub mod reseal;
pub mod room;
pub mod schema;
pub mod service_log;
pub mod session;
mod sqlite;
pub mod stop;
pub mod tables;
pub mod tally;
pub mod token;
pub mod tx;
pub mod visit;
mod watch;
pub mod worker;

pub use conn::Conn;
pub use db::{Db, In, Source};
pub use entropy::Entropy;
pub use keys::Keys;
pub use stop::{Fault, Stop};
pub use tx::Tx;
