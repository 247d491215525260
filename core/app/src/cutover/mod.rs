//! Cut-over at the desk: lists of an old system are brought, looked at with their columns chosen, taken as a whole, and
//! taken back as long as nothing has happened to what came of them. Nobody is told of what has long happened.
//!
//! The lists are kept in the same rows as tables that plugins read; a plugin's name never begins with a hyphen.

mod bookings;
mod cases;

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::roster::Workbook;
use falin_domain::words::PluginBatchId;
use falin_domain::workflow::{Chosen, Flow, Misread, OldColumn, Words, case_columns, old_table};
use falin_store::plugin_batch::{self, Batch};
use falin_store::{Fault, In, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::casework::Flows;
use crate::trace::By;
use crate::{App, Stop, import};

/// What sets these batches apart from those of plugins.
const SHELF: &str = "-cutover";
/// The code of lists of bookings; others have their flow's.
pub const BOOKINGS: &str = "bookings";
/// The journal's noun.
const NOUN: &str = "plugin_batch";
/// Lists that a page shows.
const SHOWN: i64 = 50;
/// Cells of a column that are shown.
const EXAMPLES: usize = 3;

/// A kind of list that can be taken over.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The flow's name, or [`BOOKINGS`].
    pub code: String,
    /// What it is called.
    pub name: Words,
    /// Its columns.
    pub columns: Vec<OldColumn>,
}

/// What a list would do.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Rows of the list.
    pub rows: usize,
    /// Rows that can be taken.
    pub accepted: usize,
    /// Rows that are here already.
    pub known: usize,
    /// What must be put right.
    pub findings: Vec<Misread>,
}

/// A head of a list, with what it stands for.
#[derive(Clone, Debug)]
pub struct Head {
    /// As the list has it.
    pub text: String,
    /// Code of the column; None for one that is left out.
    pub code: Option<String>,
    /// A few of its cells.
    pub examples: Vec<String>,
}

/// A list as it is kept until it is decided: the cells, and what their heads stand for.
#[derive(Serialize, Deserialize)]
struct Kept {
    book: Workbook,
    #[serde(default)]
    chosen: Chosen,
}

/// How a list is read: its kind's flow, or None for bookings.
#[derive(Clone)]
struct How {
    code: String,
    flow: Option<Arc<Flow>>,
    columns: Vec<OldColumn>,
}

fn how(app: &App, visitor: &Visitor, code: &str) -> Result<How, Refusal> {
    if code == BOOKINGS {
        let columns = falin_domain::booking::booking_columns();
        return Ok(How { code: code.to_owned(), flow: None, columns });
    }
    let flow = app.flows.current(visitor.county, code)?;
    Ok(How { code: code.to_owned(), columns: case_columns(&flow), flow: Some(flow) })
}

/// The kinds of lists that a county can take over: open cases of every flow in use, and bookings.
///
/// # Errors
/// `access.denied`.
pub fn kinds(app: &App, visitor: &Visitor) -> Result<Vec<Kind>, Refusal> {
    visitor.whole_scope(Act::Commit, Noun::Roster)?;
    let flows = app.flows.all(visitor.county);
    let cases = flows.iter().map(|flow| Kind {
        code: flow.id.clone(),
        name: flow.name.clone(),
        columns: case_columns(flow),
    });
    let bookings = Kind {
        code: BOOKINGS.to_owned(),
        name: Words { zh: "调解室预约".to_owned(), en: "Bookings of rooms".to_owned() },
        columns: falin_domain::booking::booking_columns(),
    };
    Ok(cases.chain([bookings]).collect())
}

/// The lists that were brought, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn batches(app: &App, visitor: &Visitor) -> Result<Vec<Batch>, Stop> {
    let county = visitor.whole_scope(Act::Commit, Noun::Roster)?.county;
    app.db.read(In::County(county), move |tx| plugin_batch::batches(tx, county, SHELF, SHOWN)).await
}

/// One of them.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn batch(app: &App, visitor: &Visitor, id: PluginBatchId) -> Result<Batch, Stop> {
    let county = visitor.whole_scope(Act::Commit, Noun::Roster)?.county;
    let batch = app.db.read(In::County(county), move |tx| Batch::by_id(tx, county, id)).await?;
    if batch.plugin == SHELF { Ok(batch) } else { Err(Refusal::absent().into()) }
}

/// Reads a list and says what it would do, with nothing kept.
///
/// # Errors
/// `access.denied`, `not_found`; `file.unreadable`, `file.too_large`; `header.missing`.
pub async fn dry_run(
    app: &App,
    visitor: &Visitor,
    code: &str,
    (name, bytes): (&str, Vec<u8>),
) -> Result<Examined, Stop> {
    let county = visitor.whole_scope(Act::Commit, Noun::Roster)?.county;
    let how = how(app, visitor, code)?;
    let book = import::workbook(Arc::new(bytes), name).await?;
    let visitor = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let kept = Kept { book: book.clone(), chosen: Chosen::new() };
        headed(&how, &kept)?;
        examined(tx, &how, &visitor, &kept)
    };
    app.db.read(In::County(county), work).await
}

