//! Tables that a plugin reads into its cases: checked in the sandboxed reader and shown, put into cases at once, and
//! taken back as long as nothing has happened to them. A refused file leaves nothing behind.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, CountyId, PluginBatchId};
use falin_domain::workflow::{Flow, Import, Misread, TableRead, Taken, Values, read_table};
use falin_host::roster::{Limits, parse_roster};
use falin_store::casefile::{self, Case};
use falin_store::plugin_batch::{self, Batch};
use falin_store::{Fault, In, Tx, attachment, casefile_facts, casefile_people, casefile_step, gram};
use serde_json::{Value, json};

use super::NOUN;
use crate::casework::{self, Opening};
use crate::trace::By;
use crate::{App, Stop, deadline};

/// Batches that a page shows.
const SHOWN: i64 = 50;

/// An import of a workflow that the visitor may use.
#[derive(Clone, Debug)]
pub struct Readable {
    /// The plugin's own name.
    pub plugin: String,
    /// What it declares.
    pub import: Import,
    /// The flow that it opens cases of.
    pub flow: Arc<Flow>,
}

/// The imports of a plugin in use whose cases the visitor may open.
///
/// # Errors
/// `access.denied`; `not_found` where there is none.
pub fn readable(app: &App, visitor: &Visitor, plugin: &str) -> Result<Vec<Readable>, Refusal> {
    visitor.scope(Act::Write, Noun::Workflow)?;
    let used = app.flows.in_use(visitor.county).into_iter().find(|one| one.name == plugin);
    let used = used.ok_or_else(Refusal::absent)?;
    let one = |import: &Import| {
        let flow = app.flows.current(visitor.county, &used.manifest.flow_id(&import.flow)).ok()?;
        let may = flow.opening().is_some_and(|step| step.roles.iter().any(|role| visitor.is(*role)));
        may.then(|| Readable { plugin: plugin.to_owned(), import: import.clone(), flow })
    };
    let all: Vec<Readable> = used.manifest.import.iter().filter_map(one).collect();
    if all.is_empty() { Err(Refusal::absent()) } else { Ok(all) }
}

fn one(app: &App, visitor: &Visitor, plugin: &str, code: &str) -> Result<Readable, Refusal> {
    readable(app, visitor, plugin)?
        .into_iter()
        .find(|one| one.import.code == code)
        .ok_or_else(Refusal::absent)
}

/// Whether a batch is the visitor's to see and to decide: the own, or one of a county for the whole of which the visitor
/// works. Its rows belong to places that nobody else may reach.
fn is_theirs(visitor: &Visitor, batch: &Batch) -> bool {
    let own = visitor.account.is_some() && batch.account_id == visitor.account;
    own || visitor.whole_scope(Act::Write, Noun::Workflow).is_ok()
}

/// Tables that were read for a plugin and are the visitor's to see, newest first.
///
/// # Errors
/// As [`readable`].
pub async fn batches(app: &App, visitor: &Visitor, plugin: &str) -> Result<Vec<Batch>, Stop> {
    let all = readable(app, visitor, plugin)?;
    let (county, plugin) = (visitor.county, plugin.to_owned());
    let mut there =
        app.db.read(In::County(county), move |tx| plugin_batch::batches(tx, county, &plugin, SHOWN)).await?;
    there.retain(|batch| is_theirs(visitor, batch) && all.iter().any(|one| one.import.code == batch.code));
    Ok(there)
}

/// One of them, with what must be put right.
///
/// # Errors
/// `not_found`, `access.denied`.
pub async fn batch(app: &App, visitor: &Visitor, id: PluginBatchId) -> Result<(Batch, Readable), Stop> {
    visitor.scope(Act::Write, Noun::Workflow)?;
    let county = visitor.county;
    let batch = app.db.read(In::County(county), move |tx| Batch::by_id(tx, county, id)).await?;
    if !is_theirs(visitor, &batch) {
        return Err(Refusal::absent().into());
    }
    let how = one(app, visitor, &batch.plugin, &batch.code)?;
    Ok((batch, how))
}

/// Where a batch's faults stand, and what they are.
pub fn findings(batch: &Batch) -> Vec<Misread> {
    Misread::read(&batch.findings)
}

