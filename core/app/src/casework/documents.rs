//! Documents that a library keeps: looked up as they are with what the call itself has staged, written with the rest of
//! what it wants done.

use std::collections::BTreeMap;

use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Collection, Permission};
use falin_host::plugin::{HostAnswer, HostOp, status};
use falin_store::plugin_document::{self as rows, Document, Place, Wanted};
use falin_store::{In, Tx};
use serde_json::{Value, json};

use super::staged::{Server, Staged, failed, said, text};
use crate::Stop;

/// Most bytes of one document.
const MOST_BYTES: usize = 64 << 10;
/// Most documents that one call may write.
const MOST_WRITES: usize = 200;
/// Most documents of one look-up.
const MOST_FOUND: i64 = 200;
/// Characters of an id.
const MOST_ID: usize = 100;

/// What is written to one document.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(super) collection: Collection,
    id: String,
    /// The version that was seen; None: it must not be there yet.
    seen: Option<i64>,
    /// None deletes it.
    body: Option<Value>,
}

/// Documents as this call has left them: None where it has deleted one.
type Own = BTreeMap<String, Option<(i64, Value)>>;

fn told(id: &str, version: i64, body: &Value) -> Value {
    json!({ "id": id, "version": version, "body": body })
}

impl Server<'_> {
    /// Answers what is asked of documents.
    pub(super) fn documents(&mut self, op: HostOp, asked: &Value) -> HostAnswer {
        let name = text(asked, "collection");
        let known = self.ready.collections.iter().find(|one| one.name == name).cloned();
        let granted = self.ready.granted.contains(&Permission::Document);
        let Some(collection) = known.filter(|_| granted) else {
            return HostAnswer::fault(status::NOT_GRANTED);
        };
        if self.ready.moved_on.contains(&collection.name) {
            return HostAnswer::fault(status::NOT_NOW);
        }
        let answer = match op {
            HostOp::DocumentFind => self.found(&collection, &asked["find"]),
            HostOp::DocumentGet => {
                let seen = self.current(&collection, text(asked, "id"));
                seen.map(|seen| match seen {
                    Some((version, body)) => said(&told(text(asked, "id"), version, &body)),
                    None => said(&Value::Null),
                })
            }
            _ => self.write(collection, asked, op == HostOp::DocumentDelete),
        };
        answer.unwrap_or_else(|stop| failed(&stop))
    }

    fn at(&self, collection: &Collection) -> (CountyId, String, String) {
        (self.reader.county, self.ready.key.plugin.clone(), collection.name.clone())
    }

    /// What this call has written to a collection so far.
    fn own(&self, collection: &Collection) -> Own {
        let mut own = Own::new();
        for one in &self.staged {
            let Staged::Document(write) = one else { continue };
            if write.collection.name == collection.name {
                let version = write.seen.unwrap_or(0) + 1;
                own.insert(write.id.clone(), write.body.clone().map(|body| (version, body)));
            }
        }
        own
    }

    /// A document as this call sees it.
    fn current(&self, collection: &Collection, id: &str) -> Result<Option<(i64, Value)>, Stop> {
        if let Some(own) = self.own(collection).remove(id) {
            return Ok(own);
        }
        let ((county, plugin, collection), id) = (self.at(collection), id.to_owned());
        let work = move |tx: &mut Tx<'_>| {
            rows::get(tx, Place { county, plugin: &plugin, collection: &collection }, &id)
        };
        let found = self.app.db.read_now(In::County(county), work)?;
        Ok(found.map(|document| (document.version, body(&document))))
    }

    /// Stages a write, if the document is as the library saw it.
    fn write(&mut self, collection: Collection, asked: &Value, gone: bool) -> Result<HostAnswer, Stop> {
        let id = text(asked, "id").to_owned();
        let seen = asked.get("version").and_then(Value::as_i64);
        let body = asked.get("body").cloned().unwrap_or_default();
        let large = body.to_string().len() > MOST_BYTES;
        if id.is_empty() || id.chars().count() > MOST_ID || large || (gone && seen.is_none()) {
            return Ok(HostAnswer::fault(if large { status::TOO_LARGE } else { status::BAD_INPUT }));
        }
        if self.staged.iter().filter(|one| matches!(one, Staged::Document(_))).count() >= MOST_WRITES {
            return Ok(HostAnswer::fault(status::BUDGET));
        }
        if self.current(&collection, &id)?.map(|(version, _)| version) != seen {
            return Ok(HostAnswer::refused(json!({ "key": "state.changed" }).to_string().into_bytes()));
        }
        let body = (!gone).then_some(body);
        self.staged.push(Staged::Document(Write { collection, id, seen, body }));
        let version = seen.unwrap_or(0) + 1;
        Ok(said(&if gone { json!({}) } else { json!({ "version": version }) }))
    }

    fn found(&self, collection: &Collection, find: &Value) -> Result<HostAnswer, Stop> {
        let name = text(find, "index").to_owned();
        if !collection.index.contains(&name) {
            return Ok(HostAnswer::fault(status::BAD_INPUT));
        }
        let bound = |member: &str| find.get(member).and_then(Collection::in_order);
        let (from, to) = match bound("is") {
            Some(is) => (Some(is.clone()), Some(is)),
            None => (bound("from"), bound("to")),
        };
        let after = find.get("cursor").and_then(Value::as_str);
        let after = after.and_then(|text| serde_json::from_str::<(String, String)>(text).ok());
        let limit = find.get("limit").and_then(Value::as_i64).unwrap_or(MOST_FOUND).clamp(1, MOST_FOUND);
        let own = self.own(collection);
        let within = |value: &String, id: &String| {
            from.as_ref().is_none_or(|from| value >= from)
                && to.as_ref().is_none_or(|to| value <= to)
                && after.as_ref().is_none_or(|(last, at)| (value, id) > (last, at))
        };
        let mut all: Vec<(String, String, i64, Value)> = Vec::new();
        for (id, written) in &own {
            let Some((version, body)) = written else { continue };
            let value = body.get(&name).and_then(Collection::in_order);
            if let Some(value) = value.filter(|value| within(value, id)) {
                all.push((value, id.clone(), *version, body.clone()));
            }
        }
        let (county, plugin, place) = self.at(collection);
        // One more than is given tells whether there is another page; what the call has written itself stands for
        // what is stored.
        let most = limit + 1 + own.len() as i64;
        let wanted = Wanted { name, from: from.clone(), to: to.clone(), after: after.clone(), limit: most };
        let work = move |tx: &mut Tx<'_>| {
            rows::find(tx, Place { county, plugin: &plugin, collection: &place }, &wanted)
        };
        for (value, document) in self.app.db.read_now(In::County(county), work)? {
            if !own.contains_key(&document.id) {
                let body = body(&document);
                all.push((value, document.id, document.version, body));
            }
        }
        all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let more = all.len() as i64 > limit;
        all.truncate(limit as usize);
        let cursor = all.last().filter(|_| more).map(|(value, id, _, _)| json!([value, id]).to_string());
        let items: Vec<Value> = all.iter().map(|(_, id, version, body)| told(id, *version, body)).collect();
        Ok(said(&json!({ "items": items, "cursor": cursor })))
    }
}

fn body(document: &Document) -> Value {
    serde_json::from_str(&document.body).unwrap_or_default()
}

/// Keeps a write, in the transaction of the call's other effects.
///
/// # Errors
/// `state.changed` where somebody was faster; `plugin.failed` where the collection is full.
pub(super) fn keep(tx: &mut Tx<'_>, county: CountyId, plugin: &str, write: &Write) -> Result<(), Stop> {
    let at = Place { county, plugin, collection: &write.collection.name };
    match (&write.body, write.seen) {
        (None, seen) => rows::delete(tx, at, &write.id, seen.unwrap_or(0)),
        (Some(body), seen) => {
            if seen.is_none() && rows::count(tx, at)? >= i64::from(write.collection.most) {
                tracing::warn!(plugin, collection = %write.collection.name, "a collection is full");
                return Err(Refusal::new("plugin.failed").into());
            }
            let indexed = write.collection.indexed(body);
            rows::put(tx, at, (&write.id, seen), &body.to_string(), &indexed)
        }
    }
}
