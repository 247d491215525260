//! Bookings of mediation rooms: the grid of quarters, opening hours, states, acts, and free times.
//!
//! A booking holds a room, the people who lead it and the parties, slot by slot; what two bookings may never both
//! hold is kept by a unique key over the slots. Here is only what can be said without looking at other rows.

mod act;
mod cutover;
mod free;
mod hours;
mod slot;
#[cfg(test)]
mod tests;

pub use act::*;
pub use cutover::{OldBooking, booking_columns, old_bookings};
pub use free::*;
pub use hours::*;
pub use slot::*;
