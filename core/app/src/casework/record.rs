//! A case with its whole history as a file keeps it: rows, steps and names of files, for which a table has no column.

use falin_domain::access::Visitor;
use falin_domain::time::Instant;
use falin_store::casefile::Case;
use falin_store::{Tx, attachment};
use serde_json::{Value, json};

use super::look::Look;
use super::{Flows, Standing};
use crate::Stop;

/// What the visitor may read of a case, in the version of its flow that it follows; `hidden` names the fields that
/// hold something for others.
///
/// # Errors
/// The store's own.
pub(crate) fn record(tx: &mut Tx<'_>, flows: &Flows, visitor: &Visitor, case: &Case) -> Result<Value, Stop> {
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let standing = Standing::of(tx, flows, visitor, case)?;
    let look = Look::of(tx, &flow, (visitor, &standing), case)?;
    let (values, hidden) = look.case(&flow);
    let step = |(step, typed)| {
        let step: falin_store::casefile_step::Step = step;
        json!({
            "n": step.n, "at": Instant::from_millis(step.at_ms), "happened_on": step.happened_on,
            "action": step.action, "from": step.from_state, "to": step.to_state, "role": step.role,
            "account": step.account_id, "worker": step.worker_id, "values": look.readable(&flow, typed).0,
        })
    };
    let steps: Vec<Value> = look.told().map(step).collect();
    let mut files = Vec::new();
    for file in attachment::of(tx, case.county_id, case.id)? {
        files.push(json!({ "id": file.id, "name": file.name(tx)?, "size": file.size }));
    }
    Ok(json!({
        "id": case.id, "number": case.number, "state": case.state, "generation": case.flow_version,
        "opened": Instant::from_millis(case.created_ms), "closed": case.closed_ms.map(Instant::from_millis),
        "values": values, "hidden": hidden, "steps": steps, "files": files,
    }))
}
