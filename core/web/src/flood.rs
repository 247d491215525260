//! Flood limits: a token bucket per address, and a wider one per signed-in caller.
//!
//! Per process and in bounded memory: guesses at passwords are counted elsewhere, per account, in the database.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Instant;

/// How fast one caller may go.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// Requests a second in the long run.
    pub per_second: f32,
    /// Requests at once after a pause.
    pub burst: f32,
}

/// Visitors without an account: a whole village can stand behind one address of a mobile network.
pub const ANONYMOUS: Rate = Rate { per_second: 100.0, burst: 600.0 };
/// Programs with a token and people signed in: nothing is refused below 500 a second (contract.md "HTTP").
pub const KNOWN: Rate = Rate { per_second: 600.0, burst: 1200.0 };
/// What an invalid session or token costs its address, in requests: guessing is dearer than reading.
pub const BAD_CREDENTIAL: f32 = 10.0;

const SHARDS: usize = 16;
/// Buckets kept in a shard; beyond that the ones that have filled up again go first.
const SHARD_SIZE: usize = 4096;

/// Who is counted: an address (an IPv6 network of /64 counts as one), or the hash of a valid credential.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Caller {
    /// An address, as [`caller_address`] found it.
    Address(IpAddr),
    /// The hash of a session or token that was found valid.
    Credential([u8; 32]),
}

struct Bucket {
    level: f32,
    at: Instant,
}

/// All buckets of this process.
pub struct Flood {
    shards: Vec<Mutex<HashMap<Caller, Bucket>>>,
    /// Multiplies both rates; 0 switches the limit off.
    factor: f32,
}

impl Flood {
    /// Buckets that let through `factor` times the usual rates; 0 lets everything through.
    pub fn new(factor: f32) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), factor }
    }

    /// Takes `cost` from the caller's bucket at `now`.
    ///
    /// # Errors
    /// Seconds to wait (for Retry-After) where the bucket is empty.
    pub fn take(&self, caller: Caller, cost: f32, now: Instant) -> Result<(), u32> {
        if self.factor <= 0.0 {
            return Ok(());
        }
        let rate = self.rate(&caller);
        let mut shard = self.shard(&caller);
        if shard.len() >= SHARD_SIZE && !shard.contains_key(&caller) {
            make_room(&mut shard, now);
        }
        let bucket = shard.entry(caller).or_insert(Bucket { level: rate.burst, at: now });
        refill(bucket, rate, now);
        if bucket.level < 1.0 {
            return Err(((1.0 - bucket.level) / rate.per_second).ceil().max(1.0) as u32);
        }
        bucket.level -= cost;
        Ok(())
    }

    fn rate(&self, caller: &Caller) -> Rate {
        let base = match caller {
            Caller::Address(_) => ANONYMOUS,
            Caller::Credential(_) => KNOWN,
        };
        Rate { per_second: base.per_second * self.factor, burst: (base.burst * self.factor).max(1.0) }
    }

    fn shard(&self, caller: &Caller) -> std::sync::MutexGuard<'_, HashMap<Caller, Bucket>> {
        let byte = match caller {
            Caller::Address(IpAddr::V4(v4)) => v4.octets()[3],
            Caller::Address(IpAddr::V6(v6)) => v6.octets()[7],
            Caller::Credential(hash) => hash[0],
        };
        let shard = &self.shards[usize::from(byte) % SHARDS];
        // A panic while counting leaves at worst one odd level behind, so a poisoned lock is still good.
        shard.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn refill(bucket: &mut Bucket, rate: Rate, now: Instant) {
    let seconds = now.saturating_duration_since(bucket.at).as_secs_f32();
    bucket.level = (bucket.level + seconds * rate.per_second).min(rate.burst);
    bucket.at = now;
}

/// Drops buckets that have had time to fill up; where none has, the oldest half.
fn make_room(shard: &mut HashMap<Caller, Bucket>, now: Instant) {
    let fill_time = ANONYMOUS.burst / ANONYMOUS.per_second;
    shard.retain(|_, b| now.saturating_duration_since(b.at).as_secs_f32() < fill_time);
    if shard.len() < SHARD_SIZE {
        return;
    }
    let mut times: Vec<Instant> = shard.values().map(|b| b.at).collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    shard.retain(|_, b| b.at > median);
}

/// The address that is counted: the peer's own, or, behind `hops` trusted proxies, the entry that the outermost
/// of them wrote into X-Forwarded-For, counted from the right. What a client wrote itself stands further left
/// and never counts.
pub fn caller_address(peer: Option<SocketAddr>, forwarded: &str, hops: u8) -> IpAddr {
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |p| p.ip());
    let written = forwarded.rsplit(',').map(str::trim).nth(usize::from(hops).wrapping_sub(1));
    let address = if hops == 0 { None } else { written.and_then(parse_address) };
    network(address.unwrap_or(peer))
}

/// Some proxies append the port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|s| s.ip()))
}

/// One household or office holds a whole /64 of IPv6, so that is what counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    fn address(last: u8) -> Caller {
        Caller::Address(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let flood = Flood::new(1.0);
        let start = Instant::now();
        let through = (0..1000).filter(|_| flood.take(address(1), 1.0, start).is_ok()).count();
        assert_eq!(through, ANONYMOUS.burst as usize);
        assert_eq!(flood.take(address(1), 1.0, start), Err(1));
        assert!(flood.take(address(2), 1.0, start).is_ok());
        assert!(flood.take(address(1), 1.0, start + Duration::from_secs(1)).is_ok());
    }

    #[test]
    fn a_program_at_500_a_second_is_never_refused() {
        let flood = Flood::new(1.0);
        let start = Instant::now();
        for i in 0..5000_u64 {
            let now = start + Duration::from_millis(i * 2);
            assert!(flood.take(Caller::Credential([1; 32]), 1.0, now).is_ok());
        }
    }

    #[test]
    fn a_forged_header_does_not_move_the_address() {
        let peer = Some("192.0.2.7:4000".parse().unwrap());
        let real: IpAddr = "192.0.2.7".parse().unwrap();
        assert_eq!(caller_address(peer, "1.2.3.4", 0), real);
        let client: IpAddr = "203.0.113.9".parse().unwrap();
        for forged in ["203.0.113.9", "1.1.1.1, 203.0.113.9", "x,,2.2.2.2,203.0.113.9:555"] {
            assert_eq!(caller_address(peer, forged, 1), client, "{forged}");
        }
        assert_eq!(caller_address(peer, "6.6.6.6, 203.0.113.9, 10.0.0.1", 2), client);
        assert_eq!(caller_address(peer, "", 1), real);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let of = |text: &str| caller_address(Some(text.parse().unwrap()), "", 0);
        assert_eq!(of("[2001:db8::1]:1"), of("[2001:db8::ffff:2]:2"));
        assert_eq!(of("[::ffff:192.0.2.1]:1"), of("192.0.2.1:1"));
    }

    #[test]
    fn memory_is_bounded() {
        let flood = Flood::new(1.0);
        let now = Instant::now();
        for i in 0..200_000_u32 {
            let _ = flood.take(Caller::Address(IpAddr::from(i.to_be_bytes())), 1.0, now);
        }
        let kept: usize = flood.shards.iter().map(|s| s.lock().unwrap().len()).sum();
        assert!(kept <= SHARDS * SHARD_SIZE);
    }
}
