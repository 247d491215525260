//! What people do, from end to end, on both databases.

mod dirt;
mod desk;
mod door;
mod full_size;
mod journal;
mod pairing;
mod rosters;
mod safety;
