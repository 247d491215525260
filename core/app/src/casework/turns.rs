//! How many open cases wait for the turn of whoever looks.

use std::sync::Arc;

use falin_domain::access::{Act, Visitor};
use falin_domain::workflow::Flow;
use falin_store::casefile_list::{self, Filter as Rows};
use falin_store::casefile_wait::{self, Waiting};
use falin_store::{In, Tx};

use super::list::{Filter, Queue, rows};
use super::sight;
use crate::{App, Stop};

/// How many open cases of each flow wait for the visitor's turn; flows in which none does are left out.
///
/// # Errors
/// The store's own.
pub async fn turns(app: &App, visitor: &Visitor) -> Result<Vec<(Arc<Flow>, i64)>, Stop> {
    let (flows, visitor, county) = (app.flows.all(visitor.county), visitor.clone(), visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        // One question for the county first: in most flows nothing waits for this visitor, and who sees the whole county
        // has the answer in it.
        let open = casefile_wait::waiting(tx, county)?;
        let mut waiting = Vec::new();
        for flow in flows.iter().filter(|flow| open.iter().any(|one| one.flow == flow.id)) {
            let Ok(sight) = sight(&visitor, Act::Read, flow) else { continue };
            let filter = Filter { queue: Some(Queue::Turn), open: Some(true), ..Filter::default() };
            let rows = rows(tx, &visitor, flow, &filter)?;
            let theirs = open.iter().filter(|one| one.flow == flow.id && has_turn(&rows, one));
            let everywhere = theirs.map(|one| one.count).sum();
            let count = match everywhere {
                0 => 0,
                _ if sight.scope.places.is_none() && is_everywhere(&rows) => everywhere,
                _ => casefile_list::count(tx, &sight, &rows)?,
            };
            if count > 0 {
                waiting.push((Arc::clone(flow), count));
            }
        }
        Ok(waiting)
    };
    app.db.read(In::County(county), work).await
}

/// Whether a filter by turn lets through cases that stand like these, at one place at least.
fn has_turn(rows: &Rows, one: &Waiting) -> bool {
    match &rows.turn {
        Some((states, placed)) => {
            states.iter().chain(placed.iter().map(|(state, _)| state)).any(|state| *state == one.state)
        }
        None => rows.next_roles.iter().flatten().any(|next| Some(next) == one.next_role.as_ref()),
    }
}

/// Whether a filter by turn lets it through at every place.
fn is_everywhere(rows: &Rows) -> bool {
    rows.turn.iter().flat_map(|(_, placed)| placed).all(|(_, place)| place.is_none())
}
