//! Documents that a plugin's library keeps for a county: sealed, versioned, found by what the plugin declares.

use diesel::prelude::*;
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;

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

impl Place<'_> {
    fn row(&self, id: &str) -> Vec<u8> {
        format!("{}/{}/{id}", self.plugin, self.collection).into_bytes()
    }

    fn opened(&self, tx: &Tx<'_>, id: String, version: i64, sealed: &[u8]) -> Result<Document, Stop> {
        let row = self.row(&id);
        let at = Bound { table: "plugin_document", column: "body_sealed", row: &row, county: self.county };
        Ok(Document { body: tx.open(at, sealed)?, id, version })
    }
}

/// One document; None where there is none.
///
/// # Errors
/// The database's own; a fault where it cannot be opened.
pub fn get(tx: &mut Tx<'_>, at: Place<'_>, id: &str) -> Result<Option<Document>, Stop> {
    let row = rows::table
        .find((at.county.bytes(), at.plugin, at.collection, id))
        .select((rows::version, rows::body_sealed));
    let found: Option<(i64, Vec<u8>)> = row.first(tx.conn).optional()?;
    found.map(|(version, sealed)| at.opened(tx, id.to_owned(), version, &sealed)).transpose()
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
    (id, seen): (&str, Option<i64>),
    body: &str,
    indexed: &[(String, String)],
) -> Result<(), Stop> {
    let row = at.row(id);
    let bound = Bound { table: "plugin_document", column: "body_sealed", row: &row, county: at.county };
    let sealed = tx.seal(bound, body)?;
    let now = tx.now.millis();
    let changed = || Stop::from(Refusal::new("state.changed"));
    match seen {
        Some(version) => {
            let row = rows::table
                .find((at.county.bytes(), at.plugin, at.collection, id))
                .filter(rows::version.eq(version));
            let new = (rows::version.eq(version + 1), rows::body_sealed.eq(sealed), rows::changed_ms.eq(now));
            if diesel::update(row).set(new).execute(tx.conn)? != 1 {
                return Err(changed());
            }
            forget(tx, at, id)?;
        }
        None => {
            let new = (
                rows::county_id.eq(at.county.bytes()),
                rows::plugin.eq(at.plugin.to_owned()),
                rows::collection.eq(at.collection.to_owned()),
                rows::id.eq(id.to_owned()),
                rows::version.eq(1),
                rows::body_sealed.eq(sealed),
                rows::changed_ms.eq(now),
            );
            let added = tx.attempt(|tx| {
                diesel::insert_into(rows::table).values(new).execute(tx.conn)?;
                Ok(())
            })?;
            added.map_err(|stop| if matches!(stop, Stop::Rule(_)) { changed() } else { stop })?;
        }
    }
    for (name, value) in indexed {
        let new = (
            index::county_id.eq(at.county.bytes()),
            index::plugin.eq(at.plugin.to_owned()),
            index::collection.eq(at.collection.to_owned()),
            index::name.eq(name.clone()),
            index::value.eq(value.clone()),
            index::id.eq(id.to_owned()),
        );
        diesel::insert_into(index::table).values(new).execute(tx.conn)?;
    }
    Ok(())
}

fn forget(tx: &mut Tx<'_>, at: Place<'_>, id: &str) -> Result<(), Stop> {
    let of = index::table
        .filter(index::county_id.eq(at.county.bytes()))
        .filter(index::plugin.eq(at.plugin.to_owned()))
        .filter(index::collection.eq(at.collection.to_owned()))
        .filter(index::id.eq(id.to_owned()));
    diesel::delete(of).execute(tx.conn)?;
    Ok(())
}

/// Deletes a document that still has this version.
///
/// # Errors
/// `state.changed` where it has moved on.
pub fn delete(tx: &mut Tx<'_>, at: Place<'_>, id: &str, seen: i64) -> Result<(), Stop> {
    forget(tx, at, id)?;
    let row =
        rows::table.find((at.county.bytes(), at.plugin, at.collection, id)).filter(rows::version.eq(seen));
    match diesel::delete(row).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(Refusal::new("state.changed").into()),
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
        .filter(index::name.eq(wanted.name.clone()))
        .order((index::value, index::id))
        .limit(wanted.limit)
        .select((index::value, index::id))
        .into_boxed();
    if let Some(from) = &wanted.from {
        query = query.filter(index::value.ge(from.clone()));
    }
    if let Some(to) = &wanted.to {
        query = query.filter(index::value.le(to.clone()));
    }
    if let Some((value, id)) = &wanted.after {
        let same = index::value.eq(value.clone()).and(index::id.gt(id.clone()));
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
