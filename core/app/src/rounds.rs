//! What a running server does by itself every hour: sweeps what has run out or is long over, passes on what nobody does,
//! and writes down the journal's heads.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use falin_domain::words::CountyId;
use falin_store::db::In;
use falin_store::{Fault, Tx, county, idempotency, notice, plugin_batch, plugin_desk, plugin_stage, session};

use crate::audit::{self, ANCHORED, ANCHORS, Anchor};
use crate::{App, Stop, settings};

/// A table that somebody had checked and did not write is kept for seven days.
const CHECKED_MS: i64 = 7 * 86_400_000;

/// One round.
///
/// # Errors
/// The store's own; a fault where the file of heads cannot be written.
pub async fn hourly(app: &App) -> Result<(), Stop> {
    sweep(app).await?;
    // The heads are written whatever becomes of the cases.
    if let Err(stop) = crate::casework::give_back_left(app).await {
        tracing::error!(%stop, "cases of those who have left wait for the next round");
    }
    if let Err(stop) = crate::consultation::round(app).await {
        tracing::error!(%stop, "unanswered questions wait for the next round");
    }
    let heads = audit::heads(app).await?;
    append(app, &heads)?;
    let now = app.now().to_string();
    app.db.write(In::All, move |tx: &mut Tx<'_>| county::set_fact(tx, ANCHORED, &now)).await
}

async fn sweep(app: &App) -> Result<(), Stop> {
    let work = |tx: &mut Tx<'_>| {
        session::prune(tx)?;
        plugin_desk::forget_exports(tx)?;
        plugin_batch::forget_checked(tx, tx.now.millis() - CHECKED_MS)?;
        plugin_stage::forget_past(tx)?;
        idempotency::sweep(tx)
    };
    app.db.write(In::All, work).await?;
    for county in app.db.read(In::All, county::all).await? {
        let id = county.id;
        app.db.write(In::County(id), move |tx: &mut Tx<'_>| forget_told(tx, id)).await?;
    }
    Ok(())
}

/// What people were told, and by which number, is kept as long as the county keeps what it has of households, and a year
/// at least.
fn forget_told(tx: &mut Tx<'_>, county: CountyId) -> Result<(), Stop> {
    let (_, set) = settings::read(tx, county)?;
    let years = i64::from(set.retention.household.max(1));
    let before = tx.now.plus_seconds(-years * 366 * 24 * 60 * 60);
    notice::forget_before(tx, county, before.millis())
}

/// Appends the heads of all chains in one write, so that no line is ever half there.
fn append(app: &App, heads: &[Anchor]) -> Result<(), Stop> {
    let fault = |cause: String| Stop::from(Fault::new("anchors", cause));
    let mut lines = Vec::new();
    for head in heads {
        serde_json::to_writer(&mut lines, head).map_err(|e| fault(e.to_string()))?;
        lines.push(b'\n');
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(app.data.join(ANCHORS));
    let mut file = file.map_err(|e| fault(e.to_string()))?;
    file.write_all(&lines).and_then(|()| file.sync_data()).map_err(|e| fault(e.to_string()))
}
