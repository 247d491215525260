//! What a plugin has done and how long it took, as plain numbers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Steps within a doubling of the time: a percentile is right to an eighth.
const STEPS: usize = 8;

/// Doublings from one microsecond on: up to twelve days.
const DOUBLINGS: usize = 40;

/// Counters of one plugin.
#[derive(Default)]
pub(super) struct Counters {
    pub calls: AtomicU64,
    pub deaths: AtomicU64,
    pub spawns: AtomicU64,
    /// Calls that were answered.
    pub answered: Times,
}

/// How long something took, so many times over.
pub(super) struct Times(Vec<AtomicU64>);

/// What [`Times`] tell.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Took {
    /// How often.
    pub count: u64,
    /// Half of them took at most so long.
    pub p50: Duration,
    /// Of a hundred, 99 took at most so long.
    pub p99: Duration,
}

/// What [`super::Host::metrics`] tells of one plugin.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Metrics {
    /// Calls that a worker was given; the number of the last one is its id.
    pub calls: u64,
    /// Workers that died or were killed for cause.
    pub deaths: u64,
    /// Workers that were started.
    pub spawns: u64,
    /// Workers that stand idle or work now.
    pub workers: usize,
    /// Calls that were answered, from the moment that a worker was free.
    pub answered: Took,
}

impl Counters {
    /// The numbers as they stand.
    pub fn read(&self, workers: usize) -> Metrics {
        Metrics {
            calls: self.calls.load(Ordering::Relaxed),
            deaths: self.deaths.load(Ordering::Relaxed),
            spawns: self.spawns.load(Ordering::Relaxed),
            workers,
            answered: self.answered.read(),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self((0..STEPS * DOUBLINGS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Times {
    /// Notes one.
    pub fn note(&self, time: Duration) {
        if let Some(bucket) = self.0.get(bucket_of(time)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What they tell.
    pub fn read(&self) -> Took {
        let counts: Vec<u64> = self.0.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        Took { count: counts.iter().sum(), p50: percentile(&counts, 50), p99: percentile(&counts, 99) }
    }
}

/// The doubling that the time lies in, and the eighth of it. Below eight units of an eighth microsecond: the first.
fn bucket_of(time: Duration) -> usize {
    let eighths = u64::try_from(time.as_nanos() / 125).unwrap_or(u64::MAX).max(STEPS as u64);
    let doubling = eighths.ilog2() as usize;
    let step = (eighths >> (doubling - 3)) as usize & (STEPS - 1);
    ((doubling - 3) * STEPS + step).min(STEPS * DOUBLINGS - 1)
}

fn percentile(counts: &[u64], percent: u64) -> Duration {
    let all: u64 = counts.iter().sum();
    let wanted = (all * percent).div_ceil(100);
    let mut seen = 0;
    for (bucket, count) in counts.iter().enumerate() {
        seen += count;
        if seen >= wanted && seen > 0 {
            let (doubling, step) = (bucket / STEPS, bucket % STEPS);
            let eighths = ((STEPS + step + 1) as u64) << doubling;
            return Duration::from_nanos(eighths * 125);
        }
    }
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_an_eighth() {
        let times = Times::default();
        for micros in 1..=1000 {
            times.note(Duration::from_micros(micros));
        }
        let read = times.read();
        assert_eq!(read.count, 1000);
        for (got, wanted) in [(read.p50, 500.0), (read.p99, 990.0)] {
            let off = got.as_secs_f64() * 1e6 / wanted;
            assert!((1.0..1.13).contains(&off), "{off}");
        }
        assert_eq!(Times::default().read(), Took::default());
    }
}
