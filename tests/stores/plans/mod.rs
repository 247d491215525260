//! Plans and handovers as use cases on both databases: what they promise, and what they refuse.

mod changed;
mod choices;
mod consents;
mod effect;
mod handovers;
pub(super) mod house;
