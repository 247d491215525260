//! A seeded stream of choices, so that a seed gives the same county on every machine and in every release.

/// splitmix64 (Steele, Lea, Flood 2014): small, fast, and good enough to spread people over villages.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A stream that depends on `seed` and on `label`: one part of the county can then grow without
    /// changing what the other parts draw.
    pub fn new(seed: u64, label: &str) -> Self {
        let mixed = label.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(mixed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` − 1; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // The high half times n, shifted: no division and a bias far below what a sample could show.
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.saturating_sub(low) + 1) as usize) as u32
    }

    /// True in `permille` of a thousand draws.
    pub fn chance(&mut self, permille: usize) -> bool {
        self.below(1000) < permille
    }

    /// One of `items`, each as likely as the other.
    pub fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items.get(self.below(items.len())).copied().unwrap_or("")
    }

    /// One of `items` by its weight.
    pub fn weighted<'a>(&mut self, items: &[(&'a str, u32)]) -> &'a str {
        let total: u32 = items.iter().map(|item| item.1).sum();
        let mut left = self.below(total as usize) as u32;
        for (item, weight) in items {
            if left < *weight {
                return item;
            }
            left -= weight;
        }
        ""
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_seed_and_a_label_fix_the_stream() {
        let mut one = Dice::new(7, "people");
        let mut two = Dice::new(7, "people");
        let mut other = Dice::new(7, "rooms");
        let first = one.bits();
        assert_eq!(first, two.bits());
        assert_ne!(first, other.bits());
    }

    #[test]
    fn draws_stay_in_range() {
        let mut dice = Dice::new(1, "range");
        assert!((0..1000).all(|_| (3..=5).contains(&dice.between(3, 5))));
        assert_eq!(dice.below(0), 0);
        assert!((0..1000).all(|_| dice.weighted(&[("a", 1), ("b", 0)]) == "a"));
    }
}
