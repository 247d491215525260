//! What goes wrong on purpose: processes killed in the middle of work, work done twice at once.

mod handovers;
mod imports;
mod notices;
mod plugins;
