//! What the database knows of a flow: its states and moves, which a trigger checks, and its text for later readers.

use diesel::prelude::*;
use falin_domain::workflow::Flow;

use crate::schema::{flow_move, flow_state, flow_text};
use crate::stop::Stop;
use crate::tx::Tx;

/// Writes a flow's states and moves where its text is not there yet or another one; states that cases stand in stay.
/// True where something was written.
///
/// # Errors
/// The database's own.
pub fn keep(tx: &mut Tx<'_>, flow: &Flow) -> Result<bool, Stop> {
    let text = serde_json::to_string(flow).map_err(|e| crate::Fault::new("flow", e.to_string()))?;
    let place = flow_text::table.find((&flow.id, flow.version));
    let there: Option<String> = place.select(flow_text::definition).first(tx.conn).optional()?;
    if there.as_deref() == Some(text.as_str()) {
        return Ok(false);
    }
    if there.is_some() {
        diesel::update(place).set(flow_text::definition.eq(text)).execute(tx.conn)?;
    } else {
        let row = (
            flow_text::flow.eq(flow.id.clone()),
            flow_text::flow_version.eq(flow.version),
            flow_text::definition.eq(text),
        );
        diesel::insert_into(flow_text::table).values(row).execute(tx.conn)?;
    }
    states(tx, flow)?;
    moves(tx, flow)?;
    Ok(true)
}

fn states(tx: &mut Tx<'_>, flow: &Flow) -> Result<(), Stop> {
    for state in &flow.state {
        let place = flow_state::table.find((&flow.id, flow.version, &state.id));
        if diesel::update(place).set(flow_state::closed.eq(state.closed)).execute(tx.conn)? == 0 {
            let row = (
                flow_state::flow.eq(flow.id.clone()),
                flow_state::flow_version.eq(flow.version),
                flow_state::state.eq(state.id.clone()),
                flow_state::closed.eq(state.closed),
            );
            diesel::insert_into(flow_state::table).values(row).execute(tx.conn)?;
        }
    }
    Ok(())
}

fn moves(tx: &mut Tx<'_>, flow: &Flow) -> Result<(), Stop> {
    let old = flow_move::table
        .filter(flow_move::flow.eq(flow.id.clone()))
        .filter(flow_move::flow_version.eq(flow.version));
    diesel::delete(old).execute(tx.conn)?;
    for (from, to) in flow.moves() {
        let row = (
            flow_move::flow.eq(flow.id.clone()),
            flow_move::flow_version.eq(flow.version),
            flow_move::from_state.eq(from),
            flow_move::to_state.eq(to),
        );
        diesel::insert_into(flow_move::table).values(row).execute(tx.conn)?;
    }
    Ok(())
}

/// The flow as it was when a case of this version began; None where it was never kept here.
///
/// # Errors
/// The database's own; a fault where the text is none.
pub fn kept(tx: &mut Tx<'_>, id: &str, version: i32) -> Result<Option<Flow>, Stop> {
    let place = flow_text::table.find((id, version));
    let text: Option<String> = place.select(flow_text::definition).first(tx.conn).optional()?;
    let read =
        |text: String| serde_json::from_str(&text).map_err(|e| crate::Fault::new("flow", e.to_string()));
    Ok(text.map(read).transpose()?)
}
