//! Documents that a plugin's library keeps for a county: sealed, versioned, found by what the plugin declares.

use diesel::prelude::*;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DocumentId};

use crate::keys::Bound;
use crate::schema::{plugin_document as rows, plugin_document_index as index};
use crate::stop::Stop;
use crate::tx::Tx;

/// Where documents stand.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// County.
    pub county: CountyId,
    /// The plugin's own name.
    pub plugin: &'a str,
    /// The collection.
    pub collection: &'a str,
}

/// One document.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// Its id in the collection.
    pub id: String,
    /// Counts its writes.
    pub version: i64,
    /// JSON.
    pub body: String,
}

/// By what documents are found.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The member.
    pub name: String,
    /// This value or a later one.
    pub from: Option<String>,
    /// This value or an earlier one.
    pub to: Option<String>,
    /// Behind this value and id.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: i64,
}

/// The row of a document, and what stands in it.
struct Row {
    id: Vec<u8>,
    version: i64,
    sealed: Vec<u8>,
}

impl Place<'_> {
    fn bound<'a>(&self, row: &'a [u8]) -> Bound<'a> {
        Bound { table: "plugin_document", column: "body_sealed", row, county: self.county }
    }

    fn row(&self, tx: &mut Tx<'_>, item: &str) -> Result<Option<Row>, Stop> {
        let found: Option<(Vec<u8>, i64, Vec<u8>)> = rows::table
            .filter(rows::county_id.eq(self.county.bytes()))
            .filter(rows::plugin.eq(self.plugin.to_owned()))
            .filter(rows::collection.eq(self.collection.to_owned()))
            .filter(rows::item.eq(item.to_owned()))
            .select((rows::id, rows::version, rows::body_sealed))
            .first(tx.conn)
            .optional()?;
        Ok(found.map(|(id, version, sealed)| Row { id, version, sealed }))
    }
}

/// One document; None where there is none.
///
/// # Errors
/// The database's own; a fault where it cannot be opened.
pub fn get(tx: &mut Tx<'_>, at: Place<'_>, item: &str) -> Result<Option<Document>, Stop> {
    let Some(row) = at.row(tx, item)? else { return Ok(None) };
    let body = tx.open(at.bound(&row.id), &row.sealed)?;
    Ok(Some(Document { id: item.to_owned(), version: row.version, body }))
}

/// Every document of a place, by id.
///
/// # Errors
/// The database's own; a fault where one cannot be opened.
pub fn every(tx: &mut Tx<'_>, at: Place<'_>) -> Result<Vec<Document>, Stop> {
    let all: Vec<(Vec<u8>, String, i64, Vec<u8>)> = rows::table
        .filter(rows::county_id.eq(at.county.bytes()))
        .filter(rows::plugin.eq(at.plugin.to_owned()))
        .filter(rows::collection.eq(at.collection.to_owned()))
        .order(rows::item)
        .select((rows::id, rows::item, rows::version, rows::body_sealed))
        .load(tx.conn)?;
    let opened = |(row, id, version, sealed): (Vec<u8>, String, i64, Vec<u8>)| {
        Ok(Document { id, version, body: tx.open(at.bound(&row), &sealed)? })
    };
    all.into_iter().map(opened).collect()
}

/// Where a plugin keeps documents, by name.
///
/// # Errors
/// The database's own.
pub fn places(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Vec<String>, Stop> {
    let all = rows::table
        .filter(rows::county_id.eq(county.bytes()))
        .filter(rows::plugin.eq(plugin.to_owned()))
        .select(rows::collection)
        .distinct()
        .order(rows::collection);
    Ok(all.load(tx.conn)?)
}

/// Empties a place; what is found by goes along.
///
/// # Errors
/// The database's own.
pub fn clear(tx: &mut Tx<'_>, at: Place<'_>) -> Result<usize, Stop> {
    let found = index::table
        .filter(index::county_id.eq(at.county.bytes()))
        .filter(index::plugin.eq(at.plugin.to_owned()))
        .filter(index::collection.eq(at.collection.to_owned()));
    diesel::delete(found).execute(tx.conn)?;
    let all = rows::table
        .filter(rows::county_id.eq(at.county.bytes()))
        .filter(rows::plugin.eq(at.plugin.to_owned()))
        .filter(rows::collection.eq(at.collection.to_owned()));
    Ok(diesel::delete(all).execute(tx.conn)?)
}

/// How many there are.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, at: Place<'_>) -> Result<i64, Stop> {
    let all = rows::table
        .filter(rows::county_id.eq(at.county.bytes()))
        .filter(rows::plugin.eq(at.plugin.to_owned()))
        .filter(rows::collection.eq(at.collection.to_owned()));
    Ok(all.count().get_result(tx.conn)?)
}

