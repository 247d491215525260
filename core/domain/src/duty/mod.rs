//! Duty: who sits where and when, what an adviser owes a village, and how services are counted (handbook §5).

mod count;
mod rule;
mod service;
mod shift;

pub use count::*;
pub use rule::*;
pub use service::*;
pub use shift::*;
