//! What people do, from end to end, on both databases.

mod door;
