//! The journal for those who check it: pages, verification, anchors kept elsewhere, export.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Instant;
use falin_store::db::In;
use falin_store::journal::{self, Filter, Row, Verification};
use falin_store::{Fault, Tx, county};
use serde::{Deserialize, Serialize};

use crate::{App, Stop};

mod told;
mod verified;

pub use falin_store::journal::Filter as EntryFilter;
pub use told::{Actor, Asked, By, Subject, Told, export, told};
pub use verified::{ANCHORED, Checked, last_checked, verify};

/// File of the signed heads that a running server writes every hour, one JSON object a line, as `falin audit verify`
/// reads it. It belongs on another machine as well: whoever can cut the journal's tail can cut this file.
pub const ANCHORS: &str = "anchors.jsonl";

/// A chain's head, signed with the house's key, to be kept elsewhere: a chain alone misses a cut tail.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Anchor {
    /// County code; empty for what belongs to no county.
    pub county: String,
    /// Sequence number of the last seal.
    pub seq: i64,
    /// Its hash, hexadecimal.
    pub hash: String,
    /// When it was taken.
    pub taken: Instant,
    /// HMAC over the above, hexadecimal.
    pub mac: String,
}

/// What a verification found in one county.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// County code; empty for what belongs to no county.
    pub county: String,
    /// The chain.
    #[serde(flatten)]
    pub chain: Verification,
    /// True where an anchor names a seal that is no longer there: the tail was cut.
    pub cut: bool,
}

impl Finding {
    /// True where nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.chain.faults.is_empty() && !self.cut
    }
}

/// A page of the journal, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn page(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Row>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Journal)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let after = window.after.as_ref().map(|mark| (mark.millis(), mark.id.as_bytes().to_vec()));
        let rows = journal::page(tx, county, &filter, after, i64::from(window.limit) + 1)?;
        let mark = |row: &Row| Mark {
            key: row.at_ms.to_string(),
            id: uuid::Uuid::from_slice(&row.id).unwrap_or_default(),
        };
        Ok(Page::cut(rows, &window, mark))
    };
    app.db.read(In::County(county), work).await
}

/// The newest head of each chain that the house has written beside its database. The chain leads to all earlier ones.
///
/// # Errors
/// A fault where the file is there and cannot be read.
fn written(app: &App) -> Result<Vec<Anchor>, Stop> {
    let text = match std::fs::read_to_string(app.data.join(ANCHORS)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Fault::new("anchors", error.to_string()).into()),
    };
    let mut newest: std::collections::BTreeMap<String, Anchor> = Default::default();
    for anchor in text.lines().filter_map(|line| serde_json::from_str::<Anchor>(line).ok()) {
        newest.insert(anchor.county.clone(), anchor);
    }
    Ok(newest.into_values().collect())
}

/// Whether a chain still holds the seal that an anchor names, as it was then.
fn holds(tx: &mut Tx<'_>, chain: falin_domain::words::CountyId, anchor: &Anchor) -> Result<bool, Stop> {
    let genuine = hex(&mac(tx, anchor)) == anchor.mac;
    let there = journal::seal_at(tx, chain, anchor.seq)?.map(|hash| hex(&hash));
    Ok(genuine && there.as_deref() == Some(anchor.hash.as_str()))
}

/// Verifies every chain of the installation against itself, against the heads that the house has written beside its
/// database, and against anchors kept elsewhere.
///
/// # Errors
/// The store's own; what is wrong is in the findings.
pub async fn verify_all(app: &App, mut anchors: Vec<Anchor>) -> Result<Vec<Finding>, Stop> {
    anchors.extend(written(app)?);
    let work = move |tx: &mut Tx<'_>| {
        let mut findings = Vec::new();
        for (code, id) in chains(tx)? {
            let chain = journal::verify(tx, id)?;
            let mut cut = false;
            for anchor in anchors.iter().filter(|anchor| anchor.county == code) {
                cut |= !holds(tx, id, anchor)?;
            }
            findings.push(Finding { county: code, chain, cut });
        }
        Ok(findings)
    };
    app.db.read(In::All, work).await
}

/// The signed heads of every chain.
///
/// # Errors
/// The store's own.
pub async fn heads(app: &App) -> Result<Vec<Anchor>, Stop> {
    let work = |tx: &mut Tx<'_>| {
        let mut anchors = Vec::new();
        for (code, id) in chains(tx)? {
            let Some((seq, hash)) = journal::head(tx, id)? else { continue };
            let mut anchor =
                Anchor { county: code, seq, hash: hex(&hash), taken: tx.now, mac: String::new() };
            anchor.mac = hex(&mac(tx, &anchor));
            anchors.push(anchor);
        }
        Ok(anchors)
    };
    app.db.read(In::All, work).await
}

fn chains(tx: &mut Tx<'_>) -> Result<Vec<(String, falin_domain::words::CountyId)>, Stop> {
    let mut chains: Vec<_> = county::all(tx)?.into_iter().map(|c| (c.code, c.id)).collect();
    chains.push((String::new(), falin_store::reseal::nobody()));
    Ok(chains)
}

fn mac(tx: &Tx<'_>, anchor: &Anchor) -> Vec<u8> {
    let taken = anchor.taken.to_string();
    let parts: [&[u8]; 4] =
        [anchor.county.as_bytes(), &anchor.seq.to_be_bytes(), anchor.hash.as_bytes(), taken.as_bytes()];
    tx.keys().mac("anchor", &parts)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// An entry as a line of the export.
#[derive(Serialize)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// What happened.
    pub event: String,
    /// Why.
    pub reason: String,
    /// Account, if a person did it.
    pub account: Option<String>,
    /// Token, if a program did it in the account's name.
    pub token: Option<String>,
    /// Noun and id of the subject.
    pub subject: Option<(String, String)>,
    /// Codes, counts and ids.
    pub details: serde_json::Value,
}

impl Line {
    /// From a stored entry.
    ///
    /// # Errors
    /// A fault where the entry holds what this program never writes.
    pub fn from_row(row: &Row) -> Result<Self, Stop> {
        let id = |bytes: &Vec<u8>| uuid::Uuid::from_slice(bytes).map(|u| u.to_string()).unwrap_or_default();
        let details = serde_json::from_str(&row.details).map_err(|e| Fault::new("journal", e.to_string()))?;
        let subject = row.subject_noun.clone().zip(row.subject_id.as_ref().map(id));
        Ok(Self {
            at: Instant::from_millis(row.at_ms),
            event: row.event.clone(),
            reason: row.reason.clone(),
            account: row.account_id.as_ref().map(id),
            token: row.token_id.as_ref().map(id),
            subject,
            details,
        })
    }
}