/// Writes a document that still has the version that was seen; None: that is not there yet.
///
/// # Errors
/// `state.changed` where it has moved on.
pub fn put(
    tx: &mut Tx<'_>,
    at: Place<'_>,
    (item, seen): (&str, Option<i64>),
    body: &str,
    indexed: &[(String, String)],
) -> Result<(), Stop> {
    let there = at.row(tx, item)?;
    if there.as_ref().map(|row| row.version) != seen {
        return Err(Refusal::new("state.changed").into());
    }
    match there {
        Some(row) => changed(tx, at, &row, body)?,
        None => added(tx, at, item, body)?,
    }
    forget(tx, at, item)?;
    for (name, value) in indexed {
        let new = (
            index::county_id.eq(at.county.bytes()),
            index::plugin.eq(at.plugin.to_owned()),
            index::collection.eq(at.collection.to_owned()),
            index::member.eq(name.clone()),
            index::value.eq(value.clone()),
            index::item.eq(item.to_owned()),
        );
        diesel::insert_into(index::table).values(new).execute(tx.conn)?;
    }
    Ok(())
}

fn changed(tx: &mut Tx<'_>, at: Place<'_>, there: &Row, body: &str) -> Result<(), Stop> {
    let sealed = tx.seal(at.bound(&there.id), body)?;
    let row = rows::table.find((at.county.bytes(), there.id.clone())).filter(rows::version.eq(there.version));
    let new = (
        rows::version.eq(there.version + 1),
        rows::body_sealed.eq(sealed),
        rows::changed_ms.eq(tx.now.millis()),
    );
    match diesel::update(row).set(new).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(Refusal::new("state.changed").into()),
    }
}

fn added(tx: &mut Tx<'_>, at: Place<'_>, item: &str, body: &str) -> Result<(), Stop> {
    let id: DocumentId = tx.id();
    let sealed = tx.seal(at.bound(&id.bytes()), body)?;
    let new = (
        rows::county_id.eq(at.county.bytes()),
        rows::id.eq(id.bytes()),
        rows::plugin.eq(at.plugin.to_owned()),
        rows::collection.eq(at.collection.to_owned()),
        rows::item.eq(item.to_owned()),
        rows::version.eq(1),
        rows::body_sealed.eq(sealed),
        rows::changed_ms.eq(tx.now.millis()),
    );
    let added = tx.attempt(|tx| {
        diesel::insert_into(rows::table).values(new).execute(tx.conn)?;
        Ok(())
    })?;
    // Of two who bring the same one at once the key lets one through.
    added.map_err(|stop| match stop {
        Stop::Rule(_) => Refusal::new("state.changed").into(),
        other => other,
    })
}

fn forget(tx: &mut Tx<'_>, at: Place<'_>, item: &str) -> Result<(), Stop> {
    let of = index::table
        .filter(index::county_id.eq(at.county.bytes()))
        .filter(index::plugin.eq(at.plugin.to_owned()))
        .filter(index::collection.eq(at.collection.to_owned()))
        .filter(index::item.eq(item.to_owned()));
    diesel::delete(of).execute(tx.conn)?;
    Ok(())
}

/// Deletes a document that still has this version.
///
/// # Errors
/// `state.changed` where it has moved on.
pub fn delete(tx: &mut Tx<'_>, at: Place<'_>, item: &str, seen: i64) -> Result<(), Stop> {
    let moved_on = || Stop::from(Refusal::new("state.changed"));
    let there = at.row(tx, item)?.filter(|row| row.version == seen).ok_or_else(moved_on)?;
    forget(tx, at, item)?;
    let row = rows::table.find((at.county.bytes(), there.id)).filter(rows::version.eq(seen));
    match diesel::delete(row).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(moved_on()),
    }
}

/// Documents in the order of a member, each with the value that it stands under.
///
/// # Errors
/// The database's own; a fault where one cannot be opened.
pub fn find(tx: &mut Tx<'_>, at: Place<'_>, wanted: &Wanted) -> Result<Vec<(String, Document)>, Stop> {
    let mut query = index::table
        .filter(index::county_id.eq(at.county.bytes()))
        .filter(index::plugin.eq(at.plugin.to_owned()))
        .filter(index::collection.eq(at.collection.to_owned()))
        .filter(index::member.eq(wanted.name.clone()))
        .order((index::value, index::item))
        .limit(wanted.limit)
        .select((index::value, index::item))
        .into_boxed();
    if let Some(from) = &wanted.from {
        query = query.filter(index::value.ge(from.clone()));
    }
    if let Some(to) = &wanted.to {
        query = query.filter(index::value.le(to.clone()));
    }
    if let Some((value, id)) = &wanted.after {
        let same = index::value.eq(value.clone()).and(index::item.gt(id.clone()));
        query = query.filter(index::value.gt(value.clone()).or(same));
    }
    let found: Vec<(String, String)> = query.load(tx.conn)?;
    let mut all = Vec::with_capacity(found.len());
    for (value, id) in found {
        if let Some(document) = get(tx, at, &id)? {
            all.push((value, document));
        }
    }
    Ok(all)
}
