//! What people do, from end to end, on both databases.

mod desk;
mod dirt;
mod door;
mod full_size;
mod idempotency;
mod households;
mod journal;
mod pairing;
mod rosters;
mod safety;
mod uploads;
