//! What people do, from end to end, on both databases.

mod answers;
mod bookings;
mod consultations;
mod desk;
mod directory;
mod dirt;
mod door;
mod duties;
mod duty_pages;
mod full_size;
mod households;
mod idempotency;
pub mod identity;
mod journal;
mod looks;
mod members;
mod pairing;
mod papers;
mod plan_pages;
mod plans;
mod public;
mod races;
mod resident;
mod rosters;
mod safety;
mod services;
pub mod uploads;
