//! The journal: append-only entries with a MAC each, and one chain of seals per county.

use std::future::Future;

use diesel::prelude::*;
use falin_domain::journal::{Event, Reason};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, EntryId, Id, TokenId};
use sha2::{Digest, Sha256};

use crate::conn::{Conn, direct};
use crate::keys::Keys;
use crate::many::insert_many;
use crate::schema::{journal_entry, journal_seal};
use crate::stop::Stop;
use crate::tx::Tx;

tokio::task_local! {
    /// The token by which a program acts.
    static BY: TokenId;
}

/// Runs what a program asked for by this token: every entry that it leaves names the token.
pub async fn by_token<F: Future>(token: TokenId, act: F) -> F::Output {
    BY.scope(token, act).await
}

/// The token by which this task acts.
pub(crate) fn token_at_work() -> Option<TokenId> {
    BY.try_with(|token| *token).ok()
}

/// What is written: no personal data, subjects by id only.
pub struct Entry<'a> {
    /// The county in which it happened.
    pub county: CountyId,
    /// Who did it; None for the system and commands.
    pub account: Option<AccountId>,
    /// What happened.
    pub event: Event,
    /// Why.
    pub reason: Reason,
    /// Noun and id of what it happened to.
    pub subject: Option<(&'a str, Vec<u8>)>,
    /// Codes, counts and ids; never names, numbers or free text about a person.
    pub details: serde_json::Value,
}

/// An entry on its way to its seal.
#[derive(Clone)]
pub(crate) struct Written {
    county: Vec<u8>,
    id: Vec<u8>,
    mac: Vec<u8>,
}

/// A stored entry.
#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = journal_entry)]
pub struct Row {
    /// The county.
    pub county_id: Vec<u8>,
    /// The entry.
    pub id: Vec<u8>,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Event code.
    pub event: String,
    /// Reason code.
    pub reason: String,
    /// Account, if a person did it.
    pub account_id: Option<Vec<u8>>,
    /// Noun of the subject.
    pub subject_noun: Option<String>,
    /// Id of the subject.
    pub subject_id: Option<Vec<u8>>,
    /// JSON.
    pub details: String,
    /// MAC over all of the above, and over the token where there is one.
    pub mac: Vec<u8>,
    /// Token, if a program did it.
    pub token_id: Option<Vec<u8>>,
}

pub(crate) fn insert(
    conn: &mut Conn,
    keys: &Keys,
    now: Instant,
    (id, token): (EntryId, Option<TokenId>),
    entry: Entry<'_>,
) -> Result<Written, Stop> {
    let (subject_noun, subject_id) = match entry.subject {
        Some((noun, id)) => (Some(noun.to_owned()), Some(id)),
        None => (None, None),
    };
    let mut row = Row {
        county_id: entry.county.bytes(),
        id: id.bytes(),
        at_ms: now.millis(),
        event: entry.event.code().to_owned(),
        reason: entry.reason.code().to_owned(),
        account_id: entry.account.map(Id::bytes),
        subject_noun,
        subject_id,
        details: entry.details.to_string(),
        mac: Vec::new(),
        token_id: token.map(Id::bytes),
    };
    row.mac = mac(keys, &row);
    let values = (
        journal_entry::county_id.eq(&row.county_id),
        journal_entry::id.eq(&row.id),
        journal_entry::at_ms.eq(row.at_ms),
        journal_entry::event.eq(&row.event),
        journal_entry::reason.eq(&row.reason),
        journal_entry::account_id.eq(&row.account_id),
        journal_entry::subject_noun.eq(&row.subject_noun),
        journal_entry::subject_id.eq(&row.subject_id),
        journal_entry::details.eq(&row.details),
        journal_entry::mac.eq(&row.mac),
        journal_entry::token_id.eq(&row.token_id),
    );
    let insert = diesel::insert_into(journal_entry::table).values(values);
    direct!(conn, conn => insert.execute(conn))?;
    Ok(Written { county: row.county_id, id: row.id, mac: row.mac })
}

fn mac(keys: &Keys, row: &Row) -> Vec<u8> {
    let (empty, at) = (Vec::new(), row.at_ms.to_be_bytes());
    let mut parts: Vec<&[u8]> = vec![
        &row.county_id,
        &row.id,
        &at,
        row.event.as_bytes(),
        row.reason.as_bytes(),
        row.account_id.as_ref().unwrap_or(&empty),
        row.subject_noun.as_deref().unwrap_or("").as_bytes(),
        row.subject_id.as_ref().unwrap_or(&empty),
        row.details.as_bytes(),
    ];
    // Entries of releases that named no token keep their MAC.
    parts.extend(row.token_id.as_deref());
    keys.mac("journal", &parts)
}

/// Leads a link that is a MAC; those of earlier releases are a bare hash, which anybody can make.
const KEYED: u8 = 2;

