//! What the index says of the cases of a flow, for figures that are declared as data.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use falin_domain::statistics::Span;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, DivisionId};
use falin_domain::workflow::{Fact, Flow, Values};

use crate::casefile::tag;
use crate::schema::{casefile, casefile_index, casefile_step};
use crate::stop::Stop;
use crate::tx::Tx;

type Index = BTreeMap<String, Vec<(String, Option<i64>)>>;

/// Every case of a flow in a county, or those opened in a period, with what its index holds of these fields. Sensitive fields stand in the index as
/// keyed tags; those of closed lists come back as their codes, any other stays a tag that nobody can read. Days of the
/// case itself are asked for as [`falin_domain::workflow::Median`] names them.
///
/// # Errors
/// The database's own.
pub fn facts(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    fields: &[&str],
    opened: Option<Span>,
) -> Result<Vec<Fact>, Stop> {
    type Row = (Vec<u8>, Option<Vec<u8>>, String, i64, Option<i64>);
    let mut query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.id.clone()))
        .select((
            casefile::id,
            casefile::division_id,
            casefile::state,
            casefile::created_ms,
            casefile::closed_ms,
        ))
        .into_boxed();
    if let Some(span) = opened {
        query = query
            .filter(casefile::created_ms.ge(span.from.start().millis()))
            .filter(casefile::created_ms.lt(span.to.plus_days(1).start().millis()));
    }
    let rows: Vec<Row> = query.load(tx.conn)?;
    let mut known = indexed(tx, county, flow, fields)?;
    for step in fields.iter().filter_map(|name| name.strip_prefix('@')).filter(|name| !OWN.contains(name)) {
        let ids: Vec<Vec<u8>> = rows.iter().map(|row| row.0.clone()).collect();
        for (id, day) in taken_on(tx, county, step, &ids)? {
            known.entry(id).or_default().insert(format!("@{step}"), vec![(day.to_string(), None)]);
        }
    }
    let fact = |(id, place, state, created, closed): Row| {
        let mut values = known.remove(&id).unwrap_or_default();
        if let Some(closed) = closed {
            values.insert("@closed".to_owned(), vec![(day(closed).to_string(), None)]);
        }
        let place = place.and_then(|id| DivisionId::from_bytes(&id));
        Fact { place, state, opened: day(created), values }
    };
    Ok(rows.into_iter().map(fact).collect())
}

/// Days that every case has of itself; whatever else begins with `@` is a step.
const OWN: [&str; 2] = ["opened", "closed"];
/// Cases in one question to the database.
const PART: usize = 500;

fn day(ms: i64) -> Date {
    Instant::from_millis(ms).date()
}

/// On which day each of these cases last took a step; one of an old system on the day on which it was taken there.
fn taken_on(
    tx: &mut Tx<'_>,
    county: CountyId,
    action: &str,
    ids: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Date>, Stop> {
    let mut days = HashMap::new();
    for part in ids.chunks(PART) {
        let rows: Vec<(Vec<u8>, i64, Option<String>)> = casefile_step::table
            .filter(casefile_step::county_id.eq(county.bytes()))
            .filter(casefile_step::case_id.eq_any(part.to_vec()))
            .filter(casefile_step::action.eq(action.to_owned()))
            .order((casefile_step::case_id, casefile_step::n))
            .select((casefile_step::case_id, casefile_step::at_ms, casefile_step::happened_on))
            .load(tx.conn)?;
        let on =
            |at: i64, there: Option<String>| there.and_then(|on| on.parse().ok()).unwrap_or_else(|| day(at));
        days.extend(rows.into_iter().map(|(id, at, there)| (id, on(at, there))));
    }
    Ok(days)
}

fn indexed(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    fields: &[&str],
) -> Result<HashMap<Vec<u8>, Index>, Stop> {
    let mut known: HashMap<Vec<u8>, Index> = HashMap::new();
    if fields.is_empty() {
        return Ok(known);
    }
    let rows = rows(tx, county, flow, fields)?;
    let words = words(tx, county, flow, fields);
    for (id, field, value, amount) in rows {
        let value = words.get(&value).cloned().unwrap_or(value);
        known.entry(id).or_default().entry(field).or_default().push((value, amount));
    }
    Ok(known)
}

/// A line of the index: case, field, value, amount.
type Row = (Vec<u8>, String, String, Option<i64>);

fn rows(tx: &mut Tx<'_>, county: CountyId, flow: &Flow, fields: &[&str]) -> Result<Vec<Row>, Stop> {
    let fields: Vec<String> = fields.iter().map(|name| (*name).to_owned()).collect();
    Ok(casefile_index::table
        .filter(casefile_index::county_id.eq(county.bytes()))
        .filter(casefile_index::flow.eq(flow.id.clone()))
        .filter(casefile_index::field.eq_any(fields))
        .select((
            casefile_index::case_id,
            casefile_index::field,
            casefile_index::value,
            casefile_index::amount,
        ))
        .load(tx.conn)?)
}

/// Tag = code, for the closed lists among sensitive fields.
fn words(tx: &Tx<'_>, county: CountyId, flow: &Flow, fields: &[&str]) -> HashMap<String, String> {
    let sensitive = fields.iter().filter_map(|name| flow.field(name)).filter(|field| field.sensitive);
    let mut words = HashMap::new();
    for field in sensitive {
        let yes = ["true", "false"].into_iter();
        for code in field.choices().iter().map(|choice| choice.code.as_str()).chain(yes) {
            words.insert(tag(tx, county, &flow.id, field, code), code.to_owned());
        }
    }
    words
}

/// What every case of a flow is alike by in these fields: one text a case, as [`key`] writes it.
///
/// # Errors
/// The database's own.
pub fn keys(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    fields: &[&str],
) -> Result<std::collections::BTreeSet<String>, Stop> {
    let rows = rows(tx, county, flow, fields)?;
    let mut cases: HashMap<Vec<u8>, Vec<(String, String, Option<i64>)>> = HashMap::new();
    for (id, field, value, amount) in rows {
        cases.entry(id).or_default().push((field, value, amount));
    }
    Ok(cases.into_values().map(written).collect())
}

/// What a form's values are alike by in these fields; empty where all of them are.
pub fn key(tx: &Tx<'_>, county: CountyId, flow: &Flow, fields: &[&str], values: &Values) -> String {
    let mut rows = Vec::new();
    for field in fields.iter().filter_map(|name| flow.field(name)) {
        for (value, amount) in crate::casefile::indexed(field, values.get(&field.name)) {
            rows.push((field.name.clone(), tag(tx, county, &flow.id, field, &value), amount));
        }
    }
    written(rows)
}

fn written(mut rows: Vec<(String, String, Option<i64>)>) -> String {
    rows.sort();
    let row = |(field, value, amount): &(String, String, Option<i64>)| {
        format!("{field}\u{1}{value}\u{1}{amount:?}")
    };
    rows.iter().map(row).collect::<Vec<_>>().join("\u{2}")
}
