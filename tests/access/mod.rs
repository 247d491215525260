//! Who gets in where: every route of the program with every role, on the real server.

pub mod doors;
pub mod parts;
pub mod table;
pub mod told;
