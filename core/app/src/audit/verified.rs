//! One county's journal verified on demand, and what the last verification found.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_store::db::In;
use falin_store::journal::{self, Entry, Verification};
use falin_store::{Fault, Tx, county};
use serde::{Deserialize, Serialize};

use super::{holds, written};
use crate::{App, Stop};

/// The installation's fact that says when heads of the chains were last written beside the database.
pub const ANCHORED: &str = "journal.anchored";
/// Faults that are kept of one verification; more says nothing more.
const MOST_FAULTS: usize = 200;

/// What the last verification of a county found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Checked {
    /// When.
    pub at: Instant,
    /// What it found.
    pub found: Verification,
}

fn fact(county: CountyId) -> String {
    format!("journal.verified.{county}")
}

/// Walks the whole chain of the visitor's county, compares it with the head that the house wrote last beside its
/// database, and notes in the journal who had it done and what came out.
///
/// # Errors
/// `access.denied`.
pub async fn verify(app: &App, visitor: &Visitor) -> Result<Checked, Stop> {
    let county = visitor.scope(Act::Read, Noun::Journal)?.county;
    let anchors = written(app)?;
    let walk = move |tx: &mut Tx<'_>| {
        let mut found = journal::verify(tx, county)?;
        found.faults.truncate(MOST_FAULTS);
        let code = county::by_id(tx, county)?.map(|here| here.code).unwrap_or_default();
        for anchor in anchors.iter().filter(|anchor| anchor.county == code) {
            if !holds(tx, county, anchor)? {
                found.faults.push(("cut".to_owned(), anchor.seq));
            }
        }
        Ok(found)
    };
    let found = app.db.read(In::County(county), walk).await?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let checked = Checked { at: tx.now, found: found.clone() };
        let text = serde_json::to_string(&checked).map_err(|e| Fault::new("journal", e.to_string()))?;
        county::set_fact(tx, &fact(county), &text)?;
        let details = serde_json::json!({ "sealed": found.sealed, "faults": found.faults.len() });
        let (event, reason) = (Event::JournalVerified, Reason::Person);
        tx.record(Entry { county, account, event, reason, subject: None, details })?;
        Ok(checked)
    };
    app.db.write(In::County(county), work).await
}

/// The last verification of the visitor's county, and when heads were last written beside the database.
///
/// # Errors
/// `access.denied`.
pub async fn last_checked(app: &App, visitor: &Visitor) -> Result<(Option<Checked>, Option<Instant>), Stop> {
    let county = visitor.scope(Act::Read, Noun::Journal)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let checked = county::fact(tx, &fact(county))?;
        let anchored = county::fact(tx, ANCHORED)?;
        let checked = checked.and_then(|text| serde_json::from_str(&text).ok());
        Ok((checked, anchored.and_then(|text| text.parse().ok())))
    };
    app.db.read(In::County(county), work).await
}
