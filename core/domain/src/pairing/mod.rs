//! Who looks after which household: plans, handovers and the spans that remember it.
//!
//! A plan is a minimum-cost flow over classes of equal households. [`solve`] makes it, [`check`] judges any
//! assignment without knowing how it was made, [`certificate`] proves one best, [`handover`] places what a leaver
//! leaves, [`span`] keeps history.

mod balance;
pub mod certificate;
pub mod check;
mod decode;
mod flow;
pub mod handover;
mod input;
mod level;
mod network;
mod plan;
pub mod sample;
pub mod span;

pub use balance::Balance;
pub use input::{Due, PlanInput, Provider, Rules, Village};
pub use plan::{Plan, Reason, Unplaced, reason_of, solve};

#[cfg(test)]
mod tests;