/// Reads a list, keeps it sealed, and says what it would do: nothing is taken yet.
///
/// # Errors
/// `access.denied`, `not_found`; `file.unreadable`, `file.too_large`.
pub async fn check(
    app: &App,
    visitor: &Visitor,
    code: &str,
    (name, bytes): (String, Vec<u8>),
) -> Result<Batch, Stop> {
    let county = visitor.whole_scope(Act::Commit, Noun::Roster)?.county;
    let how = how(app, visitor, code)?;
    let book = import::workbook(Arc::new(bytes), &name).await?;
    let visitor = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let kept = Kept { book: book.clone(), chosen: Chosen::new() };
        let mut batch = Batch {
            county_id: county,
            id: tx.id(),
            plugin: SHELF.to_owned(),
            code: how.code.clone(),
            file_name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
            state: "checked".to_owned(),
            row_count: 0,
            accepted: 0,
            known: 0,
            findings: "[]".to_owned(),
            rows_sealed: None,
            account_id: visitor.account,
            created_ms: tx.now.millis(),
            decided_ms: None,
            version: 1,
        };
        looked_at(tx, &how, &visitor, (&mut batch, &kept))?;
        batch.insert(tx)?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}

/// Puts what a list would do into its row.
fn looked_at(
    tx: &mut Tx<'_>,
    how: &How,
    visitor: &Visitor,
    (batch, kept): (&mut Batch, &Kept),
) -> Result<(), Stop> {
    let found = examined(tx, how, visitor, kept)?;
    batch.row_count = count(found.rows);
    batch.accepted = count(found.accepted);
    batch.known = count(found.known);
    batch.findings = Misread::kept(found.findings.iter());
    batch.put_rows(tx, &serde_json::to_string(kept).map_err(|e| Fault::new("cutover", e.to_string()))?)
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Refuses a list without the columns that it cannot do without.
fn headed(how: &How, kept: &Kept) -> Result<(), Refusal> {
    let table = old_table(&kept.book, &how.columns, &kept.chosen)?;
    let missing: Vec<&str> =
        table.missing(&how.columns).iter().map(|column| column.name.zh.as_str()).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Refusal::new("header.missing").with("columns", missing.join("、"))),
    }
}

fn examined(tx: &mut Tx<'_>, how: &How, visitor: &Visitor, kept: &Kept) -> Result<Examined, Stop> {
    let table = old_table(&kept.book, &how.columns, &kept.chosen)?;
    let missing = table.missing(&how.columns);
    if !missing.is_empty() {
        let lack = |column: &&OldColumn| Misread {
            sheet: table.sheet.name.clone(),
            row: table.head.number,
            column: column.name.zh.clone(),
            code: "header.missing".to_owned(),
            args: Vec::new(),
        };
        let findings = missing.iter().map(lack).collect();
        return Ok(Examined { rows: table.rows().count(), findings, ..Examined::default() });
    }
    match &how.flow {
        Some(flow) => Ok(cases::examined(tx, flow, visitor, &table)?.0),
        None => Ok(bookings::examined(tx, visitor, &table)?.0),
    }
}

fn kept_of(tx: &Tx<'_>, batch: &Batch) -> Result<Kept, Stop> {
    Ok(serde_json::from_str(&batch.rows(tx)?).map_err(|e| Fault::new("cutover", e.to_string()))?)
}

/// The heads of a list that waits for a decision, with the columns that its kind can have.
///
/// # Errors
/// `access.denied`, `not_found`; `action.not_allowed` once it is decided.
pub async fn heads(
    app: &App,
    visitor: &Visitor,
    id: PluginBatchId,
) -> Result<(Batch, Vec<Head>, Vec<OldColumn>), Stop> {
    let batch = batch(app, visitor, id).await?;
    let how = how(app, visitor, &batch.code)?;
    if batch.state != "checked" {
        return Err(Refusal::new("action.not_allowed").into());
    }
    let (county, columns) = (visitor.county, how.columns.clone());
    let work = move |tx: &mut Tx<'_>| {
        let kept = kept_of(tx, &batch)?;
        let table = old_table(&kept.book, &how.columns, &kept.chosen)?;
        let head = |(at, (text, code)): (usize, &(String, Option<String>))| {
            let cells = table.rows().map(|row| falin_domain::roster::cell_text(row.cell(at)));
            let examples = cells.filter(|cell| !cell.is_empty()).take(EXAMPLES).collect();
            Head { text: text.clone(), code: code.clone(), examples }
        };
        let heads = table.heads.iter().enumerate().map(head).filter(|head| !head.text.is_empty()).collect();
        Ok((batch.clone(), heads))
    };
    let (batch, heads) = app.db.read(In::County(county), work).await?;
    Ok((batch, heads, columns))
}

