//! Evens out loads among all plans that are equally good otherwise, exactly.
//!
//! The flows of least cost are those that use only tight arcs, so the loads they allow form the bases of an
//! integral polymatroid, and Σ load²/capacity is separable and convex on it: the decomposition method solves it
//! (Fujishige, Math. Oper. Res. 1980; Groenevelt, EJOR 1991). Here in words of flow:
//!
//! 1. Share the group's total as if every household could go anywhere: target z, the best of all.
//! 2. Push loads above target to loads below it over tight residual arcs. If all fits, z is reached: done.
//! 3. Otherwise let S be what the remaining excess reaches. Inside S all loads y ≥ z, outside y ≤ z. Some optimum
//!    x has x(S) = y(S): y(S) is the least possible, and were x(S) more, a path of the difference would lead from
//!    an s with x > y ≥ z to an a with x < y ≤ z; moving one unit along it costs (2x(a)+1)/cap(a) ≤
//!    (2z(a)−1)/cap(a) ≤ (2z(s)+1)/cap(s) ≤ (2x(s)−1)/cap(s), because z is best; so it costs nothing.
//!    So the arcs between S and the rest keep their flow, and both parts are solved alone.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::flow::{Graph, NONE, Push};

/// Bits after the point of the price at which [`share`] searches.
const PRICE_BITS: u32 = 32;

/// A provider as the balance sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    /// Its node.
    pub node: u32,
    /// Least load: what it holds apart from this plan.
    pub least: u32,
    /// Most load.
    pub most: u32,
    /// Capacity, at least 1.
    pub capacity: u32,
    /// Load now.
    pub load: u32,
}

impl Seat {
    /// The load that it takes while the next household costs at most `price`, in steps of 2^-32: the k-th costs
    /// (2k−1)/capacity, so k ≤ (price·capacity + 1)/2. At price 2 it is full.
    fn load_at(&self, price: u64) -> u32 {
        let one = 1u128 << PRICE_BITS;
        let load = (u128::from(price) * u128::from(self.capacity) + one) >> (PRICE_BITS + 1);
        load.clamp(u128::from(self.least), u128::from(self.most)) as u32
    }
}

/// The loads with the least Σ load²/capacity among all with this total; the total must lie between the sums of
/// `least` and `most`, and no `most` may be above its capacity unless it equals `least`.
///
/// Taking the cheapest next household again and again is best, because prices rise. This jumps to the price at
/// which nearly all are taken (any price's loads are best for their own sum) and takes the rest one by one.
pub(super) fn share(seats: &[Seat], total: u64) -> Vec<u32> {
    let mut loads = loads_below(seats, total);
    let mut left = total.saturating_sub(loads.iter().copied().map(u64::from).sum());
    let mut heap: BinaryHeap<Reverse<Next<'_>>> = BinaryHeap::new();
    for (index, (seat, &load)) in seats.iter().zip(&loads).enumerate() {
        if left > 0 && load < seat.most {
            heap.push(Reverse(Next { seat, load, index }));
        }
    }
    while left > 0 {
        let Some(Reverse(next)) = heap.pop() else { break };
        let load = next.load + 1;
        loads[next.index] = load;
        left -= 1;
        if load < next.seat.most {
            heap.push(Reverse(Next { load, ..next }));
        }
    }
    loads
}

/// The loads at the highest price, in steps of 2^-32, whose sum does not exceed `total`.
fn loads_below(seats: &[Seat], total: u64) -> Vec<u32> {
    let (mut low, mut high) = (0u64, 2 << PRICE_BITS);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        let sum: u64 = seats.iter().map(|seat| u64::from(seat.load_at(middle))).sum();
        if sum <= total {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    seats.iter().map(|seat| seat.load_at(low)).collect()
}

/// A seat's next household in the queue of [`share`], cheapest first.
#[derive(Clone, Copy)]
struct Next<'a> {
    seat: &'a Seat,
    load: u32,
    index: usize,
}

impl Ord for Next<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let price = |load: u32, capacity: u32| (2 * u128::from(load) + 1) * u128::from(capacity);
        let (mine, theirs) = (price(self.load, other.seat.capacity), price(other.load, self.seat.capacity));
        mine.cmp(&theirs).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Next<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next<'_> {}