/// Reads a table and says what it would do: nothing is opened yet.
///
/// # Errors
/// `access.denied`, `not_found`; `file.unreadable`, `file.too_large`, `header.missing`, `import.refused_head`,
/// `import.persons`, `form.invalid` at `file`: nothing of the file is kept then.
pub async fn check(
    app: &App,
    visitor: &Visitor,
    (plugin, code): (&str, &str),
    (name, bytes): (String, Vec<u8>),
) -> Result<Batch, Stop> {
    let how = one(app, visitor, plugin, code)?;
    let (import, flow, today, shown) = (how.import.clone(), Arc::clone(&how.flow), app.today(), name.clone());
    let read = move || -> Result<TableRead, Refusal> {
        let book = parse_roster(&bytes, &name, &Limits::default())
            .map_err(|failure| Refusal::new(failure.code.code()).with("reason", failure.reason.code()))?;
        read_table(&import, &flow, &book, today)
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(|e| Fault::new("import", e.to_string()))??;
    let (by, county) = (By::of(visitor), visitor.county);
    let work = move |tx: &mut Tx<'_>| kept(tx, county, by, &how, (&shown, &read));
    app.db.write(In::County(county), work).await
}

fn kept(
    tx: &mut Tx<'_>,
    county: CountyId,
    by: By,
    how: &Readable,
    (name, read): (&str, &TableRead),
) -> Result<Batch, Stop> {
    let mut there = known(tx, county, how)?;
    let (mut rows, mut known) = (Vec::new(), 0);
    let (taken, astray) = placed(tx, county, how, &read.taken)?;
    for (row, values) in taken {
        let key = key(tx, county, how, &values);
        if !key.is_empty() && !there.insert(key) {
            known += 1;
        } else {
            rows.push(json!([row, values]));
        }
    }
    let mut batch = Batch {
        county_id: county,
        id: tx.id(),
        plugin: how.plugin.clone(),
        code: how.import.code.clone(),
        file_name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
        state: "checked".to_owned(),
        row_count: read.rows as i32,
        accepted: rows.len() as i32,
        known,
        findings: Misread::kept(read.findings.iter().chain(&astray)),
        rows_sealed: None,
        account_id: by.account,
        created_ms: tx.now.millis(),
        decided_ms: None,
        version: 1,
    };
    batch.put_rows(tx, &Value::Array(rows).to_string())?;
    batch.insert(tx)?;
    Ok(batch)
}

/// Rows that are sound, by their numbers.
type Sound = Vec<(u32, Values)>;

/// The rows with their places settled as an opened case has them, so that a row with a code and one with a name are
/// known as the same; and a finding for each whose place there is none of. Each word is looked up once.
fn placed(
    tx: &mut Tx<'_>,
    county: CountyId,
    how: &Readable,
    taken: &[Taken],
) -> Result<(Sound, Vec<Misread>), Stop> {
    let field = &how.flow.place;
    let mut seen: HashMap<String, Option<Value>> = HashMap::new();
    let (mut sound, mut astray) = (Vec::new(), Vec::new());
    for one in taken {
        let mut values = one.values.clone();
        let Some(text) = values.get(field).and_then(Value::as_str).map(str::to_owned) else {
            sound.push((one.row, values));
            continue;
        };
        if !seen.contains_key(&text) {
            let mut alone = Values::from_iter([(field.clone(), Value::from(text.clone()))]);
            let name = match casework::settled_place(tx, county, &how.flow, &mut alone) {
                Ok(_) => alone.remove(field),
                Err(Stop::Refused(_)) => None,
                Err(stop) => return Err(stop),
            };
            seen.insert(text.clone(), name);
        }
        match seen.get(&text).cloned().flatten() {
            Some(name) => {
                values.insert(field.clone(), name);
                sound.push((one.row, values));
            }
            None => {
                let column = how.import.columns.iter().find(|column| &column.field == field);
                let column = column.and_then(|column| column.heads.first()).cloned().unwrap_or_default();
                let (code, args) = ("village.unknown".to_owned(), Vec::new());
                astray.push(Misread { sheet: one.sheet.clone(), row: one.row, column, code, args });
            }
        }
    }
    Ok((sound, astray))
}

/// What rows are alike by, of every case that is there; empty where the import names no fields.
fn known(tx: &mut Tx<'_>, county: CountyId, how: &Readable) -> Result<BTreeSet<String>, Stop> {
    let same: Vec<&str> = how.import.same.iter().map(String::as_str).collect();
    if same.is_empty() {
        return Ok(BTreeSet::new());
    }
    casefile_facts::keys(tx, county, &how.flow, &same)
}

fn key(tx: &Tx<'_>, county: CountyId, how: &Readable, values: &Values) -> String {
    let same: Vec<&str> = how.import.same.iter().map(String::as_str).collect();
    if same.is_empty() { String::new() } else { casefile_facts::key(tx, county, &how.flow, &same, values) }
}

/// Opens a case for every accepted row, all of them or none; rows that have become known meanwhile are left out.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed` where there is nothing to open; what the first step refuses.
pub async fn commit(app: &App, visitor: &Visitor, id: PluginBatchId, version: i64) -> Result<Batch, Stop> {
    let (_, how) = batch(app, visitor, id).await?;
    let (flows, who, by) = (app.flows.clone(), visitor.clone(), By::of(visitor));
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = in_state(tx, county, id, version, "checked")?;
        let rows: Vec<(u32, Values)> =
            serde_json::from_str(&batch.rows(tx)?).map_err(|e| Fault::new("plugin_batch", e.to_string()))?;
        if rows.is_empty() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let mut there = known(tx, county, &how)?;
        let mut opened = 0;
        for (_, values) in rows {
            let key = key(tx, county, &how, &values);
            if !key.is_empty() && !there.insert(key) {
                batch.known += 1;
                continue;
            }
            let opening = Opening::new(&how.flow.id, values);
            let case = casework::opened(tx, &flows, &how.flow, &who, &opening)?;
            let case = Case::by_id(tx, county, case.id)?;
            plugin_batch::note(tx, &batch, case.id, case.version)?;
            opened += 1;
        }
        batch.accepted = opened;
        batch.rows_sealed = None;
        decided(tx, &mut batch, "done")?;
        let details = json!({ "plugin": batch.plugin, "import": batch.code, "cases": opened });
        by.saved(tx, Event::PluginImported, (NOUN, batch.id), details)?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}

pub(crate) fn in_state(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: PluginBatchId,
    version: i64,
    state: &str,
) -> Result<Batch, Stop> {
    let batch = Batch::by_id(tx, county, id)?;
    if batch.version != version {
        return Err(Refusal::new("state.changed").into());
    }
    match (batch.state.as_str(), state) {
        (now, wanted) if now == wanted => Ok(batch),
        ("undone", _) => Err(Refusal::new("import.undone").into()),
        _ => Err(Refusal::new("action.not_allowed").into()),
    }
}

pub(crate) fn decided(tx: &mut Tx<'_>, batch: &mut Batch, state: &str) -> Result<(), Stop> {
    batch.state = state.to_owned();
    batch.decided_ms = Some(tx.now.millis());
    batch.save(tx)
}

/// Throws a table away that was checked and not written, with every row of it.
///
/// # Errors
/// `not_found`, `state.changed`, `import.undone`; `action.not_allowed` where it was written.
pub async fn throw_away(
    app: &App,
    visitor: &Visitor,
    id: PluginBatchId,
    version: i64,
) -> Result<Batch, Stop> {
    batch(app, visitor, id).await?;
    let (county, by) = (visitor.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| thrown_away(tx, by, (county, id, version));
    app.db.write(In::County(county), work).await
}

/// The same in the caller's transaction.
///
/// # Errors
/// As [`throw_away`].
pub(crate) fn thrown_away(
    tx: &mut Tx<'_>,
    by: By,
    (county, id, version): (CountyId, PluginBatchId, i64),
) -> Result<Batch, Stop> {
    let mut batch = in_state(tx, county, id, version, "checked")?;
    plugin_batch::throw_away(tx, &batch)?;
    batch.state = "dropped".to_owned();
    let details = json!({ "plugin": batch.plugin, "import": batch.code, "cases": 0 });
    by.saved(tx, Event::PluginImportUndone, (NOUN, batch.id), details)?;
    Ok(batch)
}

/// Takes the cases of a batch back, as long as nothing has happened to any of them.
///
/// # Errors
/// `not_found`, `state.changed`, `import.undone`; `import.used` where a case has moved on, has a file, or led to another.
pub async fn undo(app: &App, visitor: &Visitor, id: PluginBatchId, version: i64) -> Result<Batch, Stop> {
    batch(app, visitor, id).await?;
    let (county, by) = (visitor.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = in_state(tx, county, id, version, "done")?;
        taken_back(tx, by, &mut batch)?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}

/// Takes the cases of a batch out of the world, in the caller's transaction.
///
/// # Errors
/// `import.used` where a case has moved on, has a file, or led to another.
pub(crate) fn taken_back(tx: &mut Tx<'_>, by: By, batch: &mut Batch) -> Result<(), Stop> {
    let county = batch.county_id;
    // The database lets a case go only while its batch is being taken back.
    decided(tx, batch, "undoing")?;
    let cases = plugin_batch::cases(tx, county, batch.id)?;
    for (case, version) in &cases {
        untouched(tx, county, *case, *version)?;
    }
    for (case, _) in &cases {
        deadline::drop_all(tx, county, case.cast())?;
        crate::notice::cancel(tx, county, case.cast())?;
        gram::remove(tx, county, &case.bytes())?;
        plugin_batch::take_back(tx, county, *case)?;
    }
    decided(tx, batch, "undone")?;
    let details = json!({ "plugin": batch.plugin, "import": batch.code, "cases": cases.len() });
    by.saved(tx, Event::PluginImportUndone, (NOUN, batch.id), details)
}

fn untouched(tx: &mut Tx<'_>, county: CountyId, id: CaseId, version: i64) -> Result<(), Stop> {
    let case = Case::by_id(tx, county, id)?;
    let alone = casefile::linked(tx, county, id)?.is_empty() && attachment::of(tx, county, id)?.is_empty();
    // What an old system had done with it is no work of this house.
    let quiet = casefile_step::of(tx, county, id)?.iter().skip(1).all(|step| step.happened_on.is_some());
    let offered = !casefile_people::transfers(tx, county, id)?.is_empty();
    if case.version == version && alone && quiet && !offered {
        Ok(())
    } else {
        Err(Refusal::new("import.used").into())
    }
}
