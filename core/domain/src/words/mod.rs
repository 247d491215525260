//! The words that every room speaks: typed ids, numbers and names, parsed once at the door.

mod id;

pub use id::*;
