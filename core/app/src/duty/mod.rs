//! The duty rota: who sits where and when, planned by the week, swapped between colleagues, flagged by leave.

mod change;
mod flag;
mod notify;
mod plan;
mod read;
mod swap;

pub use falin_store::duty::{Filter, Shift, Swap};

pub use change::{cancel, change, reassign};
pub use flag::on_duty;
pub(crate) use flag::{flag, of_day, unflag};
pub use plan::{Planned, Skipped, Typed, add, series};
pub(crate) use plan::{barred, clock, person, take};
pub use read::{Offer, One, Own, Shown, list, month, one, own};
pub(crate) use read::{names, table};
pub use swap::{SwapTyped, accept, colleagues, decline, offer, withdraw};

/// The lane of [`falin_store::duty::take`] in which shifts stand.
pub(crate) const LANE: &str = "duty";
