//! Random bytes as an argument: a stream from one seed, which a test can choose. Each attempt at a transaction has its own.

use sha2::{Digest, Sha256};

/// A stream of random bytes from a 32-byte seed (SHA-256 in counter mode; the seed is the secret).
#[derive(Clone)]
pub struct Entropy {
    seed: [u8; 32],
    counter: u64,
}

impl Entropy {
    /// A stream from `seed`; two streams of one seed are equal.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0u8; N];
        for chunk in out.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed);
            hash.update(self.counter.to_be_bytes());
            self.counter += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
        out
    }
}