/// Says what each head stands for, and looks at the list again.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `action.not_allowed` once it is decided; `header.missing`.
pub async fn choose(
    app: &App,
    visitor: &Visitor,
    (id, version): (PluginBatchId, i64),
    chosen: Chosen,
) -> Result<Batch, Stop> {
    let batch = batch(app, visitor, id).await?;
    let how = how(app, visitor, &batch.code)?;
    let (county, visitor) = (visitor.county, visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = crate::plugin::in_state(tx, county, id, version, "checked")?;
        let kept = Kept { chosen: chosen.clone(), ..kept_of(tx, &batch)? };
        headed(&how, &kept)?;
        looked_at(tx, &how, &visitor, (&mut batch, &kept))?;
        batch.save(tx)?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}

/// Takes every sound row over, all of them or none.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `action.not_allowed` where there is nothing to take; what a row is
/// refused for that was sound before; `booking.conflict` where somebody was faster.
pub async fn commit(app: &App, visitor: &Visitor, id: PluginBatchId, version: i64) -> Result<Batch, Stop> {
    let batch = batch(app, visitor, id).await?;
    let how = how(app, visitor, &batch.code)?;
    let (flows, county, visitor) = (app.flows.clone(), visitor.county, visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = crate::plugin::in_state(tx, county, id, version, "checked")?;
        let kept = kept_of(tx, &batch)?;
        taken(tx, &flows, (&how, &visitor), (&mut batch, &kept))?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await.map_err(|stop| stop.or_rule("booking.conflict"))
}

/// Takes the rows of a list over and closes its batch.
fn taken(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (how, visitor): (&How, &Visitor),
    (batch, kept): (&mut Batch, &Kept),
) -> Result<(), Stop> {
    let table = old_table(&kept.book, &how.columns, &kept.chosen)?;
    headed(how, kept)?;
    let done = match &how.flow {
        Some(flow) => {
            let (found, sound) = cases::examined(tx, flow, visitor, &table)?;
            cases::take(tx, flows, (flow, visitor), (batch, &sound))?;
            (sound.len(), found.known)
        }
        None => {
            let (found, sound) = bookings::examined(tx, visitor, &table)?;
            bookings::take(tx, visitor, (batch, &sound))?;
            (sound.len(), found.known)
        }
    };
    if done.0 == 0 {
        return Err(Refusal::new("action.not_allowed").into());
    }
    (batch.accepted, batch.known) = (count(done.0), count(done.1));
    batch.rows_sealed = None;
    crate::plugin::decided(tx, batch, "done")?;
    let details = json!({ "plugin": batch.plugin, "import": batch.code, "cases": done.0 });
    By::of(visitor).saved(tx, Event::PluginImported, (NOUN, batch.id), details)
}

/// Takes a list at once, without anybody looking: every row or none.
///
/// # Errors
/// As [`dry_run`] and [`commit`]; `form.invalid` with every fault at `row.column`.
pub async fn take_whole(
    app: &App,
    visitor: &Visitor,
    code: &str,
    (name, bytes): (&str, Vec<u8>),
) -> Result<(Examined, Option<PluginBatchId>), Stop> {
    let found = dry_run(app, visitor, code, (name, bytes.clone())).await?;
    if !found.findings.is_empty() || found.accepted == 0 {
        return Ok((found, None));
    }
    let batch = check(app, visitor, code, (name.to_owned(), bytes)).await?;
    let batch = commit(app, visitor, batch.id, batch.version).await?;
    Ok((found, Some(batch.id)))
}

/// Throws a list away that was checked and not taken over, with every row of it.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `import.undone`; `action.not_allowed` where it was taken over.
pub async fn throw_away(
    app: &App,
    visitor: &Visitor,
    id: PluginBatchId,
    version: i64,
) -> Result<Batch, Stop> {
    batch(app, visitor, id).await?;
    let (county, by) = (visitor.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| crate::plugin::thrown_away(tx, by, (county, id, version));
    app.db.write(In::County(county), work).await
}

/// Takes back what came of a list, as long as nothing has happened to any of it.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `import.undone`; `import.used` where something has happened.
pub async fn undo(app: &App, visitor: &Visitor, id: PluginBatchId, version: i64) -> Result<Batch, Stop> {
    let there = batch(app, visitor, id).await?;
    let (county, visitor) = (visitor.county, visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = crate::plugin::in_state(tx, county, id, version, "done")?;
        if there.code == BOOKINGS {
            bookings::take_back(tx, &visitor, &batch)?;
            crate::plugin::decided(tx, &mut batch, "undone")?;
            let details = json!({ "plugin": batch.plugin, "import": batch.code, "cases": batch.accepted });
            By::of(&visitor).saved(tx, Event::PluginImportUndone, (NOUN, batch.id), details)?;
        } else {
            crate::plugin::taken_back(tx, By::of(&visitor), &mut batch)?;
        }
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}
