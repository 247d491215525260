//! Drills of what is promised: acknowledged writes survive, counties do not see each other, forged forms do nothing,
//! bombs cost one refusal, secrets are nowhere in clear.
//!
//! Every test run does the short form. `FALIN_DRILL=long cargo test --test town -- drills::` does the long one; a
//! single drill is named behind `drills::` (`kills`, `servers`, `counties`, `forgery`, `bombs`, `secrets`, `backups`).

mod backups;
mod bombs;
mod counties;
mod forgery;
mod kills;
mod secrets;
mod servers;

/// How often a drill is done: `short` with every test run, `long` when asked for.
fn amount(short: usize, long: usize) -> usize {
    match std::env::var("FALIN_DRILL").is_ok_and(|form| form == "long") {
        true => long,
        false => short,
    }
}