/// The chain's link: MAC over county, sequence, previous link, entry id and entry MAC. Without the key nobody closes a
/// chain again out of which an entry was taken.
fn link(keys: &Keys, county: &[u8], seq: i64, previous: &[u8], id: &[u8], mac: &[u8]) -> Vec<u8> {
    let mut link = vec![KEYED];
    link.extend(keys.mac("journal seal", &[county, &seq.to_be_bytes(), previous, id, mac]));
    link
}

fn is_keyed(link: &[u8]) -> bool {
    link.len() == 33 && link[0] == KEYED
}

/// The link as earlier releases made it. It stands for what they sealed, never after a keyed one.
fn bare_link(county: &[u8], seq: i64, previous: &[u8], id: &[u8], mac: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [county, &seq.to_be_bytes(), previous, id, mac] {
        hash.update((part.len() as u32).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// From so many seals on, one statement that is prepared anew is cheaper than one prepared statement for each.
const WORTH_ONE_STATEMENT: usize = 4;

/// Appends seals for these entries, each county's on its own chain.
pub(crate) fn seal(conn: &mut Conn, keys: &Keys, entries: &[Written]) -> Result<(), Stop> {
    let mut heads: std::collections::BTreeMap<Vec<u8>, (i64, Vec<u8>)> = Default::default();
    let mut seals = Vec::with_capacity(entries.len());
    for entry in entries {
        let (seq, previous) = match heads.remove(&entry.county) {
            Some(head) => head,
            None => head_of(conn, &entry.county)?,
        };
        let hash = link(keys, &entry.county, seq + 1, &previous, &entry.id, &entry.mac);
        let values = (
            journal_seal::county_id.eq(entry.county.clone()),
            journal_seal::seq.eq(seq + 1),
            journal_seal::entry_id.eq(entry.id.clone()),
            journal_seal::previous.eq(previous),
            journal_seal::hash.eq(hash.clone()),
        );
        seals.push(values);
        heads.insert(entry.county.clone(), (seq + 1, hash));
    }
    if seals.len() < WORTH_ONE_STATEMENT {
        for one in seals {
            let insert = diesel::insert_into(journal_seal::table).values(one);
            direct!(&mut *conn, conn => insert.execute(conn))?;
        }
        return Ok(());
    }
    insert_many!(journal_seal, 5, seals, on conn);
    Ok(())
}

fn head_of(conn: &mut Conn, county: &[u8]) -> Result<(i64, Vec<u8>), Stop> {
    let head = journal_seal::table
        .filter(journal_seal::county_id.eq(county))
        .order(journal_seal::seq.desc())
        .select((journal_seal::seq, journal_seal::hash));
    let head = direct!(conn, conn => head.first(conn)).optional()?;
    Ok(head.unwrap_or((0, Vec::new())))
}

/// Most entries that one pass of the sealer takes.
pub(crate) const MOST_SEALED: usize = 2_000;

/// The transaction below which every one on PostgreSQL has ended: no running one can precede it.
pub(crate) fn horizon(conn: &mut Conn) -> Result<i64, Stop> {
    let xmin = diesel::dsl::sql::<diesel::sql_types::BigInt>(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    );
    match conn {
        Conn::Sqlite(_) => Ok(0),
        Conn::Postgres(conn) => Ok(xmin.get_result(conn)?),
    }
}

/// Committed entries without a seal, oldest first, of transactions from `from` on and below `until`: below the
/// [`horizon`] the chain's order is final, and below the horizon of an earlier pass everything has its seal.
pub(crate) fn unsealed(conn: &mut Conn, from: i64, until: i64) -> Result<Vec<Written>, Stop> {
    let query = journal_entry::table
        .left_join(
            journal_seal::table.on(journal_seal::county_id
                .eq(journal_entry::county_id)
                .and(journal_seal::entry_id.eq(journal_entry::id))),
        )
        .filter(journal_seal::seq.is_null())
        .order((journal_entry::at_ms, journal_entry::id))
        .select((journal_entry::county_id, journal_entry::id, journal_entry::mac))
        .limit(MOST_SEALED as i64)
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
            "journal_entry.xid >= '{from}'::xid8 AND journal_entry.xid < '{until}'::xid8"
        )));
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(county, id, mac)| Written { county, id, mac }).collect())
}

/// What a verification of one county's chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verification {
    /// Seals in the chain.
    pub sealed: i64,
    /// Entries that wait for their seal.
    pub unsealed: i64,
    /// Hash of the last seal, hexadecimal; empty for an empty chain.
    pub head: String,
    /// What is wrong: `edited`, `deleted`, `broken` with the sequence number.
    pub faults: Vec<(String, i64)>,
}

