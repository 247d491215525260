//! Who gets in where: every route of the program with every role, on the real server.

mod doors;
mod table;
