//! Drills of what is promised: acknowledged writes survive, counties do not see each other, forged forms do nothing,
//! bombs cost one refusal, secrets are nowhere in clear, a full disk or a lost database loses nothing, nobody learns who
//! has an account.
//!
//! Every test run does the short form. `FALIN_DRILL=long cargo test --test town -- drills::` does the long one; a
//! single drill is named behind `drills::` (`kills`, `servers`, `counties`, `forgery`, `bombs`, `secrets`, `backups`,
//! `disk`, `database`, `upgrade`, `guessing`, `fuzz`, `events`, `swaps`). The last two take hours: they say what they have
//! counted, and go on where they were broken off (`--show-output`, or `--nocapture` while they run).

mod backups;
mod bombs;
mod counties;
mod database;
mod disk;
mod events;
mod forgery;
mod fuzz;
mod guessing;
mod kills;
mod processes;
mod secrets;
mod servers;
mod swaps;
mod tally;
mod upgrade;

/// How often a drill is done: `short` with every test run, `long` when asked for.
fn amount(short: usize, long: usize) -> usize {
    match std::env::var("FALIN_DRILL").is_ok_and(|form| form == "long") {
        true => long,
        false => short,
    }
}

/// Numbers that look random and are the same on every run (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    /// Dice of a drill's nth go.
    fn new(n: usize) -> Self {
        Self((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    }
}
