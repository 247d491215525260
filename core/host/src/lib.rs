//! Work that is done in other processes: reading workbook files, and later the plugins.
//!
//! Knows processes, limits, pipes and file formats. Knows no database, no HTTP and no county.

pub mod roster;