/// Walks one county's chain in pages and checks every link and every entry's MAC.
///
/// # Errors
/// The database's own; what is wrong with the chain is in the answer.
pub fn verify(tx: &mut Tx<'_>, county: CountyId) -> Result<Verification, Stop> {
    const PAGE: i64 = 5_000;
    let mut report = Verification::default();
    let mut previous: Vec<u8> = Vec::new();
    loop {
        let page: Vec<(i64, Vec<u8>, Vec<u8>, Vec<u8>, Option<Row>)> = journal_seal::table
            .left_join(
                journal_entry::table.on(journal_entry::county_id
                    .eq(journal_seal::county_id)
                    .and(journal_entry::id.eq(journal_seal::entry_id))),
            )
            .filter(journal_seal::county_id.eq(county.bytes()))
            .filter(journal_seal::seq.gt(report.sealed))
            .order(journal_seal::seq)
            .limit(PAGE)
            .select((
                journal_seal::seq,
                journal_seal::entry_id,
                journal_seal::previous,
                journal_seal::hash,
                Option::<Row>::as_select(),
            ))
            .load(tx.conn)?;
        let done = (page.len() as i64) < PAGE;
        for seal in page {
            check(tx.keys(), &county.bytes(), &mut report, &mut previous, seal);
        }
        if done {
            break;
        }
    }
    report.head = previous.iter().map(|b| format!("{b:02x}")).collect();
    let entries: i64 = journal_entry::table
        .filter(journal_entry::county_id.eq(county.bytes()))
        .count()
        .get_result(tx.conn)?;
    report.unsealed = (entries - report.sealed).max(0);
    Ok(report)
}

fn check(
    keys: &Keys,
    county: &[u8],
    report: &mut Verification,
    previous: &mut Vec<u8>,
    (seq, id, before, hash, row): (i64, Vec<u8>, Vec<u8>, Vec<u8>, Option<Row>),
) {
    let mut fault = |what: &str| report.faults.push((what.to_owned(), seq));
    if seq != report.sealed + 1 || before != *previous {
        fault("broken");
    }
    match row {
        None => fault("deleted"),
        Some(row) => {
            let fresh = mac(keys, &row);
            if fresh != row.mac {
                fault("edited");
            }
            let ours = match keys.closed_every_chain() || is_keyed(&hash) || is_keyed(&before) {
                true => link(keys, county, seq, &before, &id, &row.mac),
                false => bare_link(county, seq, &before, &id, &row.mac),
            };
            if fresh == row.mac && ours != hash {
                fault("broken");
            }
        }
    }
    report.sealed = seq;
    *previous = hash;
}

/// Which entries a page of the journal shows.
#[derive(Clone, Default)]
pub struct Filter {
    /// Only these subjects.
    pub subjects: Option<Vec<Vec<u8>>>,
    /// Only this event code.
    pub event: Option<String>,
    /// Only this account.
    pub account: Option<Vec<u8>>,
    /// Only what was done by this token.
    pub token: Option<Vec<u8>>,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
}

/// Entries of a county, newest first, below `before` (instant and id of the last one shown).
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    before: Option<(i64, Vec<u8>)>,
    limit: i64,
) -> Result<Vec<Row>, Stop> {
    use journal_entry as j;
    let mut query = j::table.filter(j::county_id.eq(county.bytes())).into_boxed();
    if let Some(subjects) = &filter.subjects {
        query = query.filter(j::subject_id.eq_any(subjects.iter().cloned().map(Some).collect::<Vec<_>>()));
    }
    if let Some(event) = &filter.event {
        query = query.filter(j::event.eq(event.clone()));
    }
    if let Some(account) = &filter.account {
        query = query.filter(j::account_id.eq(account.clone()));
    }
    if let Some(token) = &filter.token {
        query = query.filter(j::token_id.eq(token.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(j::at_ms.ge(from.millis()));
    }
    if let Some(until) = filter.until {
        query = query.filter(j::at_ms.lt(until.millis()));
    }
    if let Some((ms, id)) = before {
        query = query.filter(j::at_ms.le(ms).and(j::at_ms.lt(ms).or(j::id.lt(id))));
    }
    let rows = query.order((j::at_ms.desc(), j::id.desc())).limit(limit).select(Row::as_select());
    Ok(rows.load(tx.conn)?)
}

/// Sequence number and hash of a county's last seal; None for an empty chain.
///
/// # Errors
/// The database's own.
pub fn head(tx: &mut Tx<'_>, county: CountyId) -> Result<Option<(i64, Vec<u8>)>, Stop> {
    let (seq, hash) = head_of(tx.conn, &county.bytes())?;
    Ok((seq > 0).then_some((seq, hash)))
}

/// Hash of one seal.
///
/// # Errors
/// The database's own.
pub fn seal_at(tx: &mut Tx<'_>, county: CountyId, seq: i64) -> Result<Option<Vec<u8>>, Stop> {
    let row = journal_seal::table.find((county.bytes(), seq));
    Ok(row.select(journal_seal::hash).first(tx.conn).optional()?)
}
