//! The one clock and the one source of randomness; everything else takes them as arguments.

use std::sync::Arc;

use falin_domain::time::Instant;
use falin_store::db::Source;

/// The machine's clock, or one that starts at `start` and runs on from there (`FALIN_NOW`).
pub fn source(start: Option<Instant>) -> Source {
    let offset = start.map_or(0, |start| start.millis() - machine_now().millis());
    let clock = move || Instant::from_millis(machine_now().millis() + offset);
    Source { clock: Arc::new(clock), random: Arc::new(machine_random) }
}

#[allow(clippy::disallowed_methods, reason = "the one clock")]
fn machine_now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Instant::from_millis(since.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)).unwrap_or(0))
}

#[allow(clippy::disallowed_methods, reason = "the one source of randomness")]
fn machine_random() -> [u8; 32] {
    let mut seed = [0u8; 32];
    if getrandom::fill(&mut seed).is_err() {
        // Without randomness no key and no session is safe.
        std::process::abort();
    }
    seed
}
