//! Gives each household the provider that the flow found for its kin, in household order.

use super::flow::Graph;
use super::network::{Network, Pool, provider_node};

/// The provider of each household, by household number.
///
/// Whoever keeps a pairing are the first of those alike; everybody else of a pool lines up in input order and
/// takes the pool's arcs in the order in which they were drawn, and so on from hub to hub.
pub(super) fn assign(net: &Network, graph: &Graph, providers: usize) -> Vec<Option<u32>> {
    let mut assignment = vec![None; net.order.len()];
    let mut lines: Vec<Vec<u32>> = vec![Vec::new(); net.draft.len()];
    for pool in &net.pools {
        lines[pool.node as usize] = line_up(net, graph, pool, &mut assignment);
        walk(net, graph, pool.node, pool.ways.clone(), &mut lines);
    }
    for (node, ways) in net.hubs.iter().rev() {
        walk(net, graph, *node, ways.clone(), &mut lines);
    }
    for provider in 0..providers as u32 {
        for &household in &lines[provider_node(provider) as usize] {
            assignment[household as usize] = Some(provider);
        }
    }
    assignment
}

/// The pool's households that look for a provider; those that keep theirs are assigned at once.
fn line_up(net: &Network, graph: &Graph, pool: &Pool, assignment: &mut [Option<u32>]) -> Vec<u32> {
    let slice = |range: &std::ops::Range<u32>| &net.order[range.start as usize..range.end as usize];
    let mut line = slice(&pool.free).to_vec();
    for keep in &pool.keeps {
        let households = slice(&keep.households);
        let (kept, moved) = households.split_at(households.len() - graph.flow(keep.release) as usize);
        for &household in kept {
            assignment[household as usize] = Some(keep.provider);
        }
        line.extend_from_slice(moved);
    }
    line.sort_unstable();
    line
}

/// Sends a node's line along its arcs; whoever is left over has no provider.
fn walk(net: &Network, graph: &Graph, node: u32, ways: std::ops::Range<u32>, lines: &mut [Vec<u32>]) {
    let line = std::mem::take(&mut lines[node as usize]);
    let mut rest = line.as_slice();
    for way in ways {
        let (here, later) = rest.split_at((graph.flow(way) as usize).min(rest.len()));
        lines[net.draft.arcs[way as usize].to as usize].extend_from_slice(here);
        rest = later;
    }
}
