//! A residual network and its minimum-cost flow, by the primal-dual method.
//!
//! Costs are three lexicographic levels packed into one integer. Each round finds shortest distances by Dijkstra
//! on reduced costs, then sends a maximum flow over the arcs of reduced cost zero by Dinic's blocking flows
//! (Ahuja, Magnanti, Orlin: Network Flows, 1993, §9.8 primal-dual, §7.5 layered networks). The number of rounds
//! is that of different distances, which here are a few small numbers, not that of households.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No level, no group: not reached.
pub(super) const NONE: u32 = u32::MAX;
/// Room of an arc that never fills.
pub(super) const ENDLESS: u32 = u32::MAX;

/// What one household on an arc costs (0, 1 or 2 a level, or that back), most important first.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Cost {
    /// It stays without a provider.
    pub unplaced: i8,
    /// Its valid pairing is moved.
    pub moved: i8,
    /// Place cost.
    pub place: i8,
}

/// An arc as drawn, before costs are packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub from: u32,
    pub to: u32,
    pub room: u32,
    pub cost: Cost,
}

/// A network being drawn; arcs are numbered as they are added.
#[derive(Default, Debug)]
pub(super) struct Draft {
    pub arcs: Vec<Arc>,
    nodes: u32,
}

impl Draft {
    /// Adds a node and returns its number.
    pub fn node(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes - 1
    }

    /// Adds an arc and returns its number.
    pub fn arc(&mut self, from: u32, to: u32, room: u32, cost: Cost) -> u32 {
        self.arcs.push(Arc { from, to, room, cost });
        self.arcs.len() as u32 - 1
    }

    /// How many arcs there are, that is the number of the next.
    pub fn next_arc(&self) -> u32 {
        self.arcs.len() as u32
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes as usize
    }
}

/// The network without what changes: arcs of a node lie together, each beside its reverse's place.
pub(super) struct Shape {
    first: Vec<u32>,
    head: Vec<u32>,
    mate: Vec<u32>,
    cost: Vec<i64>,
    place: Vec<u32>,
}

impl Shape {
    /// The arcs that leave `node`.
    fn leaving(&self, node: u32) -> std::ops::Range<u32> {
        self.first[node as usize]..self.first[node as usize + 1]
    }

    /// Whether the arc from `node` has reduced cost zero under these potentials.
    pub fn is_tight(&self, potential: &[i64], node: u32, arc: u32) -> bool {
        let to = self.head[arc as usize] as usize;
        self.cost[arc as usize] + potential[node as usize] == potential[to]
    }

    /// Where an arc leads.
    pub fn head(&self, arc: u32) -> u32 {
        self.head[arc as usize]
    }
}

/// A network with a flow on it.
pub(super) struct Graph {
    pub shape: Shape,
    room: Vec<u32>,
}

impl Graph {
    /// The residual network of a draft, without flow.
    ///
    /// The weights keep the levels apart: a simple cycle has at most n arcs, so it moves at most n pairings and
    /// changes place cost by at most 2n. A cycle is negative in the packed cost if and only if it is negative
    /// lexicographically, and a flow without negative residual cycles is optimal.
    pub fn new(draft: &Draft) -> Self {
        let nodes = draft.len() as i64;
        let moved = 2 * nodes + 1;
        let unplaced = nodes * moved + moved;
        let first = offsets(draft);
        let mut next = first.clone();
        let size = draft.arcs.len() * 2;
        let mut shape =
            Shape { first, head: vec![0; size], mate: vec![0; size], cost: vec![0; size], place: Vec::new() };
        let mut room = vec![0; size];
        for arc in &draft.arcs {
            let (there, back) = (take(&mut next, arc.from), take(&mut next, arc.to));
            let [worst, middle, least] = [arc.cost.unplaced, arc.cost.moved, arc.cost.place].map(i64::from);
            let cost = worst * unplaced + middle * moved + least;
            (shape.head[there as usize], shape.head[back as usize]) = (arc.to, arc.from);
            (shape.mate[there as usize], shape.mate[back as usize]) = (back, there);
            (shape.cost[there as usize], shape.cost[back as usize]) = (cost, -cost);
            room[there as usize] = arc.room;
            shape.place.push(there);
        }
        Self { shape, room }
    }

