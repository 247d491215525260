//! The measure of even load, Σ load² ÷ capacity, kept exact.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// Digits after the point when printed.
const DECIMALS: usize = 6;

/// Σ load² ÷ capacity over providers, as exact sums of squares per capacity.
#[derive(Clone, Default, Debug)]
pub struct Balance {
    squares: BTreeMap<u32, u128>,
}

impl Balance {
    /// The sum over `(load, capacity)`; a provider without load adds nothing, whatever its capacity.
    /// A load on capacity 0, which no plan makes, counts as if on capacity 1.
    pub fn of(loads: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut squares = BTreeMap::new();
        for (load, capacity) in loads.into_iter().filter(|pair| pair.0 > 0) {
            *squares.entry(capacity.max(1)).or_default() += u128::from(load) * u128::from(load);
        }
        Self { squares }
    }

    /// Nearest floating-point value, for charts.
    pub fn value(&self) -> f64 {
        self.squares.iter().map(|(&capacity, &sum)| sum as f64 / f64::from(capacity)).sum()
    }

    /// Both sums over one common denominator, the product of all capacities that occur.
    fn numerators(&self, other: &Self) -> (Natural, Natural) {
        let mut capacities: Vec<u32> = self.squares.keys().chain(other.squares.keys()).copied().collect();
        capacities.sort_unstable();
        capacities.dedup();
        let (mut left, mut right, mut product) = (Natural::default(), Natural::default(), Natural::one());
        for capacity in capacities {
            left.times(capacity);
            right.times(capacity);
            left.add_multiple(&product, self.squares.get(&capacity).copied().unwrap_or(0));
            right.add_multiple(&product, other.squares.get(&capacity).copied().unwrap_or(0));
            product.times(capacity);
        }
        (left, right)
    }
}

impl Ord for Balance {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = self.numerators(other);
        left.cmp(&right)
    }
}

impl PartialOrd for Balance {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Balance {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Balance {}

impl fmt::Display for Balance {
    /// Six decimals, cut off. Digits are carried to twelve, so that the cut is right for millions of terms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FINE: u128 = 1_000_000_000_000;
        let (mut whole, mut parts) = (0u128, 0u128);
        for (&capacity, &sum) in &self.squares {
            let capacity = u128::from(capacity);
            whole += sum / capacity;
            parts += sum % capacity * FINE / capacity;
        }
        // Each term was cut by less than one part; sums such as 1/3 + 2/3 are whole again after this.
        parts += self.squares.len() as u128;
        let shown = parts % FINE / (FINE / 10u128.pow(DECIMALS as u32));
        write!(f, "{}.{shown:0width$}", whole + parts / FINE, width = DECIMALS)
    }
}

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A natural number of any size, little-endian digits of 32 bits; just enough for comparing fractions.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Natural(Vec<u32>);

impl Natural {
    fn one() -> Self {
        Self(vec![1])
    }

    fn times(&mut self, factor: u32) {
        let mut carry = 0u64;
        for digit in &mut self.0 {
            let product = u64::from(*digit) * u64::from(factor) + carry;
            *digit = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Adds `other × factor`, one 32-bit digit of the factor at a time.
    fn add_multiple(&mut self, other: &Self, factor: u128) {
        for shift in 0..4 {
            let digit = (factor >> (32 * shift)) as u32;
            if digit > 0 {
                self.add_shifted(other, digit, shift);
            }
        }
    }

    fn add_shifted(&mut self, other: &Self, factor: u32, shift: usize) {
        let needed = other.0.len() + shift + 2;
        if self.0.len() < needed {
            self.0.resize(needed, 0);
        }
        let mut carry = 0u64;
        for (at, place) in self.0.iter_mut().enumerate().skip(shift) {
            let digit = other.0.get(at - shift).copied().unwrap_or(0);
            let sum = u64::from(digit) * u64::from(factor) + u64::from(*place) + carry;
            *place = sum as u32;
            carry = sum >> 32;
        }
    }

    fn significant(&self) -> &[u32] {
        let end = self.0.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
        &self.0[..end]
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.significant(), other.significant());
        left.len().cmp(&right.len()).then_with(|| left.iter().rev().cmp(right.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_exactly() {
        let thirds = Balance::of([(1, 3), (1, 3), (1, 3)]);
        assert_eq!(thirds, Balance::of([(1, 1)]));
        assert_eq!(thirds.to_string(), "1.000000");
        // 1/4294967291 against 1/4294967295: equal to nine digits.
        assert!(Balance::of([(1, 4_294_967_291)]) > Balance::of([(1, 4_294_967_295)]));
        let many = |add: u32| Balance::of((1..900).map(|c| (c, 1000 + c)).chain([(add, 7)]));
        assert!(many(5) < many(6) && many(5) == many(5));
    }

    #[test]
    fn prints_as_a_decimal() {
        assert_eq!(Balance::of([(3, 4), (0, 0)]).to_string(), "2.250000");
        assert_eq!(Balance::of([(1, 3)]).to_string(), "0.333333");
        assert_eq!(Balance::of([]).to_string(), "0.000000");
    }
}
