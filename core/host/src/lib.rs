//! Work that is done in other processes: reading workbook files, and county workflows; and the packages that bring them.
//!
//! Knows processes, limits, pipes and file formats. Knows no database, no HTTP and nothing of a county but its id.

pub mod disk;
pub mod memory;
pub mod plugin;
pub mod roster;
pub mod shelf;
