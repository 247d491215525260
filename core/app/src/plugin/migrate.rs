//! Documents of a library at an upgrade: each asked for in its new shape before anything is written, written with the
//! upgrade, put back by a rollback, and kept as a file when the plugin is taken out.
//!
//! What stood before an upgrade is kept beside, in a place named after the generation that wrote it; a rollback puts
//! it back, and what was written since goes into a file that the administrator can fetch.

use std::collections::BTreeMap;
use std::time::Duration;

use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Collection, Manifest};
use falin_host::plugin::{Answer, HostAnswer, PluginOp, Trial, status};
use falin_store::plugin::Install;
use falin_store::plugin_document::{self as rows, Document, Place};
use falin_store::{In, Tx};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Shown, declared};
use crate::{App, Stop};

/// Longest that a library may take for one document.
const EACH: Duration = Duration::from_secs(2);
/// Most bytes of one document.
const MOST_BYTES: usize = 64 << 10;

/// A collection whose documents go into a new shape.
#[derive(Clone, Debug)]
pub(super) struct Going {
    /// As the new version declares it.
    collection: Collection,
    /// The shape of its documents.
    from: u16,
    /// Its documents as they were read.
    before: Vec<Document>,
    /// The same in the new shape.
    after: Vec<Value>,
}

/// The place in which the documents of a generation are kept: no collection's name has an `@`.
fn beside(collection: &str, generation: i32) -> String {
    format!("{collection}@{generation}")
}

fn is_beside(name: &str) -> bool {
    name.contains('@')
}

/// Why the documents of a collection cannot go along.
fn fault(collection: &str, why: &str) -> Refusal {
    Refusal::new("plugin.migration").with("why", why).with("number", collection)
}

/// The collections whose shape an upgrade changes, each with its documents as they are now; empty where none does.
///
/// # Errors
/// `plugin.migration` where a shape would go back, or a collection that holds documents is not declared any more:
/// nobody could reach them, and no later version would know their shape.
pub(super) async fn going(app: &App, there: &Shown) -> Result<Vec<Going>, Stop> {
    let install = there.install.clone();
    let Some(target) = install.offered else { return Ok(Vec::new()) };
    let work = move |tx: &mut Tx<'_>| {
        let old = declared(tx, &install.plugin, install.generation)?;
        let new = declared(tx, &install.plugin, target)?;
        changed(tx, &install, (&old, &new))
    };
    app.db.read(In::All, work).await
}

fn changed(
    tx: &mut Tx<'_>,
    install: &Install,
    (old, new): (&Manifest, &Manifest),
) -> Result<Vec<Going>, Stop> {
    let mut all = Vec::new();
    let declared = |name: &str| new.collection.iter().any(|one| one.name == name);
    for gone in old.collection.iter().filter(|one| !declared(&one.name)) {
        let count = rows::count(tx, place(install, &gone.name))?;
        if count > 0 {
            return Err(fault(&gone.name, "undeclared").with("count", count).into());
        }
    }
    for collection in &new.collection {
        let Some(from) = old.collection.iter().find(|one| one.name == collection.name).map(|one| one.schema)
        else {
            continue;
        };
        if collection.schema < from {
            return Err(fault(&collection.name, "older").into());
        }
        if collection.schema > from {
            let before = rows::every(tx, place(install, &collection.name))?;
            all.push(Going { collection: collection.clone(), from, before, after: Vec::new() });
        }
    }
    Ok(all)
}

fn place<'a>(install: &'a Install, collection: &'a str) -> Place<'a> {
    Place { county: install.county_id, plugin: &install.plugin, collection }
}

/// Asks the new library for every document in its new shape, one shape after the other.
///
/// # Errors
/// `plugin.migration` at the first document that it does not give.
pub(super) fn asked(trial: &mut Trial, all: &mut [Going]) -> Result<(), Refusal> {
    for going in all {
        let name = going.collection.name.clone();
        for document in &going.before {
            let mut body: Value = serde_json::from_str(&document.body).unwrap_or_default();
            for shape in going.from..going.collection.schema {
                body = next(trial, (&name, shape), body).map_err(|(why, told)| {
                    fault(&name, why).with("document", &document.id).with("told", told)
                })?;
            }
            going.after.push(body);
        }
    }
    Ok(())
}

/// One document in the shape after this one, or why there is none. The library decides by the document alone: it may
/// ask the server nothing.
fn next(
    trial: &mut Trial,
    (collection, from): (&str, u16),
    body: Value,
) -> Result<Value, (&'static str, String)> {
    #[derive(Deserialize)]
    struct New {
        body: Value,
    }
    let payload = json!({ "collection": collection, "from": from, "body": body }).to_string();
    let mut alone = |_, _: &[u8]| HostAnswer::fault(status::NOT_NOW);
    match trial.call(PluginOp::Migrate, payload.as_bytes(), EACH, &mut alone) {
        Ok(Answer::Done(bytes)) if bytes.len() > MOST_BYTES => Err(("large", String::new())),
        Ok(Answer::Done(bytes)) => {
            let new = serde_json::from_slice(&bytes).map(|new: New| new.body);
            new.map_err(|e| ("failed", e.to_string()))
        }
        Ok(Answer::Refused(_)) => Err(("refused", String::new())),
        Err(fault) => Err(("failed", fault.to_string())),
    }
}