    /// Flow on an arc of the draft.
    pub fn flow(&self, arc: u32) -> u32 {
        let there = self.shape.place[arc as usize];
        self.room[self.shape.mate[there as usize] as usize]
    }

    /// Whether a drafted arc is tight under these potentials.
    pub fn is_tight(&self, potential: &[i64], from: u32, arc: u32) -> bool {
        self.shape.is_tight(potential, from, self.shape.place[arc as usize])
    }

    /// Sends all excess to `sink` at least cost and returns potentials that prove it: no residual arc has
    /// negative reduced cost. All costs of the draft must be ≥ 0 and the sink reachable from all excess.
    pub fn send(&mut self, excess: &mut [u32], sink: u32) -> Vec<i64> {
        let nodes: Vec<u32> = (0..excess.len() as u32).collect();
        let mut potential = vec![0i64; excess.len()];
        let mut need = vec![0u32; excess.len()];
        need[sink as usize] = ENDLESS;
        let mut push = Push::new(excess.len());
        while self.lower(excess, sink, &mut potential) {
            push.run(self, &nodes, excess, &mut need, |shape, from, arc| {
                shape.is_tight(&potential, from, arc)
            });
        }
        potential
    }

    /// Adds to the potentials the reduced distances from the nodes with excess, no farther than the sink's.
    /// False when nothing is left to send.
    fn lower(&self, excess: &[u32], sink: u32, potential: &mut [i64]) -> bool {
        let mut distance = vec![i64::MAX; excess.len()];
        let mut heap = BinaryHeap::new();
        for (node, _) in excess.iter().enumerate().filter(|(_, amount)| **amount > 0) {
            distance[node] = 0;
            heap.push(Reverse((0i64, node as u32)));
        }
        let mut farthest = None;
        while let Some(Reverse((reached, node))) = heap.pop() {
            if node == sink {
                farthest = Some(reached);
                break;
            }
            if reached > distance[node as usize] {
                continue;
            }
            for arc in self.shape.leaving(node).filter(|&arc| self.room[arc as usize] > 0) {
                let to = self.shape.head(arc);
                let reduced =
                    self.shape.cost[arc as usize] + potential[node as usize] - potential[to as usize];
                if reached + reduced < distance[to as usize] {
                    distance[to as usize] = reached + reduced;
                    heap.push(Reverse((reached + reduced, to)));
                }
            }
        }
        let Some(farthest) = farthest else { return false };
        for (value, distance) in potential.iter_mut().zip(distance) {
            *value += distance.min(farthest);
        }
        true
    }
}

fn offsets(draft: &Draft) -> Vec<u32> {
    let mut first = vec![0u32; draft.len() + 1];
    for arc in &draft.arcs {
        first[arc.from as usize + 1] += 1;
        first[arc.to as usize + 1] += 1;
    }
    for node in 0..draft.len() {
        first[node + 1] += first[node];
    }
    first
}

fn take(next: &mut [u32], node: u32) -> u32 {
    next[node as usize] += 1;
    next[node as usize] - 1
}

/// Dinic's maximum flow from nodes with excess to nodes with need, over the arcs that are admitted.
pub(super) struct Push {
    level: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    path: Vec<(u32, u32)>,
}

impl Push {
    /// Scratch space for a network of this many nodes.
    pub fn new(nodes: usize) -> Self {
        Self { level: vec![NONE; nodes], next: vec![0; nodes], queue: Vec::new(), path: Vec::new() }
    }

    /// Whether the last search, which reached no need, reached this node.
    pub fn reached(&self, node: u32) -> bool {
        self.level[node as usize] != NONE
    }

    /// Pushes until no need can be reached from any excess. Admitted arcs must stay within `nodes`.
    pub fn run(
        &mut self,
        graph: &mut Graph,
        nodes: &[u32],
        excess: &mut [u32],
        need: &mut [u32],
        admits: impl Fn(&Shape, u32, u32) -> bool,
    ) {
        while self.layer(graph, nodes, excess, need, &admits) {
            for &root in nodes {
                if excess[root as usize] > 0 {
                    self.block(graph, root, excess, need, &admits);
                }
            }
        }
    }

