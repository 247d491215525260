//! What the two databases keep by themselves, whatever a program or a console tries.

mod append_only;
mod duty;
mod history;
mod numbers;
mod pairings;
mod papers;
mod plans;
mod schema;
mod walls;