/// Writes the new shapes, and keeps the old ones beside; what an earlier upgrade had kept goes, since nothing leads
/// back there any more. False where a document has been written since it was read:
/// nothing is written then.
///
/// # Errors
/// The store's own.
pub(super) fn forth(tx: &mut Tx<'_>, install: &Install, all: &[Going]) -> Result<bool, Stop> {
    // All are looked at before the first is written: who begins anew must find them as they were.
    for going in all {
        if rows::every(tx, place(install, &going.collection.name))? != going.before {
            return Ok(false);
        }
    }
    for name in rows::places(tx, install.county_id, &install.plugin)?.iter().filter(|name| is_beside(name)) {
        rows::clear(tx, place(install, name))?;
    }
    for going in all {
        let at = place(install, &going.collection.name);
        let kept = beside(&going.collection.name, install.generation);
        let kept = Place { collection: &kept, ..at };
        for (document, body) in going.before.iter().zip(&going.after) {
            rows::put(tx, kept, (&document.id, None), &told(document), &[])?;
            let indexed = going.collection.indexed(body);
            rows::put(tx, at, (&document.id, Some(document.version)), &body.to_string(), &indexed)?;
        }
    }
    Ok(true)
}

/// A document as it is kept beside: its version goes along.
fn told(document: &Document) -> String {
    let body: Value = serde_json::from_str(&document.body).unwrap_or_default();
    json!({ "version": document.version, "body": body }).to_string()
}

/// Puts back what stood before the upgrade that is taken back, and gives what was written since, by collection.
///
/// # Errors
/// The store's own.
pub(super) fn back(
    tx: &mut Tx<'_>,
    install: &Install,
    (new, old): (&Manifest, &Manifest),
    to: i32,
) -> Result<Vec<Kept>, Stop> {
    let mut later = Vec::new();
    let shape = |name: &str| new.collection.iter().find(|one| one.name == name).map(|one| one.schema);
    for collection in old.collection.iter().filter(|one| shape(&one.name).is_some_and(|to| to > one.schema)) {
        let at = place(install, &collection.name);
        let kept = beside(&collection.name, to);
        let kept = Place { collection: &kept, ..at };
        let stood: Vec<(String, i64, Value)> = rows::every(tx, kept)?.iter().map(stood).collect();
        let since = since(&rows::every(tx, at)?, &stood);
        if !since.is_empty() {
            later.push(Kept { name: collection.name.clone(), documents: since });
        }
        rows::clear(tx, at)?;
        for (id, _, body) in &stood {
            rows::put(tx, at, (id, None), &body.to_string(), &collection.indexed(body))?;
        }
        rows::clear(tx, kept)?;
    }
    // What only the newer version knows would come unasked to a later one.
    for collection in new.collection.iter().filter(|one| old.collection.iter().all(|it| it.name != one.name))
    {
        let at = place(install, &collection.name);
        let documents = rows::every(tx, at)?;
        if !documents.is_empty() {
            later.push(Kept { name: collection.name.clone(), documents });
            rows::clear(tx, at)?;
        }
    }
    Ok(later)
}

fn stood(document: &Document) -> (String, i64, Value) {
    let mut whole: Value = serde_json::from_str(&document.body).unwrap_or_default();
    (document.id.clone(), whole["version"].as_i64().unwrap_or_default(), whole["body"].take())
}

/// What was written after the upgrade: what is new, and what does not stand as the upgrade left it, one version on.
fn since(now: &[Document], stood: &[(String, i64, Value)]) -> Vec<Document> {
    let versions: BTreeMap<&str, i64> =
        stood.iter().map(|(id, version, _)| (id.as_str(), *version)).collect();
    let later =
        |document: &&Document| versions.get(document.id.as_str()).is_none_or(|v| document.version != v + 1);
    now.iter().filter(later).cloned().collect()
}

/// Collections whose shape is another in the version in use than in this one: its library may not touch them any more.
pub(super) fn moved_on(own: &Manifest, used: &Manifest) -> Vec<String> {
    let shape = |name: &str| used.collection.iter().find(|one| one.name == name).map(|one| one.schema);
    let other = |one: &&Collection| shape(&one.name).is_some_and(|used| used != one.schema);
    own.collection.iter().filter(other).map(|one| one.name.clone()).collect()
}

/// Documents of one collection that leave the database as a file.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The collection.
    pub name: String,
    /// Its documents.
    pub documents: Vec<Document>,
}

impl Kept {
    /// A line of JSON each.
    pub fn lines(&self) -> String {
        let line = |one: &Document| {
            let body: Value = serde_json::from_str(&one.body).unwrap_or_default();
            json!({ "id": one.id, "version": one.version, "body": body }).to_string()
        };
        self.documents.iter().map(|one| line(one) + "\n").collect()
    }
}

/// Takes every document of a plugin out of the database, for the file that is kept of it.
///
/// # Errors
/// The store's own.
pub(super) fn taken_out(tx: &mut Tx<'_>, (county, plugin): (CountyId, &str)) -> Result<Vec<Kept>, Stop> {
    let mut all = Vec::new();
    for name in rows::places(tx, county, plugin)? {
        let at = Place { county, plugin, collection: &name };
        let documents = rows::every(tx, at)?;
        rows::clear(tx, at)?;
        // What stood before an upgrade is nobody's any more.
        if !is_beside(&name) {
            all.push(Kept { name, documents });
        }
    }
    Ok(all)
}