/// Evens out the flow among `seats`, keeping it of least cost under `potential`; `sink` takes no part.
pub(super) fn level(graph: &mut Graph, potential: &[i64], seats: &mut [Seat], sink: u32) {
    let size = potential.len();
    let mut seat_at = vec![NONE; size];
    for (index, seat) in seats.iter().enumerate() {
        seat_at[seat.node as usize] = index as u32;
    }
    let mut group = vec![0u32; size];
    group[sink as usize] = NONE;
    let mut groups = 1;
    let mut scales = Scales { excess: vec![0; size], need: vec![0; size], push: Push::new(size) };
    let mut waiting: Vec<Vec<u32>> = vec![(0..size as u32).filter(|&node| node != sink).collect()];
    while let Some(nodes) = waiting.pop() {
        let here: Vec<u32> =
            nodes.iter().map(|&node| seat_at[node as usize]).filter(|&at| at != NONE).collect();
        if here.len() < 2 || scales.settle(graph, potential, &group, &nodes, seats, &here) {
            continue;
        }
        let (stuck, rest): (Vec<u32>, Vec<u32>) =
            nodes.into_iter().partition(|&node| scales.push.reached(node));
        for &node in &stuck {
            group[node as usize] = groups;
        }
        groups += 1;
        waiting.push(stuck);
        waiting.push(rest);
    }
}

/// What [`level`] needs at hand for each group.
struct Scales {
    excess: Vec<u32>,
    need: Vec<u32>,
    push: Push,
}

impl Scales {
    /// Brings the group's seats as near to their shares as its arcs allow; true when all are reached.
    fn settle(
        &mut self,
        graph: &mut Graph,
        potential: &[i64],
        group: &[u32],
        nodes: &[u32],
        seats: &mut [Seat],
        here: &[u32],
    ) -> bool {
        let mine: Vec<Seat> = here.iter().map(|&at| seats[at as usize]).collect();
        let targets = share(&mine, mine.iter().map(|seat| u64::from(seat.load)).sum());
        for (seat, &target) in mine.iter().zip(&targets) {
            self.excess[seat.node as usize] = seat.load.saturating_sub(target);
            self.need[seat.node as usize] = target.saturating_sub(seat.load);
        }
        self.push.run(graph, nodes, &mut self.excess, &mut self.need, |shape, from, arc| {
            group[from as usize] == group[shape.head(arc) as usize] && shape.is_tight(potential, from, arc)
        });
        let mut settled = true;
        for (&at, target) in here.iter().zip(targets) {
            let seat = &mut seats[at as usize];
            let (over, under) = (&mut self.excess[seat.node as usize], &mut self.need[seat.node as usize]);
            seat.load = target + *over - *under;
            settled &= *over == 0;
            (*over, *under) = (0, 0);
        }
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(least: u32, most: u32, capacity: u32) -> Seat {
        Seat { node: 0, least, most, capacity, load: 0 }
    }

    #[test]
    fn shares_equal_taking_the_cheapest_each_time() {
        let seats = [seat(0, 1000, 1000), seat(3, 7, 7), seat(0, 1, 1), seat(9, 9, 4), seat(0, 13, 17)];
        for total in 12..=1030u64 {
            let mut slow: Vec<u32> = seats.iter().map(|s| s.least).collect();
            for _ in 12..total {
                let next = seats.iter().enumerate().filter(|(i, s)| slow[*i] < s.most);
                let best = next.map(|(index, seat)| Next { seat, load: slow[index], index }).min();
                slow[best.map_or(0, |b| b.index)] += 1;
            }
            assert_eq!(share(&seats, total), slow, "total {total}");
        }
    }

    #[test]
    fn the_largest_capacity_does_not_overflow() {
        let seats = [seat(0, u32::MAX, u32::MAX), seat(0, u32::MAX, u32::MAX)];
        assert_eq!(share(&seats, 7), [4, 3]);
        assert_eq!(share(&seats, 2 * u64::from(u32::MAX)), [u32::MAX; 2]);
    }
}
