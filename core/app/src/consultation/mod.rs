//! Consultations beyond their table: questions of people without an account, the window's quick entry, whoever steps
//! in where nobody answers, and how many were answered.

mod ask;
mod fallback;
mod figures;
mod intake;
mod own;

pub use ask::{Ask, ask};
pub(crate) use ask::{count_from, sent_before};
pub use fallback::{HOURS as FALLBACK_HOURS, round};
pub use figures::{Figures, figures, figures_in};
pub use intake::{Caller, Intake, Known, Taken, Way, caller, take};
pub use own::{MyData, Reading, my_data};

/// The flow's name.
pub const FLOW: &str = "consultation";