    /// Layers the nodes by breadth-first search from all excess; true when a need was reached.
    fn layer(
        &mut self,
        graph: &Graph,
        nodes: &[u32],
        excess: &[u32],
        need: &[u32],
        admits: &impl Fn(&Shape, u32, u32) -> bool,
    ) -> bool {
        self.queue.clear();
        for &node in nodes {
            self.next[node as usize] = graph.shape.first[node as usize];
            self.level[node as usize] = if excess[node as usize] > 0 { 0 } else { NONE };
            if excess[node as usize] > 0 {
                self.queue.push(node);
            }
        }
        let (mut at, mut last) = (0, NONE);
        while let Some(&node) = self.queue.get(at) {
            at += 1;
            let level = self.level[node as usize];
            if level >= last {
                break;
            }
            for arc in graph.shape.leaving(node) {
                let to = graph.shape.head(arc);
                if graph.room[arc as usize] == 0
                    || self.level[to as usize] != NONE
                    || !admits(&graph.shape, node, arc)
                {
                    continue;
                }
                self.level[to as usize] = level + 1;
                self.queue.push(to);
                if need[to as usize] > 0 {
                    last = level + 1;
                }
            }
        }
        last != NONE
    }

    /// Sends what the layers let through from one root, depth first, never trying a dead end twice.
    fn block(
        &mut self,
        graph: &mut Graph,
        root: u32,
        excess: &mut [u32],
        need: &mut [u32],
        admits: &impl Fn(&Shape, u32, u32) -> bool,
    ) {
        self.path.clear();
        let mut node = root;
        loop {
            if need[node as usize] > 0 {
                node = self.augment(graph, root, node, excess, need);
                if excess[root as usize] == 0 {
                    return;
                }
                continue;
            }
            if let Some(arc) = self.advance(graph, node, admits) {
                self.path.push((node, arc));
                node = graph.shape.head(arc);
                continue;
            }
            self.level[node as usize] = NONE;
            let Some((back, _)) = self.path.pop() else { return };
            node = back;
            self.next[node as usize] += 1;
        }
    }

    fn advance(
        &mut self,
        graph: &Graph,
        node: u32,
        admits: &impl Fn(&Shape, u32, u32) -> bool,
    ) -> Option<u32> {
        let end = graph.shape.first[node as usize + 1];
        let deeper = self.level[node as usize] + 1;
        while self.next[node as usize] < end {
            let arc = self.next[node as usize];
            let to = graph.shape.head(arc);
            if graph.room[arc as usize] > 0
                && self.level[to as usize] == deeper
                && admits(&graph.shape, node, arc)
            {
                return Some(arc);
            }
            self.next[node as usize] += 1;
        }
        None
    }

    /// Sends the path's bottleneck from `root` to `end`; returns the node from which the search goes on.
    fn augment(
        &mut self,
        graph: &mut Graph,
        root: u32,
        end: u32,
        excess: &mut [u32],
        need: &mut [u32],
    ) -> u32 {
        let mut amount = excess[root as usize].min(need[end as usize]);
        for &(_, arc) in &self.path {
            amount = amount.min(graph.room[arc as usize]);
        }
        excess[root as usize] -= amount;
        if need[end as usize] != ENDLESS {
            need[end as usize] -= amount;
        }
        let mut cut = None;
        for (at, &(_, arc)) in self.path.iter().enumerate() {
            let back = graph.shape.mate[arc as usize] as usize;
            if graph.room[arc as usize] != ENDLESS {
                graph.room[arc as usize] -= amount;
                if graph.room[arc as usize] == 0 && cut.is_none() {
                    cut = Some(at);
                }
            }
            if graph.room[back] != ENDLESS {
                graph.room[back] += amount;
            }
        }
        let Some(cut) = cut else {
            // Only the need or the excess was used up: go on from the end, which is no need any more.
            return end;
        };
        let node = self.path[cut].0;
        self.path.truncate(cut);
        node
    }
}
